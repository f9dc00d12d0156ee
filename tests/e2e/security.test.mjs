// The shell of the window: what a page in it could do if it were taken over, and what it cannot.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import { demo, directory, open, ROOT, STATION, until } from "./station.mjs";

test("the tests see no network but loopback", () => {
  const lines = readFileSync("/proc/net/dev", "utf8").trim().split("\n").slice(2);
  assert.deepEqual(
    lines.map((line) => line.split(":")[0].trim()),
    ["lo"],
  );
});

test("a page in the window cannot reach, run or open anything else", async (t) => {
  let asked = 0;
  const server = createServer((_, answer) => {
    asked += 1;
    answer.setHeader("Access-Control-Allow-Origin", "*");
    answer.end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}/`;
  const station = await open(t, [demo(t), "--demo"]);
  await station.see("9 envelopes");

  const outcome = await station.browser.executeAsyncScript(
    `const [url, done] = arguments;
    const violated = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      violated.push(event.effectiveDirective));
    const tries = (call) => { try { call(); return "done"; } catch (error) { return error.name; } };
    const script = document.createElement("script");
    script.textContent = "window.inline = true";
    document.head.append(script);
    const remote = document.createElement("script");
    remote.src = url + "script.js";
    document.head.append(remote);
    const image = new Image();
    image.src = url + "image.png";
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
    Promise.all([
      fetch(url).then(() => "done", (error) => error.name),
      fetch("https://example.com/").then(() => "done", (error) => error.name),
      fetch("file:///etc/hostname").then(() => "done", (error) => error.name),
    ]).then((fetched) => done({
      fetched,
      violated,
      evaluated: tries(() => (0, eval)("1")),
      made: tries(() => new Function("return 1")()),
      socket: tries(() => new WebSocket(url.replace("http", "ws"))),
      inline: window.inline ?? null,
      frozen: Object.isFrozen(Object.prototype),
      tauri: typeof window.__TAURI__,
      opened: tries(() => { if (window.open("https://example.com/")) throw new Error(); }),
    }));`,
    [url],
  );
  assert.deepEqual(outcome.fetched, ["TypeError", "TypeError", "TypeError"]);
  assert.equal(outcome.evaluated, "EvalError");
  assert.equal(outcome.made, "EvalError");
  assert.equal(outcome.inline, null);
  assert.equal(outcome.frozen, true);
  assert.equal(outcome.tauri, "undefined");
  for (const directive of ["script-src", "connect-src", "img-src", "frame-src"]) {
    assert.ok(
      outcome.violated.some((name) => name.startsWith(directive)),
      `${directive} in ${outcome.violated}`,
    );
  }
  assert.equal((await station.browser.getWindowHandles()).length, 1, "no second window");

  const address = await station.browser.getUrl();
  await station.page(() => void (window.stillThere = true));
  for (const elsewhere of ["https://example.com/", url, "file:///etc/passwd"]) {
    // Thirty frames later it would have gone.
    await station.browser.executeAsyncScript(
      `const [elsewhere, done] = arguments;
      location.href = elsewhere;
      let frames = 30;
      (function frame() { frames-- > 0 ? requestAnimationFrame(frame) : done(); })();`,
      [elsewhere],
    );
    assert.equal(await station.browser.getUrl(), address);
    assert.equal(await station.page(() => window.stillThere), true, elsewhere);
  }
  assert.equal(asked, 0, "nothing was asked for over the network");
});

test("requests that the window may not make are refused", async (t) => {
  const station = await open(t, [demo(t), "--demo"]);
  await station.see("9 envelopes");
  const answers = await station.browser.executeAsyncScript(
    `const done = arguments[arguments.length - 1];
    const ask = (command, words) => window.__TAURI_INTERNALS__
      .invoke(command, words).then(() => "done", (error) => String(error.message ?? error));
    Promise.all([
      ask("plugin:store|load", { path: "/tmp/x.json" }),
      ask("plugin:webview|create_webview_window", { options: { label: "second" } }),
      ask("plugin:shell|open", { path: "https://example.com/" }),
      ask("plugin:fs|read_text_file", { path: "/etc/passwd" }),
    ]).then(done);`,
    [],
  );
  for (const answer of answers) assert.match(answer, /not allowed|not found/);
  await station.browser.keys(["\uE009", "\uE008", "i"]);
  await station.browser.keys("\uE000");
  assert.equal((await station.browser.getWindowHandles()).length, 1, "no developer tools");
});

test("a second start shows the existing window", async (t) => {
  const path = demo(t);
  const station = await open(t, [path, "--demo"]);
  await station.see("9 envelopes");
  const windows = () =>
    String(spawnSync("xdotool", ["search", "--onlyvisible", "--name", "^Countersign"]).stdout)
      .trim()
      .split("\n");
  const before = windows();
  const second = spawnSync(STATION, [path, "--demo", "--state", station.state], {
    timeout: 10_000,
  });
  assert.equal(second.status, 0, String(second.stderr));
  assert.deepEqual(windows(), before);
  await station.see("9 envelopes");
});

test("a start while the other instance ends opens a window of its own", async (t) => {
  const state = directory(t);
  const words = [demo(t), "--demo", "--state", state];
  const bus = spawn("dbus-monitor", ["--session", "interface='org.SingleInstance.DBus'"]);
  t.after(() => bus.kill());
  let asked = "";
  bus.stdout.on("data", (text) => (asked += text));
  await until("the bus is listened to", () => asked.includes("NameAcquired"));
  const first = spawn(STATION, words, { stdio: "ignore" });
  t.after(() => first.kill("SIGKILL"));
  const windows = () => spawnSync("xdotool", ["search", "--onlyvisible", "--name", "^Countersign"]);
  await until("the first window shows", () => windows().status === 0);
  // It holds the name on the bus, and does not answer.
  first.kill("SIGSTOP");
  const second = spawn(STATION, words, { stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => second.kill("SIGKILL"));
  let said = "";
  second.stderr.on("data", (text) => (said += text));
  await until("the second asks the first", () => asked.includes("ExecuteCallback"));
  first.kill("SIGKILL");
  await until("the second window shows", () => {
    assert.equal(second.exitCode, null, said);
    return windows().status === 0;
  });
});

test("the window opens without any network, even without loopback", async (t) => {
  const path = demo(t);
  const name = process.getuid() === 0 ? ["--net"] : ["--map-root-user", "--net"];
  const words = [...name, "--", STATION, path, "--demo", "--state", directory(t), "--milestones"];
  const child = spawn("unshare", words, { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill());
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  await until("the window shows", () => {
    assert.equal(child.exitCode, null, said);
    return spawnSync("xdotool", ["search", "--onlyvisible", "--name", "^Countersign"]).status === 0;
  });
  const picture = join(ROOT, "target/screenshots/no-network.png");
  await until("something is painted", () => {
    spawnSync("import", ["-window", "root", picture]);
    const colours = spawnSync("identify", ["-format", "%k", picture]);
    return Number(String(colours.stdout)) > 100;
  });
});
