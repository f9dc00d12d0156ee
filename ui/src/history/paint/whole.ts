import { type Sight, xOf } from "../layout";
import type { Records } from "../records";
import type { Palette } from "./palette";
import { WHOLE } from "./sizes";

/** Paints all signatures from the first to the last, and highlights those in sight. */
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
