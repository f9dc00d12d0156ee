/** How easily a passphrase is guessed, in words. */
import type { Strength } from "../ipc/bindings";

interface Level {
  /** From 1 to 5. */
  step: number;
  words: string;
}

export const STRENGTH: Record<Strength, Level> = {
  very_weak: { step: 1, words: "Guessed at once" },
  weak: { step: 2, words: "Guessed within hours" },
  fair: { step: 3, words: "Guessed by someone who tries hard" },
  good: { step: 4, words: "Not guessed within years" },
  strong: { step: 5, words: "Not guessed, as far as is known" },
};
