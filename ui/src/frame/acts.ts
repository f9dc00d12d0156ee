import { tick } from "svelte";

import type { History, Shown } from "../history/history.svelte";
import { ask } from "../ipc/ask";
import {
  commands,
  type EnvelopeView,
  type RegisteredView,
  type SourceFile,
  type TextSizeStep,
} from "../ipc/bindings";
import type { Act } from "../keyboard";
import { hints } from "../kit/hints.svelte";
import { toast } from "../kit/toasts.svelte";
import { said, t } from "../words/words";
import type { DropAct } from "./Dropped.svelte";
import type { Refusals } from "./refusals.svelte";
import type { Sheet, Sheets } from "./sheets.svelte";
import { type Standing, whyNot } from "./why-not";

/** What the acts read and change. */
interface Parts extends Standing {
  sheets: Sheets;
  refusals: Refusals;
  signatures: History;
}

/** What an envelope is called. */
const nameOf = ({ content, file }: EnvelopeView) => content?.decision_id || file;

/** What a person can do in the window, whether by a key, a button or a drop. */
export class Acts {
  /** Brings the envelope into sight, moves the focus to it, or to the list. The window sets them. */
  showEnvelope: () => void = () => {};
  focusEnvelope: () => void = () => {};
  /** Whether a review may end now. The desk asks first if notes would be lost. */
  mayStopReview: () => boolean = () => true;
  focusList: () => void = () => {};
  /** Brings the inputs of the envelope into sight, or what was found of them. */
  focusInputs: () => void = () => {};
  focusFound: () => void = () => {};

  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  // ── Directories ────────────────────────────────────────────────────────────────────────────────

  openDirectory(path: string): void {
    void this.#attempt(() => ask(commands.openDirectory(path)));
  }

  /** Asks the person for a directory and opens it. */
  pickDirectory(): void {
    void this.#attempt(async () => {
      const path = await ask(commands.pickDirectory("open"));
      if (path !== null) await ask(commands.openDirectory(path));
    });
  }

  /** Opens a demonstration in a window of its own. */
  openDemo(): void {
    void this.#attempt(async () => {
      await ask(commands.demoOpen());
      toast(t("demo-opens"), "good");
    });
  }

  /** Asks for something to review without changing it. */
  chooseReview(): void {
    this.#parts.sheets.open({ kind: "review" });
  }

  stopReview(): void {
    if (!this.mayStopReview()) return;
    void this.#attempt(() => ask(commands.reviewStop()));
  }

  stopWork(): void {
    void this.#attempt(() => ask(commands.stopWork()));
  }

  compareAgain(): void {
    void this.#attempt(() => ask(commands.compareAgain()));
  }

  // ── What was dropped ───────────────────────────────────────────────────────────────────────────

  /** Takes what was dropped onto the window. Ignored while a sheet is open. */
  drop(paths: string[]): void {
    const [path] = paths;
    if (path === undefined || document.querySelector('[role="dialog"]')) return;
    void this.#attempt(async () => {
      const content = await ask(commands.lookAtDropped(paths));
      const here = this.#view?.directory ?? null;
      if (content === "times") this.importTimes(paths);
      else if (content === "files") this.merge(paths);
      else if (content === "finding") await this.readFinding(path);
      else if (content === "disclosure") this.checkDisclosure(path);
      else if (content === "directory" && here === null) await ask(commands.openDirectory(path));
      // Where nothing can be added to, a pack can only be reviewed: an auditor's one act.
      else if (content === "carrier" && (here === null || this.#view?.review)) {
        if (!this.#view?.review || this.mayStopReview()) await ask(commands.review(path));
      } else this.#parts.sheets.open({ kind: "dropped", path, content });
    });
  }

  /** Shows a finding, compared with what is under review. */
  async readFinding(path: string): Promise<void> {
    const finding = await ask(commands.findingLook(path));
    this.#parts.sheets.open({ kind: "finding-read", finding });
  }

  /** Does what the person chose to do with something that was dropped. */
  actOnDropped(act: DropAct, path: string): void {
    if (act === "open") this.openDirectory(path);
    else if (act === "merge") this.merge([path]);
    else if (act === "import") this.import(path);
    else this.review(path);
  }

  // ── Signing and registering ────────────────────────────────────────────────────────────────────

  /**
   * Signs what is selected, or else the envelope that is read, never one that is only being
   * fetched.
   */
  sign(): void {
    const { picked, sheets, envelope } = this.#parts;
    if (!this.#may("sign")) return;
    if (picked.size > 0) sheets.open({ kind: "sign", envelopes: [...picked.ids] });
    else if (envelope.view) sheets.open({ kind: "sign", envelopes: [envelope.view.id] });
  }

  /** Refuses to sign the envelope that is read. */
  refuse(): void {
    const { sheets, envelope } = this.#parts;
    if (this.#may("refuse") && envelope.view)
      sheets.open({ kind: "refuse", envelope: envelope.view.id });
  }

  /** Registers what is selected. */
  registerSelected(): void {
    const { picked, sheets } = this.#parts;
    if (this.#may("register"))
      sheets.open({ kind: "register-several", envelopes: [...picked.ids] });
  }

  /**
   * Registers what is selected, or else the envelope that is read, or says why it cannot be
   * registered.
   */
  register(): void {
    if (this.#parts.picked.size > 0) {
      this.registerSelected();
      return;
    }
    const envelope = this.#parts.envelope.view;
    if (this.#may("register") && envelope) this.#parts.sheets.open({ kind: "register", envelope });
  }

  /** Enrols the key of a signature of the envelope that is read. */
  enrol(): void {
    const key = this.#parts.envelope.view?.enrol[0];
    if (this.#may("enrol") && key) this.#parts.sheets.open({ kind: "enrol", key });
  }

  /** Says what was registered, and what of it could not be written. */
  registered({ entry, head_problem }: RegisteredView): void {
    toast(t("registered-as", { entry }), "good");
    if (head_problem === null) return;
    this.#parts.refusals.refuse("log_head", t("registered-without-head"), said(head_problem));
  }

  /** Attaches evidence to the signatures of the envelope that is read. */
  attach(): void {
    const { queue, sheets } = this.#parts;
    if (queue.selected !== null) sheets.open({ kind: "attach", envelope: queue.selected });
  }

  // ── What a run was made from ───────────────────────────────────────────────────────────────────

  /** Compares the files that the run of the envelope that is read was made from. */
  checkInputs(): void {
    const envelope = this.#read;
    if (this.#may("check-inputs") && envelope)
      this.#parts.sheets.open({ kind: "inputs", envelope: envelope.id, name: nameOf(envelope) });
  }

  /** Goes to the files that can be disclosed. */
  chooseDisclosed(): void {
    if (this.#may("disclose")) this.focusInputs();
  }

  /** Shows one of them without the run. */
  disclose(list: string, file: SourceFile): void {
    const envelope = this.#read;
    if (this.#may("disclose") && envelope)
      this.#parts.sheets.open({ kind: "disclose", envelope: envelope.id, list, file });
  }

  /** Checks a disclosure; null lets the person choose one. */
  checkDisclosure(path: string | null): void {
    const { sheets, queue } = this.#parts;
    const envelope = this.#read;
    const isOpen = envelope?.content && envelope.id === queue.selected;
    const against = isOpen ? { id: envelope.id, name: nameOf(envelope) } : null;
    sheets.open({ kind: "disclosure", path, envelope: against });
  }

  // ── Exchange with other stations ───────────────────────────────────────────────────────────────

  /** Merges copies; the conflict copies in the directory if the list is empty. */
  merge(sources: string[]): void {
    if (this.#may("merge")) this.#parts.sheets.open({ kind: "merge", sources });
  }

  /** Imports a file; null lets the person choose one. */
  import(path: string | null): void {
    if (this.#may("import")) this.#parts.sheets.open({ kind: "import", path });
  }

  /** Exports what is selected, or else the envelope that is read. */
  exportSelected(): void {
    const { picked, sheets } = this.#parts;
    if (picked.size > 0) sheets.open({ kind: "export", envelopes: [...picked.ids] });
    else this.exportOpen();
  }

  /** Exports the envelope that is read. */
  exportOpen(): void {
    const { queue, sheets } = this.#parts;
    if (queue.selected !== null) sheets.open({ kind: "export", envelopes: [queue.selected] });
  }

  /** Writes requests for the time stamps of envelopes, by their ids in the queue. */
  askForTime(envelopes: number[]): void {
    if (this.#may("time")) this.#parts.sheets.open({ kind: "time-request", envelopes });
  }

  /** The same for what is selected, or else for the envelope that is read. */
  askForTimeOfSelected(): void {
    const { picked, queue } = this.#parts;
    if (picked.size > 0) this.askForTime([...picked.ids]);
    else if (queue.selected !== null) this.askForTime([queue.selected]);
  }

  /** Imports time stamps; lets the person choose if the list is empty. */
  importTimes(sources: string[]): void {
    if (this.#may("time-import")) this.#parts.sheets.open({ kind: "time-import", sources });
  }

  /** Packs the envelope that is read for an auditor. */
  pack(): void {
    const { queue, sheets } = this.#parts;
    const envelope = this.#parts.envelope.view;
    if (!envelope?.content || envelope.id !== queue.selected) return;
    sheets.open({ kind: "pack", envelope: envelope.id, name: nameOf(envelope) });
  }

  /** Shows the report of the envelope that is read, and the system's print dialog. */
  print(): void {
    const { queue } = this.#parts;
    const id = queue.selected;
    if (id !== null) void this.#attempt(() => ask(commands.printReport(id)));
  }

  /** Reviews a pack or directory, read-only. */
  review(path: string): void {
    void this.#attempt(() => ask(commands.review(path)));
  }

  // ── Going from one place to another ────────────────────────────────────────────────────────────

  /** Closes a sheet and shows an envelope that it lists in the queue. */
  showInQueue(id: number, from: Sheet): void {
    const { sheets, views, queue } = this.#parts;
    sheets.close(from);
    views.shown = "queue";
    queue.selected = id;
  }

  /** Reads an envelope. The queue shows everything if its filters would leave the envelope out. */
  async openEnvelope(id: number): Promise<void> {
    await this.#select(id);
    this.focusEnvelope();
  }

  async #select(id: number, isListed = false): Promise<void> {
    const { views, queue } = this.#parts;
    views.shown = "queue";
    if (queue.narrowed && !isListed) queue.showAll();
    queue.selected = id;
    await tick();
    await queue.move(0);
  }

  /** Reads the envelope that is selected, or selects the first. */
  read(): void {
    const { queue } = this.#parts;
    if (queue.selected === null) void queue.move(0);
    else this.focusEnvelope();
  }

  /** Selects the next envelope that this person can do something about, from the one that is read on. */
  nextForMe(): void {
    const { queue } = this.#parts;
    void this.#attempt(async () => {
      const id = await queue.nextForMe();
      if (id === null) hints.say(t("why-not-for-me"));
      else if (id === queue.selected) hints.say(t("why-not-only-for-me"));
      else {
        await this.#select(id, queue.listsForMe);
        this.focusList();
      }
    });
  }

  /** Shows everything larger, smaller or at its normal size. */
  changeTextSize(step: TextSizeStep): void {
    void this.#attempt(async () => {
      const before = this.#view?.text_size;
      const size = await ask(commands.textSize(step));
      const percent = String(size);
      if (size !== before) hints.say(t("text-size", { percent }));
      else if (step === "normal") hints.say(t("text-size.normal"));
      else hints.say(t("text-size.limit", { step, percent }));
    });
  }

  showHistoryAs(shown: Shown): void {
    this.#parts.signatures.shown = shown;
    this.#parts.views.shown = "history";
  }

  showHistoryOf(key: string): void {
    this.#parts.signatures.showOnly({ key });
    this.#parts.views.shown = "history";
  }

  // ── Selecting several envelopes ────────────────────────────────────────────────────────────────

  /** Selects the envelope that is read, or clears its selection. */
  async pick(): Promise<void> {
    const { queue, picked } = this.#parts;
    if (queue.selected === null) await queue.move(0);
    if (queue.selected !== null) picked.toggle(queue.selected);
  }

  /** Extends the selection by one row, down or up. */
  pickOn(by: 1 | -1): void {
    const { queue, picked } = this.#parts;
    void this.#attempt(async () => {
      const from = queue.selected;
      await queue.move(from === null ? 0 : by);
      if (queue.selected === null) return;
      picked.from(from ?? queue.selected);
      await picked.to(queue.selected, queue.query);
    });
  }

  /**
   * Selects every row from where a range begins, or else from the row that is read, to this one.
   */
  pickTo(id: number): void {
    const { queue, picked } = this.#parts;
    void this.#attempt(async () => {
      if (!picked.begun && queue.selected !== null) picked.from(queue.selected);
      await picked.to(id, queue.query);
      queue.selected = id;
    });
  }

  /** Selects every row that is listed. */
  pickAll(): void {
    const { queue, picked } = this.#parts;
    void this.#attempt(() => picked.all(queue.query));
  }

  /** The envelope that is read. */
  get #read() {
    return this.#parts.envelope.view;
  }

  get #view() {
    return this.#parts.station.view;
  }

  #attempt(request: () => Promise<unknown>): Promise<void> {
    return this.#parts.refusals.attempt(request);
  }

  /** Whether an act can be done now: why it cannot is said. */
  #may(act: Act): boolean {
    const why = whyNot(act, this.#parts);
    if (why !== null) hints.say(why);
    return why === null;
  }
}
