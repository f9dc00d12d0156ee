// The TPM of a machine proves that it holds an endorsement key that its maker certified, and the attestation
// key beside it is trusted: on a TPM in software, with a maker that OpenSSL plays.

import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import { demo, directory, open, until } from "./station.mjs";
import { begun, tool } from "./tokens.mjs";

const AK = "0x81010002";
const EXTENSIONS = {
  "root.ext": "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
  "ek.ext": `basicConstraints=critical,CA:FALSE
keyUsage=critical,keyAgreement
extendedKeyUsage=2.23.133.8.1
subjectAltName=critical,dirName:tpm
[tpm]
1.2.23.133.2.1=id:494E5443
1.2.23.133.2.2=Model X
1.2.23.133.2.3=id:00010002
`,
};

/** A TPM with an attestation key, and an endorsement key that a maker certified. */
async function endorsed(test) {
  const place = directory(test);
  const at = (name) => join(place, name);
  const state = ["--tpmstate", `dir=${place}`, "--flags", "not-need-init,startup-clear"];
  const sockets = ["tpm", "tpm.ctrl"].map((name) => `type=unixio,path=${at(name)}`);
  const words = ["socket", "--tpm2", ...state, "--server", sockets[0], "--ctrl", sockets[1]];
  await begun(test, "swtpm", words, { from: "swtpm" });
  await until("swtpm to listen", () => existsSync(at("tpm.ctrl")));
  const env = { TPM2TOOLS_TCTI: `swtpm:path=${at("tpm")}` };
  const run = (line) => {
    const [program, ...rest] = line.split(" ");
    return tool(program, rest, { from: "tpm2-tools", env, cwd: place });
  };
  run("tpm2_createek -G ecc -c ek.ctx");
  run("tpm2_createak -C ek.ctx -G ecc -g sha256 -s ecdsa -c ak.ctx -u ak.pub -n ak.name");
  run("tpm2_flushcontext -t");
  run(`tpm2_evictcontrol -C o -c ak.ctx ${AK}`);
  run("tpm2_flushcontext -t");
  run("tpm2_readpublic -c ek.ctx -f pem -o ek.pem");
  run("tpm2_flushcontext -t");
  for (const [name, text] of Object.entries(EXTENSIONS)) writeFileSync(at(name), text);
  const openssl = (line) => tool("openssl", line.split(" "), { cwd: place });
  openssl("req -new -newkey rsa:2048 -nodes -keyout root.key -out root.csr -subj /CN=Maker");
  openssl("x509 -req -in root.csr -signkey root.key -days 999 -extfile root.ext -out root.pem");
  openssl("req -new -newkey rsa:2048 -nodes -keyout any.key -out any.csr -subj /");
  openssl(
    "x509 -req -in any.csr -CA root.pem -CAkey root.key -force_pubkey ek.pem -days 99 -extfile ek.ext -out ek.crt",
  );
  return { at, env };
}

test("the attestation key of a TPM is trusted once the TPM has proven itself", async (t) => {
  const path = demo(t);
  const { at, env } = await endorsed(t);
  const roots = join(path, "attestation-roots");
  const station = await open(t, [path, "--demo"], { env });
  await station.see("9 envelopes");
  await station.press("g", "s");
  await station.see("Settings");
  await station.click("button", "Attestation roots");
  await station.click("button", "Trust a TPM's attestation key…");
  await station.see("Nobody else can check this afterwards.");
  await look(station, "tpm-endorse");
  await station.fill("Endorsement key", at("ek.ctx"));
  await station.fill("Certificate of the endorsement key", at("ek.crt"));
  await station.fill("Attestation key", AK);
  await station.click("button", "Ask the TPM");
  // Its maker is not trusted: nothing is.
  await station.see(/unknown root/u);
  await station.see("CN=Maker");
  await look(station, "tpm-endorse-refused");

  mkdirSync(roots, { recursive: true });
  copyFileSync(at("root.pem"), join(roots, "maker.pem"));
  await station.click("button", "Ask the TPM");
  await station.see("Trusted now");
  await station.see(/in TPM INTC Model X.*whose endorsement key CN=Maker certified/u);
  await look(station, "tpm-endorse-done");
  await station.click("button", "Close");
  await station.see(/in TPM INTC Model X/u);
  assert.ok(readdirSync(roots).length > 1, "it is kept beside the root");
  const journal = readFileSync(join(station.state, "journal.ndjson"), "utf8");
  assert.ok(journal.includes("root"), journal);
});

test("what is seen has no violation that axe finds, scrolls sideways or has words over words", () => {
  assert.deepEqual(faults, {});
});
