import type { RevocationCode } from "../ipc/bindings";
import { t } from "../words/words";

/** The kinds of reasons to revoke a key, in words. */
export const REVOCATIONS: { value: RevocationCode; label: string }[] = [
  { value: "unspecified", label: t("revocation-unspecified") },
  { value: "superseded", label: t("revocation-superseded") },
  { value: "affiliation_changed", label: t("revocation-affiliation-changed") },
  { value: "cessation_of_operation", label: t("revocation-cessation-of-operation") },
  { value: "key_compromise", label: t("revocation-key-compromise") },
];

/** A kind of reason in words; nothing if none was given. */
export function revocationCalled(code: RevocationCode | null): string | null {
  if (code === null || code === "unspecified") return null;
  return REVOCATIONS.find(({ value }) => value === code)?.label ?? null;
}
