/** The views of the window, of which one is shown. */
export type View = "review" | "queue" | "history" | "keys" | "hand-over" | "settings";

/** Which view is shown. */
export class Views {
  shown: View = $state("queue");
}
