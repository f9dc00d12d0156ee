import { emit } from "@tauri-apps/api/event";

import type {
  CeremonyChoice,
  CeremonyState,
  CeremonyView,
  KeyOption,
  RawLines,
  RawPart,
} from "../src/ipc/bindings";
import { envelopeOf, failure, type FakeStation, hex } from "./station";

const noDevice = {
  device: null,
  virtual_card: false,
  tries_left: null,
  attestation: null,
  warnings: [],
};

/** The keys of the fake station: one of each kind, and one that cannot sign. */
export const KEYS: KeyOption[] = [
  {
    signer: "operator",
    kind: "software",
    about: "key file operator.key.pem",
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
    signer: "kms-sign",
    kind: "external",
    about: "external command kms-sign",
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
    signer: "token",
    kind: "hardware",
    about: "token in slot 9c",
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
    signer: "old",
    kind: "software",
    about: "key file old.key.pem",
    key_id: "ds-prod-2025-11",
    signer_id: "j.okafor",
    roles: ["witness"],
    known: true,
    algorithm: "ed25519",
    asks: "passphrase",
    ...noDevice,
    problem: "Revoked on 2026-02-01: left the desk.",
  },
];

/** The ceremony of the fake station. It goes only as far as the test says. */
export class FakeCeremony {
  view: CeremonyView | null = null;
  /** What opens the key. */
  passphrase = "demo";
  triesLeft: number | null = null;
  keys = KEYS;
  /** Changes what a ceremony begins with. */
  with: Partial<CeremonyView> = {};
  /** Goes from signing to done by itself. */
  finishes = true;
  #begun = 0;

  constructor(readonly station: FakeStation) {
    station.answer("ceremony_begin", ({ id }: { id: number }) => this.#begin(id));
    station.answer("ceremony_raw_lines", (args: { part: RawPart; first: number; count: number }) =>
      this.#lines(args.part, args.first, args.count),
    );
    station.answer("ceremony_have_read", () => this.set({ state: "choosing" }));
    station.answer("ceremony_choose", ({ choice }: { choice: CeremonyChoice }) =>
      this.#choose(choice),
    );
    station.answer("ceremony_secret", ({ secret }: { secret: string }) => this.#secret(secret));
    station.answer("ceremony_touch_again", () => this.set(this.touch()));
    station.answer("ceremony_back", () =>
      this.set({ state: this.#now().state.state === "choosing" ? "reading" : "choosing" }),
    );
    station.answer("ceremony_cancel", () => {
      this.view = null;
      return null;
    });
  }

  /** Puts the ceremony into a state, without telling. */
  set(state: CeremonyState, change: Partial<CeremonyView> = {}): CeremonyView {
    this.view = { ...this.#now(), ...change, state };
    return this.view;
  }

  /** Puts the ceremony into a state and tells the window. */
  async tell(state: CeremonyState, change: Partial<CeremonyView> = {}): Promise<void> {
    await emit("ceremony-changed", { ceremony: this.set(state, change) });
  }

  touch(touch = 1, of = 2): CeremonyState {
    return { state: "touch_needed", seconds: 15, touch, of };
  }

  done(): Extract<CeremonyState, { state: "done" }> {
    return {
      state: "done",
      written: this.#now().artifacts.map(({ name }) => `${name}.sig.json`),
      level_before: 3,
      level: 4,
      assurance: null,
      missing: "No valid signature is by a hardware or external signer.",
    };
  }

  #now(): CeremonyView {
    if (!this.view) throw failure("ceremony", "There is no ceremony. Nothing was signed.");
    return this.view;
  }

  #begin(id: number): CeremonyView {
    const envelope = envelopeOf(this.station.fixture(id));
    const decision = envelope.content?.decision_id ?? "";
    this.view = {
      id: ++this.#begun,
      envelope: id,
      act: `${envelope.signatures.length > 0 ? "Co-sign" : "Sign"} ${decision}`,
      content: envelope.content,
      manifest: envelope.manifest,
      artifacts: envelope.files
        .filter(({ part }) => part === "run" || part === "manifest")
        .map(({ part, name, bytes, lines }) => ({
          part,
          name,
          digest: hex(id + lines),
          bytes,
          lines,
          canonical_bytes: bytes - 320,
        })),
      warnings: envelope.warnings,
      signatures: envelope.signatures,
      choice: null,
      terms: {
        threshold: envelope.threshold,
        required_roles: ["operator", "witness"],
        // The first signature is a block; the second makes an envelope of it.
        fixed: envelope.signatures.length !== 1,
      },
      keys: this.keys,
      notice: null,
      state: { state: "reading" },
      ...this.with,
    };
    return this.view;
  }

  #choose(choice: CeremonyChoice): CeremonyView {
    const key = this.#now().keys.find(({ signer }) => signer === choice.signer);
    const bare = this.#now().act.replace(/ as \w+$/, "");
    const change = { choice, act: `${bare} as ${choice.role}` };
    if (key?.asks === "nothing") return this.#sign(change);
    return this.set(
      {
        state: "secret_needed",
        secret: key?.device ? "PIN" : (key?.asks ?? "passphrase"),
        of: key?.device?.replace(" ·", ",") ?? key?.key_id ?? "",
        tries_left: this.triesLeft ?? key?.tries_left ?? null,
        problem: null,
        rule: key?.device ? "6 to 8 characters" : null,
        blocked: (this.triesLeft ?? key?.tries_left) === 0,
      },
      change,
    );
  }

  #secret(secret: string): CeremonyView {
    const state = this.#now().state;
    if (state.state !== "secret_needed") throw failure("out_of_turn", "No secret is asked for.");
    if (secret === this.passphrase) return this.#sign({});
    if (this.triesLeft !== null) this.triesLeft -= 1;
    return this.set({
      ...state,
      tries_left: this.triesLeft,
      problem: `the ${state.secret} is wrong; nothing was signed`,
      blocked: this.triesLeft === 0,
    });
  }

  #sign(change: Partial<CeremonyView>): CeremonyView {
    if (this.finishes) return this.set(this.done(), change);
    return this.set(
      { state: "signing", about: "key file operator.key.pem", asks: null, seconds: null },
      change,
    );
  }

  #lines(part: RawPart, first: number, count: number): RawLines {
    const total = this.#now().artifacts.find((artifact) => artifact.part === part)?.lines ?? 0;
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
