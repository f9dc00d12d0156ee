// A person opens a directory and reads; other programs change what is in it.

import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

import { countersign, demo, directory, open, runOf, sha256, statuses } from "./station.mjs";

/** How long after a file is whole its row may take, in milliseconds; it is meant to take 300. */
const SOON = 1000;

/** The rows on the screen from the top: the words of each. */
const rows = (station) =>
  station.page(() =>
    [...document.querySelectorAll("[role=option]")].map((row) =>
      row.innerText.replace(/\s+/g, " "),
    ),
  );

/** What is selected, and where on the screen it is. */
const selected = (station) =>
  station.page(() => {
    const row = document.querySelector("[role=option][aria-selected=true]");
    return row && { id: row.id, top: Math.round(row.getBoundingClientRect().top) };
  });

test("a directory on the command line is listed and its runs are read", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.see("Demo. Everything here is made up");
  await station.click("button", "All");
  await station.see("9 of 9");
  assert.match(await station.browser.getTitle(), /Countersign/);

  const listed = await rows(station);
  const known = statuses(path);
  assert.equal(listed.length, known.length);
  for (const { decision_id, title, level, assurance } of known) {
    const row = listed.find((row) => row.includes(decision_id));
    assert.ok(row.includes(title), row);
    assert.ok(row.includes(level < 0 ? "No level" : `L${level}`), row);
    if (assurance) assert.ok(row.includes(assurance), row);
  }
  const pending = listed.map((row) => /needs (operator|witness|co-signer)/.test(row));
  assert.ok(pending.includes(true));
  assert.deepEqual(pending, [...pending].sort().reverse(), "what is pending stands first");

  const run = runOf(path, "DEC-007");
  await station.row("DEC-007");
  await station.see("Move night dispatch to the regional desk", {
    within: "[aria-label=Envelope]",
  });
  const canonical = countersign(["canonical"], { input: readFileSync(run) });
  const shown = await station.text('[aria-label^="What is signed"] code');
  assert.equal(shown.replace(/\s/g, ""), sha256(canonical));

  await station.click("field", "Search");
  await station.type("dispatch");
  await station.see("1 of 9");
  assert.deepEqual((await rows(station)).length, 1);
});

test("changes by other programs are shown at once", async (t) => {
  const spare = demo(t, 36);
  const path = directory(t);
  cpSync(spare, path, { recursive: true });
  const names = statuses(spare).map((run) => run.path);
  const [first, second, third, last] = names;
  for (const name of [first, second, third]) rmSync(join(path, name));
  const station = await open(t, [path]);
  await station.see("33 envelopes");

  await station.click("button", "All");
  await station.see("33 of 33");
  await station.page(() => document.querySelector("[role=listbox]").scrollTo({ top: 100 }));
  await station.row(statuses(path)[5].decision_id);
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  const before = await selected(station);

  copyFileSync(join(spare, first), join(path, first));
  await station.see("34 envelopes", { patience: SOON });
  renameSync(join(spare, second), join(path, second));
  await station.see("35 envelopes", { patience: SOON });
  assert.deepEqual(await selected(station), before, "what is read stays at its place");

  // A file is listed once it is whole, not before.
  const text = readFileSync(join(spare, third), "utf8");
  writeFileSync(join(path, third), text.slice(0, text.length / 2));
  copyFileSync(join(spare, first), join(path, "RUN-00000001_20260101T000000Z.json"));
  await station.see("36 envelopes", { patience: 2 * SOON });
  const { decision_id, title } = statuses(spare).find((run) => run.path === third);
  const half = await rows(station);
  assert.ok(!half.some((row) => row.includes(`${decision_id} `) && row.includes(title)));
  appendFileSync(join(path, third), text.slice(text.length / 2));
  await station.see("37 envelopes", { patience: SOON });
  await station.click("field", "Search");
  await station.type(decision_id);
  await station.see(title, { within: "[aria-label=Queue]", patience: SOON });
  await station.press("Escape");

  rmSync(join(path, first));
  await station.see("36 envelopes", { patience: SOON });

  // A change to the open envelope is shown in place.
  const name = basename(last);
  await station.click("field", "Search");
  await station.type(JSON.parse(readFileSync(join(path, name))).decision_state.decision_id);
  await station.see("1 of 36");
  await station.click("option", "");
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  const changed = readFileSync(join(path, name), "utf8").replace(
    /"title": "[^"]*"/,
    '"title": "Another title"',
  );
  writeFileSync(join(path, name), changed);
  await station.see("Another title", { within: "[aria-label=Envelope]", patience: SOON });
  await station.see("Changed on disk just now", { within: "[aria-label=Envelope]" });
});

test("every file of a burst is listed, and the window stays responsive", async (t) => {
  const many = directory(t);
  countersign(["demo", "--runs", "2000", "--level", "L1", many]);
  const path = demo(t, 9);
  const station = await open(t, [path]);
  await station.see("9 envelopes");
  for (const name of readdirSync(many)) {
    if (name.startsWith("RUN-")) renameSync(join(many, name), join(path, name));
  }
  const all = readdirSync(path).filter((name) => /^RUN-[^.]*\.json$/.test(name)).length;
  const figure = String(all).replace(/\B(?=(\d{3})+$)/g, " ");
  await station.see(`${figure} envelopes`, { patience: 30_000 });
  await station.click("button", "All");
  await station.click("field", "Search");
  await station.type("DEC-1777");
  await station.see(`1 of ${figure}`);
});

test("a directory that disappears and returns is reported in words", async (t) => {
  const path = demo(t);
  const station = await open(t, [path]);
  await station.see("9 envelopes");
  await station.click("button", "All");
  await station.see("9 of 9");
  renameSync(path, `${path}.away`);
  t.after(() => rmSync(`${path}.away`, { recursive: true, force: true }));
  await station.see("The directory has disappeared");
  assert.equal((await rows(station)).length, 9, "what was last seen is still shown");
  renameSync(`${path}.away`, path);
  await station.see(/^(?!.*has disappeared).*9 envelopes/);
  countersign(["demo", "--runs", "1", "--seed", "9", join(path, "more")]);
  await station.see("10 envelopes");
});
