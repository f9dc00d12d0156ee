import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";

/** Which rows of a long list are in sight. All rows have the same height. */
export class Rows {
  /** The rows to draw. */
  items: VirtualItem[] = $state.raw([]);
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  readonly #height: number;

  /**
   * Follows `count` and `scroller` for as long as the component that creates it is mounted.
   * `height` is the height of a row in pixels.
   */
  constructor(height: number, count: () => number, scroller: () => HTMLElement | null) {
    this.#height = height;
    const options = (rows: number) => ({
      count: rows,
      getScrollElement: scroller,
      estimateSize: () => height,
      overscan: 6,
      // Until the element is measured, as in a test without layout, a screen's worth is drawn.
      initialRect: { width: 400, height: 800 },
      scrollToFn: elementScroll,
      observeElementRect: observeSize,
      observeElementOffset,
      onChange: () => this.#draw(),
    });
    this.#virtualizer = new Virtualizer(options(0));
    $effect(() => this.#virtualizer._didMount());
    $effect(() => {
      scroller();
      this.#virtualizer.setOptions(options(count()));
      this.#virtualizer._willUpdate();
      this.#draw();
    });
  }

  /** The height of all rows together, in pixels. */
  get height(): number {
    return this.#virtualizer.options.count * this.#height;
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
