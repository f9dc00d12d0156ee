// A key for companions is made in the window, chosen beside the key that signs, and seen in the
// envelope; a companion that somebody has changed is named, and its signature still counts.

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import { countersign, demo, directory, json, open, runOf } from "./station.mjs";

const ENVELOPE = { within: "[aria-label=Envelope]" };
const PASSPHRASE = "agree brick candy drift eager fable";

test("a companion key is made, signs beside another key, and a changed companion is named", async (t) => {
  const path = demo(t);
  const run = runOf(path, "DEC-003");
  const file = join(directory(t), "okafor-pq.key.pem");
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");

  await station.press("g", "k");
  await station.click("button", "Create software key…");
  await station.see("By itself it never counts.");
  await look(station, "companion-key-signing");
  await station.click("radio", "Companions (ML-DSA-65)");
  await station.fill("Owner", "o.operator");
  await station.fill("Key id", "pq-operator");
  await station.fill("Key file", file);
  await station.fill("Passphrase", PASSPHRASE);
  await station.fill("Passphrase again", PASSPHRASE);
  await station.see("Not guessed, as far as is known");
  await look(station, "companion-key-new");
  await station.click("button", "Create key");
  await station.see("pq-operator is created and enrolled");
  await station.see("for companions");
  await look(station, "companion-key-listed");

  const entry = json(path, "keyring.json").keys.find((one) => one.key_id === "pq-operator");
  assert.deepEqual([entry.owner, entry.key_type, entry.roles], ["o.operator", "ml-dsa-65", []]);
  assert.equal(statSync(file).mode & 0o077, 0, "nobody else reads the key file");
  assert.match(readFileSync(file, "utf8"), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/u);

  await station.press("g", "q");
  await station.row("DEC-003");
  await station.see("DEC-003", ENVELOPE);
  await station.see("Ladder", ENVELOPE);
  await station.toSign();
  await station.see("Read what you sign");
  await station.click("button", "I have read this");
  await station.see("Choose key, name and role");
  assert.equal(await station.find("radio", "pq-operator"), null, "it signs nothing by itself");
  await station.click("radio", "ds-demo-2026-01");
  await station.choose("Companion", "pq-operator of o.operator, ML-DSA-65");
  await station.see("It has no role, and adds no signature that counts.");
  await station.fill("Passphrase of pq-operator", PASSPHRASE);
  await look(station, "companion-chosen");
  await station.click("button", "Enter the passphrase");
  await station.see("Used once, for this signature");
  await station.fill("Passphrase", "demo");
  await station.click("button", "Sign DEC-003 as operator");
  await station.see("Files written");
  await station.click("button", "Close");
  await station.see("also holds if elliptic curves are broken", ENVELOPE);
  await look(station, "companion-holds");

  const keyring = ["--keyring", join(path, "keyring.json")];
  const verdict = JSON.parse(countersign(["verify", "--json", "--level", "L2", ...keyring, run]));
  assert.equal(verdict.signatures[0].companion.key_id, "pq-operator");
  const signed = json(`${run}.sig.json`);
  const { signature } = signed.companion;
  signed.companion.signature = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
  writeFileSync(`${run}.sig.json`, JSON.stringify(signed, null, 2));
  await station.see(
    'The companion of "o.operator" on the run: it is not a signature over this content',
    ENVELOPE,
  );
  await station.see("1 of 2 count", ENVELOPE);
  await station.see("L2. A witness is missing.", { within: "[aria-label=Verdict]" });
  await look(station, "companion-changed");
  const text = await station.text("[aria-label=Envelope]");
  assert.ok(!text.includes("also holds if elliptic curves are broken"), "no longer said");
});

test("what is seen has no violation that axe finds, scrolls sideways or has words over words", () => {
  assert.deepEqual(faults, {});
});
