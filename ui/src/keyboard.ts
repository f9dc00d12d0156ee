import { capital } from "./kit/words";

/** What a key can do. */
export type Act =
  | "next"
  | "previous"
  | "open"
  | "pick"
  | "pick-next"
  | "pick-previous"
  | "pick-all"
  | "back"
  | "sign"
  | "register"
  | "merge"
  | "review"
  | "export"
  | "import"
  | "pack"
  | "search"
  | "closer"
  | "further"
  | "earlier"
  | "later"
  | "whole"
  | "queue"
  | "history"
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
  { act: "pick", keys: ["x", "Space"], says: "Select the envelope, or no longer" },
  { act: "pick-next", keys: ["Shift+j", "Shift+ArrowDown"], says: "Select down to the next" },
  { act: "pick-previous", keys: ["Shift+k", "Shift+ArrowUp"], says: "Select up to the previous" },
  { act: "pick-all", keys: ["Ctrl+a"], says: "Select all that are listed" },
  { act: "sign", keys: ["s"], says: "Sign or co-sign it, or all that are selected" },
  { act: "register", keys: ["r"], says: "Register in the log, where that is what is needed" },
  { act: "merge", keys: ["m"], says: "Merge copies that were signed apart" },
  { act: "export", keys: ["e"], says: "Export it, or all that are selected, for another station" },
  { act: "import", keys: ["i"], says: "Import what another station exported" },
  { act: "pack", keys: ["p"], says: "Pack for an auditor, with a report to print" },
  { act: "review", keys: ["v"], says: "Review something without changing it" },
  { act: "search", keys: ["/"], says: "Search" },
  { act: "back", keys: ["Escape"], says: "Back; select none" },
  { act: "closer", keys: ["+", "="], says: "History: zoom in" },
  { act: "further", keys: ["-"], says: "History: zoom out" },
  { act: "earlier", keys: ["ArrowLeft"], says: "History: earlier" },
  { act: "later", keys: ["ArrowRight"], says: "History: later" },
  { act: "whole", keys: ["0"], says: "History: all of the time" },
  { act: "queue", keys: ["g q"], says: "Go to the queue" },
  { act: "history", keys: ["g h"], says: "Go to the history" },
  { act: "keys", keys: ["g k"], says: "Go to the keys" },
  { act: "settings", keys: ["g s"], says: "Go to the settings" },
  { act: "devices", keys: ["g d"], says: "Show what is plugged in" },
  { act: "help", keys: ["?"], says: "These keys" },
];

const CAPS: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  "-": "−",
};

/** What stands on the key cap, or on those that are pressed together. */
export function keyCap(keys: string): string {
  const together = keys === "+" ? [keys] : keys.split("+");
  const cap = (key: string) => CAPS[key] ?? (together.length > 1 ? capital(key) : key);
  return together.map(cap).join("+");
}

/** What was pressed, as the bindings write it. */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  const ctrl = ctrlKey || metaKey;
  // Which keys give a "?" is for the keyboard to know.
  const shift = shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  const plain = key === " " ? "Space" : ctrl || shift ? lower(key) : key;
  return `${ctrl ? "Ctrl+" : ""}${shift ? "Shift+" : ""}${plain}`;
}

const lower = (key: string) => (key.length > 1 ? key : key.toLowerCase());

/** How long the second of two keys may take, in milliseconds. */
const PATIENCE = 1500;

/** Listens to the keys of the window. Returns what stops it. */
export function listenToKeys(act: (act: Act) => void): () => void {
  let before = "";
  let at = 0;

  function press(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.altKey) return;
    if (document.querySelector('[role="dialog"], [role="menu"]')) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (isTyping(target) || isTaken(target, event.key)) return;

    const name = nameOf(event);
    const pair = event.timeStamp - at < PATIENCE ? `${before} ${name}` : "";
    const binding =
      BINDINGS.find((binding) => binding.keys.includes(pair)) ??
      BINDINGS.find((binding) => binding.keys.includes(name));
    // A modifier that is on its way down is no key between two others.
    if (["Shift", "Control", "Meta"].includes(event.key)) return;
    before = name;
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
  if (key === "Enter" || key === " ") {
    return target.closest("button, a, summary, [role=tab]") !== null;
  }
  if (key.startsWith("Arrow")) {
    return target !== document.body && target.closest('[role="listbox"], [data-arrows]') === null;
  }
  return false;
}
