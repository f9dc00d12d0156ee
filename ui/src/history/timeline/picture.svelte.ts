import type { History } from "../history.svelte";
import {
  type Bar,
  type Drawn,
  type Glyph,
  layOut,
  roundUp,
  ROWS,
  type Sight,
  stepOf,
  timeAt,
} from "../layout";
import { LANE } from "../paint/sizes";
import { type Palette, readPalette } from "../paint/palette";
import type { Records } from "../records";
import { axis, momentInWords } from "../time";
import { t } from "../../words/words";

/** The width of the names of the lanes, in pixels. */
export const GUTTER = 232;
/** A lane's name is drawn while the lane is at most this many lanes out of sight. */
const SPARE = 2;
/** A pointer this near to a glyph points at it, in pixels. */
const NEAR = 8;

/** Where the pointer is, in pixels from the left and top of what it is over. */
export interface Pointer {
  x: number;
  y: number;
  /** Over the lanes, where a signature can be pointed at. */
  overLanes: boolean;
}

/** What the pointer is over in the lanes: one signature, or a bar of several. */
export interface Target {
  /** The place of its lane among all lanes. */
  lane: number;
  glyph: Glyph | null;
  bar: Bar | null;
}

/** What the timeline draws, computed from the history, the size of the window and the scroll. */
export class Picture {
  /** The element that scrolls the lanes. */
  scroller: HTMLElement | null = $state(null);
  /** The width and height of the lanes with their names, in pixels. */
  room = $state(800);
  height = $state(400);
  /** How far the lanes are scrolled down, in pixels. */
  top = $state(0);
  /** Device pixels per pixel. */
  density = $state(1);
  palette: Palette | null = $state.raw(null);
  pointer: Pointer | null = $state.raw(null);

  readonly width: number = $derived.by(() => Math.max(80, this.room - GUTTER));
  readonly sight: Sight = $derived.by(() => {
    const [from, to] = this.history.span;
    return { from, to, width: this.width };
  });
  readonly whole: Sight = $derived.by(() => {
    const [from, to] = this.history.whole;
    return { from, to, width: this.width };
  });
  readonly step = $derived.by(() => stepOf(this.sight));
  readonly axis = $derived.by(() => axis(this.sight.from, this.sight.to, this.width));
  readonly lanes = $derived.by(() => this.history.lanes);
  readonly drawn: Drawn[] = $derived.by(() => {
    const all = (rows: number) =>
      this.lanes.map((lane) => layOut(this.records, lane.records, this.sight, this.step, rows));
    // Glyphs are stacked only if there are no bars: beside bars their heights would mislead.
    const stacked = all(ROWS);
    return stacked.every(({ bars }) => bars.length === 0) ? stacked : all(1);
  });
  /** How many signatures the tallest bar stands for; 0 if there are no bars. */
  readonly tallest: number = $derived.by(() =>
    this.drawn.reduce(
      (most, { bars }) => bars.reduce((most, { count }) => Math.max(most, count), most),
      0,
    ),
  );
  /** How many signatures a bar of full height stands for. */
  readonly most = $derived.by(() => roundUp(Math.max(ROWS, this.tallest)));
  /** How many of the matching signatures have no time and are not drawn. */
  readonly undated: number = $derived.by(() =>
    this.history.matching.reduce((n, record) => n + (record >= this.records.timed ? 1 : 0), 0),
  );
  /** The lane of the selected signature; -1 if no lane has it. */
  readonly selectedLane: number = $derived.by(() => {
    const { selected } = this.history;
    return selected === null ? -1 : this.lanes.findIndex((lane) => lane.records.includes(selected));
  });
  /** The first lane whose name is drawn: those out of sight have none. */
  readonly firstNamed = $derived.by(() => Math.max(0, Math.floor(this.top / LANE) - SPARE));
  readonly named = $derived.by(() =>
    this.lanes.slice(this.firstNamed, Math.ceil((this.top + this.height) / LANE) + SPARE),
  );

  /** What the pointer is over. */
  readonly target: Target | null = $derived.by(() =>
    this.pointer?.overLanes ? this.targetAt(this.pointer.x, this.pointer.y) : null,
  );
  /**
   * The moment that the figures are about: where the pointer is, or the end of what is in sight.
   */
  readonly moment = $derived.by(() =>
    this.pointer ? timeAt(this.sight, this.pointer.x) : this.sight.to,
  );
  /** How many envelopes stood in each state at that moment. */
  readonly counts = $derived.by(() => this.records.levels.countsAt(this.moment));
  /** The states that any envelope is ever in, the highest level first. */
  readonly states: number[] = $derived.by(() => {
    const ever = this.records.levels.countsAt(Infinity);
    return Array.from(ever.keys())
      .filter((state) => (ever[state] ?? 0) > 0 || (this.counts[state] ?? 0) > 0)
      .reverse();
  });
  /** What the picture shows, for screen readers. */
  readonly words: string = $derived.by(() => {
    const [from, to] = this.history.span;
    return t("timeline-in-words", {
      signatures: this.history.inSight.length,
      lanes: this.lanes.length,
      from: momentInWords(from),
      to: momentInWords(to),
    });
  });

  readonly #records: () => Records;

  constructor(
    readonly history: History,
    records: () => Records,
  ) {
    this.#records = records;
  }

  get records(): Records {
    return this.#records();
  }

  /** The signature or bar at a place of the lanes; null if there is none. */
  targetAt(x: number, y: number): Target | null {
    const lane = Math.floor((y + this.top) / LANE);
    const at = this.drawn[lane];
    if (!at) return null;
    const above = (lane + 1) * LANE - this.top - y;
    let nearest: Glyph | null = null;
    let distance = NEAR;
    for (const glyph of at.glyphs) {
      const off = Math.hypot(glyph.x - x, 10 + glyph.row * 11 - above);
      if (off < distance) [nearest, distance] = [glyph, off];
    }
    const bar = nearest ? null : at.bars.find((bar) => x >= bar.x && x < bar.x + bar.width);
    return nearest || bar ? { lane, glyph: nearest, bar: bar ?? null } : null;
  }

  /** Reads the colours now and whenever the theme changes. Returns the function that stops it. */
  followTheme(): () => void {
    const read = () => (this.palette = readPalette());
    read();
    const themes = new MutationObserver(read);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = window.matchMedia?.("(prefers-color-scheme: dark)");
    system?.addEventListener("change", read);
    return () => {
      themes.disconnect();
      system?.removeEventListener("change", read);
    };
  }

  /** Measures the lanes now and whenever their size changes. Returns the function that stops it. */
  followSize(scroller: HTMLElement): () => void {
    const measure = new ResizeObserver(() => {
      this.room = scroller.clientWidth || 800;
      this.height = scroller.clientHeight || 400;
      // A list that has become longer may have been scrolled.
      this.top = scroller.scrollTop;
      this.density = devicePixelRatio || 1;
    });
    measure.observe(scroller);
    return () => measure.disconnect();
  }

  /**
   * Brings the selected signature into sight: its lane by scrolling, its time by moving the span.
   */
  showSelected(): void {
    const { history, scroller } = this;
    const { selected } = history;
    const lane = this.selectedLane;
    if (selected === null || lane < 0 || !scroller) return;
    if (lane * LANE < scroller.scrollTop) scroller.scrollTop = lane * LANE;
    const below = (lane + 1) * LANE - scroller.clientHeight;
    if (scroller.clientHeight > 0 && below > scroller.scrollTop) scroller.scrollTop = below;
    const time = this.records.at[selected] ?? NaN;
    const [from, to] = history.span;
    if (time < from || time > to) history.look(time - (to - from) / 2, time + (to - from) / 2);
  }
}
