import type { Said } from "../src/ipc/bindings";

/** What the station says that has no message in its catalogue: it is shown as it is. */
export function english(text: string): Said {
  return { text, id: "", args: [] };
}
