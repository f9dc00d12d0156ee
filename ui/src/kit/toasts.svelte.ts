import { SvelteMap } from "svelte/reactivity";

export type Tone = "info" | "good" | "warn" | "bad";

/** The messages on screen by number, the oldest first. */
export const toasts = new SvelteMap<number, { text: string; tone: Tone }>();

let count = 0;

/**
 * Shows a short message. What a person must not miss belongs in a Notice instead. Returns the
 * function that withdraws it.
 */
export function toast(text: string, tone: Tone = "info"): () => void {
  const number = ++count;
  const withdraw = () => void toasts.delete(number);
  toasts.set(number, { text, tone });
  setTimeout(withdraw, 5000);
  return withdraw;
}
