import fs from "node:fs";
import path from "node:path";

import { FluentParser, type Entry, type Message, type Pattern, type Term } from "@fluent/syntax";
import { afterEach, describe, expect, it } from "vitest";

import { accented } from "../src/words/pseudo";
import { figure, inWords, rich, said, speak, text } from "../src/words/words";

const SRC = path.join(import.meta.dirname, "../src");
const ENGLISH = path.join(SRC, "words/en");
const GERMAN = path.join(SRC, "words/de");
const STATION = path.join(import.meta.dirname, "../../src-tauri/crates/problem");
const IDS = path.join(SRC, "words/ids.ts");

interface Text {
  file: string;
  args: string[];
}

/** The names of the arguments that a text has. */
function argumentsOf(pattern: Pattern): string[] {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === "object" && node !== null) {
      if ("type" in node && node.type === "VariableReference")
        found.add((node as unknown as { id: { name: string } }).id.name);
      Object.values(node).forEach(walk);
    }
  };
  walk(pattern);
  return [...found].sort();
}

/** The texts of a catalogue by their names, those of attributes as `name.attribute`. */
function textsOf(directory: string): Map<string, Text> {
  const texts = new Map<string, Text>();
  const add = (name: string, file: string, pattern: Pattern) => {
    expect(texts.has(name), `${name} stands twice in the catalogue`).toBe(false);
    texts.set(name, { file, args: argumentsOf(pattern) });
  };
  for (const file of fs.readdirSync(directory).sort()) {
    const source = fs.readFileSync(path.join(directory, file), "utf8");
    const { body } = new FluentParser({ withSpans: false }).parse(source);
    for (const entry of body as Entry[]) {
      expect(entry.type, `${file}: ${JSON.stringify(entry)}`).not.toBe("Junk");
      if (entry.type !== "Message") continue;
      const message = entry as Message | (Term & Message);
      if (message.value) add(message.id.name, file, message.value);
      for (const { id, value } of message.attributes)
        add(`${message.id.name}.${id.name}`, file, value);
    }
  }
  return texts;
}

/** What is in `src`, besides the catalogue itself. */
function sources(directory = SRC): string[] {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const whole = path.join(directory, entry.name);
    if (entry.isDirectory()) return sources(whole);
    return /\.(svelte|ts)$/.test(entry.name) && whole !== IDS ? [whole] : [];
  });
}

function idsOf(texts: Map<string, Text>): string {
  const lines = [...texts].map(([name, { args }]) => {
    const types = args.map((arg) => JSON.stringify(arg)).join(" | ") || "never";
    return `  ${JSON.stringify(name)}: ${types};`;
  });
  return [
    "// Made of en/*.ftl by `WORDS=write npx vitest run --root ui test/words.test.ts`.",
    "",
    "/** The messages and their attributes, with the names of the arguments that they take. */",
    "export interface Messages {",
    ...lines.sort(),
    "}",
    "",
    "export type MessageId = keyof Messages;",
    "",
  ].join("\n");
}

describe("the catalogue", () => {
  const english = textsOf(ENGLISH);

  it("is what the compiler checks the window's texts against", () => {
    const ids = idsOf(english);
    if (process.env["WORDS"] === "write") fs.writeFileSync(IDS, ids);
    expect(fs.readFileSync(IDS, "utf8")).toBe(ids);
  });

  it("has no text that nothing shows", () => {
    const code = sources()
      .map((file) => fs.readFileSync(file, "utf8"))
      .join("\n");
    // A name that is put together in the code, such as `need-${need}`, uses every name that fits.
    const named = Array.from(
      code.matchAll(/["'`]([a-z][\w-]*(?:\.[\w-]+)?)["'`]/g),
      ([, name]) => name,
    );
    const used = new Set(named);
    const patterns = Array.from(
      code.matchAll(/`([a-z][\w-]*-?(?:\$\{[^}]+\}[\w.-]*)+)`/g),
      ([, name = ""]) =>
        new RegExp(
          `^${name
            .split(/\$\{[^}]+\}/)
            .map((part) => part.replace(/\./g, "\\."))
            .join(".+")}$`,
        ),
    );
    const unused = [...english.keys()].filter(
      (name) => !used.has(name) && !patterns.some((pattern) => pattern.test(name)),
    );
    expect(unused).toEqual([]);
  });

  it("is complete in German, with the same arguments", () => {
    const german = textsOf(GERMAN);
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [name, { args }] of german) {
      const known = english.get(name)?.args ?? [];
      expect(
        args.filter((arg) => !known.includes(arg)),
        name,
      ).toEqual([]);
    }
  });

  it("of the station has no German text without an English one, and none with other arguments", () => {
    const station = textsOf(path.join(STATION, "en"));
    const german = textsOf(path.join(STATION, "de"));
    for (const [name, { args }] of german) {
      const known = station.get(name)?.args;
      expect(known, `${name} is in German only`).toBeDefined();
      expect(
        args.filter((arg) => !known?.includes(arg)),
        name,
      ).toEqual([]);
    }
    // A file that is translated is translated as a whole.
    const translated = new Set([...german.values()].map(({ file }) => file));
    const whole = [...station].filter(([, { file }]) => translated.has(file));
    expect(whole.length).toBeGreaterThan(600);
    for (const [name, { args }] of whole) expect.soft(german.get(name)?.args, name).toEqual(args);
  });
});

describe("a text", () => {
  afterEach(() => speak("en"));

  it("counts as its language does", async () => {
    expect(figure(12345)).toBe("12\u202f345");
    await speak("de");
    expect(figure(12345)).toBe("12.345");
    expect(document.documentElement.lang).toBe("de");
  });

  it("has elements where its arguments stand, and none that a file puts there", () => {
    const role = { part: "role" };
    expect(rich("signature-missing", {}, ["role"])).toEqual([role, { text: " missing" }]);
    const pieces = rich("signature-missing", { role: "\ue000role\ue001" }, ["other"]);
    expect(pieces.filter(({ part }) => part !== undefined)).toEqual([]);
  });

  it("of the station without a translation is in English, an error with its code", async () => {
    await speak("de");
    const unknown = { text: "Nothing is known.", id: "no-such-text", args: [] };
    expect(said(unknown)).toBe("Nothing is known.");
    const problem = { code: "x", id: "no-such-text", args: [], message: "It failed", hint: "Wait" };
    expect(inWords(problem)).toMatchObject({ message: "It failed [no-such-text]", hint: "Wait" });
  });

  it("that begins with the name of a file keeps it as it is", async () => {
    await speak("de");
    const args = ["path", "why", "kept_as"].map((name) => ({ name, value: `${name}.json` }));
    const broken = { code: "broken", id: "journal-notice-broken", args, message: "", hint: "" };
    expect(inWords(broken).message).toMatch(/^path\.json: das Journal/);
    expect(inWords(broken).hint).toMatch(/^Finden Sie/);
  });

  it("in a pseudo-language has no letter of English left", async () => {
    await speak("en-XA");
    expect(accented("The quick brown fox jumps over the lazy dog")).not.toMatch(/[A-Za-z]/);
    expect(text("need-operator", {})).not.toMatch(/[A-Za-z]/);
  });

  it("from right to left turns the page", async () => {
    await speak("ar-XB");
    expect(document.documentElement.dir).toBe("rtl");
    await speak("en");
    expect(document.documentElement.dir).toBe("ltr");
  });
});
