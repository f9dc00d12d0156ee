import { SvelteMap } from "svelte/reactivity";

export type Tone = "info" | "good" | "warn" | "bad";

/** What is said in passing, by number, the oldest first. */
export const toasts = new SvelteMap<number, { text: string; tone: Tone }>();

let count = 0;

/**
 * Says something in passing. What a person must not miss belongs into a Notice instead. Returns what
 * takes it back.
 */
export function toast(text: string, tone: Tone = "info"): () => void {
  const number = ++count;
  const withdraw = () => void toasts.delete(number);
  toasts.set(number, { text, tone });
  setTimeout(withdraw, 5000);
  return withdraw;
}
