// Looking at what somebody else has: nothing of it is changed, and whose keys count is the
// reviewer's to say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, directory, footprint, open, runOf, until } from "./station.mjs";

/** Takes from everybody the right to write in a directory; gives what gives it back. */
function sealOff(path) {
  const all = ["", ...readdirSync(path, { recursive: true })].map((name) => join(path, name));
  for (const one of all) chmodSync(one, lstatSync(one).mode & 0o555);
  return () => all.forEach((one) => chmodSync(one, lstatSync(one).mode | 0o200));
}

const unpacked = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("countersign-review-"));

test("a foreign directory is reviewed with different keys, and stays unchanged", async (t) => {
  const path = demo(t);
  const giveBack = sealOff(path);
  try {
    const before = footprint(path);
    const station = await open(t, ["--review", path]);
    await station.see(`Reviewing ${path} Read-only`);
    await station.see("9 envelopes");
    await station.see("Whose keys they are is only claimed by the sender");
    await station.row("DEC-009");
    await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
    await station.shot("review");

    await station.choose("Judged by", "Keys of this station");
    await station.see("0 of 2 count", { within: "[aria-label=Envelope]" });
    await station.choose("Judged by", "Any key that verifies");
    await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
    await station.see("not who signed");

    assert.equal(await station.find("button", "Add a signature"), null);
    await station.press("s");
    await station.see("You cannot sign during a review");
    await station.press("m");
    await station.see("You cannot merge during a review");
    // Not only the buttons: the station itself refuses.
    for (const [command, words] of [
      ["act_begin", { ids: [0] }],
      ["register", { id: 0, confirmation: "0".repeat(64) }],
      ["merge", { sources: [] }],
      ["import_envelopes", { path: "/nowhere.zip", digest: "0".repeat(64) }],
      ["pack_envelope", { id: 0, path: join(path, "pack") }],
      ["export_envelopes", { ids: [0], path: join(path, "export.zip") }],
    ]) {
      const refused = await station.page(
        (command, words) =>
          window.__TAURI_INTERNALS__.invoke(command, words).then(
            () => "done",
            (failure) => failure.code,
          ),
        command,
        words,
      );
      assert.equal(refused, "reviewing", command);
    }
    await station.close();
    assert.deepEqual(footprint(path), before);
    const { state } = station;
    const kept = readdirSync(state).filter((name) => name.startsWith("catalogue"));
    assert.deepEqual(kept, [], "nothing is kept");
  } finally {
    giveBack();
  }
});

test("a review starts from one's own work, and returns to it", async (t) => {
  const [own, foreign] = [demo(t), demo(t, 3)];
  const before = footprint(foreign);
  const station = await open(t, [own, "--demo"]);
  await station.see("9 envelopes");
  await station.drop(foreign);
  await station.click("radio", "Review it read-only");
  await station.click("button", "Review");
  await station.see("3 envelopes");
  await station.see(`Reviewing ${foreign}`);
  await station.click("button", "Stop reviewing");
  await station.see("9 envelopes");
  assert.doesNotMatch(await station.text(), /Reviewing/);
  await station.row("DEC-005");
  await station.see("Co-sign as witness…");
  await station.close();
  assert.deepEqual(footprint(foreign), before);
});

test("a compared digest belongs to one review only", async (t) => {
  const path = demo(t);
  const folder = directory(t);
  const [one, other] = [join(folder, "one.zip"), join(folder, "other.zip")];
  for (const [decision, out] of [
    ["DEC-007", one],
    ["DEC-006", other],
  ]) {
    const keyring = join(path, "keyring.json");
    countersign(["pack", runOf(path, decision), "--out", out, "--keyring", keyring]);
  }
  const list = execFileSync("unzip", ["-p", one, "SHA256SUMS"]);
  const digest = createHash("sha256").update(list).digest("hex");
  const station = await open(t, ["--review", one]);
  await station.see(`Reviewing ${one}`);
  await station.click("summary", "Digest, to compare with the sender");
  await station.fill("Digest you were told", digest);
  await station.click("button", "Compare");
  await station.see("Same digest");
  await station.drop(other);
  await station.click("radio", "Review it read-only");
  await station.click("button", "Review");
  await station.see(`Reviewing ${other}`);
  assert.doesNotMatch(await station.text(), /Same digest/);
  await station.click("summary", "Digest, to compare with the sender");
  await station.fill("Digest you were told", digest);
  await station.click("button", "Compare");
  await station.see("Different digest");
});

test("a pack is made, unpacked privately for a review, and removed afterwards", async (t) => {
  const path = demo(t);
  const folder = directory(t);
  const [zip, changed] = [join(folder, "one.zip"), join(folder, "changed")];
  let station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  const own = footprint(path);
  await station.row("DEC-007");
  await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  await station.press("p");
  await station.fill("Zip", zip);
  await station.click("button", "Pack");
  await station.see("Packed at L5");
  await station.shot("pack");
  await station.close();
  assert.deepEqual(footprint(path), own, "what is packed is only read");
  countersign(["verify", zip]);

  const before = footprint(zip);
  // A station that was killed may have left one.
  const left = new Set(unpacked());
  const here = () => unpacked().filter((name) => !left.has(name));
  station = await open(t, ["--review", zip]);
  await station.see("1 envelope");
  await station.see(`Reviewing ${zip}`);
  await station.row("DEC-007");
  await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  await station.shot("review-pack");
  const [aside] = here();
  assert.equal(lstatSync(join(tmpdir(), aside)).mode & 0o777, 0o700);
  await station.click("button", "Stop reviewing");
  await station.see("Open a directory of sealed runs");
  await until("what was unpacked is gone", () => here().length === 0);
  assert.deepEqual(footprint(zip), before);
  await station.close();

  // A pack that was changed since it was made.
  countersign([
    "pack",
    runOf(path, "DEC-007"),
    "--out",
    changed,
    "--keyring",
    join(path, "keyring.json"),
  ]);
  writeFileSync(join(changed, "report.html"), "<p>All is well.</p>");
  assert.ok(existsSync(join(changed, "SHA256SUMS")));
  station = await open(t, ["--review", changed]);
  await station.see("Do not rely on it");
  await station.see("There is no digest to compare");
  await station.see("report.html");
  await station.shot("review-altered");
});
