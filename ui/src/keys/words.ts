import type { SignerType } from "../ipc/bindings";
import { t } from "../words/words";

/** A kind of key in one word, where a column says that it is one. */
export const KIND_WORD: Record<SignerType, string> = {
  software: t("kind-word-software"),
  hardware: t("kind-word-hardware"),
  external: t("kind-word-external"),
};
