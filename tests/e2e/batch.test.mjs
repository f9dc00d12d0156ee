// A person signs many envelopes in one act, stops midway, and continues with the rest.

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  countersign,
  directory,
  json,
  open,
  snapshot,
  statuses,
  until,
  yubikey,
} from "./station.mjs";

/** A directory with this many envelopes that wait for a witness. */
function waiting(test, runs) {
  const path = directory(test);
  countersign(["demo", "--level", "L3", "--runs", String(runs), path]);
  return path;
}

const signatures = (run) => json(`${run}.sig.json`).signatures?.length ?? 1;
const runs = (path) => statuses(path).map((run) => join(path, run.path));

/** Selects all that are listed and opens the list of them. */
async function selectAll(station, count) {
  await station.see(`${count} envelopes`);
  await station.browser.keys(["\uE009", "a"]);
  await station.see(`${count} selected`);
  await station.press("s");
  await station.see("Read what you sign");
}

async function choose(station, count) {
  await station.click("button", "I have read the list");
  await station.see("Choose key, name and role");
  await station.click("radio", "ds-demo-2026-02");
  await station.click("radio", "Witness");
  await station.click("button", "Enter the passphrase");
  await station.see(`Used once, for ${count} envelopes`);
}

test("a selection is co-signed with one passphrase, each envelope read in the list first", async (t) => {
  const path = waiting(t, 14);
  const station = await open(t, [path, "--demo"]);
  await selectAll(station, 14);
  await station.see("14 envelopes ask for 2 signatures, including operator, witness");
  const { decision_id: decision, title } = statuses(path).find(
    (run) => run.decision_id === "DEC-014",
  );
  await station.click("button", title);
  await station.see(decision);
  await station.see("What is signed: SHA-256 of its canonical bytes");
  await station.see("Signed already 1 signature");
  await station.press("Escape");
  await station.see("Read what you sign");

  await choose(station, 14);
  await station.fill("Passphrase", "demo");
  await station.click("button", "Co-sign 14 envelopes as witness");
  await station.see("14 envelopes signed", { patience: 60_000 });
  await station.see("Written 14");
  await station.press("Escape");
  for (const run of runs(path)) assert.equal(signatures(run), 2, run);
  for (const { level } of statuses(path)) assert.ok(level >= 4);
  await station.see("0 pending");
});

test("many envelopes are stopped midway, and signing continues with the rest", async (t) => {
  // So many that it is at work for seconds.
  const count = 160;
  const path = waiting(t, count);
  const station = await open(t, [path, "--demo"]);
  await selectAll(station, count);
  const files = runs(path);
  const written = () => files.filter((run) => signatures(run) === 2).length;
  // What changed since it was listed is refused, and only that.
  const [changed] = files;
  appendFileSync(changed, "\n");
  await choose(station, count);
  await station.fill("Passphrase", "demo");
  await station.click("button", `Co-sign ${count} envelopes as witness`);
  await until("it has signed something", () => written() > 0);
  await station.press("Escape");
  const said = await station.see(/\d+ envelopes? signed/u);
  const [, done, failed, left] = /Written (\d+).*Failed (\d+).*Not reached (\d+)/u
    .exec(said)
    .map(Number);
  assert.equal(done, written());
  assert.equal(done + failed + left, count);
  assert.ok(left > 0, "it was stopped in the midst of it");
  assert.equal(signatures(changed), 1, "what changed is not signed");

  await station.click("button", `Go on with the ${left} left`);
  await station.see("Choose key, name and role");
  await station.click("button", "Enter the passphrase");
  await station.fill("Passphrase", "demo");
  await station.click("button", `Co-sign ${left} envelope`);
  await station.see(`${count - 1} envelopes signed, 1 not`, { patience: 60_000 });
  await station.click("button", "Failed 1");
  await station.see("changed since it was read");
  assert.equal(written(), count - 1);
  assert.equal(signatures(changed), 1);
});

test("cancelling before anything is signed leaves every file unchanged", async (t) => {
  const path = waiting(t, 12);
  const station = await open(t, [path, "--demo"]);
  await selectAll(station, 12);
  const before = snapshot(path);
  await choose(station, 12);
  await station.press("Escape");
  await until("the sheet is closed", async () => !(await station.find("button", "Cancel")));
  await station.see("12 selected");
  assert.deepEqual(snapshot(path), before);
});

test("a YubiKey is touched for each envelope; after it is pulled out, written signatures stay and signing continues with the rest", async (t) => {
  const path = waiting(t, 3);
  const key = await yubikey(t);
  await key.insert();
  const words = ["keys", "enrol", "--piv", "--slot", "9c", "--key-id", "ds-demo-2026-07"];
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign([...words, "--owner", "y.witness", "--role", "witness", ...keyring], {
    env: { ...process.env, ...key.env },
  });
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see(/YubiKey.*99000001.*3 attempts left/u);
  await selectAll(station, 3);

  async function sign(count) {
    await station.click("radio", "YubiKey 99000001");
    await station.click("button", "Enter the PIN");
    await station.see("3 attempts left");
    await station.fill("PIN", "123456");
    await station.press("Enter");
    await station.see(`Touch 1 of ${3 * count}`);
  }

  await station.click("button", "I have read the list");
  await station.see("Choose key, name and role");
  await sign(3);
  await key.touch();
  await station.see("Touch 2 of 9");
  await key.touch();
  await station.see("Touch 3 of 9");
  await key.touch();
  await station.see("Touch 4 of 9");
  await station.see("Signed 1 of 3");
  await key.pull();
  const said = await station.see("1 envelope signed, 2 not");
  assert.match(said, /Written 1 Left out 0 Failed 0 Not reached 2/u);
  assert.match(said, /insert it and begin again/iu);
  assert.deepEqual(runs(path).map(signatures).sort(), [1, 1, 2]);

  await key.insert();
  await station.click("button", "Go on with the 2 left");
  await station.see("Plugged in: YubiKey 99000001");
  await sign(2);
  for (let touch = 1; touch <= 6; touch++) {
    await station.see(`Touch ${touch} of 6`);
    await key.touch();
  }
  await station.see("3 envelopes signed");
  assert.deepEqual(runs(path).map(signatures), [2, 2, 2]);
});
