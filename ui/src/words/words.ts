/**
 * The words of the window: one catalogue for each language, in Fluent (https://projectfluent.org).
 * English is complete; what another language lacks is shown in English. The words of errors and of
 * verdicts come from the station as data, with their English text.
 */
import { FluentBundle, FluentNumber, FluentResource, type FluentVariable } from "@fluent/bundle";

import type { Language, Problem, Said } from "../ipc/bindings";
import type { MessageId, Messages } from "./ids";
import { accented, mirrored } from "./pseudo";

/** What can stand in a text: a text from a file, a number, or other words. */
export type Argument = string | number | Said;

type Files = Record<string, string>;
type Load = () => Promise<string>;

const ENGLISH = import.meta.glob<string>("./en/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});
const GERMAN = import.meta.glob<string>("./de/*.ftl", { query: "?raw", import: "default" });
const STATION_GERMAN = import.meta.glob<string>("../../../src-tauri/crates/problem/de/*.ftl", {
  query: "?raw",
  import: "default",
});
/** What the station says, in English: read only to make a pseudo-language of it. */
const STATION_ENGLISH = import.meta.glob<string>("../../../src-tauri/crates/problem/en/*.ftl", {
  query: "?raw",
  import: "default",
});

/** The languages that can be chosen. */
export const LANGUAGES: readonly { tag: Language; name: string }[] = [
  { tag: "en", name: "English" },
  { tag: "de", name: "Deutsch" },
];

/** A number in a text: with thin spaces in English, and otherwise as its language writes it. */
class Figure extends FluentNumber {
  override toString(): string {
    return figure(this.value);
  }
}

function bundleOf(tag: string, files: Files, transform?: (text: string) => string): FluentBundle {
  const bundle = new FluentBundle(tag, {
    // Texts from files are isolated where they are shown; between Latin letters the marks are only noise.
    useIsolating: transform === mirrored,
    ...(transform ? { transform } : {}),
  });
  for (const text of Object.values(files)) bundle.addResource(new FluentResource(text));
  return bundle;
}

async function read(files: Record<string, Load>): Promise<Files> {
  const texts = await Promise.all(
    Object.entries(files).map(async ([name, load]) => [name, await load()] as const),
  );
  return Object.fromEntries(texts);
}

const english = bundleOf("en", ENGLISH);
/** The window's own words in the language in use. */
let bundle = english;
/** The station's words in it; null in English, which the station sends. */
let station: FluentBundle | null = null;
let locale = "en-GB";

/** The language that is meant where none is chosen: the system's, if there is a catalogue for it. */
function ofSystem(): Language {
  const known = navigator.languages
    .map((tag) => tag.split("-")[0])
    .find((tag) => LANGUAGES.some((language) => language.tag === tag));
  return (known as Language | undefined) ?? "en";
}

/** Has everything said in a language from now on. To be called before anything is shown. */
export async function speak(chosen: Language): Promise<void> {
  const language = chosen === "system" ? ofSystem() : chosen;
  [bundle, station, locale] = [english, null, "en-GB"];
  if (language === "de") {
    const [own, ofStation] = await Promise.all([read(GERMAN), read(STATION_GERMAN)]);
    [bundle, station, locale] = [bundleOf("de", own), bundleOf("de", ofStation), "de-DE"];
  } else if (language !== "en") {
    const pseudo = language === "ar-XB" ? mirrored : accented;
    bundle = bundleOf("en", ENGLISH, pseudo);
    station = bundleOf("en", await read(STATION_ENGLISH), pseudo);
  }
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar-XB" ? "rtl" : "ltr";
}

/** The locale that dates and numbers are written in, and names are sorted by. */
export function localeInUse(): string {
  return locale;
}

/** Which way the language in use is written. */
export function direction(): "ltr" | "rtl" {
  return document.documentElement.dir === "rtl" ? "rtl" : "ltr";
}

let figures: Intl.NumberFormat | null = null;
let figuresOf = "";

/** A count as the language writes it: "12 345" with a thin space in English. */
export function figure(count: number): string {
  if (locale === "en-GB") return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  if (figures === null || figuresOf !== locale) {
    figures = new Intl.NumberFormat(locale);
    figuresOf = locale;
  }
  return figures.format(count);
}

type Arguments<Id extends MessageId> = [Messages[Id]] extends [never]
  ? []
  : [args: Record<Messages[Id], Argument>];

/** The text of a message in the language in use. `id.name` is an attribute of a message. */
export function t<Id extends MessageId>(id: Id, ...[args]: Arguments<Id>): string {
  return text(id, args ?? {}) ?? id;
}

/** The text of a message; null if no catalogue has it. */
export function text(id: string, args: Record<string, Argument>): string | null {
  return textOf(bundle, id, args) ?? (bundle === english ? null : textOf(english, id, args));
}

function textOf(from: FluentBundle, id: string, args: Record<string, Argument>): string | null {
  const [name = id, attribute] = id.split(".");
  const message = from.getMessage(name);
  const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
  if (!pattern) return null;
  // What cannot be said, such as an argument that is not given, is shown by its name.
  return from.formatPattern(pattern, variables(args), []).trimEnd();
}

function variables(args: Record<string, Argument>): Record<string, FluentVariable> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === "number"
        ? new Figure(value)
        : typeof value === "string"
          ? value
          : said(value),
    ]),
  );
}

/** A piece of a text: words, or the name of an element that stands there. */
export type Piece = { text: string; part?: never } | { part: string };

/** Stand for an element in a text; what comes from files is rid of them. */
const [OPEN, CLOSE] = ["\ue000", "\ue001"];

/** The text of a message in pieces, with elements where the arguments of these names stand. */
export function rich(id: MessageId, args: Record<string, Argument>, parts: string[]): Piece[] {
  const safe = Object.entries(args).map(([name, value]) => {
    const words = typeof value === "object" ? said(value) : value;
    return [name, typeof words === "string" ? words.replace(/[\ue000\ue001]/g, "\ufffd") : words];
  });
  const marks = parts.map((name) => [name, `${OPEN}${name}${CLOSE}`]);
  const whole = text(id, Object.fromEntries([...safe, ...marks])) ?? id;
  return whole
    .split(OPEN)
    .flatMap((piece, index): Piece[] => {
      if (index === 0) return [{ text: piece }];
      const [part = "", rest = ""] = piece.split(CLOSE);
      return [{ part }, { text: rest }];
    })
    .filter((piece) => piece.part !== undefined || piece.text !== "");
}

/** What the station says, in the language in use; in English if there is no translation. */
export function said({ text: inEnglish, id, args }: Said): string {
  return (station && textOf(station, id, argumentsOf(args))) ?? inEnglish;
}

function argumentsOf(args: Said["args"]): Record<string, Argument> {
  return Object.fromEntries(args.map(({ name, value }) => [name, value]));
}

/** A failure in the language in use. Without a translation: in English, with its code. */
export function inWords(problem: Problem): Problem {
  if (station === null) return problem;
  const args = argumentsOf(problem.args);
  const message = textOf(station, problem.id, args);
  if (message === null) return { ...problem, message: `${problem.message} [${problem.id}]` };
  const hint = textOf(station, `${problem.id}.hint`, args) ?? problem.hint;
  return { ...problem, message: asSentence(message), hint: asSentence(hint) };
}

/** A clause with its first letter in upper case, unless it begins with a path or a name, as the station does. */
function asSentence(clause: string): string {
  return /^\S*[/.:_]/u.test(clause) ? clause : capital(clause);
}

/** The text with its first letter in upper case. */
export function capital(words: string): string {
  return words.slice(0, 1).toLocaleUpperCase(locale) + words.slice(1);
}
