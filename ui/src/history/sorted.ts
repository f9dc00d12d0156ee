import { localeInUse } from "../words/words";
import type { Records } from "./records";

export type Column = "at" | "person" | "role" | "key" | "kind" | "standing" | "decision" | "level";
export type Direction = "ascending" | "descending";

/** Sorts signatures that are in order of time; equal ones keep their order. */
export function sorted(
  records: Records,
  some: Uint32Array,
  column: Column,
  direction: Direction,
): Uint32Array {
  if (column === "at") return direction === "ascending" ? some : some.slice().reverse();
  const rank = ranks(records, column);
  const sign = direction === "ascending" ? 1 : -1;
  // By rank, then newest first: the number of a record grows with its time.
  return some.slice().sort((a, b) => sign * (rank(a) - rank(b)) || b - a);
}

function ranks(records: Records, column: Exclude<Column, "at">): (record: number) => number {
  const by = (of: ArrayLike<number>, rank: ArrayLike<number>) => (record: number) =>
    rank[of[record] as number] ?? -1;
  switch (column) {
    case "person":
      return by(records.person, rankOf(records.people));
    case "key":
      return by(records.key, rankOf(records.keys.map((key) => key.key_id)));
    case "decision":
      return by(records.envelope, rankOf(records.decisions));
    case "level":
      return (record) => records.level[records.envelope[record] as number] as number;
    default:
      return (record) => records[column][record] as number;
  }
}

const collator = new Intl.Collator(localeInUse(), { numeric: true });

/** The rank of each text in sorted order; equal texts have the same rank. */
function rankOf(texts: string[]): Uint32Array {
  const order = Uint32Array.from(texts.keys());
  order.sort((a, b) => collator.compare(texts[a] ?? "", texts[b] ?? ""));
  const rank = new Uint32Array(texts.length);
  let place = 0;
  order.forEach((index, at) => {
    const before = order[at - 1];
    if (before !== undefined && texts[before] !== texts[index]) place += 1;
    rank[index] = place;
  });
  return rank;
}
