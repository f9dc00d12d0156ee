import { ask, failureOf } from "../ipc/ask";
import {
  commands,
  type Failure,
  type JournalChain,
  type JournalQuery,
  type JournalRow,
} from "../ipc/bindings";

/** Entries are fetched in blocks of so many. */
const BLOCK = 100;

/** The journal as the window sees it: what is asked for, and the entries around what is in sight. */
export class JournalEntries {
  query: JournalQuery = $state.raw({ text: "", kind: "all" });
  total = $state(0);
  chain: JournalChain | null = $state.raw(null);
  path = $state("");
  failure: Failure | null = $state.raw(null);

  #blocks: ReadonlyMap<number, JournalRow[]> = $state.raw(new Map());
  #asked = new Set<number>();
  #generation = 0;

  /** The entry at a place, the newest being the first, where it has been fetched. */
  row(index: number): JournalRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  ask(change: Partial<JournalQuery>): void {
    this.query = { ...this.query, ...change };
    void this.refresh();
  }

  /** Asks again from the beginning: something may have happened. */
  async refresh(): Promise<void> {
    this.#generation += 1;
    this.#asked = new Set();
    await this.#fetch(0, true);
  }

  /** Fetches what is in sight. */
  look(first: number, last: number): void {
    const end = Math.min(last, this.total - 1);
    for (let block = Math.floor(first / BLOCK); block * BLOCK <= end; block++) {
      void this.#fetch(block, false);
    }
  }

  async #fetch(block: number, anew: boolean): Promise<void> {
    if (this.#asked.has(block)) return;
    this.#asked.add(block);
    const generation = this.#generation;
    try {
      const window = await ask(commands.journalWindow(this.query, block * BLOCK, BLOCK));
      if (generation !== this.#generation) return;
      // One that came meanwhile has moved all others.
      if (!anew && window.total !== this.total) return void this.refresh();
      this.#blocks = new Map(anew ? [] : this.#blocks).set(block, window.rows);
      this.total = window.total;
      this.chain = window.chain;
      this.path = window.path;
      this.failure = null;
    } catch (thrown) {
      if (generation === this.#generation) this.failure = failureOf(thrown);
    }
  }
}
