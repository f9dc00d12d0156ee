// An authority vouches for the time of signatures: its root is trusted, it is asked from a machine
// with a network, and what it answers is dropped on the window.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { timeAuthority } from "./authority.mjs";
import { faults, look } from "./look.mjs";
import { countersign, demo, directory, open, runOf, snapshot, until } from "./station.mjs";

const ENVELOPE = { within: "[aria-label=Envelope]" };
const SIGNATURE = "[aria-label^='Signature of']";
const SETTINGS = { within: "[aria-labelledby=settings-section]" };

/** Answers the system's dialog for a file, as a person at the keyboard does. */
async function choose(title, path) {
  const xdotool = (...words) => String(spawnSync("xdotool", words).stdout).trim();
  const dialog = await until("the dialog", () =>
    xdotool("search", "--onlyvisible", "--name", `^${title}$`),
  );
  // Without a window manager, whoever has the pointer has the keyboard.
  xdotool("mousemove", "--window", dialog, "200", "200");
  xdotool("windowfocus", "--sync", dialog);
  // The first letter opens the field that the others go into.
  xdotool("key", "--delay", "500", "slash");
  xdotool("type", "--delay", "20", path.slice(1));
  xdotool("key", "--delay", "200", "Return");
  await until("the dialog is gone", () => {
    const left = xdotool("search", "--onlyvisible", "--name", `^${title}$`);
    if (left) xdotool("key", "--delay", "200", "Return");
    return !left;
  });
}

/** Unfolds the line of somebody's signature and brings its card into sight. */
async function unfold(station, signer) {
  await station.click("button", signer);
  await scrollTo(station, SIGNATURE);
}

/** Scrolls something into sight, as a person does who looks for it. */
function scrollTo(station, selector) {
  return station.page((one) => document.querySelector(one).scrollIntoView(), selector);
}

/** What the command line says of the times of a run's signatures. */
function times(path, decision) {
  const keyring = ["--keyring", join(path, "keyring.json")];
  const run = runOf(path, decision);
  return String(countersign(["time", "show", "--json", ...keyring, run]))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("an authority is trusted, asked about two envelopes, and vouches for their times", async (t) => {
  const [path, out] = [demo(t), directory(t)];
  const authority = timeAuthority(t, "Example TSA");
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.row("DEC-008");
  await station.see("signed by the key", ENVELOPE);

  await station.press("g", "s");
  await station.click("button", "Time-stamping roots");
  await station.see("Demonstration time root", SETTINGS);
  await station.click("button", "Add time-stamping roots…");
  await choose("A root certificate", authority.root);
  await station.see("can vouch for any time");
  await look(station, "time-roots-add");
  await station.click("check", "CN=Example TSA Root");
  await station.click("button", "Add 1 certificate");
  await station.see("CN=Example TSA Root", SETTINGS);
  await scrollTo(station, SETTINGS.within);
  await look(station, "time-roots");

  await station.press("g", "q");
  await station.row("DEC-007");
  await station.press("x");
  await station.row("DEC-008");
  await station.press("x");
  await station.see("2 selected");
  await look(station, "time-selection");
  await station.click("button", "Ask for a time stamp…");
  const folder = join(out, "ask");
  await station.fill("Folder", folder);
  await look(station, "time-request");
  await station.click("button", "Write the requests");
  await station.see("4 requests written");
  await look(station, "time-requested");
  await station.press("Escape");
  assert.ok(readdirSync(folder).includes("send.sh"));

  // On the machine with a network one response gets the name of another, and one is still missing.
  const [first, second, third] = authority.answer(folder);
  renameSync(`${third}.tsr`, `${third}.later`);
  copyFileSync(`${first}.tsr`, `${second}.tsr`);
  await station.drop(folder);
  await station.see("Each response of a time-stamping authority is verified");
  await look(station, "time-import");
  await station.click("button", "Verify and import");
  await station.see("2 time stamps added");
  await station.see("1 response left out");
  await station.see("The time stamp is about something else than this signature.");
  await station.see("1 request without a response yet");
  await station.see("vouched for by CN=Example TSA,O=Example");
  await look(station, "time-imported");
  await station.press("Escape");

  authority.reply(`${second}.tsq`, `${second}.tsr`);
  renameSync(`${third}.later`, `${third}.tsr`);
  await station.drop(`${second}.tsr`, `${third}.tsr`);
  await station.click("button", "Verify and import");
  await station.see("2 time stamps added");
  await station.click("button", "Show");
  for (const decision of ["DEC-007", "DEC-008"]) {
    await station.row(decision);
    await station.see(decision, ENVELOPE);
    await station.see("vouched for by CN=Example TSA,O=Example", ENVELOPE);
    for (const one of times(path, decision)) assert.equal(one.kind, "trusted");
  }
  await unfold(station, "demo.hardware-witness");
  await look(station, "time-trusted");
  await station.press("Escape");

  // One request is a code too, and its response finds its signature alone.
  await station.row("DEC-005");
  await station.see("DEC-005", ENVELOPE);
  await station.press("t");
  await station.fill("Folder", join(out, "one"));
  await station.click("button", "Write the requests");
  await station.see("1 request written");
  await look(station, "time-requested-one");
  await station.press("Escape");
  const [alone] = authority.answer(join(out, "one"));
  renameSync(`${alone}.tsr`, join(out, "download.tsr"));
  await station.drop(join(out, "download.tsr"));
  await station.click("button", "Verify and import");
  await station.see("1 time stamp added");
  await station.press("Escape");
  await station.see("vouched for by CN=Example TSA,O=Example", ENVELOPE);

  // Everything is judged again by the roots that are left.
  const before = snapshot(path);
  await station.press("g", "s");
  await station.click("button", "Remove CN=Example TSA Root");
  await station.see("The times it vouched for are no longer trusted");
  await station.see(/Of \d+ envelopes|Nothing changes/u);
  await station.click("button", "Remove root");
  await station.see("The certificate is removed.");
  await station.press("g", "q");
  await unfold(station, "o.operator");
  await station.see("unknown time-stamping authority", ENVELOPE);
  const text = await station.see("signed by the key", ENVELOPE);
  assert.ok(!text.includes("vouched for by"), text);
  await look(station, "time-unknown");
  const after = snapshot(path);
  for (const file of Object.keys(before)) {
    if (!file.startsWith("tsa-roots")) assert.equal(after[file], before[file], file);
  }
  await station.press("g", "h");
  await station.click("button", "Journal");
  await station.see("time stamp");
});

test("a time stamp is renewed before the certificate of its authority ends", async (t) => {
  const [path, out] = [demo(t), directory(t)];
  const keyring = ["--keyring", join(path, "keyring.json")];
  const [brief, lasting] = [
    timeAuthority(t, "Brief TSA", { days: 60 }),
    timeAuthority(t, "Lasting TSA"),
  ];
  mkdirSync(join(path, "tsa-roots"), { recursive: true });
  for (const [at, { root }] of [brief, lasting].entries()) {
    copyFileSync(root, join(path, "tsa-roots", `authority-${at}.pem`));
  }
  const run = runOf(path, "DEC-008");
  countersign(["time", "request", ...keyring, "--out", join(out, "first"), run]);
  brief.answer(join(out, "first"));
  countersign(["time", "import", ...keyring, join(out, "first")]);

  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-008");
  await station.see("renew its time stamps before then", ENVELOPE);
  await unfold(station, "demo.hardware-witness");
  await station.see("Renew the time stamp before then.", ENVELOPE);
  await look(station, "time-ending");
  await station.click("button", "Ask for a renewal…");
  await station.fill("Folder", join(out, "second"));
  await station.click("button", "Write the requests");
  await station.see("2 requests renew a time stamp");
  await station.press("Escape");
  lasting.answer(join(out, "second"));
  await station.drop(join(out, "second"));
  await station.click("button", "Verify and import");
  await station.see("2 time stamps added");
  await station.click("button", "Show");
  await until("nothing ends any more", async () => {
    const text = await station.text(ENVELOPE.within);
    return text.includes("vouched for by CN=Brief TSA,O=Example") && !text.includes("Renew");
  });
});

test("what is seen has no violation that axe finds, scrolls sideways or has words over words", () => {
  assert.deepEqual(faults, {});
});
