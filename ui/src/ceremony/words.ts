import type { ActChoice, ActCounts, ActView, ArtifactView, Asks, TermsView } from "../ipc/bindings";
import { levelName, ROLE } from "../kit/words";
import { t } from "../words/words";
import type { Act } from "./act.svelte";

/** The steps of an act. */
export const STEPS = [
  t("ceremony-step-read"),
  t("ceremony-step-key"),
  t("ceremony-step-secret"),
  t("ceremony-step-sign"),
  t("ceremony-step-done"),
];

const SECRET: Record<string, string> = {
  PIN: t("ceremony-secret-pin"),
  passphrase: t("ceremony-secret-passphrase"),
};

/** What opens a key, in words. */
export function secretName(secret: string): string {
  return SECRET[secret] ?? secret;
}

/** What a touch signs, for one envelope: its files, and then the claim. Undefined if it is not known. */
export function touchedFor(
  { touch, of }: { touch: number; of: number },
  artifacts: ArtifactView[],
): string | undefined {
  const touches = [...artifacts.map(({ part }) => part), "claim"];
  return of === touches.length ? touches[touch - 1] : undefined;
}

/** What is on screen in one or two sentences, for screen readers. */
export function announcementOf(act: Act): string {
  const view = act.shown;
  const now = view?.now;
  const heading = headingOf(act);
  if (now?.state === "touch_needed" && act.part === "touch_needed") {
    const { touch, of } = now;
    const part = touchedFor(now, view?.artifacts ?? []) ?? "none";
    const which = of === 1 ? "only" : touch === 1 ? "first" : "later";
    return t("ceremony-said-touch", { which, touch, of, part });
  }
  if (act.part === "ended" && !act.several && view)
    return t("ceremony-said-done", { signed: signedBy(view), heading });
  // Why is said by the notice, which has the focus.
  if (act.part === "refused") return `${heading}.`;
  const name = STEPS[act.step];
  if (!name) return heading;
  return t("ceremony-said-step", { step: act.step + 1, of: STEPS.length, name, heading });
}

/** Who signed or refused in which role, as a sentence. */
function signedBy({ choice, refusing }: ActView): string {
  if (!choice) return "";
  const refuses = refusing ? "yes" : "no";
  return t("ceremony-signed-by", { refuses, signer: choice.signer_id, role: ROLE[choice.role] });
}

/** The heading of what is on screen. */
export function headingOf(act: Act): string {
  const view = act.shown;
  if (act.several && act.opened?.row) return act.opened.row.decision_id || act.opened.row.file;
  switch (act.part) {
    case "refused":
      if (view?.stage !== "ended") return t("ceremony-heading-unread");
      return view.refusing ? t("ceremony-heading-not-refused") : t("ceremony-heading-not-signed");
    case "gathering":
      return act.several
        ? t("ceremony-heading-reading", { count: act.envelopes.length })
        : t("ceremony-heading-reading-files");
    case "reading":
      return t("ceremony-heading-read");
    case "choosing":
      return view?.refusing ? t("ceremony-heading-refuse") : t("ceremony-heading-choose");
    case "secret_needed":
      if (view?.now?.state !== "secret_needed") return "";
      return t("ceremony-heading-secret", {
        secret: secretName(view.now.secret),
        key: view.now.of,
      });
    case "touch_needed":
      return view?.now?.state === "touch_needed" && view.now.touch > 1
        ? t("ceremony-heading-touch-again")
        : t("ceremony-heading-touch");
    case "touch_missed":
      return t("ceremony-heading-not-touched");
    case "signing":
      return act.several ? signingAll(act) : signingOne(view);
    case "ended":
      if (!view) return "";
      return act.several
        ? endingOf(view.counts)
        : t("ceremony-heading-written", { level: levelName(view.at?.level ?? null) });
  }
}

function signingAll({ stopping, shown, envelopes }: Act): string {
  return stopping
    ? t("ceremony-heading-cancelling")
    : t("ceremony-heading-signing-all", { count: shown?.turn.of ?? envelopes.length });
}

function signingOne(view: ActView | null): string {
  switch (view?.now?.state) {
    case "verifying":
      return t("ceremony-heading-verifying");
    case "writing":
      return t("ceremony-heading-writing");
    default:
      return t("ceremony-heading-signing");
  }
}

/** How many envelopes were signed, and how many were not. */
function endingOf({ written, not_reached, failed }: ActCounts): string {
  if (written === 0) return t("ceremony-heading-nothing-signed");
  return t("ceremony-heading-ended", { written, missing: not_reached + failed });
}

/** The name of the act: "Co-sign DEC-014 as witness". While the person chooses, that of the draft. */
export function actNamed({ shown: view, isFirst }: Act, draft: ActChoice | null): string {
  if (!view) return t("ceremony-act-begun");
  const choice = view.stage === "choosing" ? draft : view.choice;
  return t("ceremony-act", {
    verb: view.refusing ? "refuse" : isFirst ? "sign" : "co-sign",
    what: signedIn(view),
    role: choice ? ROLE[choice.role] : "none",
  });
}

/** Which secret is typed before a key signs; what is typed at the token itself is none. */
const TYPED: Record<Asks, "PIN" | "passphrase" | null> = {
  nothing: null,
  passphrase: "passphrase",
  PIN: "PIN",
  "PIN on the PIN pad": null,
  touch: null,
  "PIN and touch": "PIN",
  "PIN, and a touch if it blinks": "PIN",
};

/** The step that follows once a key is chosen, if a secret is typed for it. */
export function typingOf(asks: Asks | undefined): string | null {
  const secret = asks && TYPED[asks];
  return secret ? t("ceremony-type-secret", { secret }) : null;
}

/** What is signed: the decision, or how many envelopes. */
function signedIn({ total, at, stage, counts, turn }: ActView): string {
  if (total === 1 && at) return setOff(at.decision_id || at.file);
  switch (stage) {
    case "gathering":
      return t("ceremony-envelopes", { count: total });
    case "reading":
    case "choosing":
      return t("ceremony-envelopes", { count: counts.ready });
    default:
      return t("ceremony-envelopes", { count: turn.of });
  }
}

/** Longest name of a decision in the name of an act, in characters: what follows is never cut off. */
const LONGEST = 24;

/** The name of a decision: short, and in quotes if it could be mistaken for words of the program. */
function setOff(decision: string): string {
  const name = Array.from(decision.trim().replace(/\s+/gu, " "));
  const short = name.length > LONGEST ? `${name.slice(0, LONGEST - 1).join("")}…` : name.join("");
  return /^[\p{L}\p{N}\-_./:#…]*$/u.test(short) ? short : t("ceremony-quoted", { name: short });
}

/** The roles that terms ask for, in words; "none" selects the sentence without them. */
export function requiredBy({ required_roles: roles }: TermsView): string {
  return roles.map((role) => ROLE[role]).join(", ") || "none";
}

/** What terms ask for: "2 signatures, including operator, witness". */
export function askedBy(terms: TermsView): string {
  return t("ceremony-asked", { threshold: terms.threshold, roles: requiredBy(terms) });
}
