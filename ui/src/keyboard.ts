import { capital } from "./kit/words";
import { t, text } from "./words/words";

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
  | "check-inputs"
  | "disclose"
  | "check-disclosure"
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
  | "about"
  | "larger"
  | "smaller"
  | "normal-size";

/** What a group of acts is for. */
export type ActGroup = "view" | "reading" | "envelopes" | "history" | "going" | "text-size";

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

const entriesOf = (group: ActGroup, all: [Act, ...string[]][]): ActEntry[] =>
  all.map(([act, ...keys]) => ({
    act,
    keys,
    group,
    label: t(`do-${act}`),
    also: text(`do-${act}.also`, {}) ?? "",
  }));

/** Every act of the window, in the order of the help and of the palette. */
export const ACTS: ActEntry[] = [
  ...entriesOf("reading", [
    ["next", "j", "ArrowDown"],
    ["previous", "k", "ArrowUp"],
    ["next-for-me", "n"],
    ["open", "Enter"],
    ["search", "/", "Ctrl+f"],
    ["show-all"],
    ["pick", "x", "Space"],
    ["pick-next", "Shift+j", "Shift+ArrowDown"],
    ["pick-previous", "Shift+k", "Shift+ArrowUp"],
    ["pick-all", "Ctrl+a"],
    ["back", "Escape"],
  ]),
  ...entriesOf("envelopes", [
    ["sign", "s"],
    ["refuse"],
    ["register", "r"],
    ["enrol"],
    ["attach"],
    ["check-inputs"],
    ["disclose"],
    ["check-disclosure"],
    ["merge", "m"],
    ["export", "e"],
    ["import", "i"],
    ["pack", "p"],
    ["print"],
    ["time", "t"],
    ["time-import"],
    ["review", "v"],
    ["stop-review"],
  ]),
  ...entriesOf("history", [
    ["timeline"],
    ["table"],
    ["journal"],
    ["closer", "+", "="],
    ["further", "-"],
    ["earlier", "ArrowLeft"],
    ["later", "ArrowRight"],
    ["whole", "0"],
  ]),
  ...entriesOf("going", [
    ["open-directory", "Ctrl+o"],
    ["queue", "g q"],
    ["history", "g h"],
    ["keys", "g k"],
    ["hand-over", "g o"],
    ["settings", "g s", "Ctrl+,"],
    ["devices", "g d"],
    ["palette", "Ctrl+k"],
    ["help", "?", "F1"],
    ["about"],
  ]),
  ...entriesOf("text-size", [
    ["larger", "Ctrl++", "Ctrl+="],
    ["smaller", "Ctrl+-"],
    ["normal-size", "Ctrl+0"],
  ]),
];

/** What a group of acts is for, as a heading of the help and of the palette. */
export function groupName(group: ActGroup): string {
  return t(`act-group-${group}`);
}

/** Acts by the groups that they are in. */
export function grouped<Entry extends { group: ActGroup }>(
  entries: Entry[],
): { group: ActGroup; entries: Entry[] }[] {
  const groups = [...new Set(entries.map(({ group }) => group))];
  return groups.map((group) => ({
    group,
    entries: entries.filter((entry) => entry.group === group),
  }));
}

/** The keys of a sheet over the window. */
export const SHEET_KEYS: { keys: string[]; label: string }[] = [
  { keys: ["Ctrl+Enter"], label: t("sheet-key-main") },
  { keys: ["Tab"], label: t("sheet-key-next") },
  { keys: ["Escape"], label: t("sheet-key-close") },
];

const CAPS: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Ctrl: t("key-cap-ctrl"),
  Shift: t("key-cap-shift"),
  Enter: t("key-cap-enter"),
  Space: t("key-cap-space"),
  Tab: t("key-cap-tab"),
  Escape: t("key-cap-escape"),
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
