import type { Assurance, PolicySettings, SignerType, Theme, Trust } from "../ipc/bindings";

/** Whose signatures count, each in one line. */
export const TRUSTS: { value: Trust; label: string; about: string }[] = [
  {
    value: "pinned",
    label: "Only those by keys of the keyring",
    about: "For their owner, in the roles they hold, while they are in force.",
  },
  {
    value: "embedded",
    label: "Any that verify",
    about: "Whoever made them. It shows that nothing was changed, not who signed.",
  },
];

/** What vouches for the kind of key, each in one line. */
export const ASSURANCES: { value: Assurance; label: string; about: string }[] = [
  { value: "claimed", label: "Claimed", about: "The signature file says so. Nothing proves it." },
  {
    value: "pinned",
    label: "Pinned",
    about: "The keyring says so, on the word of who enrolled it.",
  },
  {
    value: "attested",
    label: "Attested",
    about: "The key's own attestation says so, and leads to one of the roots below.",
  },
];

export const THEMES: { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The algorithms an external signer may sign with, as the format names them. */
export const ALGORITHMS: { value: string; label: string }[] = [
  { value: "ed25519", label: "Ed25519" },
  { value: "ecdsa-p256-sha256", label: "ECDSA on P-256 with SHA-256" },
  { value: "ecdsa-p384-sha384", label: "ECDSA on P-384 with SHA-384" },
  { value: "rsa-pkcs1v15-sha256", label: "RSA PKCS #1 v1.5 with SHA-256" },
  { value: "rsa-pss-sha256", label: "RSA-PSS with SHA-256" },
];

/** The same, and what a token has for those who share a key. */
export const TOKEN_ALGORITHMS = [
  ...ALGORITHMS,
  { value: "hmac-sha256", label: "HMAC with SHA-256, by a shared key" },
];

/** What holds a key on a token: what the token says, or what a person claims. */
export const HOLDERS: { value: SignerType | "token"; label: string }[] = [
  { value: "token", label: "What its token says" },
  { value: "hardware", label: "Hardware" },
  { value: "software", label: "Software" },
  { value: "external", label: "External" },
];

/** By how many seconds two clocks may differ where a policy sets nothing. */
export const CLOCK_TOLERANCE = 300;

export const toleranceOf = ({ clock_tolerance }: PolicySettings) =>
  clock_tolerance ?? CLOCK_TOLERANCE;

/** How far two clocks may differ; a value that was set elsewhere is kept and shown in seconds. */
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
