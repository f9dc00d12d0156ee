import { ask, failureOf } from "../ipc/ask";
import type { Failure } from "../ipc/bindings";

/** What a command of the station gives. */
type Answer<T> = Promise<{ status: "ok"; data: T } | { status: "error"; error: Failure }>;

/** A ceremony as the station tells it: what it answers, and what it says of its own accord. */
export abstract class Told<View extends { id: number }> {
  /** Why the last call was not taken. */
  failure: Failure | null = $state.raw(null);

  protected view: View | null = $state.raw(null);
  protected calling = $state(false);
  protected closed = false;
  #heard = 0;
  #unlisten: Promise<() => void>;

  constructor(listen: (hear: (view: View) => void) => Promise<() => void>) {
    this.#unlisten = listen((view) => {
      // An older ceremony may have a last word on its way.
      if (this.closed || view.id < this.least) return;
      this.#heard += 1;
      this.take(view);
    });
  }

  /** What is older than this is about another ceremony; nothing is taken before there is one. */
  protected get least(): number {
    return this.view?.id ?? Infinity;
  }

  /** Shows what was told. */
  protected abstract take(view: View): void;

  /** Once it is listened, so that nothing is missed. */
  protected async listening(): Promise<void> {
    await this.#unlisten;
  }

  /** Asks for a step; what is told meanwhile is newer than the answer. */
  protected async call(call: () => Answer<View>): Promise<void> {
    if (this.calling || this.closed) return;
    this.calling = true;
    await this.quietly(call);
    this.calling = false;
  }

  /** As `call`, while the person goes on with what they do. */
  protected async quietly(call: () => Answer<View>): Promise<void> {
    this.failure = null;
    const heard = this.#heard;
    try {
      const view = await ask(call());
      if (heard === this.#heard && !this.closed) this.take(view);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Ends it, by the command that does. Gives why the station could not, if so. */
  protected async end(command: () => Answer<null>): Promise<Failure | null> {
    if (this.closed) return null;
    this.closed = true;
    void this.#unlisten.then((stop) => stop());
    try {
      await ask(command());
      return null;
    } catch (thrown) {
      return failureOf(thrown);
    }
  }
}
