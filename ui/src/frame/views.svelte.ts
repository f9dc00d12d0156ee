import { t } from "../words/words";

/** The views of the window, of which one is shown. */
export type View = "review" | "queue" | "history" | "keys" | "hand-over" | "settings";

/** What a view is called. */
export function viewName(view: View): string {
  return t(`view-${view}`);
}

/** Which view is shown. */
export class Views {
  shown: View = $state("queue");
}
