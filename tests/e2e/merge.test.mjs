// Copies signed elsewhere, and envelopes that are carried: dropped, looked at, united.

import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

import {
  countersign,
  demo,
  directory,
  footprint,
  json,
  levelOf,
  open,
  runOf,
  until,
} from "./station.mjs";

/** The witness of the demonstration signs a run there. */
function witness(path, decision) {
  const key = ["--key-id", "ds-demo-2026-02", "--key-file", join(path, "keys/witness.key.pem")];
  countersign(
    [
      ...["sign", runOf(path, decision), "--role", "witness", "--signer", "w.witness", ...key],
      ...["--passphrase-fd", "0", "--journal", join(path, "journal.ndjson")],
    ],
    { input: "demo\n" },
  );
}

/** A demo directory, and a copy of it on a stick where the witness has signed DEC-005. */
function signedApart(test) {
  const path = demo(test);
  const stick = directory(test);
  cpSync(path, stick, { recursive: true });
  witness(stick, "DEC-005");
  return { path, stick };
}

test("a dropped directory is merged after a full preview", async (t) => {
  const { path, stick } = signedApart(t);
  const before = [footprint(path), footprint(stick)];
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.drop(stick);
  await station.see(`What do you want to do with ${basename(stick)}?`);
  await station.click("radio", "Merge it into");
  await station.click("button", "Merge into");
  const said = await station.see("2 signatures would be added to 1 envelope");
  assert.match(said, /Would be added w\.witness, witness on the run/);
  assert.match(said, /Would be added w\.witness, witness on the manifest/);
  assert.match(said, /Nothing has been written yet/);
  await station.shot("merge-preview");
  assert.deepEqual([footprint(path), footprint(stick)], before, "nothing was written");

  await station.click("button", "Merge: add 2 signatures");
  await station.see("2 signatures added to 1 envelope");
  await station.see("The copies are unchanged.");
  await station.shot("merge-done");
  assert.deepEqual(footprint(stick), before[1], "the copies are only read");
  assert.equal(levelOf(path, "DEC-005"), 5);
  const journal = readFileSync(join(station.state, "journal.ndjson"), "utf8");
  const merged = journal
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .find((line) => line.event === "merged");
  assert.equal(merged.file, runOf(path, "DEC-005"));
  assert.equal(merged.files.length, 2);
  countersign(["journal", "verify", join(station.state, "journal.ndjson")]);

  await station.click("button", "Show ");
  await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  await station.drop(stick);
  await station.click("radio", "Merge it into");
  await station.click("button", "Merge into");
  await station.see("Everything in the copies is already here.");
});

test("conflict copies are noticed, and disappear once they are merged", async (t) => {
  const { path, stick } = signedApart(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  const name = `${basename(runOf(path, "DEC-005"))}.sig`;
  const conflict = join(path, `${name}.sync-conflict-20261125-072401-ABCDEFG.json`);
  cpSync(join(stick, `${name}.json`), conflict);
  await station.see("1 conflict copy is here");
  await station.shot("conflict-copies");
  await station.press("m");
  await station.see("1 signature would be added to 1 envelope");
  await station.see("a conflict copy of Syncthing");
  await station.click("button", "Merge: add 1 signature");
  await station.see("1 signature added to");
  await station.press("Escape");
  await until(
    "the notice is gone",
    async () => !/conflict copy is here/.test(await station.text()),
  );
  assert.ok(existsSync(conflict), "the copy is left alone");
  assert.equal(json(`${runOf(path, "DEC-005")}.sig.json`).signatures.length, 2);
});

test("a forged copy is left out, named, and changes nothing", async (t) => {
  const { path, stick } = signedApart(t);
  const signatures = `${runOf(stick, "DEC-005")}.sig.json`;
  const file = json(signatures);
  const last = file.signatures.at(-1);
  last.signature = last.signature.replace(/^./u, (first) => (first === "A" ? "B" : "A"));
  writeFileSync(signatures, JSON.stringify({ ...file, signatures: [last] }));
  const before = footprint(path);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.drop(signatures);
  await station.see("the signature does not verify");
  await station.see("Nothing to merge");
  assert.equal(await station.find("button", "Merge"), null);
  assert.deepEqual(footprint(path), before);
});

test("an envelope is exported, compared by its digest, and imported elsewhere", async (t) => {
  const { path, stick } = signedApart(t);
  const out = join(directory(t), "carried.zip");
  const there = await open(t, [stick, "--demo"]);
  await there.see("9 envelopes");
  await there.row("DEC-005");
  await there.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  await there.press("e");
  await there.fill("File", out);
  const before = footprint(stick);
  await there.click("button", "Export");
  const said = await there.see("1 envelope in one file");
  await there.shot("export");
  assert.deepEqual(footprint(stick), before, "what is exported is only read");
  const digest = /Digest of the export .*?((?:[0-9a-f]{4} ){15}[0-9a-f]{4})/.exec(said)[1];
  const code = () => there.page(() => !!document.querySelector("[role=dialog] svg[role=img] path"));
  await until("the QR code is drawn", code);
  await there.close();

  const here = await open(t, [path, "--demo"]);
  await here.see("9 envelopes");
  await here.drop(out);
  await here.click("button", "Import into");
  const shown = await here.see("Compare the digest with the sender's");
  assert.ok(shown.includes(digest), shown);
  await here.shot("import");
  assert.equal(levelOf(path, "DEC-005"), 3, "nothing is written before it is confirmed");
  await here.click("button", "The digest is the same: import 1 envelope");
  await here.see("2 signatures imported");
  await here.see("The import is complete.");
  await here.shot("imported");
  assert.equal(levelOf(path, "DEC-005"), 5);
});

test("a file that was modified on the way is not imported", async (t) => {
  const { path, stick } = signedApart(t);
  const out = join(directory(t), "carried.zip");
  countersign(["export", runOf(stick, "DEC-005"), "--out", out]);
  const bytes = readFileSync(out);
  const half = join(directory(t), "half.zip");
  writeFileSync(half, bytes.subarray(0, bytes.length - 40));
  const before = footprint(path);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.drop(half);
  await station.click("button", "Import into");
  await station.see(/not a zip that can be read/);
  assert.equal(await station.find("button", "The digest is the same"), null);
  await station.press("Escape");
  // One that went while it was looked at.
  await station.drop(out);
  await station.click("button", "Import into");
  await station.see("Compare the digest");
  renameSync(out, `${out}.gone`);
  await station.click("button", "The digest is the same");
  await station.see(/no such file/);
  assert.deepEqual(footprint(path), before);
});
