import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";

/** Which rows of a long list are in sight. */
export class Rows {
  /** The rows to draw. */
  items: VirtualItem[] = $state.raw([]);
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;

  /**
   * Follows `count`, `scroller` and `height` for as long as the component that creates it is
   * mounted. `height` is the height of a row in pixels, or that of each row.
   */
  constructor(
    height: number | (() => (index: number) => number),
    count: () => number,
    scroller: () => HTMLElement | null,
  ) {
    const heights = typeof height === "number" ? () => () => height : height;
    const options = (rows: number, size: (index: number) => number) => ({
      count: rows,
      getScrollElement: scroller,
      estimateSize: size,
      overscan: 6,
      // Until the element is measured, as in a test without layout, a screen's worth is drawn.
      initialRect: { width: 400, height: 800 },
      scrollToFn: elementScroll,
      observeElementRect: observeSize,
      observeElementOffset,
      onChange: () => this.#draw(),
    });
    this.#virtualizer = new Virtualizer(options(0, () => 1));
    $effect(() => this.#virtualizer._didMount());
    $effect(() => {
      scroller();
      this.#virtualizer.setOptions(options(count(), heights()));
      // Heights that are kept belong to other rows.
      if (typeof height !== "number") this.#virtualizer.measure();
      this.#virtualizer._willUpdate();
      this.#draw();
    });
  }

  /** The height of all rows together, in pixels. */
  get height(): number {
    void this.items;
    return this.#virtualizer.getTotalSize();
  }

  /** Scrolls a row into sight, no further than necessary. */
  show(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: "auto" });
  }

  #draw() {
    this.items = this.#virtualizer.getVirtualItems();
  }
}

/** Like the library function, but keeps the first size if there is no layout. */
const observeSize: typeof observeElementRect<HTMLElement> = (instance, report) =>
  observeElementRect(instance, (size) => {
    if (size.height > 0) report(size);
  });
