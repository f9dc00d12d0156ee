import { getContext, setContext } from "svelte";

import type { Picked } from "../queue/picked.svelte";
import type { Queue } from "../queue/queue.svelte";
import type { Reviewing } from "../review/reviewing.svelte";
import type { Station } from "../station.svelte";
import type { Acts } from "./acts";
import type { Refusals } from "./refusals.svelte";
import type { Sheets } from "./sheets.svelte";
import type { Views } from "./views.svelte";

/** What the views of the window share. */
export interface Frame {
  station: Station;
  views: Views;
  sheets: Sheets;
  refusals: Refusals;
  queue: Queue;
  picked: Picked;
  acts: Acts;
  reviewing: Reviewing;
}

const FRAME = Symbol("frame");

/** Gives every component below this one what the views share. */
export function provideFrame(frame: Frame): void {
  setContext(FRAME, frame);
}

/** The context for a component that is mounted without the window around it, as a test does. */
export function frameContext(frame: Partial<Frame>): Map<unknown, unknown> {
  return new Map([[FRAME, frame]]);
}

/** Reads one part of the frame. Fails outside the window, or if that part was not provided. */
function part<Name extends keyof Frame>(name: Name): Frame[Name] {
  const frame = getContext<Partial<Frame> | undefined>(FRAME);
  const found = frame?.[name];
  if (found === undefined) throw new Error(`There is no ${name} outside the window's frame`);
  return found as Frame[Name];
}

export const getStation = (): Station => part("station");
export const getViews = (): Views => part("views");
export const getSheets = (): Sheets => part("sheets");
export const getRefusals = (): Refusals => part("refusals");
export const getQueue = (): Queue => part("queue");
export const getPicked = (): Picked => part("picked");
export const getReviewing = (): Reviewing => part("reviewing");
export const getActs = (): Acts => part("acts");
