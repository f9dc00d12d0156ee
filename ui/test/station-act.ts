import { emit } from "@tauri-apps/api/event";

import type {
  ActChoice,
  ActEffect,
  ActOutcome,
  ActProgress,
  ActRow,
  ActView,
  ArtifactView,
  KeyOption,
  KeyRef,
  Problem,
  RawLines,
  RawPart,
  ReadingView,
} from "../src/ipc/bindings";
import { optionOf } from "../src/ceremony/keys";
import { envelopeOf, failure, type FakeStation, type Fixture, hex, rowOf } from "./station";
import { english } from "./english";

const noDevice = {
  device: null,
  virtual_card: false,
  tries_left: null,
  attestation: null,
  names: null,
  warnings: [],
};

/** The keys of the fake station: one of each kind, and one that cannot sign. */
export const KEYS: KeyOption[] = [
  {
    key: { holder: "profile", name: "operator" },
    kind: "software",
    about: english("key file operator.key.pem"),
    key_id: "ds-prod-2026-05",
    signer_id: "mira.k",
    roles: ["operator", "witness"],
    known: true,
    algorithm: "ed25519",
    asks: "passphrase",
    ...noDevice,
    problem: null,
  },
  {
    key: { holder: "profile", name: "kms-sign" },
    kind: "external",
    about: english("external command kms-sign"),
    key_id: "ds-prod-2026-06",
    signer_id: "kms-prod",
    roles: ["witness"],
    known: true,
    algorithm: "ecdsa-p256-sha256",
    asks: "nothing",
    ...noDevice,
    problem: null,
  },
  {
    key: { holder: "profile", name: "token" },
    kind: "hardware",
    about: english("token in slot 9c"),
    key_id: "ds-stray-2026-01",
    signer_id: "token",
    roles: ["operator", "reviewer", "witness", "auditor"],
    known: false,
    algorithm: "ecdsa-p256-sha256",
    asks: "PIN",
    ...noDevice,
    problem: null,
  },
  {
    key: { holder: "profile", name: "old" },
    kind: "software",
    about: english("key file old.key.pem"),
    key_id: "ds-prod-2025-11",
    signer_id: "j.okafor",
    roles: ["witness"],
    known: true,
    algorithm: "ed25519",
    asks: "passphrase",
    ...noDevice,
    problem: failure("revoked", "Revoked on 2026-02-01: left the desk", ""),
  },
];

/** Acts are numbered as long as the program runs. */
let begun = 0;

/** The act of the fake station. It goes only as far as the test says. */
export class FakeAct {
  view: ActView | null = null;
  rows: ActRow[] = [];
  keys = KEYS;
  companions: KeyOption[] = [];
  /** What opens the key. */
  passphrase = "demo";
  triesLeft: number | null = null;
  /** Changes what is read. */
  reading: Partial<ReadingView> = {};
  /** How many envelopes it signs by itself before it waits to be told; null for all. */
  signs: number | null = null;
  /** What a signature changes; null for one level more. */
  effect: ActEffect | null = null;
  /** Ids of envelopes that changed since they were listed. */
  readonly changed = new Set<number>();
  #fixtures: Fixture[] = [];
  /** What of the envelope that was opened last is signed. */
  #opened: ArtifactView[] = [];

  constructor(readonly station: FakeStation) {
    station.answer("act_begin", ({ ids }: { ids: number[] }) => this.#begin(ids));
    station.answer(
      "act_rows",
      ({ outcome, first, count }: { outcome: ActOutcome | null; first: number; count: number }) =>
        this.rows
          .filter((row) => outcome === null || row.outcome === outcome)
          .slice(first, first + count),
    );
    station.answer("act_open", ({ at }: { at: number }) => this.#open(at));
    station.answer("act_raw_lines", (args: { part: RawPart; first: number; count: number }) =>
      this.#lines(args.part, args.first, args.count),
    );
    station.answer("act_have_read", () => this.set({ stage: "choosing", refusing: false }));
    station.answer("act_refuse", () => this.set({ stage: "choosing", refusing: true }));
    station.answer("act_consider", ({ choice }: { choice: ActChoice }) => {
      if (!this.#several) return this.set({ effect: this.#effect() });
      this.#mark(choice.key, choice.signer_id);
      return this.set({});
    });
    station.answer("act_choose", ({ choice }: { choice: ActChoice }) => this.#choose(choice));
    station.answer("act_secret", ({ secret }: { secret: string }) => this.#secret(secret));
    station.answer("act_touch_again", () => (this.#several ? this.sign() : this.set(this.touch())));
    station.answer("act_back", () =>
      this.set({ stage: this.#now().stage === "choosing" ? "reading" : "choosing", now: null }),
    );
    station.answer("act_stop", () => this.end());
    station.answer("act_go_on", () => {
      this.#turn("not_reached", "ready");
      return this.set({ stage: "choosing", stopped: null });
    });
    station.answer("act_close", () => {
      this.view = null;
      return null;
    });
  }

  /** Changes what is shown, without telling. */
  set(change: Partial<ActView>): ActView {
    const view = { ...this.#now(), ...change, counts: this.#counts() };
    if (!this.#several) {
      const [row] = this.rows;
      view.at = row ? { ...row } : null;
    }
    this.view = view;
    return view;
  }

  /** Changes what is shown and tells the window. */
  async tell(change: Partial<ActView>): Promise<void> {
    await emit("act-changed", { act: this.set(change) });
  }

  /** The change to what happens with the envelope at hand. */
  during(now: ActProgress): Partial<ActView> {
    return { stage: now.state === "secret_needed" ? "secret_needed" : "signing", now };
  }

  touch(touch = 1, of = 3): Partial<ActView> {
    return this.during({ state: "touch_needed", seconds: 15, touch, of });
  }

  /** Signs this many envelopes; without a number all of them, and then ends. */
  sign(count = this.signs): ActView {
    const ready = this.rows.filter((row) => row.outcome === "ready");
    for (const row of ready.slice(0, count ?? ready.length)) {
      if (this.changed.has(row.envelope)) {
        row.outcome = "failed";
        row.why = failure("changed", `${row.file}: changed since it was read`, "");
      } else {
        row.outcome = "written";
        row.level = 4;
        row.written = this.#artifactsOf(row.at).map(({ name }) => `${name}.sig.json`);
        row.missing = english("No valid signature is by a hardware or external signer.");
      }
      this.#now().turn.done += 1;
    }
    const at = this.rows.find((row) => row.outcome === "ready");
    if (!at) return this.end();
    return this.set({
      stage: "signing",
      at,
      artifacts: this.#artifactsOf(at.at),
      now: {
        state: "signing",
        about: english("key file operator.key.pem"),
        asks: null,
        seconds: null,
      },
    });
  }

  /** Ends it; what is ready is not reached. */
  end(stopped: Problem | null = null): ActView {
    this.#turn("ready", "not_reached");
    return this.set({ stage: "ended", at: null, now: null, stopped });
  }

  /** Signs all and ends it. What was written of the first envelope can be changed. */
  done(change: Partial<ActRow> = {}): ActView {
    this.sign(null);
    if (this.rows[0]) Object.assign(this.rows[0], change);
    return this.set({});
  }

  /** Ends it because signing the first envelope failed. */
  fail(why: Problem): ActView {
    if (this.rows[0]) Object.assign(this.rows[0], { outcome: "failed", why });
    return this.end();
  }

  get #several(): boolean {
    return this.rows.length > 1;
  }

  #now(): ActView {
    if (!this.view) throw failure("no_act", "There is no act. Nothing was signed.");
    return this.view;
  }

  #turn(from: ActOutcome, to: ActOutcome) {
    for (const row of this.rows) if (row.outcome === from) row.outcome = to;
  }

  #counts() {
    const of = (outcome: ActOutcome) => this.rows.filter((row) => row.outcome === outcome).length;
    return {
      ready: of("ready"),
      left_out: of("left_out"),
      written: of("written"),
      failed: of("failed"),
      not_reached: of("not_reached"),
    };
  }

  #artifactsOf(at: number): ArtifactView[] {
    const fixture = this.#fixtures[at];
    if (!fixture) return [];
    return envelopeOf(fixture)
      .files.filter(({ part }) => part === "run" || part === "manifest")
      .map(({ part, name, bytes, lines }) => ({
        part,
        name,
        digest: hex(fixture.id + lines),
        bytes,
        lines,
        canonical_bytes: bytes - 320,
      }));
  }

  #begin(ids: number[]): ActView {
    this.#fixtures = ids.map((id) => this.station.fixture(id));
    this.rows = this.#fixtures.map((fixture, at) => {
      const row = rowOf(fixture);
      const unfit = fixture.level === null;
      return {
        at,
        envelope: fixture.id,
        file: `${row.file}.json`,
        decision_id: row.decision_id,
        title: row.title.slice(0, 300),
        digest: unfit ? null : (this.#artifactsOf(at)[0]?.digest ?? null),
        level_before: fixture.level,
        level: fixture.level,
        assurance: row.assurance,
        signatures: row.signatures,
        threshold: row.threshold,
        warnings: row.warnings,
        outcome: unfit ? "left_out" : "ready",
        why: unfit ? failure("not_admissible", `${row.file}: not admissible at L0`, "") : null,
        written: [],
        times: null,
        missing: fixture.missing === null ? null : english(fixture.missing),
      };
    });
    const { ready } = this.#counts();
    const [first] = this.rows;
    this.view = {
      id: ++begun,
      stage: this.#several || ready > 0 ? "reading" : "ended",
      refusing: false,
      total: ids.length,
      counts: this.#counts(),
      terms: [
        {
          terms: this.#termsOf(first),
          signed: first !== undefined && first.signatures.length > 0,
          envelopes: ready,
        },
      ],
      choice: null,
      keys: this.keys,
      companions: this.companions,
      notices: [],
      turn: { done: ids.length, of: ids.length },
      at: null,
      artifacts: this.#several ? [] : this.#artifactsOf(0),
      effect: null,
      now: null,
      stopped: null,
    };
    return this.set({});
  }

  #termsOf(row: ActRow | undefined) {
    return {
      threshold: row?.threshold ?? 2,
      required_roles: ["operator" as const, "witness" as const],
      // The first signature is a block; the second makes an envelope of it.
      fixed: row?.signatures.length !== 1,
    };
  }

  #open(at: number): ReadingView {
    const fixture = this.#fixtures[at];
    if (!fixture) throw failure("out_of_turn", "There is no such envelope in the list.");
    if (this.changed.has(fixture.id))
      throw failure("changed", `${fixture.decision}: changed since it was read`, "Read it again");
    const { content, manifest, warnings, refusals, signatures } = envelopeOf(fixture);
    this.#opened = this.#artifactsOf(at);
    return {
      content,
      manifest,
      warnings,
      refusals,
      signatures,
      artifacts: this.#opened,
      terms: this.#termsOf(this.rows[at]),
      claim: {
        signatures: signatures.length,
        refusals: 0,
        log_entries: 42,
        ledger_entries: null,
        commitments: true,
      },
      ...this.reading,
    };
  }

  #mark(key: KeyRef, signerId: string) {
    const option = optionOf(this.keys, key);
    const who = option?.known ? option.signer_id : signerId;
    for (const row of this.rows) {
      const fixture = this.#fixtures[row.at];
      if (!fixture || fixture.level === null) continue;
      if (row.outcome !== "ready" && row.outcome !== "left_out") continue;
      const before = fixture.signed.some(([name]) => name === who);
      row.outcome = before ? "left_out" : "ready";
      row.why = before ? failure("signed_already", `${who} has signed already`, "") : null;
    }
  }

  #effect(): ActEffect {
    const level = this.rows[0]?.level ?? 0;
    return this.effect ?? { changes: true, words: english(`L${level} → L${level + 1}`) };
  }

  #choose(choice: ActChoice): ActView {
    const effect = this.#effect();
    if (!effect.changes && !choice.though_nothing_changes)
      throw failure(
        "changes_nothing",
        `This signature ${effect.words.text}.`,
        "Nothing is signed yet. Sign anyway, or go back.",
      );
    this.set({ effect });
    if (this.#several) this.#mark(choice.key, choice.signer_id);
    const option = optionOf(this.keys, choice.key);
    this.set({ choice, turn: { done: 0, of: this.#counts().ready } });
    if (option?.asks === "nothing") return this.sign();
    const tries = this.triesLeft ?? option?.tries_left ?? null;
    return this.set(
      this.during({
        state: "secret_needed",
        secret: option?.device ? "PIN" : (option?.asks ?? "passphrase"),
        of: english(option?.device?.text.replace(" ·", ",") ?? option?.key_id ?? ""),
        tries_left: tries,
        problem: null,
        rule: option?.device ? english("6 to 8 characters") : null,
        blocked: tries === 0,
      }),
    );
  }

  #secret(secret: string): ActView {
    const { now } = this.#now();
    if (now?.state !== "secret_needed") throw failure("out_of_turn", "No secret is asked for.");
    if (secret === this.passphrase) return this.sign();
    if (this.triesLeft !== null) this.triesLeft -= 1;
    return this.set({
      now: {
        ...now,
        tries_left: this.triesLeft,
        problem: english(`the ${now.secret} is wrong; nothing was signed`),
        blocked: this.triesLeft === 0,
      },
    });
  }

  #lines(part: RawPart, first: number, count: number): RawLines {
    const total = this.#opened.find((artifact) => artifact.part === part)?.lines ?? 0;
    const end = Math.min(first + count, total);
    return {
      part,
      first,
      total,
      lines: Array.from({ length: Math.max(0, end - first) }, (_, at) => ({
        number: first + at + 1,
        text: first + at === 0 ? "{" : `  "${part}_${first + at}": "sha256:${hex(first + at)}",`,
        continues: false,
      })),
    };
  }
}
