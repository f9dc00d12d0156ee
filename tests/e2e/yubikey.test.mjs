// The witness's act: a YubiKey goes in, is read, asked for its PIN, touched; and all that may go
// wrong on the way. The card is a virtual one, behind a real pcscd.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  VIRTUAL_YUBIKEY,
  countersign,
  demo,
  directory,
  json,
  open,
  runOf,
  snapshot,
  trustVirtualRoots,
  until,
  virtualRoots,
  yubikey,
} from "./station.mjs";
import { DECISION, ENVELOPE, begin, holdsByOpenssl } from "./tokens.mjs";

/** Puts the key of slot 9c into a directory's keyring, as someone's. */
function enrol(path, key, owner = "y.witness") {
  const words = ["keys", "enrol", "--piv", "--slot", "9c", "--key-id", "ds-demo-2026-07"];
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign([...words, "--owner", owner, "--role", "witness", "--kind", "hardware", ...keyring], {
    env: { ...process.env, ...key.env },
  });
}

/** Chooses the YubiKey and goes on to its PIN. */
async function choose(station) {
  await station.click("radio", "YubiKey 99000001");
  await station.click("button", "Enter the PIN");
  await station.see("PIN of YubiKey 99000001, slot 9c");
}

test("a witness plugs in, enrols, gives the PIN, touches, and L6 is attested", async (t) => {
  const path = demo(t);
  trustVirtualRoots(path);
  const key = await yubikey(t);
  const run = runOf(path, DECISION);
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see("9 envelopes");
  await station.see("Insert a YubiKey");
  await key.insert();
  await station.see(/YubiKey.*99000001.*3 attempts left/u);

  await station.press("g", "d");
  await station.see("Firmware 5.7.4");
  await station.see("generated on YubiKey 99000001, firmware 5.7.4, PIN once, touch always");
  await station.see("The PIN is still the factory default");
  await station.click("button", "Enrol the key of slot 9c");
  await station.fill("Key id", "ds-demo-2026-07");
  await station.fill("Owner", "y.witness");
  await station.click("check", "Witness");
  await station.click("button", "Enrol key");
  await station.see("ds-demo-2026-07 of y.witness");
  await station.press("Escape");
  const entry = json(path, "keyring.json").keys.find((one) => one.key_id === "ds-demo-2026-07");
  assert.equal(entry.kind, "hardware");
  assert.equal(entry.key_attestation.type, "yubikey-piv");

  await begin(station);
  await choose(station);
  await station.see("3 attempts left");
  await station.fill("PIN", "123456");
  await station.press("Enter");
  await station.see("Touch your YubiKey now");
  await key.touch();
  await station.see(/touch 2 of 3/iu);
  await key.touch();
  await station.see(/touch 3 of 3.*claim/iu);
  await key.touch();
  await station.see("Files written");
  await station.see(/L6/u);
  await station.see(/attested/iu);
  await station.click("button", "Close");
  await station.see("L6", { within: "[aria-label=Verdict]" });
  await station.see(/attested/iu, { within: "[aria-label=Verdict]" });
  await station.click("button", "hardware key, attested");
  await station.see("generated on YubiKey 99000001", { within: ENVELOPE });
  await station.shot("yubikey-envelope");

  const signature = holdsByOpenssl(run);
  assert.equal(signature.signer_type, "hardware");
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["verify", "--level", "L6", "--assurance", "attested", ...keyring, run]);

  // The journal has it all, and no secret.
  const journal = join(station.state, "journal.ndjson");
  countersign(["journal", "verify", journal]);
  const lines = readFileSync(journal, "utf8");
  for (const event of ["device_arrived", "ceremony_begun", "signing_attempted", "signed"]) {
    assert.ok(lines.includes(`"${event}"`), `${event} in ${lines}`);
  }
  assert.ok(!lines.includes("123456"), "no PIN in it");
});

test("a wrong PIN costs one attempt, the last one is asked for twice, and the PUK unblocks", async (t) => {
  const path = demo(t);
  const key = await yubikey(t, ["--slot", "9c=p256,pin=once"]);
  await key.insert();
  enrol(path, key);
  const before = snapshot(path);
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see(/99000001.*3 attempts left/u);
  await begin(station);
  await choose(station);
  await station.fill("PIN", "12345");
  await station.press("Enter");
  await station.see(/6 to 8 bytes/u);
  await station.see("3 attempts left");
  await station.fill("PIN", "999999");
  await station.press("Enter");
  await station.see("The PIN is wrong");
  await station.see("2 attempts left");
  await station.fill("PIN", "999999");
  await station.press("Enter");
  await station.see("1 attempt left");
  await station.fill("PIN", "999999");
  await station.press("Enter");
  await station.see("PIN again");
  await station.shot("yubikey-last-try");
  await station.fill("PIN", "999999");
  await station.press("Enter");
  await station.see(/blocked/iu);
  await station.shot("yubikey-blocked");
  assert.deepEqual(snapshot(path), before);

  await station.click("button", "Unblock");
  await station.fill("PUK", "12345678");
  await station.fill("New PIN", "493817");
  await station.fill("New PIN again", "493817");
  await station.shot("yubikey-unblock");
  await station.click("button", "Unblock");
  await station.see("PIN of YubiKey 99000001, slot 9c");
  await station.fill("PIN", "493817");
  await station.press("Enter");
  await station.see("Files written");
});

test("a key that is pulled out leads back to the choice, and a new key appears", async (t) => {
  const path = demo(t);
  const key = await yubikey(t, ["--touch-timeout", "1500"]);
  await key.insert();
  enrol(path, key);
  const before = snapshot(path);
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see(/99000001.*3 attempts left/u);
  await begin(station);
  await choose(station);
  await key.pull();
  await station.see("was removed. Nothing was signed");
  await station.see("Insert");
  await station.shot("yubikey-pulled");
  await key.insert();
  await until("the key is offered again", () => station.find("radio", "YubiKey 99000001"));
  await choose(station);
  await station.fill("PIN", "123456");
  await station.press("Enter");

  // No touch: nothing is lost, and the person tries again without the PIN.
  await station.see("Touch your YubiKey now");
  await key.missTouch();
  await station.see("was not touched in time");
  await station.shot("yubikey-missed");
  assert.deepEqual(snapshot(path), before);
  await station.click("button", "Try again");
  await key.touch();
  // Pulled out while it blinks for the second.
  await station.see(/touch 2 of 3/iu);
  await key.pull();
  await station.see("was pulled out");
  await station.see(/nothing was written/iu);
  await station.shot("yubikey-refused");
  assert.deepEqual(snapshot(path), before);
});

test("a root is trusted once its fingerprint is confirmed, and the assurance rises", async (t) => {
  const path = demo(t);
  const key = await yubikey(t, ["--slot", "9c=p256,pin=never"]);
  await key.insert();
  enrol(path, key);
  const run = runOf(path, DECISION);
  const env = { ...process.env, ...key.env };
  const keyring = ["--keyring", join(path, "keyring.json")];
  countersign(["sign", "--piv=99000001", "--role", "witness", ...keyring, run], { env });
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.row(DECISION);
  await station.see("Ladder", { within: ENVELOPE });
  await station.see("pinned", { within: "[aria-label=Verdict]" });
  await station.click("button", "hardware key, pinned");
  await station.see("unknown root", { within: ENVELOPE });

  // Nothing is trusted before its fingerprint is confirmed; then the window notices.
  await station.press("g", "s");
  await station.click("button", "Attestation roots");
  for (const what of ["roots", "intermediates"]) {
    const file = join(directory(t), `${what}.pem`);
    writeFileSync(file, virtualRoots(what));
    const roots = ["--attestation-roots", join(path, "attestation-roots")];
    const said = String(countersign(["roots", "add", file, ...roots], { status: 2, input: "" }));
    const fingerprints = [...said.matchAll(/[0-9a-f]{64}/gu)].map(([one]) => ["--sha256", one]);
    assert.ok(fingerprints.length > 0, said);
    countersign(["roots", "add", file, ...roots, ...fingerprints.flat()]);
  }
  await station.see("Countersign Test Attestation Root 1");
  await station.shot("yubikey-roots");
  await station.press("g", "q");
  await station.row(DECISION);
  await station.see("attested", { within: "[aria-label=Verdict]" });
});

test("a card that stops answering blocks nothing", async (t) => {
  const path = demo(t);
  const key = await yubikey(t, ["--slot", "9c=p256,pin=once", "--fault", "silence@ins:87"]);
  await key.insert();
  enrol(path, key);
  const before = snapshot(path);
  const station = await open(t, [path, "--demo"], { env: key.env });
  await station.see(/99000001.*3 attempts left/u);
  await begin(station);
  await choose(station);
  await station.fill("PIN", "123456");
  await station.press("Enter");
  await until("the card is at work", async () => !(await station.find("field", "PIN")));
  await station.shot("yubikey-silent");
  await station.click("button", "Cancel");
  await station.see("Ladder", { within: ENVELOPE });
  await station.row("DEC-005");
  await station.see("DEC-005", { within: ENVELOPE });
  assert.deepEqual(snapshot(path), before);
});

test("the demo's buttons are enough for a whole ceremony", async (t) => {
  const path = demo(t);
  const socket = join(directory(t), "pcscd.comm");
  const station = await open(t, [path, "--demo", "--virtual-yubikey", VIRTUAL_YUBIKEY], {
    env: { PCSCLITE_CSOCK_NAME: socket },
  });
  await station.see("Virtual YubiKey (demo)");
  await station.click("button", "Insert");
  await station.see(/99000001.*virtual/su);
  await station.shot("yubikey-demo");
  await station.click("button", "Pull out");
  await station.see("Insert a YubiKey");
});

test("without the smart card service the window says so, and recovers when it starts", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  // Who needs no key gets no advice about one.
  await station.click("button", "No YubiKey can be seen");
  await station.see("systemctl start pcscd");
  await station.shot("yubikey-no-service");
});
