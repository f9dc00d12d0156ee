// Every view in light and dark: without a violation that axe finds; with `--pictures`, its pictures for
// the eye, in target/screenshots.

import assert from "node:assert/strict";
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { faults, look } from "./look.mjs";
import {
  countersign,
  demo,
  directory,
  open,
  runOf,
  trustVirtualRoots,
  yubikey,
} from "./station.mjs";

test("the history and the journal", async (t) => {
  const path = directory(t);
  countersign(["demo", "--history", "3000", path]);
  const station = await open(t, [path, "--demo"]);
  await station.see("envelopes");
  await station.press("g", "h");
  await station.see("3\u202f000 signatures by 13 people");
  await look(station, "history");
  await station.press("+", "+", "+", "+", "j");
  await station.see("Verify elsewhere");
  await look(station, "history-signature");
  await station.click("button", "Table");
  await look(station, "history-table");
  await station.click("button", "Journal");
  await station.see("The chain holds");
  await look(station, "history-journal");
});

test("the queue, the envelope and the help", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await look(station, "queue");
  await station.row("DEC-009");
  await station.see("Nothing is missing");
  await look(station, "envelope-complete");
  await station.row("DEC-005");
  await station.see("A witness is missing");
  await look(station, "envelope");
  await station.click("button", "L4");
  await station.click("button", "valid");
  await station.click("button", "Verify elsewhere");
  await look(station, "envelope-opened");
  await station.row("DEC-001");
  await station.see("content was changed");
  await look(station, "envelope-inadmissible");
  await station.press("?");
  await station.see("Keyboard");
  await look(station, "help");
  await station.press("Escape");
  await station.click("button", "Trouble");
  await station.click("field", "Search");
  await station.type("nothing like this");
  await station.see("Nothing found");
  await look(station, "nothing-found");
});

test("what is merged, carried, packed and reviewed", async (t) => {
  const [path, stick, out] = [demo(t), demo(t), directory(t)];
  // What has no signatures here has them there, and the other way round.
  rmSync(`${runOf(path, "DEC-007")}.sig.json`);
  const signatures = `${runOf(path, "DEC-006")}.sig.json`;
  renameSync(signatures, signatures.replace(/json$/, "sync-conflict-20261125-072401-ABCDEFG.json"));
  const station = await open(t, [path, "--demo"]);
  await station.see("1 conflict copy is here");
  await look(station, "conflict-copies");
  await station.drop(stick);
  await station.see("What do you want to do with");
  await look(station, "dropped");
  await station.click("radio", "Merge it into");
  await station.click("button", "Merge into");
  await station.see("would be added");
  await look(station, "merge");
  await station.press("Escape");
  await station.row("DEC-007");
  await station.press("e");
  await station.fill("File", join(out, "one.zip"));
  await look(station, "export");
  await station.click("button", "Export");
  await station.see("1 envelope in one file");
  await look(station, "exported");
  await station.press("Escape");
  await station.press("i");
  await station.see("An export from another station");
  await look(station, "import-choose");
  await station.press("Escape");
  await station.drop(join(out, "one.zip"));
  await station.click("button", "Import into");
  await station.see("Compare the digest");
  await look(station, "import");
  await station.press("Escape");
  await station.press("p");
  await station.fill("Zip", join(out, "pack.zip"));
  await look(station, "pack");
  await station.click("button", "Pack");
  await station.see("Packed at");
  await look(station, "packed");
  await station.press("Escape");
  await station.press("v");
  await station.see("is opened read-only");
  await look(station, "review-choose");
  await station.press("Escape");
  await station.drop(join(out, "pack.zip"));
  await station.click("radio", "Review it read-only");
  await station.click("button", "Review");
  await station.see("Every file matches the list");
  await station.see("What would you have to trust?");
  await look(station, "review-desk");
  await station.click("radio", "Reject");
  await station.click("button", "Add a note on DEC-007");
  await station.fill("Note on DEC-007", "The witness is unknown to us.");
  await station.fill("Digest you were told", "0".repeat(64));
  await station.see("Different digest");
  await look(station, "review-finding");
  await station.click("button", "Sign the finding…");
  await station.see("Choose key and place");
  await look(station, "finding");
  await station.press("Escape");
  await station.click("button", "Queue");
  await station.see("DEC-007", { within: "[aria-label=Envelope]" });
  await look(station, "review");
});

test("the ceremony", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-003");
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  await station.press("s");
  await station.see("Read what you sign");
  await look(station, "ceremony-reading");
  await station.click("button", "I have read this");
  await station.click("radio", "ds-demo-2026-01");
  await station.see("from the keyring");
  await look(station, "ceremony-choosing");
  await station.click("button", "Enter the passphrase");
  await station.see("Used once");
  await look(station, "ceremony-secret");
  await station.fill("Passphrase", "wrong");
  await station.press("Enter");
  await station.see("passphrase is wrong");
  await look(station, "ceremony-wrong");
  await station.fill("Passphrase", "demo");
  await station.press("Enter");
  await station.see("Files written");
  await look(station, "ceremony-done");
  await station.press("Escape");

  await station.row("DEC-004");
  await station.see("triage threshold", { within: "[aria-label=Envelope]" });
  await station.press("s");
  await station.click("button", "I have read this");
  await station.click("radio", "ds-demo-2026-02");
  await station.click("button", "Enter the passphrase");
  await station.fill("Passphrase", "demo");
  writeFileSync(runOf(path, "DEC-004"), " ", { flag: "a" });
  await station.press("Enter");
  await station.see("changed since it was read");
  await look(station, "ceremony-refused");
});

test("a YubiKey, from the strip to the touch", async (t) => {
  const path = demo(t);
  trustVirtualRoots(path);
  const key = await yubikey(t, ["--touch-timeout", "60000"]);
  await key.insert();
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see(/99000001.*3 attempts left/u);
  await station.row("DEC-005");
  await station.see("Ladder");
  await look(station, "yubikey-strip");
  await station.press("g", "d");
  await station.see("Attested: generated on YubiKey 99000001");
  await look(station, "yubikey-device");
  await station.click("button", "Change PIN");
  await station.see("New PIN again");
  await look(station, "yubikey-change-pin");
  await station.press("Escape");
  await station.click("button", "Enrol the key of slot 9c");
  await station.fill("Key id", "ds-demo-2026-07");
  await station.fill("Owner", "y.witness");
  await station.click("check", "Witness");
  await look(station, "yubikey-enrol");
  await station.click("button", "Enrol key");
  await station.see("ds-demo-2026-07 of y.witness");
  await station.press("Escape");

  await station.row("DEC-005");
  await station.see("A witness is missing");
  await station.press("s");
  await station.click("button", "I have read this");
  await station.click("radio", "YubiKey 99000001");
  await look(station, "yubikey-choosing");
  await station.click("button", "Enter the PIN");
  await station.see("PIN of YubiKey");
  await look(station, "yubikey-pin");
  await station.fill("PIN", "123456");
  await station.press("Enter");
  await station.see("Touch your YubiKey now");
  await look(station, "yubikey-touch");
  await key.touch();
  await key.touch();
  await key.touch();
  await station.see("Files written");
  await look(station, "yubikey-done");
});

test("keys and settings", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  await station.press("g", "k");
  await station.see("3 of 3 keys");
  await station.click("button", "Details of ds-demo-2026-03");
  await station.see("Fingerprint");
  await look(station, "keys");
  await station.click("button", "Revoke…");
  await station.see("cannot be taken back");
  await look(station, "keys-revoke");
  await station.press("Escape");
  await station.click("button", "Enrol…");
  await station.click("button", "Enrol key");
  await station.see("Choose a file, or paste");
  await look(station, "keys-enrol");
  await station.press("Escape");
  await station.click("button", "Create software key");
  await station.see("encrypted with a passphrase");
  await look(station, "keys-create");
  await station.press("Escape");

  await station.press("g", "s");
  await station.see("Same as the system");
  await look(station, "settings");
  await station.click("button", "Policy");
  await station.see("Whose signatures count");
  await look(station, "settings-policy");
  await station.click("button", "Change: Signatures for L4");
  await station.fill("Signatures for L4", "3");
  await station.see(/Of 9 envelopes/u);
  await look(station, "settings-change");
  await station.press("Escape");
  await station.click("button", "Signers");
  const fails = join(station.state, "fails.sh");
  writeFileSync(fails, "#!/bin/sh\necho 'no such key' >&2\nexit 3\n");
  chmodSync(fails, 0o755);
  await station.click("button", "Add signer…");
  await station.fill("Name", "vault");
  await station.fill("Who signs", "mira.k");
  await station.fill("Key id", "vault-1");
  await station.click("radio", "External command");
  await station.fill("Command", fails);
  const algorithm = await station.browser.$(await station.need("field", "Algorithm"));
  await algorithm.selectByAttribute("value", "ed25519");
  await station.fill("Public key", "HKLINjRZEAe2AduaGeCoFyDgBhVgTN5kzFaJxg4OYZo=");
  await station.click("button", "Probe");
  await station.see("no such key");
  await look(station, "settings-signer");
});

test("nothing open, an empty directory, and one that disappears", async (t) => {
  const nothing = await open(t, []);
  await nothing.see("What do you want to do?");
  await look(nothing, "no-directory");
  await nothing.press("g", "k");
  await nothing.see("The keyring is empty");
  await look(nothing, "keys-empty");
  await nothing.close();

  const empty = directory(t);
  const station = await open(t, [empty]);
  await station.see("No sealed runs here");
  await look(station, "empty");
  await station.close();

  const path = demo(t);
  const gone = await open(t, [path, "--demo"]);
  await gone.row("DEC-005");
  await gone.see("Ladder", { within: "[aria-label=Envelope]" });
  t.after(() => rmSync(`${path}.away`, { recursive: true, force: true }));
  renameSync(path, `${path}.away`);
  await gone.see("The directory has disappeared");
  await look(gone, "gone");
});

test("hostile content", async (t) => {
  const from = runOf(demo(t), "DEC-003");
  const path = directory(t);
  const run = JSON.parse(readFileSync(from, "utf8"));
  run.decision_state.title = `<script>alert(1)</script> \u202eevil\u202c ${"long ".repeat(500)}`;
  run.decision_state.decision_id = "x".repeat(300);
  run.authority_envelope.actor.id = "<img src=x onerror=alert(1)>";
  run.authority_envelope.enforcement.gate_outcomes = Array.from({ length: 10_000 }, (_, n) => ({
    gate: `gate_${"y".repeat(n % 200)}`,
    result: n % 3 ? "pass" : "fail",
  }));
  writeFileSync(join(path, "RUN-00000001_20260101T000000Z.json"), JSON.stringify(run));
  writeFileSync(join(path, "RUN-00000002_20260101T000000Z.json"), "{ not JSON");
  const station = await open(t, [path]);
  await station.see("2 envelopes");
  await station.row("<script>");
  await station.see("⟨U+202E⟩evil", { within: "[aria-label=Envelope]" });
  await look(station, "hostile");
  await station.row("Cannot be read");
  await station.see("This file cannot be read as a sealed run");
  await look(station, "unreadable");
});

test("no view has a violation that axe finds, scrolls sideways or has words over words", () => {
  assert.deepEqual(faults, {});
});
