// What the station keeps: settings, keys, signers.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, json, open, outside, runOf } from "./station.mjs";

test("settings survive a restart, and damaged ones fall back visibly", async (t) => {
  const path = demo(t);
  let station = await open(t, [path]);
  const { state } = station;
  await station.see("9 envelopes");
  await station.press("g", "s");
  await station.fill("Signatures for L4", "1");
  await station.see("Enter a whole number, 2 or more");
  await station.fill("Signatures for L4", "3");
  await station.click("button", "Save changes");
  await station.see("Settings saved.");
  await station.click("radio", "Dark");
  const theme = () => station.page(() => document.documentElement.dataset.theme ?? "");
  await station.see("Appearance");
  assert.equal(await theme(), "dark");
  await station.close();

  const kept = json(state, "settings.json");
  assert.equal(kept.policy.min_threshold, 3);
  assert.equal(kept.theme, "dark");
  assert.equal(kept.directory, path);
  // The directory too: none is named.
  station = await open(t, [], { state });
  await station.see("9 envelopes");
  assert.equal(await theme(), "dark");
  await station.row("DEC-006");
  await station.see("0 of 3 count", { within: "[aria-label=Envelope]" });
  await station.press("g", "s");
  const field = await station.browser.$(await station.need("field", "Signatures for L4"));
  assert.equal(await field.getValue(), "3");
  await station.close();

  writeFileSync(join(state, "settings.json"), "{ this is not JSON");
  station = await open(t, [path], { state });
  await station.see(/settings are damaged.*the defaults are in force/i);
  await station.shot("settings-damaged");
  assert.equal(
    readFileSync(join(state, "settings.damaged-1.json"), "utf8"),
    "{ this is not JSON",
    "what was damaged is kept aside",
  );
  assert.equal(await theme(), "");
});

test("a key is created, one is enrolled, and one is revoked", async (t) => {
  const path = demo(t);
  const station = await open(t, [path]);
  const { state } = station;
  await station.see("9 envelopes");
  await station.press("g", "k");
  await station.see("The keyring is empty");
  await station.shot("keys-empty");

  await station.click("button", "Create software key");
  await station.fill("Owner", "mira.k");
  await station.click("check", "Operator");
  await station.fill("Key id", "mira-1");
  await station.fill("Key file", join(state, "mira.key.pem"));
  await station.fill("Passphrase", "correct horse");
  await station.fill("Passphrase again", "correct house");
  await station.click("button", "Create key");
  await station.see("The two entries differ");
  await station.fill("Passphrase", "correct horse");
  await station.fill("Passphrase again", "correct horse");
  await station.click("button", "Create key");
  await station.see("mira-1 is created, enrolled and ready to sign.");
  const pem = readFileSync(join(state, "mira.key.pem"), "utf8");
  assert.match(pem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  assert.equal(statSync(join(state, "mira.key.pem")).mode & 0o777, 0o600);

  await station.click("button", "Enrol…");
  const { publicKey } = outside(state);
  await station.fill("Public key", publicKey);
  await station.fill("Key id", "kms-1");
  await station.fill("Owner", "j.okafor");
  await station.click("check", "Witness");
  await station.click("radio", "External");
  await station.see("The keyring vouches for this");
  await station.click("button", "Enrol key");
  await station.see("kms-1 of j.okafor is enrolled.");

  await station.click("button", "Details of mira-1");
  await station.click("button", "Revoke…");
  await station.fill("Reason", "left the company");
  await station.click("button", "Revoke key");
  await station.see("mira-1 is revoked.");
  await station.see(/mira-1.*revoked/i);

  const { keys } = json(state, "keyring.json");
  const listed = JSON.parse(
    countersign(["keys", "list", "--json", "--keyring", join(state, "keyring.json")]),
  );
  assert.deepEqual(listed.keys.map((key) => key.key_id).sort(), ["kms-1", "mira-1"]);
  const mira = keys.find((key) => key.key_id === "mira-1");
  assert.ok(mira.revoked_at);
  assert.equal(mira.revocation_reason, "left the company");

  // The revoked key cannot sign any more, and says why.
  await station.press("g", "q");
  await station.row("DEC-003");
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  await station.press("s");
  await station.click("button", "I have read this");
  await station.see(/mira-1.*revoked/i);
  assert.equal(await station.find("radio", "mira-1"), null);
});

test("an external command is added, probed, and signs", async (t) => {
  const path = demo(t);
  const run = runOf(path, "DEC-003");
  const station = await open(t, [path]);
  await station.see("9 envelopes");
  const { script, publicKey } = outside(station.state);

  await station.press("g", "s");
  await station.click("button", "Add signer…");
  await station.fill("Name", "vault");
  await station.fill("Who signs", "mira.k");
  await station.fill("Key id", "vault-1");
  await station.click("radio", "External command");
  await station.fill("Command", "/bin/false");
  const algorithm = await station.browser.$(await station.need("field", "Algorithm"));
  await algorithm.selectByAttribute("value", "rsa-pkcs1v15-sha256");
  await station.fill("Public key", publicKey);
  await station.click("button", "Probe");
  await station.see(/\/bin\/false.*(ended|failed|exit)/i);
  await station.fill("Command", script);
  await station.click("button", "Probe");
  await station.see("The probe passed");
  await station.shot("signer-probed");
  await station.click("button", "Add signer");
  await station.click("button", "Save changes");
  await station.see("Settings saved.");
  assert.equal(json(station.state, "settings.json").signers[0].key_id, "vault-1");

  await station.press("g", "q");
  await station.row("DEC-003");
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  await station.press("s");
  await station.click("button", "I have read this");
  await station.click("radio", "vault-1");
  await station.click("radio", "Operator");
  await station.click("button", "Sign DEC-003 as operator");
  // The key is not in the keyring: that is said before it signs.
  await station.click("button", "Sign although it changes nothing");
  await station.see("Files written");
  const signed = json(`${run}.sig.json`);
  assert.equal(signed.signer_type, "external");
  assert.equal(signed.algorithm, "rsa-pkcs1v15-sha256");
  assert.equal(signed.signer_id, "mira.k");
  const checked = spawnSync("sh", ["-c", signed.verification_instructions], { cwd: path });
  assert.equal(checked.status, 0, String(checked.stderr));
});
