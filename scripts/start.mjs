// The main job on made-up envelopes. With a display: the station's window on a demo directory.
// Without one: the same job by the command line.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// What is tried out is built without optimisation, in half the time; what is shipped: scripts/bundle.
const binary = join("target", "debug", "countersign");
const window = join("target", "debug", "countersign-station");
const yubikey = join("target", "debug", "virtual-yubikey");
const demo = join("target", "demo");
const keyring = ["--keyring", join(demo, "keyring.json")];
const display =
  !process.argv.includes("--no-display") &&
  (process.env.WAYLAND_DISPLAY || process.env.DISPLAY || process.platform !== "linux");

function say(text) {
  console.log(process.stdout.isTTY ? `\n\x1b[1m${text}\x1b[0m` : `\n${text}`);
}

/** Runs countersign and shows what was run; the demo's passphrase is given on standard input. */
function countersign(...args) {
  console.log(`$ countersign ${args.join(" ")}`);
  // The demo is made again each time, its logs with it: what was seen of the last one is not kept.
  const env = { ...process.env, COUNTERSIGN_LOG_HEADS: `${demo}-state/log-heads` };
  const stdio = ["pipe", "inherit", "inherit"];
  const { status } = spawnSync(binary, args, { input: "demo\n", stdio, env });
  if (status !== 0) process.exit(status ?? 1);
}

say("Building Countersign (the first time takes some minutes)");
execFileSync("bash", [join("scripts", "build"), "programs"], { stdio: "inherit" });

say("Demo: made-up envelopes of every level");
for (const old of [demo, `${demo}-state`]) rmSync(old, { recursive: true, force: true });
countersign("demo", "--today", "--runs", "45", demo);

if (display) {
  openWindow();
} else {
  say("There is no display here, so the command line does the same job.");
  onCommandLine();
}

function openWindow() {
  say("Opening the station on the demo. The passphrase of its keys is: demo");
  console.log(
    "Close the window to end. Without a display, or with --no-display, the command line does the same job.",
  );
  console.log(
    "There is a virtual YubiKey to insert, at the bottom of the window. Its PIN is: 123456",
  );
  // The root of its attestations is trusted here, as a person would trust Yubico's.
  const roots = join(demo, "attestation-roots");
  mkdirSync(roots, { recursive: true });
  for (const what of ["roots", "intermediates"]) {
    writeFileSync(join(roots, `virtual-${what}.pem`), execFileSync(yubikey, [what]));
  }
  // A smart card service of its own, so that neither root nor the system's is needed, and no real
  // key is touched by a demo.
  const place = mkdtempSync(join(tmpdir(), "countersign-demo-"));
  const env = { ...process.env, PCSCLITE_CSOCK_NAME: join(place, "pcscd.comm") };
  const args = ["--demo", "--state", `${demo}-state`, "--virtual-yubikey", yubikey, demo];
  const { status } = spawnSync(window, args, { stdio: "inherit", env });
  rmSync(place, { recursive: true, force: true });
  process.exit(status ?? 1);
}

function onCommandLine() {
  countersign("status", demo, ...keyring);
  const rows = execFileSync(binary, ["status", "--json", demo, ...keyring], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const run = join(demo, rows.find((row) => row.level === 1).path);
  const sign = (role, signer, keyId, keyFile) => {
    const key = ["--key-file", join(demo, "keys", keyFile), "--passphrase-fd", "0"];
    countersign(
      "sign",
      run,
      "--role",
      role,
      "--signer",
      signer,
      "--key-id",
      keyId,
      ...key,
      ...keyring,
    );
  };

  say("Demo: the operator signs one run, and it is registered in the transparency log");
  sign("operator", "o.operator", "ds-demo-2026-01", "operator.key.pem");
  countersign("log", "append", run);
  countersign("explain", run, ...keyring);

  say("Demo: the witness co-signs it");
  sign("witness", "w.witness", "ds-demo-2026-02", "witness.key.pem");
  countersign("status", demo, ...keyring);

  say("Demo: it is verified, and reaches L4");
  countersign("verify", "--level", "L4", run, ...keyring);
  console.log(
    `The demo stays in ${demo} (${readdirSync(demo).length} files); countersign is ${binary}.`,
  );
  console.log("Next: countersign status YOUR_SEALED_RUNS, or countersign --help.");
}
