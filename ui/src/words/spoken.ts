/** Has everything said in the chosen language: imported before anything that has words. */
import { ask } from "../ipc/ask";
import { commands } from "../ipc/bindings";
import { speak } from "./words";

await speak(await ask(commands.language()).catch(() => "system" as const));
