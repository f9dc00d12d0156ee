import type { Lane } from "../lanes";
import { timeAt, xOf } from "../layout";
import type { Picture, Target } from "./picture.svelte";

/** What moves less than this is a press and not a drag, in pixels. */
const SLACK = 4;
/** How near to an edge of the span in sight the pointer takes hold of that edge, in pixels. */
const GRIP = 6;

type PressEvent = PointerEvent & { currentTarget: HTMLElement };

/** Where an event is, in pixels from the left and top of the element that listens. */
function placeOf(event: MouseEvent): { x: number; y: number } {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** Takes hold of the pointer. Returns false if it is not the main button that is pressed. */
function take(event: PressEvent): boolean {
  if (event.button !== 0) return false;
  event.currentTarget.setPointerCapture?.(event.pointerId);
  return true;
}

/** Zooms about the pointer, or moves along the time when scrolled sideways or with Shift. */
export function wheel(picture: Picture, event: WheelEvent): void {
  event.preventDefault();
  // The wheel can also count in lines or in pages.
  const scale = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
  const [along, across] = [event.deltaX * scale, event.deltaY * scale];
  if (event.shiftKey || Math.abs(along) > Math.abs(across)) {
    picture.history.pan((along || across) / picture.width);
  } else {
    picture.history.zoom(Math.exp(across * 0.0016), timeAt(picture.sight, placeOf(event).x));
  }
}

/** The pointer over the lanes: it points, drags them, and selects what it presses. */
export class LanesPointer {
  grabbing = $state(false);
  #drag: { x: number; y: number; span: [number, number]; top: number; far: boolean } | null = null;
  readonly #picture: Picture;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  grab(event: PressEvent): void {
    if (!take(event)) return;
    const { history, top } = this.#picture;
    this.#drag = { ...placeOf(event), span: history.span, top, far: false };
  }

  move(event: PressEvent): void {
    const picture = this.#picture;
    const { x, y } = placeOf(event);
    const drag = this.#drag;
    if (!drag) {
      picture.pointer = { x, y, overLanes: true };
      return;
    }
    drag.far ||= Math.hypot(x - drag.x, y - drag.y) > SLACK;
    if (!drag.far) return;
    this.grabbing = true;
    picture.pointer = null;
    const by = ((x - drag.x) / picture.width) * (drag.span[1] - drag.span[0]);
    // If everything is in sight there is nothing to move to.
    if (picture.history.isSpanned) picture.history.look(drag.span[0] - by, drag.span[1] - by);
    if (picture.scroller) picture.scroller.scrollTop = drag.top - (y - drag.y);
  }

  release(event: PressEvent): void {
    const drag = this.#drag;
    this.cancel();
    if (!drag || drag.far) return;
    const { x, y } = placeOf(event);
    this.#press(this.#picture.targetAt(x, y));
  }

  cancel(): void {
    this.#drag = null;
    this.grabbing = false;
  }

  /** Selects a signature. A bar is zoomed into, until it is one moment. */
  #press(target: Target | null): void {
    const { history } = this.#picture;
    if (target?.glyph) history.select(target.glyph.record);
    else if (target?.bar) this.#pressBar(target.lane, target.bar.from);
    else history.select(null);
  }

  #pressBar(lane: number, from: number): void {
    const { history, records, step, lanes } = this.#picture;
    const inside = (lanes[lane] as Lane).records.filter((record) => {
      const time = records.at[record] as number;
      return time >= from && time < from + step.seconds;
    });
    const [first, last] = [records.at[inside[0] ?? 0] ?? 0, records.at[inside.at(-1) ?? 0] ?? 0];
    // Signatures of the same second cannot be drawn apart: each press selects the next one.
    if (step.seconds === 1 || last === first) {
      const next = inside.indexOf(history.selected ?? -1) + 1;
      history.select(inside[next % inside.length] ?? null);
      if (step.seconds > 1) history.look(first - 30, first + 30);
    } else {
      const edge = Math.max(1, (last - first) * 0.15);
      history.look(first - edge, last + edge);
    }
  }
}

/** A span of time that is brushed over the chart of levels. */
export class Brush {
  /** From where to where it is brushed, in pixels. */
  range: { from: number; to: number } | null = $state.raw(null);
  readonly #picture: Picture;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  begin(event: PressEvent): void {
    if (!take(event)) return;
    const { x } = placeOf(event);
    this.range = { from: x, to: x };
  }

  move(event: PressEvent): void {
    const picture = this.#picture;
    const { x, y } = placeOf(event);
    picture.pointer = { x, y, overLanes: false };
    if (this.range) {
      this.range = { from: this.range.from, to: Math.max(0, Math.min(picture.width, x)) };
    }
  }

  /** Looks at the span that was brushed. */
  end(): void {
    const range = this.range;
    this.cancel();
    if (!range || Math.abs(range.to - range.from) <= SLACK) return;
    const { history, sight } = this.#picture;
    const [left, right] = [Math.min(range.from, range.to), Math.max(range.from, range.to)];
    history.look(timeAt(sight, left), timeAt(sight, right));
  }

  cancel(): void {
    this.range = null;
  }
}

/** The parts of the overview: an edge of the span in sight, the span itself, and the rest. */
type Part = "left" | "right" | "span" | "outside";

/** The pointer over the overview, which moves and stretches the span in sight. */
export class OverviewPointer {
  #held: { part: Part; at: number; span: [number, number] } | null = null;
  readonly #picture: Picture;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  begin(event: PressEvent): void {
    if (!take(event)) return;
    const { history, whole } = this.#picture;
    const { x } = placeOf(event);
    this.#held = { part: this.#partAt(x), at: timeAt(whole, x), span: history.span };
  }

  move(event: PressEvent): void {
    const { history, whole, width } = this.#picture;
    const { x } = placeOf(event);
    const held = this.#held;
    if (!held) {
      const part = this.#partAt(x);
      event.currentTarget.style.cursor =
        part === "span" ? "grab" : part === "outside" ? "crosshair" : "ew-resize";
      return;
    }
    const at = timeAt(whole, Math.max(0, Math.min(width, x)));
    const [from, to] = held.span;
    if (held.part === "left") history.look(Math.min(at, to - 1), to);
    else if (held.part === "right") history.look(from, Math.max(at, from + 1));
    else if (held.part === "span") history.look(from + at - held.at, to + at - held.at);
    else history.look(Math.min(at, held.at), Math.max(at, held.at));
  }

  end(): void {
    this.#held = null;
  }

  #partAt(x: number): Part {
    const { history, whole, sight } = this.#picture;
    const [left, right] = [xOf(whole, sight.from), xOf(whole, sight.to)];
    if (Math.abs(x - left) <= GRIP) return "left";
    if (Math.abs(x - right) <= GRIP) return "right";
    return history.isSpanned && x > left && x < right ? "span" : "outside";
  }
}
