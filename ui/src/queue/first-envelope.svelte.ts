import type { QueueShow } from "../ipc/bindings";
import type { Queue } from "./queue.svelte";

/** How long a first envelope is waited for that needs the person, in milliseconds. */
const PATIENCE = 1000;

/**
 * Chooses what is read when a directory opens: the first envelope that the person can do something
 * about, else the first. What the person chooses meanwhile stays.
 */
export class FirstEnvelope {
  #directory: string | null = null;
  #chosen = true;
  /** It was waited for long enough. */
  #late = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the queue shows if nobody has chosen anything else. */
  #shown: QueueShow = "all";

  constructor(private readonly queue: Queue) {}

  /**
   * Called whenever the directory, its rows or the work on them change. While something for the
   * person can still be found in it, it is waited for.
   */
  choose(directory: string | null, mayFind: boolean): void {
    const { queue } = this;
    if (directory !== this.#directory) {
      this.#directory = directory;
      this.#begin(directory !== null);
    }
    const { isCurrent, total, forYou, query, selected } = queue;
    if (this.#chosen || !isCurrent || total === 0) return;
    const isSearched = query.text !== "" || queue.filters > 0 || query.show !== this.#shown;
    if (selected !== null || isSearched) {
      this.#end();
      return;
    }
    const isForYou = (forYou ?? 0) > 0;
    if (!isForYou && mayFind && !this.#late) return;
    if (isForYou && query.show !== "for_you") {
      // Goes on when the rows are there.
      this.#shown = "for_you";
      queue.ask({ show: "for_you" });
      return;
    }
    this.#end();
    void queue.move(0);
  }

  #begin(isOpen: boolean): void {
    clearTimeout(this.#timer);
    this.#chosen = !isOpen;
    this.#shown = "all";
    this.#late = false;
    this.queue.isOpening = isOpen;
    if (isOpen) this.#timer = setTimeout(() => (this.#late = true), PATIENCE);
  }

  #end(): void {
    this.#chosen = true;
    this.queue.isOpening = false;
  }
}
