import { firstAt } from "./filter";
import type { Records } from "./records";
import { floorTo, type Step, stepFor } from "./time";

/** What is in sight: a span of time over so many pixels. */
export interface Sight {
  from: number;
  to: number;
  width: number;
}

/** The least width of a bar, and the room that a glyph takes, in pixels. */
const BAR = 6;
const GLYPH = 10;
/** Glyphs stand upon each other up to so many; more are a bar. */
export const ROWS = 3;

/** One signature, at its time. */
export interface Glyph {
  /** Its place among all records. */
  record: number;
  x: number;
  /** How many stand below it. */
  row: number;
}

/** Signatures too close together to be told apart. */
export interface Bar {
  /** When it begins. */
  from: number;
  x: number;
  width: number;
  count: number;
  /** Of which kinds: software, hardware, external; then what does not count; then the invalid. */
  parts: [number, number, number, number, number];
}

/** A lane as it is drawn. */
export interface Drawn {
  glyphs: Glyph[];
  bars: Bar[];
}

/** How much time a bar stands for in a sight. */
export function stepOf(sight: Sight): Step {
  return stepFor((sight.to - sight.from) / sight.width, BAR);
}

export function xOf(sight: Sight, at: number): number {
  return ((at - sight.from) / (sight.to - sight.from)) * sight.width;
}

export function timeAt(sight: Sight, x: number): number {
  return sight.from + (x / sight.width) * (sight.to - sight.from);
}

/**
 * Lays out the signatures of a lane, which are in order of time. They are gathered in bars that begin
 * at round times, so that nothing flickers when the sight moves; where there is room for each of
 * a bar's signatures, they are drawn as themselves, up to `most` upon each other.
 */
export function layOut(
  records: Records,
  lane: Uint32Array,
  sight: Sight,
  step: Step,
  most = ROWS,
): Drawn {
  const drawn: Drawn = { glyphs: [], bars: [] };
  const valid = records.standings.indexOf("valid");
  const invalid = records.standings.indexOf("invalid");
  const begin = floorTo(sight.from, step);
  let next = firstAt(records, lane, begin);
  /** Where the last glyph of each row is. */
  let rows: number[] = new Array<number>(most).fill(-Infinity);
  while (next < lane.length) {
    const first = next;
    const from = floorTo(records.at[lane[first] as number] as number, step);
    if (from > sight.to) break;
    const end = from + step.seconds;
    const parts: Bar["parts"] = [0, 0, 0, 0, 0];
    for (; next < lane.length; next++) {
      const record = lane[next] as number;
      if ((records.at[record] as number) >= end) break;
      const standing = records.standing[record];
      const part =
        standing === valid ? (records.kind[record] as number) : standing === invalid ? 4 : 3;
      parts[part as 0] += 1;
    }
    const left = xOf(sight, from);
    const width = (step.seconds / (sight.to - sight.from)) * sight.width;
    const apart = alone(records, lane.subarray(first, next), sight, rows, left, width);
    if (apart) {
      drawn.glyphs.push(...apart.glyphs);
      rows = apart.rows;
    } else {
      drawn.bars.push({ from, x: left, width, count: next - first, parts });
      // What follows stands beside the bar.
      rows = rows.map(() => left + width - GLYPH / 2);
    }
  }
  return drawn;
}

/** The signatures of a bar as glyphs that touch no others; null where there is no room for them. */
function alone(
  records: Records,
  some: Uint32Array,
  sight: Sight,
  before: number[],
  left: number,
  width: number,
): { glyphs: Glyph[]; rows: number[] } | null {
  if (some.length > before.length * Math.max(1, Math.floor(width / GLYPH))) return null;
  const rows = [...before];
  const glyphs: Glyph[] = [];
  const room = Math.max(width / 2, width - GLYPH / 2);
  for (const record of some) {
    const exact = xOf(sight, records.at[record] as number);
    // Within its bar: what is drawn beside it may be one.
    const x = Math.max(left + width - room, Math.min(exact, left + room));
    const row = rows.findIndex((last) => x - last >= GLYPH);
    if (row < 0) return null;
    rows[row] = x;
    glyphs.push({ record, x, row });
  }
  return { glyphs, rows };
}

/** The least round number that is no smaller: 1, 2, 3, 4, 5, 6, 8, 10, 20, … */
export function roundUp(count: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, count)));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((n) => n * ten).find((n) => n >= count) ?? count;
}

/** A span of time moved and stretched about a moment, within what can be shown. */
export function zoomed(
  [from, to]: [number, number],
  about: number,
  factor: number,
  [shortest, longest]: [number, number],
): [number, number] {
  const span = to - from;
  const wanted = Math.min(longest, Math.max(shortest, span * factor));
  const part = span > 0 ? (about - from) / span : 0.5;
  return [about - part * wanted, about + (1 - part) * wanted];
}
