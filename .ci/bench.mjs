// The README's figures: criterion's benchmarks, then time and memory of the whole program on
// directories of growing size, cold and from one seed.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

const binary = join("target", "release", "countersign");

execFileSync("cargo", ["bench", "--locked", "--package", "countersign-station"], {
  stdio: "inherit",
});
execFileSync("cargo", ["build", "--release", "--locked", "--package", "countersign-cli"], {
  stdio: "inherit",
});

const scratch = mkdtempSync(join(tmpdir(), "countersign-bench-"));
const rows = [];
try {
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

/** One run: its seconds, and the most memory it held, as Linux tells while it runs. */
async function measure(runs, cache, directory) {
  const args = ["status", "--json", "--keyring", join(directory, "keyring.json"), directory];
  const started = performance.now();
  const child = spawn(binary, args, { stdio: "ignore" });
  let kib = 0;
  const watch = setInterval(() => {
    try {
      // VmHWM only rises, so that the last reading before the end is close to the peak.
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      kib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? kib);
    } catch {
      // It has just ended.
    }
  }, 5);
  const [code] = await once(child, "exit");
  clearInterval(watch);
  if (code !== 0) throw new Error(`countersign ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  return { runs, cache, seconds: seconds.toFixed(2), "MiB at most": Math.round(kib / 1024) };
}

/** Makes the next reading come from the disk; needs root. */
function dropPageCache() {
  const file = "/proc/sys/vm/drop_caches";
  return existsSync(file) && spawnSync("sh", ["-c", `sync; echo 3 > ${file}`]).status === 0;
}
