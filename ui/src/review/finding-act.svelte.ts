import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  events,
  type FindingActView,
  type FindingChoice,
  type FindingDraft,
  type Problem,
} from "../ipc/bindings";

/** The result of a command of the station. */
type Answer = Promise<{ status: "ok"; data: FindingActView } | { status: "error"; error: Problem }>;

/** The signing of a finding as the station reports it, by answers to calls and by events. */
export class FindingAct {
  view: FindingActView | null = $state.raw(null);
  /** Why the last call failed. */
  failure: Problem | null = $state.raw(null);
  busy = $state(false);

  #heard = 0;
  #closed = false;
  readonly #unlisten: Promise<() => void>;

  constructor() {
    this.#unlisten = events.findingChanged.listen(({ payload: { act } }) => {
      if (this.#closed || act.id !== this.view?.id) return;
      this.#heard += 1;
      this.view = act;
    });
  }

  /** Asks which keys there are. */
  async begin(): Promise<void> {
    await this.#unlisten;
    await this.#call(commands.findingBegin);
  }

  choose(draft: FindingDraft, choice: FindingChoice): Promise<void> {
    return this.#call(() => commands.findingChoose(draft, choice));
  }

  /** Sends the secret. The last attempt needs the confirmation of the person. */
  secret(secret: string, lastTryConfirmed: boolean): Promise<void> {
    return this.#call(() => commands.findingSecret(secret, lastTryConfirmed));
  }

  touchAgain(): Promise<void> {
    return this.#call(commands.findingTouchAgain);
  }

  back(): Promise<void> {
    return this.#call(commands.findingBack);
  }

  /** False while it is verified and written: that is always completed. */
  get closable(): boolean {
    const state = this.view?.now?.state;
    return state !== "verifying" && state !== "writing";
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    void this.#unlisten.then((stop) => stop());
    await commands.findingClose();
  }

  /** Requests a step. An event that arrives meanwhile is newer than the answer. */
  async #call(call: () => Answer): Promise<void> {
    if (this.busy || this.#closed) return;
    this.busy = true;
    this.failure = null;
    const heard = this.#heard;
    try {
      const view = await ask(call());
      if (heard === this.#heard || view.id !== this.view?.id) this.view = view;
    } catch (thrown) {
      this.failure = problemOf(thrown);
    }
    this.busy = false;
  }
}
