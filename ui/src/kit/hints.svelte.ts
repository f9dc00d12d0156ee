/** Why a key or an act did nothing, as one line near the top of the window. */
class Hints {
  /** The line, and its number: the same words said again are another line. */
  last: { text: string; number: number } | null = $state.raw(null);

  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says a line. It goes with the next act, or after a while. */
  say(text: string): void {
    clearTimeout(this.#timer);
    this.last = { text, number: ++this.#count };
    this.#timer = setTimeout(() => this.clear(), 8000);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.last = null;
  }
}

export const hints = new Hints();
