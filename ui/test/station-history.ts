import type {
  Assurance,
  EnvelopeView,
  HistoryKey,
  HistoryView,
  JournalKind,
  JournalQuery,
  JournalRow,
  JournalWindow,
  Role,
  SignerType,
  Standing,
} from "../src/ipc/bindings";
import { english } from "./english";
import { envelopeOf, type FakeStation, hex, NOW } from "./station";

const ROLES: Role[] = ["operator", "reviewer", "witness", "auditor"];
const KINDS: SignerType[] = ["software", "hardware", "external"];
const STANDINGS: Standing[] = ["valid", "not_accepted", "unchecked", "invalid"];
const ASSURANCES: Assurance[] = ["claimed", "pinned", "attested"];

/** One signature, in words. */
export interface Act {
  at: number | null;
  person: string;
  key: string;
  fingerprint?: string | null;
  role?: Role | null;
  kind?: SignerType;
  standing?: Standing;
  assurance?: Assurance | null;
  place?: number;
  manifestOnly?: boolean;
}

/** One envelope with its signatures, in words. Times are seconds since 1970. */
export interface Past {
  id: number;
  decision: string;
  title?: string;
  level?: number;
  sealed?: number | null;
  registered?: number | null;
  acts: Act[];
}

/** The history of some envelopes, as the engine gives it. */
export function historyOf(envelopes: Past[], revision = 1): HistoryView {
  const people: string[] = [];
  const keys: HistoryKey[] = [];
  const persons = new Map<string, number>();
  const keyed = new Map<string, number>();
  const known = <T>(seen: Map<string, number>, all: T[], name: string, one: T): number => {
    const at = seen.get(name) ?? all.length;
    if (at === all.length) {
      all.push(one);
      seen.set(name, at);
    }
    return at;
  };
  const acts = envelopes
    .flatMap((envelope, index) => envelope.acts.map((act, place) => ({ act, index, place })))
    .sort((a, b) => (a.act.at ?? Infinity) - (b.act.at ?? Infinity));
  const when = (envelope: Past, needed: number, of: (act: Act) => boolean) => {
    const times = envelope.acts.filter((act) => of(act) && (act.standing ?? "valid") === "valid");
    return (envelope.level ?? 1) < needed ? null : (times[0]?.at ?? null);
  };
  const list = <T>(of: (envelope: Past) => T) => envelopes.map(of);
  const columns = <T>(of: (one: (typeof acts)[number]) => T) => acts.map(of);
  const print = (act: Act) =>
    act.fingerprint === undefined
      ? hex(act.key.length * 7 + act.key.charCodeAt(act.key.length - 1))
      : act.fingerprint;
  return {
    revision,
    people,
    keys,
    roles: ROLES,
    kinds: KINDS,
    standings: STANDINGS,
    assurances: ASSURANCES,
    label_sources: ["signed", "claimed", "contradicted"],
    authorities: ["CN=Example TSA"],
    envelopes: {
      id: list(({ id }) => id),
      decision: list(({ decision }) => decision),
      title: list(({ title }) => title ?? ""),
      level: list(({ level }) => level ?? 1),
      sealed: list(({ sealed }) => sealed ?? null),
      signed: list((one) => when(one, 2, () => true)),
      registered: list((one) => ((one.level ?? 1) < 3 ? null : (one.registered ?? null))),
      cosigned: list((one) => when(one, 4, (act) => act.role === "witness")),
      vouched: list((one) => when(one, 6, (act) => (act.kind ?? "software") !== "software")),
    },
    signatures: {
      at: columns(({ act }) => act.at),
      envelope: columns(({ index }) => index),
      person: columns(({ act }) => known(persons, people, act.person, act.person)),
      key: columns(({ act }) => {
        const key = { key_id: act.key, fingerprint: print(act) };
        return known(keyed, keys, `${key.key_id} ${key.fingerprint}`, key);
      }),
      role: columns(({ act }) => (act.role === null ? -1 : ROLES.indexOf(act.role ?? "operator"))),
      kind: columns(({ act }) => KINDS.indexOf(act.kind ?? "software")),
      standing: columns(({ act }) => STANDINGS.indexOf(act.standing ?? "valid")),
      assurance: columns(({ act }) => (act.assurance ? ASSURANCES.indexOf(act.assurance) : -1)),
      labels: columns(({ place }) => place % 2),
      trusted: columns(({ act, place }) => (place === 0 && act.at !== null ? act.at + 3600 : null)),
      accuracy: columns(() => 1),
      authority: columns(({ place }) => (place === 0 ? 0 : null)),
      place: columns(({ act, place }) => act.place ?? place),
      manifest_only: columns(({ act }) => (act.manifestOnly ? 1 : 0)),
    },
  };
}

/** Numbers from 0 to 1 that are the same every time. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const DAY = 86_400;

/** [who, role, kind, first year, last year, how busy] */
const STAFF: [string, Role, SignerType, number, number, number][] = [
  ["mira.k", "operator", "software", 2021.0, 2027, 9],
  ["a.lindqvist", "operator", "software", 2021.0, 2024.3, 8],
  ["op-night-2", "operator", "external", 2022.4, 2027, 6],
  ["d.farouk", "operator", "hardware", 2023.7, 2027, 8],
  ["t.eriksen", "operator", "software", 2025.1, 2027, 5],
  ["j.okafor", "witness", "hardware", 2021.2, 2027, 10],
  ["s.ramanathan", "witness", "hardware", 2022.0, 2027, 7],
  ["l.moreau", "witness", "software", 2021.0, 2023.6, 7],
  ["kms-frankfurt", "witness", "external", 2024.0, 2027, 6],
  ["h.nakamura", "witness", "hardware", 2025.4, 2027, 5],
  ["p.novak", "reviewer", "software", 2021.5, 2026.2, 3],
  ["e.castellanos", "reviewer", "hardware", 2023.0, 2027, 3],
  ["audit-desk", "auditor", "external", 2022.0, 2027, 1],
];

/** A history of about this many signatures: years of work with its hours and mishaps. */
export function years(signatures: number): HistoryView {
  const random = numbers(7);
  const begin = Date.UTC(2021, 0, 4) / 1000;
  const end = NOW.getTime() / 1000;
  const envelopes: Past[] = [];
  const yearOf = (at: number) => 1970 + at / DAY / 365.2425;
  const among = (role: Role, year: number, not?: string) => {
    const some = STAFF.filter(
      ([who, its, , from, to]) => its === role && from <= year && year < to && who !== not,
    );
    let at = random() * some.reduce((sum, [, , , , , busy]) => sum + busy, 0);
    return some.find(([, , , , , busy]) => (at -= busy) < 0) ?? some[0];
  };
  const sign = (role: Role, at: number, not?: string): Act | null => {
    const someone = among(role, yearOf(at), not);
    if (!someone) return null;
    const [person, , kind] = someone;
    const year = Math.floor(yearOf(at));
    const mishap = random();
    // One key was revoked and went on signing for a while; else little goes wrong.
    const revoked = person === "l.moreau" && yearOf(at) > 2023.42;
    const standing: Standing =
      mishap < 0.0006
        ? "invalid"
        : revoked || mishap < 0.0012
          ? "not_accepted"
          : mishap < 0.0016
            ? "unchecked"
            : "valid";
    return {
      at,
      person,
      key: `ds-${person.replace(/\W/gu, "")}-${year}-01`,
      fingerprint:
        standing === "invalid" || standing === "unchecked"
          ? null
          : hex(year * 31 + person.length * 7 + person.charCodeAt(0) * 1009),
      role,
      kind,
      standing,
      assurance:
        kind === "software" ? null : kind === "hardware" && year > 2023 ? "attested" : "pinned",
    };
  };
  let made = 0;
  for (let id = 101; made < signatures; id++) {
    // More every year; hardly any at night and on Sundays; less in August and at New Year's.
    let at = 0;
    for (;;) {
      at = begin + Math.sqrt(random() * 0.92 + 0.08 * random()) * (end - begin);
      const date = new Date(at * 1000);
      const month = date.getUTCMonth();
      const day = date.getUTCDay();
      const hour = date.getUTCHours();
      const rhythm =
        (day === 0 ? 0.02 : day === 6 ? 0.08 : 1) *
        (hour < 6 || hour > 20 ? 0.05 : hour < 8 || hour > 17 ? 0.35 : hour === 12 ? 0.5 : 1) *
        (month === 7 ? 0.45 : month === 11 && date.getUTCDate() > 21 ? 0.15 : 1) *
        (month % 3 === 2 && date.getUTCDate() > 20 ? 1.9 : 1);
      if (random() * 1.9 < rhythm) break;
    }
    at = Math.floor(at);
    const acts: Act[] = [];
    const add = (act: Act | null) => {
      if (act && (act.at ?? 0) < end) acts.push(act);
    };
    const fate = random();
    if (fate > 0.03) add(sign("operator", at + 60 + Math.floor(random() * 2400)));
    const registered = at + 3600 + Math.floor(random() * 5400);
    const waits = random() < 0.2 ? 3 * DAY : 5 * 3600;
    if (fate > 0.09) add(sign("witness", registered + 300 + Math.floor(random() * waits)));
    if (fate > 0.8) add(sign("reviewer", registered + 7200 + Math.floor(random() * 2 * DAY)));
    if (fate > 0.97) add(sign("auditor", registered + 30 * DAY + Math.floor(random() * 20 * DAY)));
    acts.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    made += acts.length;
    const counts = acts.filter(({ standing }) => standing === "valid");
    const witness = counts.find(({ role }) => role === "witness");
    const held = counts.some(({ kind }) => kind !== "software");
    const operator = counts.some(({ role }) => role === "operator");
    const level =
      random() < 0.004
        ? -1
        : !operator
          ? 1
          : registered > end
            ? 2
            : !witness
              ? 3
              : random() < 0.1
                ? 4
                : !held
                  ? 5
                  : yearOf(at) > 2023.5 && random() < 0.8
                    ? 7
                    : 6;
    const past = { id, level, acts, sealed: at, registered: registered < end ? registered : null };
    envelopes.push({
      ...past,
      decision: `DEC-${String(id).padStart(5, "0")}`,
      title: TITLES[id % TITLES.length] ?? "",
    });
  }
  return historyOf(envelopes);
}

const TITLES = [
  "Retire the legacy claims engine",
  "Raise the settlement limit for the Nordic desks",
  "Suspend automated triage for case group 7",
  "Adopt the second scoring model for small business loans",
  "Extend the overdraft pilot to two more branches",
  "Lower the fraud alert threshold for card payments abroad",
  "Accept the residual risk of the single vendor",
];

/** The envelope of a history, in full, with the signatures that it has. */
function envelopeIn(view: HistoryView, id: number): EnvelopeView {
  const { envelopes, signatures } = view;
  const at = envelopes.id.indexOf(id);
  const records = signatures.envelope.flatMap((envelope, index) =>
    envelope === at ? [index] : [],
  );
  const level = envelopes.level[at] ?? -1;
  const read = envelopeOf({
    id,
    decision: envelopes.decision[at] ?? "",
    title: envelopes.title[at] ?? "",
    level: level < 0 ? null : level,
    need: "nothing",
    missing: null,
    minutesAgo: (NOW.getTime() / 1000 - (envelopes.sealed[at] ?? 0)) / 60,
    signed: records.map((index) => [
      view.people[signatures.person[index] ?? 0] ?? "",
      view.roles[signatures.role[index] ?? 0] ?? "operator",
      view.kinds[signatures.kind[index] ?? 0] ?? "software",
      view.standings[signatures.standing[index] ?? 0],
    ]),
  });
  const own = read.signatures.map((signature, place) => {
    const index = records[place] ?? 0;
    const key = view.keys[signatures.key[index] ?? 0];
    const time = signatures.at[index];
    return {
      ...signature,
      key_id: key?.key_id ?? "",
      fingerprint: key?.fingerprint ?? null,
      signed_at: time ? new Date(time * 1000).toISOString().replace(".000", "") : null,
    };
  });
  return { ...read, signatures: own, manifest_signatures: own };
}

/** Gives a fake station a history, and a journal. */
export function withHistory(station: FakeStation, view?: HistoryView): FakeStation {
  let answer = view;
  station.answer("history", () => (answer ??= years(24)));
  station.answer("envelope", ({ id }: { id: number }) =>
    answer?.envelopes.id.includes(id) && !station.fixtures.some((fixture) => fixture.id === id)
      ? envelopeIn(answer, id)
      : envelopeOf(station.fixture(id)),
  );
  station.answer("history_export", () => answer?.signatures.at.length ?? 0);
  station.answer("journal_window", (args: { query: JournalQuery; first: number; count: number }) =>
    journal(args.query, args.first, args.count),
  );
  return station;
}

const EVENTS: [event: string, kind: JournalKind, details: Record<string, string>][] = [
  [
    "device_arrived",
    "devices",
    { serial: "12345678", firmware: "5.7.4", reader: "Yubico YubiKey OTP+FIDO+CCID 00 00" },
  ],
  ["ceremony_begun", "attempted", { file: "/srv/sealed_runs/RUN-0a1b2c3d_20260504T071200Z.json" }],
  [
    "key_chosen",
    "attempted",
    { key_id: "ds-prod-2026-06", signer_type: "hardware", signer_id: "j.okafor", role: "witness" },
  ],
  ["secret_asked", "attempted", { secret: "PIN", tries_left: "3" }],
  [
    "secret_not_taken",
    "refused",
    { code: "wrong_pin", words: "the PIN is wrong; 2 tries are left", tries_left: "2" },
  ],
  [
    "key_opened",
    "attempted",
    { key_id: "ds-prod-2026-06", fingerprint: hex(901), signer_id: "j.okafor", role: "witness" },
  ],
  [
    "signing_attempted",
    "attempted",
    {
      key_id: "ds-prod-2026-06",
      signer_id: "j.okafor",
      role: "witness",
      artifacts: "RUN-0a1b2c3d_20260504T071200Z.json sealed_run",
    },
  ],
  [
    "signed",
    "signed",
    {
      key_id: "ds-prod-2026-06",
      signer_id: "j.okafor",
      role: "witness",
      files:
        "RUN-0a1b2c3d_20260504T071200Z.json.sig.json, RUN-0a1b2c3d_20260504T071200Z.manifest.json.sig.json",
    },
  ],
  [
    "registered",
    "signed",
    {
      file: "RUN-0a1b2c3d_20260504T071200Z.json",
      log: "/srv/sealed_runs/transparency_log.ndjson",
      registration: "TLE-0a1b2c3d",
    },
  ],
  [
    "refused",
    "refused",
    {
      code: "changed",
      words:
        "RUN-0a1b2c3d_20260504T071200Z.json: changed since it was read; nothing was written, read it again",
    },
  ],
  ["broken_off", "refused", {}],
  [
    "device_removed",
    "devices",
    { serial: "12345678", firmware: "5.7.4", reader: "Yubico YubiKey OTP+FIDO+CCID 00 00" },
  ],
];

/** How many entries the fake journal has. */
export const ENTRIES = 1207;

function journal(query: JournalQuery, first: number, count: number): JournalWindow {
  const all: JournalRow[] = Array.from({ length: ENTRIES }, (_, back) => {
    const at = ENTRIES - 1 - back;
    const [event, kind, details] =
      at === 0
        ? (["journal_begun", "journal", {}] as const)
        : at === 1
          ? (["setting_changed", "trust", { setting: "policy.trust" }] as const)
          : (EVENTS[at % EVENTS.length] ?? (["broken_off", "refused", {}] as const));
    return {
      at: new Date(NOW.getTime() - back * 41_000).toISOString().replace(/\.\d+/u, ""),
      event,
      kind,
      ceremony: ["devices", "journal", "trust"].includes(kind) ? null : hex(Math.floor(at / 12), 8),
      sentence:
        kind === "trust"
          ? english("Changed the accepted keys from those in the keyring to any that verifies.")
          : null,
      details: Object.entries(details).map(([name, value]) => ({ name, value })),
      hash: hex(at, 8),
      steps:
        event === "signed"
          ? [
              {
                at: new Date(NOW.getTime() - back * 41_000 - 9000).toISOString(),
                event: "secret_asked",
                sentence: english("The key asked for its PIN; 3 attempts are left."),
              },
            ]
          : [],
    };
  });
  const words = query.text.toLowerCase().split(/\s+/u).filter(Boolean);
  const matching = all.filter((row) => {
    const text = JSON.stringify(row).toLowerCase();
    return (
      (query.kind === "all" || query.kind === row.kind) &&
      words.every((word) => text.includes(word))
    );
  });
  return {
    path: "/home/mira/.local/state/countersign/journal.ndjson",
    total: matching.length,
    first,
    rows: matching.slice(first, first + count),
    chain: {
      broken: [],
      since: all.at(-1)?.at ?? null,
      entries: all.length,
      files: 1,
      breaks: [],
      kept_aside: [],
    },
  };
}
