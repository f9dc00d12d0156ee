import type { Acts } from "../frame/acts";
import type { EnvelopeView, Need } from "../ipc/bindings";

/** The act that an envelope needs next, as the one main button offers it. */
export interface MainAct {
  /** What the button says. */
  name: string;
  hotkey?: string;
  run: (acts: Acts) => void;
}

const ROLES: readonly Need[] = ["operator", "witness", "reviewer", "auditor"];

/** The act that is needed next; null if this station can do nothing, which the sentence says. */
export function mainAct(envelope: EnvelopeView): MainAct | null {
  switch (envelope.next) {
    case "register":
      return { name: "Register in the log…", hotkey: "R", run: (acts) => acts.register() };
    case "enrol":
      return { name: "Enrol the key…", run: (acts) => acts.enrol() };
    case "sign":
      return { name: signName(envelope), hotkey: "S", run: (acts) => acts.sign() };
    default:
      return null;
  }
}

/** "Sign…" for the first signature, "Co-sign as witness…" for a later one. */
function signName({ need, signatures }: EnvelopeView): string {
  if (need === "hardware key") return "Sign with a hardware key…";
  if (signatures.length === 0) return "Sign…";
  return ROLES.includes(need) ? `Co-sign as ${need}…` : "Co-sign…";
}
