import type { PolicySettings } from "../ipc/bindings";
import { capital } from "../kit/words";
import {
  ASSURANCES,
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
  "trust" | "threshold" | "roles" | "assurance" | "tolerance" | "claims" | "time";

/** A part of a policy, as its row shows it. */
interface FieldWords {
  field: PolicyField;
  label: string;
  value: (policy: PolicySettings) => string;
  about: (policy: PolicySettings) => string;
}

const labelOf = <T extends string>(options: { value: T; label: string }[], value: T) =>
  options.find((option) => option.value === value)?.label ?? value;
const aboutOf = <T extends string>(options: { value: T; about: string }[], value: T) =>
  options.find((option) => option.value === value)?.about ?? "";

/** Every part of a policy, in the order of the page. */
export const POLICY_FIELDS: FieldWords[] = [
  {
    field: "trust",
    label: "Whose signatures count",
    value: ({ trust }) => labelOf(TRUSTS, trust),
    about: ({ trust }) => aboutOf(TRUSTS, trust),
  },
  {
    field: "threshold",
    label: "Signatures for L4",
    value: ({ min_threshold: number }) => `At least ${number}`,
    about: () => "The least number of people; an envelope can require more.",
  },
  {
    field: "roles",
    label: "Further roles for L4",
    value: ({ required_roles: roles }) =>
      roles.length === 0 ? "None" : capital([...roles].sort().join(", ")),
    about: () => "An operator and a witness are always required.",
  },
  {
    field: "assurance",
    label: "Evidence that L6 requires of a hardware or external key",
    value: ({ assurance }) => labelOf(ASSURANCES, assurance),
    about: ({ assurance }) => aboutOf(ASSURANCES, assurance),
  },
  {
    field: "claims",
    label: "Name, role and time of a signature",
    value: (policy) => labelOf(CLAIMS, claimsOf(policy)),
    about: (policy) => aboutOf(CLAIMS, claimsOf(policy)),
  },
  {
    field: "time",
    label: "The time of a signature must at least be",
    value: (policy) => labelOf(TIMES, timeOf(policy)),
    about: () => "It decides whether a key was in force.",
  },
  {
    field: "tolerance",
    label: "Clocks may differ by",
    value: (policy) => labelOf(tolerances(toleranceOf(policy)), String(toleranceOf(policy))),
    about: () => "A signature that is dated earlier than this before its run does not count.",
  },
];
