import type { ActChoice, ActCounts, ActView, RawPart, TermsView } from "../ipc/bindings";
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
      return "Touch your YubiKey now";
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
    ? "Stopping"
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
