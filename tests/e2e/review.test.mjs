// Looking at what somebody else has: nothing of it is changed, and whose keys count is the
// reviewer's to say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { countersign, demo, directory, footprint, json, open, runOf, until } from "./station.mjs";

/** Takes from everybody the right to write in a directory; gives what gives it back. */
function sealOff(path) {
  const all = ["", ...readdirSync(path, { recursive: true })].map((name) => join(path, name));
  for (const one of all) chmodSync(one, lstatSync(one).mode & 0o555);
  return () => all.forEach((one) => chmodSync(one, lstatSync(one).mode | 0o200));
}

/** The digest of a pack: of its list. */
function digestOf(zip) {
  const list = execFileSync("unzip", ["-p", zip, "SHA256SUMS"]);
  return createHash("sha256").update(list).digest("hex");
}

test("a foreign directory is reviewed with different keys, and stays unchanged", async (t) => {
  const path = demo(t);
  const giveBack = sealOff(path);
  try {
    const before = footprint(path);
    const station = await open(t, ["--review", path]);
    await station.see(`Reviewing ${path} Read-only`);
    await station.see("9 envelopes");
    await station.see("Whose keys they are is only claimed by the sender");
    await station.see("A directory has no list of its files");
    await station.shot("review-directory");
    await station.click("button", "Queue");
    // Never an empty pane.
    await station.see("Ladder", { within: "[aria-label=Envelope]" });
    await station.row("DEC-009");
    await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
    await station.shot("review");

    await station.choose("Judged by", "Keys of this station");
    await station.see("0 of 2 count", { within: "[aria-label=Envelope]" });
    await station.see("Judged by other keys", { within: "[aria-label=Envelope]" });
    assert.doesNotMatch(await station.text("[aria-label=Envelope]"), /Changed on disk/);
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
  const digest = digestOf(one);
  const station = await open(t, ["--review", one]);
  await station.see(`Reviewing ${one}`);
  // A scanner types and ends with Enter; the field has the focus.
  await station.type(`SHA256:${digest.toUpperCase()}`);
  await station.press("Enter");
  await station.see("Same digest");
  await station.drop(other);
  await station.see(`Reviewing ${other}`);
  assert.doesNotMatch(await station.text(), /Same digest/);
  await station.fill("Digest you were told", digest);
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
  // A place of its own: other stations unpack beside it.
  const place = directory(t);
  const unpacked = () =>
    readdirSync(place).filter((name) => name.startsWith("countersign-review-"));
  station = await open(t, ["--review", zip], { env: { TMPDIR: place } });
  await station.see("1 envelope");
  await station.see(`Reviewing ${zip}`);
  await station.see("Every file matches the list");
  await station.click("button", "Queue");
  await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  await station.shot("review-pack");
  const [aside] = unpacked();
  assert.equal(lstatSync(join(place, aside)).mode & 0o777, 0o700);
  await station.click("button", "Stop reviewing");
  await station.see("What do you want to do?");
  await until("what was unpacked is gone", () => unpacked().length === 0);
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
  await station.see("Digest of the files that are here");
  await station.see("Digest of the list that came with them");
  await station.see("report.html");
  await station.fill("Digest you were told", digestOf(zip));
  await station.see("only the list has this digest");
  await station.shot("review-altered");
});

for (const size of [
  [1024, 700],
  [1280, 800],
]) {
  test(`a pack is reviewed and ends in a signed finding, at ${size.join(" by ")}`, async (t) => {
    const named = (name) => `desk-${name}-${size[0]}`;
    const [own, folder] = [demo(t), directory(t)];
    const zip = join(folder, "claims-2026.pack.zip");
    const keyring = join(own, "keyring.json");
    countersign(["pack", runOf(own, "DEC-007"), "--out", zip, "--keyring", keyring]);
    const before = footprint(zip);
    // The auditor knows the operator's key, and not the witness's.
    const { keys, ...rest } = json(keyring);
    const known = keys.filter(({ roles }) => roles.includes("operator"));
    writeFileSync(keyring, JSON.stringify({ ...rest, keys: known }));

    const station = await open(t, [own, "--demo"], { size });
    await station.see("9 envelopes");
    await station.drop(zip);
    await station.click("radio", "Review it read-only");
    // One act, and the verdict is on the screen.
    await station.click("button", "Review");
    await station.see("Every file matches the list");
    await station.see("By your keys");
    await station.see("L5");
    await station.shot(named("open"));
    await station.type(digestOf(zip));
    await station.press("Enter");
    await station.see("Same digest");
    await station.shot(named("told"));

    await station.click("button", "Add a note on DEC-007");
    await station.fill("Note on DEC-007", "Asked the witness for the fingerprint by telephone.");
    await station.choose("Judged by", "Any key that verifies");
    await station.see("not who signed");
    await station.choose("Judged by", "Keys of this station");
    await station.click("radio", "Accept with reservations");
    await station.shot(named("finding"));
    await station.click("button", "Sign the finding…");
    await station.see("Choose key and place");
    await station.click("radio", "ds-demo-2026-01");
    await station.click("radio", "Operator");
    const finding = join(folder, "claims-2026.finding.json");
    await station.fill("New file", finding);
    await station.shot(named("key"));
    await station.click("button", "Enter the passphrase");
    await station.see("Used once, for this finding");
    await station.fill("Passphrase", "demo");
    await station.press("Enter");
    await station.see("To print and file");
    await station.shot(named("signed"));
    await station.close();

    assert.deepEqual(footprint(zip), before);
    const judged = countersign(["finding", "verify", finding, zip, "--keyring", keyring, "--json"]);
    const { standing, statement } = JSON.parse(String(judged));
    assert.equal(standing, "holds");
    assert.equal(statement.predicate.told, "same");
    assert.equal(statement.predicate.envelopes[0].note.startsWith("Asked the witness"), true);
    assert.equal(statement.subject[0].digest.sha256, digestOf(zip));
    assert.ok(existsSync(finding.replace(".json", ".html")));
  });
}
