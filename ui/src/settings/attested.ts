import type {
  AttestedPolicy,
  Form,
  Model,
  PinAsked,
  PolicySettings,
  Requirement,
  Role,
  TouchAsked,
} from "../ipc/bindings";
import { ROLES } from "../keys/roles";
import { localeInUse, t } from "../words/words";

/** Whose keys a requirement is about: those of one role, or of all. */
export type AttestedScope = Role | "all";

/** A requirement with every part of it: stored ones may leave parts out. */
export type WholeRequirement = Required<Requirement>;

export const MODELS: { value: Model; label: string }[] = [
  { value: "yubikey", label: "YubiKey" },
  { value: "yubihsm", label: "YubiHSM 2" },
  { value: "liquidsecurity", label: "Marvell LiquidSecurity" },
  { value: "tpm", label: "TPM 2.0" },
];

export const PINS: { value: PinAsked; label: string; about?: string }[] = [
  { value: "once", label: t("attested-pin-once") },
  { value: "always", label: t("attested-pin-always") },
  { value: "match-once", label: t("attested-pin-match-once") },
  { value: "match-always", label: t("attested-pin-match-always") },
];

export const TOUCHES: { value: TouchAsked; label: string }[] = [
  { value: "always", label: t("attested-touch-always") },
  { value: "cached", label: t("attested-touch-cached") },
];

export const FORMS: { value: Form; label: string }[] = [
  { value: "usb-a-keychain", label: t("attested-form-a-keychain") },
  { value: "usb-a-nano", label: t("attested-form-a-nano") },
  { value: "usb-c-keychain", label: t("attested-form-c-keychain") },
  { value: "usb-c-nano", label: t("attested-form-c-nano") },
  { value: "usb-c-lightning", label: t("attested-form-lightning") },
  { value: "usb-a-fingerprint", label: t("attested-form-a-fingerprint") },
  { value: "usb-c-fingerprint", label: t("attested-form-c-fingerprint") },
];

/** What is required or not, each by itself. */
export type AttestedFlag = "fips" | "generated" | "refuse_advisories";

export const FLAGS: { value: AttestedFlag; label: string; about: string }[] = [
  { value: "fips", label: t("attested-fips"), about: t("attested-fips.about") },
  { value: "generated", label: t("attested-generated"), about: t("attested-generated.about") },
  {
    value: "refuse_advisories",
    label: t("attested-no-advisory"),
    about: t("attested-no-advisory.about"),
  },
];

/** Every requirement that can be changed, in the order of the page. */
export const SCOPES: { scope: AttestedScope; label: string }[] = [
  { scope: "all", label: t("attested-of-all") },
  ...ROLES.map(({ value, label }) => ({
    scope: value,
    label: t("attested-of-role", { role: label }),
  })),
];

/** The requirement of a scope, with every part of it. */
export function requirementOf(policy: PolicySettings, scope: AttestedScope): WholeRequirement {
  const { all, roles }: AttestedPolicy = policy.attested ?? {};
  const stored = scope === "all" ? all : roles?.[scope];
  return {
    model: stored?.model ?? [],
    firmware: stored?.firmware ?? null,
    pin: stored?.pin ?? [],
    touch: stored?.touch ?? [],
    form_factor: stored?.form_factor ?? [],
    fips: stored?.fips ?? false,
    generated: stored?.generated ?? false,
    refuse_advisories: stored?.refuse_advisories ?? false,
  };
}

/** The policy with another requirement of one scope. */
export function withRequirement(
  policy: PolicySettings,
  scope: AttestedScope,
  wanted: WholeRequirement,
): PolicySettings {
  const attested = policy.attested ?? {};
  const changed: AttestedPolicy =
    scope === "all"
      ? { ...attested, all: wanted }
      : { ...attested, roles: { ...attested.roles, [scope]: wanted } };
  return { ...policy, attested: changed };
}

const list = new Intl.ListFormat(localeInUse(), { type: "conjunction" });
const choice = new Intl.ListFormat(localeInUse(), { type: "disjunction" });

function anyOf<T extends string>(options: { value: T; label: string }[], values: T[]): string {
  const chosen = options.filter(({ value }) => values.includes(value));
  return choice.format(chosen.map(({ label }) => label));
}

/** A requirement in one line; what nothing is called if it requires nothing. */
export function requirementInWords(requirement: WholeRequirement, nothing: string): string {
  const { model, firmware, pin, touch, form_factor: form } = requirement;
  const parts = [
    model.length > 0 ? anyOf(MODELS, model) : "",
    firmware ? t("attested-firmware.value", { firmware }) : "",
    pin.length > 0 ? t("attested-pin.value", { values: anyOf(PINS, pin) }) : "",
    touch.length > 0 ? t("attested-touch.value", { values: anyOf(TOUCHES, touch) }) : "",
    form.length > 0 ? anyOf(FORMS, form) : "",
    ...FLAGS.filter(({ value }) => requirement[value]).map(({ label }) => label),
  ].filter((part) => part !== "");
  return parts.length > 0 ? list.format(parts) : nothing;
}

/** Whether a text is a version of a firmware: up to three numbers below 256. */
export function isFirmware(text: string): boolean {
  return (
    /^\d{1,3}(?:\.\d{1,3}){0,2}$/u.test(text) && text.split(".").every((one) => Number(one) < 256)
  );
}
