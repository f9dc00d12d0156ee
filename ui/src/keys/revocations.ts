import type { RevocationCode } from "../ipc/bindings";

/** The kinds of reasons to revoke a key, in words. */
export const REVOCATIONS: { value: RevocationCode; label: string }[] = [
  { value: "unspecified", label: "Not specified" },
  { value: "superseded", label: "Another key takes its place" },
  { value: "affiliation_changed", label: "Its owner's position changed" },
  { value: "cessation_of_operation", label: "It is no longer in use" },
  { value: "key_compromise", label: "Someone else may have it (compromised)" },
];

/** A kind of reason in words; nothing if none was given. */
export function revocationCalled(code: RevocationCode | null): string | null {
  if (code === null || code === "unspecified") return null;
  return REVOCATIONS.find(({ value }) => value === code)?.label ?? null;
}
