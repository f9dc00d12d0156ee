import { ask, problemOf } from "../ipc/ask";
import type { Problem } from "../ipc/bindings";

/** The result of a command of the station. */
type Answer<View> = Promise<{ status: "ok"; data: View } | { status: "error"; error: Problem }>;

/**
 * The calls of an act that the station also reports by events. One call is made at a time, and an
 * event that arrives meanwhile is newer than its answer.
 */
export class Calls<View> {
  /** Why the last call failed. */
  failure: Problem | null = $state.raw(null);
  busy = $state(false);
  /** Nothing is taken any more. */
  isClosed = false;

  #heard = 0;

  /** `take` is given what the station says, in order. */
  constructor(private readonly take: (view: View) => void) {}

  /** Takes what an event says. */
  hear(view: View): void {
    if (this.isClosed) return;
    this.#heard += 1;
    this.take(view);
  }

  /** Requests a step. */
  async call(request: () => Answer<View>): Promise<void> {
    if (this.busy || this.isClosed) return;
    this.busy = true;
    await this.quietly(request);
    this.busy = false;
  }

  /** The same, without blocking the person. */
  async quietly(request: () => Answer<View>): Promise<void> {
    this.failure = null;
    const heard = this.#heard;
    try {
      const view = await ask(request());
      if (heard === this.#heard && !this.isClosed) this.take(view);
    } catch (thrown) {
      this.failure = problemOf(thrown);
    }
  }
}
