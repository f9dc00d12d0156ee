import { type Sight, xOf } from "../layout";
import type { Axis } from "../time";
import type { Palette } from "./palette";

/**
 * Prepares a canvas of this size in pixels, however dense the screen is. Returns `null` if nothing
 * can be drawn on it.
 */
export function prepare(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const dense = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  // Together with the drawing, so that nothing looks stretched while the window is resized.
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const to = canvas.getContext("2d");
  to?.setTransform(dense, 0, 0, dense, 0, 0);
  to?.clearRect(0, 0, width, height);
  return to;
}

/** The middle of a pixel, where a line one pixel wide is sharp. */
export const sharp = (x: number) => Math.round(x) + 0.5;

export function line(to: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number) {
  to.beginPath();
  to.moveTo(x1, y1);
  to.lineTo(x2, y2);
  to.stroke();
}

/** Paints hairlines at the ticks of the axis, stronger where a larger unit begins. */
export function grid(
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

/** Paints before the next frame, once for everything that has changed. Returns what cancels it. */
export function beforeNextFrame(paint: () => void): () => void {
  const frame = requestAnimationFrame(paint);
  return () => cancelAnimationFrame(frame);
}
