import type { MergedView, MergeView, ReportedView } from "../src/ipc/bindings";
import { english } from "./english";
import { type FakeStation, failure } from "./station";

const STICK = "/media/stick/sealed_runs";
const RUN = "RUN-00000004_20260504T071200Z.json";

function reported(change: Partial<ReportedView>): ReportedView {
  return {
    file: RUN,
    signer_id: "j.okafor",
    role: "witness",
    key_id: "ds-prod-2026-06",
    signed_at: "2026-05-04T07:12:00Z",
    from: english(`${STICK}/${RUN}.sig.json`),
    note: null,
    ...change,
  };
}

function merged(change: Partial<MergedView>): MergedView {
  return {
    id: 4,
    title: "Approve the revised triage thresholds",
    file: RUN,
    refusals: [],
    added: [],
    there: [],
    left_out: [],
    notes: [],
    changes: true,
    failure: null,
    ...change,
  };
}

/** What comes of a merge, with one of everything that can be said. */
export const MERGE: MergeView = {
  envelopes: [
    merged({
      added: [
        reported({}),
        reported({
          file: RUN.replace(".json", ".manifest.json"),
          from: english(
            `${STICK}/RUN-00000004_20260504T071200Z.manifest.json.sig.sync-conflict-20261125-072401-ABCDEFG.json (a conflict copy of Syncthing)`,
          ),
          note: english("a shared key: it cannot be checked without that key"),
        }),
      ],
      there: [reported({ signer_id: "mira.k", role: "operator", key_id: "ds-prod-2026-05" })],
      left_out: [
        {
          from: english(`${STICK}/${RUN}.sig.json`),
          signer_id: "x.forger",
          why: english("the signature does not verify: it is not over these bytes"),
        },
      ],
      notes: [english("the copies ask for 2, 3 signatures: 3 stands")],
    }),
    merged({
      id: 9,
      title: "Delegate authority over the sandbox",
      file: "RUN-00000009_20260325T071200Z.json",
      changes: false,
      left_out: [
        {
          from: english(`${STICK}/archive/RUN-00000009_20260325T071200Z.json.sig.json`),
          signer_id: null,
          why: english(
            "conflict: its signatures are about another artifact (9b1c…02af), not about this (77d0…e1b2)",
          ),
        },
      ],
    }),
    merged({
      id: null,
      title: null,
      file: "",
      changes: false,
      failure: failure(
        "existing",
        "/srv/sealed_runs/RUN-00000010_20260325T071200Z.json.sig.json: it is not JSON",
        "Nothing was merged. Move the file aside if it is not wanted",
      ),
    }),
    merged({ id: 7, title: "Accept the residual risk of vendor lock-in", changes: false }),
  ],
  strangers: [`${STICK}/RUN-99999999_20260101T000000Z.json.sig.json`],
  unreadable: [],
  added: 2,
  written: 2,
};

/** The result if there are no copies. */
export const NO_COPIES: MergeView = {
  envelopes: [],
  strangers: [],
  unreadable: [],
  added: 0,
  written: 0,
};

/** Has the station merge and review. */
export function withMerge(station: FakeStation, found: MergeView = MERGE): void {
  station
    .answer("look_at_dropped", ({ paths }: { paths: string[] }) =>
      paths.length > 1 || paths[0]?.endsWith(".json")
        ? "files"
        : paths[0]?.endsWith(".zip")
          ? "carrier"
          : "directory",
    )
    .answer("pick_files", () => [`${STICK}/${RUN}.sig.json`])
    .answer("merge_preview", () => found)
    .answer("merge", () => {
      station.tell({ conflict_copies: 0 });
      return found;
    });
}
