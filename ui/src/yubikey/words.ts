import type { NewKeyKind, NewPinPolicy, NewTouchPolicy, SetupChange } from "../ipc/bindings";
import { t } from "../words/words";

/** The steps of setting up. */
export const STEPS = [
  t("set-up-step-key"),
  t("set-up-step-secrets"),
  t("set-up-step-overview"),
  t("set-up-step-work"),
];

const RETIRED = Array.from({ length: 20 }, (_, at) => (0x82 + at).toString(16));

/** The slots that a key can be in. */
export const SLOTS: { value: string; label: string }[] = [
  { value: "9c", label: t("set-up-slot-9c") },
  { value: "9a", label: t("set-up-slot-9a") },
  { value: "9d", label: t("set-up-slot-9d") },
  { value: "9e", label: t("set-up-slot-9e") },
  ...RETIRED.map((slot) => ({ value: slot, label: t("set-up-slot-retired", { slot }) })),
];

/** The kinds of key, with the names that the station has for them. */
export const KINDS: { value: NewKeyKind; label: string; newer: boolean }[] = [
  { value: "ecdsa-p256", label: "ECC P-256", newer: false },
  { value: "ecdsa-p384", label: "ECC P-384", newer: false },
  { value: "ed25519", label: "Ed25519", newer: true },
  { value: "rsa-2048", label: "RSA 2048", newer: false },
  { value: "rsa-3072", label: "RSA 3072", newer: true },
  { value: "rsa-4096", label: "RSA 4096", newer: true },
];

/** The PIN policies that are offered. */
export const PIN_POLICIES: { value: NewPinPolicy; label: string }[] = [
  { value: "always", label: t("set-up-pin-policy-always") },
  { value: "once", label: t("set-up-pin-policy-once") },
];

/** The touch policies that are offered. */
export const TOUCH_POLICIES: { value: NewTouchPolicy; label: string }[] = [
  { value: "always", label: t("set-up-touch-policy-always") },
  { value: "cached", label: t("set-up-touch-policy-cached") },
  { value: "never", label: t("set-up-touch-policy-never") },
];

/** A change that was made, as a sentence without its stop. */
export const CHANGED: Record<SetupChange, string> = {
  pin: t("set-up-change-pin"),
  puk: t("set-up-change-puk"),
  management_key: t("set-up-change-management-key"),
  key: t("set-up-change-key"),
  certificate: t("set-up-change-certificate"),
};
