import type {
  Assurance,
  Claims,
  PolicySettings,
  SignerType,
  Theme,
  TimeKind,
  Trust,
} from "../ipc/bindings";

/** Whose signatures count, each in one line. */
export const TRUSTS: { value: Trust; label: string; about: string }[] = [
  {
    value: "pinned",
    label: "Only signatures by keys in the keyring",
    about: "For the owner and roles of the key, while it is in force.",
  },
  {
    value: "embedded",
    label: "Any signature that verifies",
    about: "By anyone. This shows that nothing has changed, not who signed.",
  },
];

/** How the kind of a key can be known, each in one line. */
export const ASSURANCES: { value: Assurance; label: string; about: string }[] = [
  { value: "claimed", label: "Claimed", about: "The signature file says so, without proof." },
  {
    value: "pinned",
    label: "Pinned",
    about: "The keyring says so, on the word of the person who enrolled the key.",
  },
  {
    value: "attested",
    label: "Attested",
    about: "The key's own attestation proves it and leads to one of the roots below.",
  },
];

/** Whose word name, role and time can be, each in one line. */
export const CLAIMS: { value: Claims; label: string; about: string }[] = [
  {
    value: "preferred",
    label: "Signed by the key if it can be",
    about: "A signature without a claim counts, and is marked as claimed by the file.",
  },
  {
    value: "required",
    label: "Signed by the key",
    about: "A signature without a claim does not count, unless it counts today.",
  },
];

export const claimsOf = ({ claims }: PolicySettings) => claims ?? "preferred";

/** Whose word the time of a signature can be. */
export const TIMES: { value: TimeKind; label: string }[] = [
  { value: "claimed", label: "Claimed by the file" },
  { value: "signed", label: "Signed by the key itself" },
  { value: "trusted", label: "Vouched for by a trusted time-stamping authority" },
];

export const timeOf = ({ time }: PolicySettings) => time ?? "claimed";

export const THEMES: { value: Theme; label: string }[] = [
  { value: "system", label: "Same as the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The algorithms of external signers, as named in the format. */
export const ALGORITHMS: { value: string; label: string }[] = [
  { value: "ed25519", label: "Ed25519" },
  { value: "ecdsa-p256-sha256", label: "ECDSA on P-256 with SHA-256" },
  { value: "ecdsa-p384-sha384", label: "ECDSA on P-384 with SHA-384" },
  { value: "rsa-pkcs1v15-sha256", label: "RSA PKCS #1 v1.5 with SHA-256" },
  { value: "rsa-pss-sha256", label: "RSA-PSS with SHA-256" },
];

/** The same, plus the algorithm of shared keys on a token. */
export const TOKEN_ALGORITHMS = [
  ...ALGORITHMS,
  { value: "hmac-sha256", label: "HMAC with SHA-256, by a shared key" },
];

/** What holds a key on a token, as the token says or as the person claims. */
export const HOLDERS: { value: SignerType | "token"; label: string }[] = [
  { value: "token", label: "What its token says" },
  { value: "hardware", label: "Hardware" },
  { value: "software", label: "Software" },
  { value: "external", label: "External" },
];

/** By how many seconds two clocks may differ by default. */
export const CLOCK_TOLERANCE = 300;

export const toleranceOf = ({ clock_tolerance }: PolicySettings) =>
  clock_tolerance ?? CLOCK_TOLERANCE;

/** How far two clocks may differ. A value that was set elsewhere is kept and shown in seconds. */
export function tolerances(seconds: number): { value: string; label: string }[] {
  const usual = [
    { value: "0", label: "Not at all" },
    { value: "60", label: "1 minute" },
    { value: "300", label: "5 minutes (default)" },
    { value: "3600", label: "1 hour" },
  ];
  const known = usual.some(({ value }) => value === String(seconds));
  return known ? usual : [...usual, { value: String(seconds), label: `${seconds} seconds` }];
}
