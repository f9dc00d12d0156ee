import { capital } from "../kit/words";

/** Events that the window names differently than the journal file does. */
const EVENTS: Readonly<Record<string, string>> = { broken_off: "Cancelled" };

/** The name of a field of the journal, in words. */
export function fieldInWords(name: string): string {
  return name.replaceAll("_", " ");
}

/** The name of an event of the journal, in words: "Signed", "Secret not taken". */
export function eventInWords(event: string): string {
  return EVENTS[event] ?? capital(fieldInWords(event));
}
