// A YubiKey that was in use is set up again in the window: what is in the slot is named and overwritten
// only by its name, the secrets are replaced, and the new key is attested and in the keyring.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import { demo, json, open, trustVirtualRoots, yubikey } from "./station.mjs";

test("a YubiKey is set up as one act", async (t) => {
  const path = demo(t);
  trustVirtualRoots(path);
  const key = await yubikey(t, ["--slot", "9c=p256,touch=always,cert=Demo witness"]);
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see("9 envelopes");
  await key.insert();
  await station.see(/YubiKey.*99000001.*3 attempts left/u);

  await station.press("g", "k");
  await station.click("button", "Set up a YubiKey");
  await station.see("Set up YubiKey 99000001");
  await station.fill("Key id", "ds-demo-2026-08");
  await station.fill("Owner", "y.witness");
  await station.click("check", "Witness");
  await station.fill("Counts until", "2099-01-01");
  await look(station, "yubikey-setup-key");
  await station.click("button", "Continue");
  await station.see("Slot 9c is in use");
  await station.see(/the ECC P-256 key ([0-9a-f]{4} ){15}[0-9a-f]{4}/u);
  await station.click("radio", "Overwrite it");
  await station.fill("Type 9c to overwrite what is in it", "9c");
  await station.shot("yubikey-setup-occupied");
  await station.click("button", "Continue");

  await station.see("Nothing is sent to the YubiKey before you confirm the overview.");
  await station.fill("New PIN", "90210734");
  await station.fill("New PIN again", "90210734");
  await station.fill("New PUK", "55667712");
  await station.fill("New PUK again", "55667712");
  await station.shot("yubikey-setup-secrets");
  await station.press("Enter");
  await station.see("Replace the factory management key by a random one");
  await station.see("What is in slot 9c is destroyed");
  await station.see("The key that will be there");
  await station.see("CN=y.witness");
  await station.see(/from 20\d\d-\d\d-\d\d until 2099-01-01/u);
  await look(station, "yubikey-setup-overview");
  await station.click("button", "Overwrite 9c and set up YubiKey 99000001");
  await station.see("Touch your YubiKey now");
  await station.shot("yubikey-setup-touch");
  await key.touch();
  await station.see("YubiKey 99000001 is set up");
  await station.see("ds-demo-2026-08 of y.witness");
  await station.see("generated on YubiKey 99000001, firmware 5.7.4, PIN always, touch always");
  await station.shot("yubikey-setup-done");
  await station.click("button", "Close");
  await station.see("ds-demo-2026-08");

  const entry = json(path, "keyring.json").keys.find((one) => one.key_id === "ds-demo-2026-08");
  assert.equal(entry.kind, "hardware");
  assert.equal(entry.valid_until, "2099-01-01T00:00:00Z");
  assert.equal(entry.key_attestation.type, "yubikey-piv");
  const lines = readFileSync(join(station.state, "journal.ndjson"), "utf8").trim().split("\n");
  const entries = lines.map((line) => JSON.parse(line));
  const changes = entries.filter((one) => one.event === "yubikey_changed");
  assert.deepEqual(
    changes.map((one) => one.change),
    ["pin", "puk", "management_key", "key", "certificate"],
  );
  assert.ok(changes[3].replaces, "the key that is lost is named");
  for (const secret of ["90210734", "55667712"]) assert.ok(!lines.join("").includes(secret));
});

test("what is seen has no violation that axe finds, scrolls sideways or has words over words", () => {
  assert.deepEqual(faults, {});
});
