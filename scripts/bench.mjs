// The figures of docs/performance.md, each beside its floor and its bound, measured in the same run.
//
//   npm run bench                  all of them
//   npm run bench -- judge verify  some of them, by the names of `PARTS`
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createHash, randomFillSync } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

import { LOGS, RUNS, fill } from "./shapes.mjs";

const binary = join("target", "release", "countersign");

/** What can be measured by itself. */
const PARTS = {
  judge: measureJudging,
  queue: () => bench("live_queue"),
  history: () => bench("history"),
  verify: measureVerify,
  register: measureRegistering,
  inputs: measureInputs,
  large: measureLarge,
  status: measureStatus,
  window: () => execFileSync("node", [join("scripts", "bench-window.mjs")], { stdio: "inherit" }),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(`bench: ${unknown.join(", ")}: the parts are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "countersign-bench-"));
// What this person's station remembers is not read, and nothing is added to it.
const own = Object.entries(process.env).filter(([name]) => !name.startsWith("XDG_"));
const home = join(scratch, "home");
const cargo = {
  CARGO_HOME: join(process.env.HOME, ".cargo"),
  RUSTUP_HOME: join(process.env.HOME, ".rustup"),
};
process.env = { ...cargo, ...Object.fromEntries(own), HOME: home };
mkdirSync(home);
try {
  // As it is shipped, with the flags of `scripts/build`.
  execFileSync("bash", [join("scripts", "build")], { stdio: "inherit" });
  for (const part of wanted.length > 0 ? wanted : Object.keys(PARTS)) await PARTS[part]();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Prints figures, and the machine that they are from. */
function show(what, rows) {
  console.log(`\n${what} (${cpus().length} cores, ${cpus()[0].model})`);
  console.table(rows);
}

/** Criterion's benchmark of a name. */
function bench(name) {
  const args = ["--package", "countersign-app", "--bench", name];
  execFileSync("bash", [join("scripts", "build"), "bench", ...args], { stdio: "inherit" });
}

/** Judging directories, beside the bare SHA-256 and Ed25519 work in them on as many cores. */
function measureJudging() {
  bench("judge_directory");
  const seconds = (name, runs) => {
    const file = join("target", "criterion", "judge", name, String(runs), "new", "estimates.json");
    return JSON.parse(readFileSync(file, "utf8")).mean.point_estimate / 1e9;
  };
  const rows = [];
  for (const runs of [1_000, 10_000]) {
    for (const name of ["with_claims", "without_claims"]) {
      const [taken, floor] = [seconds(name, runs), seconds(`bare_${name}`, runs)];
      rows.push({
        runs,
        name,
        seconds: taken.toFixed(2),
        "bare SHA-256 and Ed25519, s": floor.toFixed(2),
        "times as long": (taken / floor).toFixed(2),
        bound: "1.3",
      });
    }
  }
  show("Judging a directory, files cached", rows);
}

/** One `verify` of one envelope from start to end, beside starting a program that does nothing. */
function measureVerify() {
  const directory = join(scratch, "one");
  execFileSync(binary, ["demo", "--runs", "1", "--seed", "1", "--level", "L7", directory]);
  const run = readdirSync(directory).find((name) => /^RUN-\w+Z\.json$/.test(name));
  const args = ["verify", "--keyring", join(directory, "keyring.json"), join(directory, run)];
  const [floor, start, verify] = [["true"], [binary, "--version"], [binary, ...args]].map(middle);
  show("One verify, from start to end", [
    {
      "verify, ms": verify.toFixed(1),
      "--version, ms": start.toFixed(1),
      "true, ms": floor.toFixed(1),
      "bound, ms": 5,
    },
  ]);
  rmSync(directory, { recursive: true });
}

/** How long a program takes, in milliseconds: the middle one of many runs. */
function middle([program, ...args]) {
  const times = [];
  for (let round = 0; round < 101; round += 1) {
    const started = performance.now();
    const { status } = spawnSync(program, args, { stdio: "ignore" });
    times.push(performance.now() - started);
    if (status !== 0) throw new Error(`${program} ended with ${status}`);
  }
  return median(times);
}

function median(times) {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** Registering in a log of a million entries, beside appending a line and flushing it. */
function measureRegistering() {
  const directory = join(scratch, "register");
  execFileSync(binary, ["demo", "--runs", "12", "--seed", "1", "--level", "L2", directory]);
  const log = join(directory, "transparency_log.ndjson");
  rmSync(log, { force: true });
  const line = writeLog(log, 1_000_000);
  const runs = readdirSync(directory).filter((name) => /^RUN-\w+Z\.json$/.test(name));
  const times = runs.map((run) => {
    const started = performance.now();
    execFileSync(binary, ["log", "append", join(directory, run)], { stdio: "ignore" });
    return performance.now() - started;
  });
  const floors = runs.map(() => {
    const started = performance.now();
    const file = openSync(log, "a");
    writeSync(file, line);
    fsyncSync(file);
    closeSync(file);
    return performance.now() - started;
  });
  const [first, ...others] = times;
  show("Registering in a log of a million entries", [
    {
      "the first, which reads the log, ms": first.toFixed(0),
      "each after it, ms": median(others).toFixed(1),
      "a line appended and flushed, ms": median(floors).toFixed(1),
      "starting the program, ms": middle([binary, "--version"]).toFixed(1),
      "bound, ms": 20,
    },
  ]);
  rmSync(directory, { recursive: true });
}

/** Writes a log whose chain holds, of entries that this tool would write; its last line. */
function writeLog(path, entries) {
  const file = openSync(path, "w");
  const sha256 = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
  let [previous, line, some] = [null, "", []];
  for (let number = 1; number <= entries; number += 1) {
    const hash = sha256(`run ${number}`);
    // In the order of its keys, which is the canonical one.
    const entry = {
      artifact_bytes_sha256: sha256(`content ${number}`),
      artifact_path: `RUN-${hash.slice(7, 15)}_20260105T090000Z.json`,
      commit_hash: hash,
      entry_hash: "",
      entry_id: `TLE-${hash.slice(7, 15)}`,
      entry_version: "1.0",
      observed_at: "2026-01-05T09:00:00Z",
      prev_entry_hash: previous,
      run_id: `RUN-${hash.slice(7, 15)}`,
      signing_key_id: "ds-prod-2026-05",
      witness_key_id: null,
    };
    previous = sha256(JSON.stringify(entry));
    line = `${JSON.stringify({ ...entry, entry_hash: previous })}\n`;
    some.push(line);
    if (some.length === 10_000 || number === entries) writeSync(file, some.splice(0).join(""));
  }
  closeSync(file);
  return line;
}

/** Time and memory of the whole program on directories of growing size, cold and from the cache. */
async function measureStatus() {
  const rows = [];
  for (const runs of [1_000, 10_000, 20_000, 40_000]) {
    const directory = join(scratch, String(runs));
    const demo = ["demo", "--runs", String(runs), "--seed", "1", "--level", "L7", directory];
    execFileSync(binary, demo);
    for (const cache of ["cold", "warm"]) {
      if (cache === "cold" && !dropPageCache()) continue;
      rows.push(await measure(runs, cache, directory));
    }
    rmSync(directory, { recursive: true });
  }
  show("countersign status --json", rows);
}

/** One run: its seconds, and the most memory it held. */
async function measure(runs, cache, directory) {
  const args = ["status", "--json", "--keyring", join(directory, "keyring.json"), directory];
  const { code, seconds, mebibytes } = await watch(binary, args);
  if (code !== 0) throw new Error(`countersign ended with ${code}`);
  return {
    runs,
    cache,
    seconds: seconds.toFixed(2),
    "MiB at most": Math.round(mebibytes),
  };
}

/** The files that a run was made from, on all cores, beside their bare SHA-256 on as many. */
async function measureInputs() {
  const directory = join(scratch, "inputs");
  const run = join(scratch, "RUN-00000000_20260101T000000Z.json");
  const cores = String(cpus().length);
  const inputs = [];
  for (const [files, size] of [
    [20_000, 16 << 10],
    [64, 16 << 20],
    [1, 1 << 30],
  ]) {
    mkdirSync(directory);
    const entries = [];
    const content = Buffer.alloc(size);
    randomFillSync(content);
    for (let number = 0; number < files; number += 1) {
      content.writeUInt32BE(number);
      const path = `${number}.bin`;
      writeFileSync(join(directory, path), content);
      const sha256 = createHash("sha256").update(content).digest("hex");
      entries.push({ path, sha256: `sha256:${sha256}` });
    }
    writeFileSync(run, JSON.stringify({ hash_scope: { inputs: entries }, hash: "" }));
    const names = join(scratch, "names");
    writeFileSync(names, entries.map(({ path }) => `${join(directory, path)}\n`).join(""));
    // As many at a time as each core needs to be busy, and no more than fit a command line.
    const share = String(Math.min(500, Math.ceil(files / cpus().length)));
    const bare = ["-a", names, "-P", cores, "-n", share, "sha256sum"];
    const verify = ["verify", "--json", "--inputs", directory, run];
    // Once for the page cache, so that both read from it.
    await watch("xargs", bare);
    for (const round of [1, 2, 3]) {
      const floor = await watch("xargs", bare);
      const taken = await watch(binary, verify);
      inputs.push({
        files,
        KiB: size >> 10,
        round,
        seconds: taken.seconds.toFixed(2),
        "sha256sum, s": floor.seconds.toFixed(2),
        "times as long": (taken.seconds / floor.seconds).toFixed(2),
        "MiB at most": Math.round(taken.mebibytes),
      });
    }
    rmSync(directory, { recursive: true });
  }
  show("countersign verify --inputs, cached, beside sha256sum on as many cores", inputs);
}

/** Large runs of every shape, several together, and logs: beyond what a run of 1 KB takes. */
async function measureLarge() {
  const size = 62 << 20;
  const resources = [];
  const directory = join(scratch, "large");
  const name = (number) => join(directory, `RUN-0000000${number}_20260101T000000Z.json`);
  const run = (number, [open, piece, close], bytes) =>
    fill(name(number), bytes, `{"outputs":${open}`, piece, `${close},"hash":""}`);
  mkdirSync(directory);
  run(0, ['"', "x", '"'], 1000);
  const floor = await watch(binary, ["verify", name(0)]);
  const row = async (what, file, args) => {
    const bare = await watch("sha256sum", [file]);
    const taken = await watch(binary, args);
    resources.push({
      what,
      seconds: taken.seconds.toFixed(2),
      "sha256sum, s": bare.seconds.toFixed(2),
      "MiB more than 1 KB": Math.round(taken.mebibytes - floor.mebibytes),
    });
  };
  for (const [what, parts] of Object.entries(RUNS)) {
    run(0, parts, size);
    await row(`62 MiB: ${what}`, name(0), ["verify", name(0)]);
  }
  for (const number of [0, 1, 2, 3]) run(number, RUNS["small objects, unsorted"], size);
  await row("four of 62 MiB: small objects, unsorted", name(0), ["status", directory]);
  rmSync(directory, { recursive: true });
  const log = join(directory, "transparency_log.ndjson");
  for (const [what, { mebibytes, head, fill: piece }] of Object.entries(LOGS)) {
    mkdirSync(directory);
    writeFileSync(name(0), '{"hash":""}');
    fill(log, mebibytes << 20, head, piece, "\n");
    await row(what, log, ["log", "verify", log]);
    rmSync(directory, { recursive: true });
  }
  show("Runs and logs that are awkward to hold in memory", resources);
}

/** The exit code, seconds and most memory of a program, as Linux tells while it runs. */
async function watch(program, args) {
  const started = performance.now();
  const child = spawn(program, args, { stdio: "ignore" });
  let kib = 0;
  const look = setInterval(() => {
    try {
      // VmHWM only rises, so that the last reading before the end is close to the peak.
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      kib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? kib);
    } catch {
      // It has just ended.
    }
  }, 5);
  const [code] = await once(child, "exit");
  clearInterval(look);
  return {
    code,
    seconds: (performance.now() - started) / 1000,
    mebibytes: kib / 1024,
  };
}

/** Makes the next reading come from the disk; needs root. */
function dropPageCache() {
  const file = "/proc/sys/vm/drop_caches";
  return existsSync(file) && spawnSync("sh", ["-c", `sync; echo 3 > ${file}`]).status === 0;
}
