import { SvelteMap } from "svelte/reactivity";

import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  type DeskView,
  events,
  type FindingOutcome,
  type Problem,
  type ReviewView,
} from "../ipc/bindings";

/** The longest note, in characters. */
export const LONGEST_NOTE = 2000;

/**
 * A review as the reviewer works on it: what the station found, and what they noted. Notes are kept
 * for as long as the review lasts, whatever is on screen and whoever's keys count.
 */
export class Reviewing {
  /** What the station found; null until it answers. */
  desk: DeskView | null = $state.raw(null);
  failure: Problem | null = $state.raw(null);
  /** The digest in the field, as it was typed, pasted or scanned. */
  told = $state("");
  outcome: FindingOutcome | null = $state(null);
  /** The note on the whole. */
  note = $state("");
  /** The notes on single envelopes, by the digest of their run. */
  readonly notes = new SvelteMap<string, string>();
  /** The file of the finding that these notes went into. */
  signed: string | null = $state(null);

  #review: string | null = $state(null);
  #busy = false;
  #again = false;

  /** Follows the station until the returned function is called. */
  follow(): () => void {
    const listening = events.queueChanged.listen(() => void this.load());
    return () => void listening.then((stop) => stop());
  }

  /** Takes note of which review is open. Another review begins without notes. Returns whether it is another. */
  of(review: ReviewView | null): boolean {
    const id = review && `${review.path} ${review.digest ?? review.contents ?? ""}`;
    if (id === this.#review) return false;
    this.#review = id;
    this.desk = this.failure = this.outcome = this.signed = null;
    this.told = this.note = "";
    this.notes.clear();
    void this.load();
    return true;
  }

  /** Notes that are in no finding, and would be lost. */
  get unsaved(): boolean {
    if (this.signed !== null) return false;
    return [this.note, ...this.notes.values()].some((note) => note.trim() !== "");
  }

  /** Some note says why. */
  get noted(): boolean {
    return [this.note, ...this.notes.values()].some((note) => note.trim() !== "");
  }

  /** What was written changes, so it is in no finding. */
  change(): void {
    this.signed = null;
  }

  /** Asks the station what it finds. */
  async load(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    do {
      this.#again = false;
      const of = this.#review;
      if (of === null) break;
      try {
        const desk = await ask(commands.reviewDesk());
        if (of === this.#review) [this.desk, this.failure] = [desk, null];
      } catch (thrown) {
        if (of === this.#review) this.failure = problemOf(thrown);
      }
    } while (this.#again);
    this.#busy = false;
  }
}
