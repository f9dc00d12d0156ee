import { ask, problemOf } from "../ipc/ask";
import {
  type ActChoice,
  type ActRow,
  type ActStage,
  type ActView,
  commands,
  events,
  type Problem,
  type ReadingView,
} from "../ipc/bindings";
import { Calls } from "./calls.svelte";

/** Work shorter than this is not shown as work, in milliseconds. */
const QUICK = 300;

/** The step by stage. */
const STEP: Record<ActStage, number> = {
  gathering: 0,
  reading: 0,
  choosing: 1,
  secret_needed: 2,
  signing: 3,
  ended: 4,
};

/** The newest act that was reported. The last events of an older one may still arrive. */
let newest = -1;

/** The part of an act that is on screen: its stage, a touch, or why nothing is signed. */
export type Part = ActStage | "touch_needed" | "touch_missed" | "refused";

/** An envelope that is opened to be read in full. */
export interface Opened {
  row: ActRow | null;
  /** Null until it is read, and if it cannot be read. */
  read: ReadingView | null;
  failure: Problem | null;
}

/**
 * An act over one or more envelopes as the station reports it, by answers to calls and by events.
 * It has no rules of its own.
 */
export class Act {
  /** What is on screen. Over one envelope quick work is skipped. */
  shown: ActView | null = $state.raw(null);
  /** The envelope that is read in full. Over one envelope it is opened at once. */
  opened: Opened | null = $state.raw(null);
  /** Stop was pressed, and the current envelope is not finished yet. */
  stopping = $state(false);
  /** More than one envelope: they are listed, and work on them is shown at once. */
  readonly several: boolean;

  /** Nobody had signed one of the envelopes when they were read. */
  isFirst = $state(false);

  #view: ActView | null = $state.raw(null);
  readonly #calls = new Calls<ActView>((view) => this.#take(view));
  /** The step that was reached before the end. */
  #reached = $state(0);
  #considered = 0;
  /** Events of acts before this one are ignored. */
  #least = Infinity;
  #openedIn = -1;
  #late: ReturnType<typeof setTimeout> | undefined;
  #unlisten: Promise<() => void>;

  constructor(readonly envelopes: number[]) {
    this.several = envelopes.length > 1;
    this.#unlisten = events.actChanged.listen(({ payload: { act } }) => {
      if (act.id >= this.#least) this.#calls.hear(act);
    });
  }

  /** Why the last call failed. */
  get failure(): Problem | null {
    return this.#calls.failure;
  }

  /** A call is in progress, or work that is not shown yet. */
  get busy(): boolean {
    return this.#calls.busy || this.#view !== this.shown;
  }

  /** The part that is on screen. */
  get part(): Part {
    const view = this.shown;
    if (!view) return this.failure ? "refused" : "gathering";
    switch (view.stage) {
      case "reading":
        if (this.several || this.opened?.read) return "reading";
        return this.opened?.failure ? "refused" : "gathering";
      case "signing": {
        const state = view.now?.state;
        return state === "touch_needed" || state === "touch_missed" ? state : "signing";
      }
      case "ended":
        return this.several || view.counts.written > 0 ? "ended" : "refused";
      default:
        return view.stage;
    }
  }

  /** The step that is reached, from 0. A refusal stays at the step where it happened. */
  get step(): number {
    const view = this.#view;
    if (view?.stage !== "ended") return this.#reached;
    if (view.counts.written > 0 && view.counts.not_reached === 0) return STEP.ended;
    return this.several ? STEP.signing : this.#reached;
  }

  /** False while one envelope is verified and written: that is always completed. */
  get closable(): boolean {
    const state = this.#view?.now?.state;
    return this.several || (state !== "verifying" && state !== "writing");
  }

  /** Reads the envelopes. Also starts again after a refusal. */
  async begin(): Promise<void> {
    // No event may be missed.
    await this.#unlisten;
    await this.#calls.call(() => {
      this.#least = newest + 1;
      return commands.actBegin(this.envelopes);
    });
  }

  /** Opens an envelope of the list, to read it in full. */
  async open(at: number, row: ActRow | null): Promise<void> {
    const opened: Opened = { row, read: null, failure: null };
    this.opened = opened;
    try {
      const read = await ask(commands.actOpen(at));
      if (this.opened === opened) this.opened = { ...opened, read };
    } catch (thrown) {
      if (this.opened === opened) this.opened = { ...opened, failure: problemOf(thrown) };
    }
    if (!this.#calls.isClosed) this.#show();
  }

  /** Back to the list. */
  shut(): void {
    this.opened = null;
  }

  haveRead(): Promise<void> {
    return this.#calls.call(commands.actHaveRead);
  }

  /** Goes on from reading to refusing. */
  refuse(): Promise<void> {
    return this.#calls.call(commands.actRefuse);
  }

  /**
   * Asks what a choice would change, and of several envelopes which ones this key and person have
   * already signed. Only the answer to the last choice counts.
   */
  async consider(choice: ActChoice): Promise<void> {
    const nth = ++this.#considered;
    this.#calls.failure = null;
    try {
      const view = await ask(commands.actConsider(choice));
      if (nth === this.#considered && this.#view?.stage === "choosing" && !this.#calls.isClosed)
        this.#take(view);
    } catch (thrown) {
      if (nth === this.#considered) this.#calls.failure = problemOf(thrown);
    }
  }

  /** Takes back a choice that the person did not confirm. */
  dismiss(): void {
    this.#calls.failure = null;
  }

  choose(choice: ActChoice, companionPassphrase: string | null = null): Promise<void> {
    return this.#calls.call(() => commands.actChoose(choice, companionPassphrase));
  }

  /** Sends the secret. The last attempt needs the confirmation of the person. */
  secret(secret: string, lastTryConfirmed: boolean): Promise<void> {
    return this.#calls.call(() => commands.actSecret(secret, lastTryConfirmed));
  }

  touchAgain(): Promise<void> {
    return this.#calls.call(commands.actTouchAgain);
  }

  back(): Promise<void> {
    return this.#calls.call(commands.actBack);
  }

  /** Stops. The current envelope is completed if its writing has begun. */
  stop(): Promise<void> {
    this.stopping = true;
    return this.#calls.quietly(commands.actStop);
  }

  goOn(): Promise<void> {
    return this.#calls.call(commands.actGoOn);
  }

  /** Cancels the act, or closes it after its end. Returns why the station could not. */
  async close(): Promise<Problem | null> {
    if (this.#calls.isClosed) return null;
    this.#calls.isClosed = true;
    clearTimeout(this.#late);
    void this.#unlisten.then((stop) => stop());
    try {
      await ask(commands.actClose());
      return null;
    } catch (thrown) {
      return problemOf(thrown);
    }
  }

  #take(view: ActView): void {
    newest = Math.max(newest, view.id);
    if (view.id !== this.#view?.id) this.#reached = 0;
    this.#view = view;
    if (view.stage !== "ended") this.#reached = STEP[view.stage];
    if (view.counts.written === 0 || view.stage === "choosing") this.isFirst = isUnsigned(view);
    if (view.stage !== "signing") this.stopping = false;
    if (!this.several && view.stage === "reading" && this.#openedIn !== view.id) {
      this.#openedIn = view.id;
      void this.open(0, view.at);
    }
    this.#show();
  }

  /** A key that blinks is shown at once; other work is shown only if it takes long. */
  #show(): void {
    const view = this.#view;
    if (!view) return;
    if (!this.#isWork(view) || !this.shown || this.#isWork(this.shown)) {
      clearTimeout(this.#late);
      this.#late = undefined;
      this.shown = view;
    } else {
      this.#late ??= setTimeout(() => {
        this.#late = undefined;
        this.shown = this.#view;
      }, QUICK);
    }
  }

  /** Whether the station works on the one envelope while the person waits. */
  #isWork(view: ActView): boolean {
    if (this.several) return false;
    switch (view.stage) {
      case "gathering":
        return true;
      case "reading":
        return !this.opened?.read && !this.opened?.failure;
      case "signing":
        return view.now?.state !== "touch_needed" && view.now?.state !== "touch_missed";
      default:
        return false;
    }
  }
}

/** Whether nobody has signed one of the envelopes that can be signed. */
function isUnsigned({ total, at, terms }: ActView): boolean {
  return total === 1 && at
    ? at.signatures.every(({ standing }) => standing === "invalid")
    : terms.some(({ signed }) => !signed);
}
