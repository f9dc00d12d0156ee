import { ask, problemOf } from "../ipc/ask";
import { type Changes, commands, events, type EnvelopeView, type Problem } from "../ipc/bindings";
import { CheckedInputs } from "../inputs/checked.svelte";
import { EVERYTHING } from "../queue/queue.svelte";

/** When and why an envelope changed while it was open. */
export interface Change {
  at: number;
  cause: keyof Changes;
  /** The revision of the row after it. */
  revision: number;
}

const CAUSES = ["disk", "own", "rules"] as const;

/** The envelope that is being read, kept in step with the disk. */
export class OpenEnvelope {
  view: EnvelopeView | null = $state.raw(null);
  failure: Problem | null = $state.raw(null);
  /**
   * The last change for each cause while it was open. One cause does not replace another: a change
   * on disk is still reported after the envelope was judged again.
   */
  changes: readonly Change[] = $state.raw([]);
  /** It is no longer on disk; its last known state is shown. */
  gone = $state(false);
  /** What was found of the files that runs were made from. */
  readonly inputs = new CheckedInputs();

  #wanted: number | null = null;
  /** Its revision when it was opened. */
  #opened = 0;
  #late: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #again = false;

  /** Follows the station until the returned function is called. */
  follow(): () => void {
    const listening = events.queueChanged.listen(() => void this.#load());
    return () => void listening.then((stop) => stop());
  }

  /** Opens an envelope; null closes it. */
  open(id: number | null): void {
    if (id === this.#wanted) return;
    this.#wanted = id;
    this.failure = null;
    this.changes = [];
    this.gone = false;
    clearTimeout(this.#late);
    if (id === null) {
      this.view = null;
      return;
    }
    // The last envelope stays briefly, so that nothing flickers, but not long enough to be
    // confused.
    this.#late = setTimeout(() => {
      if (this.view?.id !== id) this.view = null;
    }, 300);
    void this.#load();
  }

  async #load(): Promise<void> {
    // One at a time: holding "j" passes many envelopes, and only the last one is wanted.
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
        if (this.view?.id === id) await this.#refresh(id, this.view.revision);
        else await this.#fetch(id, true);
      } catch (thrown) {
        if (id === this.#wanted) {
          if (this.view?.id !== id) this.view = null;
          this.failure = problemOf(thrown);
        }
      }
    } while (this.#again);
    this.#busy = false;
  }

  async #fetch(id: number, first: boolean): Promise<void> {
    const view = await ask(commands.envelope(id));
    if (id !== this.#wanted) return;
    if (first) this.#opened = view.revision;
    this.view = view;
    this.failure = null;
  }

  async #refresh(id: number, revision: number): Promise<void> {
    const { anchor_revision, anchor_changes } = await ask(
      commands.queueWindow(EVERYTHING, 0, 0, id),
    );
    if (id !== this.#wanted) return;
    this.gone = anchor_revision === null;
    if (anchor_revision === null) return;
    if (anchor_revision !== revision) await this.#fetch(id, false);
    // The envelope may have been fetched before the cause of its change was known.
    if (anchor_changes && id === this.#wanted) this.#note(anchor_changes);
  }

  #note(changes: Changes): void {
    this.changes = CAUSES.flatMap((cause) => {
      const revision = changes[cause];
      if (revision <= this.#opened) return [];
      const known = this.changes.find((one) => one.cause === cause && one.revision === revision);
      return [known ?? { at: Date.now(), cause, revision }];
    });
  }
}
