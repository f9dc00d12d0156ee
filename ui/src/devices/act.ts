import { ask, failureOf } from "../ipc/ask";
import type { commands } from "../ipc/bindings";
import { toast } from "../kit/toasts.svelte";

/** Asks something of the devices in passing, and says why it was not done. */
export async function act(call: typeof commands.devicesLookAgain): Promise<void> {
  try {
    await ask(call());
  } catch (thrown) {
    const { message, hint } = failureOf(thrown);
    toast([message, hint].filter(Boolean).join(". "), "bad");
  }
}
