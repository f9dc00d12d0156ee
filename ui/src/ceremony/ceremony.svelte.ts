import {
  type CeremonyChoice,
  type CeremonyState,
  type CeremonyView,
  commands,
  events,
  type Problem,
} from "../ipc/bindings";
import { Reported } from "./reported.svelte";

/** Work shorter than this is not shown as work, in milliseconds. */
const QUICK = 300;

/** The step by state. A refusal stays at the step where it happened. */
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

/** Whether the station works while the person waits. */
export function atWork(state: CeremonyState): boolean {
  return state.state === "signing" || state.state === "verifying" || state.state === "writing";
}

/** One ceremony as the station reports it. It has no rules of its own. */
export class Ceremony extends Reported<CeremonyView> {
  /** The state that is on screen. Quick work is skipped. */
  shown: CeremonyView | null = $state.raw(null);
  /** The step that is reached, from 0. */
  step = $state(0);
  /** A call is in progress, or work that is not shown yet. */
  busy: boolean = $derived.by(() => this.calling || this.view !== this.shown);

  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly envelope: number) {
    super((hear) => events.ceremonyChanged.listen(({ payload }) => hear(payload.ceremony)));
  }

  /** Reads the envelope. Also starts again after a refusal. */
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

  /** Sends the secret. The last attempt needs the confirmation of the person. */
  secret(secret: string, lastTryConfirmed: boolean): Promise<void> {
    return this.call(() => commands.ceremonySecret(secret, lastTryConfirmed));
  }

  touchAgain(): Promise<void> {
    return this.call(commands.ceremonyTouchAgain);
  }

  back(): Promise<void> {
    return this.call(commands.ceremonyBack);
  }

  /** False once writing has begun: it is then always completed. */
  get closable(): boolean {
    const state = this.view?.state.state;
    return state !== "verifying" && state !== "writing";
  }

  /** Cancels the ceremony, or closes it after its end. Returns why the station could not. */
  close(): Promise<Problem | null> {
    clearTimeout(this.#late);
    return this.end(commands.ceremonyCancel);
  }

  protected take(view: CeremonyView) {
    this.view = view;
    if (view.state.state !== "refused") this.step = STEP[view.state.state];
    // A key that blinks is shown at once; other work is shown only if it takes long.
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
