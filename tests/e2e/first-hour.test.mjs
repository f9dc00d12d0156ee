// Somebody opens the program for the first time: three doors, a demo, and what waits for them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import { countersign, demo, directory, open, until } from "./station.mjs";

const ENVELOPE = { within: "[aria-label=Envelope]" };
const QUEUE = { within: "[aria-label=Queue]" };

const processes = (pattern) => String(spawnSync("pgrep", ["-af", pattern]).stdout).trim();
const windows = (name) =>
  String(spawnSync("xdotool", ["search", "--onlyvisible", "--name", name]).stdout).trim();

test("three doors lead in, and the demo is inside the program, with decisions of today", async (t) => {
  const station = await open(t, []);
  await station.see("What do you want to do?");
  for (const door of ["I sign", "I witness", "I audit"]) await station.see(door);
  await look(station, "doors");
  const text = await station.text("main");
  assert.ok(!/pcscd/u.test(text), "who has not asked for a key gets no advice about one");

  await station.click("button", "Levels, marks and keys");
  await station.see("Times of signatures");
  await station.press("Escape");

  t.after(() => spawnSync("pkill", ["-f", "countersign-demo-"]));
  await station.click("button", "Try the demo");
  await station.see("The demo opens in a window of its own.");
  const started = await until("the demo", () => processes("countersign-station --demo --state"));
  await until("its window", () => windows("^Countersign .Demo.$"));
  const runs = /(\/\S+\/sealed_runs)/u.exec(started)[1];
  const rows = String(countersign(["status", "--json", runs]))
    .trim()
    .split("\n");
  assert.equal(rows.length, 27);
  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const yesterday = new Date(Date.now() - 86_400_000)
    .toISOString()
    .slice(0, 10)
    .replaceAll("-", "");
  for (const row of rows) {
    const [, day] = /_(\d{8})T/u.exec(JSON.parse(row).path);
    assert.ok([today, yesterday].includes(day), day);
  }
});

test("a directory opens on what this person can do, and several are registered at once", async (t) => {
  const path = directory(t);
  countersign(["demo", "--runs", "36", path]);
  // Nothing is registered any more.
  rmSync(join(path, "transparency_log.ndjson"));
  const station = await open(t, [path, "--demo"]);
  await station.see("36 envelopes");
  await station.see("Sign or refuse", QUEUE);
  await station.see("Register in the log", QUEUE);
  await look(station, "for-you");

  await station.click("button", "Filter");
  await station.choose("Needs", "Needs log");
  await station.press("Escape");
  await look(station, "needs-log");
  const before = await station.text("[aria-label=Queue]");
  const [, found] = /(\d+) of 36/u.exec(before);
  await station.browser.keys(["Control", "a"]);
  await station.click("button", "Register…");
  await station.see("This cannot be undone");
  await look(station, "register-several");
  await station.click("button", `Register ${found} envelopes`);
  await station.see(`${found} of ${found} envelopes registered.`);
  await look(station, "registered-several");
  await station.click("button", "Close");
  const log = readFileSync(join(path, "transparency_log.ndjson"), "utf8").trim().split("\n");
  assert.equal(log.length, Number(found));
});

test("hand over is one place, and a report is printed by the system's dialog", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.row("DEC-008");
  await station.see("DEC-008", ENVELOPE);
  await station.press("g", "o");
  await station.see("To another station");
  await look(station, "hand-over");
  await station.click("button", "Print the report…");
  await until("the report", () => windows("^Report of RUN-"));
  await until("the print dialog", () => windows("^Print$"));
  spawnSync("xdotool", ["search", "--onlyvisible", "--name", "^Print$", "key", "Escape"]);
});

test("what is seen has no violation that axe finds, scrolls sideways or has words over words", () => {
  assert.deepEqual(faults, {});
});
