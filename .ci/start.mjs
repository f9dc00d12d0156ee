// The main job on made-up envelopes: build, make a demo directory, show it, sign one run as
// operator, co-sign it as witness, show it again, verify it.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const binary = join("target", "release", "countersign");
const demo = join("target", "demo");
const keyring = ["--keyring", join(demo, "keyring.json")];

function say(text) {
  console.log(`\n\x1b[1m${text}\x1b[0m`.replace(/\x1b\[\d+m/g, process.stdout.isTTY ? "$&" : ""));
}

/** Runs countersign and shows what was run; the demo's passphrase is given on standard input. */
function countersign(...args) {
  console.log(`$ countersign ${args.join(" ")}`);
  const { status } = spawnSync(binary, args, { input: "demo\n", stdio: ["pipe", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

say("Building countersign (the first time takes a few minutes)");
execFileSync("cargo", ["build", "--release", "--locked", "--package", "countersign-cli"], { stdio: "inherit" });

say("Demo: made-up envelopes of every level");
rmSync(demo, { recursive: true, force: true });
countersign("demo", "--runs", "18", demo);
countersign("status", demo, ...keyring);

const rows = execFileSync(binary, ["status", "--json", demo, ...keyring], { encoding: "utf8" })
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const run = join(demo, rows.find((row) => row.level === 1).path);

function sign(role, signer, keyId, keyFile) {
  const key = ["--key-file", join(demo, "keys", keyFile), "--passphrase-fd", "0"];
  countersign("sign", run, "--role", role, "--signer", signer, "--key-id", keyId, ...key, ...keyring);
}

say("Demo: the operator signs one run, and it is registered in the transparency log");
sign("operator", "o.operator", "ds-demo-2026-01", "operator.key.pem");
countersign("log", "append", run);
countersign("explain", run, ...keyring);

say("Demo: the witness co-signs it");
sign("witness", "w.witness", "ds-demo-2026-02", "witness.key.pem");
countersign("status", demo, ...keyring);

say("Demo: it is verified, and reaches L4");
countersign("verify", "--level", "L4", run, ...keyring);
console.log(`The demo stays in ${demo} (${readdirSync(demo).length} files); countersign is ${binary}.`);
console.log("Next: countersign status YOUR_SEALED_RUNS, or countersign --help.");
