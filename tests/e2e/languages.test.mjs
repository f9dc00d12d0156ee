// The window in other languages: German; a pseudo-language that shows what is not in the catalogue
// and what has no room for longer words; and one that is written from right to left.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { overlaps } from "./look.mjs";
import { demo, directory, json, open, until } from "./station.mjs";

/** Every place, and the keys that lead there from the one before: the same in every language. */
const PLACES = {
  queue: ["g", "q"],
  envelope: ["j", "j"],
  "envelope that is contradicted": ["k"],
  search: ["/"],
  "nothing found": ["z", ".", "z"],
  ceremony: ["Escape", "Escape", "j", "s"],
  refusal: ["Escape", "Control+k"],
  registering: ["Escape", "r"],
  merging: ["Escape", "m"],
  exporting: ["Escape", "e"],
  importing: ["Escape", "i"],
  packing: ["Escape", "p"],
  "time stamp": ["Escape", "t"],
  "review to choose": ["Escape", "v"],
  history: ["Escape", "g", "h"],
  keys: ["g", "k"],
  "hand over": ["g", "o"],
  settings: ["g", "s"],
  devices: ["g", "d"],
  help: ["?"],
  palette: ["Escape", "Control+k"],
};

/** What a person would read or hear that no catalogue can have had: plain words of English. */
function untranslated() {
  const within = [...document.querySelectorAll("[role=dialog]")].at(-1) ?? document.body;
  // Texts of files and devices, names, digests, paths, keys of the keyboard.
  const own = ".file-text, bdi, code, kbd, time, canvas, [data-own], option[value='en']";
  // An accented letter shows that the catalogue had it; names that are no words have none.
  // What is one word with a dot, stroke or digit in it is the name of a file, person or key.
  const isName = (text) => /^\S*[./_\d]\S*$/.test(text.trim());
  const plain = (text) =>
    /[a-z]{3}/.test(text) &&
    !/[^\x00-\u00b7\u2000-\u2fff\u202f]/.test(text) &&
    !isName(text) &&
    !/^(Countersign|Deutsch|English)\b/.test(text.trim());
  const found = [];
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (plain(text.data) && !text.parentElement.closest(`${own}, script, style`))
      found.push(text.data.trim());
  }
  for (const element of within.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (element.closest(own)) continue;
    for (const name of ["aria-label", "title", "placeholder"]) {
      const text = element.getAttribute(name);
      // A title often shows in full what is cut off, which can be of a file.
      if (text && plain(text) && (name !== "title" || !element.querySelector(own)))
        found.push(`${name}: ${text}`);
    }
  }
  return [...new Set(found)];
}

/** The window in a language, on a demo. */
async function speaking(t, language) {
  const state = directory(t);
  writeFileSync(join(state, "settings.json"), JSON.stringify({ language }));
  const station = await open(t, [demo(t), "--demo"], { state, size: [1024, 700] });
  await until("the queue and an envelope are read", () =>
    station.page(
      () =>
        document.querySelector("[role=option]") && document.querySelector("section.bar") !== null,
    ),
  );
  return station;
}

/** Goes through every place, and tells what was found there. */
async function walk(station, language, look) {
  const found = {};
  for (const [place, keys] of Object.entries(PLACES)) {
    for (const key of keys) {
      if (key.startsWith("Control+")) await station.browser.keys(["\uE009", key.slice(8)]);
      else await station.press(key);
    }
    await until(`${place} to be at rest`, () =>
      station.page(
        () =>
          document.querySelectorAll(".skeleton, [aria-busy=true]").length === 0 &&
          document.getAnimations().every((animation) => animation.playState !== "running"),
      ),
    );
    await station.shot(`${language}-${place.replaceAll(/\W+/g, "-")}`);
    const faults = await look(place);
    if (faults.length > 0) found[place] = faults;
  }
  return found;
}

/** What has no room: what scrolls sideways, and words over words. */
async function cramped(station) {
  const over = await station.page(overlaps);
  const wide = await station.page(() => document.documentElement.scrollWidth > innerWidth);
  return [...over, ...(wide ? ["scrolls sideways"] : [])];
}

test("every text is in the catalogue, and longer words have room", async (t) => {
  const station = await speaking(t, "en-XA");
  const found = await walk(station, "en-XA", async () => [
    ...(await station.page(untranslated)),
    ...(await cramped(station)),
  ]);
  assert.deepEqual(found, {});
});

test("from right to left the whole window is turned round", async (t) => {
  const station = await speaking(t, "ar-XB");
  assert.equal(await station.page(() => document.documentElement.dir), "rtl");
  const [list, envelope] = await station.page(() =>
    ["[role=listbox]", "section.bar"].map(
      (selector) => document.querySelector(selector).getBoundingClientRect().left,
    ),
  );
  assert.ok(list > envelope, `the queue begins at ${list}, the envelope at ${envelope}`);
  assert.deepEqual(await walk(station, "ar-XB", () => cramped(station)), {});
});

test("in German a witness reads, and the language is kept", async (t) => {
  const station = await speaking(t, "de");
  await station.see("Warteschlange");
  assert.equal(await station.page(() => document.documentElement.lang), "de");
  assert.deepEqual(await walk(station, "de", () => cramped(station)), {});
  await station.press("Escape");
  await station.press("g", "s");
  await station.see("Einstellungen");
  await station.choose("Sprache", "English");
  await station.see("Settings");
  assert.equal(json(station.state, "settings.json").language, "en");
});
