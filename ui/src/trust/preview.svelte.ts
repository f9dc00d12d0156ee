import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  events,
  type Problem,
  type TrustChangeRequest,
  type TrustPreviewView,
} from "../ipc/bindings";

/** How long a change must stay as it is before it is judged, in milliseconds: typing is not. */
const SETTLED = 200;

/** What a change of trust would change, before the person makes it. */
export class TrustPreview {
  view: TrustPreviewView | null = $state.raw(null);
  failure: Problem | null = $state.raw(null);
  progress: { done: number; total: number } | null = $state.raw(null);
  /** The answer is not there yet. */
  pending = $state(false);

  #asked: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with each change: earlier answers are then stale. */
  #generation = 0;

  /** Judges by a change, unless it is the one asked for last. Null: there is none to judge yet. */
  ask(change: TrustChangeRequest | null): void {
    const text = change && JSON.stringify(change);
    if (text === this.#asked) return;
    this.#asked = text;
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.failure = null;
    this.pending = change !== null;
    if (change === null) this.view = null;
    else this.#timer = setTimeout(() => void this.#judge(change), SETTLED);
  }

  /** Goes on without an answer. */
  skip(): void {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.pending = false;
    this.progress = null;
    void commands.trustPreviewStop();
  }

  /** Follows how far a preview has come until the returned function is called. */
  follow(): () => void {
    const listening = events.trustPreviewProgress.listen(({ payload }) => {
      if (this.pending) this.progress = payload;
    });
    return () => {
      if (this.pending) this.skip();
      void listening.then((stop) => stop());
    };
  }

  async #judge(change: TrustChangeRequest): Promise<void> {
    const generation = this.#generation;
    this.progress = null;
    try {
      const view = await ask(commands.trustPreview(change));
      if (generation === this.#generation) this.view = view;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.view = null;
      this.failure = problemOf(thrown);
    }
    if (generation === this.#generation) this.pending = false;
  }
}
