import { getCurrentWebview } from "@tauri-apps/api/webview";

/**
 * Follows files that are dragged over the window. `over` says whether any are; `drop` is given
 * what is let go. Returns what ends it.
 */
export function followDrops(
  over: (over: boolean) => void,
  drop: (paths: string[]) => void,
): () => void {
  const listening = getCurrentWebview().onDragDropEvent(({ payload }) => {
    over(payload.type === "enter" || payload.type === "over");
    if (payload.type === "drop" && payload.paths.length > 0) drop(payload.paths);
  });
  return () => void listening.then((stop) => stop());
}
