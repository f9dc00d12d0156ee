// What a screen reader is given of the window: the tree, what is announced, and where the focus is.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { until } from "../station.mjs";

/** Debian's Python: only it has Debian's bindings of AT-SPI. */
export const PYTHON = "/usr/bin/python3";

/** The environment in which the window speaks to assistive technology. */
export const HEARD = { NO_AT_BRIDGE: "0" };

/** A reader of the window, which is ended with the test. Start it before the window. */
export async function reader(test) {
  const program = spawn(PYTHON, [fileURLToPath(new URL("reader.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  program.stderr.setEncoding("utf8").on("data", (text) => (complaints += text));
  const ended = new Promise((resolve) => program.once("exit", resolve));
  let gone = false;
  void ended.then(() => (gone = true));
  test.after(async () => {
    program.stdin.end();
    await ended;
  });
  const reader = new Reader((line) => void program.stdin.write(`${line}\n`));
  let rest = "";
  program.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) reader.take(JSON.parse(line));
  });
  await until("the reader to be ready", () => {
    assert.ok(!gone, `the reader has ended: ${complaints}`);
    return reader.ready;
  });
  return reader;
}

class Reader {
  ready = false;
  /** Everything that was announced, that took the focus, or was selected, in order. */
  events = [];
  #ask;
  #answers = new Map();
  #last = 0;
  #from = 0;

  constructor(ask) {
    this.#ask = ask;
  }

  take(message) {
    if (message.event === "ready") this.ready = true;
    else if (message.event) this.events.push(message);
    else this.#answers.get(message.id)?.(message.tree);
  }

  /** The window as it is now, as a flat list in reading order; each with what it is in. */
  async tree() {
    const id = ++this.#last;
    const tree = await new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#ask(JSON.stringify({ id, do: "tree" }));
    });
    this.#answers.delete(id);
    const all = [];
    const walk = (node, within) => {
      const one = { ...node, within };
      all.push(one);
      for (const child of node.children) walk(child, [...within, one]);
    };
    if (tree) walk(tree, []);
    return all;
  }

  /** Waits until the window has this, and gives the first: a role, and a name or text. */
  async find(role, what, { within } = {}) {
    let all = [];
    const fits = (node) =>
      node.role === role &&
      (matches(what, node.name) || matches(what, node.text)) &&
      (!within || node.within.some(({ name }) => matches(within, name)));
    try {
      return await until("", async () => {
        all = await this.tree();
        return all.find(fits);
      });
    } catch (error) {
      if (!error.message.startsWith("waited")) throw error;
      const there = all.filter((node) => node.role === role).map(({ name, text }) => name || text);
      throw new Error(`there is no ${role} “${what}”; there are: ${there.join(" | ")}`);
    }
  }

  /** Waits until something of this role and name has a state, and gives it. */
  has(role, what, state) {
    return until(`${role} “${what}” to be ${state}`, async () =>
      (await this.tree()).find(
        (node) =>
          node.role === role &&
          (matches(what, node.name) || matches(what, node.text)) &&
          node.states.includes(state),
      ),
    );
  }

  /** From here on: what was heard before does not count. */
  mark() {
    this.#from = this.events.length;
  }

  /** Waits until this is announced, after what was heard last. */
  hear(what, { urgent } = {}) {
    return this.#next(
      "said",
      ({ text, urgent: is }) => {
        return matches(what, text) && (urgent === undefined || urgent === is);
      },
      what,
    );
  }

  /** Waits until this takes the focus, after what was heard last. */
  focused(role, what) {
    const fits = (event) => event.role === role && matches(what, event.name);
    return this.#next("focus", fits, `${role} ${what}`);
  }

  /** Waits until this is selected, after what was heard last. */
  selected(what) {
    return this.#next("selected", ({ name }) => matches(what, name), what);
  }

  async #next(kind, fits, what) {
    try {
      return await until("", () => {
        const at = this.events.findIndex(
          (event, at) => at >= this.#from && event.event === kind && fits(event),
        );
        if (at < 0) return null;
        this.#from = at + 1;
        return this.events[at];
      });
    } catch (error) {
      if (!error.message.startsWith("waited")) throw error;
      const since = this.events.slice(this.#from).map((event) => JSON.stringify(event));
      throw new Error(`nothing is ${kind}: ${what}; since then: ${since.join("\n")}`);
    }
  }
}

function matches(what, text) {
  const one = text.replace(/\s+/gu, " ");
  return what instanceof RegExp ? what.test(one) : one === what;
}
