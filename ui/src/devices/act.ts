import { ask, problemOf } from "../ipc/ask";
import type { commands } from "../ipc/bindings";
import { toast } from "../kit/toasts.svelte";

/** Runs a command for the devices, and shows a message if it fails. */
export async function act(call: typeof commands.devicesLookAgain): Promise<void> {
  try {
    await ask(call());
  } catch (thrown) {
    const { message, hint } = problemOf(thrown);
    toast([message, hint].filter(Boolean).join(". "), "bad");
  }
}
