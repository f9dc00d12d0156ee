// Tests the real window from the outside, as `npm run e2e` starts it:
//
//   run.mjs          looks for what is needed and goes into an empty network namespace
//   run.mjs inside   brings its loopback up, starts a display and a bus, and runs the tests there
//
// The whole suite passes where nothing beyond loopback can be reached: the window needs no network.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const [stage, ...wanted] = process.argv.slice(2);

process.chdir(root);
process.exitCode = stage === "inside" ? await inside(wanted) : outside(process.argv.slice(2));

function outside(files) {
  const packages = {
    unshare: "util-linux",
    ip: "iproute2",
    Xvfb: "xvfb",
    "dbus-run-session": "dbus",
    WebKitWebDriver: "webkit2gtk-driver",
    xdotool: "xdotool",
    import: "imagemagick",
    openssl: "openssl",
  };
  const path = [...process.env.PATH.split(":"), "/usr/sbin", "/sbin"];
  const found = (program) => path.some((directory) => existsSync(join(directory, program)));
  const missing = Object.keys(packages).filter((program) => !found(program));
  const made = ["target/release/countersign-station", "target/release/countersign"];
  const faults = [];
  if (missing.length > 0) {
    const install = missing.map((program) => packages[program]).join(" ");
    faults.push(`${missing.join(", ")} missing; as root: apt-get install ${install}`);
  }
  for (const file of made.filter((file) => !existsSync(file))) {
    faults.push(`${file} is not built; run: bash .ci/build`);
  }
  if (!existsSync("target/tools/bin/tauri-driver")) {
    faults.push("tauri-driver is missing; run: bash .ci/prepare tests");
  }
  if (faults.length > 0) {
    for (const fault of faults) console.error(`e2e: ${fault}`);
    return 1;
  }
  const namespace = process.getuid() === 0 ? ["--net"] : ["--map-root-user", "--net"];
  const command = [...namespace, "--", process.execPath, join(here, "run.mjs"), "inside", ...files];
  const ran = spawnSync("unshare", command, {
    stdio: "inherit",
    env: { ...process.env, PATH: path.join(":") },
  });
  return ran.status ?? 1;
}

async function inside(files) {
  const up = spawnSync("ip", ["link", "set", "lo", "up"], { stdio: "inherit" });
  if (up.status !== 0) return 1;
  mkdirSync("target/screenshots", { recursive: true });
  const display = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const ended = new Promise((resolve) => display.once("exit", resolve));
  try {
    const number = await new Promise((resolve, reject) => {
      display.once("error", reject);
      display.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
      display.stdio[3].once("data", (text) => resolve(String(text).trim()));
    });
    const tests = files.length > 0 ? files : testFiles();
    const env = {
      ...process.env,
      DISPLAY: `:${number}`,
      GDK_BACKEND: "x11",
      // A machine without a graphics card draws by itself.
      LIBGL_ALWAYS_SOFTWARE: "1",
      NO_AT_BRIDGE: "1",
      COUNTERSIGN_TEST_ROOT: root,
    };
    delete env.WAYLAND_DISPLAY;
    const run = ["dbus-run-session", "--", process.execPath, "--test", "--test-concurrency=1"];
    run.push("--test-timeout=120000", ...tests);
    const child = spawn(run[0], run.slice(1), { stdio: "inherit", env });
    return await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  } finally {
    display.kill();
    await ended;
  }
}

function testFiles() {
  return readdirSync(here)
    .filter((name) => name.endsWith(".test.mjs"))
    .sort()
    .map((name) => join(here, name));
}
