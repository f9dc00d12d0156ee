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
  | "time"
  | "search"
  | "closer"
  | "further"
  | "earlier"
  | "later"
  | "whole"
  | "queue"
  | "history"
  | "keys"
  | "hand-over"
  | "settings"
  | "devices"
  | "help";

/** What a group of keys is for, as a heading of the help. */
export type KeyGroup = "Reading and selecting" | "Acting on envelopes" | "History" | "Going to";

interface Binding {
  act: Act;
  /** Each is one way to do it. A space separates two keys that are pressed one after the other. */
  keys: string[];
  group: KeyGroup;
  label: string;
}

const key = (group: KeyGroup, act: Act, keys: string[], label: string): Binding => ({
  act,
  keys,
  group,
  label,
});

/** Every key of the window, in the order of the help. */
export const BINDINGS: Binding[] = [
  key("Reading and selecting", "next", ["j", "ArrowDown"], "Next envelope"),
  key("Reading and selecting", "previous", ["k", "ArrowUp"], "Previous envelope"),
  key("Reading and selecting", "open", ["Enter"], "Read the envelope"),
  key("Reading and selecting", "search", ["/"], "Search"),
  key("Reading and selecting", "pick", ["x", "Space"], "Select the envelope, or deselect it"),
  key(
    "Reading and selecting",
    "pick-next",
    ["Shift+j", "Shift+ArrowDown"],
    "Select down to the next",
  ),
  key(
    "Reading and selecting",
    "pick-previous",
    ["Shift+k", "Shift+ArrowUp"],
    "Select up to the previous",
  ),
  key("Reading and selecting", "pick-all", ["Ctrl+a"], "Select everything that is listed"),
  key("Reading and selecting", "back", ["Escape"], "Go back, and select nothing"),
  key("Acting on envelopes", "sign", ["s"], "Sign or co-sign it, or all that are selected"),
  key("Acting on envelopes", "register", ["r"], "Register it in the transparency log"),
  key("Acting on envelopes", "merge", ["m"], "Merge copies that were signed separately"),
  key("Acting on envelopes", "export", ["e"], "Export it, or all that are selected"),
  key("Acting on envelopes", "import", ["i"], "Import what another station exported"),
  key("Acting on envelopes", "pack", ["p"], "Pack it for an auditor, with a printable report"),
  key("Acting on envelopes", "time", ["t"], "Ask for a time stamp for it, or for all selected"),
  key("Acting on envelopes", "review", ["v"], "Review a directory or pack, read-only"),
  key("History", "closer", ["+", "="], "Zoom in"),
  key("History", "further", ["-"], "Zoom out"),
  key("History", "earlier", ["ArrowLeft"], "Move to earlier times"),
  key("History", "later", ["ArrowRight"], "Move to later times"),
  key("History", "whole", ["0"], "Show all of the time"),
  key("Going to", "queue", ["g q"], "Queue"),
  key("Going to", "history", ["g h"], "History"),
  key("Going to", "keys", ["g k"], "Keys"),
  key("Going to", "hand-over", ["g o"], "Hand over"),
  key("Going to", "settings", ["g s"], "Settings"),
  key("Going to", "devices", ["g d"], "Devices that are plugged in"),
  key("Going to", "help", ["?"], "This help"),
];

const CAPS: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  "-": "−",
};

/** The text on a key cap, or on several that are pressed together. */
export function keyCap(keys: string): string {
  const together = keys === "+" ? [keys] : keys.split("+");
  const cap = (key: string) => CAPS[key] ?? (together.length > 1 ? capital(key) : key);
  return together.map(cap).join("+");
}

/** The pressed keys in the notation of the bindings. */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  const ctrl = ctrlKey || metaKey;
  // Shift is part of "?" on some keyboards only.
  const shift = shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  const plain = key === " " ? "Space" : ctrl || shift ? lower(key) : key;
  return `${ctrl ? "Ctrl+" : ""}${shift ? "Shift+" : ""}${plain}`;
}

const lower = (key: string) => (key.length > 1 ? key : key.toLowerCase());

/** How long the second of two keys can take, in milliseconds. */
const PATIENCE = 1500;

/** Listens to the keys of the window. Returns the function that stops it. */
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
    // A modifier does not count as a key between two others.
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

/**
 * Whether the focused element uses the key itself: a button uses Enter, scrolled text the arrows.
 */
function isTaken(target: Element, key: string): boolean {
  if (key === "Enter" || key === " ") {
    return target.closest("button, a, summary, [role=tab]") !== null;
  }
  if (key.startsWith("Arrow")) {
    return target !== document.body && target.closest('[role="listbox"], [data-arrows]') === null;
  }
  return false;
}
