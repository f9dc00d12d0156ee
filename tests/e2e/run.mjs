// Tests the real window from the outside, as `npm run e2e` starts it: starts a display, and beneath
// it, in an empty network namespace, a bus of its own and the tests.
//
//   run.mjs [FILE…]   these test files; all of them if none is named
//
// The whole suite passes where nothing beyond loopback can be reached: the window needs no network.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const path = [...process.env.PATH.split(":"), "/usr/sbin", "/sbin"];

process.chdir(join(here, "..", ".."));
process.exitCode = await run(process.argv.slice(2));

async function run(files) {
  const faults = missing();
  for (const fault of faults) console.error(`e2e: ${fault}`);
  if (faults.length > 0) return 1;
  mkdirSync("target/screenshots", { recursive: true });

  // Outside of the namespace: there two servers know of each other, and take different numbers.
  const display = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const ended = new Promise((resolve) => display.once("exit", resolve));
  try {
    const number = await new Promise((resolve, reject) => {
      display.once("error", reject);
      display.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
      display.stdio[3].once("data", (text) => resolve(String(text).trim()));
    });
    return await test(files.length > 0 ? files : testFiles(), `:${number}`);
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
  for (const program of ["countersign-station", "countersign", "virtual-yubikey"]) {
    const file = `target/debug/${program}`;
    if (!existsSync(file)) faults.push(`${file} is not built; run: bash scripts/build tests`);
  }
  return faults;
}

/** Runs test files in a network namespace with loopback alone; gives the exit code. */
function test(files, display) {
  const env = {
    ...process.env,
    PATH: path.join(":"),
    DISPLAY: display,
    GDK_BACKEND: "x11",
    // A machine without a graphics card draws by itself.
    LIBGL_ALWAYS_SOFTWARE: "1",
    NO_AT_BRIDGE: "1",
  };
  delete env.WAYLAND_DISPLAY;
  // For each story, and for each file of them as a whole, which can be minutes on a busy machine.
  const tests = ["--test", "--test-concurrency=1", "--test-timeout=900000", ...files];
  const words = [
    ...(process.getuid() === 0 ? [] : ["--map-root-user"]),
    ...["--net", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"],
    ...["dbus-run-session", "--", process.execPath, ...tests],
  ];
  const child = spawn("unshare", words, { stdio: "inherit", env });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function testFiles() {
  return readdirSync(here)
    .filter((name) => name.endsWith(".test.mjs"))
    .sort()
    .map((name) => join(here, name));
}
