import { firstAt } from "./filter";
import type { Records } from "./records";
import { floorTo, type Step, stepFor } from "./time";

/** What is in sight: a span of time over this many pixels. */
export interface Sight {
  from: number;
  to: number;
  width: number;
}

/** The least width of a bar and the width of a glyph, in pixels. */
const BAR = 6;
const GLYPH = 10;
/** At most this many glyphs are stacked; more become a bar. */
export const ROWS = 3;

/** One signature, at its time. */
export interface Glyph {
  /** Its index in the records. */
  record: number;
  x: number;
  /** How many glyphs are below it. */
  row: number;
}

/** Signatures that are too close together to draw apart. */
export interface Bar {
  /** When it begins. */
  from: number;
  x: number;
  width: number;
  count: number;
  /** Counts: software, hardware, external; then not accepted or unchecked; then invalid. */
  parts: [number, number, number, number, number];
}

/** A lane as it is drawn. */
export interface Drawn {
  glyphs: Glyph[];
  bars: Bar[];
}

/** How much time a bar stands for. */
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
 * Lays out the signatures of a lane, which are in order of time. They are collected in bars that
 * begin at round times, so that nothing flickers when the sight moves. If there is room, the
 * signatures of a bar are drawn as glyphs, at most `most` stacked.
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
  /** The position of the last glyph in each row. */
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
      // The next glyphs start after the bar.
      rows = rows.map(() => left + width - GLYPH / 2);
    }
  }
  return drawn;
}

/** The signatures of a bar as glyphs that do not touch others; null if there is no room. */
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
    // Stay within the bar: its neighbour may be a bar.
    const x = Math.max(left + width - room, Math.min(exact, left + room));
    const row = rows.findIndex((last) => x - last >= GLYPH);
    if (row < 0) return null;
    rows[row] = x;
    glyphs.push({ record, x, row });
  }
  return { glyphs, rows };
}

/** Rounds up to one of 1, 2, 3, 4, 5, 6, 8, 10, 20, … */
export function roundUp(count: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, count)));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((n) => n * ten).find((n) => n >= count) ?? count;
}

/** Stretches a span of time about a moment, within the shortest and longest span. */
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
