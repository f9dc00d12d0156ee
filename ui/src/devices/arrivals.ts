import { t } from "../words/words";
import type { Pluggable } from "./words";

type Known = { name: string; serial: number | null };

/** Announces what is plugged in and pulled out, for screen readers. */
export class Arrivals {
  #known: Map<string, Known> | null = null;

  /** What came and went since the last call, in words; empty the first time. */
  since(devices: Pluggable[]): string {
    const before = this.#known;
    const now = new Map<string, Known>();
    for (const device of devices) {
      // A device is unknown until it is read, and one that is read again has not arrived again.
      const known =
        device.kind === "reading"
          ? before?.get(device.id)
          : { name: device.name, serial: device.serial };
      if (known) now.set(device.id, known);
    }
    this.#known = now;
    if (!before) return "";
    const went = [...before].filter(([id, known]) => !isSame(known, now.get(id)));
    const came = [...now].filter(([id, known]) => !isSame(known, before.get(id)));
    return [
      ...went.map(([, known]) => t("device-went", inWords(known))),
      ...came.map(([, known]) => t("device-came", inWords(known))),
    ].join(" ");
  }
}

function inWords({ name, serial }: Known) {
  return { name, serial: serial === null ? "none" : String(serial) };
}

/** Whether both are the same device. Its serial is unknown while another program uses it. */
function isSame(one: Known, other: Known | undefined): boolean {
  if (!other) return false;
  return one.serial === null || other.serial === null || one.serial === other.serial;
}
