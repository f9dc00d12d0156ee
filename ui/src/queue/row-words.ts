import type { QueueRow } from "../ipc/bindings";
import { ageInWords } from "../kit/clock.svelte";
import { counted, levelInWords, NEED, signaturesInWords, STATE } from "../kit/words";

/** A row of the queue as a screen reader says it, what matters most first. */
export function rowInWords(row: QueueRow, now: number): string {
  if (row.unreadable) return `Cannot be read: ${row.file}. ${row.unreadable}`;
  const then = Date.parse(row.created_at ?? "");
  return [
    row.title || "Without a title",
    `${STATE[row.state].word}, ${NEED[row.need] || "nothing needed"}`,
    levelInWords(row.level, (row.level ?? 0) >= 6 ? row.assurance : null),
    signaturesInWords(row.signatures, row.threshold, row.open_roles),
    ...(row.refused ? ["refused"] : []),
    ...(row.warnings > 0 ? [counted(row.warnings, "warning")] : []),
    row.decision_id || "no decision id",
    ...(Number.isNaN(then) ? [] : [`sealed ${ageInWords(then, now)}`]),
  ].join(". ");
}
