import type { Role, SignerType } from "../ipc/bindings";

/** The roles that a person can sign in, as named in the format. */
export const ROLES: { value: Role; label: string }[] = [
  { value: "operator", label: "Operator" },
  { value: "reviewer", label: "Reviewer" },
  { value: "witness", label: "Witness" },
  { value: "auditor", label: "Auditor" },
];

/** The kinds of key and what they mean. */
export const KINDS: { value: SignerType; label: string; about: string }[] = [
  {
    value: "software",
    label: "Software key",
    about: "In a file that is encrypted with a passphrase.",
  },
  { value: "hardware", label: "Hardware key", about: "In a token that never releases it." },
  {
    value: "external",
    label: "External signer",
    about: "Behind a command, for example a key service.",
  },
];
