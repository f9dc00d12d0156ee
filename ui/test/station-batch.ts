import { emit } from "@tauri-apps/api/event";

import type {
  BatchOutcome,
  BatchRow,
  BatchView,
  CeremonyChoice,
  CeremonyState,
  Problem,
  RawPart,
} from "../src/ipc/bindings";
import { envelopeOf, failure, type FakeStation, type Fixture, hex, rowOf } from "./station";
import { KEYS } from "./station-ceremony";

/** A ceremony over several envelopes of the fake station. It signs only as far as the test says. */
export class FakeBatch {
  view: BatchView | null = null;
  rows: BatchRow[] = [];
  keys = KEYS;
  passphrase = "demo";
  /** How many envelopes it signs by itself before it waits to be told; all where null. */
  signs: number | null = null;
  /** Ids of envelopes that changed since they were listed. */
  readonly changed = new Set<number>();
  #begun = 0;
  #fixtures: Fixture[] = [];

  constructor(readonly station: FakeStation) {
    station.answer("batch_begin", ({ ids }: { ids: number[] }) => this.#begin(ids));
    station.answer(
      "batch_rows",
      ({ outcome, first, count }: { outcome: BatchOutcome | null; first: number; count: number }) =>
        this.rows
          .filter((row) => outcome === null || row.outcome === outcome)
          .slice(first, first + count),
    );
    station.answer("batch_open", ({ at }: { at: number }) => this.#open(at));
    station.answer("batch_raw_lines", ({ part, first }: { part: RawPart; first: number }) => ({
      part,
      first,
      total: 2,
      lines: [
        { number: 1, text: "{", continues: false },
        { number: 2, text: `  "${part}": "of the list"`, continues: false },
      ].slice(first),
    }));
    station.answer("batch_have_read", () => this.set({ stage: "choosing" }));
    station.answer(
      "batch_consider",
      ({ signer, signerId }: { signer: string; signerId: string }) => {
        this.#mark(signer, signerId);
        return this.set({});
      },
    );
    station.answer("batch_choose", ({ choice }: { choice: CeremonyChoice }) =>
      this.#choose(choice),
    );
    station.answer("batch_secret", ({ secret }: { secret: string }) => this.#secret(secret));
    station.answer("batch_touch_again", () => this.sign());
    station.answer("batch_back", () =>
      this.set({
        stage: this.#now().stage === "choosing" ? "reading" : "choosing",
        now: null,
      }),
    );
    station.answer("batch_stop", () => this.end());
    station.answer("batch_go_on", () => {
      this.#turn("not_reached", "ready");
      return this.set({ stage: "choosing", stopped: null });
    });
    station.answer("batch_close", () => {
      this.view = null;
      return null;
    });
  }

  /** Changes what is shown, without telling. */
  set(change: Partial<BatchView>): BatchView {
    const view = { ...this.#now(), ...change, counts: this.#counts() };
    const envelopes =
      view.stage === "reading" || view.stage === "choosing" ? view.counts.ready : view.turn.of;
    const role = view.choice ? ` as ${view.choice.role}` : "";
    view.act = `Co-sign ${envelopes} ${envelopes === 1 ? "envelope" : "envelopes"}${role}`;
    this.view = view;
    return view;
  }

  /** Changes what is shown and tells the window. */
  async tell(change: Partial<BatchView>): Promise<void> {
    await emit("batch-changed", { batch: this.set(change) });
  }

  /** Signs this many envelopes; without a number all of them, and then ends. */
  sign(count = this.signs): BatchView {
    const ready = this.rows.filter((row) => row.outcome === "ready");
    for (const row of ready.slice(0, count ?? ready.length)) {
      row.outcome = this.changed.has(row.envelope) ? "failed" : "written";
      if (row.outcome === "written") row.level = 4;
      else row.why = failure("changed", `${row.file}: changed since it was read`, "");
      this.#now().turn.done += 1;
    }
    const at = this.rows.find((row) => row.outcome === "ready");
    if (!at) return this.end();
    return this.set({
      stage: "signing",
      at,
      now: { state: "signing", about: "key file operator.key.pem", asks: null, seconds: null },
    });
  }

  /** Ends it; what is ready is not reached. */
  end(stopped: Problem | null = null): BatchView {
    this.#turn("ready", "not_reached");
    return this.set({ stage: "ended", at: null, now: null, stopped });
  }

  #now(): BatchView {
    if (!this.view) throw failure("no_ceremony", "No ceremony is under way.");
    return this.view;
  }

  #turn(from: BatchOutcome, to: BatchOutcome) {
    for (const row of this.rows) if (row.outcome === from) row.outcome = to;
  }

  #counts() {
    const of = (outcome: BatchOutcome) => this.rows.filter((row) => row.outcome === outcome).length;
    return {
      ready: of("ready"),
      left_out: of("left_out"),
      written: of("written"),
      failed: of("failed"),
      not_reached: of("not_reached"),
    };
  }

  #begin(ids: number[]): BatchView {
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
        digest: unfit ? null : hex(fixture.id + 18_000),
        level_before: fixture.level,
        level: fixture.level,
        assurance: row.assurance,
        signatures: row.signatures,
        threshold: row.threshold,
        warnings: row.warnings,
        outcome: unfit ? "left_out" : "ready",
        why: unfit ? failure("not_admissible", `${row.file}: not admissible at L0`, "") : null,
      };
    });
    const threshold = { threshold: 2, required_roles: ["operator" as const, "witness" as const] };
    this.view = {
      id: ++this.#begun,
      act: "",
      stage: "reading",
      total: ids.length,
      counts: this.#counts(),
      terms: [
        {
          terms: { ...threshold, fixed: false },
          signed: true,
          envelopes: this.#counts().ready,
        },
      ],
      choice: null,
      keys: this.keys,
      notice: null,
      turn: { done: ids.length, of: ids.length },
      at: null,
      artifacts: [],
      now: null,
      stopped: null,
    };
    return this.set({});
  }

  #open(at: number) {
    const fixture = this.#fixtures[at];
    if (!fixture) throw failure("out_of_turn", "There is no such envelope in the list.");
    if (this.changed.has(fixture.id))
      throw failure("changed", `${fixture.decision}: changed since it was read`, "Read it again");
    const { content, manifest, warnings, signatures } = envelopeOf(fixture);
    return {
      content,
      manifest,
      warnings,
      signatures,
      artifacts: [
        {
          part: "run",
          name: this.rows[at]?.file ?? "",
          digest: hex(fixture.id + 18_000),
          bytes: 18_432,
          lines: 2,
          canonical_bytes: 18_000,
        },
      ],
      terms: this.#now().terms[0]?.terms,
    };
  }

  #mark(signer: string, signerId: string) {
    const key = this.keys.find((key) => key.signer === signer);
    const who = key?.known ? key.signer_id : signerId;
    for (const row of this.rows) {
      const fixture = this.#fixtures[row.at];
      if (!fixture || fixture.level === null) continue;
      if (row.outcome !== "ready" && row.outcome !== "left_out") continue;
      const before = fixture.signed.some(([name]) => name === who);
      row.outcome = before ? "left_out" : "ready";
      row.why = before ? failure("signed_already", `${who} has signed already`, "") : null;
    }
  }

  #choose(choice: CeremonyChoice): BatchView {
    this.#mark(choice.signer, choice.signer_id);
    const key = this.keys.find((key) => key.signer === choice.signer);
    this.set({ choice, turn: { done: 0, of: this.#counts().ready } });
    if (key?.asks === "nothing") return this.sign();
    const now: CeremonyState = {
      state: "secret_needed",
      secret: key?.device ? "PIN" : "passphrase",
      of: key?.key_id ?? "",
      tries_left: key?.tries_left ?? null,
      rule: null,
      blocked: false,
      problem: null,
    };
    return this.set({ stage: "secret_needed", now });
  }

  #secret(secret: string): BatchView {
    const now = this.#now().now;
    if (now?.state !== "secret_needed") throw failure("out_of_turn", "No secret is asked for.");
    if (secret === this.passphrase) return this.sign();
    return this.set({ now: { ...now, problem: "the passphrase is wrong; nothing was signed" } });
  }
}
