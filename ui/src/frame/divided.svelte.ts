/** How wide a part of the window is, in pixels: as the person left it, here and in other sessions. */
export class Divided {
  #chosen: number | null = $state(null);
  readonly #name: string;
  readonly #usual: () => number;

  /** `usual` is the width until the person chooses one. */
  constructor(name: string, usual: () => number) {
    this.#name = `width of ${name}`;
    this.#usual = usual;
    const kept = Number(localStorage.getItem(this.#name));
    if (Number.isFinite(kept) && kept > 0) this.#chosen = kept;
  }

  get width(): number {
    return Math.round(this.#chosen ?? this.#usual());
  }

  set width(width: number) {
    this.#chosen = width;
    localStorage.setItem(this.#name, String(width));
  }
}
