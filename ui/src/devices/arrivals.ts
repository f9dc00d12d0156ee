import { figure } from "../kit/words";
import type { Pluggable } from "./words";

type Known = { title: string; serial: number | null };

/** Tells what is plugged in and pulled out, for those who do not see it. */
export class Arrivals {
  #known: Map<string, Known> | null = null;

  /** What came and went since it was asked last, in words; empty the first time. */
  since(devices: Pluggable[]): string {
    const before = this.#known;
    const now = new Map<string, Known>();
    for (const device of devices) {
      // Until it is read nobody knows what it is; and what is read again has not come again.
      const known = device.kind === "reading" ? before?.get(device.id) : knownOf(device);
      if (known) now.set(device.id, known);
    }
    this.#known = now;
    if (!before) return "";
    const went = [...before].filter(([id, known]) => !isSame(known, now.get(id)));
    const came = [...now].filter(([id, known]) => !isSame(known, before.get(id)));
    return [
      ...went.map(([, { title }]) => `${title} was pulled out.`),
      ...came.map(([, { title }]) => `${title} is plugged in.`),
    ].join(" ");
  }
}

function knownOf({ name, serial }: Pluggable): Known {
  return { title: serial === null ? name : `${name}, serial ${figure(serial)},`, serial };
}

/** Whether it is one device: while another program holds it, its serial is not known. */
function isSame(one: Known, other: Known | undefined): boolean {
  if (!other) return false;
  return one.serial === null || other.serial === null || one.serial === other.serial;
}
