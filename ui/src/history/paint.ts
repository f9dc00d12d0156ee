import type { SignerType, Standing } from "../ipc/bindings";
import type { Drawn } from "./layout";
import { roundUp, type Sight, xOf } from "./layout";
import { type LevelChanges, STATES } from "./levels";
import type { Records } from "./records";
import type { Axis } from "./time";

/** The height of a lane, of the picture of levels and of its axis, and of the whole below, in pixels. */
export const LANE = 48;
export const LEVELS = 116;
export const AXIS = 38;
export const WHOLE = 46;

const NAMES = [
  "ink",
  "ink-2",
  "ink-3",
  "surface",
  "surface-2",
  "line",
  "line-strong",
  "accent",
  "accent-soft",
  "bad",
  "warn",
  "mark-software",
  "mark-hardware",
  "mark-external",
  "level-none",
  "level-0",
  "level-1",
  "level-2",
  "level-3",
  "level-4",
  "level-5",
  "level-6",
  "level-7",
] as const;

/** Colours by the names of their tokens, as they are now. */
export type Palette = Record<(typeof NAMES)[number], string> & { sans: string };

/** Reads the colours in force: of a token that depends on the theme only an element knows it. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const read = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, style.color] as const;
  });
  const sans = style.fontFamily;
  probe.remove();
  return { ...Object.fromEntries(read), sans } as Palette;
}

/** A canvas of so many pixels, however dense the screen is; null where nothing can be drawn. */
export function prepare(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const dense = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  // With the drawing and not before it: nothing is seen stretched while the window is resized.
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const to = canvas.getContext("2d");
  to?.setTransform(dense, 0, 0, dense, 0, 0);
  to?.clearRect(0, 0, width, height);
  return to;
}

/** A place between two pixels, where a line one pixel wide is sharp. */
const sharp = (x: number) => Math.round(x) + 0.5;

/** The level's picture, from L7 at the ground to what has none on top. */
export function paintLevels(
  to: CanvasRenderingContext2D,
  palette: Palette,
  levels: LevelChanges,
  sight: Sight,
  axis: Axis,
): number {
  const columns = Math.max(1, Math.round(sight.width));
  const counts = levels.counts(sight.from, sight.to, columns);
  let most = 0;
  for (let column = 0; column < columns; column++) {
    let all = 0;
    for (let state = 0; state < STATES; state++) all += counts[column * STATES + state] ?? 0;
    most = Math.max(most, all);
  }
  const top = roundUp(most);
  const height = LEVELS - 12;
  const y = (count: number) => LEVELS - (count / top) * height;
  grid(to, palette, sight, axis, LEVELS);
  const ground = new Float64Array(columns);
  for (let state = STATES - 1; state >= 0; state--) {
    to.beginPath();
    to.moveTo(0, y(ground[0] ?? 0));
    for (let column = 0; column < columns; column++) {
      const above = y((ground[column] ?? 0) + (counts[column * STATES + state] ?? 0));
      to.lineTo(column, above);
      to.lineTo(column + 1, above);
    }
    for (let column = columns - 1; column >= 0; column--) {
      const below = y(ground[column] ?? 0);
      to.lineTo(column + 1, below);
      to.lineTo(column, below);
      ground[column] = (ground[column] ?? 0) + (counts[column * STATES + state] ?? 0);
    }
    to.fillStyle = palette[levelToken(state)];
    to.fill();
  }
  // The scale, over the picture and readable on it.
  to.font = `11px ${palette.sans}`;
  to.textBaseline = "middle";
  to.textAlign = "left";
  for (const part of [0.5, 1]) {
    if (top * part < 1 || !Number.isInteger(top * part)) continue;
    const at = sharp(y(top * part)) - 1;
    to.strokeStyle = palette["line-strong"];
    to.globalAlpha = 0.35;
    to.setLineDash([1, 3]);
    line(to, 0, at, sight.width, at);
    to.setLineDash([]);
    to.globalAlpha = 1;
    const label = spaced(top * part);
    to.fillStyle = palette.surface;
    to.globalAlpha = 0.8;
    const room = to.measureText(label).width + 8;
    to.fillRect(sight.width - room, at - 7, room, 14);
    to.globalAlpha = 1;
    to.fillStyle = palette["ink-3"];
    to.fillText(label, sight.width - room + 4, at + 0.5);
  }
  return top;
}

function spaced(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** The token of the colour of a state: no level, or L0 to L7. */
export function levelToken(state: number): keyof Palette {
  return state === 0 ? "level-none" : (`level-${state - 1}` as keyof Palette);
}

function line(to: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number) {
  to.beginPath();
  to.moveTo(x1, y1);
  to.lineTo(x2, y2);
  to.stroke();
}

/** Hairlines at the marks of the axis, stronger where a larger time begins. */
function grid(
  to: CanvasRenderingContext2D,
  palette: Palette,
  sight: Sight,
  { ticks, spans }: Axis,
  height: number,
) {
  to.lineWidth = 1;
  to.strokeStyle = palette.line;
  to.globalAlpha = 0.6;
  for (const { at } of ticks) {
    const x = sharp(xOf(sight, at));
    line(to, x, 0, x, height);
  }
  to.globalAlpha = 1;
  for (const { at } of spans) {
    const x = sharp(xOf(sight, at));
    if (x >= 0) line(to, x, 0, x, height);
  }
}

/** The axis: above the larger times, which stay in sight as long as they last; below the ticks. */
export function paintAxis(
  to: CanvasRenderingContext2D,
  palette: Palette,
  sight: Sight,
  { ticks, spans }: Axis,
) {
  to.lineWidth = 1;
  to.strokeStyle = palette["line-strong"];
  line(to, 0, 0.5, sight.width, 0.5);
  to.textBaseline = "middle";
  to.textAlign = "left";
  to.font = `600 12px ${palette.sans}`;
  to.fillStyle = palette["ink-2"];
  spans.forEach(({ at, label }, index) => {
    const begin = Math.max(0, xOf(sight, at));
    const end = Math.min(sight.width, xOf(sight, spans[index + 1]?.at ?? Infinity));
    if (xOf(sight, at) >= 0) {
      to.strokeStyle = palette["line-strong"];
      line(to, sharp(begin), 0, sharp(begin), AXIS);
    }
    // One that is leaving makes room for the next.
    const room = to.measureText(label).width + 12;
    if (end - begin >= room) to.fillText(label, begin + 6, 27);
    else if (begin === 0 && end >= room) to.fillText(label, end - room + 6, 27);
  });
  to.font = `11px ${palette.sans}`;
  to.fillStyle = palette["ink-3"];
  const y = spans.length > 0 ? 11 : 19;
  for (const { at, label } of ticks) {
    const x = xOf(sight, at);
    to.strokeStyle = palette["line-strong"];
    line(to, sharp(x), 0, sharp(x), 5);
    if (x + to.measureText(label).width + 6 <= sight.width) to.fillText(label, x + 6, y);
  }
}

/** The lanes in sight, the first of them scrolled up by so many pixels. */
export function paintLanes(
  to: CanvasRenderingContext2D,
  palette: Palette,
  records: Records,
  lanes: Drawn[],
  sight: Sight,
  axis: Axis,
  {
    top,
    height,
    most,
    selected,
    lane: selectedLane,
  }: { top: number; height: number; most: number; selected: number | null; lane: number },
) {
  grid(to, palette, sight, axis, height);
  const dots = dotted(to, palette["mark-external"]);
  const first = Math.max(0, Math.floor(top / LANE));
  const last = Math.min(lanes.length, Math.ceil((top + height) / LANE));
  for (let lane = first; lane < last; lane++) {
    const ground = (lane + 1) * LANE - top;
    to.lineWidth = 1;
    to.strokeStyle = palette.line;
    line(to, 0, ground - 0.5, sight.width, ground - 0.5);
    const drawn = lanes[lane] as Drawn;
    for (const bar of drawn.bars) paintBar(to, palette, dots, bar, ground - 4, most);
    if (lane === selectedLane && selected !== null) {
      paintSelected(to, palette, xOf(sight, records.at[selected] ?? NaN), ground);
    }
    for (const { record, x, row } of drawn.glyphs) {
      const y = ground - 10 - row * 11;
      if (record === selected) paintHalo(to, palette, x, y);
      paintGlyph(
        to,
        palette,
        x,
        y,
        records.kinds[records.kind[record] ?? 0] ?? "software",
        records.standings[records.standing[record] ?? 0] ?? "invalid",
      );
    }
  }
}

/** Where a selected signature is, also where it is within a bar. */
function paintSelected(to: CanvasRenderingContext2D, palette: Palette, x: number, ground: number) {
  to.fillStyle = palette.accent;
  to.globalAlpha = 0.35;
  to.fillRect(Math.round(x), ground - LANE + 6, 1, LANE - 7);
  to.globalAlpha = 1;
  to.beginPath();
  to.moveTo(x - 4.5, ground - LANE + 1);
  to.lineTo(x + 5.5, ground - LANE + 1);
  to.lineTo(x + 0.5, ground - LANE + 7);
  to.fill();
}

function paintHalo(to: CanvasRenderingContext2D, palette: Palette, x: number, y: number) {
  to.beginPath();
  to.arc(x, y, 8, 0, 2 * Math.PI);
  to.fillStyle = palette["accent-soft"];
  to.fill();
  to.strokeStyle = palette.accent;
  to.lineWidth = 1.5;
  to.stroke();
}

/** Software is a ring, hardware solid, external dotted; what does not count is struck through. */
function paintGlyph(
  to: CanvasRenderingContext2D,
  palette: Palette,
  x: number,
  y: number,
  kind: SignerType,
  standing: Standing,
) {
  const colour =
    standing === "valid"
      ? palette[`mark-${kind}`]
      : standing === "invalid"
        ? palette.bad
        : palette.warn;
  to.strokeStyle = colour;
  to.fillStyle = colour;
  to.lineWidth = 1.6;
  to.beginPath();
  to.arc(x, y, kind === "hardware" ? 4.2 : 3.6, 0, 2 * Math.PI);
  if (kind === "hardware") {
    to.fill();
  } else {
    // The inside hides the line behind it.
    to.fillStyle = palette.surface;
    to.fill();
    if (kind === "external") to.setLineDash([1.6, 1.23]);
    to.stroke();
    to.setLineDash([]);
  }
  if (standing === "valid") return;
  to.lineWidth = 1.4;
  line(to, x - 5, y + 5, x + 5, y - 5);
  if (standing === "invalid") line(to, x - 5, y - 5, x + 5, y + 5);
}

/**
 * Bars grow less than their counts, from no less than can be seen: a few signatures show beside
 * hundreds.
 */
export function barHeight(count: number, most: number): number {
  const least = 5;
  return least + ((count - 1) / Math.max(1, most - 1)) ** 0.6 * (LANE - 13 - least);
}

function paintBar(
  to: CanvasRenderingContext2D,
  palette: Palette,
  dots: CanvasPattern | string,
  { x, width, count, parts }: Drawn["bars"][number],
  ground: number,
  most: number,
) {
  const left = Math.round(x) + 1;
  const wide = Math.max(2, Math.round(x + width) - Math.round(x) - 2);
  const height = barHeight(count, most);
  let below = 0;
  parts.forEach((part, index) => {
    if (part === 0) return;
    const bottom = Math.round((below / count) * height);
    below += part;
    const top = Math.max(bottom + 1, Math.round((below / count) * height));
    const [y, high] = [ground - top, top - bottom];
    switch (index) {
      case 0:
        to.fillStyle = palette["mark-software"];
        to.globalAlpha = 0.22;
        to.fillRect(left, y, wide, high);
        to.globalAlpha = 1;
        if (high > 2) {
          to.strokeStyle = palette["mark-software"];
          to.lineWidth = 1;
          to.strokeRect(left + 0.5, y + 0.5, wide - 1, high - 1);
        }
        break;
      case 1:
        to.fillStyle = palette["mark-hardware"];
        to.fillRect(left, y, wide, high);
        break;
      case 2:
        to.fillStyle = dots;
        to.fillRect(left, y, wide, high);
        break;
      default:
        to.fillStyle = index === 3 ? palette.warn : palette.bad;
        to.fillRect(left, y, wide, high);
    }
  });
  // A few among hundreds are too little to be seen in the bar: a point above it tells of them.
  const [, , , uncounted, invalid] = parts;
  const points = [uncounted > 0 ? palette.warn : "", invalid > 0 ? palette.bad : ""];
  points
    .filter((colour) => colour !== "")
    .forEach((colour, index, all) => {
      to.fillStyle = colour;
      const middle = left + wide / 2 + (index - (all.length - 1) / 2) * 4;
      to.fillRect(Math.round(middle - 1.5), ground - height - 6, 3, 3);
    });
}

/** A dotted ground in a colour. */
function dotted(to: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  const dense = devicePixelRatio || 1;
  const size = Math.round(4 * dense);
  tile.width = tile.height = size;
  const on = tile.getContext("2d");
  if (!on) return colour;
  on.fillStyle = colour;
  on.globalAlpha = 0.28;
  on.fillRect(0, 0, size, size);
  on.globalAlpha = 1;
  // Two points a tile, so that they stand in quincunx.
  const point = Math.round(1.5 * dense);
  on.fillRect(0, 0, point, point);
  on.fillRect(size / 2, size / 2, point, point);
  const pattern = to.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / dense));
  return pattern ?? colour;
}

/** All there is, from the first to the last, and what of it is in sight. */
export function paintWhole(
  to: CanvasRenderingContext2D,
  palette: Palette,
  records: Records,
  some: Uint32Array,
  whole: Sight,
  sight: { from: number; to: number },
) {
  const columns = Math.max(1, Math.floor(whole.width / 3));
  const counts = new Uint32Array(columns);
  const span = whole.to - whole.from;
  let most = 1;
  for (const record of some) {
    if (record >= records.timed) break;
    const at = Math.floor((((records.at[record] as number) - whole.from) / span) * columns);
    const count = (counts[at] ?? 0) + 1;
    counts[at] = count;
    if (count > most) most = count;
  }
  const height = WHOLE - 10;
  const [left, right] = [xOf(whole, sight.from), xOf(whole, sight.to)];
  for (let column = 0; column < columns; column++) {
    const count = counts[column] ?? 0;
    if (count === 0) continue;
    const x = (column * whole.width) / columns;
    const tall = Math.max(1.5, Math.sqrt(count / most) * height);
    to.fillStyle = x >= left - 1 && x <= right ? palette.accent : palette["line-strong"];
    to.fillRect(x, WHOLE - 5 - tall, 2, tall);
  }
}
