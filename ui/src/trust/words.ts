import type { Judgement, TrustEffect, TrustShift } from "../ipc/bindings";
import { counted, figure, STATE } from "../kit/words";

/** How a change moves an envelope, in one word. */
export const SHIFT: Record<TrustShift, string> = {
  falls: "falls",
  rises: "rises",
  otherwise: "keeps its level",
};

/** A number of envelopes that do something: "1 falls", "12 rise". */
const does = (number: number, one: string, many: string) =>
  `${figure(number)} ${number === 1 ? one : many}`;

/** The effect of a change in one sentence. */
export function effectInWords({ judged, rise, fall, otherwise }: TrustEffect): string {
  if (judged === 0) return "The open directory has no envelopes.";
  const parts = [
    ...(fall > 0 ? [does(fall, "falls", "fall")] : []),
    ...(rise > 0 ? [does(rise, "rises", "rise")] : []),
    ...(otherwise > 0
      ? [
          does(
            otherwise,
            "keeps its level and changes otherwise",
            "keep their level and change otherwise",
          ),
        ]
      : []),
  ];
  if (parts.length === 0)
    return `Nothing changes: ${judged === 1 ? "the one envelope keeps" : `all ${counted(judged, "envelope")} keep`} the level.`;
  return `Of ${counted(judged, "envelope")}: ${parts.join(", ")}.`;
}

/** What changes about an envelope whose level stays: how many signatures count, or how it stands. */
export function otherwiseInWords(before: Judgement, after: Judgement): string {
  const counts = ({ counted: number, threshold }: Judgement) => `${number} of ${threshold}`;
  if (counts(before) !== counts(after)) return `signatures ${counts(before)} → ${counts(after)}`;
  return `${STATE[before.state].word} → ${STATE[after.state].word}`;
}
