import type { Said } from "../src/ipc/bindings";

/** What the station says that has no message in its catalogue: it is shown as it is. */
export function english(text: string): Said {
  return { text, id: "", args: [] };
}

/** What the station says by a message of its catalogue. */
export function message(id: string, args: Record<string, string | number | Said> = {}): Said {
  return { text: id, id, args: Object.entries(args).map(([name, value]) => ({ name, value })) };
}
