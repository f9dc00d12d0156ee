// Two windows on one directory, as two people on one share have them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bus, countersign, demo, json, open, runOf } from "./station.mjs";

/** Goes to where only the passphrase is wanting. */
async function readAndChoose(station, decision, key) {
  await station.row(decision);
  await station.see(decision, { within: "[aria-label=Envelope]" });
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  await station.toSign();
  await station.see("Read what you sign");
  await station.click("button", "I have read this");
  await station.see("Choose key, name and role");
  await station.click("radio", key);
  await station.click("button", "Enter the passphrase");
  await station.see("Used once, for this signature");
  await station.fill("Passphrase", "demo");
}

test("two windows sign what both have read, and both signatures stand", async (t) => {
  const path = demo(t);
  const run = runOf(path, "DEC-003");
  const left = await open(t, [path, "--demo"]);
  const right = await open(t, [path, "--demo"], { env: (await bus(t)).env });
  await readAndChoose(left, "DEC-003", "ds-demo-2026-01");
  await readAndChoose(right, "DEC-003", "ds-demo-2026-02");
  await Promise.all([
    left.click("button", "Sign DEC-003 as operator"),
    right.click("button", "Sign DEC-003 as witness"),
  ]);
  for (const station of [left, right]) {
    await station.see("Files written");
    await station.click("button", "Close");
    await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  }
  for (const file of [`${run}.sig.json`, run.replace(/\.json$/, ".manifest.json.sig.json")]) {
    const signers = json(file).signatures.map(({ signer_id }) => signer_id);
    assert.deepEqual(signers.sort(), ["o.operator", "w.witness"]);
  }
  countersign(["log", "append", run]);
  const keyring = ["--keyring", `${path}/keyring.json`];
  countersign(["verify", "--level", "L4", ...keyring, run]);
});
