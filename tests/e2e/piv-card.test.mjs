// A PIV card that is not a YubiKey, in the real window: a virtual card by the standard behind a real
// pcscd is inserted, enrolled on a person's word, and signs.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, json, open, runOf, snapshot, yubikey } from "./station.mjs";
import { DECISION, ENVELOPE, begin, holdsByOpenssl } from "./tokens.mjs";

const STRIP = "[aria-label='Devices and signers']";
const CARD = ["--other-make", "--select", "9", "--slot", "9c=p256,cert=Witness"];

test("a card of any make is enrolled on a person's word and signs", async (t) => {
  const path = demo(t);
  const card = await yubikey(t, CARD);
  const run = runOf(path, DECISION);
  const station = await open(t, [path, "--demo"], { env: card.env });
  await station.see("9 envelopes");
  await card.insert();
  await station.see(/PIV card 05e69ec1.*slot 9c.*3 attempts left/u, { within: STRIP });

  await station.press("g", "d");
  await station.see("00000000-0000-0000-0000-000005e69ec1");
  await station.see("used by the standard for PIV cards alone");
  await station.shot("piv-card-device");
  assert.equal(await station.find("button", "Change PIN"), null);
  await station.click("button", "Enrol the key of slot 9c");
  await station.fill("Key id", "ds-demo-2026-07");
  await station.fill("Owner", "y.witness");
  await station.click("check", "Witness");
  await station.click("check", "Hardware holds this key");
  await station.shot("piv-card-enrol");
  await station.click("button", "Enrol key");
  await station.see("ds-demo-2026-07 of y.witness");
  await station.press("Escape");
  const { keys } = json(path, "keyring.json");
  assert.equal(keys.find((one) => one.key_id === "ds-demo-2026-07").kind, "hardware");

  const before = snapshot(path);
  await begin(station);
  await station.click("radio", "PIV card 05e69ec1");
  await station.shot("piv-card-choosing");
  await station.click("button", "Enter the PIN");
  await station.see("PIN of PIV card 05e69ec1, slot 9c");
  await station.fill("PIN", "654321");
  await station.press("Enter");
  await station.see(/The PIN is wrong.*2 attempts are left/u);
  await station.shot("piv-card-pin");
  assert.deepEqual(snapshot(path), before, "a wrong PIN changes nothing");
  await station.fill("PIN", "123456");
  await station.press("Enter");
  await station.see("Files written");
  await station.click("button", "Close");
  await station.see(/L6.*pinned/u, { within: "[aria-label=Verdict]" });
  await station.see("y.witness", { within: ENVELOPE });

  const signature = holdsByOpenssl(run);
  assert.equal(signature.signer_type, "hardware");
  assert.equal(signature.key_attestation, undefined);
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["verify", "--level", "L6", "--assurance", "pinned", ...keyring, run]);
});
