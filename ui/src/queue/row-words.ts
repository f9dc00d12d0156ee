import type { QueueRow } from "../ipc/bindings";
import { ageInWords } from "../kit/clock.svelte";
import { levelInWords, NEED, signaturesInWords, STATE } from "../kit/words";
import { t } from "../words/words";

/** A row of the queue as a screen reader says it, what matters most first. */
export function rowInWords(row: QueueRow, now: number): string {
  if (row.unreadable) return t("queue-row-unreadable.why", { file: row.file, why: row.unreadable });
  const then = Date.parse(row.created_at ?? "");
  return [
    row.title || t("queue-row-untitled"),
    `${STATE[row.state].word}, ${NEED[row.need] || t("queue-row-needs-nothing")}`,
    levelInWords(row.level, (row.level ?? 0) >= 6 ? row.assurance : null),
    signaturesInWords(row.signatures, row.threshold, row.open_roles),
    ...(row.refused ? [t("queue-row-refused")] : []),
    ...(row.warnings > 0 ? [t("queue-row-warnings", { count: row.warnings })] : []),
    row.decision_id || t("queue-row-no-id"),
    ...(Number.isNaN(then) ? [] : [t("queue-row-sealed", { age: ageInWords(then, now) })]),
  ].join(". ");
}
