import { capital } from "../kit/words";
import { text } from "../words/words";

/** A name of the journal file as it is in the catalogue, and as it reads without one. */
const dashed = (name: string) => name.replaceAll("_", "-");
const spaced = (name: string) => name.replaceAll("_", " ");

/** The name of a field of the journal, in words. */
export function fieldInWords(name: string): string {
  return text(`journal-field-${dashed(name)}`, {}) ?? spaced(name);
}

/** The name of an event of the journal, in words: "Signed", "Secret not taken". */
export function eventInWords(event: string): string {
  return text(`journal-event-${dashed(event)}`, {}) ?? capital(spaced(event));
}
