import type { NamesView, NameStanding } from "../src/ipc/bindings";
import { english } from "./english";

const WORDS: Record<NameStanding, string> = {
  proven: '"Jane Okafor": proven by "CN=Root"',
  not_proven: '"Jane Okafor": not proven, the certificate\'s own word',
  contradicted: '"Jane Okafor": contradicted; CN=Jane Okafor is revoked',
};

/** A certificate beside a key, whose names stand so. */
export function namesOf(standing: NameStanding, change: Partial<NamesView> = {}): NamesView {
  return {
    standing,
    words: english(WORDS[standing]),
    common_names: ["Jane Okafor"],
    emails: ["jane@example.org"],
    organizations: [],
    units: [],
    certificate: {
      subject: "CN=Jane Okafor",
      issuer: "CN=Root",
      serial: "01",
      sha256: "ab".repeat(32),
      valid_from: "2026-01-01T00:00:00Z",
      valid_until: "2028-01-01T00:00:00Z",
      key_usages: ["digitalSignature"],
      purposes: null,
    },
    root: standing === "proven" ? { subject: "CN=Root", sha256: "cd".repeat(32) } : null,
    revocation: { state: "not_checked", words: english("revocation not checked") },
    warnings: [],
    ...change,
  };
}
