import { emit } from "@tauri-apps/api/event";

import type {
  DeskLevel,
  DeskView,
  FindingActView,
  FindingChoice,
  FindingDraft,
  FindingView,
  ReviewKeys,
  ReviewView,
} from "../src/ipc/bindings";
import { KEYS } from "./station-act";
import { failure, type FakeStation, hex } from "./station";
import { english } from "./english";

/** A review of a directory that contains a keyring. */
export function reviewOf(path: string, change: Partial<ReviewView> = {}): ReviewView {
  return {
    path,
    keys: "brought",
    brought: `${path}/keyring.json`,
    chosen: null,
    is_sealed: false,
    digest: null,
    list: null,
    contents: null,
    faults: [],
    told: null,
    ...change,
  };
}

/** What makes a review one of a pack that is whole. */
export const PACKED: Partial<ReviewView> = { is_sealed: true, digest: hex(40), keys: "station" };

/** What makes a review one of a pack that was modified. */
export const ALTERED: Partial<ReviewView> = {
  is_sealed: true,
  list: hex(40),
  contents: hex(41),
  faults: [
    { file: "RUN-00000004_20260504T071200Z.json", why: english("is altered (against SHA256SUMS)") },
    { file: "report.html", why: english("is altered (against SHA256SUMS)") },
  ],
};

const level = (change: Partial<DeskLevel>): DeskLevel => ({
  level: 6,
  assurance: "attested",
  state: "in_progress",
  lack: english("An authority in force is missing."),
  ...change,
});

/** The digest of the run that is reviewed. */
export const RUN = hex(44);

/** What the station finds: one envelope, known keys and unknown ones. */
export const DESK: DeskView = {
  envelopes: [
    {
      id: 4,
      run: RUN,
      file: "RUN-00000004_20260504T071200Z.json",
      decision_id: "DEC-014",
      title: "Raise the settlement ceiling for priority claims",
      theirs: level({}),
      own: level({
        level: 3,
        assurance: null,
        lack: english("The key of j.okafor is not in the keyring."),
      }),
    },
  ],
  more: 0,
  theirs: "brought",
  keys: [
    {
      owner: "j.okafor",
      key_id: "ds-prod-2026-06",
      fingerprint: hex(51),
      kind: "hardware",
      envelopes: 1,
      here: "unknown",
      why: null,
    },
    {
      owner: "mira.k",
      key_id: "ds-prod-2026-05",
      fingerprint: hex(52),
      kind: "software",
      envelopes: 1,
      here: "trusted",
      why: null,
    },
    {
      owner: "x.forger",
      key_id: "ds-prod-2026-07",
      fingerprint: hex(53),
      kind: "software",
      envelopes: 1,
      here: "contradicts",
      why: english("here it is the key of “a.auditor”"),
    },
  ],
  roots: [
    {
      subject: "CN=Yubico PIV Root CA Serial 263751",
      fingerprint: hex(54),
      for_time: false,
      here: "trusted",
    },
  ],
  logs: [{ kind: "log", first: hex(55), last: hex(56), entries: 42, here: "unknown" }],
  problems: [],
};

/** A finding that holds. */
export const FINDING: FindingView = {
  path: "/home/a.auditor/one.finding.json",
  standing: "holds",
  words: english("Signed by a key of the keyring here, about this pack."),
  fingerprint: hex(57),
  says: {
    outcome: "accepted_with_reservations",
    reviewer: "a.auditor",
    role: "auditor",
    reviewed_at: "2026-11-29T12:00:00Z",
    key_id: "audit-2026",
    pack: hex(40),
    complete: true,
    told: "same",
    keys: "station",
    note: "The witness is unknown to us.",
    envelopes: [
      {
        run: RUN,
        decision_id: "DEC-014",
        theirs: { level: 6, assurance: "attested" },
        own: { level: 3, assurance: null },
        note: "Asked for the key by telephone.",
      },
    ],
  },
};

/** Has the station review what it is asked to, and sign findings with a key that asks for a secret. */
export function withReview(station: FakeStation, desk: DeskView = DESK): void {
  const own = station.view.directory;
  let act: FindingActView | null = null;
  const show = (change: Partial<FindingActView>) => {
    act = {
      id: 7,
      stage: "choosing",
      keys: KEYS.map((key) => ({ ...key, roles: [...key.roles, "auditor"] })),
      choice: null,
      now: null,
      failure: null,
      written: null,
      ...act,
      ...change,
    };
    void emit("finding-changed", { act });
    return act;
  };
  station
    .answer("review", ({ path }: { path: string }) => {
      station.tell({ directory: path, review: reviewOf(path) });
      return null;
    })
    .answer(
      "review_judge_by",
      ({ keys, keyring }: { keys: ReviewKeys; keyring: string | null }) => {
        const { review } = station.view;
        if (review) station.tell({ review: { ...review, keys, chosen: keyring ?? review.chosen } });
        return null;
      },
    )
    .answer("review_compare", ({ expected }: { expected: string }) => {
      const digest = expected.toLowerCase().replace(/[\s:-]|^sha-?256/gu, "");
      if (digest.length !== 64) throw failure("no_digest", "This is not a SHA-256 digest");
      const { review } = station.view;
      const answer =
        digest === (review?.digest ?? review?.contents)
          ? "same"
          : digest === review?.list
            ? "list_only"
            : "different";
      if (review) station.tell({ review: { ...review, told: { digest, answer } } });
      return answer;
    })
    .answer("review_stop", () => {
      station.tell({ directory: own, review: null });
      return null;
    })
    .answer("review_desk", () => desk)
    .answer("finding_place", () => "/home/a.auditor/one.finding.json")
    .answer("finding_begin", () => {
      act = null;
      return show({});
    })
    .answer("finding_choose", ({ choice }: { draft: FindingDraft; choice: FindingChoice }) =>
      show({
        stage: "secret_needed",
        choice,
        now: {
          state: "secret_needed",
          secret: "passphrase",
          of: english("operator.key.pem"),
          tries_left: null,
          rule: null,
          blocked: false,
          problem: null,
        },
      }),
    )
    .answer("finding_secret", () =>
      show({ stage: "ended", now: null, written: "/home/a.auditor/one.finding.json" }),
    )
    .answer("finding_back", () => show({ stage: "choosing", now: null }))
    .answer("finding_close", () => null)
    .answer("finding_page", () => "/home/a.auditor/one.finding.html")
    .answer("finding_print", () => null)
    .answer("show_in_folder", () => null)
    .answer("finding_look", () => FINDING);
}
