import type { Assurance, SignerType } from "../ipc/bindings";
import { t } from "../words/words";

/** A kind of key in one word, where a column says that it is one. */
export const KIND_WORD: Record<SignerType, string> = {
  software: t("kind-word-software"),
  hardware: t("kind-word-hardware"),
  external: t("kind-word-external"),
};

/** What vouches for the kind of key, in one word. */
export const ASSURANCE_WORD: Record<Assurance, string> = {
  claimed: t("assurance-word-claimed"),
  pinned: t("assurance-word-pinned"),
  attested: t("assurance-word-attested"),
};
