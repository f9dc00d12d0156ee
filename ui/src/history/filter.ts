import type { HistoryFilter, LevelFilter, Role, SignerType, Standing } from "../ipc/bindings";
import { keyIdentity, type Records } from "./records";

/** Which signatures to show; null means any. */
export interface Filter {
  person: string | null;
  /** The identity of the key: its fingerprint, or its id if it has none. */
  key: string | null;
  role: Role | null;
  kind: SignerType | null;
  standing: Standing | null;
  level: LevelFilter;
}

export const EVERY_SIGNATURE: Readonly<Filter> = {
  person: null,
  key: null,
  role: null,
  kind: null,
  standing: null,
  level: "any",
};

/** Whether the filter leaves anything out. */
export function narrows(filter: Filter): boolean {
  return Object.entries(EVERY_SIGNATURE).some(
    ([what, all]) => filter[what as keyof Filter] !== all,
  );
}

/** The indices of the signatures that match a filter, in order of time. */
export function matching(records: Records, filter: Filter): Uint32Array {
  const found = new Uint32Array(records.length);
  const person = places(records.people, (name) => filter.person === null || name === filter.person);
  const key = places(
    records.keys,
    (key) => filter.key === null || keyIdentity(key) === filter.key || key.key_id === filter.key,
  );
  const role = filter.role === null ? null : records.roles.indexOf(filter.role);
  const kind = filter.kind === null ? null : records.kinds.indexOf(filter.kind);
  const standing = filter.standing === null ? null : records.standings.indexOf(filter.standing);
  const level = levelOf(filter.level);
  let count = 0;
  for (let i = 0; i < records.length; i++) {
    if (
      person[records.person[i] as number] === 1 &&
      key[records.key[i] as number] === 1 &&
      (role === null || records.role[i] === role) &&
      (kind === null || records.kind[i] === kind) &&
      (standing === null || records.standing[i] === standing) &&
      (level === null || records.level[records.envelope[i] as number] === level)
    ) {
      found[count++] = i;
    }
  }
  return found.slice(0, count);
}

/** The signatures between two moments; the input is in order of time. */
export function between(
  records: Records,
  some: Uint32Array,
  from: number,
  to: number,
): Uint32Array {
  const first = firstAt(records, some, from);
  return some.subarray(first, Math.max(first, firstAt(records, some, to, true)));
}

/**
 * The index of the first signature at or after a moment, or only after it. The input is in order of
 * time.
 */
export function firstAt(
  records: Records,
  some: Uint32Array,
  moment: number,
  after = false,
): number {
  let low = 0;
  let high = some.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = records.at[some[middle] as number] as number;
    // Signatures without a time come last.
    if (at < moment || (after && at === moment)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The filter in the form that the station takes, with a range of time if one is given. */
export function asked(filter: Filter, range: [number, number] | null): HistoryFilter {
  const list = <T>(one: T | null): T[] => (one === null ? [] : [one]);
  return {
    people: list(filter.person),
    roles: list(filter.role),
    keys: list(filter.key),
    kinds: list(filter.kind),
    standings: list(filter.standing),
    levels: filter.level === "any" ? [] : [filter.level],
    since: range === null ? null : Math.ceil(range[0]),
    until: range === null ? null : Math.floor(range[1]),
  };
}

/** The level as a number, -1 for no level; null for any. */
function levelOf(level: LevelFilter): number | null {
  if (level === "any") return null;
  return level === "none" ? -1 : Number(level.slice(1));
}

/** By index: 1 if the entry matches, else 0. */
function places<T>(all: T[], wanted: (one: T) => boolean): Uint8Array {
  return Uint8Array.from(all, (one) => (wanted(one) ? 1 : 0));
}
