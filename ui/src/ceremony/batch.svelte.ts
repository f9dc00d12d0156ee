import {
  type BatchView,
  type CeremonyChoice,
  commands,
  events,
  type Problem,
} from "../ipc/bindings";
import { Reported } from "./reported.svelte";

/** The step by stage. */
const STEP: Record<BatchView["stage"], number> = {
  gathering: 0,
  reading: 0,
  choosing: 1,
  secret_needed: 2,
  signing: 3,
  ended: 4,
};

/** A ceremony over several envelopes as the station reports it. It has no rules of its own. */
export class Batch extends Reported<BatchView> {
  /** Stop was pressed, and the current envelope is not finished yet. */
  stopping = $state(false);
  readonly step = $derived(this.view ? STEP[this.view.stage] : 0);

  constructor(readonly envelopes: number[]) {
    super((hear) => events.batchChanged.listen(({ payload }) => hear(payload.batch)));
  }

  get shown(): BatchView | null {
    return this.view;
  }

  get busy(): boolean {
    return this.calling;
  }

  /** The first events arrive before the list is returned. */
  protected override get least(): number {
    return this.view?.id ?? 0;
  }

  protected take(view: BatchView): void {
    this.view = view;
    if (view.stage !== "signing") this.stopping = false;
  }

  async begin(): Promise<void> {
    await this.listening();
    await this.call(() => commands.batchBegin(this.envelopes));
  }

  haveRead(): Promise<void> {
    return this.call(commands.batchHaveRead);
  }

  /** Marks the envelopes that this key and person have already signed. */
  consider(signer: string, signerId: string): Promise<void> {
    return this.quietly(() => commands.batchConsider(signer, signerId));
  }

  choose(choice: CeremonyChoice): Promise<void> {
    return this.call(() => commands.batchChoose(choice));
  }

  secret(secret: string, lastTryConfirmed: boolean): Promise<void> {
    return this.call(() => commands.batchSecret(secret, lastTryConfirmed));
  }

  touchAgain(): Promise<void> {
    return this.call(commands.batchTouchAgain);
  }

  back(): Promise<void> {
    return this.call(commands.batchBack);
  }

  /** Stops. The current envelope is completed if its writing has begun. */
  stop(): Promise<void> {
    this.stopping = true;
    return this.quietly(commands.batchStop);
  }

  goOn(): Promise<void> {
    return this.call(commands.batchGoOn);
  }

  close(): Promise<Problem | null> {
    return this.end(commands.batchClose);
  }
}
