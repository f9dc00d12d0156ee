import type { Judgement, TrustEffect, TrustShift } from "../ipc/bindings";
import { STATE } from "../kit/words";
import { t } from "../words/words";

/** How a change moves an envelope, as it is read before its levels. */
export const SHIFT: Record<TrustShift, string> = {
  falls: t("effect-falls.one"),
  rises: t("effect-rises.one"),
  otherwise: t("effect-otherwise.one"),
};

/** The effect of a change in one sentence. */
export function effectInWords({ judged, rise, fall, otherwise }: TrustEffect): string {
  if (judged === 0) return t("effect-empty");
  const changes = [
    ...(fall > 0 ? [t("effect-falls", { count: fall })] : []),
    ...(rise > 0 ? [t("effect-rises", { count: rise })] : []),
    ...(otherwise > 0 ? [t("effect-otherwise", { count: otherwise })] : []),
  ];
  if (changes.length === 0) return t("effect-nothing", { judged });
  return t("effect-of", { judged, changes: changes.join(", ") });
}

/** What changes about an envelope whose level stays: how many signatures count, or how it stands. */
export function otherwiseInWords(before: Judgement, after: Judgement): string {
  if (before.counted !== after.counted || before.threshold !== after.threshold)
    return t("effect-signatures", {
      had: before.counted,
      needed: before.threshold,
      has: after.counted,
      needs: after.threshold,
    });
  return t("effect-state", { before: STATE[before.state].word, after: STATE[after.state].word });
}
