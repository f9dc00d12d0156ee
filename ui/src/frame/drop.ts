import { getCurrentWebview } from "@tauri-apps/api/webview";

/**
 * Follows files that are dragged over the window. `over` is called with whether any are; `drop` is
 * called with the paths that are dropped. Returns the function that stops it.
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
