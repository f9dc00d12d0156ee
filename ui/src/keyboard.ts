/** What a key can do. */
export type Act =
  | "next"
  | "previous"
  | "open"
  | "back"
  | "sign"
  | "register"
  | "merge"
  | "review"
  | "export"
  | "import"
  | "pack"
  | "search"
  | "queue"
  | "keys"
  | "settings"
  | "devices"
  | "help";

interface Binding {
  act: Act;
  /** Each a way to do it; two keys in a row are parted by a space. */
  keys: string[];
  says: string;
}

/** Every key there is, as the help lists them. */
export const BINDINGS: Binding[] = [
  { act: "next", keys: ["j", "ArrowDown"], says: "Next envelope" },
  { act: "previous", keys: ["k", "ArrowUp"], says: "Previous envelope" },
  { act: "open", keys: ["Enter"], says: "Read the envelope" },
  { act: "sign", keys: ["s"], says: "Sign or co-sign" },
  { act: "register", keys: ["r"], says: "Register in the log, where that is what is needed" },
  { act: "merge", keys: ["m"], says: "Merge copies that were signed apart" },
  { act: "export", keys: ["e"], says: "Export into a file for another station" },
  { act: "import", keys: ["i"], says: "Import what another station exported" },
  { act: "pack", keys: ["p"], says: "Pack for an auditor, with a report to print" },
  { act: "review", keys: ["v"], says: "Review something without changing it" },
  { act: "search", keys: ["/"], says: "Search" },
  { act: "back", keys: ["Escape"], says: "Back" },
  { act: "queue", keys: ["g q"], says: "Go to the queue" },
  { act: "keys", keys: ["g k"], says: "Go to the keys" },
  { act: "settings", keys: ["g s"], says: "Go to the settings" },
  { act: "devices", keys: ["g d"], says: "Show what is plugged in" },
  { act: "help", keys: ["?"], says: "These keys" },
];

/** What stands on the key cap. */
export function keyCap(key: string): string {
  return { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" }[key] ?? key;
}

/** How long the second of two keys may take, in milliseconds. */
const PATIENCE = 1500;

/** Listens to the keys of the window. Returns what stops it. */
export function listenToKeys(act: (act: Act) => void): () => void {
  let before = "";
  let at = 0;

  function press(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector('[role="dialog"], [role="menu"]')) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (isTyping(target) || isTaken(target, event.key)) return;

    const pair = event.timeStamp - at < PATIENCE ? `${before} ${event.key}` : "";
    const binding =
      BINDINGS.find((binding) => binding.keys.includes(pair)) ??
      BINDINGS.find((binding) => binding.keys.includes(event.key));
    before = event.key;
    at = event.timeStamp;
    if (!binding) return;
    before = "";
    event.preventDefault();
    act(binding.act);
  }

  window.addEventListener("keydown", press);
  return () => window.removeEventListener("keydown", press);
}

function isTyping(target: Element): boolean {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether what has the focus uses the key itself: a button Enter, a text that scrolls the arrows. */
function isTaken(target: Element, key: string): boolean {
  if (key === "Enter") return target.closest("button, a, summary, [role=tab]") !== null;
  if (key.startsWith("Arrow")) {
    return target !== document.body && target.closest('[role="listbox"]') === null;
  }
  return false;
}
