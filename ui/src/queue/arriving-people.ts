import type { PersonAtHand } from "../ipc/bindings";

/** Notices whose key was plugged in while the window is open. */
export class ArrivingPeople {
  #known: ReadonlySet<string> | null = null;

  /** Whose key came since the last call; null if nobody's did, and the first time. */
  since(people: readonly PersonAtHand[] | null): string | null {
    if (people === null) return null;
    const now = new Set(people.filter((one) => one.is_plugged_in).map(({ name }) => name));
    const before = this.#known;
    this.#known = now;
    if (!before) return null;
    return [...now].find((name) => !before.has(name)) ?? null;
  }
}
