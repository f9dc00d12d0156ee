import { SvelteSet } from "svelte/reactivity";

import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  events,
  type Problem,
  type QueueGroup,
  type QueueQuery,
  type QueueRow,
} from "../ipc/bindings";

/** Rows are fetched in blocks of this size. */
const BLOCK = 100;
/** How long a new arrival stands out, in milliseconds. */
const FRESH = 2500;

/** No filter besides what is shown. */
export const NO_FILTERS = { level: "any", role: null, need: null, person: null } as const;

/** The query without search and filters. */
export const EVERYTHING: Readonly<QueueQuery> = {
  text: "",
  show: "all",
  you: null,
  ...NO_FILTERS,
  sort: "need",
};

/** The part of the list that is in sight. */
export interface Sight {
  /** The first and last row in sight. */
  first: number;
  last: number;
  /** The list is scrolled to its top. */
  atTop: boolean;
}

/**
 * The queue as the window sees it: the query, the rows around those in sight, and the selected row.
 * It never moves what is being read: when rows come or go, it reports by how many rows the list
 * must be scrolled to compensate.
 */
export class Queue {
  query: QueueQuery = $state.raw(EVERYTHING);
  /** How many rows match, how many envelopes there are, and how many need a signature. */
  total = $state(0);
  all = $state(0);
  pending = $state(0);
  /** How many a person can do something about now; null where nothing may be done. */
  forYou: number | null = $state(null);
  /** Where each group of rows begins, if they are grouped. */
  groups: readonly QueueGroup[] = $state.raw([]);
  /** Whether the first answer has arrived. */
  known = $state(false);
  /** A directory was just opened, and nobody has chosen yet what of it is shown. */
  isOpening = $state(false);
  failure: Problem | null = $state.raw(null);
  selected: number | null = $state(null);
  /** Rows that have just arrived, by id. */
  readonly fresh = new SvelteSet<number>();
  /** How many rows arrived above those in sight since the list was last at its top. */
  above = $state(0);
  sight: Sight = { first: 0, last: 0, atTop: true };
  /** Keeps a row in place that was at an index and is now this many rows further down. */
  onshift: (rows: number, index: number) => void = () => {};
  /** Scrolls the list to a row. */
  onshow: (index: number) => void = () => {};

  #blocks: ReadonlyMap<number, QueueRow[]> = $state.raw(new Map());
  #revision = 0;
  #asked = new Set<number>();
  #busy = false;
  #fetching = false;
  #again = false;
  #moves: Promise<void> = Promise.resolve();

  /** Follows the station until the returned function is called. */
  follow(): () => void {
    const listening = events.queueChanged.listen(() => void this.refresh());
    void listening.then(() => this.refresh());
    return () => void listening.then((stop) => stop());
  }

  /** The row at an index; undefined until it is fetched. */
  row(index: number): QueueRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** The index of a row; null until it is fetched. */
  indexOf(id: number | null): number | null {
    if (id === null) return null;
    for (const [block, rows] of this.#blocks) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return block * BLOCK + at;
    }
    return null;
  }

  /** Sets which rows are in sight and fetches them. */
  look(sight: Sight): void {
    this.sight = sight;
    if (sight.atTop) this.above = 0;
    void this.#fetchSight();
  }

  /** Changes the query and starts from the top. */
  ask(change: Partial<QueueQuery>): void {
    this.query = { ...this.query, ...change };
    this.sight = { first: 0, last: Math.max(0, this.sight.last - this.sight.first), atTop: true };
    this.above = 0;
    void this.refresh();
  }

  /** Another directory is open: nothing is selected, and nothing of the old one is searched for. */
  startOver(): void {
    this.selected = null;
    this.#blocks = new Map();
    this.#asked = new Set();
    this.known = false;
    this.ask({ ...EVERYTHING, sort: this.query.sort });
  }

  /** Whether search or filters leave anything out. */
  get narrowed(): boolean {
    return this.query.text.trim() !== "" || this.query.show !== "all" || this.filters > 0;
  }

  /** Whether there are rows, and it is still to be decided which of them are shown first. */
  get isUndecided(): boolean {
    return this.isOpening && this.total > 0;
  }

  /** How many filters are set, besides what is shown. */
  get filters(): number {
    const { level, role, need, person } = this.query;
    return [level !== "any", role, need, person].filter(Boolean).length;
  }

  /** Lists everything, in the order that was chosen. */
  showAll(): void {
    this.ask({ ...EVERYTHING, sort: this.query.sort });
  }

  /** What is for this person: what they can do something about, or else what is pending. */
  get #forMe(): QueueQuery {
    const { sort, you } = this.query;
    return { ...EVERYTHING, sort, you, show: this.forYou === null ? "pending" : "for_you" };
  }

  /** Whether the list has everything that is for this person. */
  get listsForMe(): boolean {
    const { text, show } = this.query;
    return text.trim() === "" && this.filters === 0 && show === this.#forMe.show;
  }

  /**
   * The next envelope that is for this person, in the order of the list and from the selected one
   * on; after the last one the first. Null if none is.
   */
  async nextForMe(): Promise<number | null> {
    const mine = this.#forMe;
    const { anchor_index: at } = await ask(commands.queueWindow(mine, 0, 0, this.selected));
    for (const from of [at === null ? 0 : at + 1, 0]) {
      const [row] = (await ask(commands.queueWindow(mine, from, 1, null))).rows;
      if (row) return row.id;
    }
    return null;
  }

  /** Selects the row this many further down. */
  move(by: number): Promise<void> {
    this.#moves = this.#moves
      .then(() => this.#move(by))
      .catch((thrown: unknown) => {
        this.failure = problemOf(thrown);
      });
    return this.#moves;
  }

  /** Fetches the rows in sight again and keeps them in place. */
  async refresh(): Promise<void> {
    // One request at a time; changes meanwhile cause one more.
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    do {
      this.#again = false;
      try {
        await this.#refresh();
        this.failure = null;
      } catch (thrown) {
        this.failure = problemOf(thrown);
      }
    } while (this.#again);
    this.#busy = false;
  }

  async #refresh(): Promise<void> {
    const query = this.query;
    const anchor = this.known ? this.#anchor() : null;
    let shift = 0;
    // One request is enough, unless many new rows above have moved others into sight.
    for (let turn = 0; turn < 4; turn++) {
      const first = blockOf(Math.max(0, this.sight.first + shift)) * BLOCK;
      const last = blockOf(Math.max(0, this.sight.last + shift)) * BLOCK + BLOCK;
      const answer = await ask(
        commands.queueWindow(query, first, last - first, anchor?.id ?? null),
      );
      if (query !== this.query) {
        this.#again = true;
        return;
      }
      const now = anchor && answer.anchor_index !== null ? answer.anchor_index - anchor.index : 0;
      const covered =
        first <= Math.max(0, this.sight.first + now) &&
        (last > this.sight.last + now || last >= answer.total);
      shift = now;
      if (!covered && turn < 3) continue;

      const before = this.#blocks;
      const grown = answer.all > this.all && this.known;
      const blocks = new Map<number, QueueRow[]>();
      for (let at = 0; at < answer.rows.length; at += BLOCK) {
        blocks.set(first / BLOCK + at / BLOCK, answer.rows.slice(at, at + BLOCK));
      }
      if (grown && query === this.#drawn) this.#mark(before, blocks);
      this.#blocks = blocks;
      this.#asked = new Set(blocks.keys());
      this.#revision = answer.revision;
      this.total = answer.total;
      this.all = answer.all;
      this.pending = answer.pending;
      this.forYou = answer.for_you;
      this.groups = answer.groups;
      this.#drawn = query;
      this.known = true;
      if (shift > 0) this.above += shift;
      if (shift !== 0) {
        this.sight = {
          ...this.sight,
          first: Math.max(0, this.sight.first + shift),
          last: Math.max(0, this.sight.last + shift),
        };
      }
      if (anchor && (shift !== 0 || this.groups.length > 0)) this.onshift(shift, anchor.index);
      return;
    }
  }

  /** The query that the rows on screen belong to. */
  #drawn: QueueQuery | null = $state.raw(null);

  /** Whether the rows are those that were asked for last. */
  get isCurrent(): boolean {
    return this.known && this.#drawn === this.query;
  }

  /** The row that must not move: the selected one if it is in sight, else the first in sight. */
  #anchor(): { id: number; index: number } | null {
    if (this.query !== this.#drawn) return null;
    const selected = this.indexOf(this.selected);
    const inSight =
      selected !== null && selected >= this.sight.first && selected <= this.sight.last;
    // At the top of the list, with nothing selected in sight, new rows should be visible.
    if (!inSight && this.sight.atTop) return null;
    const index = inSight ? selected : this.sight.first;
    const row = this.row(index);
    return row ? { id: row.id, index } : null;
  }

  /** Highlights new rows among known ones. */
  #mark(before: ReadonlyMap<number, QueueRow[]>, now: ReadonlyMap<number, QueueRow[]>): void {
    const old = new Set([...before.values()].flat().map((row) => row.id));
    const rows = [...now.values()].flat();
    const isOld = (row: QueueRow) => old.has(row.id);
    // Rows beyond the old ones may only have been out of sight before.
    const from = now.has(0) && before.has(0) ? 0 : rows.findIndex(isOld);
    const to = old.size === this.total ? rows.length - 1 : rows.findLastIndex(isOld);
    const arrived = rows.slice(Math.max(0, from), to + 1).filter((row) => !isOld(row));
    for (const { id } of arrived) {
      this.fresh.add(id);
      setTimeout(() => this.fresh.delete(id), FRESH);
    }
  }

  /**
   * Fetches missing rows in sight, block by block. Rows that were only scrolled past are skipped.
   */
  async #fetchSight(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    for (;;) {
      const last = blockOf(Math.min(this.sight.last, this.total - 1));
      let block = blockOf(this.sight.first);
      while (block <= last && this.#asked.has(block)) block++;
      if (block > last || !this.known) break;
      await this.#fetch(block);
      if (this.failure) break;
    }
    this.#fetching = false;
  }

  async #fetch(block: number): Promise<void> {
    if (!this.known || this.#asked.has(block)) return;
    this.#asked.add(block);
    const asked = this.#asked;
    const query = this.query;
    try {
      const answer = await ask(commands.queueWindow(query, block * BLOCK, BLOCK, null));
      if (asked !== this.#asked || query !== this.query) return;
      if (answer.revision !== this.#revision) {
        void this.refresh();
        return;
      }
      this.#blocks = new Map(this.#blocks).set(block, answer.rows);
      this.failure = null;
    } catch (thrown) {
      asked.delete(block);
      this.failure = problemOf(thrown);
    }
  }

  async #move(by: number): Promise<void> {
    if (this.total === 0) return;
    let from = this.indexOf(this.selected);
    if (from === null && this.selected !== null) {
      from = (await ask(commands.queueWindow(this.query, 0, 0, this.selected))).anchor_index;
    }
    const to = from === null ? this.sight.first : Math.max(0, Math.min(this.total - 1, from + by));
    await this.#fetch(blockOf(to));
    const row = this.row(to);
    if (!row) return;
    this.selected = row.id;
    this.onshow(to);
  }
}

const blockOf = (index: number) => Math.max(0, Math.floor(index / BLOCK));
