import { ask } from "../ipc/ask";
import { commands, type QueueQuery } from "../ipc/bindings";

/**
 * The envelopes that a person has selected for one act, by their ids. They stay selected whatever
 * happens to the list. The envelope that is read is not one of them; the queue knows it.
 */
export class Picked {
  /** In the order in which they were selected. */
  ids: ReadonlySet<number> = $state.raw(new Set());
  /** Where a range begins, where it ends, and what was selected before it. */
  #from: number | null = null;
  #end: number | null = null;
  #before: ReadonlySet<number> = new Set();

  get size(): number {
    return this.ids.size;
  }

  /** Whether a range begins somewhere. */
  get begun(): boolean {
    return this.#from !== null;
  }

  /** Selects an envelope, or deselects it. */
  toggle(id: number): void {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.ids = ids;
    this.#begin(id, ids);
  }

  /** Begins a range here, unless the last range ends here and continues. */
  from(id: number): void {
    if (this.#end !== id) this.#begin(id, this.ids);
  }

  /** Selects everything from the begin of the range to this envelope, in the order of the list. */
  async to(id: number, query: QueueQuery): Promise<void> {
    if (this.#from === null) this.#begin(id, this.ids);
    const from = this.#from ?? id;
    const range = await ask(commands.queueBetween(query, [from, id]));
    if (from !== this.#from) return;
    this.ids = union(this.#before, range);
    this.#end = id;
  }

  /** Selects everything that is listed. */
  async all(query: QueueQuery): Promise<void> {
    this.ids = union(this.ids, await ask(commands.queueBetween(query, null)));
    this.#begin(null, this.ids);
  }

  clear(): void {
    const none = new Set<number>();
    this.ids = none;
    this.#begin(null, none);
  }

  #begin(id: number | null, before: ReadonlySet<number>): void {
    this.#from = this.#end = id;
    this.#before = before;
  }
}

function union(some: ReadonlySet<number>, more: number[]): ReadonlySet<number> {
  const all = new Set(some);
  for (const id of more) all.add(id);
  return all;
}
