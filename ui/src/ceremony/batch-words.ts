import type { BatchView } from "../ipc/bindings";
import { counted, figure } from "../kit/words";

/** The part of a batch that is on screen: its stage, or a touch, or that nothing could be read. */
export type BatchPart = BatchView["stage"] | "touch_needed" | "touch_missed" | "refused";

/** The part that is on screen. Before the first answer it is reading, or refused if that failed. */
export function batchPart(view: BatchView | null, failed: boolean): BatchPart {
  if (!view) return failed ? "refused" : "gathering";
  if (view.stage !== "signing") return view.stage;
  const state = view.now?.state;
  return state === "touch_needed" || state === "touch_missed" ? state : "signing";
}

/** The heading of a part, with how many envelopes there are. */
export function headingOf(
  part: BatchPart,
  view: BatchView | null,
  { of, stopping }: { of: number; stopping: boolean },
): string {
  switch (part) {
    case "refused":
      return "Nothing could be read";
    case "gathering":
      return `Reading ${counted(of, "envelope")}`;
    case "reading":
      return "Read what you sign";
    case "choosing":
      return "Choose key, name and role";
    case "secret_needed":
      return view?.now?.state === "secret_needed" ? `The ${view.now.secret} of ${view.now.of}` : "";
    case "touch_needed":
      return "Touch your YubiKey now";
    case "touch_missed":
      return "Not touched in time";
    case "signing":
      return stopping ? "Stopping" : `Signing ${counted(view?.turn.of ?? of, "envelope")}`;
    case "ended":
      return view ? endingOf(view.counts) : "";
  }
}

/** How many envelopes were signed, and how many were not. */
function endingOf({ written, not_reached, failed }: BatchView["counts"]): string {
  if (written === 0) return "Nothing is signed";
  const signed = `${counted(written, "envelope")} signed`;
  const missing = not_reached + failed;
  return missing === 0 ? signed : `${signed}, ${figure(missing)} not`;
}
