import type { OpenEnvelope } from "../envelope/open.svelte";
import { whyNotRegistrable } from "../envelope/registrable";
import type { Act } from "../keyboard";
import type { Picked } from "../queue/picked.svelte";
import type { Queue } from "../queue/queue.svelte";
import type { Station } from "../station.svelte";
import { t } from "../words/words";
import { viewName, type Views } from "./views.svelte";

/** What decides whether an act can be done. */
export interface Standing {
  station: Station;
  views: Views;
  queue: Queue;
  picked: Picked;
  /** The envelope that is being read. */
  envelope: OpenEnvelope;
}

/** Acts on the list or on the envelope that is read: they need both on screen. */
const IN_THE_QUEUE: readonly Act[] = [
  "next",
  "previous",
  "open",
  "pick",
  "pick-next",
  "pick-previous",
  "pick-all",
  "sign",
  "refuse",
  "register",
  "enrol",
  "attach",
  "check-inputs",
  "disclose",
  "export",
  "pack",
  "print",
  "time",
];

/** Those of them that handing over has too. */
const HANDED_OVER: readonly Act[] = ["export", "pack", "print", "time"];

/** Acts that the history does, while it is on screen. */
const IN_THE_HISTORY: readonly Act[] = ["closer", "further", "earlier", "later", "whole"];

/** Acts that need an open directory and nothing else. */
const IN_A_DIRECTORY: readonly Act[] = [
  ...IN_THE_QUEUE,
  "next-for-me",
  "search",
  "show-all",
  "merge",
  "import",
  "time-import",
  "timeline",
  "table",
];

/** What cannot be done to a directory that is only reviewed. */
const NOT_IN_A_REVIEW: readonly Act[] = [
  "sign",
  "refuse",
  "register",
  "enrol",
  "attach",
  "merge",
  "import",
  "time",
  "time-import",
];

/** Why an act cannot be done now, in one sentence or two; null if it can. */
export function whyNot(act: Act, standing: Standing): string | null {
  const { station, views } = standing;
  const view = station.view;
  if (act === views.shown) return t("why-not-there", { view: viewName(act) });
  if (act === "stop-review") return view?.review ? null : t("why-not-no-review");
  if (IN_A_DIRECTORY.includes(act) && !view?.directory)
    return view ? t("why-not-no-directory") : t("why-not-no-answer");
  if (IN_THE_HISTORY.includes(act) && views.shown !== "history") return t("why-not-in-history");
  if (NOT_IN_A_REVIEW.includes(act) && view?.review) return t("why-not-in-review", { act });
  if (!IN_THE_QUEUE.includes(act)) return whyNotInList(act, standing);
  const carries = views.shown === "hand-over" && HANDED_OVER.includes(act);
  if (views.shown !== "queue" && !carries) return t("why-not-in-queue");
  return whyNotInList(act, standing) ?? whyNotToEnvelope(act, standing);
}

/** What of the list keeps an act from being done. */
function whyNotInList(act: Act, { queue }: Standing): string | null {
  switch (act) {
    case "next-for-me":
      return (queue.forYou ?? queue.pending) === 0 ? t("why-not-for-me") : null;
    case "show-all":
      return queue.narrowed ? null : t("why-not-narrowed");
    case "next":
    case "pick-next":
      return (
        whyNoRow(queue) ??
        (queue.indexOf(queue.selected) === queue.total - 1 ? t("why-not-last") : null)
      );
    case "previous":
    case "pick-previous":
      return whyNoRow(queue) ?? (queue.indexOf(queue.selected) === 0 ? t("why-not-first") : null);
    case "open":
    case "pick":
    case "pick-all":
      return whyNoRow(queue);
    default:
      return null;
  }
}

function whyNoRow(queue: Queue): string | null {
  if (queue.total > 0) return null;
  if (!queue.known) return t("why-not-unknown");
  return queue.all === 0 ? t("why-not-empty") : t("why-not-no-match");
}

/** What of the envelope that is read, or of those that are selected, keeps an act from being done. */
function whyNotToEnvelope(act: Act, { queue, picked, envelope: open }: Standing): string | null {
  switch (act) {
    case "sign":
    case "register":
    case "export":
    case "time":
      if (picked.size > 0) return null;
      break;
    case "refuse":
    case "enrol":
    case "attach":
    case "check-inputs":
    case "disclose":
    case "pack":
    case "print":
      break;
    default:
      return null;
  }
  if (queue.selected === null) return t("why-not-no-envelope");
  const envelope = open.view;
  if (envelope?.id !== queue.selected) return t("why-not-unread");
  if (open.gone) return t("why-not-gone");
  if (act === "enrol") return envelope.enrol.length > 0 ? null : t("why-not-enrolled");
  if (act === "attach" && envelope.signatures.length === 0) return t("why-not-unsigned");
  if (act === "register" && !envelope.registrable) {
    const { message, hint } = whyNotRegistrable(envelope);
    return hint ? `${message}. ${hint}` : `${message}.`;
  }
  if (act === "check-inputs" || act === "disclose") {
    if (envelope.content?.sources.length === 0) return t("why-not-no-inputs");
    if (act === "disclose" && envelope.signatures.length === 0) return t("why-not-unsigned");
  }
  return envelope.content || act === "attach" ? null : t("why-not-unreadable");
}
