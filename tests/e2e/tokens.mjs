// What the stories of keys on tokens share: SoftHSM2, a TPM in software and a reader for Yubico's own
// programs, and the steps that each takes. What is missing is named with its package.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { countersign, directory, json, until } from "./station.mjs";

export const ENVELOPE = "[aria-label=Envelope]";
/** Of the demo's runs the one that lacks a hardware or external key, and then an authority. */
export const DECISION = "DEC-007";

/** Where Debian and others put modules. */
const LIBRARIES = [
  "/usr/lib/x86_64-linux-gnu",
  "/usr/lib/aarch64-linux-gnu",
  "/usr/lib64",
  "/usr/lib",
];

/** The file of a module, by the names that it goes by. */
export function moduleFile(names, from) {
  const found = names.flatMap((name) => LIBRARIES.map((library) => join(library, name)));
  const file = found.find((path) => existsSync(path));
  assert.ok(file, `${names[0]} is missing; as root: apt-get install ${from}`);
  return file;
}

/** Runs a program to its end; its standard output. */
export function tool(program, words, { from, env, cwd } = {}) {
  const ran = spawnSync(program, words, { env: { ...process.env, ...env }, cwd });
  assert.ok(
    ran.error?.code !== "ENOENT",
    `${program} is missing; as root: apt-get install ${from ?? program}`,
  );
  assert.equal(ran.status, 0, `${program} ${words.join(" ")}: ${ran.stdout}${ran.stderr}`);
  return String(ran.stdout);
}

/** SoftHSM2 with one token and one P-256 key on it, PIN 1234. */
export function softhsm(test, label = "witness") {
  const place = directory(test);
  const module = moduleFile(["softhsm/libsofthsm2.so", "pkcs11/libsofthsm2.so"], "softhsm2");
  const env = { SOFTHSM2_CONF: join(place, "softhsm2.conf") };
  mkdirSync(join(place, "tokens"));
  writeFileSync(env.SOFTHSM2_CONF, `directories.tokendir = ${join(place, "tokens")}\n`);
  const token = ["--init-token", "--free", "--label", "soft", "--pin", "1234", "--so-pin", "5678"];
  const made = tool("softhsm2-util", token, { from: "softhsm2", env });
  const [, slot] = /reassigned to slot (\d+)/u.exec(made);
  const pkcs11Tool = (...words) =>
    tool("pkcs11-tool", ["--module", module, ...words], { from: "opensc", env, cwd: place });
  const make = ["--keypairgen", "--key-type", "EC:prime256v1", "--id", "01", "--label", label];
  pkcs11Tool("--login", "--pin", "1234", ...make);
  return { place, module, env, slot, pkcs11Tool };
}

/** A TPM in software with a token of tpm2-pkcs11 and one P-256 key on it, PIN 1234. */
export async function tpm(test) {
  const place = directory(test);
  const at = (name) => join(place, name);
  const module = moduleFile(
    ["pkcs11/libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1"],
    "libtpm2-pkcs11-1",
  );
  moduleFile(["libtss2-tcti-swtpm.so", "libtss2-tcti-swtpm.so.0"], "libtss2-tcti-swtpm0");
  mkdirSync(at("store"));
  // The second socket has the name that clients look for beside the first.
  const state = ["--tpmstate", `dir=${place}`, "--flags", "not-need-init,startup-clear"];
  const sockets = ["tpm", "tpm.ctrl"].map((name) => `type=unixio,path=${at(name)}`);
  const words = ["socket", "--tpm2", ...state, "--server", sockets[0], "--ctrl", sockets[1]];
  await begun(test, "swtpm", words, { from: "swtpm" });
  await until("swtpm to listen", () => existsSync(at("tpm.ctrl")));
  const env = {
    TPM2_PKCS11_TCTI: `swtpm:path=${at("tpm")}`,
    TPM2_PKCS11_STORE: at("store"),
    TSS2_LOG: "all+NONE",
  };
  const pkcs11Tool = (...words) =>
    tool("pkcs11-tool", ["--module", module, ...words], { from: "opensc", env });
  pkcs11Tool("--init-token", "--slot-index", "0", "--label", "tpm", "--so-pin", "87654321");
  const officer = ["--login", "--login-type", "so", "--so-pin", "87654321"];
  pkcs11Tool("--init-pin", ...officer, "--new-pin", "1234");
  const make = ["--keypairgen", "--key-type", "EC:prime256v1", "--id", "01", "--label", "witness"];
  pkcs11Tool("--login", "--pin", "1234", ...make);
  return { module, env };
}

/** A card in a reader that is called as Yubico's are: their programs and their module look at no other. */
export const IN_YUBICO_READER = ["--reader", "Yubico YubiKey OTP+FIDO+CCID"];

/** Starts a program that runs until the test ends; its output is read. */
export async function begun(test, program, words, { from, env, cwd } = {}) {
  const child = spawn(program, words, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", () =>
      reject(new Error(`${program} is missing; as root: apt-get install ${from ?? program}`)),
    );
  });
  async function end() {
    child.kill("SIGKILL");
    await ended;
  }
  test.after(end);
  return { said: () => said, end };
}

/**
 * Goes on with a key that changes nothing as the keyring is, which the window asks about once: to its
 * secret, if it has one.
 */
export async function goOnAnyway(station, next = `${DECISION} as witness`) {
  await station.click("button", next);
  await station.see("This signature changes nothing");
  await station.click("button", "Sign although it changes nothing");
}

/** Opens the ceremony over the decision, up to the choice of the key. */
export async function begin(station) {
  await station.row(DECISION);
  await station.see("Ladder", { within: ENVELOPE });
  await station.toSign();
  await station.see("Read what you sign");
  await station.click("button", "I have read this");
  await station.see("Choose key, name and role");
}

/**
 * OpenSSL says that every signature on run and manifest holds and is of these files, by their own
 * instructions alone. Returns the latest one on the run.
 */
export function holdsByOpenssl(run) {
  const files = [run, run.replace(/\.json$/u, ".manifest.json")].map((file) => `${file}.sig.json`);
  const signed = files.map((file) => json(file));
  for (const [at, { signatures }] of signed.entries()) {
    for (const { verification_instructions } of signatures) {
      const ran = spawnSync("sh", ["-c", verification_instructions], { cwd: dirname(run) });
      assert.equal(ran.status, 0, `${basename(files[at])}: ${ran.stderr}`);
      assert.match(String(ran.stdout), /file as signed/u);
    }
  }
  const [last, onManifest] = signed.map(({ signatures }) => signatures.at(-1));
  for (const field of ["signing_key_id", "signer_id", "role", "algorithm", "signer_type"]) {
    assert.equal(onManifest[field], last[field], field);
  }
  return last;
}

/** Level and assurance of a run, by the command line. */
export function verdict(path, run, words = []) {
  const keyring = ["--keyring", join(path, "keyring.json")];
  const said = countersign(["verify", "--level", "L0", "--json", ...keyring, ...words, run]);
  const { level, assurance } = JSON.parse(said);
  return { level, assurance };
}
