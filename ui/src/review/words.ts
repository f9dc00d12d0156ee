import type {
  FindingOutcome,
  FindingStanding,
  ReviewKeys,
  ToldAnswer,
  TrustHere,
} from "../ipc/bindings";

/** What a reviewer can conclude. */
export const OUTCOME_OF: Record<FindingOutcome, { label: string; about: string }> = {
  accepted: { label: "Accept", about: "The pack is what it should be." },
  accepted_with_reservations: {
    label: "Accept with reservations",
    about: "A note says which.",
  },
  rejected: { label: "Reject", about: "A note says why." },
};

/** The conclusion of a finding, in words. */
export const CONCLUDED: Record<FindingOutcome, string> = {
  accepted: "Accepted",
  accepted_with_reservations: "Accepted with reservations",
  rejected: "Rejected",
};

/** Whose keys count, in a sentence. */
export const MEANS: Record<ReviewKeys, string> = {
  brought:
    "The keys came with the files under review. Whose keys they are is only claimed by the sender.",
  station: "Only keys of this station's own keyring count.",
  chosen: "Only keys of the keyring that you chose count.",
  embedded:
    "Any key counts: this shows that nothing has changed since it was signed, not who signed.",
};

/** Whose keys an open envelope is judged by, for the bar. */
export const JUDGED_BY: Record<ReviewKeys, string> = {
  brought: "Keys that came with it",
  station: "Keys of this station",
  chosen: "The keyring chosen here",
  embedded: "Any key that verifies",
};

/** What the digest that the reviewer was told stands for. */
export const ANSWER: Record<ToldAnswer, { title: string; means: string }> = {
  same: {
    title: "Same digest",
    means: "You are reviewing exactly what you were told about.",
  },
  list_only: {
    title: "Different: only the list has this digest",
    means:
      "It is the digest of the list that came with these files, and they do not match that list. This is not the pack you were told about.",
  },
  different: {
    title: "Different digest: this is not what you were told about",
    means: "Ask the sender for the digest again, and do not rely on these files until both agree.",
  },
};

/** How something that their level rests on stands here. */
export const HERE: Record<TrustHere, { key: string; root: string; log: string }> = {
  trusted: {
    key: "In your keyring",
    root: "You trust it too",
    log: "This station has seen it",
  },
  unknown: {
    key: "Not in your keyring",
    root: "Not among your roots",
    log: "New to this station",
  },
  contradicts: {
    key: "Your keyring says otherwise",
    root: "Your roots say otherwise",
    log: "This station saw another",
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
