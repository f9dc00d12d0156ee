import type {
  BoundaryView,
  DisclosureView,
  InputsView,
  NamedCheckView,
  Outcome,
  State,
} from "../src/ipc/bindings";
import { english } from "./english";
import { contentOf, type FakeStation, type Fixture, fixtures, hex } from "./station";

/** What was found of the files that the run of an envelope was made from. */
export const FOUND: Omit<InputsView, "run"> = {
  directory: "/srv/inputs",
  checked_at: "2026-05-04T10:30:00Z",
  standing: "contradicted",
  state: "contradicted",
  sentence: english("data/limits.csv has another content than the run was made from."),
  total: 4,
  same: 2,
  files: [
    {
      list: "inputs",
      position: 1,
      path: "data/limits.csv",
      standing: "changed",
      state: "contradicted",
      why: null,
      hashed: hex(31),
      found: hex(77),
    },
    {
      list: "inputs",
      position: 2,
      path: "",
      standing: "not_read",
      state: "unchecked",
      why: english("its path leads out of the directory, or names no file"),
      hashed: null,
      found: null,
    },
  ],
  additional: ["notes.txt"],
  additional_total: 1,
};

export const REPRODUCED: Omit<InputsView, "run"> = {
  ...FOUND,
  standing: "reproduced",
  state: "holds",
  sentence: english("All 4 files that the run was made from are here."),
  same: 4,
  files: [],
  additional: [],
  additional_total: 0,
};

const STATE_OF: Record<Outcome, State> = {
  pass: "holds",
  fail: "contradicted",
  missing: "open",
  unchecked: "unchecked",
  warn: "holds",
};

/** A check by its name. */
export const check = (id: string, outcome: Outcome, detail: string): NamedCheckView => ({
  id,
  outcome,
  state: STATE_OF[outcome],
  detail: english(detail),
});

export const BOUNDARY: BoundaryView = {
  id: "ABP-14dbac91",
  contract: "DEC-014",
  program: null,
  validity: "unchecked",
  inside: "fail",
  state: "contradicted",
  sentence: english(
    "Whether the authority boundary holds is not checkable here. The run does not lie inside it.",
  ),
  checks: [
    check("abp.json_valid", "pass", "a JSON object"),
    check("abp.hash_integrity", "pass", "recomputed and equal"),
    check("abp.authority_ref_valid", "unchecked", "There is no authority ledger here."),
  ],
  run_checks: [
    check("boundary.decision", "unchecked", "There is no authority ledger here."),
    check("boundary.tools", "unchecked", "Not checkable: the run does not say which."),
    check("boundary.data", "fail", "The authority boundary does not let Operator read x.csv."),
  ],
};

/** A disclosure that a witness signed. */
export const DISCLOSED: DisclosureView = {
  file: "/home/mira/Downloads/RUN-00000002.inputs-1.disclosure.json",
  standing: "proven",
  state: "holds",
  sentence: english("Entry 1 of 3 of this run has this content, and the run calls it so."),
  list: "inputs",
  path: "data/claims.csv",
  path_holds: true,
  position: "1",
  leaves: "3",
  sha256: hex(32),
  content: "not_compared",
  root: hex(50),
  checks: [
    check("disclosure.way", "pass", "the nodes in it lead to a root"),
    check("disclosure.content", "unchecked", "Not checkable: no file was given to compare."),
    check("disclosure.run", "pass", "equal"),
  ],
  signers: [
    {
      signer_id: "j.okafor",
      role: "witness",
      signed_at: "2026-05-04T09:12:00Z",
      key_id: "ds-prod-2026-06",
      fingerprint: hex(51),
      run: hex(52),
      standing: "proven",
      state: "holds",
      detail: english("signed the root with an accepted key"),
    },
  ],
};

/** The same, altered afterwards. */
export const FORGED: DisclosureView = {
  ...DISCLOSED,
  standing: "invalid",
  state: "contradicted",
  sentence: english("Nobody in it signed the root that it leads to."),
  path_holds: false,
  checks: [
    check("disclosure.way", "pass", "the nodes in it lead to a root"),
    check("disclosure.signed", "fail", "nobody in it signed the root that it leads to"),
  ],
  signers: DISCLOSED.signers.map((one) => ({
    ...one,
    standing: "invalid",
    state: "contradicted",
    detail: english("its claim commits to another root, another number of entries, or none"),
  })),
};

/** Lets a station compare inputs, and make and check disclosures. */
export function withInputs(station: FakeStation): void {
  const digestOf = (id: number) =>
    contentOf(fixtures().find((one) => one.id === id) as Fixture).digest;
  station
    .answer("inputs_check", ({ id }: { id: number }) => ({ ...FOUND, run: digestOf(id) }))
    .answer("inputs_stop", () => null)
    .answer("disclosure_place", () => DISCLOSED.file)
    .answer("disclose", ({ path }: { path: string }) => ({ ...DISCLOSED, file: path }))
    .answer("disclosure_look", ({ path }: { path: string }) =>
      path.includes("forged") ? FORGED : DISCLOSED,
    );
}
