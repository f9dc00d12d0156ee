// The window's figures: from start to the first frame and to a usable queue, the backend's memory,
// its idle processor time; and how large the programs are.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

const binary = join("target", "release", "countersign");
const window = join("target", "release", "countersign-station");
/** Longest that a window may take to show its rows, in milliseconds. */
const PATIENCE = 120_000;
/** How many half seconds without work make a backend that is at rest. */
const QUIET = 6;

// `bench.mjs` has built it already; then this finds nothing to do.
execFileSync("bash", [join("scripts", "build")], { stdio: "inherit" });
const floor = emptyWindow();
const display = await startDisplay();
const scratch = mkdtempSync(join(tmpdir(), "countersign-bench-"));
const rows = [];
try {
  for (const runs of [1_000, 100_000]) {
    const directory = join(scratch, String(runs));
    const state = join(scratch, `${runs}-state`);
    execFileSync(binary, ["demo", "--runs", String(runs), "--seed", "1", directory]);
    const start = (cache) => measure(runs, cache, directory, state);
    dropPageCache();
    rows.push(await start("cold, no catalogue"));
    rows.push(await start("warm, catalogue"));
    dropPageCache();
    rows.push(await start("cold, catalogue"));
    rows.push(await start("warm, catalogue"));
    rows.push({ runs: "none", cache: "an empty window, warm", "first frame, s": emptyFrame() });
    rmSync(directory, { recursive: true });
  }
} finally {
  display.kill();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\ncountersign-station on ${cpus().length} cores (${cpus()[0].model}), under Xvfb`);
console.table(rows);
console.table(sizes());

/** Builds the floor: a window of the same toolkit with an empty page. Returns its program. */
function emptyWindow() {
  const args = ["--package", "countersign-window", "--bench", "empty_window"];
  const features = ["--features", "countersign-window/custom-protocol"];
  const built = execFileSync(
    "bash",
    [
      join("scripts", "build"),
      "bench",
      "--no-run",
      "--message-format",
      "json",
      ...args,
      ...features,
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28 },
  );
  const artifacts = built
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return artifacts.find(({ target, executable }) => target?.name === "empty_window" && executable)
    .executable;
}

/** The first frame of an empty window, in seconds. */
function emptyFrame() {
  const env = { ...process.env, DISPLAY: display.name };
  delete env.WAYLAND_DISPLAY;
  const said = execFileSync(floor, [], { env, encoding: "utf8", timeout: PATIENCE });
  return (Number(said.split(" ")[1]) / 1000).toFixed(2);
}

/** One start of the window, up to the rows and until the backend has come to rest. */
async function measure(runs, cache, directory, state) {
  const args = ["--demo", "--milestones", "--state", state, directory];
  const env = { ...process.env, DISPLAY: display.name };
  delete env.WAYLAND_DISPLAY;
  const child = spawn(window, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const reached = {};
  const timeout = AbortSignal.timeout(PATIENCE);
  for await (const line of createInterface({ input: child.stdout, signal: timeout })) {
    const [name, milliseconds] = line.split(" ");
    reached[name] = Number(milliseconds);
    if (reached.frame && reached.rows) break;
  }
  const rest = await comeToRest(child.pid);
  child.kill();
  await once(child, "exit");
  return {
    runs,
    cache,
    "first frame, s": (reached.frame / 1000).toFixed(2),
    "rows, s": (reached.rows / 1000).toFixed(2),
    "at rest, s": rest.seconds.toFixed(1),
    // Of 100 000 envelopes; from the catalogue, and cold without one.
    "bound, s": cache.endsWith("no catalogue") ? 20 : 2,
    "backend's own, MiB": rest.own,
    "with libraries, MiB": rest.resident,
    "bound, MiB": 200,
    "idle CPU, %": rest.idle,
  };
}

/** Waits until the backend uses no more processor; then what it holds and what it uses idle. */
async function comeToRest(pid) {
  const begun = performance.now();
  let before = ticks(pid);
  let quiet = 0;
  while (quiet < QUIET && performance.now() - begun < PATIENCE * 3) {
    await setTimeout(500);
    const now = ticks(pid);
    quiet = now - before <= 1 ? quiet + 1 : 0;
    before = now;
  }
  const seconds = (performance.now() - begun) / 1000 - QUIET / 2;
  // The toolkit, too, settles for a moment after its first frames.
  await setTimeout(5_000);
  before = ticks(pid);
  await setTimeout(10_000);
  // 100 ticks a second, over ten seconds.
  const idle = ((ticks(pid) - before) / 10).toFixed(1);
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mebibytes = (name) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { seconds, idle, own: mebibytes("RssAnon"), resident: mebibytes("VmRSS") };
}

/** Processor time of a process, in hundredths of a second. */
function ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

async function startDisplay() {
  const child = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
  const [number] = await once(createInterface({ input: child.stdio[3] }), "line");
  return { name: `:${number}`, kill: () => child.kill() };
}

function sizes() {
  const bundles = join("target", "release", "bundle", "deb");
  const debs = existsSync(bundles)
    ? readdirSync(bundles).filter((name) => name.endsWith(".deb"))
    : [];
  const files = [window, binary, ...debs.map((name) => join(bundles, name))];
  return files.map((file) => ({ file, MiB: (statSync(file).size / 2 ** 20).toFixed(1) }));
}

/** Makes the next reading come from the disk; needs root. */
function dropPageCache() {
  const file = "/proc/sys/vm/drop_caches";
  if (!existsSync(file) || spawnSync("sh", ["-c", `sync; echo 3 > ${file}`]).status !== 0) {
    console.error("The page cache could not be dropped: cold figures are warm ones.");
  }
}
