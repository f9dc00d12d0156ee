import type { Role, SignerType } from "../ipc/bindings";
import { capital, KIND, ROLE } from "../kit/words";
import { t } from "../words/words";

const role = (value: Role) => ({ value, label: capital(ROLE[value]) });

/** The roles that a person can sign in, as named in the format. */
export const ROLES: { value: Role; label: string }[] = [
  role("operator"),
  role("reviewer"),
  role("witness"),
  role("auditor"),
];

/** What a key is for. */
export type Purpose = "signing" | "companion";

/** What a key can be for, and what that means. */
export const PURPOSES: { value: Purpose; label: string; about: string }[] = [
  { value: "signing", label: t("key-purpose-signing"), about: t("key-purpose-signing.about") },
  {
    value: "companion",
    label: t("key-purpose-companion"),
    about: t("key-purpose-companion.about"),
  },
];

/** The kinds of key and what they mean. */
export const KINDS: { value: SignerType; label: string; about: string }[] = [
  { value: "software", label: capital(KIND.software), about: t("key-kind-software") },
  { value: "hardware", label: capital(KIND.hardware), about: t("key-kind-hardware") },
  { value: "external", label: capital(KIND.external), about: t("key-kind-external") },
];
