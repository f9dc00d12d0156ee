import type { EnvelopeView } from "../ipc/bindings";
import { said, t } from "../words/words";

/** Why an envelope cannot be registered now, and what to do. */
export function whyNotRegistrable(envelope: EnvelopeView): { message: string; hint: string } {
  const manifest = failedCheck(envelope, 2);
  const log = envelope.rungs.find(({ level }) => level === 3)?.outcome;
  if (log === "pass" || log === "warn") return { message: t("registrable-already"), hint: "" };
  if (envelope.next === "none" && manifest?.id.startsWith("manifest."))
    return {
      message: t("registrable-other-manifest"),
      hint: said(manifest.detail),
    };
  if (!envelope.signatures.some(({ standing }) => standing === "valid"))
    return {
      message: t("registrable-unsigned"),
      hint: t("registrable-unsigned.hint"),
    };
  const stop = failedCheck(envelope, 3);
  return { message: t("registrable-not-now"), hint: stop ? said(stop.detail) : "" };
}

/** The first required check of a level that does not hold. */
function failedCheck(envelope: EnvelopeView, level: number) {
  return envelope.rungs
    .find((rung) => rung.level === level)
    ?.checks.find(({ required, outcome }) => required && !["pass", "warn"].includes(outcome));
}
