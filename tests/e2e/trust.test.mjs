// Trust as an event: what a change does is on screen before it is made, each is in the journal, and a
// weaker policy and an accepted log leave a mark.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import { demo, json, open, snapshot, until } from "./station.mjs";

const VERDICT = { within: "[aria-label=Verdict]" };
const CHANGES = { within: "[role=dialog] .effect" };

/** Takes a person out of the keyring of a demonstration. */
function forget(path, ...owners) {
  const file = join(path, "keyring.json");
  const keyring = json(file);
  keyring.keys = keyring.keys.filter(({ owner }) => !owners.includes(owner));
  writeFileSync(file, JSON.stringify(keyring));
}

/** What the journal of a station says, an object for each entry. */
const journal = (state) =>
  readFileSync(join(state, "journal.ndjson"), "utf8").trim().split("\n").map(JSON.parse);

test("an unknown signer is enrolled on the spot, and revoked with what that undoes in view", async (t) => {
  const path = demo(t);
  forget(path, "w.witness");
  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-007");
  await station.see('The key of "w.witness" is not in the keyring.', VERDICT);
  const before = snapshot(path);
  await station.click("button", "Enrol the key…");
  await station.click("radio", "Software");
  await station.see(/Of 9 envelopes: \d+ rise/u, CHANGES);
  await station.see(/DEC-007/u, CHANGES);
  await look(station, "trust-enrol");
  assert.deepEqual(snapshot(path), before, "a preview writes nothing");
  await station.click("check", "This is the fingerprint that the signer told me");
  await station.click("button", "Enrol key");
  await station.see("L5. A hardware key is missing.", VERDICT);

  await station.click("button", "Keys");
  await station.click("button", "Details of ds-demo-2026-02");
  await station.click("button", "Revoke…");
  await station.see(/Nothing changes: all 9 envelopes/u, CHANGES);
  await station.choose("Why", "Someone else may have it (compromised)");
  await station.see(/Of 9 envelopes: \d+ fall/u, CHANGES);
  await look(station, "trust-revoke");
  await station.fill("Reason", "the stick is lost");
  await station.click("button", "Revoke key");
  await station.see("is revoked.");

  // Both are one line each in the journal.
  await station.click("button", "History");
  await station.click("button", "Journal");
  await station.see(/Added .* of w\.witness to the keyring/u);
  await station.see(/Revoked .* of w\.witness .*the stick is lost/u);
  await look(station, "trust-journal");
});

test("several unknown signers are enrolled one after the other, without leaving the envelope", async (t) => {
  const path = demo(t);
  forget(path, "o.operator", "w.witness");
  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-007");
  for (const lack of [
    'The keys of "o.operator" and "w.witness" are not in the keyring.',
    'The key of "w.witness" is not in the keyring.',
  ]) {
    await station.see(lack, VERDICT);
    await station.click("button", "Enrol the key…");
    await station.click("radio", "Software");
    await station.see(/Of 9 envelopes: \d+ rise/u, CHANGES);
    await station.click("check", "This is the fingerprint that the signer told me");
    await station.click("button", "Enrol key");
  }
  await station.see("L5. A hardware key is missing.", VERDICT);
});

test("a weaker policy says what it does before it is saved, and is marked everywhere after", async (t) => {
  const path = demo(t);
  forget(path, "o.operator", "w.witness");
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.click("button", "Settings");
  await look(station, "trust-settings");
  await station.click("button", "Policy");
  await look(station, "trust-policy");
  await station.click("button", "Change: Whose signatures count");
  await station.click("radio", "Any signature that verifies");
  await station.see(/Of 9 envelopes: \d+ rise/u, CHANGES);
  await station.see("The window, the command line and reports show this");
  await look(station, "trust-weaker");
  await station.press("Escape");
  assert.equal(await station.find("button", "Cancel"), null, "nothing was changed");
  await station.see("Only signatures by keys in the keyring");

  await station.click("button", "Change: Whose signatures count");
  await station.click("radio", "Any signature that verifies");
  await station.click("button", "Save the weaker policy");
  await station.see("Any key counts.");
  await station.click("button", "Queue");
  await station.row("DEC-007");
  await station.see(/any key/u, VERDICT);
  await look(station, "trust-mark");
  const changed = journal(station.state).filter(({ event }) => event === "setting_changed");
  assert.deepEqual(
    changed.map(({ setting, before, after }) => [setting, before, after]),
    [["policy.trust", "pinned", "embedded"]],
  );

  // Back again: a change like any other, with what falls in view.
  await station.click("button", "Settings");
  await station.click("button", "Change: Whose signatures count");
  await station.click("radio", "Only signatures by keys");
  await station.see(/Of 9 envelopes: \d+ fall/u, CHANGES);
  await station.click("button", "Save");
  await until("the mark is gone", async () => !(await station.text()).includes("Any key counts."));
});

test("what attested keys must be is set for a role, and envelopes say what a key lacks", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.click("button", "Settings");
  await station.click("button", "Policy");
  await station.click("button", "Change: Keys of the role Witness");
  await station.fill("Firmware at least", "5.7");
  await station.click("check", "cached for 15 seconds");
  await station.see(/Of 9 envelopes: \d+ fall/u, CHANGES);
  await look(station, "trust-attested");
  await station.click("button", "Save");
  await station.see(/firmware 5\.7(\.0)? or later and touch cached for 15 seconds/u);
  await look(station, "trust-attested-set");
  const changed = journal(station.state).filter(({ event }) => event === "setting_changed");
  assert.deepEqual(
    changed.map(({ setting, after }) => [setting, after]),
    [["policy.attested", "witness:firmware=5.7.0 witness:touch=cached"]],
  );
  await station.click("button", "Queue");
  await station.row("DEC-009");
  await station.see(/L5\. No attestation came with the key of/u, VERDICT);
  await look(station, "trust-attested-lacks");
});

test("after a cut log nothing stays green, and accepting it says what is gone and leaves a mark", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  const log = join(path, "transparency_log.ndjson");
  const [first] = readFileSync(log, "utf8").split("\n");
  writeFileSync(log, `${first}\n`);
  await station.see("Accept the log as it is…");
  await station.row("DEC-007");
  await station.see(/contradicted/u, VERDICT);
  const level = await station.text(VERDICT.within);
  assert.match(level, /L2/u, "no level of a log that does not hold");
  await look(station, "trust-cut-log");
  await station.click("button", "Accept the log as it is…");
  await station.see(/entries of .* are gone/u);
  await station.see(/Of 9 envelopes: .*rise|Nothing changes/u, CHANGES);
  await look(station, "trust-accept-log");
  await station.click("button", "Accept the log as it is");
  await station.see("Write a reason");
  await station.fill("Reason", "restored from the wrong backup");
  await station.click("button", "Accept the log as it is");
  await station.see("An accepted log counts.");
  await station.row("DEC-008");
  await look(station, "trust-accepted-log");
  const accepted = journal(station.state).find(({ event }) => event === "log_accepted");
  assert.equal(accepted.reason, "restored from the wrong backup");
});

test("nothing of it overlaps, and all of it is accessible", () => assert.deepEqual(faults, {}));
