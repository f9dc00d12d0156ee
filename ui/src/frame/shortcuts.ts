import type { Act } from "../keyboard";
import { hints } from "../kit/hints.svelte";
import type { Acts } from "./acts";
import type { Sheets } from "./sheets.svelte";
import { type Standing, whyNot } from "./why-not";

/** What an act would do now. */
export interface Offer {
  /** Why it cannot be done; null if it can. */
  why: string | null;
  run: () => void;
}

/** What an act needs besides the acts themselves. */
export interface Reach extends Standing {
  acts: Acts;
  sheets: Sheets;
  /** The history while it is on screen: it does the acts that it knows, and says null to others. */
  history: () => { offer: (act: Act) => Offer | null } | null;
  focusSearch: () => void;
  /** Goes back to the list, with nothing selected. */
  leaveEnvelope: () => void;
}

/** Does an act, or says why it cannot be done now. */
export function press(act: Act, reach: Reach): void {
  const { why, run } = offer(act, reach);
  if (why !== null) return hints.say(why);
  hints.clear();
  run();
}

/** What an act would do now, in the view that is shown. */
export function offer(act: Act, reach: Reach): Offer {
  const own = reach.views.shown === "history" ? reach.history()?.offer(act) : null;
  return own ?? { why: whyNot(act, reach), run: () => run(act, reach) };
}

function run(act: Act, reach: Reach): void {
  const { acts, views, sheets, queue } = reach;
  switch (act) {
    case "next":
      return void queue.move(1);
    case "previous":
      return void queue.move(-1);
    case "next-for-me":
      return acts.nextForMe();
    case "open":
      return acts.read();
    case "pick":
      return void acts.pick();
    case "pick-next":
      return acts.pickOn(1);
    case "pick-previous":
      return acts.pickOn(-1);
    case "pick-all":
      return acts.pickAll();
    case "search":
      views.shown = "queue";
      return reach.focusSearch();
    case "show-all":
      return queue.showAll();
    case "back":
      if (views.shown === "queue") return reach.leaveEnvelope();
      views.shown = "queue";
      return;
    case "sign":
      return acts.sign();
    case "refuse":
      return acts.refuse();
    case "register":
      return acts.register();
    case "enrol":
      return acts.enrol();
    case "attach":
      return acts.attach();
    case "check-inputs":
      return acts.checkInputs();
    case "disclose":
      return acts.chooseDisclosed();
    case "check-disclosure":
      return acts.checkDisclosure(null);
    case "merge":
      return acts.merge([]);
    case "import":
      return acts.import(null);
    case "export":
      return acts.exportSelected();
    case "pack":
      return acts.pack();
    case "print":
      return acts.print();
    case "time":
      return acts.askForTimeOfSelected();
    case "time-import":
      return acts.importTimes([]);
    case "review":
      return acts.chooseReview();
    case "stop-review":
      return acts.stopReview();
    case "timeline":
    case "table":
    case "journal":
      return acts.showHistoryAs(act);
    case "open-directory":
      return acts.pickDirectory();
    case "queue":
    case "history":
    case "keys":
    case "hand-over":
    case "settings":
      views.shown = act;
      return;
    case "devices":
      return void sheets.open({ kind: "devices", device: null });
    case "palette":
      return void sheets.open({ kind: "palette" });
    case "help":
      return void sheets.open({ kind: "help" });
    case "about":
      return void sheets.open({ kind: "about" });
    case "larger":
    case "smaller":
      return acts.changeTextSize(act);
    case "normal-size":
      return acts.changeTextSize("normal");
    case "closer":
    case "further":
    case "earlier":
    case "later":
    case "whole":
      // The history itself does them.
      return;
  }
}
