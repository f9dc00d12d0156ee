import {
  type CeremonyChoice,
  type CeremonyState,
  type CeremonyView,
  commands,
  events,
  type Failure,
} from "../ipc/bindings";
import { Told } from "./told.svelte";

/** Work shorter than this is not shown as work, in milliseconds. */
const QUICK = 300;

/** The steps of the line above, by state; a refusal stands where it happened. */
const STEP: Record<Exclude<CeremonyState["state"], "refused">, number> = {
  reading: 0,
  choosing: 1,
  secret_needed: 2,
  touch_needed: 3,
  touch_missed: 3,
  signing: 3,
  verifying: 3,
  writing: 3,
  done: 4,
};

/** Whether the station works and the person waits. */
export function atWork(state: CeremonyState): boolean {
  return state.state === "signing" || state.state === "verifying" || state.state === "writing";
}

/** One ceremony as the station tells it. It has no rules of its own. */
export class Ceremony extends Told<CeremonyView> {
  /** What is on screen: where the ceremony stands, but quick work is passed over. */
  shown: CeremonyView | null = $state.raw(null);
  /** Which step of the line is reached, from 0. */
  step = $state(0);
  /** A call is under way, or work that is not shown yet. */
  busy: boolean = $derived.by(() => this.calling || this.view !== this.shown);

  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly envelope: number) {
    super((hear) => events.ceremonyChanged.listen(({ payload }) => hear(payload.ceremony)));
  }

  /** Reads the envelope; again, where the last ceremony was refused. */
  async begin(): Promise<void> {
    await this.listening();
    await this.call(() => commands.ceremonyBegin(this.envelope));
  }

  haveRead(): Promise<void> {
    return this.call(commands.ceremonyHaveRead);
  }

  choose(choice: CeremonyChoice): Promise<void> {
    return this.call(() => commands.ceremonyChoose(choice));
  }

  /** Gives the secret; at the last try only where the person has confirmed it. */
  secret(secret: string, lastTryConfirmed: boolean): Promise<void> {
    return this.call(() => commands.ceremonySecret(secret, lastTryConfirmed));
  }

  touchAgain(): Promise<void> {
    return this.call(commands.ceremonyTouchAgain);
  }

  back(): Promise<void> {
    return this.call(commands.ceremonyBack);
  }

  /** Once writing has begun it is completed: there is nothing left to break off. */
  get closable(): boolean {
    const state = this.view?.state.state;
    return state !== "verifying" && state !== "writing";
  }

  /** Breaks off, or closes what has ended. Gives why the station could not, if so. */
  close(): Promise<Failure | null> {
    clearTimeout(this.#late);
    return this.end(commands.ceremonyCancel);
  }

  protected take(view: CeremonyView) {
    this.view = view;
    if (view.state.state !== "refused") this.step = STEP[view.state.state];
    // A key that blinks wants to be touched now; anything else that is over soon is not shown.
    const blinks = view.state.state === "touch_needed";
    if (blinks || !atWork(view.state) || !this.shown || atWork(this.shown.state)) {
      clearTimeout(this.#late);
      this.#late = undefined;
      this.shown = view;
    } else {
      this.#late ??= setTimeout(() => {
        this.#late = undefined;
        this.shown = this.view;
      }, QUICK);
    }
  }
}
