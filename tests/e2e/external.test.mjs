// Keys behind commands: the three examples of the reference, for real. Each signs a run in the window,
// fails in the way that is its own, and says why; OpenSSL verifies, and level and assurance are what
// the format says of an external key.

import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  ROOT,
  countersign,
  demo,
  directory,
  json,
  open,
  outside,
  runOf,
  sha256,
  snapshot,
  until,
  yubikey,
} from "./station.mjs";
import {
  DECISION,
  ENVELOPE,
  IN_YUBICO_READER,
  begin,
  begun,
  goOnAnyway,
  holdsByOpenssl,
  softhsm,
  tool,
  verdict,
} from "./tokens.mjs";

const KEY = "ds-test-external";
const OWNER = "x.witness";

const script = (name) => join(ROOT, "tests/fixtures/external", name);
const AWS_KMS = join(ROOT, "src-tauri/crates/ceremony/signer-programs/aws_kms.py");
const ALIAS = ["--key-id", "alias/deepsigma-signing"];

/** A file that its owner alone can read. */
function secret(path, text) {
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** A YubiKey by `yubico-piv-tool`, which takes its PIN from a file. */
async function pivTool(t) {
  const key = await yubikey(t, [...IN_YUBICO_READER, "--slot", "9c=p256,cert=Signature"]);
  await key.insert();
  const place = directory(t);
  const certificate = join(place, "certificate.pem");
  const read = ["-a", "read-certificate", "-s", "9c", "-o", certificate];
  tool("yubico-piv-tool", read, { env: key.env });
  const pin = secret(join(place, "pin"), "123456\n");
  return {
    env: key.env,
    command: `${script("sign-with-yubikey.sh")} ${pin}`,
    publicKey: tool("openssl", ["x509", "-in", certificate, "-noout", "-pubkey"]),
    sees: ["PCSCLITE_CSOCK_NAME"],
    spoil: () => writeFileSync(pin, "654321\n"),
    repair: () => writeFileSync(pin, "123456\n"),
  };
}

/** An HSM by `hsm-sign`, with arguments: `pkcs11-tool` over SoftHSM2. */
function hsmSign(t) {
  const { place, module, env, slot, pkcs11Tool } = softhsm(t, "deepsigma");
  pkcs11Tool("--read-object", "--type", "pubkey", "--id", "01", "--output-file", "public.der");
  const der = ["-inform", "DER", "-in", join(place, "public.der")];
  const pin = secret(join(place, "pin"), "1234");
  return {
    env: { ...env, HSM_MODULE: module },
    command: `${script("hsm-sign")} --slot ${slot} --pin-file ${pin}`,
    publicKey: tool("openssl", ["pkey", "-pubin", ...der]),
    sees: ["HSM_MODULE", "SOFTHSM2_CONF"],
    spoil: () => writeFileSync(pin, "4321"),
    // After a lost attempt only a person's login shows that the PIN is known.
    repair: () => {
      writeFileSync(pin, "1234");
      pkcs11Tool("--login", "--pin", "1234", "--list-objects");
    },
  };
}

/** A key of AWS KMS by the AWS command line, in a KMS on loopback. */
async function kms(t) {
  const tools = join(ROOT, "target/tools/aws/bin");
  assert.ok(
    existsSync(join(tools, "moto_server")),
    "moto is missing; run: bash scripts/prepare tests",
  );
  const home = directory(t);
  const { said } = await begun(t, join(tools, "moto_server"), ["-H", "127.0.0.1", "-p", "0"], {
    env: { HOME: home },
    cwd: home,
  });
  const [, url] = await until("moto to name its port", () =>
    /Running on (http:\/\/127\.0\.0\.1:\d+)/u.exec(said()),
  );
  const config = (endpoint) => {
    const lines = ["[default]", "region = eu-central-1", "max_attempts = 1"];
    writeFileSync(join(home, "config"), `${lines.join("\n")}\nendpoint_url = ${endpoint}\n`);
  };
  config(url);
  secret(
    join(home, "credentials"),
    "[default]\naws_access_key_id = test\naws_secret_access_key = test\n",
  );
  const env = {
    PATH: `${tools}:${process.env.PATH}`,
    AWS_CONFIG_FILE: join(home, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
  };
  const aws = (...words) => tool(join(tools, "aws"), ["kms", ...words], { env });
  const kind = ["--key-spec", "ECC_NIST_P256", "--key-usage", "SIGN_VERIFY"];
  const { KeyMetadata } = JSON.parse(aws("create-key", ...kind, "--output", "json"));
  const alias = ["--alias-name", "alias/deepsigma-signing", "--target-key-id", KeyMetadata.Arn];
  aws("create-alias", ...alias);
  return {
    env,
    arn: KeyMetadata.Arn,
    command: script("sign_with_kms.sh"),
    publicKeyCommand: `python3 -I ${AWS_KMS} public-key ${ALIAS.join(" ")}`,
    sees: ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
    // A port of loopback on which nothing listens.
    spoil: () => config("http://127.0.0.1:1"),
    repair: () => config(url),
  };
}

/** What CloudTrail would say of the last signature, as a call of this key. */
function cloudTrail(arn, { signatures }) {
  return JSON.stringify({
    eventVersion: "1.08",
    userIdentity: { type: "IAMUser", userName: "kms-signer" },
    eventTime: signatures.at(-1).signed_at,
    eventSource: "kms.amazonaws.com",
    eventName: "Sign",
    awsRegion: "eu-central-1",
    requestParameters: {
      keyId: "alias/deepsigma-signing",
      messageType: "RAW",
      signingAlgorithm: "ECDSA_SHA_256",
    },
    responseElements: null,
    resources: [{ accountId: "123456789012", type: "AWS::KMS::Key", ARN: arn }],
  });
}

/** Chooses the signer in the ceremony; it asks for nothing and signs at once. */
async function sign(station, { pinned = false } = {}) {
  await station.click("radio", `External signer of ${OWNER}`);
  await station.click("radio", "Witness");
  if (pinned) await station.click("button", `${DECISION} as witness`);
  else await goOnAnyway(station);
}

/** Spoils what the signer needs, tries, and repairs it: the words are its own, and nothing changed. */
async function failsInWords(station, path, { spoil, repair, pinned }, words, name) {
  const before = snapshot(path);
  spoil();
  await sign(station, { pinned });
  await station.see("Not signed");
  await station.see(words);
  await station.shot(`${name}-refused`);
  repair();
  assert.deepEqual(snapshot(path), before, "a fault leaves every file as it was");
  await station.click("button", "Try again");
  await station.see("Read what you sign");
  await station.click("button", "I have read this");
  await station.see("Choose key, name and role");
}

/** What every signature of a command says of itself; over the bytes themselves, it names no form. */
function isExternal(signature, form = "sha256_hex") {
  assert.equal(signature.signer_type, "external");
  assert.equal(signature.signing_key_id, KEY);
  assert.equal(signature.signer_id, OWNER);
  assert.equal(signature.role, "witness");
  assert.equal(signature.algorithm, "ecdsa-p256-sha256");
  assert.equal(signature.signed_payload ?? "canonical_json", form);
}

/** Puts a public key into the directory's keyring, as that of an external signer. */
function pin(path, publicKey) {
  const file = join(path, "external.pem");
  writeFileSync(file, publicKey);
  const who = ["--key-id", KEY, "--owner", OWNER, "--role", "witness", "--kind", "external"];
  countersign(["keys", "add", file, ...who, "--keyring", join(path, "keyring.json")]);
}

/** Has the command line add a signer, which probes it, while the window is open. */
function addByCommand(t, station, name, signer) {
  const file = join(directory(t), "public.pem");
  writeFileSync(file, signer.publicKey);
  const how = ["--command", signer.command, "--public-key", file, "--algo", "ecdsa-p256-sha256"];
  const who = ["--key-id", KEY, "--signer", OWNER];
  const sees = signer.sees.flatMap((variable) => ["--env", variable]);
  const settings = ["--settings", join(station.state, "settings.json")];
  countersign(["signers", "add", name, ...how, ...who, ...sees, ...settings], {
    env: { ...process.env, ...signer.env },
  });
}

for (const { called, setUp, words, form } of [
  {
    called: "yubico-piv-tool",
    setUp: pivTool,
    words: /sign-with-yubikey\.sh: failed.*PIN/su,
    form: "sha256_hex",
  },
  {
    called: "hsm-sign",
    setUp: hsmSign,
    words: /hsm-sign: failed.*CKR_PIN_INCORRECT/su,
    form: "canonical_json",
  },
]) {
  test(`${called} signs in the window, and its key is pinned by the keyring`, async (t) => {
    const path = demo(t);
    const run = runOf(path, DECISION);
    const signer = { ...(await setUp(t)), pinned: true };
    pin(path, signer.publicKey);
    const station = await open(t, [path, "--demo"], { env: signer.env });
    await station.see("9 envelopes");
    addByCommand(t, station, called, signer);
    await begin(station);
    await station.shot(`external-${called}-choosing`);
    await failsInWords(station, path, signer, words, `external-${called}`);
    await sign(station, signer);
    await station.see("Files written");
    await station.see("L6 pinned");
    await station.see("Pinned by the keyring");
    await station.shot(`external-${called}-done`);
    await station.click("button", "Close");
    await station.see(/L6.pinned/u, { within: "[aria-label=Verdict]" });
    await station.click("button", OWNER);
    await station.see("external signer", { within: ENVELOPE });

    isExternal(holdsByOpenssl(run), form);
    assert.deepEqual(verdict(path, run), { level: 6, assurance: "pinned" });
    const attested = verdict(path, run, ["--assurance", "attested"]);
    assert.equal(attested.level, 5, "no command attests by itself");
    countersign(["journal", "verify", join(station.state, "journal.ndjson")]);
  });
}

test("an attempt that a command used up is visible in the strip", async (t) => {
  const path = demo(t);
  const signer = await pivTool(t);
  const station = await open(t, [path, "--demo"], { env: signer.env });
  await station.see(/99000001.*3 attempts left/u);
  addByCommand(t, station, "yubico-piv-tool", signer);
  await begin(station);
  signer.spoil();
  await sign(station);
  await station.see("Not signed");
  // In the words of the command itself.
  await station.see("2 tries left");
  await station.click("button", "Close");
  await station.see(/99000001.*2 attempts left/u);
});

/** Whether a person sees the result of the probe without scrolling; run in the page. */
function probeInSight() {
  const said = [...document.querySelectorAll("[role=dialog] [aria-live=polite]")].at(-1);
  const { x, y, bottom } = said.getBoundingClientRect();
  const seen = (at) => said.contains(document.elementFromPoint(x + 4, at));
  return seen(y + 4) && seen(bottom - 4);
}

test("AWS KMS is added, probed, signs and is pinned entirely in the window", async (t) => {
  const path = demo(t);
  const run = runOf(path, DECISION);
  const signer = await kms(t);
  const station = await open(t, [path, "--demo"], { env: signer.env });
  await station.see("9 envelopes");

  await station.press("g", "s");
  await station.click("button", "Signers");
  await station.click("button", "Add signer…");
  await station.fill("Name", "kms");
  await station.fill("Who signs", OWNER);
  await station.fill("Key id", KEY);
  await station.click("radio", "External command");
  await station.fill("Command", signer.command);
  await station.click("button", "More options");
  await station.fill("Command that prints the public key", signer.publicKeyCommand);
  // Without its variables it knows neither region nor endpoint, and says so in its own words.
  await station.click("button", "Probe");
  await station.see(/It said: aws_kms\.py: .*(credentials|region)/su);
  await station.shot("external-kms-probe-failed");
  const failureInSight = await station.page(probeInSight);
  await station.fill("Environment", signer.sees.join(" "));
  await station.click("button", "Probe");
  // It starts the AWS command line three times.
  await station.see("The probe passed", { patience: 60_000 });
  await station.see(/64 hex digits/u);
  await station.shot("external-kms-probed");
  const findingInSight = await station.page(probeInSight);
  await station.click("button", "Add signer");
  await station.see("The signer kms is saved.");
  const kept = json(station.state, "settings.json").signers.find(({ name }) => name === "kms");
  assert.equal(kept.source.signed_payload, "sha256_hex");
  assert.match(kept.source.public_key, /^-----BEGIN PUBLIC KEY-----/u);
  const credentials = readFileSync(join(station.state, "settings.json"), "utf8");
  assert.ok(!credentials.includes(signer.env.AWS_CONFIG_FILE), "names are kept, never values");

  // The keyring does not know the key: it signs, and does not count.
  await station.press("g", "q");
  await begin(station);
  await failsInWords(station, path, signer, /Could not connect to the endpoint/u, "external-kms");
  await sign(station);
  await station.see("Files written");
  await station.see(/L5.*unchanged/su);
  await station.click("button", "Close");
  await station.see("not accepted here", { within: ENVELOPE });
  isExternal(holdsByOpenssl(run));
  assert.deepEqual(verdict(path, run), { level: 5, assurance: null });
  const embedded = (assurance) =>
    verdict(path, run, ["--trust", "embedded", "--assurance", assurance]);
  assert.deepEqual(embedded("claimed"), { level: 6, assurance: "claimed" });
  assert.equal(embedded("pinned").level, 5);

  // Whoever takes any signature, and its word, has L6 as claimed.
  const judgeBy = async (trust, assurance, weaker) => {
    await station.press("g", "s");
    await station.click("button", "Policy");
    const change = async (setting, choice) => {
      await station.click("button", `Change: ${setting}`);
      await station.click("radio", choice);
      await station.see(/Of \d+ envelopes|Nothing changes/u);
      await station.click("button", weaker ? "Save the weaker policy" : "Save");
      await until("it is saved", async () => (await station.find("button", "Cancel")) === null);
    };
    await change("Whose signatures count", trust);
    await change("Evidence that L6 requires", assurance);
    await station.press("g", "q");
    await station.row(DECISION);
  };
  await judgeBy("Any signature that verifies", "Claimed", true);
  await station.see("Any key counts");
  await station.see(/L6.claimed/u, { within: "[aria-label=Verdict]" });
  await station.shot("external-kms-claimed");
  await judgeBy("Only signatures by keys in the keyring", "Pinned", false);
  await station.see("L5", { within: "[aria-label=Verdict]" });

  await station.press("g", "k");
  await station.click("button", "Enrol…");
  await station.fill("Public key", kept.source.public_key);
  await station.fill("Key id", KEY);
  await station.fill("Owner", OWNER);
  await station.click("check", "Witness");
  await station.click("radio", "External");
  await station.see("The keyring vouches for this");
  await station.click("button", "Enrol key");
  await station.see(`${KEY} of ${OWNER} is enrolled.`);
  await station.press("g", "q");
  await station.row(DECISION);
  await station.see(/L6.pinned/u, { within: "[aria-label=Verdict]" });
  await station.shot("external-kms-pinned");
  assert.deepEqual(verdict(path, run), { level: 6, assurance: "pinned" });

  // The cloud's log has the call only later; what it says of another key is not taken.
  const attach = async (arn) => {
    const evidence = join(path, "evidence.json");
    const event = secret(join(path, "event.json"), cloudTrail(arn, json(`${run}.sig.json`)));
    writeFileSync(
      evidence,
      tool("python3", ["-I", AWS_KMS, "evidence", ...ALIAS, event], { env: signer.env }),
    );
    if (!(await station.find("field", "Evidence"))) {
      await station.click("button", "Attach evidence…");
    }
    await station.fill("Evidence", evidence);
    await station.press("Enter");
  };
  const before = readFileSync(`${run}.sig.json`);
  await attach("arn:aws:kms:eu-central-1:123456789012:key/other");
  await station.see("about another key");
  await station.shot("external-kms-other-evidence");
  assert.deepEqual(readFileSync(`${run}.sig.json`), before);
  await attach(signer.arn);
  await station.see("Attached cloud-kms to 2 signature files");
  await station.click("button", OWNER);
  await station.see("Shown by its operator, not attested", { within: ENVELOPE });
  await station.shot("external-kms-evidence");
  isExternal(holdsByOpenssl(run));
  assert.deepEqual(verdict(path, run), { level: 6, assurance: "pinned" });
  assert.equal(verdict(path, run, ["--assurance", "attested"]).level, 5, "an operator's word");
  assert.ok(
    failureInSight && findingInSight,
    "the result of the probe is visible without scrolling",
  );
});

test("a key in an HSM is added from a template, part by part, and signs", async (t) => {
  const path = demo(t);
  const run = runOf(path, DECISION);
  const { place, module, env } = softhsm(t, "deepsigma");
  const pin = secret(join(place, "pin"), "1234\n");
  const station = await open(t, [path, "--demo"], { env });
  await station.see("9 envelopes");

  await station.press("g", "s");
  await station.click("button", "Signers");
  await station.click("button", "Add signer…");
  await station.fill("Name", "hsm");
  await station.fill("Who signs", OWNER);
  await station.fill("Key id", KEY);
  await station.shot("template-kinds");
  await station.click("radio", "HSM by pkcs11-tool");
  await station.see(/SOFTHSM2_CONF\s*set/u);
  await station.see(/OPENSC_CONF\s*not set/u);
  // What is missing or wrong is said beside its field, in the words of its label.
  await station.fill("PKCS#11 module", "libsofthsm2.so");
  await station.fill("Label of the key", "another");
  await station.click("button", "Probe");
  await station.see("PKCS#11 module is not an absolute path");
  await station.see("Label of the token is missing, or Number of the slot");
  await station.see("File with the PIN is missing");
  await station.shot("template-errors");
  await station.fill("PKCS#11 module", module);
  await station.fill("Label of the token", "soft");
  await station.fill("File with the PIN", pin);
  // The program works, and there is no such key: the parts that need none are not hidden.
  await station.click("button", "Probe");
  await station.see("The probe did not pass", { patience: 60_000 });
  await station.see(/Program\s*Works.*Public key\s*Failed.*Signature\s*Not checked/su);
  await station.shot("template-probe-failed");
  const names = json(station.state, "settings.json").signers.map(({ name }) => name);
  assert.ok(!names.includes("hsm"), "nothing is saved");

  await station.fill("Label of the key", "deepsigma");
  await station.click("button", "Add signer");
  await station.see("Probe it first");
  await station.click("button", "Probe");
  await station.see("The probe passed", { patience: 60_000 });
  await station.see(/Signature\s*Works.*Verified as ecdsa-p256-sha256.*Evidence\s*Not there/su);
  await station.shot("template-probed");
  await station.click("button", "Add signer");
  await station.see("The signer hsm is saved.");
  await station.shot("template-listed");

  const { source } = json(station.state, "settings.json").signers.find(
    ({ name }) => name === "hsm",
  );
  const [program] = /[^ ]*signer-programs[^ ]*/u.exec(source.command);
  assert.equal(sha256(readFileSync(program)), /([0-9a-f]{64})\.py$/u.exec(program)[1]);
  assert.ok(!readFileSync(join(station.state, "settings.json"), "utf8").includes("1234"));

  // What was altered is named, and not run.
  await station.press("g", "q");
  await begin(station);
  await sign(station);
  await station.see("Files written");
  await station.click("button", "Close");
  const made = holdsByOpenssl(run);
  assert.deepEqual([made.signer_type, made.signing_key_id], ["external", KEY]);
  appendFileSync(program, "\n");
  const probing = ["signers", "probe", "hsm", "--settings", join(station.state, "settings.json")];
  const refused = countersign([...probing, "--json"], {
    status: 2,
    env: { ...process.env, ...env },
  });
  const parts = Object.fromEntries(
    JSON.parse(refused).parts.map(({ part, state }) => [part, state]),
  );
  assert.deepEqual(parts, {
    program: "contradicts",
    environment: "works",
    public_key: "not_checked",
    signature: "not_checked",
    evidence: "not_checked",
  });
});

test("a command that fails says why in its own words, and nothing is written", async (t) => {
  const path = demo(t);
  const before = snapshot(path);
  const state = directory(t);
  const place = directory(t);
  const { script, publicKey } = outside(place);
  const file = join(place, "public.pem");
  writeFileSync(file, publicKey);
  const station = await open(t, [path, "--demo"], { state });
  await station.see("9 envelopes");
  const how = ["--command", script, "--public-key", file, "--algo", "rsa-pkcs1v15-sha256"];
  const who = ["--key-id", KEY, "--signer", OWNER, "--timeout", "2"];
  const settings = ["--settings", join(state, "settings.json")];
  countersign(["signers", "add", "vault", ...how, ...who, ...settings]);
  await begin(station);
  const passed = readFileSync(script, "utf8");
  const note = readFileSync(join(path, "DEMO.txt"));
  // It has passed its probe, and fails only now.
  for (const [does, words, name] of [
    [
      "echo 'the vault is sealed' >&2; echo 'ask <b>Jon</b>' >&2; exit 1",
      "It said: the vault is sealed / ask <b>Jon</b>",
      "external-exit",
    ],
    ["exit 0", "printed no signature", "external-silent"],
    // What it changes itself is refused, and left for a person to look at.
    [`printf x >> '${path}/DEMO.txt'; ${passed}`, /DEMO\.txt.*changed/u, "external-touches"],
    ["echo bm8gc2lnbmF0dXJl", "does not verify", "external-wrong"],
    ["read line < /dev/zero", "gave no signature within 2 s", "external-late"],
  ]) {
    const spoil = () => writeFileSync(script, `#!/bin/sh\n${does}\n`);
    const repair = () => {
      writeFileSync(script, passed);
      writeFileSync(join(path, "DEMO.txt"), note);
    };
    await failsInWords(station, path, { spoil, repair }, words, name);
  }
  assert.deepEqual(snapshot(path), before);
  await sign(station);
  await station.see("Files written");
  assert.equal(holdsByOpenssl(runOf(path, DECISION)).signer_type, "external");
});
