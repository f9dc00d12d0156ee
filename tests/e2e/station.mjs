// The station as a person has it before them: started, looked at, clicked, typed at, ended.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { remote } from "webdriverio";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const STATION = join(ROOT, "target/debug/countersign-station");
export const COUNTERSIGN = join(ROOT, "target/debug/countersign");
const YUBIKEY = join(ROOT, "target/debug/virtual-yubikey");
const SCREENSHOTS = join(ROOT, "target/screenshots");
/** The picture that is kept of a story that fails, whether others are or not. */
const FAILED = "failed";

/** Whether what is on the screen is kept as pictures, for the eye. */
export const PICTURES = process.env.COUNTERSIGN_PICTURES === "1";

/** How long the window has for anything, in milliseconds. */
const PATIENCE = 15_000;

/** A new empty directory, which is deleted when the test ends. */
export function directory(test) {
  const path = mkdtempSync(join(tmpdir(), "countersign-e2e-"));
  // A window that is still open may write what it remembers while its directory is deleted.
  test.after(async () => {
    for (let left = 50; ; left--) {
      try {
        return rmSync(path, { recursive: true, force: true });
      } catch (error) {
        if (error.code !== "ENOTEMPTY" || left === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  });
  return path;
}

/** The command line; its standard output. */
export function countersign(words, { input, status = 0, env = process.env } = {}) {
  const ran = spawnSync(COUNTERSIGN, words, { input, env, maxBuffer: 1 << 28 });
  assert.equal(ran.status, status, `countersign ${words.join(" ")}: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** A new demo directory. */
export function demo(test, runs = 9) {
  const path = directory(test);
  countersign(["demo", "--runs", String(runs), path]);
  return path;
}

/** An RSA key of OpenSSL, a script that signs with it as an external command, and the public key. */
export function outside(path) {
  const key = join(path, "key.pem");
  const openssl = (...words) => {
    const ran = spawnSync("openssl", words);
    assert.equal(ran.status, 0, String(ran.stderr));
    return String(ran.stdout);
  };
  openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key);
  const script = join(path, "sign.sh");
  writeFileSync(
    script,
    `#!/bin/sh\nopenssl dgst -sha256 -sign '${key}' "$1" | openssl base64 -A\n`,
  );
  chmodSync(script, 0o755);
  return { script, publicKey: openssl("pkey", "-in", key, "-pubout") };
}

/** What the command line says of each run of a directory, by its own keyring. */
export function statuses(path) {
  const words = ["status", "--json", "--keyring", join(path, "keyring.json"), path];
  return String(countersign(words))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The level of a run, by the command line. */
export function levelOf(path, decision) {
  return statuses(path).find((run) => run.decision_id === decision).level;
}

/** The path of the run of a decision. */
export function runOf(path, decision) {
  return join(path, statuses(path).find((run) => run.decision_id === decision).path);
}

export function json(...path) {
  return JSON.parse(readFileSync(join(...path), "utf8"));
}

export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Every file below a directory with the hash of its bytes. */
export function snapshot(path) {
  return Object.fromEntries(
    readdirSync(path, { recursive: true })
      .sort()
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, sha256(readFileSync(join(path, name)))]),
  );
}

/** Everything at and below a path: its bytes, when it was changed last, and who may do what. */
export function footprint(path) {
  const meta = lstatSync(path);
  const below = meta.isDirectory() ? readdirSync(path, { recursive: true }).sort() : [];
  return Object.fromEntries(
    ["", ...below].map((name) => {
      const meta = lstatSync(join(path, name));
      const bytes = meta.isFile() ? sha256(readFileSync(join(path, name))) : "";
      return [name, `${bytes} ${meta.mtimeMs} ${meta.ctimeMs} ${meta.mode}`];
    }),
  );
}

/** Has a directory's station trust the roots of the virtual YubiKey. */
export function trustVirtualRoots(path) {
  const roots = join(path, "attestation-roots");
  mkdirSync(roots, { recursive: true });
  for (const what of ["roots", "intermediates"]) {
    writeFileSync(join(roots, `${what}.pem`), virtualRoots(what));
  }
}

/** The certificates that the virtual YubiKey's attestations lead to, PEM. */
export function virtualRoots(what) {
  const ran = spawnSync(YUBIKEY, [what]);
  assert.equal(ran.status, 0, String(ran.stderr));
  return ran.stdout;
}

/**
 * A virtual YubiKey with a smart card service of its own, for the test to plug in and pull out.
 *
 * @param words which card it is, as `virtual-yubikey --help` says
 * @param socket where its service listens; in a new directory if not given
 */
export async function yubikey(test, words = [], socket = join(directory(test), "pcscd.comm")) {
  const all = ["--own-pcscd", socket, ...words];
  const program = spawn(YUBIKEY, all, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  async function end() {
    program.stdin.end();
    await ended;
  }
  test.after(end);
  const events = [];
  let rest = "";
  program.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    events.push(...lines.map((line) => JSON.parse(line)));
  });
  /** Waits for the next event of this kind. */
  async function told(event) {
    await until(`the YubiKey to be ${event}`, () => {
      const problem = events.find((one) => one.event === "problem");
      assert.equal(problem, undefined, problem?.message);
      const at = events.findIndex((one) => one.event === event);
      return at >= 0 && events.splice(0, at + 1);
    });
  }
  await told("pcscd");
  const act = (word, event) => {
    program.stdin.write(`${word}\n`);
    return told(event);
  };
  return {
    env: { PCSCLITE_CSOCK_NAME: socket },
    async insert() {
      await act("insert", "inserted");
      // The card is in, and pcscd looks at its readers from time to time only.
      await until("pcscd sees the card", () => {
        const env = { ...process.env, PCSCLITE_CSOCK_NAME: socket };
        return JSON.parse(countersign(["devices", "--json"], { env })).devices.length > 0;
      });
    },
    pull: () => act("pull", "pulled"),
    /** Touches it once it blinks. */
    async touch() {
      await told("blinking");
      await act("touch", "touched");
    },
    missTouch: () => told("touch_timeout"),
    /** The card goes, and its service with it. */
    end,
  };
}

/** Where the program is that plays a YubiKey. */
export const VIRTUAL_YUBIKEY = YUBIKEY;

/** Waits for something to become true, asking again and again. */
export async function until(what, condition, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${patience} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A port on which nothing listens. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A session bus of its own: a station lets another of the same session come forward instead. */
export async function bus(test) {
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  async function end() {
    daemon.kill();
    await ended;
  }
  test.after(end);
  const address = await new Promise((resolve, reject) => {
    daemon.once("error", reject);
    daemon.once("exit", (code) => reject(new Error(`dbus-daemon ended with ${code}`)));
    daemon.stdout.once("data", (text) => resolve(String(text).trim()));
  });
  return { env: { DBUS_SESSION_BUS_ADDRESS: address }, end };
}

/** The stations with this state that run, by their process ids. */
export function stationProcesses(state) {
  const found = spawnSync("pgrep", ["--full", `^${STATION} .*${state}$`]);
  return String(found.stdout).split("\n").filter(Boolean).map(Number);
}

/**
 * Opens the station and gives it to the test, at whose end it is closed.
 *
 * @param words the command line, such as a directory and `--demo`
 * @param state where it keeps its own files; a new directory if not given
 * @param env more for its environment, such as where the test's own smart card service is
 */
export async function open(
  test,
  words = [],
  { state = directory(test), size = [1280, 800], env = {} } = {},
) {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      // Without it the window takes no orders.
      TAURI_WEBVIEW_AUTOMATION: "true",
      // None of this machine's own readers: without a service of the test's there is none.
      PCSCLITE_CSOCK_NAME: join(state, "no-pcscd.comm"),
      ...env,
    },
  });
  const gone = new Promise((resolve) => driver.once("exit", resolve));
  let browser;
  let closed = false;
  async function close() {
    if (closed) return;
    closed = true;
    await browser?.deleteSession().catch(() => {});
    driver.kill();
    await gone;
    // The next start with this state would find the one that is about to go.
    for (const pid of stationProcesses(state)) spawnSync("kill", ["-KILL", `${pid}`]);
    await until("the station has ended", () => stationProcesses(state).length === 0);
  }
  test.after(close);
  await until("the driver answers", () =>
    fetch(`http://127.0.0.1:${port}/status`).then(
      () => true,
      () => false,
    ),
  );
  browser = await remote({
    hostname: "127.0.0.1",
    port,
    logLevel: "error",
    connectionRetryCount: 0,
    connectionRetryTimeout: 60_000,
    capabilities: {
      "wdio:enforceWebDriverClassic": true,
      "webkitgtk:browserOptions": { binary: STATION, args: [...words, "--state", state] },
    },
  });
  await browser.setWindowRect(0, 0, ...size);
  return new Station(browser, state, close);
}

class Station {
  constructor(browser, state, close) {
    this.browser = browser;
    this.state = state;
    this.close = close;
  }

  /** Runs a function in the page. */
  async page(script, ...words) {
    const run = () =>
      this.browser.executeScript(`return (${script}).apply(null, arguments)`, words);
    try {
      return await run();
    } catch (error) {
      // Another language draws the window anew, also while it is asked something.
      if (!/unload event/u.test(error.message)) throw error;
      return run();
    }
  }

  /** What a person reads on the screen: of the topmost sheet if there is one. */
  text(selector = "") {
    return this.page((selector) => {
      const within = [...document.querySelectorAll("[role=dialog]")].at(-1) ?? document.body;
      const part = selector ? within.querySelector(selector) : within;
      return part ? part.innerText : "";
    }, selector);
  }

  /** Waits until a person reads this; a regular expression, or words with any white space. */
  async see(what, { within = "", patience = PATIENCE } = {}) {
    const one = (text) => text.replace(/\s+/gu, " ");
    if (typeof what === "string") what = one(what);
    let text = "";
    try {
      await until(
        "",
        async () => {
          text = one(await this.text(within));
          return what instanceof RegExp ? what.test(text) : text.includes(what);
        },
        patience,
      );
    } catch (error) {
      if (!error.message.startsWith("waited")) throw error;
      await this.shot(FAILED);
      if (within && !text) text = `nothing in ${within}; the whole: ${one(await this.text())}`;
      throw new Error(`waited ${patience} ms to read ${what}; it reads: ${text.slice(0, 4000)}`);
    }
    return text;
  }

  /** What has this role and name, as assistive technology tells them, or null; the name may be a part. */
  find(role, name) {
    return this.page(
      (role, name) => {
        const selectors = {
          button: "button",
          option: "[role=option]",
          radio: "input[type=radio]",
          check: "input[type=checkbox]",
          field: "input:not([type=radio], [type=checkbox]), textarea, select",
          summary: "summary",
          tab: "[role=tab]",
          row: "tr",
        };
        const within = [...document.querySelectorAll("[role=dialog]")].at(-1) ?? document;
        const words = (element) => {
          const copy = element.cloneNode(true);
          for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove();
          return copy.textContent.replace(/\s+/g, " ").trim();
        };
        const nameOf = (element) =>
          element.getAttribute("aria-label") ??
          document.getElementById(element.getAttribute("aria-labelledby"))?.textContent ??
          (element.labels?.length ? [...element.labels].map(words).join(" ") : words(element));
        const all = [...within.querySelectorAll(selectors[role])].filter(
          // What skips a part is on the screen only while it has the focus.
          (element) =>
            !element.disabled && !element.closest("[inert], [hidden], .skip:not(:focus)"),
        );
        return (
          all.find((element) => nameOf(element) === name) ??
          all.find((element) => nameOf(element).includes(name)) ??
          null
        );
      },
      role,
      name,
    );
  }

  async need(role, name) {
    try {
      return await until("", () => this.find(role, name));
    } catch (error) {
      if (!error.message.startsWith("waited")) throw error;
      await this.shot(FAILED);
      throw new Error(
        `there is no ${role} “${name}”; it reads: ${(await this.text()).slice(0, 2000)}`,
      );
    }
  }

  /** Presses what has this name, again if it was drawn anew meanwhile. */
  async click(role, name) {
    try {
      await this.#press(role, name);
    } catch (error) {
      if (!/stale element/u.test(error.message)) throw error;
      await this.#press(role, name);
    }
  }

  async #press(role, name) {
    const found = await this.need(role, name);
    const element = await this.browser.$(found);
    await element.scrollIntoView({ block: "nearest" });
    // Nobody hits what moves away from under the pointer.
    const place = () =>
      this.page((one) => Object.values(one.getBoundingClientRect().toJSON()).join(), found);
    let before;
    await until(`${name} to stand still`, async () => before === (before = await place()));
    await element.click();
  }

  /** Replaces the text of a field. */
  async fill(name, text) {
    const element = await this.browser.$(await this.need("field", name));
    await element.clearValue();
    await element.addValue(text.trim().replaceAll("\n", "\uE007"));
  }

  /** Chooses what a field offers, by its words. */
  async choose(name, words) {
    const element = await this.browser.$(await this.need("field", name));
    await element.selectByVisibleText(words);
  }

  /** Presses keys one after the other, on whatever has the focus. */
  async press(...keys) {
    const codes = { Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004", Space: " ", Down: "\uE015" };
    // "g" and the letter after it belong together, and are pressed within the time that they have.
    const pairs = keys.flatMap((key, at) =>
      keys[at - 1] === "g" ? [] : key === "g" ? [keys.slice(at, at + 2)] : [codes[key] ?? key],
    );
    for (const key of pairs) await this.browser.keys(key);
  }

  /** Types a text, letter for letter, as soon as a field has the focus. */
  async type(text) {
    await until("a field to have the focus", () =>
      this.page(() => document.activeElement?.matches("input, textarea") ?? false),
    );
    await this.press(...text);
  }

  /**
   * Selects the row of the queue that shows this, of all rows if only the person's own are shown,
   * and waits until a decision that is named is the one that is read.
   */
  async row(what) {
    await until(`a row with ${what}`, async () => {
      const found = await this.find("option", what);
      if (found) {
        // What the queue opens with may be listed only now, in place of all.
        await (await this.browser.$(found)).click().catch(() => {});
        return this.page((what) => {
          const read = document.querySelector("[role=option][aria-selected=true]");
          const words = `${read?.ariaLabel} ${read?.textContent}`.replace(/\s+/g, " ");
          return read !== null && words.includes(what);
        }, what);
      }
      return this.page(() => {
        const shown = document.querySelector("[aria-label=Show] [aria-pressed=true]");
        if (shown?.textContent.includes("For you")) shown.nextElementSibling.click();
        return false;
      });
    });
    if (/^DEC-\d+$/u.test(what)) await this.see(what, { within: "[aria-label=Envelope]" });
  }

  /** Presses the button that signs the envelope that is read: the main one, or the one among the signatures. */
  async toSign() {
    const names = ["Sign…", "Co-sign", "Sign with a hardware key…", "Add a signature…"];
    const shown = () => Promise.all(names.map((name) => this.find("button", name)));
    const at = await until("a button to sign with", async () => {
      const found = (await shown()).findIndex((button) => button !== null);
      return found < 0 ? null : { found };
    });
    await this.click("button", names[at.found]);
  }

  /**
   * Tells the window that files were dropped on it, as the toolkit does when a hand lets go of them:
   * no driver can drag from another program.
   */
  async drop(...paths) {
    const dropped = (paths) => {
      // None of these can be enumerated.
      const event = "tauri://drag-drop";
      const listeners = Object.getOwnPropertyNames(window)
        .map((name) => window[name])
        .find((held) => held && Object.getOwnPropertyNames(held).includes(event))?.[event];
      const ids = Object.getOwnPropertyNames(listeners ?? {});
      for (const id of ids) {
        const payload = { paths, position: { x: 0, y: 0 } };
        const drop = { event, id: Number(id), payload };
        window.__TAURI_INTERNALS__.runCallback(listeners[id].handlerId, drop);
      }
      return ids.length;
    };
    const told = await until("the window to listen for drops", () => this.page(dropped, paths));
    assert.equal(told, 1);
  }

  /** What has the focus, as its name or its words. */
  focus() {
    return this.page(() => {
      const { activeElement: at } = document;
      return at?.labels?.[0]?.textContent ?? at?.getAttribute("aria-label") ?? at?.innerText ?? "";
    });
  }

  /** Waits until what is in the document is on the screen too. */
  async drawn() {
    const drawn = (done) => {
      requestAnimationFrame(() => requestAnimationFrame(done));
      // A window that has nothing to draw may draw no frame at all.
      setTimeout(done, 200);
    };
    await this.browser.executeAsyncScript(`(${drawn})(arguments[0])`, []);
  }

  /** A picture of the window, if pictures are wanted. */
  async shot(name) {
    await this.drawn();
    if (PICTURES || name === FAILED)
      await this.browser.saveScreenshot(join(SCREENSHOTS, `${name}.png`));
  }
}
