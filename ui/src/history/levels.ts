import type { HistoryEnvelopes } from "../ipc/bindings";

/** No level, and L0 to L7. */
export const STATES = 9;

/** The steps of an envelope, and the state after each step, given its level now. */
const STEPS: [
  column: "sealed" | "signed" | "registered" | "cosigned" | "vouched",
  state: (level: number) => number | null,
][] = [
  ["sealed", (level) => Math.min(level, 1) + 1],
  ["signed", (level) => (level >= 2 ? 3 : null)],
  ["registered", (level) => (level >= 3 ? 4 : null)],
  ["cosigned", (level) => (level >= 4 ? Math.min(level, 5) + 1 : null)],
  ["vouched", (level) => (level >= 6 ? level + 1 : null)],
];
const MOST_STEPS = STEPS.length;

/**
 * When envelopes moved from one level to the next, by the times in their files. A state is the
 * level plus one: 0 is no level, 1 is L0. An envelope has no state before it is sealed.
 */
export class LevelChanges {
  readonly at: Float64Array;
  readonly #to: Int8Array;
  readonly #from: Int8Array;
  /** How many envelopes are left out because a time is missing. */
  readonly undated: number;

  constructor(envelopes: HistoryEnvelopes) {
    // One number per change sorts much faster than objects: time, new state, old state. Changes of
    // one envelope within one second keep their order.
    const keys = new Float64Array(envelopes.level.length * MOST_STEPS);
    let length = 0;
    let undated = 0;
    for (let i = 0; i < envelopes.level.length; i++) {
      const before = length;
      let from = -1;
      let last = -Infinity;
      for (const [column, state] of STEPS) {
        const level = envelopes.level[i] as number;
        const to = state(level);
        if (to === null) break;
        const at = envelopes[column][i] ?? null;
        if (at === null) {
          length = before;
          undated += 1;
          break;
        }
        last = Math.max(last, at);
        keys[length++] = last * 256 + to * 16 + from + 1;
        from = to;
      }
    }
    const sorted = keys.subarray(0, length).sort();
    this.at = new Float64Array(length);
    this.#from = new Int8Array(length);
    this.#to = new Int8Array(length);
    for (let i = 0; i < length; i++) {
      const key = sorted[i] as number;
      const at = Math.floor(key / 256);
      const states = key - at * 256;
      this.at[i] = at;
      this.#to[i] = states >> 4;
      this.#from[i] = (states & 15) - 1;
    }
    this.undated = undated;
  }

  /**
   * How many envelopes stood in each state at the ends of equal columns of time: column by column,
   * `STATES` numbers each.
   */
  counts(from: number, to: number, columns: number): Uint32Array {
    const counts = new Uint32Array(columns * STATES);
    const now = new Uint32Array(STATES);
    let next = 0;
    for (let column = 0; column < columns; column++) {
      const end = from + ((to - from) * (column + 1)) / columns;
      next = this.#apply(now, next, end);
      counts.set(now, column * STATES);
    }
    return counts;
  }

  /** How many envelopes stood in each state at a moment. */
  countsAt(moment: number): Uint32Array {
    const now = new Uint32Array(STATES);
    this.#apply(now, 0, moment);
    return now;
  }

  #apply(now: Uint32Array, next: number, end: number): number {
    const { at } = this;
    while (next < at.length && (at[next] as number) <= end) {
      const from = this.#from[next] as number;
      if (from >= 0) now[from] = (now[from] as number) - 1;
      const to = this.#to[next] as number;
      now[to] = (now[to] as number) + 1;
      next += 1;
    }
    return next;
  }
}
