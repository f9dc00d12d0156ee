import type { Act } from "../keyboard";
import type { Queue } from "../queue/queue.svelte";
import type { Acts } from "./acts";
import type { Sheets } from "./sheets.svelte";
import type { Views } from "./views.svelte";

/** What the keys need besides the acts themselves. */
interface Reach {
  acts: Acts;
  views: Views;
  sheets: Sheets;
  queue: Queue;
  /** Whether a directory is open. */
  isOpen: () => boolean;
  /** The history while it is on screen: it takes the keys that it knows. */
  history: () => { act: (act: Act) => boolean } | null;
  focusSearch: () => void;
  /** Goes back to the list, with nothing selected. */
  leaveEnvelope: () => void;
}

/** Does what a key stands for, if it stands for anything in the view that is shown. */
export function press(act: Act, reach: Reach): void {
  const { acts, views, sheets, queue } = reach;
  if (views.shown === "history" && reach.history()?.act(act)) return;
  switch (act) {
    case "queue":
    case "history":
    case "keys":
    case "hand-over":
    case "settings":
      views.shown = act;
      return;
    case "devices":
      sheets.open({ kind: "devices", device: null });
      return;
    case "help":
      sheets.open({ kind: "help" });
      return;
    case "review":
      acts.chooseReview();
      return;
    case "back":
      if (views.shown === "queue") reach.leaveEnvelope();
      else views.shown = "queue";
      return;
  }
  if (views.shown === "review") return void sayWhyNot(act, acts);
  const carries = ["export", "pack", "import", "merge", "time"].includes(act);
  const isThere = views.shown === "queue" || (views.shown === "hand-over" && carries);
  if (!isThere || !reach.isOpen()) return;
  switch (act) {
    case "next":
      return void queue.move(1);
    case "previous":
      return void queue.move(-1);
    case "pick":
      return void acts.pick();
    case "pick-next":
      return acts.pickOn(1);
    case "pick-previous":
      return acts.pickOn(-1);
    case "pick-all":
      return acts.pickAll();
    case "open":
      return acts.read();
    case "search":
      return reach.focusSearch();
    case "sign":
      return acts.sign();
    case "register":
      return acts.register();
    case "merge":
      return acts.merge([]);
    case "import":
      return acts.import(null);
    case "export":
      return acts.exportSelected();
    case "time":
      return acts.askForTimeOfSelected();
    case "pack":
      return acts.pack();
  }
}

/** On the review desk no list is on screen, and what would write says that nothing can be changed. */
function sayWhyNot(act: Act, acts: Acts): void {
  if (act === "sign") acts.sign();
  else if (act === "register") acts.register();
  else if (act === "merge") acts.merge([]);
  else if (act === "import") acts.import(null);
  else if (act === "time") acts.askForTimeOfSelected();
}
