import { ask, problemOf } from "../ipc/ask";
import { commands, events, type Problem } from "../ipc/bindings";
import { between, EVERY_SIGNATURE, type Filter, matching } from "./filter";
import { type LaneOrder, lanesOf, type LanesBy } from "./lanes";
import { zoomed } from "./layout";
import { type Mark, type MarkId, Records } from "./records";
import { LONGEST, SHORTEST } from "./time";

/**
 * The least time between two requests, in milliseconds: there are many changes while thousands of
 * files are judged.
 */
const PAUSE = 1000;

export type Shown = "timeline" | "table" | "journal";

/** The history as the window sees it: all records, the filter, and the span of time in sight. */
export class History {
  records: Records | null = $state.raw(null);
  failure: Problem | null = $state.raw(null);
  shown: Shown = $state("timeline");
  filter: Filter = $state.raw(EVERY_SIGNATURE);
  by: LanesBy = $state("person");
  order: LaneOrder = $state("recent");
  /** The span of time in sight; null for everything, also as it grows. */
  #span: [number, number] | null = $state.raw(null);
  #selected: MarkId | null = $state.raw(null);

  readonly matching = $derived(
    this.records ? matching(this.records, this.filter) : new Uint32Array(),
  );
  readonly lanes = $derived(
    this.records ? lanesOf(this.records, this.matching, this.by, this.order) : [],
  );
  /** From the first to the last moment, with a margin. */
  readonly whole: [number, number] = $derived.by(() => {
    const [first, last] = this.records?.extent ?? [0, 0];
    const room = Math.max((last - first) * 0.015, SHORTEST / 2);
    return [first - room, last + room];
  });
  readonly span: [number, number] = $derived(this.#span ?? this.whole);
  /** The matching signatures in sight; without a span, also those without a time. */
  readonly inSight = $derived.by(() => {
    const { records } = this;
    if (!records || this.#span === null) return this.matching;
    return between(records, this.matching, ...this.#span);
  });
  /** The index of the selected signature in the records. */
  readonly selected = $derived(
    this.#selected && this.records ? this.records.indexOf(this.#selected) : null,
  );
  readonly mark: Mark | null = $derived(
    this.selected !== null && this.records ? this.records.mark(this.selected) : null,
  );

  #following = false;
  #busy = false;
  #again = false;
  #revision = -1;

  /** Follows the queue until the returned function is called. */
  follow(): () => void {
    this.#following = true;
    const listening = events.queueChanged.listen(({ payload }) => {
      if (payload.revision !== this.#revision) void this.#load();
    });
    void listening.then(() => this.#load());
    return () => {
      this.#following = false;
      void listening.then((stop) => stop());
    };
  }

  async #load(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#again && this.#following) {
      this.#again = false;
      try {
        const view = await ask(commands.history());
        this.#revision = view.revision;
        this.records = new Records(view);
        this.failure = null;
      } catch (thrown) {
        this.failure = problemOf(thrown);
      }
      if (this.#again) await new Promise((done) => setTimeout(done, PAUSE));
    }
    this.#busy = false;
  }

  /** Forgets everything, because another directory is open. */
  forget(): void {
    this.records = null;
    this.#revision = -1;
    this.#span = null;
    this.#selected = null;
    this.filter = EVERY_SIGNATURE;
    if (this.#following) void this.#load();
  }

  /** Shows only what matches, over all of the time. */
  showOnly(change: Partial<Filter>): void {
    this.filter = { ...EVERY_SIGNATURE, ...change };
    this.#span = null;
    this.#selected = null;
    if (this.shown === "journal") this.shown = "timeline";
  }

  narrow(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
  }

  /** Whether only a part of the time is in sight. */
  get isSpanned(): boolean {
    return this.#span !== null;
  }

  look(from: number, to: number): void {
    if (!(to > from)) return;
    const [first, last] = this.whole;
    const span = Math.min(LONGEST, Math.max(SHORTEST, to - from));
    // Some of the data always stays in sight.
    const edge = span * 0.9;
    const begin = Math.max(first - edge, Math.min(from, last - span + edge));
    this.#span = [begin, begin + span];
  }

  lookAtAll(): void {
    this.#span = null;
  }

  /** Zooms about a moment, by default the middle. */
  zoom(factor: number, about = (this.span[0] + this.span[1]) / 2): void {
    const longest = (this.whole[1] - this.whole[0]) * 1.2;
    const [from, to] = zoomed(this.span, about, factor, [SHORTEST, Math.max(SHORTEST, longest)]);
    if (factor > 1 && to - from >= this.whole[1] - this.whole[0]) this.lookAtAll();
    else this.look(from, to);
  }

  /** Moves by a fraction of the span in sight. */
  pan(part: number): void {
    const [from, to] = this.span;
    const by = (to - from) * part;
    this.look(from + by, to + by);
  }

  select(record: number | null): void {
    const mark = record === null ? null : this.records?.mark(record);
    this.#selected = mark
      ? { envelope: mark.envelope, place: mark.place, manifestOnly: mark.manifestOnly }
      : null;
  }

  /** Selects the next or previous signature in sight, in order of time. */
  step(by: 1 | -1): void {
    const some = this.inSight;
    if (some.length === 0) return;
    const at = this.selected === null ? -1 : some.indexOf(this.selected);
    const to = at < 0 ? (by > 0 ? 0 : some.length - 1) : at + by;
    const record = some[Math.max(0, Math.min(some.length - 1, to))];
    if (record !== undefined) this.select(record);
  }
}
