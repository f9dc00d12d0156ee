import type {
  Assurance,
  HistoryKey,
  HistoryView,
  LabelSource,
  Role,
  SignerType,
  Standing,
  TimeView,
} from "../ipc/bindings";
import { LevelChanges } from "./levels";

/** One signature with names instead of numbers. */
export interface Mark {
  /** Seconds since 1970; null if the file gives no time. */
  at: number | null;
  person: string;
  key: HistoryKey;
  role: Role | null;
  kind: SignerType;
  standing: Standing;
  assurance: Assurance | null;
  /** Whose word name, role and kind are. */
  labels: LabelSource;
  /** Its own time. */
  time: TimeView;
  /** The time that an authority vouches for. */
  trusted: TimeView | null;
  /** The id of the envelope's row in the queue. */
  envelope: number;
  decision: string;
  title: string;
  level: number | null;
  place: number;
  manifestOnly: boolean;
}

/** What identifies a signature, also in the next answer of the station. */
export interface MarkId {
  envelope: number;
  place: number;
  manifestOnly: boolean;
}

/**
 * Every signature of a directory, in columns, as packed from the station's answer. In order of
 * time; signatures without a time come last.
 */
export class Records {
  readonly length: number;
  /** How many signatures have a time; they come first. */
  readonly timed: number;
  /** Seconds since 1970. */
  readonly at: Float64Array;
  readonly envelope: Uint32Array;
  readonly person: Uint32Array;
  readonly key: Uint32Array;
  readonly role: Int8Array;
  readonly kind: Int8Array;
  readonly standing: Int8Array;
  readonly assurance: Int8Array;
  readonly labels: Int8Array;
  readonly place: Uint32Array;
  readonly manifestOnly: Uint8Array;
  /** By envelope. */
  readonly level: Int8Array;
  readonly ids: Uint32Array;
  readonly levels: LevelChanges;
  readonly #view: HistoryView;

  constructor(view: HistoryView) {
    const { signatures, envelopes } = view;
    this.#view = view;
    this.length = signatures.at.length;
    const undated = signatures.at.indexOf(null);
    this.timed = undated < 0 ? this.length : undated;
    this.at = new Float64Array(this.length);
    signatures.at.forEach((at, index) => (this.at[index] = at ?? NaN));
    this.envelope = Uint32Array.from(signatures.envelope);
    this.person = Uint32Array.from(signatures.person);
    this.key = Uint32Array.from(signatures.key);
    this.role = Int8Array.from(signatures.role);
    this.kind = Int8Array.from(signatures.kind);
    this.standing = Int8Array.from(signatures.standing);
    this.assurance = Int8Array.from(signatures.assurance);
    this.labels = Int8Array.from(signatures.labels);
    this.place = Uint32Array.from(signatures.place);
    this.manifestOnly = Uint8Array.from(signatures.manifest_only);
    this.level = Int8Array.from(envelopes.level);
    this.ids = Uint32Array.from(envelopes.id);
    this.levels = new LevelChanges(envelopes);
  }

  get people(): string[] {
    return this.#view.people;
  }

  get keys(): HistoryKey[] {
    return this.#view.keys;
  }

  get roles(): Role[] {
    return this.#view.roles;
  }

  get kinds(): SignerType[] {
    return this.#view.kinds;
  }

  get standings(): Standing[] {
    return this.#view.standings;
  }

  get assurances(): Assurance[] {
    return this.#view.assurances;
  }

  /** The ids of the decisions, by envelope. */
  get decisions(): string[] {
    return this.#view.envelopes.decision;
  }

  /** The first and last moment of anything; null if nothing has a time. */
  get extent(): [number, number] | null {
    const first = Math.min(this.at[0] ?? NaN, this.levels.at[0] ?? Infinity);
    const last = Math.max(this.at[this.timed - 1] ?? NaN, this.levels.at.at(-1) ?? -Infinity);
    return this.timed > 0 ? [first, last] : null;
  }

  mark(index: number): Mark {
    const at = this.at[index] ?? NaN;
    const envelope = this.envelope[index] ?? 0;
    const level = this.level[envelope] ?? -1;
    const labels = this.#view.label_sources[this.labels[index] ?? -1] ?? "claimed";
    return {
      at: Number.isNaN(at) ? null : at,
      person: this.people[this.person[index] ?? 0] ?? "",
      key: this.keys[this.key[index] ?? 0] ?? { key_id: "", fingerprint: null },
      role: this.roles[this.role[index] ?? -1] ?? null,
      kind: this.kinds[this.kind[index] ?? 0] ?? "software",
      standing: this.standings[this.standing[index] ?? -1] ?? "invalid",
      assurance: this.assurances[this.assurance[index] ?? -1] ?? null,
      labels,
      time: ownTime(labels, textOf(at)),
      trusted: this.#trusted(index),
      envelope: this.ids[envelope] ?? 0,
      decision: this.#view.envelopes.decision[envelope] ?? "",
      title: this.#view.envelopes.title[envelope] ?? "",
      level: level < 0 ? null : level,
      place: this.place[index] ?? 0,
      manifestOnly: this.manifestOnly[index] === 1,
    };
  }

  #trusted(index: number): TimeView | null {
    const { trusted, accuracy, authority } = this.#view.signatures;
    const at = textOf(trusted[index] ?? NaN);
    if (at === null) return null;
    return {
      kind: "trusted",
      at,
      accuracy: accuracy[index] ?? 0,
      authority: this.#view.authorities[authority[index] ?? -1] ?? "",
    };
  }

  /** The index of a signature; null if it is gone. */
  indexOf(id: MarkId): number | null {
    const envelope = this.ids.indexOf(id.envelope);
    if (envelope < 0) return null;
    for (
      let i = this.envelope.indexOf(envelope);
      i >= 0;
      i = this.envelope.indexOf(envelope, i + 1)
    ) {
      if (this.place[i] === id.place && (this.manifestOnly[i] === 1) === id.manifestOnly) return i;
    }
    return null;
  }
}

/** A moment in RFC 3339; null if it is none. */
function textOf(seconds: number): string | null {
  return Number.isNaN(seconds) ? null : new Date(seconds * 1000).toISOString();
}

function ownTime(labels: LabelSource, at: string | null): TimeView {
  return labels === "signed" && at !== null ? { kind: "signed", at } : { kind: "claimed", at };
}

/** What identifies a key: its fingerprint. Anyone can write any id. */
export function keyIdentity(key: HistoryKey): string {
  return key.fingerprint ?? key.key_id;
}
