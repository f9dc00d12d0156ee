// A person signs: by mouse, by keyboard alone, in vain, and not at all.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

import {
  countersign,
  demo,
  json,
  levelOf,
  open,
  outside,
  runOf,
  sha256,
  snapshot,
  until,
} from "./station.mjs";

/** Opens the ceremony over a decision, and goes as far as is asked. */
async function begin(station, decision, { key, role, until: last } = {}) {
  await station.row(decision);
  await station.see(decision, { within: "[aria-label=Envelope]" });
  await station.see("Ladder", { within: "[aria-label=Envelope]" });
  await station.toSign();
  await station.see("Read what you sign");
  if (last === "reading") return;
  await station.click("button", "I have read this");
  await station.see("Choose key, name and role");
  if (last === "choosing") return;
  await station.click("radio", key);
  if (role) await station.click("radio", role);
  await station.click("button", "Enter the passphrase");
  await station.see("Used once, for this signature");
}

const VERDICT = { within: "[aria-label=Verdict]" };
const BAR = { within: "[aria-label='What you sign']" };

/** The SHA-256 of what is signed of a run. */
const digestOf = (run) => sha256(countersign(["canonical"], { input: readFileSync(run) }));

/** OpenSSL says of every signature in a file that it holds, from the file's own instructions. */
function holdsByOpenssl(file) {
  const signed = json(file);
  for (const { verification_instructions } of signed.signatures ?? [signed]) {
    const ran = spawnSync("sh", ["-c", verification_instructions], { cwd: dirname(file) });
    assert.equal(ran.status, 0, String(ran.stderr));
  }
}

test("a run is signed by mouse", async (t) => {
  const path = demo(t);
  const run = runOf(path, "DEC-003");
  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-003");
  await station.see("L1. An operator and a witness are missing.", VERDICT);
  await begin(station, "DEC-003", { key: "ds-demo-2026-01" });
  // Beside the secret stands what is signed, and what that changes.
  const digest = digestOf(run);
  await station.see(/L1 → L2/u, BAR);
  await station.see(digest.match(/.{4}/gu).join(" "), BAR);
  await station.fill("Passphrase", "demo");
  await station.click("button", "Sign DEC-003 as operator");
  const said = await station.see("Files written");
  assert.match(said, /L1 L2/);
  assert.ok(said.includes(`${basename(run)}.sig.json`), said);
  await station.click("button", "Close");
  await station.see("L2", { within: "[aria-label=Verdict]" });
  await station.see("L2. A witness is missing.", VERDICT);
  await station.see(/operator holds o\.operator.*witness waiting/isu, VERDICT);
  await station.see("1 of 2 count", { within: "[aria-label=Envelope]" });

  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["verify", "--level", "L2", ...keyring, run]);
  const signed = json(`${run}.sig.json`);
  assert.equal(signed.signer_id, "o.operator");
  assert.equal(signed.role, "operator");
  assert.equal(signed.signing_key_id, "ds-demo-2026-01");
  holdsByOpenssl(`${run}.sig.json`);
  holdsByOpenssl(run.replace(/\.json$/, ".manifest.json.sig.json"));
});

test("a run is co-signed and registered by keyboard alone", async (t) => {
  const path = demo(t);
  const run = runOf(path, "DEC-004");
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");

  /** Walks down until the run that is read is this one. */
  async function walkTo(decision) {
    for (let step = 0; step < 9; step++) {
      const at = await station.page(
        () => document.querySelector("[role=option][aria-selected=true]")?.innerText ?? "",
      );
      if (at.includes(decision)) return station.see(decision, { within: "[aria-label=Envelope]" });
      const here = await station.page(() => document.querySelector("[aria-selected=true]")?.id);
      await station.press("j");
      await until("another row is selected", async () => {
        const next = await station.page(() => document.querySelector("[aria-selected=true]")?.id);
        return next && next !== here;
      });
    }
    return assert.fail(`${decision} is not reached`);
  }

  await walkTo("DEC-004");
  await station.press("j", "k");
  await walkTo("DEC-004");
  await station.press("Enter");
  assert.match(await station.focus(), /triage threshold/, "what is read has the focus");
  await station.press("s");
  await station.see("Read what you sign");

  /** Tabs to what has this name, as one who sees only the focus. */
  async function tabTo(name) {
    for (let step = 0; step < 40; step++) {
      if ((await station.focus()).includes(name)) return;
      await station.press("Tab");
    }
    assert.fail(`Tab does not reach “${name}”`);
  }

  // First the way past what is read, then the button itself.
  await tabTo("I have read this");
  await station.press("Enter", "Enter");
  await station.see("Choose key, name and role");
  await tabTo("ds-demo-2026-0");
  await station.press("Down");
  for (let turn = 0; turn < 3 && !(await station.focus()).includes("ds-demo-2026-02"); turn++) {
    await station.press("Down");
  }
  await station.press("Space");
  await tabTo("Enter the passphrase");
  await station.press("Enter");
  await station.see("Used once, for this signature");
  await until("the passphrase has the focus", async () =>
    (await station.focus()).includes("Passphrase"),
  );
  await station.type("demo");
  await station.press("Enter");
  await station.see("Files written");
  await station.press("Enter");
  await station.see("2 of 2 count", { within: "[aria-label=Envelope]" });
  const envelope = json(`${run}.sig.json`);
  assert.deepEqual(
    envelope.signatures.map(({ signer_id }) => signer_id),
    ["o.operator", "w.witness"],
  );
  holdsByOpenssl(`${run}.sig.json`);

  assert.equal(levelOf(path, "DEC-004"), 2);
  await station.press("r");
  await station.see("This cannot be undone");
  await station.click("button", "Register DEC-004");
  await station.see("Registered in the transparency log");
  await station.see(`L${levelOf(path, "DEC-004")}`, {
    within: "[aria-label=Verdict] .badge",
  });
  assert.ok(levelOf(path, "DEC-004") >= 4);
});

test("what must not be signed is refused with the reason, and nothing is written", async (t) => {
  const path = demo(t);
  const before = snapshot(path);
  const station = await open(t, [path, "--demo"]);

  await begin(station, "DEC-003", { key: "ds-demo-2026-01" });
  await station.fill("Passphrase", "wrong");
  await station.click("button", "Sign DEC-003 as operator");
  await station.see("The passphrase is wrong");
  assert.deepEqual(snapshot(path), before);
  await station.press("Escape");

  // The operator of DEC-005 has signed it.
  await begin(station, "DEC-005", { until: "choosing" });
  await station.see(/ds-demo-2026-01.*signed already/);
  assert.equal(await station.find("radio", "ds-demo-2026-01"), null, "it cannot be chosen");
  await station.press("Escape");

  // Another program changes the run while it is read.
  const run = runOf(path, "DEC-003");
  await begin(station, "DEC-003", { key: "ds-demo-2026-01" });
  appendFileSync(run, "\n");
  const changed = snapshot(path);
  await station.fill("Passphrase", "demo");
  await station.click("button", "Sign DEC-003 as operator");
  await station.see("changed since it was read");
  assert.deepEqual(snapshot(path), changed);
  await station.click("button", "Try again");
  await station.see("Read what you sign");
});

test("a cancelled ceremony leaves every file unchanged", async (t) => {
  const path = demo(t);
  const before = snapshot(path);
  const station = await open(t, [path, "--demo"]);
  const closed = () =>
    until("the sheet is closed", () =>
      station.page(() => !document.querySelector("[role=dialog]")),
    );
  for (const last of ["reading", "choosing", "secret"]) {
    await begin(station, "DEC-003", { key: "ds-demo-2026-01", until: last });
    await station.press("Escape");
    await closed();
    assert.deepEqual(snapshot(path), before, last);
  }
  // Done, it is done: to close the sheet takes nothing back.
  await begin(station, "DEC-003", { key: "ds-demo-2026-01" });
  await station.fill("Passphrase", "demo");
  await station.press("Enter");
  await station.see("Files written");
  const after = snapshot(path);
  await station.press("Escape");
  await closed();
  assert.deepEqual(snapshot(path), after);
  assert.notDeepEqual(after, before);

  // A command that takes its time is ended, and what it would have said is not written.
  const { state } = station;
  await station.close();
  const { script, publicKey } = outside(state);
  const signer = ["--key-id", "slow-1", "--signer", "mira.k", "--algo", "rsa-pkcs1v15-sha256"];
  const asked = ["--command", script, "--public-key", publicKey, "--timeout", "60"];
  const settings = ["--settings", join(state, "settings.json")];
  countersign(["signers", "add", "slow", ...signer, ...asked, ...settings]);
  // It has passed its probe.
  writeFileSync(script, "#!/bin/sh\nread line < /dev/zero\n");
  const again = await open(t, [path], { state });
  await again.row("DEC-004");
  await again.see("Ladder", { within: "[aria-label=Envelope]" });
  await again.press("s");
  await again.see("Read what you sign");
  await again.click("button", "I have read this");
  await again.click("radio", "slow-1");
  await again.click("radio", "Witness");
  await again.click("button", "DEC-004 as witness");
  // Its key is in no keyring: the window asks once before it is made.
  await again.see("This signature changes nothing");
  await again.click("button", "Sign although it changes nothing");
  await again.see("s left");
  await again.press("Escape");
  await until("the sheet is closed", () =>
    again.page(() => !document.querySelector("[role=dialog]")),
  );
  assert.deepEqual(snapshot(path), after);
});

test("a signer who is not in the keyring is enrolled from the verdict", async (t) => {
  const path = demo(t);
  const file = join(path, "keyring.json");
  const keyring = json(file);
  keyring.keys = keyring.keys.filter(({ owner }) => owner !== "w.witness");
  writeFileSync(file, JSON.stringify(keyring));
  const station = await open(t, [path, "--demo"]);
  await station.row("DEC-007");
  await station.see('The key of "w.witness" is not in the keyring.', VERDICT);
  await station.click("button", "Enrol the key…");
  await station.see("Enrol the key of w.witness");
  await station.click("radio", "Software");
  await station.click("button", "Enrol key");
  await station.see("Compare the fingerprint first");
  await station.click("check", "This is the fingerprint that the signer told me");
  await station.shot("verdict-enrol");
  await station.click("button", "Enrol key");
  await station.see("L5. A hardware key is missing.", VERDICT);
});
