import type {
  ActChoice,
  ActCounts,
  ActView,
  ArtifactView,
  RawPart,
  TermsView,
} from "../ipc/bindings";
import { counted, figure, levelName } from "../kit/words";
import type { Act } from "./act.svelte";

/** The files of an envelope, in words. */
export const PARTS: Record<RawPart, string> = {
  run: "Sealed run",
  manifest: "Manifest",
  run_signatures: "Signatures of the run",
  manifest_signatures: "Signatures of the manifest",
  refusals: "Refusals",
};

/** The steps of an act. */
export const STEPS = ["Read", "Key", "Secret", "Sign", "Done"] as const;

/** What a touch signs, for one envelope: its files, and then the claim. Undefined if it is not known. */
export function touchedFor(
  { touch, of }: { touch: number; of: number },
  artifacts: ArtifactView[],
): string | undefined {
  const touches = [...artifacts.map(({ part }) => PARTS[part].toLowerCase()), "claim"];
  return of === touches.length ? touches[touch - 1] : undefined;
}

/** What is on screen in one or two sentences, for screen readers. */
export function announcementOf(act: Act): string {
  const view = act.shown;
  const now = view?.now;
  const heading = headingOf(act);
  if (now?.state === "touch_needed" && act.part === "touch_needed") {
    const signs = touchedFor(now, view?.artifacts ?? []);
    const which = now.of > 1 ? `Touch ${now.touch} of ${now.of}: ` : "";
    return `${which}${which ? heading.replace("Touch", "touch") : heading}${signs ? `, for the ${signs}` : ""}.`;
  }
  if (act.part === "ended" && !act.several && view) return `Done. ${signedBy(view)} ${heading}.`;
  // Why is said by the notice, which has the focus.
  if (act.part === "refused") return `${heading}.`;
  const step = STEPS[act.step];
  return step ? `Step ${act.step + 1} of ${STEPS.length}, ${step}: ${heading}.` : heading;
}

/** Who signed or refused in which role, as a sentence. */
export function signedBy({ choice, refusing }: ActView): string {
  if (!choice) return "";
  return `${choice.signer_id} ${refusing ? "refused" : "signed"} as ${choice.role}.`;
}

/** The heading of what is on screen. */
export function headingOf(act: Act): string {
  const view = act.shown;
  if (act.several && act.opened?.row) return act.opened.row.decision_id || act.opened.row.file;
  switch (act.part) {
    case "refused":
      if (view?.stage !== "ended") return "Nothing could be read";
      return view.refusing ? "Not refused" : "Not signed";
    case "gathering":
      return act.several
        ? `Reading ${counted(act.envelopes.length, "envelope")}`
        : "Reading the files";
    case "reading":
      return "Read what you sign";
    case "choosing":
      return view?.refusing ? "Say why, and choose key and role" : "Choose key, name and role";
    case "secret_needed":
      return view?.now?.state === "secret_needed" ? `The ${view.now.secret} of ${view.now.of}` : "";
    case "touch_needed":
      return view?.now?.state === "touch_needed" && view.now.touch > 1
        ? "Touch your YubiKey again"
        : "Touch your YubiKey now";
    case "touch_missed":
      return "Not touched in time";
    case "signing":
      return act.several ? signingAll(act) : signingOne(view);
    case "ended":
      if (!view) return "";
      return act.several ? endingOf(view.counts) : `Written. ${levelName(view.at?.level ?? null)}`;
  }
}

function signingAll({ stopping, shown, envelopes }: Act): string {
  return stopping
    ? "Cancelling"
    : `Signing ${counted(shown?.turn.of ?? envelopes.length, "envelope")}`;
}

function signingOne(view: ActView | null): string {
  const state = view?.now?.state;
  return state === "verifying" ? "Verifying" : state === "writing" ? "Writing" : "Signing";
}

/** How many envelopes were signed, and how many were not. */
function endingOf({ written, not_reached, failed }: ActCounts): string {
  if (written === 0) return "Nothing is signed";
  const signed = `${counted(written, "envelope")} signed`;
  const missing = not_reached + failed;
  return missing === 0 ? signed : `${signed}, ${figure(missing)} not`;
}

/**
 * The name of the act. The station names it with the role of the last choice; while the person
 * chooses, the draft can have another role.
 */
export function actNamed(view: ActView | null, draft: ActChoice | null): string {
  if (!view) return "Sign";
  if (view.stage !== "choosing") return view.act;
  const role = view.choice ? ` as ${view.choice.role}` : "";
  const bare = role && view.act.endsWith(role) ? view.act.slice(0, -role.length) : view.act;
  return draft ? `${bare} as ${draft.role}` : bare;
}

/** What terms ask for: "2 signatures, including operator, witness". */
export function askedBy({ threshold, required_roles: roles }: TermsView): string {
  const including = roles.length > 0 ? `, including ${roles.join(", ")}` : "";
  return `${counted(threshold, "signature")}${including}`;
}
