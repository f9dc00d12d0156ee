import type {
  Assurance,
  AttestationStanding,
  ChainKind,
  Dot,
  LabelSource,
  Need,
  Outcome,
  OwnAct,
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

/** A kind of key, in words. */
export const KIND: Record<SignerType, string> = {
  software: "software key",
  hardware: "hardware key",
  external: "external signer",
};

/** A chained file, in words. */
export const KIND_OF_LOG: Record<ChainKind, string> = { log: "log", ledger: "ledger" };

/** How a signature stands, in words. */
export const STANDING: Record<Standing, string> = {
  valid: "valid",
  not_accepted: "not accepted here",
  unchecked: "cannot be checked here",
  invalid: "invalid",
};

/** Whether a refusal stands, in words. */
export const REFUSAL: Record<RefusalStanding, string> = {
  stands: "L4 does not hold while this stands",
  lifted: "lifted",
  not_accepted: "blocks nothing",
  other_sealing: "a note, which blocks nothing",
  invalid: "invalid, and blocks nothing",
};

/** Who refused or withdrew, in which role. */
export function refusedBy({ signer_id, role, withdraws }: RefusalView): string {
  const did = withdraws > 0 ? "withdrew their signature" : "refused to sign";
  return `${signer_id || "Somebody"} ${did}${role ? ` as ${role}` : ""}`;
}

/** Whose word name, role and time of a signature are. */
export const LABELS: Record<LabelSource, string> = {
  signed: "signed by the key",
  claimed: "claimed by the file",
  contradicted: "contradicted by its claim",
};

/** Whose word the time of a signature is. */
export function timeSource(time: TimeView): string {
  if (time.kind !== "trusted") return LABELS[time.kind];
  return `vouched for by ${time.authority}`;
}

/** What vouches for the kind of key, in words. */
export const ASSURANCE: Record<Assurance, string> = {
  claimed: "claimed by the file",
  pinned: "pinned by the keyring",
  attested: "attested by the key itself",
};

/** How a policy can be weaker than the default, and what that means. */
export const WEAKNESS: Record<Weakness, { title: string; mark: string; means: string }> = {
  any_key: {
    title: "Any key counts",
    mark: "any key",
    means: "A level shows that nothing has changed since it was signed, not who signed.",
  },
  claimed_hardware: {
    title: "Claimed hardware counts",
    mark: "claimed",
    means: "The file’s own claim counts as a hardware key: L6 does not say where a key is kept.",
  },
  loose_clock: {
    title: "Loose clock tolerance",
    mark: "loose clock",
    means: "A signature may be dated longer before its run than by default.",
  },
  exempt: {
    title: "Exempt signatures count",
    mark: "exempt",
    means: "Claims are required, and some signatures count on the word of the file.",
  },
  accepted_log: {
    title: "An accepted log counts",
    mark: "accepted log",
    means: "Entries of a log or ledger are gone, and a person accepted that.",
  },
};

/** What a signature was made over, in words. */
export const PAYLOAD: Record<SignedPayload, string> = {
  canonical_json: "the canonical JSON",
  sha256: "its SHA-256 as 32 raw bytes",
  sha256_hex: "its SHA-256 as 64 hex digits",
  sha256_hex_base64: "its SHA-256 as hex digits, read as base64",
};

/** How an attestation stands, in words. */
export const ATTESTATION: Record<AttestationStanding, string> = {
  verified: "Attested",
  vouched: "Shown by its operator, not attested",
  unknown_root: "Attested by an unknown root",
  failed: "Attestation does not hold",
  none: "Not attested",
};

/** The outcome of a check, in words. */
export const OUTCOME: Record<Outcome, string> = {
  pass: "pass",
  fail: "fail",
  missing: "missing",
  unchecked: "not checkable",
  warn: "warning",
};

/** The six states, and what cannot be checked: the word, and what it means. */
export const STATE: Record<State, { word: string; means: string }> = {
  open: { word: "open", means: "Nothing is signed or reached there yet." },
  waiting: { word: "waiting", means: "Another person has to act." },
  in_progress: { word: "in progress", means: "Some of it is there." },
  would_hold: { word: "would hold", means: "It holds itself, but a lower level is missing." },
  holds: { word: "holds", means: "It holds." },
  contradicted: {
    word: "contradicted",
    means: "What is there contradicts or does not verify, or what was seen is gone.",
  },
  unchecked: { word: "not checkable", means: "This station cannot check it." },
};

/** "L4", or "No level" if not even L0 holds. */
export function levelName(level: number | null): string {
  return level === null ? "No level" : `L${level}`;
}

/** "Level 6 of 7, pinned by the keyring", for screen readers. */
export function levelInWords(level: number | null, assurance: Assurance | null): string {
  if (level === null) return "No level";
  return `Level ${level} of 7${assurance ? `, ${ASSURANCE[assurance]}` : ""}`;
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
  const each = dots.map(
    ({ role, kind, standing }) => `${role ?? "no role"} ${KIND[kind]} ${STANDING[standing]}`,
  );
  const missing = open.map((role) => `${role} missing`);
  return [`${valid} of ${threshold} signatures`, ...each, ...missing].join(", ");
}

/** What a person can do now, as the heading of a group of envelopes. */
export const OWN_ACT: Record<OwnAct, string> = {
  answer: "Answer a refusal",
  sign: "Sign or refuse",
  enrol: "Enrol a key",
  register: "Register in the log",
};

/** What an envelope needs next, in words; empty if it needs nothing. */
export const NEED: Record<Need, string> = {
  "readable file": "needs a readable file",
  "sealing anew": "must be sealed again",
  refusal: "needs an answer",
  operator: "needs operator",
  witness: "needs witness",
  reviewer: "needs reviewer",
  auditor: "needs auditor",
  "co-signer": "needs co-signer",
  manifest: "needs manifest",
  "right manifest": "needs the right manifest",
  "accepted key": "needs the key in the keyring",
  log: "needs log",
  "hardware key": "needs hardware key",
  authority: "needs authority",
  nothing: "",
};

/** A count with thin spaces: "12 345". */
export function figure(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** "1 gate", "12 345 gates". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${figure(n)} ${n === 1 ? one : many}`;
}

/** A size in bytes, in words. */
export function size(bytes: number): string {
  if (bytes < 1024) return counted(bytes, "byte");
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** The text with its first letter in upper case. */
export function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
