import type {
  Assurance,
  BoundaryPolicy,
  Claims,
  Language,
  PolicySettings,
  SignerType,
  Theme,
  TimeKind,
  Trust,
} from "../ipc/bindings";
import { LANGUAGES, t } from "../words/words";

/** Whose signatures count, each in one line. */
export const TRUSTS: { value: Trust; label: string; about: string }[] = [
  {
    value: "pinned",
    label: t("policy-trust-pinned"),
    about: t("policy-trust-pinned.about"),
  },
  {
    value: "embedded",
    label: t("policy-trust-embedded"),
    about: t("policy-trust-embedded.about"),
  },
];

/** How the kind of a key can be known, each in one line. */
export const ASSURANCES: { value: Assurance; label: string; about: string }[] = [
  {
    value: "claimed",
    label: t("policy-assurance-claimed"),
    about: t("policy-assurance-claimed.about"),
  },
  {
    value: "pinned",
    label: t("policy-assurance-pinned"),
    about: t("policy-assurance-pinned.about"),
  },
  {
    value: "attested",
    label: t("policy-assurance-attested"),
    about: t("policy-assurance-attested.about"),
  },
];

/** Whose word name, role and time can be, each in one line. */
export const CLAIMS: { value: Claims; label: string; about: string }[] = [
  {
    value: "preferred",
    label: t("policy-claims-preferred"),
    about: t("policy-claims-preferred.about"),
  },
  {
    value: "required",
    label: t("policy-claims-required"),
    about: t("policy-claims-required.about"),
  },
];

export const claimsOf = ({ claims }: PolicySettings) => claims ?? "preferred";

/** Whose word the time of a signature can be. */
export const TIMES: { value: TimeKind; label: string }[] = [
  { value: "claimed", label: t("policy-time-claimed") },
  { value: "signed", label: t("policy-time-signed") },
  { value: "trusted", label: t("policy-time-trusted") },
];

export const timeOf = ({ time }: PolicySettings) => time ?? "claimed";

/** Whether an envelope needs an authority boundary, each in one line. */
export const BOUNDARIES: { value: BoundaryPolicy; label: string; about: string }[] = [
  {
    value: "shown",
    label: t("policy-boundary-shown"),
    about: t("policy-boundary-shown.about"),
  },
  {
    value: "required",
    label: t("policy-boundary-required"),
    about: t("policy-boundary-required.about"),
  },
];

export const boundaryOf = ({ boundary }: PolicySettings) => boundary ?? "shown";

/** The system's language, and every language by its own name. */
export const LANGUAGE_CHOICES: { value: Language; label: string }[] = [
  { value: "system", label: t("settings-as-system") },
  ...LANGUAGES.map(({ tag, name }) => ({ value: tag, label: name })),
];

export const THEMES: { value: Theme; label: string }[] = [
  { value: "system", label: t("settings-as-system") },
  { value: "light", label: t("settings-theme-light") },
  { value: "dark", label: t("settings-theme-dark") },
];

/** The algorithms of external signers, as named in the format. */
export const ALGORITHMS: { value: string; label: string }[] = [
  { value: "ed25519", label: "Ed25519" },
  { value: "ecdsa-p256-sha256", label: t("algorithm-ecdsa-p256") },
  { value: "ecdsa-p384-sha384", label: t("algorithm-ecdsa-p384") },
  { value: "rsa-pkcs1v15-sha256", label: t("algorithm-rsa-pkcs1") },
  { value: "rsa-pss-sha256", label: t("algorithm-rsa-pss") },
];

/** The same, plus the one of companions. */
export const COMMAND_ALGORITHMS = [
  ...ALGORITHMS,
  { value: "ml-dsa-65", label: t("algorithm-ml-dsa-65") },
];

/** The same as for signatures, plus the algorithm of shared keys on a token. */
export const TOKEN_ALGORITHMS = [
  ...ALGORITHMS,
  { value: "hmac-sha256", label: t("algorithm-hmac") },
];

/** What holds a key on a token, as the token says or as the person claims. */
export const HOLDERS: { value: SignerType | "token"; label: string }[] = [
  { value: "token", label: t("signer-holder-token") },
  { value: "hardware", label: t("signer-holder-hardware") },
  { value: "software", label: t("signer-holder-software") },
  { value: "external", label: t("signer-holder-external") },
];

/** By how many seconds two clocks may differ by default. */
export const CLOCK_TOLERANCE = 300;

export const toleranceOf = ({ clock_tolerance }: PolicySettings) =>
  clock_tolerance ?? CLOCK_TOLERANCE;

/** How far two clocks may differ. A value that was set elsewhere is kept and shown in seconds. */
export function tolerances(seconds: number): { value: string; label: string }[] {
  const usual = [
    { value: "0", label: t("policy-tolerance-none") },
    { value: "60", label: t("policy-tolerance-minute") },
    { value: "300", label: t("policy-tolerance-default") },
    { value: "3600", label: t("policy-tolerance-hour") },
  ];
  const known = usual.some(({ value }) => value === String(seconds));
  return known
    ? usual
    : [
        ...usual,
        {
          value: String(seconds),
          label: t("policy-tolerance-seconds", { seconds: String(seconds) }),
        },
      ];
}
