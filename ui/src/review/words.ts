import type {
  FindingOutcome,
  FindingStanding,
  ReviewKeys,
  ToldAnswer,
  TrustHere,
} from "../ipc/bindings";
import { t } from "../words/words";

/** What a reviewer can conclude. */
export const OUTCOME_OF: Record<FindingOutcome, { label: string; about: string }> = {
  accepted: { label: t("outcome-accept"), about: t("outcome-accept.about") },
  accepted_with_reservations: {
    label: t("outcome-reserve"),
    about: t("outcome-reserve.about"),
  },
  rejected: { label: t("outcome-reject"), about: t("outcome-reject.about") },
};

/** The conclusion of a finding, in words. */
export const CONCLUDED: Record<FindingOutcome, string> = {
  accepted: t("outcome-accept.done"),
  accepted_with_reservations: t("outcome-reserve.done"),
  rejected: t("outcome-reject.done"),
};

/** Whose keys count, in a sentence. */
export const MEANS: Record<ReviewKeys, string> = {
  brought: t("judged-by-brought.means"),
  station: t("judged-by-station.means"),
  chosen: t("judged-by-chosen.means"),
  embedded: t("judged-by-embedded.means"),
};

/** Whose keys an open envelope is judged by, for the bar. */
export const JUDGED_BY: Record<ReviewKeys, string> = {
  brought: t("judged-by-brought"),
  station: t("judged-by-station"),
  chosen: t("judged-by-chosen"),
  embedded: t("judged-by-embedded"),
};

/** What the digest that the reviewer was told stands for. */
export const ANSWER: Record<ToldAnswer, { title: string; means: string }> = {
  same: {
    title: t("told-same"),
    means: t("told-same.means"),
  },
  list_only: {
    title: t("told-list-only"),
    means: t("told-list-only.means"),
  },
  different: {
    title: t("told-different"),
    means: t("told-different.means"),
  },
};

/** How something that their level rests on stands here. */
export const HERE: Record<TrustHere, { key: string; root: string; log: string }> = {
  trusted: {
    key: t("here-trusted-key"),
    root: t("here-trusted-root"),
    log: t("here-trusted-log"),
  },
  unknown: {
    key: t("here-unknown-key"),
    root: t("here-unknown-root"),
    log: t("here-unknown-log"),
  },
  contradicts: {
    key: t("here-contradicts-key"),
    root: t("here-contradicts-root"),
    log: t("here-contradicts-log"),
  },
};

/** How far a finding can be relied on, as a tone. */
export const TONE: Record<FindingStanding, "good" | "warn" | "bad" | "info"> = {
  holds: "good",
  not_compared: "info",
  not_accepted: "warn",
  another_pack: "bad",
  invalid: "bad",
};
