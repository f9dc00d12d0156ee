/** Runs a function once the current frame is on the screen. */
export function afterPaint(then: () => void): void {
  // The first callback runs before painting, the second after it.
  requestAnimationFrame(() => requestAnimationFrame(then));
}
