// The README's figures: criterion's benchmarks, then time and memory of the whole program on
// directories of growing size, cold and from one seed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

const binary = join("target", "release", "countersign");

execFileSync("cargo", ["bench", "--locked", "--package", "countersign-station"], { stdio: "inherit" });
execFileSync("cargo", ["build", "--release", "--locked", "--package", "countersign-cli"], { stdio: "inherit" });

const scratch = mkdtempSync(join(tmpdir(), "countersign-bench-"));
const rows = [];
try {
  for (const runs of [1_000, 10_000, 20_000, 40_000]) {
    const directory = join(scratch, String(runs));
    execFileSync(binary, ["demo", "--runs", String(runs), "--seed", "1", "--level", "L7", directory]);
    for (const cache of ["cold", "warm"]) {
      if (cache === "cold" && !dropPageCache()) continue;
      rows.push(measure(runs, cache, directory));
    }
    rmSync(directory, { recursive: true });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\ncountersign status --json on ${cpus().length} cores (${cpus()[0].model})`);
console.table(rows);

/** One run under a shell's `time`-like wrapper: seconds and the peak of its memory. */
function measure(runs, cache, directory) {
  const peak = "import resource,subprocess,sys,time;t=time.time();c=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL).returncode;print(time.time()-t,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss);sys.exit(c)";
  const keyring = join(directory, "keyring.json");
  const args = ["-c", peak, binary, "status", "--json", "--keyring", keyring, directory];
  const { stdout, status } = spawnSync("python3", args, { encoding: "utf8" });
  if (status !== 0) throw new Error("python3 is needed to measure memory: apt-get install python3");
  const [seconds, kib] = stdout.trim().split(" ").map(Number);
  return { runs, cache, seconds: seconds.toFixed(2), "MiB at most": Math.round(kib / 1024) };
}

/** Makes the next reading come from the disk; needs root. */
function dropPageCache() {
  const file = "/proc/sys/vm/drop_caches";
  return existsSync(file) && spawnSync("sh", ["-c", `sync; echo 3 > ${file}`]).status === 0;
}
