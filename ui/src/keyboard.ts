import { capital } from "./kit/words";

/** What a person can do in the window by a key or from the palette. */
export type Act =
  | "next"
  | "previous"
  | "next-for-me"
  | "open"
  | "pick"
  | "pick-next"
  | "pick-previous"
  | "pick-all"
  | "show-all"
  | "back"
  | "sign"
  | "refuse"
  | "register"
  | "enrol"
  | "attach"
  | "merge"
  | "review"
  | "stop-review"
  | "export"
  | "import"
  | "pack"
  | "print"
  | "time"
  | "time-import"
  | "search"
  | "closer"
  | "further"
  | "earlier"
  | "later"
  | "whole"
  | "timeline"
  | "table"
  | "journal"
  | "open-directory"
  | "queue"
  | "history"
  | "keys"
  | "hand-over"
  | "settings"
  | "devices"
  | "palette"
  | "help"
  | "larger"
  | "smaller"
  | "normal-size";

/** What a group of acts is for, as a heading of the help and of the palette. */
export type ActGroup =
  "Reading and selecting" | "Acting on envelopes" | "History" | "Going to" | "Text size";

/** An act in words, and its keys. */
export interface ActEntry {
  act: Act;
  /** Each is one way to do it. A space separates two keys that are pressed one after the other. */
  keys: string[];
  group: ActGroup;
  label: string;
  /** Further words by which the palette finds it. */
  also: string;
}

const entriesOf = (group: ActGroup, all: [Act, string[], string, string?][]): ActEntry[] =>
  all.map(([act, keys, label, also = ""]) => ({ act, keys, group, label, also }));

/** Every act of the window, in the order of the help and of the palette. */
export const ACTS: ActEntry[] = [
  ...entriesOf("Reading and selecting", [
    ["next", ["j", "ArrowDown"], "Next envelope", "down"],
    ["previous", ["k", "ArrowUp"], "Previous envelope", "up"],
    ["next-for-me", ["n"], "Next envelope for me", "pending needs a signature"],
    ["open", ["Enter"], "Read the envelope"],
    ["search", ["/", "Ctrl+f"], "Search", "find filter"],
    ["show-all", [], "Clear search and filters", "show all envelopes"],
    ["pick", ["x", "Space"], "Select the envelope, or deselect it", "pick check mark"],
    ["pick-next", ["Shift+j", "Shift+ArrowDown"], "Select down to the next"],
    ["pick-previous", ["Shift+k", "Shift+ArrowUp"], "Select up to the previous"],
    ["pick-all", ["Ctrl+a"], "Select everything that is listed"],
    ["back", ["Escape"], "Go back, and select nothing", "leave clear deselect"],
  ]),
  ...entriesOf("Acting on envelopes", [
    ["sign", ["s"], "Sign or co-sign it, or all that are selected", "witness operator"],
    ["refuse", [], "Refuse to sign it, with a reason", "reject decline withdraw"],
    ["register", ["r"], "Register it in the transparency log", "append entry"],
    ["enrol", [], "Enrol the key of a signature on it", "trust unknown signer keyring"],
    ["attach", [], "Attach evidence to a signature on it", "attestation proof"],
    ["merge", ["m"], "Merge copies that were signed separately", "conflict unite"],
    ["export", ["e"], "Export it, or all that are selected", "another station hand over"],
    ["import", ["i"], "Import what another station exported", "take in bring"],
    ["pack", ["p"], "Pack it for an auditor, with a printable report", "print zip hand over"],
    ["print", [], "Print its report", "report paper"],
    ["time", ["t"], "Ask for a time stamp for it, or for all selected", "authority RFC 3161"],
    ["time-import", [], "Import time stamps", "response tsr"],
    ["review", ["v"], "Review a directory or pack, read-only", "audit"],
    ["stop-review", [], "Stop reviewing", "leave end audit"],
  ]),
  ...entriesOf("History", [
    ["timeline", [], "Show signatures as a timeline", "lanes"],
    ["table", [], "Show signatures as a table", "list"],
    ["journal", [], "Show the journal", "what was done"],
    ["closer", ["+", "="], "Zoom in"],
    ["further", ["-"], "Zoom out"],
    ["earlier", ["ArrowLeft"], "Move to earlier times"],
    ["later", ["ArrowRight"], "Move to later times"],
    ["whole", ["0"], "Show all of the time"],
  ]),
  ...entriesOf("Going to", [
    ["open-directory", ["Ctrl+o"], "Open a directory", "folder choose"],
    ["queue", ["g q"], "Queue", "go envelopes"],
    ["history", ["g h"], "History", "go signatures"],
    ["keys", ["g k"], "Keys", "go keyring enrol create revoke passphrase"],
    ["hand-over", ["g o"], "Hand over", "go export import pack print another station auditor"],
    [
      "settings",
      ["g s", "Ctrl+,"],
      "Settings",
      "go policy signers theme roots modules preferences",
    ],
    ["devices", ["g d"], "Devices that are plugged in", "go YubiKey PIN PUK unblock token"],
    ["palette", ["Ctrl+k"], "Everything you can do here", "palette commands"],
    ["help", ["?", "F1"], "This help", "levels marks keys"],
  ]),
  ...entriesOf("Text size", [
    ["larger", ["Ctrl++", "Ctrl+="], "Larger text", "zoom in bigger"],
    ["smaller", ["Ctrl+-"], "Smaller text", "zoom out"],
    ["normal-size", ["Ctrl+0"], "Normal text size", "zoom reset 100 %"],
  ]),
];

/** Acts by the groups that they are in. */
export function grouped(entries: ActEntry[]): { group: ActGroup; entries: ActEntry[] }[] {
  const groups = [...new Set(entries.map(({ group }) => group))];
  return groups.map((group) => ({
    group,
    entries: entries.filter((entry) => entry.group === group),
  }));
}

/** The keys of a sheet over the window. */
export const SHEET_KEYS: { keys: string[]; label: string }[] = [
  { keys: ["Ctrl+Enter"], label: "Press its main button" },
  { keys: ["Tab"], label: "Go on to the next field or button" },
  { keys: ["Escape"], label: "Cancel, or close it" },
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
  // The key "+" can itself be one of them.
  const together = keys.split(/\+(?=.)/u);
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

/** Who is told of a key. */
export interface KeyListener {
  /** A key stands for this act. */
  act: (act: Act) => void;
  /** It does, and a sheet is open over the window that keeps it from being done. */
  covered: (act: Act) => void;
}

/** Acts that change how the window looks and nothing else, so that no sheet stands in their way. */
const LOOKS: readonly Act[] = ["larger", "smaller", "normal-size"];

/** Listens to the keys of the window. Returns the function that stops it. */
export function listenToKeys(listener: KeyListener): () => void {
  let before = "";
  let at = 0;

  function press(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.altKey) return;
    if (document.querySelector('[role="menu"]')) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const name = nameOf(event);
    if (!isChord(name) && (isTyping(target) || isTaken(target, event.key))) return;

    const pair = event.timeStamp - at < PATIENCE ? `${before} ${name}` : "";
    const entry =
      ACTS.find(({ keys }) => keys.includes(pair)) ?? ACTS.find(({ keys }) => keys.includes(name));
    // A modifier does not count as a key between two others.
    if (["Shift", "Control", "Meta"].includes(event.key)) return;
    before = name;
    at = event.timeStamp;
    if (!entry) return;
    before = "";
    const covered =
      !LOOKS.includes(entry.act) && document.querySelector('[role="dialog"]') !== null;
    // These belong to the sheet.
    if (covered && isMovement(event.key)) return;
    event.preventDefault();
    if (covered) listener.covered(entry.act);
    else listener.act(entry.act);
  }

  window.addEventListener("keydown", press);
  return () => window.removeEventListener("keydown", press);
}

/** Whether keys are pressed together that no text is typed or edited with. */
function isChord(name: string): boolean {
  return /^(Ctrl\+(?![acvxz]$)|F\d)/u.test(name);
}

/** Whether letters go into the element: of inputs, only into those for text. */
function isTyping(target: Element): boolean {
  const field = target.closest("input, textarea, [contenteditable]");
  return field !== null && !field.matches("[type=radio], [type=checkbox]");
}

const isMovement = (key: string) =>
  ["Enter", " ", "Escape"].includes(key) || key.startsWith("Arrow");

/**
 * Whether the focused element uses the key itself: a button uses Enter, scrolled text the arrows.
 */
function isTaken(target: Element, key: string): boolean {
  if (key === "Enter" || key === " ") {
    return target.closest("button, a, summary, select, input, [role=tab]") !== null;
  }
  if (key.startsWith("Arrow")) {
    return target !== document.body && target.closest('[role="listbox"], [data-arrows]') === null;
  }
  return false;
}
