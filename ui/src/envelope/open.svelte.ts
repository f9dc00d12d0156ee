import { ask, failureOf } from "../ipc/ask";
import { type Cause, commands, events, type EnvelopeView, type Failure } from "../ipc/bindings";
import { EVERYTHING } from "../queue/queue.svelte";

/** When and why an envelope changed while it was open. */
export interface Change {
  at: number;
  cause: Cause;
}

/** The envelope that is being read, kept as it is on disk. */
export class OpenEnvelope {
  view: EnvelopeView | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** Its last change while it was open; null if there was none. */
  changed: Change | null = $state.raw(null);
  /** It is not there any more; what is shown is what was last seen. */
  gone = $state(false);

  #wanted: number | null = null;
  #late: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #again = false;

  /** Follows the station until the returned function is called. */
  follow(): () => void {
    const listening = events.queueChanged.listen(() => void this.#load());
    return () => void listening.then((stop) => stop());
  }

  /** Opens an envelope, or none. */
  open(id: number | null): void {
    if (id === this.#wanted) return;
    this.#wanted = id;
    this.failure = null;
    this.changed = null;
    this.gone = false;
    clearTimeout(this.#late);
    if (id === null) {
      this.view = null;
      return;
    }
    // The last envelope stays for a moment, so that nothing flickers, but never passes for this one.
    this.#late = setTimeout(() => {
      if (this.view?.id !== id) this.view = null;
    }, 300);
    void this.#load();
  }

  async #load(): Promise<void> {
    // One at a time: who holds "j" down passes many, and only the last is wanted.
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    do {
      this.#again = false;
      const id = this.#wanted;
      if (id === null) break;
      try {
        await (this.view?.id === id ? this.#refresh(id, this.view.revision) : this.#fetch(id));
      } catch (thrown) {
        if (id === this.#wanted) {
          if (this.view?.id !== id) this.view = null;
          this.failure = failureOf(thrown);
        }
      }
    } while (this.#again);
    this.#busy = false;
  }

  async #fetch(id: number): Promise<void> {
    const view = await ask(commands.envelope(id));
    if (id !== this.#wanted) return;
    this.view = view;
    this.failure = null;
  }

  async #refresh(id: number, revision: number): Promise<void> {
    const { anchor_revision, anchor_cause } = await ask(commands.queueWindow(EVERYTHING, 0, 0, id));
    if (id !== this.#wanted) return;
    this.gone = anchor_revision === null;
    if (anchor_revision === null || anchor_revision === revision) return;
    await this.#fetch(id);
    if (anchor_cause) this.changed = { at: Date.now(), cause: anchor_cause };
  }
}
