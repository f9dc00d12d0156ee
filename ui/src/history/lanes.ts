import type { Role } from "../ipc/bindings";
import { localeInUse, t } from "../words/words";
import { keyIdentity, type Records } from "./records";

export type LanesBy = "person" | "key";
export type LaneOrder = "recent" | "count" | "name";

/** The signatures of one person, or of one key, side by side in time. */
export interface Lane {
  /** Its unique id: the person, or the identity of the key. */
  id: string;
  name: string;
  /** For a key, who signs with it; for a person, which keys. */
  about: string;
  roles: Role[];
  count: number;
  /** How many of them do not count. */
  refused: number;
  /** The signatures that have a time, in order of time. */
  records: Uint32Array;
}

/** Groups signatures, given in order of time, into lanes. */
export function lanesOf(
  records: Records,
  some: Uint32Array,
  by: LanesBy,
  order: LaneOrder,
): Lane[] {
  const of = by === "person" ? records.person : records.key;
  const other = by === "person" ? records.key : records.person;
  const size = by === "person" ? records.people.length : records.keys.length;
  const valid = records.standings.indexOf("valid");
  const count = new Uint32Array(size);
  const timed = new Uint32Array(size);
  const refused = new Uint32Array(size);
  const roles = new Uint8Array(size);
  const others = Array.from({ length: size }, () => new Set<number>());
  for (const i of some) {
    const lane = of[i] as number;
    count[lane] = (count[lane] as number) + 1;
    if (i < records.timed) timed[lane] = (timed[lane] as number) + 1;
    if (records.standing[i] !== valid) refused[lane] = (refused[lane] as number) + 1;
    const role = records.role[i] as number;
    if (role >= 0) roles[lane] = (roles[lane] as number) | (1 << role);
    others[lane]?.add(other[i] as number);
  }
  const filled = Array.from(timed, (n) => new Uint32Array(n));
  const at = new Uint32Array(size);
  for (const i of some) {
    if (i >= records.timed) continue;
    const lane = of[i] as number;
    const next = at[lane] as number;
    (filled[lane] as Uint32Array)[next] = i;
    at[lane] = next + 1;
  }
  const name = (index: number) =>
    by === "person" ? (records.people[index] ?? "") : (records.keys[index]?.key_id ?? "");
  const nameOther = (index: number) =>
    by === "person" ? (records.keys[index]?.key_id ?? "") : (records.people[index] ?? "");
  const identity = (index: number) => {
    const key = records.keys[index];
    return by === "person" || !key ? name(index) : keyIdentity(key);
  };
  const lanes: Lane[] = [];
  for (let index = 0; index < size; index++) {
    if (count[index] === 0) continue;
    lanes.push({
      id: identity(index),
      name: name(index),
      about: about([...(others[index] ?? [])].map(nameOther), by),
      roles: records.roles.filter((_, role) => ((roles[index] as number) & (1 << role)) !== 0),
      count: count[index] as number,
      refused: refused[index] as number,
      records: filled[index] as Uint32Array,
    });
  }
  const last = (lane: Lane) => records.at[lane.records.at(-1) ?? -1] ?? -Infinity;
  const compare = {
    recent: (a: Lane, b: Lane) => last(b) - last(a),
    count: (a: Lane, b: Lane) => b.count - a.count,
    name: () => 0,
  }[order];
  const names = new Intl.Collator(localeInUse());
  return lanes.sort((a, b) => compare(a, b) || names.compare(a.name, b.name));
}

function about(others: string[], by: LanesBy): string {
  const [first, ...more] = others;
  if (first === undefined || more.length === 0) return first ?? "";
  const count = others.length;
  return by === "person"
    ? t("lanes-several-keys", { count })
    : t("lanes-several-people", { count });
}
