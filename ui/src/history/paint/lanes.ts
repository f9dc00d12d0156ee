import type { SignerType, Standing } from "../../ipc/bindings";
import { type Drawn, type Sight, xOf } from "../layout";
import type { Records } from "../records";
import type { Axis } from "../time";
import { grid, line } from "./canvas";
import type { Palette } from "./palette";
import { LANE } from "./sizes";

/** Paints the lanes in sight, scrolled down by `top` pixels. */
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

/** Marks the selected signature, also inside a bar. */
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

/**
 * Software is a ring, hardware solid, external dotted. A signature that does not count is struck
 * through.
 */
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
 * The height of a bar, in pixels. It grows more slowly than the count and has a minimum, so that a
 * few signatures stay visible next to hundreds.
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
  // A few among hundreds are too small to see in the bar, so a point above the bar shows them.
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

/** A dotted pattern in a colour. */
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
  // Two points per tile give a staggered pattern.
  const point = Math.round(1.5 * dense);
  on.fillRect(0, 0, point, point);
  on.fillRect(size / 2, size / 2, point, point);
  const pattern = to.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / dense));
  return pattern ?? colour;
}
