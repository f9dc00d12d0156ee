import { ask, problemOf } from "../ipc/ask";
import type { Problem } from "../ipc/bindings";

/** The result of a command of the station. */
type Answer<T> = Promise<{ status: "ok"; data: T } | { status: "error"; error: Problem }>;

/** A ceremony as the station reports it, by answers to calls and by events. */
export abstract class Reported<View extends { id: number }> {
  /** Why the last call failed. */
  failure: Problem | null = $state.raw(null);

  protected view: View | null = $state.raw(null);
  protected calling = $state(false);
  protected closed = false;
  #heard = 0;
  #unlisten: Promise<() => void>;

  constructor(listen: (hear: (view: View) => void) => Promise<() => void>) {
    this.#unlisten = listen((view) => {
      // A last event of an older ceremony may still arrive.
      if (this.closed || view.id < this.least) return;
      this.#heard += 1;
      this.take(view);
    });
  }

  /** Views with a lower id belong to another ceremony. Nothing is taken before the first answer. */
  protected get least(): number {
    return this.view?.id ?? Infinity;
  }

  /** Shows a view. */
  protected abstract take(view: View): void;

  /** Resolves once the events are listened to, so that none is missed. */
  protected async listening(): Promise<void> {
    await this.#unlisten;
  }

  /** Requests a step. An event that arrives meanwhile is newer than the answer. */
  protected async call(call: () => Answer<View>): Promise<void> {
    if (this.calling || this.closed) return;
    this.calling = true;
    await this.quietly(call);
    this.calling = false;
  }

  /** Like `call`, without blocking the person. */
  protected async quietly(call: () => Answer<View>): Promise<void> {
    this.failure = null;
    const heard = this.#heard;
    try {
      const view = await ask(call());
      if (heard === this.#heard && !this.closed) this.take(view);
    } catch (thrown) {
      this.failure = problemOf(thrown);
    }
  }

  /** Ends the ceremony by a command. Returns why the station could not. */
  protected async end(command: () => Answer<null>): Promise<Problem | null> {
    if (this.closed) return null;
    this.closed = true;
    void this.#unlisten.then((stop) => stop());
    try {
      await ask(command());
      return null;
    } catch (thrown) {
      return problemOf(thrown);
    }
  }
}
