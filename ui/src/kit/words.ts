import type {
  Asks,
  Assurance,
  AttestationStanding,
  NameStanding,
  ChainKind,
  Dot,
  LabelSource,
  Need,
  Outcome,
  OwnAct,
  Problem,
  RefusalStanding,
  RefusalView,
  Role,
  SignedPayload,
  SignerType,
  Standing,
  State,
  TimeView,
  Weakness,
} from "../ipc/bindings";
import { localeInUse, t } from "../words/words";

export { capital, figure } from "../words/words";

/** A kind of key, in words. */
export const KIND: Record<SignerType, string> = {
  software: t("kind-software"),
  hardware: t("kind-hardware"),
  external: t("kind-external"),
};

/** A chained file, in words. */
export const KIND_OF_LOG: Record<ChainKind, string> = {
  log: t("log-kind-log"),
  ledger: t("log-kind-ledger"),
};

/** How a signature stands, in words. */
export const STANDING: Record<Standing, string> = {
  valid: t("standing-valid"),
  not_accepted: t("standing-not-accepted"),
  unchecked: t("standing-unchecked"),
  invalid: t("standing-invalid"),
};

/** Whether a refusal stands, in words. */
export const REFUSAL: Record<RefusalStanding, string> = {
  stands: t("refusal-stands"),
  lifted: t("refusal-lifted"),
  not_accepted: t("refusal-not-accepted"),
  other_sealing: t("refusal-other-sealing"),
  invalid: t("refusal-invalid"),
};

/** A role, in words; of a signature without one, that it has none. */
export const ROLE: Record<Role, string> = {
  operator: t("role-operator"),
  witness: t("role-witness"),
  reviewer: t("role-reviewer"),
  auditor: t("role-auditor"),
};

/** Who refused or withdrew, in which role. */
export function refusedBy({ signer_id, role, withdraws }: RefusalView): string {
  return t("refused-by", {
    signer: signer_id || t("refused-by-somebody"),
    withdraws: withdraws > 0 ? "yes" : "no",
    role: role ? ROLE[role] : "none",
  });
}

/** Whose word name, role and time of a signature are. */
export const LABELS: Record<LabelSource, string> = {
  signed: t("labels-signed"),
  claimed: t("labels-claimed"),
  contradicted: t("labels-contradicted"),
};

/** Whose word the time of a signature is. */
export function timeSource(time: TimeView): string {
  if (time.kind !== "trusted") return LABELS[time.kind];
  return t("time-vouched-for", { authority: time.authority ?? "" });
}

/** What vouches for the kind of key, in words. */
export const ASSURANCE: Record<Assurance, string> = {
  claimed: t("assurance-claimed"),
  pinned: t("assurance-pinned"),
  attested: t("assurance-attested"),
};

/** The same in one word, beside a level. */
export const ASSURANCE_MARK: Record<Assurance, string> = {
  claimed: t("assurance-claimed.mark"),
  pinned: t("assurance-pinned.mark"),
  attested: t("assurance-attested.mark"),
};

/** How a policy can be weaker than the default, and what that means. */
export const WEAKNESS: Record<Weakness, { title: string; mark: string; means: string }> = {
  any_key: {
    title: t("weakness-any-key"),
    mark: t("weakness-any-key.mark"),
    means: t("weakness-any-key.means"),
  },
  claimed_hardware: {
    title: t("weakness-claimed-hardware"),
    mark: t("weakness-claimed-hardware.mark"),
    means: t("weakness-claimed-hardware.means"),
  },
  loose_clock: {
    title: t("weakness-loose-clock"),
    mark: t("weakness-loose-clock.mark"),
    means: t("weakness-loose-clock.means"),
  },
  exempt: {
    title: t("weakness-exempt"),
    mark: t("weakness-exempt.mark"),
    means: t("weakness-exempt.means"),
  },
  accepted_log: {
    title: t("weakness-accepted-log"),
    mark: t("weakness-accepted-log.mark"),
    means: t("weakness-accepted-log.means"),
  },
};

/** What a signature was made over, in words. */
export const PAYLOAD: Record<SignedPayload, string> = {
  canonical_json: t("payload-canonical-json"),
  sha256: t("payload-sha256"),
  sha256_hex: t("payload-sha256-hex"),
  sha256_hex_base64: t("payload-sha256-hex-base64"),
};

/** How an attestation stands, in words. */
export const ATTESTATION: Record<AttestationStanding, string> = {
  verified: t("attestation-verified"),
  vouched: t("attestation-vouched"),
  unknown_root: t("attestation-unknown-root"),
  failed: t("attestation-failed"),
  none: t("attestation-none"),
};

/** What a certificate says of names, in words. */
export const NAMES: Record<NameStanding, string> = {
  proven: t("names-proven-mark"),
  not_proven: t("names-not-proven-mark"),
  contradicted: t("names-contradicted-mark"),
};

/** The outcome of a check, in words. */
export const OUTCOME: Record<Outcome, string> = {
  pass: t("outcome-pass"),
  fail: t("outcome-fail"),
  missing: t("outcome-missing"),
  unchecked: t("outcome-unchecked"),
  warn: t("outcome-warn"),
};

/** The six states, and what cannot be checked: the word, and what it means. */
export const STATE: Record<State, { word: string; means: string }> = {
  open: { word: t("state-open"), means: t("state-open.means") },
  waiting: { word: t("state-waiting"), means: t("state-waiting.means") },
  in_progress: { word: t("state-in-progress"), means: t("state-in-progress.means") },
  would_hold: { word: t("state-would-hold"), means: t("state-would-hold.means") },
  holds: { word: t("state-holds"), means: t("state-holds.means") },
  contradicted: { word: t("state-contradicted"), means: t("state-contradicted.means") },
  unchecked: { word: t("state-unchecked"), means: t("state-unchecked.means") },
};

/** "L4", or "No level" if not even L0 holds. */
export function levelName(level: number | null): string {
  return level === null ? t("level-none") : `L${level}`;
}

/** "Level 6 of 7, pinned by the keyring", for screen readers. */
export function levelInWords(level: number | null, assurance: Assurance | null): string {
  if (level === null) return t("level-none");
  return assurance
    ? t("level-with-assurance", { level, assurance: ASSURANCE[assurance] })
    : t("level-in-words", { level });
}

/** Hex digits in groups of four. */
export function groupsOf(hex: string): string[] {
  return hex.match(/.{1,4}/gsu) ?? [];
}

/** Hex digits one by one with a pause after four of them, for screen readers: "6 f 3 7, 5 d b 9". */
export function spelled(hex: string): string {
  return groupsOf(hex)
    .map((group) => Array.from(group).join(" "))
    .join(", ");
}

/** Signatures in one sentence, for screen readers. */
export function signaturesInWords(dots: Dot[], threshold: number, open: Role[] = []): string {
  const valid = dots.filter((dot) => dot.standing === "valid").length;
  const each = dots.map(({ role, kind, standing }) =>
    t("signature-in-words", {
      role: role ? ROLE[role] : t("role-none"),
      kind: KIND[kind],
      standing: STANDING[standing],
    }),
  );
  const missing = open.map((role) => t("signature-missing", { role: ROLE[role] }));
  return [t("signatures-of", { valid, threshold }), ...each, ...missing].join(", ");
}

/** What a person can do now, as the heading of a group of envelopes. */
export const OWN_ACT: Record<OwnAct, string> = {
  answer: t("own-act-answer"),
  sign: t("own-act-sign"),
  enrol: t("own-act-enrol"),
  register: t("own-act-register"),
};

/** What an envelope needs next, in words; empty if it needs nothing. */
export const NEED: Record<Need, string> = {
  "readable file": t("need-readable-file"),
  "sealing anew": t("need-sealing-anew"),
  refusal: t("need-refusal"),
  operator: t("need-operator"),
  witness: t("need-witness"),
  reviewer: t("need-reviewer"),
  auditor: t("need-auditor"),
  "co-signer": t("need-co-signer"),
  manifest: t("need-manifest"),
  "right manifest": t("need-right-manifest"),
  "accepted key": t("need-accepted-key"),
  log: t("need-log"),
  "hardware key": t("need-hardware-key"),
  authority: t("need-authority"),
  nothing: "",
};

/** What a key asks for before it signs, by the word of the station. */
const ASKS: Record<Asks, string> = {
  nothing: t("asks-nothing"),
  passphrase: t("asks-passphrase"),
  PIN: t("asks-pin"),
  "PIN on the PIN pad": t("asks-pin-on-pad"),
  touch: t("asks-touch"),
  "PIN and touch": t("asks-pin-and-touch"),
  "PIN, and a touch if it blinks": t("asks-pin-perhaps-touch"),
};

/** "asks for PIN and touch". */
export function asksFor(asks: Asks): string {
  return ASKS[asks];
}

/** A problem and what to do about it, where there is room for one line only. */
export function inOneLine({ message, hint }: Problem): string {
  return [message, hint].filter(Boolean).join(". ");
}

/** A size in bytes, in words. */
export function size(bytes: number): string {
  if (bytes < 1024) return t("size-bytes", { bytes });
  const [large, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KiB"] : [bytes / 1024 / 1024, "MiB"];
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${large.toLocaleString(localeInUse(), { ...digits, useGrouping: false })} ${unit}`;
}

/**
 * A sentence with the path that it begins with cut to its last part, for where there is little room:
 * "/srv/runs/log.ndjson: it was truncated" becomes "…/log.ndjson: it was truncated". A path of
 * two parts is short already.
 */
export function withShortPath(sentence: string): string {
  return sentence.replace(/^(L\d\. )?\/(?:[^/:]+\/){2,}(?=[^/:]+: )/u, "$1…/");
}
