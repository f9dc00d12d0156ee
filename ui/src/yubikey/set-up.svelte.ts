import { ask, problemOf } from "../ipc/ask";
import {
  commands,
  type CountedSecret,
  events,
  type NewKeyKind,
  type NewPinPolicy,
  type NewTouchPolicy,
  type Problem,
  type Role,
  type SetUpView,
  type SlotUse,
  type YubikeyPlanned,
  type YubikeySecrets,
  type YubikeySetupProgress,
  type YubikeySetupRequest,
} from "../ipc/bindings";
import { startOfDay } from "../keys/dates";

/** The part of the act that is on screen. */
export type Part = "key" | "secrets" | "overview" | "work" | "end";

/** What a person chooses; texts as they are typed. */
export interface Choice {
  serial: number;
  slot: string;
  algorithm: NewKeyKind;
  pinPolicy: NewPinPolicy;
  touchPolicy: NewTouchPolicy;
  keyId: string;
  owner: string;
  roles: Role[];
  /** From which day the key counts and its certificate is valid. */
  begins: string;
  /** Until which day. */
  ends: string;
  /** The person vouches that hardware holds it, without other proof. */
  stated: boolean;
  /** Of secrets that the firmware says nothing about, whether they are the factory's. */
  factory: Partial<Record<CountedSecret, "factory" | "changed">>;
  slotUse: SlotUse;
  /** What was typed to overwrite the slot. */
  typed: string;
  noTouch: boolean;
  last: boolean;
}

/** Setting up a YubiKey: planned with the station, confirmed, then followed to its end. */
export class SettingUp {
  part: Part = $state("key");
  planned: YubikeyPlanned | null = $state.raw(null);
  progress: YubikeySetupProgress | null = $state.raw(null);
  result: SetUpView | null = $state.raw(null);
  /** Why the last call failed. */
  failure: Problem | null = $state.raw(null);
  busy = $state(false);
  /** The person has asked to stop. */
  stopping = $state(false);
  choice: Choice;
  /** What was planned last. */
  #sent = "";

  constructor(choice: Choice) {
    this.choice = $state(choice);
  }

  /** Ends following. What is being done on the card goes on to its next change. */
  close(): void {
    if (this.part === "work") this.stop();
  }

  /** Whether what stands in the way was answered for what is chosen now. */
  get isCurrent(): boolean {
    return this.planned !== null && this.#sent === JSON.stringify(this.#request());
  }

  /** What stands in the way of what is chosen, by its code; null if nothing does. */
  get obstacle(): Problem | null {
    return this.planned?.plan.problem ?? null;
  }

  /** Whether the key may sign without a touch: as it is chosen, or as the one is that is continued with. */
  get mayBeTouchless(): boolean {
    return this.choice.slotUse === "finish" || this.choice.touchPolicy === "never";
  }

  /** Whether the YubiKey is to be touched for the certificate. */
  get touches(): boolean {
    return !(this.choice.noTouch && this.mayBeTouchless);
  }

  #request(): YubikeySetupRequest {
    const { choice } = this;
    const factory = (secret: CountedSecret) => {
      const stated = choice.factory[secret];
      return stated === undefined ? null : stated === "factory";
    };
    const replaces = choice.slotUse === "replace" && choice.typed.trim() !== choice.slot;
    return {
      serial: choice.serial,
      slot: choice.slot,
      algorithm: choice.algorithm,
      pin_policy: choice.pinPolicy,
      touch_policy: choice.touchPolicy,
      key_id: choice.keyId.trim(),
      owner: choice.owner.trim(),
      roles: choice.roles,
      valid_from: startOfDay(choice.begins) ?? null,
      valid_until: startOfDay(choice.ends) ?? null,
      stated: choice.stated,
      factory_pin: factory("PIN"),
      factory_puk: factory("PUK"),
      slot_use: replaces ? "empty" : choice.slotUse,
      no_touch: choice.noTouch && this.mayBeTouchless,
      last_try: choice.last,
    };
  }

  /** Has the station read the YubiKey and plan; goes on to the secrets if nothing is in the way. */
  async plan(): Promise<void> {
    const request = this.#request();
    await this.#try(async () => {
      this.planned = await ask(commands.yubikeyPlan(request));
      this.#sent = JSON.stringify(request);
      if (!this.planned.plan.problem) this.part = "secrets";
    });
  }

  /** Does what was planned. */
  async run(secrets: YubikeySecrets): Promise<void> {
    const { planned } = this;
    if (!planned) return;
    this.progress = null;
    this.stopping = false;
    this.part = "work";
    const listening = events.yubikeySetupProgress.listen(({ payload }) => {
      this.progress = payload;
    });
    await this.#try(async () => {
      this.result = await ask(commands.yubikeySetUp(planned.id, secrets));
      this.part = "end";
    });
    void listening.then((end) => end());
    // Nothing was sent: a secret is missing or too weak.
    if (this.failure) this.part = "secrets";
  }

  /** Ends it before its next change. */
  stop(): void {
    this.stopping = true;
    void commands.yubikeyStop();
  }

  back(): void {
    this.failure = null;
    if (this.part === "overview") this.part = "secrets";
    else if (this.part === "secrets") this.part = "key";
  }

  /** Begins again with what is on the card now: what was confirmed of it no longer counts. */
  again(): void {
    this.failure = this.planned = this.result = this.progress = null;
    this.choice = {
      ...this.choice,
      slotUse: "empty",
      typed: "",
      last: false,
      factory: {},
      noTouch: false,
    };
    this.part = "key";
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      await work();
    } catch (thrown) {
      this.failure = problemOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
