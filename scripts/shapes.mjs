// Runs and logs that are awkward to hold in memory, for the benchmark of what judging them takes.
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

/** What is repeated within a run, between what opens and what closes it. */
export const RUNS = {
  "a list of numbers": ["[", "0,", "0]"],
  "short fractions": ["[", "1.5,", "0]"],
  "numbers written out": ["[", "1e9,", "0]"],
  "one key again and again": ["{", '"":0,', '"":0}'],
  "a million keys that fall": ["{", (n) => `"${99_999_999 - n}":0,`, '"":0}'],
  "keys in no order": ["{", (n) => `"${(n * 2_654_435_761) % 4_294_967_296}":0,`, '"":0}'],
  "small objects, unsorted": ["[", '{"b":0,"a":0},', "0]"],
  "lists in one another": ["[", `${"[".repeat(400)}${"]".repeat(400)},`, "0]"],
  "one text of escapes": ['"', "\\n\\u00e9\\\\", '"'],
};

/** What a log consists of. */
export const LOGS = {
  "a log of one line of 300 MiB": { mebibytes: 300, head: '{"a":"', fill: "x" },
  "a log of 63 million {}": { mebibytes: 180, head: "", fill: "{}\n" },
  "a log of 1 GiB of NUL": { mebibytes: 1024, head: "", fill: "" },
};

/** Writes a file piece by piece up to a size; what is left without a filling is a hole. */
export function fill(path, size, head, piece, tail = "") {
  const file = openSync(path, "w");
  let written = writeSync(file, head);
  for (let n = 0; piece && written < size;) {
    let block = "";
    for (; block.length < 1 << 20; n++) block += typeof piece === "function" ? piece(n) : piece;
    written += writeSync(file, block);
  }
  if (!piece) ftruncateSync(file, size);
  writeSync(file, tail, piece ? undefined : size);
  closeSync(file);
}
