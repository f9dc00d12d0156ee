// The figures of docs/performance.md: criterion's benchmarks, then time and memory of the whole program on
// directories of growing size, cold and from one seed; then what runs and logs take that are awkward
// to hold in memory, and the files that a run was made from, each beside the bare SHA-256 of its files.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createHash, randomFillSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

import { LOGS, RUNS, fill } from "./shapes.mjs";

const binary = join("target", "release", "countersign");

execFileSync("cargo", ["bench", "--locked", "--package", "countersign-app"], {
  stdio: "inherit",
});
execFileSync("cargo", ["build", "--release", "--locked", "--package", "countersign-cli"], {
  stdio: "inherit",
});

const scratch = mkdtempSync(join(tmpdir(), "countersign-bench-"));
const rows = [];
const resources = [];
const inputs = [];
try {
  await measureInputs();
  await measureLarge();
  for (const runs of [1_000, 10_000, 20_000, 40_000]) {
    const directory = join(scratch, String(runs));
    execFileSync(binary, [
      "demo",
      "--runs",
      String(runs),
      "--seed",
      "1",
      "--level",
      "L7",
      directory,
    ]);
    for (const cache of ["cold", "warm"]) {
      if (cache === "cold" && !dropPageCache()) continue;
      rows.push(await measure(runs, cache, directory));
    }
    rmSync(directory, { recursive: true });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\ncountersign status --json on ${cpus().length} cores (${cpus()[0].model})`);
console.table(rows);

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
  console.log(
    `\ncountersign verify --inputs, cached, beside sha256sum on as many cores (${cores})`,
  );
  console.table(inputs);
}

/** Large runs of every shape, several together, and logs: beyond what a run of 1 KB takes. */
async function measureLarge() {
  const size = 62 << 20;
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
  console.log("\nRuns and logs that are awkward to hold in memory");
  console.table(resources);
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
