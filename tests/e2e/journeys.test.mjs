// How many acts each of the three needs, from the open window to the end: what docs/window.md says.
// An act is a press of a button or of a key (or of two that belong together), or a secret typed. The
// touches of a YubiKey are not counted: the key decides how many it asks for.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, directory, json, open, runOf, until, yubikey } from "./station.mjs";

const ENVELOPE = { within: "[aria-label=Envelope]" };

/** A person before a station, whose acts are counted. */
function person(station) {
  let acts = 0;
  const counted =
    (act) =>
    (...words) => {
      acts += 1;
      return act.apply(station, words);
    };
  return {
    click: counted(station.click),
    press: counted(station.press),
    type: counted(station.type),
    see: station.see.bind(station),
    acts: () => acts,
  };
}

/** The own files of a station whose keyring is a demo's, and which has these signers. */
function stateOf(t, path, signers) {
  const state = directory(t);
  const settings = { keyring: join(path, "keyring.json"), signers };
  writeFileSync(join(state, "settings.json"), JSON.stringify(settings));
  return state;
}

test("an operator signs in at most 5 acts", async (t) => {
  const path = demo(t);
  const operator = {
    name: "operator",
    key_id: "ds-demo-2026-01",
    signer_id: "o.operator",
    source: { source: "key_file", path: join(path, "keys", "operator.key.pem") },
  };
  const station = await open(t, [path], { state: stateOf(t, path, [operator]) });
  // What is for this person is open from the start.
  await station.see("DEC-003", ENVELOPE);
  await station.see("An operator and a witness are missing");
  const own = person(station);
  await own.press("s");
  await own.click("button", "I have read this");
  await own.click("button", "Enter the passphrase");
  await own.see("Used once, for this signature");
  await own.type("demo");
  await own.press("Enter");
  await own.see("Files written");
  assert.ok(own.acts() <= 5, `${own.acts()} acts`);
  const signed = json(`${runOf(path, "DEC-003")}.sig.json`);
  assert.deepEqual([signed.signer_id, signed.role], ["o.operator", "operator"]);
});

test("a witness co-signs with a YubiKey in at most 6 acts, the PIN among them", async (t) => {
  const path = demo(t);
  const key = await yubikey(t);
  await key.insert();
  const slot = ["--piv", "--slot", "9c", "--key-id", "ds-demo-2026-07"];
  const whose = ["--owner", "y.witness", "--role", "witness", "--kind", "hardware"];
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["keys", "enrol", ...slot, ...whose, ...keyring], {
    env: { ...process.env, ...key.env },
  });
  const station = await open(t, [path], { state: stateOf(t, path, []), env: key.env });
  await station.see(/YubiKey.*99000001/u);
  await station.see("Sign or refuse", { within: "[aria-label=Queue]" });
  await station.see("A witness is missing", ENVELOPE);
  const decision = /DEC-\d+/u.exec(await station.text("[aria-label=Envelope]"))[0];
  const own = person(station);
  await own.press("s");
  await own.click("button", "I have read this");
  await own.click("button", "Enter the PIN");
  await own.see("PIN of YubiKey 99000001, slot 9c");
  await own.type("123456");
  await own.press("Enter");
  for (let touch = 1; touch <= 3; touch++) await key.touch();
  await own.see("Files written");
  assert.ok(own.acts() <= 6, `${own.acts()} acts`);
  const { signatures } = json(`${runOf(path, decision)}.sig.json`);
  const last = signatures.at(-1);
  assert.deepEqual(
    [last.signer_id, last.role, last.signer_type],
    ["y.witness", "witness", "hardware"],
  );
});

test("an auditor has the verdict on a pack after one act", async (t) => {
  const path = demo(t);
  const packs = directory(t);
  const pack = join(packs, "one.zip");
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["pack", ...keyring, "--out", pack, runOf(path, "DEC-009")]);
  const station = await open(t, []);
  await station.see("What do you want to do?");
  await station.drop(pack);
  await station.see("Nothing is missing");
  await station.see("Complete");
  await until("the levels by both sides' keys", async () => /L7/u.test(await station.text()));
});
