import { t } from "../words/words";

/** The views of the window, of which one is shown. */
export type View = "review" | "queue" | "history" | "keys" | "hand-over" | "settings";

/** What a view is called. */
export function viewName(view: View): string {
  return t(`view-${view}`);
}

/** Where the view is kept while the window is loaded again. */
const KEPT = "view";

/** Which view is shown. */
export class Views {
  shown: View = $state("queue");

  constructor() {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (kept === "settings") this.shown = kept;
  }

  /** Loads the window again, in another language. It comes back to the settings. */
  loadAgain(): void {
    sessionStorage.setItem(KEPT, "settings");
    location.reload();
  }
}
