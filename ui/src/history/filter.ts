import type { HistoryFilter, LevelFilter, Role, SignerType, Standing } from "../ipc/bindings";
import { keyIdentity, type Records } from "./records";

/** Which signatures are wanted; null lets everything through. */
export interface Filter {
  person: string | null;
  /** By its identity: the fingerprint, or the id where there is none. */
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

/** Whether anything is left out. */
export function narrows(filter: Filter): boolean {
  return Object.entries(EVERY_SIGNATURE).some(
    ([what, all]) => filter[what as keyof Filter] !== all,
  );
}

/** The places of the signatures that a filter lets through, in order of time. */
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

/** Of some signatures in order of time, those from one second to another. */
export function between(
  records: Records,
  some: Uint32Array,
  from: number,
  to: number,
): Uint32Array {
  const first = firstAt(records, some, from);
  return some.subarray(first, Math.max(first, firstAt(records, some, to, true)));
}

/** The place among some, in order of time, of the first at or after a moment; or after it only. */
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
    // What has no time is after everything.
    if (at < moment || (after && at === moment)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same question as the engine takes it; with a range of time where one is given. */
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

/** The level as the columns have it; null for any. */
function levelOf(level: LevelFilter): number | null {
  if (level === "any") return null;
  return level === "none" ? -1 : Number(level.slice(1));
}

/** By place: 1 where it is wanted, else 0. */
function places<T>(all: T[], wanted: (one: T) => boolean): Uint8Array {
  return Uint8Array.from(all, (one) => (wanted(one) ? 1 : 0));
}
