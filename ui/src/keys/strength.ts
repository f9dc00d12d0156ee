/** How easily a passphrase is guessed, in words. */
import type { Strength } from "../ipc/bindings";
import { t } from "../words/words";

interface Level {
  /** From 1 to 5. */
  step: number;
  words: string;
}

export const STRENGTH: Record<Strength, Level> = {
  very_weak: { step: 1, words: t("passphrase-very-weak") },
  weak: { step: 2, words: t("passphrase-weak") },
  fair: { step: 3, words: t("passphrase-fair") },
  good: { step: 4, words: t("passphrase-good") },
  strong: { step: 5, words: t("passphrase-strong") },
};
