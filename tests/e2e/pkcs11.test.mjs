// Tokens behind PKCS#11 modules: a module is chosen, its token shows with what holds its keys, a key is
// enrolled and signs; and all that may go wrong on the way. The modules are those of Debian.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  ROOT,
  countersign,
  demo,
  directory,
  json,
  open,
  runOf,
  snapshot,
  until,
  yubikey,
} from "./station.mjs";
import {
  DECISION,
  ENVELOPE,
  IN_YUBICO_READER,
  begin,
  goOnAnyway,
  holdsByOpenssl,
  moduleFile,
  softhsm,
  tool,
  tpm,
  verdict,
} from "./tokens.mjs";

const IN_USE = "[aria-label='Modules in use']";
const FOUND = "[aria-label='Modules found on this machine']";
const STRIP = "[aria-label='Devices and signers']";

const CARD = ["--slot", "9c=p256,pin=always,cert=Signature"];

async function opensc(t) {
  const key = await yubikey(t, CARD);
  await key.insert();
  const module = moduleFile(["pkcs11/opensc-pkcs11.so", "opensc-pkcs11.so"], "opensc-pkcs11");
  return { module, env: key.env };
}

async function ykcs11(t) {
  const key = await yubikey(t, [...IN_YUBICO_READER, ...CARD]);
  await key.insert();
  const module = moduleFile(["libykcs11.so", "libykcs11.so.2"], "ykcs11");
  return { module, env: key.env };
}

/**
 * What each module has, what it says of that, and what comes of it. Of the PINs the first is wrong, and
 * `lost` is how it shows that this cost an attempt, if the token reports it.
 */
const MODULES = [
  {
    called: "SoftHSM2",
    setUp: softhsm,
    token: "soft",
    key: "witness",
    pins: ["9999", "1234"],
    truth: [/Slot .* software, says its module/u, "software key", "CKF_HW_SLOT"],
    kind: "software",
    lost: ({ modules }) => modules[0].tokens[0].pin.startsWith("was wrong before"),
    verdict: { level: 5, assurance: null },
    badge: "L5",
    missing: "A hardware key is missing",
  },
  {
    called: "tpm2-pkcs11",
    setUp: tpm,
    token: "tpm",
    key: "witness",
    pins: ["9999", "1234"],
    truth: [/virtual: simulated by software/u, /Slot .* hardware, says its module/u],
    kind: "hardware",
    verdict: { level: 6, assurance: "pinned" },
    badge: /L6.pinned/u,
    missing: "The run does not refer to the authority ledger",
  },
];

/** Chooses a module in the settings and keeps that. */
async function use(station, module) {
  await station.press("g", "s");
  await station.click("button", "PKCS#11 modules");
  await station.see(module, { within: FOUND });
  await station.click("button", `Use ${module}`);
  await station.see("1 token", { within: IN_USE });
  // What it calls hardware counts once a person trusts its file.
  await station.click("check", "Trust its statements about hardware");
  const trusted = () => json(station.state, "settings.json").pkcs11_module_options;
  await until("its file is trusted", () => trusted().some(({ sha256 }) => sha256 !== null));
}

/** Shows a token under Devices, next to other devices. */
async function show(station, token) {
  await station.press("g", "d");
  await station.see("Devices");
  if (await station.find("button", token)) await station.click("button", token);
  await station.see("says its module");
}

/** Enrols the key that is on the screen under Devices, as a witness's. */
async function enrol(station, key, pin) {
  await station.click("button", `Enrol ${key}`);
  await station.fill("Key id", "ds-test-token");
  await station.fill("Owner", "t.witness");
  await station.click("check", "Witness");
  if (await station.find("field", "PIN")) await station.fill("PIN", pin);
}

/** What a ceremony calls a key: after its token, with that one's serial, which the token makes up. */
const optionOf = ({ key }) => `, ${key}`;

/** Chooses a key of a token in the ceremony and goes on to its PIN. */
async function choose(station, one, { anyway = false } = {}) {
  await station.click("radio", optionOf(one));
  if (anyway) await goOnAnyway(station, "Enter the PIN");
  else await station.click("button", "Enter the PIN");
  await station.see("Used once, for this signature");
}

/** Puts the key of slot 9c into the keyring, as a witness's. */
function enrolByCommand(path, env) {
  const who = ["--key-id", "ds-test-token", "--owner", "t.witness", "--role", "witness"];
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["keys", "enrol", "--piv", "--slot", "9c", ...who, ...keyring], {
    env: { ...process.env, ...env },
  });
}

/** Whether every digest in the sheet has the room that it takes; run in the page. */
function digestsHaveRoom() {
  const digests = [...document.querySelectorAll("[role=dialog] [role=group] code")];
  const width = (element) => element.getBoundingClientRect().width;
  return digests.length > 0 && digests.every((code) => width(code) <= width(code.parentElement));
}

for (const one of MODULES) {
  test(`${one.called} is chosen, its key is enrolled and signs as what it is`, async (t) => {
    const name = `pkcs11-${one.called.toLowerCase()}`;
    const path = demo(t);
    const run = runOf(path, DECISION);
    const { module, env } = await one.setUp(t);
    const station = await open(t, [path, "--demo"], { env });
    await station.see("9 envelopes");
    // Nothing is loaded that was not chosen.
    assert.doesNotMatch(await station.text(STRIP), new RegExp(`${one.token}.*1 key`, "su"));
    await use(station, module);
    await station.see(`1 token: ${one.token}`, { within: IN_USE });
    await station.shot(`${name}-settings`);
    await station.see(new RegExp(`${one.token}.*\\d keys?`, "u"), { within: STRIP });
    assert.deepEqual(json(station.state, "settings.json").pkcs11_modules, [module]);

    await show(station, one.token);
    for (const words of one.truth) await station.see(words);
    await station.see("not in the keyring");
    await station.shot(`${name}-device`);
    await enrol(station, one.key, one.pins[1]);
    await station.shot(`${name}-enrol`);
    await station.click("button", "Enrol key");
    await station.see("ds-test-token of t.witness");
    await station.press("Escape");
    const { keys } = json(path, "keyring.json");
    assert.equal(keys.find(({ key_id }) => key_id === "ds-test-token").kind, one.kind);

    const before = snapshot(path);
    await station.press("g", "q");
    await begin(station);
    await station.shot(`${name}-choosing`);
    await choose(station, one, { anyway: one.kind === "software" });
    await station.fill("PIN", one.pins[0]);
    await station.press("Enter");
    await station.see("The PIN is wrong");
    await station.shot(`${name}-wrong-pin`);
    assert.deepEqual(snapshot(path), before, "a wrong PIN changes nothing");
    if (one.lost) {
      const words = ["devices", "--json", "--module", module];
      const plugged = JSON.parse(countersign(words, { env: { ...process.env, ...env } }));
      assert.ok(one.lost(plugged), "it cost one try");
    }
    await station.fill("PIN", one.pins[1]);
    await station.press("Enter");
    await station.see("Files written");
    await station.shot(`${name}-done`);
    const room = await station.page(digestsHaveRoom);
    await station.click("button", "Close");
    await station.see(one.badge, { within: "[aria-label=Verdict]" });
    await station.see(one.missing, { within: ENVELOPE });
    await station.see("t.witness", { within: ENVELOPE });
    await station.shot(`${name}-envelope`);

    const signature = holdsByOpenssl(run);
    assert.equal(signature.signer_id, "t.witness");
    assert.equal(signature.algorithm, "ecdsa-p256-sha256");
    assert.equal(signature.signer_type, one.kind);
    assert.deepEqual(verdict(path, run), one.verdict);
    // No token attests through its module, whatever it says about itself.
    assert.equal(verdict(path, run, ["--assurance", "attested"]).level, 5);

    const journal = join(station.state, "journal.ndjson");
    countersign(["journal", "verify", journal]);
    for (const pin of one.pins) {
      assert.doesNotMatch(readFileSync(journal, "utf8"), new RegExp(`\\b${pin}\\b`, "u"));
    }
    assert.ok(room, "no digest runs over another where what was written is shown");
  });
}

/** What shows a card that is used directly too, and what it calls its token and that key. */
const SHOWN_TWICE = [
  { called: "OpenSC", setUp: opensc, token: "Signature", key: "SIGN pubkey" },
  {
    called: "ykcs11",
    setUp: ykcs11,
    token: "YubiKey PIV #99000001",
    key: "Public key for Digital Signature",
  },
];

for (const one of SHOWN_TWICE) {
  test(`${one.called}: a key of a card that is used directly is there once`, async (t) => {
    const path = demo(t);
    const { module, env } = await one.setUp(t);
    enrolByCommand(path, env);
    const station = await open(t, [path, "--demo"], { env });
    await station.see("9 envelopes");
    await use(station, module);
    await station.see(`1 token: ${one.token}`, { within: IN_USE });
    await show(station, one.token);
    await station.see(/The same key as YubiKey.* 99000001, slot 9c\./u);
    assert.equal(await station.find("button", `Enrol ${one.key}`), null);
    await station.shot(`pkcs11-${one.called.toLowerCase()}-same`);
    await station.press("Escape");
    await station.press("g", "q");
    await begin(station);
    assert.notEqual(await station.find("radio", "YubiKey 99000001"), null);
    assert.equal(await station.find("radio", optionOf(one)), null);
  });
}

test("a module that cannot be loaded says why, and does not block others", async (t) => {
  const path = demo(t);
  const { module, env } = softhsm(t);
  const text = join(directory(t), "libhsm.so");
  writeFileSync(text, "this is no library, whatever it is called");
  const nowhere = join(directory(t), "gone", "libgone.so");
  const station = await open(t, [path, "--demo"], { env });
  await station.see("9 envelopes");
  await station.press("g", "s");
  await station.click("button", "PKCS#11 modules");
  for (const file of [text, nowhere, module]) {
    await station.fill("Another module", file);
    await station.click("button", "Add module");
    await station.see(file, { within: IN_USE });
  }
  await station.see("This is not a shared library", { within: IN_USE });
  await station.see("There is no such file", { within: IN_USE });
  await station.see("1 token: soft", { within: IN_USE });
  await station.shot("pkcs11-unusable-settings");
  await station.see(/libhsm\.so.*not a shared library/u, { within: STRIP });
  await station.see(/soft.*1 key/u, { within: STRIP });
  await station.click("button", `Remove ${text}`);
  await station.click("button", `Remove ${nowhere}`);
  await until("they are gone", async () => {
    const { pkcs11_modules: left } = json(station.state, "settings.json");
    return left.join() === module && !(await station.text(STRIP)).includes("libhsm.so");
  });
});

test("a module that crashes while it signs does no other harm", async (t) => {
  const path = demo(t);
  const { place, module, env } = softhsm(t);
  // SoftHSM2 behind a module with a fault of its own.
  const crashing = join(place, "crashing.so");
  const source = join(ROOT, "tests/fixtures/pkcs11/faulty.c");
  const said = (name, text) => `-D${name}="${text}"`;
  const facts = ["-DFAULT=SEGFAULT", said("LOG", join(place, "log")), said("SOFTHSM", module)];
  const words = ["-shared", "-fPIC", "-w", "-o", crashing, source, ...facts, "-ldl"];
  tool("cc", words, { from: "gcc" });
  const keyring = join(path, "keyring.json");
  const who = ["--key-id", "ds-test-token", "--owner", "t.witness", "--role", "witness"];
  const where = ["--pkcs11", "--module", module, "--pin-fd", "0", "--keyring", keyring];
  const about = { env: { ...process.env, ...env }, input: "1234\n" };
  countersign(["keys", "enrol", ...where, ...who], about);
  const before = snapshot(path);

  const station = await open(t, [path, "--demo"], { env });
  await station.see("9 envelopes");
  await station.press("g", "s");
  await station.click("button", "PKCS#11 modules");
  await station.fill("Another module", crashing);
  await station.click("button", "Add module");
  await station.see("1 token: soft", { within: IN_USE });
  await station.press("g", "q");
  await begin(station);
  await choose(station, { key: "witness" }, { anyway: true });
  await station.fill("PIN", "1234");
  await station.press("Enter");
  await station.see(/the module crashed \(SIGSEGV\).*nothing was written/u);
  await station.shot("pkcs11-crashed");
  assert.deepEqual(snapshot(path), before);
  // The window lives on.
  await station.click("button", "Close");
  await station.row("DEC-005");
  await station.see("DEC-005", { within: ENVELOPE });
});
