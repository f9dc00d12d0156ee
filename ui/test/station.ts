import { emit } from "@tauri-apps/api/event";
import { clearMocks, mockIPC, mockWindows } from "@tauri-apps/api/mocks";

import type {
  Assurance,
  AttestationView,
  Changes,
  CheckView,
  ContentView,
  ManifestView,
  EnvelopeView,
  Problem,
  Need,
  OwnAct,
  QueueGroup,
  QueueQuery,
  QueueRow,
  QueueWindow,
  RawLines,
  RawPart,
  RefusalView,
  RegisteringView,
  Role,
  Rung,
  SignatureView,
  SignerType,
  SlotView,
  Standing,
  State,
  TimesView,
  StationView,
  TrustEffect,
} from "../src/ipc/bindings";
import { english } from "./english";

/** A signature of a fixture: name, role, kind of key and standing. */
export type Signed = [
  who: string,
  role: Role,
  kind: SignerType,
  standing?: Standing,
  attestation?: AttestationView,
];

/** An envelope of the fake station, in short: everything else follows from it. */
export type Fixture = {
  id: number;
  decision: string;
  title: string;
  level: number | null;
  assurance?: Assurance;
  need: Need;
  missing: string | null;
  signed: Signed[];
  threshold?: number;
  minutesAgo: number;
  revision?: number;
  registrable?: boolean;
  folder?: string;
  unreadable?: string;
  state?: State;
  /** What the sentence says after the level. */
  lack?: string;
  refusal?: string;
  gates?: number;
  gatesFailed?: number;
  titleTotal?: number;
  warnings?: string[];
  refusals?: RefusalView[];
  contentHolds?: boolean;
};

/** A change of trust that changes nothing about the envelopes. */
export const NO_EFFECT: TrustEffect = {
  judged: 8,
  rise: 0,
  fall: 0,
  otherwise: 0,
  moves: [],
  envelopes: [],
  unread: 0,
  problems: [],
};

/** Now, for the fixtures: nothing in a picture of them changes from day to day. */
export const NOW = new Date("2026-05-04T10:30:00Z");

const signsNow = ["operator", "witness", "reviewer", "auditor", "co-signer", "manifest"];

const MEANING = [
  "complete and unchanged",
  "reproducible from its inputs",
  "signed, run and manifest",
  "registered in the transparency log",
  "co-signed by operator and witness",
  "inputs committed by Merkle roots",
  "signed by a hardware or external key",
  "decided under authority in force",
];

/** Some hex digits that depend on a number only. */
export function hex(seed: number, length = 64): string {
  let state = (seed * 2654435761 + 12345) >>> 0;
  let text = "";
  while (text.length < length) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += (state >>> 0).toString(16).padStart(8, "0");
  }
  return text.slice(0, length);
}

const runId = (fixture: Fixture) => `RUN-${hex(fixture.id, 8)}`;
const instant = (fixture: Fixture) =>
  new Date(NOW.getTime() - fixture.minutesAgo * 60_000).toISOString().replace(".000", "");
const fileOf = (fixture: Fixture) => `${runId(fixture)}_${instant(fixture).replace(/[-:]/g, "")}`;
const countedOf = (fixture: Fixture) =>
  fixture.signed.filter(([, , , standing]) => (standing ?? "valid") === "valid").length;

/** The roles of operator and witness that a fixture has no signature in. */
const openRolesOf = ({ signed, unreadable }: Fixture): Role[] =>
  unreadable
    ? []
    : (["operator", "witness"] as const).filter(
        (role) => !signed.some(([, its, , standing]) => its === role && standing !== "invalid"),
      );

/** What a person with every key could do about a fixture. */
export function actOf({ need }: Fixture): OwnAct | null {
  if (need === "refusal") return "answer";
  if (need === "accepted key") return "enrol";
  if (need === "log") return "register";
  return signsNow.includes(need) ? "sign" : null;
}

/** The row of a fixture. */
export function rowOf(fixture: Fixture): QueueRow {
  return {
    id: fixture.id,
    revision: fixture.revision ?? 1,
    file: fileOf(fixture),
    folder: fixture.folder ?? "",
    decision_id: fixture.unreadable ? "" : fixture.decision,
    title: fixture.unreadable ? "" : fixture.title.slice(0, 600),
    run_id: fixture.unreadable ? "" : runId(fixture),
    created_at: instant(fixture),
    level: fixture.level,
    assurance: fixture.assurance ?? null,
    signatures: fixture.signed.map(([, role, kind, standing]) => ({
      role,
      kind,
      standing: standing ?? "valid",
    })),
    open_roles: openRolesOf(fixture),
    counted: countedOf(fixture),
    threshold: fixture.threshold ?? 2,
    pending: signsNow.includes(fixture.need),
    need: fixture.need,
    state: stateOf(fixture),
    unreadable: fixture.unreadable === undefined ? null : english(fixture.unreadable),
    refused: fixture.refusals?.some(({ standing }) => standing === "stands") ?? false,
    warnings: fixture.warnings?.length ?? 0,
  };
}

/** How an envelope stands as a whole. */
export function stateOf(fixture: Fixture): State {
  if (fixture.state) return fixture.state;
  if (fixture.unreadable) return "unchecked";
  if (fixture.level === null || fixture.need === "refusal") return "contradicted";
  if (fixture.need === "nothing") return "holds";
  if (fixture.signed.length === 0) return "open";
  if (fixture.need === "log") return "would_hold";
  return ["operator", "witness", "reviewer", "auditor", "co-signer"].includes(fixture.need)
    ? "waiting"
    : "in_progress";
}

const STATE_OF: Record<Standing, State> = {
  valid: "holds",
  not_accepted: "in_progress",
  unchecked: "unchecked",
  invalid: "contradicted",
};

/** The slots of operator and witness. */
function slotsOf({ signed }: Fixture, signatures: SignatureView[]): SlotView[] {
  return (["operator", "witness"] as const).map((role) => {
    const at = signed.findIndex(([, its]) => its === role);
    const by = signatures[at];
    return {
      role,
      state: by ? by.state : signed.length > 0 ? "waiting" : "open",
      by: by
        ? {
            signature: at,
            signer_id: by.signer_id,
            kind: by.kind,
            assurance: by.assurance,
            time: by.times.trusted ?? by.times.own,
            why: by.standing === "valid" ? null : by.detail,
          }
        : null,
    };
  });
}

function manifestOf(fixture: Fixture): ManifestView {
  const { decision_id, policy, run_id } = contentOf(fixture);
  return {
    sealed_run: `${run_id}_20260105T080300Z.json`,
    run_id,
    decision_id,
    policy,
    commit_hash: hex(fixture.id + 3),
    scope: [{ name: "inputs", list: { total: 1, items: ["data/claims.csv"] } }],
    rows: { total: 1, items: ["data/claims.csv: 25"] },
    schema_versions: { total: 0, items: [] },
    other: [],
    other_total: 0,
    differs: [],
  };
}

export function contentOf(fixture: Fixture): ContentView {
  const gates = fixture.gates ?? 3;
  const failed = fixture.gatesFailed ?? 0;
  return {
    title: {
      shown: fixture.title.slice(0, 600),
      total: fixture.titleTotal ?? fixture.title.length,
      cut: (fixture.titleTotal ?? fixture.title.length) > 600,
    },
    decision_id: fixture.decision,
    status: "approved",
    confidence: "92.5 %",
    actor: "governance-engine",
    actor_role: "Decision operator",
    authority: "delegated AUTH-7d21c0aa",
    policy: "GOV-POLICY-2026.2",
    run_id: runId(fixture),
    created_at: instant(fixture),
    scope: [
      { name: "decisions", list: { total: 1, items: [fixture.decision] } },
      {
        name: "claims",
        list: { total: 14, items: Array.from({ length: 14 }, (_, i) => `CLAIM-2026-${1000 + i}`) },
      },
      {
        name: "datasets",
        list: { total: 2, items: ["ledger-extract-q1", "counterparty-master"] },
      },
      { name: "patches", list: { total: 0, items: [] } },
      { name: "prompts", list: { total: 1, items: ["triage-v4"] } },
    ],
    sources: [
      {
        list: "inputs",
        total: 3,
        files: ["data/claims.csv", "data/limits.csv", ""].map((path, position) => ({
          position,
          path,
          sha256: path ? hex(fixture.id + 30 + position) : null,
        })),
      },
      {
        list: "prompts",
        total: 1,
        files: [{ position: 0, path: "prompts/triage.md", sha256: hex(fixture.id + 40) }],
      },
    ],
    gates: Array.from({ length: gates }, (_, i) => ({
      gate: ["policy_version_pinned", "inputs_complete", "no_open_conflicts"][i] ?? `gate_${i + 1}`,
      result: i >= gates - failed ? "fail" : "pass",
      passed: i < gates - failed,
    })),
    gates_total: gates,
    gates_failed: failed,
    refusal: english(fixture.refusal ? `triggered: ${fixture.refusal}` : "not triggered"),
    refused: fixture.refusal !== undefined,
    digest: hex(fixture.id + 1),
    content_hash: { recorded: hex(fixture.id + 2), holds: fixture.contentHolds ?? true },
    commit_hash: { recorded: hex(fixture.id), holds: true },
  };
}

/** The first is vouched for, the others take turns in being signed and claimed. */
function timesOf(index: number): TimesView {
  const kind = index % 2 === 0 ? "signed" : "claimed";
  return {
    own: { kind, at: `2026-05-04T07:12:0${index % 10}Z` },
    trusted:
      index === 0
        ? { kind: "trusted", at: "2026-05-04T09:30:00Z", accuracy: 1, authority: "CN=Example TSA" }
        : null,
    unproven: [],
    ending: null,
  };
}

function signatureOf(
  [who, role, kind, standing = "valid", attestation]: Signed,
  index: number,
): SignatureView {
  const says: Record<Standing, string> = {
    valid: "verifies; the key is in the keyring for this signer and role",
    not_accepted: "verifies, but the keyring does not hold this key",
    unchecked: "the shared key is not at hand: cannot be checked here",
    invalid: "does not verify under its public key",
  };
  return {
    signer_id: who,
    role,
    key_id: `ds-prod-2026-0${index + 1}`,
    algorithm: kind === "software" ? "ed25519" : "ecdsa-p256-sha256",
    signed_payload: "canonical_json",
    times: timesOf(index),
    labels: index % 2 === 0 ? "signed" : "claimed",
    kind,
    standing,
    state: STATE_OF[standing],
    detail: english(says[standing]),
    assurance:
      kind === "software" ? null : attestation?.standing === "verified" ? "attested" : "pinned",
    attestation: attestation ?? null,
    names: null,
    unmet: [],
    companion: null,
    fingerprint: hex(900 + index),
    verify_with:
      standing === "unchecked"
        ? null
        : "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in canonical.json -sigfile signature.bin",
  };
}

function rungsOf(fixture: Fixture): Rung[] {
  const level = fixture.level ?? -1;
  const check = (id: string, outcome: CheckView["outcome"], detail: string): CheckView => ({
    id,
    outcome,
    state: outcome === "pass" ? "holds" : outcome === "fail" ? "contradicted" : "open",
    required: true,
    detail: english(detail),
  });
  return MEANING.map((meaning, at) => {
    if (at <= level)
      return {
        level: at,
        meaning: english(meaning),
        outcome: "pass",
        state: "holds",
        checks: [
          check(`level${at}.first`, "pass", "as it should be"),
          check(`level${at}.second`, "pass", ""),
        ],
      };
    if (at === level + 1 && fixture.level === null)
      return {
        level: at,
        meaning: english(meaning),
        outcome: "fail",
        state: "contradicted",
        checks: [
          check("hash.content", "fail", "The recorded content hash is not that of the content."),
        ],
      };
    if (at === level + 1)
      return {
        level: at,
        meaning: english(meaning),
        outcome: "missing",
        state: at === 4 && fixture.signed.length > 0 ? "waiting" : "open",
        checks: [check(`level${at}.first`, "missing", fixture.missing ?? "")],
      };
    if (at === 5)
      return {
        level: at,
        meaning: english(meaning),
        outcome: "pass",
        state: "would_hold",
        checks: [check("merkle.inputs", "pass", "")],
      };
    return {
      level: at,
      meaning: english(meaning),
      outcome: at === 7 ? "unchecked" : "missing",
      state: at === 7 ? "unchecked" : "open",
      checks: [
        at === 7
          ? check("ledger.entry", "unchecked", "No authority ledger was found.")
          : check(`level${at}.first`, "missing", "Not there yet."),
      ],
    };
  });
}

/** The envelope of a fixture in full. */
export function envelopeOf(fixture: Fixture): EnvelopeView {
  const row = rowOf(fixture);
  const name = row.file;
  const signatures = fixture.signed.map(signatureOf);
  const file = (part: RawPart, file: string, bytes: number, lines: number) => ({
    part,
    name: file,
    bytes,
    sha256: hex(fixture.id + bytes),
    lines,
  });
  return {
    id: fixture.id,
    revision: row.revision,
    file: name,
    folder: row.folder,
    path: `/srv/sealed_runs/${row.folder ? `${row.folder}/` : ""}${name}.json`,
    unreadable: fixture.unreadable === undefined ? null : english(fixture.unreadable),
    content: fixture.unreadable ? null : contentOf(fixture),
    manifest: fixture.unreadable ? null : manifestOf(fixture),
    level: fixture.level,
    assurance: row.assurance,
    state: row.state,
    need: fixture.need,
    sentence: english(
      `${fixture.level === null ? "No level" : `L${fixture.level}`}. ${
        fixture.lack ?? fixture.missing ?? "Nothing is missing."
      }`,
    ),
    companions: null,
    missing: fixture.missing === null ? null : english(fixture.missing),
    next:
      fixture.need === "accepted key"
        ? "enrol"
        : row.pending
          ? "sign"
          : fixture.need === "log"
            ? "register"
            : "none",
    registrable: fixture.need === "log" || fixture.registrable === true,
    rungs: fixture.unreadable ? [] : rungsOf(fixture),
    refusals: fixture.refusals ?? [],
    signatures,
    manifest_signatures: signatures,
    manifest_digest: fixture.unreadable ? null : hex(fixture.id + 3),
    counted: row.counted,
    threshold: row.threshold,
    slots: fixture.unreadable ? [] : slotsOf(fixture, signatures),
    more_slots: 0,
    enrol:
      fixture.need === "accepted key"
        ? signatures
            .filter(({ state }) => state === "in_progress")
            .map(({ key_id, signer_id, role, fingerprint }) => ({
              public_key: "MCowBQYDK2VwAyEA",
              fingerprint: fingerprint ?? "",
              key_id,
              signer_id,
              role,
            }))
        : [],
    facts: fixture.unreadable
      ? []
      : [
          {
            level: 3,
            title: english("Transparency log"),
            outcome: (fixture.level ?? -1) >= 3 ? "pass" : "missing",
            state: (fixture.level ?? -1) >= 3 ? "holds" : "open",
            facts: [
              {
                label: english("Entry"),
                value: english(`TLE-${hex(fixture.id + 5, 8)}`),
                code: true,
              },
              { label: english("Chain"), value: english("holds over 1 204 entries"), code: false },
            ],
          },
          {
            level: 7,
            title: english("Authority ledger"),
            outcome: (fixture.level ?? -1) >= 7 ? "pass" : "unchecked",
            state: (fixture.level ?? -1) >= 7 ? "holds" : "unchecked",
            facts: [{ label: english("File"), value: english("not found"), code: false }],
          },
          {
            level: 5,
            title: english("Merkle commitments"),
            outcome: "pass",
            state: "holds",
            facts: [
              {
                label: english("Inputs"),
                value: english(`sha256:${hex(fixture.id + 6)}`),
                code: true,
              },
              { label: english("Leaves"), value: english("17"), code: false },
            ],
          },
        ],
    boundary: null,
    warnings: (fixture.warnings ?? []).map(english),
    files: [
      file("run", `${name}.json`, 18_432, 5_000),
      ...(fixture.unreadable ? [] : [file("manifest", `${name}.manifest.json`, 2_113, 40)]),
      ...(fixture.signed.length > 0
        ? [
            file("run_signatures", `${name}.json.sig.json`, 3_400, 60),
            file("manifest_signatures", `${name}.manifest.json.sig.json`, 3_410, 60),
          ]
        : []),
    ],
  };
}

/** A refusal that stands. */
export const REFUSED: RefusalView = {
  signer_id: "j.okafor",
  role: "witness",
  key_id: "ds-prod-2026-06",
  refused_at: "2026-05-04T09:12:00Z",
  reason: "The inputs are not those that I reviewed.",
  withdraws: 0,
  standing: "stands",
  detail: english("the key is accepted"),
};

/** A title with everything a hostile title can contain; the station has already made it visible. */
export const HOSTILE =
  '<img src=x onerror="alert(1)"><b>Approved</b> {{ 7*7 }} ␛[31m \\u{202E}txt.exe\\u{202C} ' +
  "&lt;script&gt; " +
  "A".repeat(700);

/** An attestation that says something. */
export const attestation = (
  standing: AttestationView["standing"],
  words: string,
): AttestationView => ({ standing, words: english(words), facts: null, advisories: [] });

/** What attestations say. */
export const ATTESTED = attestation(
  "verified",
  "generated on YubiKey 12345678, firmware 5.7.4, PIN once, touch always",
);
export const UNKNOWN_ROOT = attestation(
  "unknown_root",
  "its chain ends at CN=Yubico PIV Root CA Serial 263751, which is not in the trust folder; the keyring's word stands",
);
/** What a cloud says of a key, as its operator shows it. */
export const VOUCHED = attestation(
  "vouched",
  "AWS KMS is said to have made the key arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab in its hardware, and to have signed with it at 2026-11-23T09:12:07Z (which digest, the log leaves out); the service has signed no word of this, so that it proves nothing",
);

/** One envelope in every state. */
export function fixtures(): Fixture[] {
  return [
    {
      id: 1,
      decision: "DEC-014",
      title: "Retire the legacy claims engine",
      level: 3,
      need: "witness",
      missing: "A witness has yet to sign; 1 of 2 signatures count.",
      signed: [["mira.k", "operator", "software"]],
      minutesAgo: 184,
    },
    {
      id: 2,
      decision: "DEC-017",
      title:
        "Raise the settlement limit for the Nordic desks to EUR 40 million until the end of the third quarter",
      level: 1,
      need: "operator",
      missing: "Nobody has signed the run.",
      signed: [],
      minutesAgo: 12,
      folder: "2026/05",
    },
    {
      id: 3,
      decision: "DEC-018",
      title: "Suspend automated triage for case group 7",
      level: 1,
      need: "manifest",
      missing: "The manifest beside the run is not signed.",
      signed: [["mira.k", "operator", "hardware"]],
      minutesAgo: 2 * 60,
      refusal: "CONFLICT_OF_AUTHORITY",
      gatesFailed: 1,
    },
    {
      id: 4,
      decision: "DEC-004",
      title: "Approve the revised triage thresholds",
      level: 2,
      need: "log",
      missing: "The run is not in the transparency log.",
      signed: [
        ["mira.k", "operator", "software"],
        ["j.okafor", "witness", "hardware"],
      ],
      minutesAgo: 60 * 26,
    },
    {
      id: 5,
      decision: "DEC-011",
      title: "Publish the model card for release 4.2",
      level: 5,
      need: "hardware key",
      missing: "No valid signature is by a hardware or external signer.",
      signed: [
        ["mira.k", "operator", "software"],
        ["j.okafor", "witness", "software"],
      ],
      minutesAgo: 60 * 30,
    },
    {
      id: 6,
      decision: "DEC-010",
      title: "Extend the audit window",
      level: 6,
      assurance: "pinned",
      need: "authority",
      missing: "The authority is not in the ledger.",
      signed: [
        ["mira.k", "operator", "hardware"],
        ["kms-prod", "witness", "external", "valid", VOUCHED],
        ["old.key", "reviewer", "software", "invalid"],
      ],
      threshold: 3,
      minutesAgo: 60 * 50,
      warnings: [
        "local time in a signed field: decision_state.decided_at of the run has no zone and is taken as UTC; elsewhere it may hash differently.",
      ],
    },
    {
      id: 7,
      decision: "DEC-009",
      title: "Accept the residual risk of vendor lock-in",
      level: 7,
      assurance: "attested",
      need: "nothing",
      missing: null,
      signed: [
        ["mira.k", "operator", "hardware", "valid", ATTESTED],
        ["j.okafor", "witness", "hardware", "valid", UNKNOWN_ROOT],
      ],
      minutesAgo: 60 * 24 * 9,
    },
    {
      id: 8,
      decision: "DEC-013",
      title: HOSTILE,
      titleTotal: 1_048_576,
      level: 0,
      need: "sealing anew",
      missing: "The commit hash is not that of the scope: it must be sealed again.",
      signed: [["unknown", "operator", "external", "not_accepted"]],
      minutesAgo: 60 * 24 * 12,
      gates: 10_000,
      gatesFailed: 37,
    },
    {
      id: 9,
      decision: "DEC-012",
      title: "Delegate authority over the sandbox",
      level: null,
      need: "sealing anew",
      missing: "The content hash is not that of the content: the file was changed after sealing.",
      signed: [["mira.k", "operator", "software", "invalid"]],
      minutesAgo: 60 * 24 * 40,
      contentHolds: false,
    },
    {
      id: 10,
      decision: "",
      title: "",
      level: null,
      need: "readable file",
      missing: "The file cannot be read.",
      signed: [],
      minutesAgo: 60 * 24 * 41,
      unreadable: "It is not JSON: a string is not closed, line 14 column 9.",
    },
    {
      id: 11,
      decision: "DEC-002",
      title: "Fix the retention of call records at 24 months",
      level: 4,
      need: "nothing",
      missing: null,
      signed: [
        ["mira.k", "operator", "software"],
        ["hmac-desk", "witness", "software", "unchecked"],
        ["j.okafor", "witness", "external"],
      ],
      minutesAgo: 60 * 24 * 200,
    },
  ];
}

/** As many envelopes as asked for, numbered from 1. */
export function many(count: number): Fixture[] {
  const some = fixtures();
  return Array.from({ length: count }, (_, at) => {
    const like = some[at % some.length] as Fixture;
    return { ...like, id: at + 1, decision: like.decision && `DEC-${at + 1}`, minutesAgo: at * 7 };
  });
}

const calm: StationView = {
  directory: "/srv/sealed_runs",
  recent: ["/srv/sealed_runs", "/media/audit-stick/2026-q1"],
  demo: false,
  presence: "here",
  progress: null,
  stopped: false,
  review: null,
  conflict_copies: 0,
  troubles: [],
  log_alarms: [],
  signers: [
    {
      name: "operator",
      kind: "software",
      key_id: "ds-prod-2026-05",
      signer_id: "mira.k",
      about: english("key file operator.key.pem, asks for its passphrase"),
      problem: null,
    },
  ],
  people_at_hand: [],
  devices: { problem: null, devices: [], modules: [] },
  demo_key: null,
  theme: "system",
  text_size: 100,
  weaknesses: [],
};

/** What an entry in the transparency log would say. */
export const ENTRY: RegisteringView = {
  log: "/srv/sealed_runs/transparency_log.ndjson",
  entry: "TLE-0a1b2c3d",
  decision_id: "DEC-004",
  title: "Raise the approval limit for routine claims to 2,500",
  run_id: "RUN-00000004",
  commit_hash: `sha256:${hex(22)}`,
  content_hash: `sha256:${hex(23)}`,
  signing_key_id: "ds-prod-2026-05",
  witness_key_id: null,
  confirmation: hex(24),
};

/** Where each group of rows begins. */
function groupsOf(rows: Fixture[]): QueueGroup[] {
  const groups: QueueGroup[] = [];
  rows.forEach((fixture, first) => {
    const act = actOf(fixture);
    const last = groups.at(-1);
    if (act && last?.act === act) last.count += 1;
    else if (act) groups.push({ act, first, count: 1 });
  });
  return groups;
}

type Args = Record<string, unknown>;
type Answer = (args: never) => unknown;

/** A station that lives in the test: answers the window's calls and tells it what changed. */
export class FakeStation {
  view: StationView;
  fixtures: Fixture[];
  revision = 1;
  /** Why rows change. */
  cause: keyof Changes = "disk";
  readonly #changes = new Map<number, Changes>();
  /** Every call, in order. */
  readonly calls: { command: string; args: Args }[] = [];
  readonly #answers = new Map<string, Answer>();
  #matched: { asked: string; of: Fixture[]; rows: Fixture[] } | null = null;

  constructor(envelopes: Fixture[] = fixtures(), view: Partial<StationView> = {}) {
    this.fixtures = envelopes;
    this.view = { ...calm, ...view };
    this.answer("station", () => this.view);
    this.answer(
      "queue_window",
      (args: { query: QueueQuery; first: number; count: number; anchor: number | null }) =>
        this.#window(args.query, args.first, args.count, args.anchor),
    );
    this.answer("envelope", ({ id }: { id: number }) => {
      const envelope = envelopeOf(this.fixture(id));
      return this.view.review ? { ...envelope, next: "none", registrable: false } : envelope;
    });
    this.answer(
      "queue_between",
      ({ query, ends }: { query: QueueQuery; ends: [number, number] | null }) =>
        this.#between(query, ends),
    );
    this.answer(
      "raw_lines",
      ({ id, part, first, count }: { id: number; part: RawPart; first: number; count: number }) =>
        this.#lines(id, part, first, count),
    );
    this.answer("register_look", () => ENTRY);
    this.answer("register", ({ id }: { id: number }) => {
      this.change(id, { level: 4, need: "nothing", missing: null });
      return { entry: "TLE-0a1b2c3d", head_problem: null };
    });
    this.answer("evidence_attach", ({ id }: { id: number }) => {
      this.change(id, {});
      return { evidence: "cloud-kms", files: ["DEC-006.json.sig.json"] };
    });
    this.answer("log_acceptance", () => ({
      log: "/srv/runs/transparency_log.ndjson",
      kind: "log",
      rewritten: failure("log_truncated", "The log was truncated: it had 12 entries, and has 9."),
      forks: [],
      had: 12,
      has: 9,
      lost: 3,
      entries: ["TLE-0a1b2c3d (RUN-0d0a43ed)"],
      state: hex(21),
    }));
    this.answer("accept_log", ({ id: accepted }: { id: string }) => {
      this.tell({ log_alarms: this.view.log_alarms.filter(({ id }) => id !== accepted) });
      return null;
    });
    this.answer("trust_preview", () => ({
      effect: { ...NO_EFFECT },
      weaker: [],
      asks_less: false,
      exempt: 0,
    }));
    this.answer("trust_preview_stop", () => null);
    this.answer("queue_people", () =>
      [...new Set(this.fixtures.flatMap(({ signed }) => signed.map(([who]) => who)))].sort(),
    );
    this.answer("pick_directory", () => "/srv/other_runs");
    this.answer("look_at_dropped", () => "directory");
    this.answer("open_directory", ({ path }: { path: string }) => {
      this.tell({ directory: path, presence: "here" });
      return null;
    });
    this.answer("stop_work", () => {
      this.tell({ progress: null, stopped: true });
      return null;
    });
    this.answer("compare_again", () => {
      this.tell({ stopped: false });
      return null;
    });
  }

  /** Takes the place of the Rust side. */
  install(): this {
    mockWindows("main");
    mockIPC(
      (command, args) => {
        const given = (args ?? {}) as Args;
        this.calls.push({ command, args: given });
        const answer = this.#answers.get(command);
        if (!answer) throw failure("fake", `The fake station does not know ${command}.`);
        return answer(given as never);
      },
      { shouldMockEvents: true },
    );
    return this;
  }

  remove(): void {
    clearMocks();
  }

  /** Answers a command so from now on. To refuse, throw a Problem. */
  answer(command: string, answer: Answer): this {
    this.#answers.set(command, answer);
    return this;
  }

  /** Whether it has an answer to a command. */
  answers(command: string): boolean {
    return this.#answers.has(command);
  }

  /** The arguments that a command was called with, call by call. */
  callsOf(command: string): Args[] {
    return this.calls.filter((call) => call.command === command).map((call) => call.args);
  }

  fixture(id: number): Fixture {
    const found = this.fixtures.find((fixture) => fixture.id === id);
    if (!found) throw failure("not_found", "This envelope is not there any more.");
    return found;
  }

  /** Tells the window that the station changed. */
  tell(change: Partial<StationView>): void {
    this.view = { ...this.view, ...change };
    void emit("station-changed", { station: this.view });
  }

  /** Envelopes arrive. */
  arrive(...arrived: Fixture[]): void {
    this.fixtures = [...arrived, ...this.fixtures];
    this.#queueChanged();
  }

  /** An envelope changes on disk. */
  change(id: number, change: Partial<Fixture>): void {
    const revision = (this.fixture(id).revision ?? 1) + 1;
    this.#changes.set(id, { ...this.#changesOf(id), [this.cause]: revision });
    this.rejudge(id, change);
  }

  /** An envelope is judged once more. */
  rejudge(id: number, change: Partial<Fixture> = {}): void {
    this.fixtures = this.fixtures.map((fixture) =>
      fixture.id === id
        ? { ...fixture, ...change, revision: (fixture.revision ?? 1) + 1 }
        : fixture,
    );
    this.#queueChanged();
  }

  /** An envelope vanishes. */
  vanish(id: number): void {
    this.fixtures = this.fixtures.filter((fixture) => fixture.id !== id);
    this.#queueChanged();
  }

  #changesOf(id: number): Changes {
    return this.#changes.get(id) ?? { disk: 0, own: 0, rules: 0 };
  }

  #queueChanged() {
    this.revision += 1;
    void emit("queue-changed", { revision: this.revision });
  }

  #window(query: QueueQuery, first: number, count: number, anchor: number | null): QueueWindow {
    const matching = this.#match(query);
    const index = matching.findIndex((fixture) => fixture.id === anchor);
    const anchored = matching[index];
    return {
      revision: this.revision,
      total: matching.length,
      all: this.fixtures.length,
      pending: this.fixtures.filter((fixture) => signsNow.includes(fixture.need)).length,
      for_you: this.view.review ? null : this.#forYou(this.fixtures).length,
      groups: query.show === "for_you" ? groupsOf(matching) : [],
      first,
      rows: matching.slice(first, first + count).map(rowOf),
      anchor_index: anchored ? index : null,
      anchor_revision: anchored ? (anchored.revision ?? 1) : null,
      anchor_changes: anchored ? this.#changesOf(anchored.id) : null,
    };
  }

  /** What can be done something about, if somebody's key is at hand. */
  #forYou(fixtures: Fixture[]): Fixture[] {
    return this.view.people_at_hand.length > 0 ? fixtures.filter((one) => actOf(one)) : [];
  }

  #between(query: QueueQuery, ends: [number, number] | null): number[] {
    const ids = this.#match(query).map(({ id }) => id);
    if (!ends) return ids;
    const places = ends.map((end) => ids.indexOf(end)).filter((place) => place >= 0);
    return places.length === 0 ? [] : ids.slice(Math.min(...places), Math.max(...places) + 1);
  }

  /** The envelopes that match, in order; worked out once for each question. */
  #match(query: QueueQuery): Fixture[] {
    const asked = JSON.stringify([query, this.view.people_at_hand]);
    if (this.#matched?.asked === asked && this.#matched.of === this.fixtures) {
      return this.#matched.rows;
    }
    const rank = (fixture: Fixture) => (signsNow.includes(fixture.need) ? 0 : 1);
    const level = (fixture: Fixture) => (fixture.level === null ? "none" : `L${fixture.level}`);
    const words = query.text.toLowerCase().split(/\s+/);
    const rows = this.fixtures
      .filter((fixture) => {
        const text = `${fixture.title} ${fixture.decision} ${runId(fixture)}`.toLowerCase();
        const pending = rank(fixture) === 0;
        return (
          words.every((word) => text.includes(word)) &&
          (query.level === "any" || query.level === level(fixture)) &&
          (!query.role || openRolesOf(fixture).includes(query.role)) &&
          (!query.need || fixture.need === query.need) &&
          (!query.person || fixture.signed.some(([who]) => who === query.person)) &&
          (query.show === "all" ||
            (query.show === "for_you" && this.#forYou([fixture]).length > 0) ||
            (query.show === "pending" && pending) ||
            (query.show === "complete" && fixture.need === "nothing") ||
            (query.show === "trouble" && fixture.level === null))
        );
      })
      .sort((a, b) => {
        const acts: (OwnAct | null)[] = ["answer", "sign", "enrol", "register"];
        const group = acts.indexOf(actOf(a)) - acts.indexOf(actOf(b));
        if (query.show === "for_you" && group !== 0) return group;
        const by = {
          need: rank(a) - rank(b) || a.minutesAgo - b.minutesAgo,
          newest: a.minutesAgo - b.minutesAgo,
          oldest: b.minutesAgo - a.minutesAgo,
          title: a.title.localeCompare(b.title),
          level: (b.level ?? -1) - (a.level ?? -1),
        };
        return by[query.sort];
      });
    this.#matched = { asked, of: this.fixtures, rows };
    return rows;
  }

  #lines(id: number, part: RawPart, first: number, count: number): RawLines {
    const fixture = this.fixture(id);
    const total = envelopeOf(fixture).files.find((file) => file.part === part)?.lines ?? 0;
    const text = (at: number) =>
      at === 0
        ? "{"
        : at === total - 1
          ? "}"
          : at === 1
            ? `  "title": ${JSON.stringify(fixture.title.slice(0, 90))},`
            : `  "${part}_${at}": "sha256:${hex(at)}",`;
    const end = Math.min(first + count, total);
    return {
      part,
      first,
      total,
      lines: Array.from({ length: Math.max(0, end - first) }, (_, i) => ({
        number: first + i + 1,
        text: text(first + i),
        continues: false,
      })),
    };
  }
}

/** A refusal, as the station gives it. */
export function failure(code: string, message: string, hint = "Try again."): Problem {
  return { code, message, hint, id: code, args: [] };
}
