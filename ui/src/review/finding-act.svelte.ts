import { Calls } from "../ceremony/calls.svelte";
import {
  commands,
  events,
  type FindingActView,
  type FindingChoice,
  type FindingDraft,
  type Problem,
} from "../ipc/bindings";

/** The signing of a finding as the station reports it, by answers to calls and by events. */
export class FindingAct {
  view: FindingActView | null = $state.raw(null);

  readonly #calls = new Calls<FindingActView>((view) => (this.view = view));
  readonly #unlisten: Promise<() => void>;

  constructor() {
    this.#unlisten = events.findingChanged.listen(({ payload: { act } }) => {
      if (act.id === this.view?.id) this.#calls.hear(act);
    });
  }

  /** Why the last call failed. */
  get failure(): Problem | null {
    return this.#calls.failure;
  }

  get busy(): boolean {
    return this.#calls.busy;
  }

  /** Asks which keys there are. */
  async begin(): Promise<void> {
    await this.#unlisten;
    await this.#calls.call(commands.findingBegin);
  }

  choose(draft: FindingDraft, choice: FindingChoice): Promise<void> {
    return this.#calls.call(() => commands.findingChoose(draft, choice));
  }

  /** Sends the secret. The last attempt needs the confirmation of the person. */
  secret(secret: string, lastTryConfirmed: boolean): Promise<void> {
    return this.#calls.call(() => commands.findingSecret(secret, lastTryConfirmed));
  }

  touchAgain(): Promise<void> {
    return this.#calls.call(commands.findingTouchAgain);
  }

  back(): Promise<void> {
    return this.#calls.call(commands.findingBack);
  }

  /** False while it is verified and written: that is always completed. */
  get closable(): boolean {
    const state = this.view?.now?.state;
    return state !== "verifying" && state !== "writing";
  }

  async close(): Promise<void> {
    if (this.#calls.isClosed) return;
    this.#calls.isClosed = true;
    void this.#unlisten.then((stop) => stop());
    await commands.findingClose();
  }
}
