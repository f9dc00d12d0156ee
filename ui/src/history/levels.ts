import type { HistoryEnvelopes } from "../ipc/bindings";

/** No level, and L0 to L7. */
export const STATES = 9;

/**
 * When envelopes came from one level to the next, by the times that their files claim. A state is a
 * level and one more: 0 is no level, 1 is L0; before it was sealed an envelope has none at all.
 */
export class LevelChanges {
  readonly at: Float64Array;
  readonly #to: Int8Array;
  readonly #from: Int8Array;
  /** Envelopes that are left out, since a time is missing. */
  readonly undated: number;

  constructor(envelopes: HistoryEnvelopes) {
    const all: { at: number; from: number; to: number }[] = [];
    let undated = 0;
    for (let i = 0; i < envelopes.level.length; i++) {
      const steps = stepsOf(envelopes, i);
      if (steps === null) {
        undated += 1;
        continue;
      }
      let from = -1;
      for (const [at, to] of steps) {
        all.push({ at, from, to });
        from = to;
      }
    }
    // Stable: steps of one envelope that claim the same second stay in their order.
    all.sort((a, b) => a.at - b.at);
    this.at = Float64Array.from(all, ({ at }) => at);
    this.#from = Int8Array.from(all, ({ from }) => from);
    this.#to = Int8Array.from(all, ({ to }) => to);
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

/** The steps of one envelope, the first to what it is when sealed; null where a time is missing. */
function stepsOf(envelopes: HistoryEnvelopes, index: number): [number, number][] | null {
  const level = envelopes.level[index] ?? -1;
  const wanted: [column: (number | null)[], state: number][] = [
    [envelopes.sealed, Math.min(level, 1) + 1],
  ];
  if (level >= 2) wanted.push([envelopes.signed, 3]);
  if (level >= 3) wanted.push([envelopes.registered, 4]);
  if (level >= 4) wanted.push([envelopes.cosigned, Math.min(level, 5) + 1]);
  if (level >= 6) wanted.push([envelopes.vouched, level + 1]);
  const steps: [number, number][] = [];
  for (const [column, state] of wanted) {
    const at = column[index] ?? null;
    if (at === null) return null;
    steps.push([Math.max(at, steps.at(-1)?.[0] ?? at), state]);
  }
  return steps;
}
