// A witness refuses to sign, everybody sees it first, and signing lifts it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, json, open, runOf } from "./station.mjs";

const REASON = "The inputs are not those that I reviewed.";
const ENVELOPE = { within: "[aria-label=Envelope]" };
const ROW = { within: "[role=option][aria-selected=true]" };

test("a refusal is made, seen and lifted", async (t) => {
  const path = demo(t);
  const run = runOf(path, "DEC-004");
  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-004");
  await station.see("DEC-004", ENVELOPE);
  await station.click("button", "Refuse…");
  await station.see("Read what you sign");
  await station.click("button", "Refuse…");
  await station.see("Say why, and choose key and role");
  await station.fill("Reason", REASON);
  await station.click("radio", "ds-demo-2026-02");
  await station.click("button", "Enter the passphrase");
  await station.see("The passphrase of");
  await station.fill("Passphrase", "demo");
  await station.click("button", "Refuse DEC-004 as witness");
  const said = await station.see("Files written");
  assert.ok(said.includes(".refusals.json"), said);
  await station.click("button", "Close");

  const shown = await station.see("w.witness refused to sign as witness", ENVELOPE);
  assert.ok(shown.includes(REASON), shown);
  await station.see("refused", ROW);
  await station.see("needs an answer", ROW);
  const keyring = ["--keyring", join(path, "keyring.json")];
  const status = JSON.parse(
    String(countersign(["status", "--json", ...keyring, path]))
      .split("\n")
      .find((line) => line.includes('"DEC-004"')),
  );
  assert.equal(status.refusals[0].reason, REASON);
  assert.ok(existsSync(`${run}.refusals.json`));

  // Whoever refused lifts it by signing, and reads so before.
  await station.toSign();
  await station.see("If w.witness signs, that lifts it.");
  await station.click("button", "I have read this");
  await station.click("radio", "ds-demo-2026-02");
  await station.click("button", "Enter the passphrase");
  await station.see("The passphrase of");
  await station.fill("Passphrase", "demo");
  await station.click("button", "Co-sign DEC-004 as witness");
  await station.see("Files written");
  await station.click("button", "Close");
  await station.see("lifted", ENVELOPE);
  const row = await station.see("DEC-004", ROW);
  assert.ok(!row.includes("refused"), row);
  assert.equal(json(`${run}.refusals.json`).refusals.length, 1);
});
