import type { Role, SignerType } from "../ipc/bindings";

/** The roles a person may sign in, as the format names them. */
export const ROLES: { value: Role; label: string }[] = [
  { value: "operator", label: "Operator" },
  { value: "reviewer", label: "Reviewer" },
  { value: "witness", label: "Witness" },
  { value: "auditor", label: "Auditor" },
];

/** What may hold a key, and what that means. */
export const KINDS: { value: SignerType; label: string; about: string }[] = [
  { value: "software", label: "Software key", about: "In a file, under a passphrase." },
  { value: "hardware", label: "Hardware key", about: "In a token that does not give it out." },
  {
    value: "external",
    label: "External signer",
    about: "Behind a command, such as a key service.",
  },
];
