import type { PolicySettings } from "../ipc/bindings";
import { capital, ROLE } from "../kit/words";
import { localeInUse, t } from "../words/words";
import {
  ASSURANCES,
  BOUNDARIES,
  boundaryOf,
  CLAIMS,
  claimsOf,
  TIMES,
  timeOf,
  toleranceOf,
  tolerances,
  TRUSTS,
} from "./choices";

/** The parts of a policy, each changed by itself. */
export type PolicyField =
  "trust" | "threshold" | "roles" | "assurance" | "tolerance" | "claims" | "time" | "boundary";

/** A part of a policy, as its row shows it. */
interface FieldWords {
  field: PolicyField;
  label: string;
  value: (policy: PolicySettings) => string;
  about: (policy: PolicySettings) => string;
}

const collator = new Intl.Collator(localeInUse());
const labelOf = <T extends string>(options: { value: T; label: string }[], value: T) =>
  options.find((option) => option.value === value)?.label ?? value;
const aboutOf = <T extends string>(options: { value: T; about: string }[], value: T) =>
  options.find((option) => option.value === value)?.about ?? "";

/** Every part of a policy, in the order of the page. */
export const POLICY_FIELDS: FieldWords[] = [
  {
    field: "trust",
    label: t("policy-trust"),
    value: ({ trust }) => labelOf(TRUSTS, trust),
    about: ({ trust }) => aboutOf(TRUSTS, trust),
  },
  {
    field: "threshold",
    label: t("policy-threshold"),
    value: ({ min_threshold: number }) => t("policy-threshold.value", { number }),
    about: () => t("policy-threshold.about"),
  },
  {
    field: "roles",
    label: t("policy-roles"),
    value: ({ required_roles: roles }) =>
      roles.length === 0
        ? t("policy-roles.none")
        : capital(
            roles
              .map((role) => ROLE[role])
              .sort(collator.compare)
              .join(", "),
          ),
    about: () => t("policy-roles.about"),
  },
  {
    field: "assurance",
    label: t("policy-assurance"),
    value: ({ assurance }) => labelOf(ASSURANCES, assurance),
    about: ({ assurance }) => aboutOf(ASSURANCES, assurance),
  },
  {
    field: "claims",
    label: t("policy-claims"),
    value: (policy) => labelOf(CLAIMS, claimsOf(policy)),
    about: (policy) => aboutOf(CLAIMS, claimsOf(policy)),
  },
  {
    field: "time",
    label: t("policy-time"),
    value: (policy) => labelOf(TIMES, timeOf(policy)),
    about: () => t("policy-time.about"),
  },
  {
    field: "tolerance",
    label: t("policy-tolerance"),
    value: (policy) => labelOf(tolerances(toleranceOf(policy)), String(toleranceOf(policy))),
    about: () => t("policy-tolerance.about"),
  },
  {
    field: "boundary",
    label: t("policy-boundary"),
    value: (policy) => labelOf(BOUNDARIES, boundaryOf(policy)),
    about: (policy) => aboutOf(BOUNDARIES, boundaryOf(policy)),
  },
];
