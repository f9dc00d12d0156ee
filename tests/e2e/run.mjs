// Tests the real window from the outside, as `npm run e2e` starts it: on two displays at a time, and
// beneath them, for each test file, an empty network namespace, a bus and a home directory of its own,
// and its tests.
//
//   run.mjs [--pictures] [--scale N] [FILE…]   these test files; all of them if none is named
//
// With pictures, what is on the screen is kept in target/screenshots, of every view in light and dark
// and in three sizes; otherwise only where a story fails. With a scale every point of the window is N
// points of the display: `--scale 2` is a 4K display.
// The whole suite passes where nothing beyond loopback can be reached: the window needs no network.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pictures: { type: "boolean" }, scale: { type: "string", default: "1" } },
});
const path = [...process.env.PATH.split(":"), "/usr/sbin", "/sbin"];

process.chdir(join(here, "..", ".."));
process.exitCode = await run(positionals);

async function run(files) {
  const faults = missing();
  for (const fault of faults) console.error(`e2e: ${fault}`);
  if (faults.length > 0) return 1;
  mkdirSync("target/screenshots", { recursive: true });

  const left = files.length > 0 ? files : testFiles();
  const failed = [];
  // A story mostly waits for its window, so that a second one has the time in between.
  const displays = Math.min(2, availableParallelism(), left.length);
  await Promise.all(
    Array.from({ length: displays }, () =>
      withDisplay(async (display) => {
        for (let file = left.shift(); file; file = left.shift()) {
          const { code, said } = await test(file, display);
          console.log(`\n== ${basename(file)}\n${said}`);
          if (code !== 0) failed.push(basename(file));
        }
      }),
    ),
  );
  console.log(failed.length > 0 ? `failed: ${failed.sort().join(" ")}` : "every story passed");
  return failed.length > 0 ? 1 : 0;
}

/** Starts a display, does something on it, and ends it. */
async function withDisplay(act) {
  // Outside of the namespace: there two servers know of each other, and take different numbers.
  const [width, height] = [1920, 1080].map((points) => points * Number(values.scale));
  const display = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp", "-noreset"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const ended = new Promise((resolve) => display.once("exit", resolve));
  try {
    const number = await new Promise((resolve, reject) => {
      display.once("error", reject);
      display.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
      display.stdio[3].once("data", (text) => resolve(String(text).trim()));
    });
    await act(`:${number}`);
  } finally {
    display.kill();
    await ended;
  }
}

/** What is needed and not there, each with the way to get it. */
function missing() {
  const packages = {
    unshare: "util-linux",
    ip: "iproute2",
    Xvfb: "xvfb",
    "dbus-run-session": "dbus",
    WebKitWebDriver: "webkit2gtk-driver",
    xdotool: "xdotool",
    pgrep: "procps",
    import: "imagemagick",
    openssl: "openssl",
  };
  const found = (program) => path.some((directory) => existsSync(join(directory, program)));
  const faults = Object.entries(packages)
    .filter(([program]) => !found(program))
    .map(([program, name]) => `${program} is missing; as root: apt-get install ${name}`);
  // Debian's Python reads what a screen reader is given; another one has not its bindings.
  const bindings = 'import gi; gi.require_version("Atspi", "2.0"); from gi.repository import Atspi';
  if (spawnSync("/usr/bin/python3", ["-c", bindings]).status !== 0)
    faults.push(
      "AT-SPI cannot be read; as root: apt-get install python3-gi gir1.2-atspi-2.0 at-spi2-core",
    );
  for (const program of ["countersign-station", "countersign", "virtual-yubikey"]) {
    const file = `target/debug/${program}`;
    if (!existsSync(file)) faults.push(`${file} is not built; run: bash scripts/build tests`);
  }
  return faults;
}

/** Runs a test file in a network namespace with loopback alone: its exit code, and what it said. */
async function test(file, display) {
  // The command line remembers the logs it has seen. All demos begin the same, so that it would take
  // the one of another file, or of the person's own work, for a log that was cut.
  const home = mkdtempSync(join(tmpdir(), "countersign-e2e-home-"));
  try {
    return await testAt(home, file, display);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function testAt(home, file, display) {
  const env = {
    ...process.env,
    PATH: path.join(":"),
    HOME: home,
    DISPLAY: display,
    GDK_BACKEND: "x11",
    GDK_SCALE: values.scale,
    ...(values.pictures ? { COUNTERSIGN_PICTURES: "1" } : {}),
    // A machine without a graphics card draws by itself.
    LIBGL_ALWAYS_SOFTWARE: "1",
    NO_AT_BRIDGE: "1",
  };
  delete env.WAYLAND_DISPLAY;
  delete env.XDG_CONFIG_HOME;
  delete env.XDG_STATE_HOME;
  delete env.XDG_DATA_HOME;
  delete env.XDG_CACHE_HOME;
  // For each story, and for the file as a whole, which can be minutes on a busy machine.
  const timeout = 900_000 + 2_000 * Number(process.env.SOAK_SECONDS ?? 600);
  const tests = ["--test", "--test-reporter=spec", `--test-timeout=${timeout}`, file];
  const words = [
    ...(process.getuid() === 0 ? [] : ["--map-root-user"]),
    ...["--net", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"],
    ...["dbus-run-session", "--", process.execPath, ...tests],
  ];
  // Told as a whole, so that two files do not talk at once.
  const child = spawn("unshare", words, { stdio: ["inherit", "pipe", "pipe"], env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // What the bus has started may outlive it and hold the pipe, with nothing more to say.
    child.once("exit", (code) => setTimeout(() => resolve({ code: code ?? 1, said }), 500));
  });
}

/** All test files, the longest first, so that none of them is waited for at the end. */
function testFiles() {
  return readdirSync(here)
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => join(here, name))
    .sort((one, other) => statSync(other).size - statSync(one).size);
}
