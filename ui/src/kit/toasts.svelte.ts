import { SvelteMap } from "svelte/reactivity";

export type Tone = "info" | "good" | "warn" | "bad";

/** What is said in passing, by number, the oldest first. */
export const toasts = new SvelteMap<number, { text: string; tone: Tone }>();

let count = 0;

/** Says something in passing. What a person must not miss belongs into a Notice instead. */
export function toast(text: string, tone: Tone = "info"): void {
  const number = ++count;
  toasts.set(number, { text, tone });
  setTimeout(() => toasts.delete(number), 5000);
}
