import { figure } from "../../words/words";
import { roundUp, type Sight, xOf } from "../layout";
import { type LevelChanges, STATES } from "../levels";
import type { Axis } from "../time";
import { grid, line, sharp } from "./canvas";
import { levelToken, type Palette } from "./palette";
import { AXIS, LEVELS } from "./sizes";

/** Paints how many envelopes stood at each level, from L7 at the bottom to no level at the top. */
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
  // The scale lies over the chart and stays readable on it.
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
    const label = figure(top * part);
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

/** Paints the axis. The larger units of time stay in sight as long as they last. */
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
    // The one that is scrolled out makes room for the next.
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
