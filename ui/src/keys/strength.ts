/** How easily a passphrase is guessed, in words. */
import type { Strength } from "../ipc/bindings";

interface Level {
  /** From 1 to 5. */
  step: number;
  words: string;
  /** Whether it may be used without a confirmation. */
  enough: boolean;
}

export const STRENGTH: Record<Strength, Level> = {
  very_weak: { step: 1, words: "Guessed at once", enough: false },
  weak: { step: 2, words: "Guessed within hours", enough: false },
  fair: { step: 3, words: "Guessed by someone who tries hard", enough: false },
  good: { step: 4, words: "Not guessed within years", enough: true },
  strong: { step: 5, words: "Not guessed, as far as is known", enough: true },
};
