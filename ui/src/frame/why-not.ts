import type { OpenEnvelope } from "../envelope/open.svelte";
import { whyNotRegistrable } from "../envelope/registrable";
import type { Act } from "../keyboard";
import type { Picked } from "../queue/picked.svelte";
import type { Queue } from "../queue/queue.svelte";
import type { Station } from "../station.svelte";
import type { Views } from "./views.svelte";

/** What decides whether an act can be done. */
export interface Standing {
  station: Station;
  views: Views;
  queue: Queue;
  picked: Picked;
  /** The envelope that is being read. */
  envelope: OpenEnvelope;
}

const NO_DIRECTORY = "No directory is open. Press Ctrl+O to open one.";
const NO_ENVELOPE = "No envelope is open. Choose one with j and k.";

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
const REVIEWED: Partial<Record<Act, string>> = {
  sign: "sign",
  refuse: "refuse",
  register: "register",
  enrol: "enrol a key",
  attach: "attach evidence",
  merge: "merge",
  import: "import",
  time: "ask for a time stamp",
  "time-import": "import time stamps",
};

/** Why an act cannot be done now, in one sentence or two; null if it can. */
export function whyNot(act: Act, standing: Standing): string | null {
  const { station, views } = standing;
  const view = station.view;
  if (act === views.shown) return `You are in the view “${act.replace("-", " ")}” already.`;
  if (act === "stop-review") return view?.review ? null : "Nothing is reviewed.";
  if (IN_A_DIRECTORY.includes(act) && !view?.directory)
    return view ? NO_DIRECTORY : "The station has not answered yet.";
  if (IN_THE_HISTORY.includes(act) && views.shown !== "history")
    return "This works in the history. Press g and then h to go there.";
  const change = REVIEWED[act];
  if (change && view?.review) return `You cannot ${change} during a review. Stop reviewing first.`;
  if (!IN_THE_QUEUE.includes(act)) return whyNotInList(act, standing);
  const carries = views.shown === "hand-over" && HANDED_OVER.includes(act);
  if (views.shown !== "queue" && !carries)
    return "This works in the queue. Press g and then q to go there.";
  return whyNotInList(act, standing) ?? whyNotToEnvelope(act, standing);
}

/** What of the list keeps an act from being done. */
function whyNotInList(act: Act, { queue }: Standing): string | null {
  switch (act) {
    case "next-for-me":
      return (queue.forYou ?? queue.pending) === 0 ? "Nothing here is for you now." : null;
    case "show-all":
      return queue.narrowed ? null : "Everything is listed: there is no search and no filter.";
    case "next":
    case "pick-next":
      return (
        whyNoRow(queue) ??
        (queue.indexOf(queue.selected) === queue.total - 1 ? "This is the last envelope." : null)
      );
    case "previous":
    case "pick-previous":
      return (
        whyNoRow(queue) ??
        (queue.indexOf(queue.selected) === 0 ? "This is the first envelope." : null)
      );
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
  if (!queue.known) return "The queue is still being read.";
  return queue.all === 0
    ? "The queue is empty: there is no sealed run here."
    : "No envelope matches the search and filters.";
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
    case "pack":
    case "print":
      break;
    default:
      return null;
  }
  if (queue.selected === null) return NO_ENVELOPE;
  const envelope = open.view;
  if (envelope?.id !== queue.selected) return "The envelope is still being read.";
  if (open.gone) return "This envelope is no longer on disk.";
  if (act === "enrol")
    return envelope.enrol.length > 0 ? null : "Every key that signed it is in the keyring.";
  if (act === "attach" && envelope.signatures.length === 0) return "No one has signed it yet.";
  if (act === "register" && !envelope.registrable) {
    const { message, hint } = whyNotRegistrable(envelope);
    return hint ? `${message}. ${hint}` : `${message}.`;
  }
  return envelope.content || act === "attach" ? null : "This file cannot be read as a sealed run.";
}
