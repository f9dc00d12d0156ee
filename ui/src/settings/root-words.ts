import type { TrustedFor } from "../ipc/bindings";

/** What is said of roots, by what they are trusted for. */
interface RootWords {
  /** No root is trusted. */
  none: string;
  add: string;
  remove: string;
  /** What whoever holds the key of a root can do. */
  power: string;
  /** What removing a root means, as a title and in full. */
  lost: string;
  means: string;
}

export const ROOTS: Record<TrustedFor, RootWords> = {
  attestations: {
    none: "No roots yet: no attestation is trusted, and a hardware key counts on the keyring's word at most.",
    add: "Add attestation roots",
    remove: "Remove an attestation root",
    power: "Whoever holds the key of a root can vouch for any device",
    lost: "What it vouched for is no longer attested",
    means: "Signatures whose attestation leads to this root count as the keyring says.",
  },
  time_stamps: {
    none: "No roots yet: no time-stamping authority is trusted, and a signature has the time that its key or its file says.",
    add: "Add time-stamping roots",
    remove: "Remove a time-stamping root",
    power: "Whoever holds the key of a root can vouch for any time",
    lost: "The times it vouched for are no longer trusted",
    means:
      "Signatures with time stamps that lead to this root have the time that they say themselves.",
  },
};
