import type { Acts } from "../frame/acts";
import type { EnvelopeView, Role } from "../ipc/bindings";
import { ROLE } from "../kit/words";
import { t } from "../words/words";

/** The act that an envelope needs next, as the one main button offers it. */
export interface MainAct {
  /** What the button says. */
  name: string;
  hotkey?: string;
  run: (acts: Acts) => void;
}

/** The act that is needed next; null if this station can do nothing, which the sentence says. */
export function mainAct(envelope: EnvelopeView): MainAct | null {
  switch (envelope.next) {
    case "register":
      return { name: t("main-register"), hotkey: "R", run: (acts) => acts.register() };
    case "enrol":
      return { name: t("main-enrol"), run: (acts) => acts.enrol() };
    case "sign":
      return { name: signName(envelope), hotkey: "S", run: (acts) => acts.sign() };
    default:
      return null;
  }
}

/** "Sign…" for the first signature, "Co-sign as witness…" for a later one. */
function signName({ need, signatures }: EnvelopeView): string {
  if (need === "hardware key") return t("main-sign.hardware");
  if (signatures.length === 0) return t("main-sign");
  const role = need in ROLE ? ROLE[need as Role] : "none";
  return t("main-co-sign", { role });
}
