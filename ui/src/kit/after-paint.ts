/** Does something once what has just been drawn is on the screen. */
export function afterPaint(then: () => void): void {
  // The first frame draws, the second comes after it.
  requestAnimationFrame(() => requestAnimationFrame(then));
}
