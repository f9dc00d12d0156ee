// Who signed what, when, with which key: drawn, listed, written; and what this station did itself.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, directory, open, until } from "./station.mjs";

/** A demonstration of years of signatures. */
function years(test, signatures) {
  const path = directory(test);
  countersign(["demo", "--history", String(signatures), path]);
  return path;
}

/** The history as the command line has it. */
function listed(path, words = []) {
  const keyring = ["--keyring", join(path, "keyring.json")];
  return String(countersign(["history", path, "--json", ...keyring, ...words]))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** How many pixels of a canvas are not empty. */
const painted = (station, selector) =>
  station.page((selector) => {
    const canvas = document.querySelector(selector);
    const on = canvas.getContext("2d");
    const { data } = on.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count += 1;
    return count;
  }, selector);

/** What stands in a field. */
const field = async (station, name) =>
  station.page((input) => input.value, await station.need("field", name));

test("years of signatures are a picture, and one leads to its envelope", async (t) => {
  const path = years(t, 600);
  const all = listed(path);
  const station = await open(t, [path, "--demo"]);
  await station.see("envelopes");
  await station.press("g", "h");
  await station.see(`${all.length} signatures by 13 people`);
  for (const canvas of [".levels", "[role=application]", ".whole canvas"]) {
    await until(`${canvas} to be drawn`, async () => (await painted(station, canvas)) > 500);
  }
  await station.shot("history-timeline");

  const before = await field(station, "From");
  await station.press("+", "+", "+");
  await until("a later beginning", async () => (await field(station, "From")) > before);
  const closer = await field(station, "From");
  await station.press("\uE014");
  await until("a move to later", async () => (await field(station, "From")) > closer);
  await station.press("0");
  await until("all of the time", async () => (await field(station, "From")) === before);

  await station.press("j");
  const first = all[0];
  await station.see(first.title, { within: "[aria-label='Selected signature']" });
  await station.see(first.key_id, { within: "[aria-label='Selected signature']" });
  await station.see("Verify elsewhere", { within: "[aria-label='Selected signature']" });
  await station.press("Enter");
  await station.see(first.title, { within: "[aria-label=Envelope]" });
});

test("the table is sorted and filtered, and its export is what the command line prints", async (t) => {
  const path = years(t, 200);
  const station = await open(t, [path, "--demo"]);
  await station.see("envelopes");
  await station.press("g", "h");
  await station.see("by 13 people");
  await station.click("button", "Table");
  const witness = listed(path, ["--person", "j.okafor"]);
  const chosen = await station.browser.$(await station.need("field", "Person"));
  await chosen.selectByAttribute("value", "j.okafor");
  await station.see(`${witness.length} of ${listed(path).length} signatures`);
  const rows = await station.page(() =>
    [...document.querySelectorAll("tbody tr:not(.space) td:nth-child(2)")].map(
      (cell) => cell.innerText,
    ),
  );
  assert.ok(rows.length > 0 && rows.every((name) => name === "j.okafor"), rows.join());

  await station.click("button", "Export…");
  const file = join(directory(t), "history.csv");
  await station.fill("File", file);
  await station.click("button", "Export");
  await station.see(`${witness.length} signatures written to`);
  const keyring = ["--keyring", join(path, "keyring.json")];
  const printed = countersign(["history", path, "--csv", "--person", "j.okafor", ...keyring]);
  assert.deepEqual(readFileSync(file), printed);
});

test("the history follows the files", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("envelopes");
  await station.press("g", "h");
  await station.see("11 signatures by 3 people");
  const gone = listed(path).find((one) => one.decision_id === "DEC-009");
  for (const ending of [".sig.json", ""]) rmSync(join(path, `${gone.file}${ending}`));
  await station.see("9 signatures by 3 people");
});

test("the keyring leads to the history of a key", async (t) => {
  const station = await open(t, [demo(t), "--demo"]);
  await station.see("envelopes");
  await station.press("g", "k");
  await station.click("button", "History of ds-demo-2026-03");
  await station.see("2 of 11 signatures");
});

test("the journal is read in the window, and a damaged one is reported at once", async (t) => {
  const path = demo(t);
  const state = directory(t);
  const journal = join(state, "journal.ndjson");
  const env = { ...process.env, COUNTERSIGN_JOURNAL: journal };
  const run = join(path, listed(path).find((one) => one.decision_id === "DEC-004").file);
  countersign(["log", "append", run], { env });
  const first = await open(t, [path, "--demo"], { state });
  await first.see("envelopes");
  await first.press("g", "h");
  await first.click("button", "Journal");
  await first.see("The chain holds");
  await first.see("Registered");
  await first.shot("history-journal");
  await first.close();

  writeFileSync(journal, readFileSync(journal, "utf8").replace("registered", "registerec"));
  const second = await open(t, [path, "--demo"], { state });
  await second.see("the journal was broken");
  await second.see("journal.broken-000001.ndjson");
  await second.press("g", "h");
  await second.click("button", "Journal");
  await second.see("An earlier journal was damaged");
});
