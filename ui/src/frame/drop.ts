import { getCurrentWebview } from "@tauri-apps/api/webview";

/**
 * Follows files that are dragged over the window. `over` says whether any are; `drop` is given the
 * first that is let go. Returns what ends it.
 */
export function followDrops(
  over: (over: boolean) => void,
  drop: (path: string) => void,
): () => void {
  const listening = getCurrentWebview().onDragDropEvent(({ payload }) => {
    over(payload.type === "enter" || payload.type === "over");
    const path = payload.type === "drop" ? payload.paths[0] : undefined;
    if (path !== undefined) drop(path);
  });
  return () => void listening.then((stop) => stop());
}
