import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  type Problem,
  type JournalChain,
  type JournalQuery,
  type JournalRow,
} from "../ipc/bindings";

/** Entries are fetched in blocks of this size. */
const BLOCK = 100;

/** The journal as the window sees it: the query, and the entries around those in sight. */
export class JournalEntries {
  query: JournalQuery = $state.raw({
    text: "",
    language: document.documentElement.lang,
    kind: "all",
  });
  total = $state(0);
  chain: JournalChain | null = $state.raw(null);
  path = $state("");
  failure: Problem | null = $state.raw(null);

  #blocks: ReadonlyMap<number, JournalRow[]> = $state.raw(new Map());
  #asked = new Set<number>();
  #generation = 0;

  /** The entry at an index, the newest first; undefined until it is fetched. */
  row(index: number): JournalRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  ask(change: Partial<JournalQuery>): void {
    this.query = { ...this.query, ...change };
    void this.refresh();
  }

  /** Asks again from the beginning, because something may have happened. */
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

  async #fetch(block: number, replace: boolean): Promise<void> {
    if (this.#asked.has(block)) return;
    this.#asked.add(block);
    const generation = this.#generation;
    try {
      const window = await ask(commands.journalWindow(this.query, block * BLOCK, BLOCK));
      if (generation !== this.#generation) return;
      // A new entry has moved all others.
      if (!replace && window.total !== this.total) return void this.refresh();
      this.#blocks = new Map(replace ? [] : this.#blocks).set(block, window.rows);
      this.total = window.total;
      this.chain = window.chain;
      this.path = window.path;
      this.failure = null;
    } catch (thrown) {
      if (generation === this.#generation) this.failure = problemOf(thrown);
    }
  }
}
