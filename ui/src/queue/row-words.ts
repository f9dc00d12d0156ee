import type { Need, QueueRow } from "../ipc/bindings";
import { ageInWords } from "../kit/clock.svelte";
import { counted, levelInWords, signaturesInWords, STATE } from "../kit/words";

/** What an envelope needs, in words. */
export function needInWords(need: Need): string {
  switch (need) {
    case "nothing":
      return "nothing needed";
    // Nothing can be added to such a run: it is the only need that is an act of its author.
    case "sealing anew":
      return "must be sealed again";
    case "refusal":
      return "needs an answer to a refusal";
    default:
      return `needs ${need}`;
  }
}

/** A row of the queue as a screen reader says it, what matters most first. */
export function rowInWords(row: QueueRow, now: number): string {
  if (row.unreadable) return `Cannot be read: ${row.file}. ${row.unreadable}`;
  const then = Date.parse(row.created_at ?? "");
  return [
    row.title || "Without a title",
    `${STATE[row.state].word}, ${needInWords(row.need)}`,
    levelInWords(row.level, (row.level ?? 0) >= 6 ? row.assurance : null),
    signaturesInWords(row.signatures, row.threshold),
    ...(row.refused ? ["refused"] : []),
    ...(row.warnings > 0 ? [counted(row.warnings, "warning")] : []),
    row.decision_id || "no decision id",
    ...(Number.isNaN(then) ? [] : [`sealed ${ageInWords(then, now)}`]),
  ].join(". ");
}
