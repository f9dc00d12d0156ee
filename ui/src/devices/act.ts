import { ask, problemOf } from "../ipc/ask";
import type { commands } from "../ipc/bindings";
import { toast } from "../kit/toasts.svelte";
import { inOneLine } from "../kit/words";

/** Runs a command for the devices, and shows a message if it fails. */
export async function act(call: typeof commands.devicesLookAgain): Promise<void> {
  try {
    await ask(call());
  } catch (thrown) {
    toast(inOneLine(problemOf(thrown)), "bad");
  }
}
