// Months of work in ten minutes: one window stays open while runs come and go, are signed here and
// elsewhere, merged, packed and reviewed, while files are cut, folders taken away, programs killed in
// the middle of a write, the key and its service pulled out. Then nothing has grown, nothing is left
// open, and nothing is lost. `npm run soak`; SOAK_SECONDS is how long, 600 if it is not set.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

import {
  COUNTERSIGN,
  bus,
  countersign,
  directory,
  json,
  open,
  stationProcesses,
  statuses,
  trustVirtualRoots,
  until,
  yubikey,
} from "./station.mjs";

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
/** How many runs each round brings, and how many rounds a run stays in the directory. */
const [BROUGHT, STAY] = [4, 3];
/** Rounds that are not counted: caches fill, threads start. */
const WARM_UP = 3;
const ENVELOPE = "[aria-label=Envelope]";
const manifestOf = (run) => run.replace(/\.json$/u, ".manifest.json");
const OPERATOR = ["--role", "operator", "--signer", "o.operator", "--key-id", "ds-demo-2026-01"];
const WITNESS = ["--role", "witness", "--signer", "w.witness", "--key-id", "ds-demo-2026-02"];

test("work for months leaves nothing open, nothing grown, and nothing lost", async (t) => {
  const place = new Place(t);
  const card = await Card.at(t, place);
  const station = await open(t, [place.path, "--demo"], { env: card.env });
  const [pid] = stationProcesses(station.state);
  const samples = [];
  const end = Date.now() + SECONDS * 1000;
  for (let round = 0; Date.now() < end || round < WARM_UP + 6; round++) {
    const begun = Date.now();
    const runs = place.bring(round);
    await station.see(`${place.count()} envelopes`);
    await signInWindow(station, place, runs[0]);
    await killedWhileSigning(place, runs[1]);
    place.sign(runs[2], OPERATOR, "operator");
    place.sign(runs[3], OPERATOR, "operator");
    await place.append(runs);
    await card.sign(station, place, runs[0], round);
    await mergeFromStick(t, station, place, runs[2], round);
    await reviewPack(station, place, runs[2]);
    await cut(station, place, runs[1], round);
    if (round % 4 === 1) await killedWindow(t, place, runs[3], card);
    if (round % 3 === 2) await card.restart(station);
    place.archive(round - STAY);
    await station.see(`${place.count()} envelopes`);
    const sample = await measure(pid, station, place);
    samples.push(sample);
    console.log(JSON.stringify({ round, seconds: (Date.now() - begun) / 1000, ...sample }));
  }
  await station.close();

  place.nothingIsLost();
  nothingIsLeft(samples.slice(WARM_UP));
  countersign(["journal", "verify", join(station.state, "journal.ndjson")]);
  countersign(["journal", "verify", place.journal]);
});

/** The directory of the station, a stock of runs that nobody has signed, and an archive of old ones. */
class Place {
  /** What was reported as written: the path of each signature file from the directory, and a signature. */
  #written = [];
  /** The runs of each round, and of all rounds those that were registered. */
  #rounds = [];
  #registered = [];

  constructor(t) {
    this.path = directory(t);
    this.scratch = directory(t);
    this.stock = join(this.scratch, "stock");
    this.old = join(this.scratch, "old");
    mkdirSync(this.old);
    this.journal = join(this.scratch, "journal.ndjson");
    // Enough for a round every three seconds.
    const runs = String(BROUGHT * Math.ceil(SECONDS / 3 + WARM_UP + 6));
    countersign(["demo", "--level", "L1", "--runs", runs, this.stock]);
    this.waiting = statuses(this.stock);
    const isOfRun = (name) => name.startsWith("RUN-");
    for (const name of readdirSync(this.stock).filter((name) => !isOfRun(name)))
      cpSync(join(this.stock, name), join(this.path, name), { recursive: true });
    trustVirtualRoots(this.path);
    this.keyring = ["--keyring", join(this.path, "keyring.json")];
  }

  /** Brings new runs; those of a round are in a folder of their own every other time. */
  bring(round) {
    const folder = round % 2 === 0 ? "" : `round-${round}`;
    mkdirSync(join(this.path, folder), { recursive: true });
    const runs = this.waiting.splice(0, BROUGHT).map(({ path, decision_id: decision }) => {
      const file = join(this.path, folder, path);
      // The manifest first, as a well-behaved producer does.
      cpSync(join(this.stock, manifestOf(path)), manifestOf(file));
      cpSync(join(this.stock, path), file);
      return { file, decision, name: join(folder, path) };
    });
    assert.equal(runs.length, BROUGHT, "the stock is used up");
    this.#rounds.push({ runs, folder });
    return runs;
  }

  count() {
    const there = (name) => /RUN-[^/]*Z\.json$/u.test(name);
    return readdirSync(this.path, { recursive: true }).filter(there).length;
  }

  /** Takes the runs of a round out of the directory. */
  archive(round) {
    const { runs, folder } = this.#rounds[round] ?? { runs: [] };
    for (const { file } of runs) {
      const name = basename(file, ".json");
      const from = join(this.path, folder);
      for (const one of readdirSync(from).filter((one) => one.startsWith(name)))
        renameSync(join(from, one), join(this.old, one));
    }
    if (folder) rmSync(join(this.path, folder), { recursive: true });
  }

  key(role) {
    return ["--key-file", join(this.path, `keys/${role}.key.pem`), "--passphrase-fd", "0"];
  }

  /** The command line signs. */
  sign(run, who, role) {
    const words = [...who, ...this.key(role), ...this.keyring, "--journal", this.journal];
    countersign(["sign", ...words, run.file], { input: "demo\n" });
    this.isWritten(run, who.at(-1));
  }

  /** Was reported as written: it is there, and is remembered. */
  isWritten(run, key) {
    for (const file of [run.file, manifestOf(run.file)]) {
      const found = signaturesIn(`${file}.sig.json`).filter((one) => one.signing_key_id === key);
      assert.ok(found.length > 0, `${key} has signed ${file}`);
      const name = `${basename(file)}.sig.json`;
      this.#written.push(...found.map(({ signature }) => ({ name, signature })));
    }
  }

  /** Two programs register the same runs, and one of them is killed. */
  async append(runs) {
    const log = join(this.path, "transparency_log.ndjson");
    const words = ["log", "append", "--log", log, "--journal", this.journal];
    words.push(...runs.map(({ file }) => file));
    await killed(words);
    countersign(words);
    this.#registered.push(...runs);
  }

  nothingIsLost() {
    const everywhere = [this.path, this.old].flatMap((at) =>
      readdirSync(at, { recursive: true }).map((name) => join(at, name)),
    );
    const places = new Map(everywhere.map((path) => [basename(path), path]));
    for (const { name, signature } of this.#written) {
      const found = signaturesIn(places.get(name)).some((one) => one.signature === signature);
      assert.ok(found, `${name} has lost a signature that was reported as written`);
    }
    const log = join(this.path, "transparency_log.ndjson");
    countersign(["log", "verify", log, "--journal", this.journal]);
    const lines = readFileSync(log, "utf8").trim().split("\n");
    const registered = lines.map((line) => JSON.parse(line)).map((entry) => entry.run_id);
    assert.equal(registered.length, this.#registered.length, "each run is registered once");
    for (const { file } of this.#registered) {
      const [id] = basename(file).split("_");
      assert.ok(registered.includes(id), `${id} is in the log`);
    }
    const levels = ["L4", "L2", "L4", "L2"];
    const verify = (level, runs) => {
      const files = runs.map(({ file }) => places.get(basename(file)));
      for (const file of files) {
        const words = ["verify", "--level", level, "--log", log, ...this.keyring, file];
        countersign(words);
      }
    };
    for (const [at, level] of levels.entries())
      verify(
        level,
        this.#rounds.map(({ runs }) => runs[at]),
      );
    // A write that was killed may leave its own file, under a name that nothing reads.
    for (const path of everywhere.filter((path) => path.endsWith(".json"))) json(path);
  }
}

/** The YubiKey of the witness, which is pulled out and plugged in, and its service. */
class Card {
  static async at(t, place) {
    const card = new Card();
    card.socket = join(directory(t), "pcscd.comm");
    card.begin = () => yubikey(t, [], card.socket);
    card.key = await card.begin();
    card.env = card.key.env;
    await card.key.insert();
    const words = ["keys", "enrol", "--piv", "--slot", "9c", "--key-id", "ds-demo-2026-07"];
    countersign(
      [
        ...words,
        "--owner",
        "y.witness",
        "--role",
        "witness",
        "--kind",
        "hardware",
        ...place.keyring,
      ],
      { env: { ...process.env, ...card.env } },
    );
    await card.key.pull();
    return card;
  }

  /** It is plugged in and signs; every other time it is first pulled out in the middle of it. */
  async sign(station, place, run, round) {
    await this.key.insert();
    await station.see(/99000001.*3 attempts left/u);
    if (round % 2 === 1) {
      const before = signaturesIn(`${run.file}.sig.json`).length;
      await this.#toTouch(station, run);
      await this.key.touch();
      await station.see(/touch 2 of 3/iu);
      await this.key.pull();
      await station.see(/nothing was written/iu);
      await closeSheet(station);
      assert.equal(signaturesIn(`${run.file}.sig.json`).length, before);
      await this.key.insert();
      await station.see(/99000001.*3 attempts left/u);
    }
    await this.#toTouch(station, run);
    for (let touch = 1; touch <= 3; touch++) {
      if (touch > 1) await station.see(new RegExp(`touch ${touch} of 3`, "iu"));
      await this.key.touch();
    }
    await station.see("Files written");
    place.isWritten(run, "ds-demo-2026-07");
    await station.click("button", "Close");
    await this.key.pull();
  }

  async #toTouch(station, run) {
    await beginSigning(station, run);
    await station.click("radio", "YubiKey 99000001");
    await station.click("button", "Enter the PIN");
    await station.see("3 attempts left");
    await station.fill("PIN", "123456");
    await station.press("Enter");
    await station.see("Touch your YubiKey now");
  }

  /** The smart card service ends, and begins again at the same place. */
  async restart(station) {
    await this.key.end();
    await station.see("No YubiKey or PIV card can be seen");
    this.key = await this.begin();
    await this.key.insert();
    await station.see(/99000001.*3 attempts left/u);
    await this.key.pull();
  }
}

/** Opens the ceremony over a run, up to the choice of the key. */
async function beginSigning(station, { decision }) {
  await station.row(decision);
  await station.see("Ladder", { within: ENVELOPE });
  await station.toSign();
  await station.see("Read what you sign");
  await station.click("button", "I have read this");
  await station.see("Choose key, name and role");
}

async function toPassphrase(station, run) {
  await beginSigning(station, run);
  await station.click("radio", "ds-demo-2026-01");
  await station.click("button", "Enter the passphrase");
  await station.see("Used once, for this signature");
  await station.fill("Passphrase", "demo");
}

async function signInWindow(station, place, run) {
  await toPassphrase(station, run);
  await station.click("button", `Sign ${run.decision} as operator`);
  await station.see("Files written");
  place.isWritten(run, "ds-demo-2026-01");
  await station.click("button", "Close");
}

async function closeSheet(station) {
  await station.press("Escape");
  await until("the sheet is closed", () =>
    station.page(() => document.querySelector("[role=dialog]") === null),
  );
}

/** The command line is killed while it signs, and then signs what it had not. */
async function killedWhileSigning(place, run) {
  const words = ["sign", ...OPERATOR, ...place.key("operator"), ...place.keyring];
  words.push("--journal", place.journal, run.file);
  await killed(words, "demo\n");
  const files = [run.file, manifestOf(run.file)].map((file) => `${file}.sig.json`);
  const signed = files.every((file) => signaturesIn(file).length > 0);
  if (!signed) countersign(words, { input: "demo\n" });
  place.isWritten(run, "ds-demo-2026-01");
}

/** Starts the command line and kills it at some moment. */
async function killed(words, input = "") {
  const child = spawn(COUNTERSIGN, words, { stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  setTimeout(() => child.kill("SIGKILL"), Math.random() * 400);
  await ended;
}

/** Another window on the same directory is killed while it signs; it opens again, and signs. */
async function killedWindow(t, place, run, card) {
  const state = join(place.scratch, "other-state");
  const away = await bus(t);
  const env = { ...away.env, ...card.env };
  let other = await open(t, [place.path, "--demo"], { state, env });
  const signed = () => signaturesIn(`${run.file}.sig.json`).length;
  const witness = async () => {
    await beginSigning(other, run);
    await other.click("radio", "ds-demo-2026-02");
    await other.click("button", "Enter the passphrase");
    await other.fill("Passphrase", "demo");
    await other.click("button", `Co-sign ${run.decision} as witness`);
  };
  await witness();
  for (const pid of stationProcesses(state)) process.kill(pid, "SIGKILL");
  await other.close();
  other = await open(t, [place.path, "--demo"], { state, env });
  await other.see(`${place.count()} envelopes`);
  if (signed() < 2) {
    await witness();
    await other.see("Files written");
  }
  await other.close();
  await away.end();
  place.isWritten(run, "ds-demo-2026-02");
  countersign(["journal", "verify", join(state, "journal.ndjson")]);
}

/** The witness signs a copy elsewhere, which is merged by the window or by the command line. */
async function mergeFromStick(t, station, place, run, round) {
  const stick = join(place.scratch, "stick");
  mkdirSync(stick);
  for (const file of [run.file, manifestOf(run.file)])
    for (const one of [file, `${file}.sig.json`]) cpSync(one, join(stick, basename(one)));
  const copy = { ...run, file: join(stick, basename(run.file)) };
  const words = [...WITNESS, ...place.key("witness"), ...place.keyring, "--journal", place.journal];
  countersign(["sign", ...words, copy.file], { input: "demo\n" });
  if (round % 2 === 0) {
    await station.drop(stick);
    await station.click("radio", "Merge it into");
    await station.click("button", "Merge into");
    await station.click("button", "Merge: add 2 signatures");
    await station.see("2 signatures added to 1 envelope");
    await closeSheet(station);
  } else {
    const target = ["--journal", place.journal, ...place.keyring, place.path, stick];
    await killed(["merge", ...target]);
    countersign(["merge", ...target]);
  }
  place.isWritten(run, "ds-demo-2026-02");
  rmSync(stick, { recursive: true });
}

/** A pack is made, reviewed in the window, and refused once it is cut. */
async function reviewPack(station, place, run) {
  const pack = join(place.scratch, "pack.zip");
  const log = ["--journal", place.journal, ...place.keyring];
  countersign(["pack", "--out", pack, ...log, run.file]);
  await station.drop(pack);
  await station.click("radio", "Review it read-only");
  await station.click("button", "Review");
  await station.see("Reviewing ");
  await station.click("button", "Stop reviewing");
  await station.see(`${place.count()} envelopes`);
  truncateSync(pack, Math.floor(statSync(pack).size / 2));
  countersign(["verify", "--level", "L0", ...place.keyring, pack], { status: 2 });
  rmSync(pack);
}

/** Half a run and half a signature file appear and go; a folder is taken away and brought back. */
async function cut(station, place, run, round) {
  const half = join(place.path, "RUN-00000000_20260105T080000Z.json");
  const bytes = readFileSync(run.file);
  writeFileSync(half, bytes.subarray(0, bytes.length / 2));
  await station.see(`${place.count()} envelopes`);
  const signatures = `${half}.sig.json`;
  writeFileSync(signatures, readFileSync(`${run.file}.sig.json`).subarray(0, 100));
  rmSync(half);
  rmSync(signatures);
  await station.see(`${place.count()} envelopes`);
  if (round % 2 === 0) return;
  const folder = join(place.path, `round-${round}`);
  const away = join(place.scratch, "away");
  renameSync(folder, away);
  await station.see(`${place.count()} envelopes`);
  renameSync(away, folder);
  await station.see(`${place.count()} envelopes`);
}

function signaturesIn(file) {
  if (!existsSync(file)) return [];
  const signed = json(file);
  return signed.signatures ?? [signed];
}

/** What the window's own process and those of its pages hold, once they have come to rest. */
async function measure(pid, station, place) {
  let before;
  const held = () => {
    const processes = descendants(pid);
    const all = (count) => processes.reduce((sum, one) => sum + count(one), 0);
    return { processes: processes.length, descriptors: all(descriptors), threads: all(threads) };
  };
  await until("the window to come to rest", async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return JSON.stringify(before) === JSON.stringify((before = held()));
  });
  const state = (name) => {
    const files = readdirSync(station.state).filter((one) => one.startsWith(name));
    return files.reduce((sum, one) => sum + statSync(join(station.state, one)).size, 0);
  };
  const pages = descendants(pid).slice(1);
  return {
    ...before,
    watches: watches(pid),
    "station MiB": mebibytes(pid),
    "pages MiB": pages.reduce((sum, one) => sum + mebibytes(one), 0),
    "journal KiB": state("journal") / 1024,
    "catalogue KiB": state("catalogue") / 1024,
    "files in state": readdirSync(station.state, { recursive: true }).length,
    "files left": leftovers(place.path).length,
  };
}

/** The files that a write left that was killed. */
function leftovers(path) {
  return readdirSync(path, { recursive: true }).filter((name) => name.endsWith(".tmp"));
}

function descendants(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  return [pid, ...children.flatMap(descendants)];
}

const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;
const threads = (pid) => readdirSync(`/proc/${pid}/task`).length;

/** How many files and folders it has the kernel watch. */
function watches(pid) {
  const inotify = readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === "anon_inode:inotify";
    } catch {
      return false;
    }
  });
  return inotify.reduce((sum, fd) => {
    const lines = readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8").match(/^inotify wd/gmu) ?? [];
    return sum + lines.length;
  }, 0);
}

/** Memory of a process, what it shares with others divided among them, in MiB. */
function mebibytes(pid) {
  const [, kibibytes] = /^Pss:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(kibibytes) / 1024;
}

/** By how much it grows from one to the next, by the least squares. */
function growth(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const along = values.map((value, at) => [at - middle, value - mean]);
  return along.reduce((sum, [x, y]) => sum + x * y, 0) / along.reduce((sum, [x]) => sum + x * x, 0);
}

/** Of each figure, how much it may grow in a round. */
const MOST = {
  processes: 0.05,
  descriptors: 0.1,
  threads: 0.1,
  watches: 0.1,
  "station MiB": 1,
  // WebKit collects when it chooses to, so that this finds a large leak only.
  "pages MiB": 12,
  "journal KiB": 40,
  "catalogue KiB": 4,
  // What is remembered for good: a file for each claim seen, and one for each folder.
  "files in state": 5,
  "files left": 1,
};

function nothingIsLeft(samples) {
  const grown = Object.keys(MOST).map((name) => {
    const values = samples.map((sample) => sample[name]);
    return {
      name,
      first: values[0],
      last: values.at(-1),
      "a round": growth(values),
      most: MOST[name],
    };
  });
  console.table(grown);
  const over = grown.filter((one) => one["a round"] > one.most);
  assert.deepEqual(over, [], `in ${samples.length} rounds`);
}
