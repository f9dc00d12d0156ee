import type { Said } from "../ipc/bindings";
import { day } from "../keys/dates";
import { said, t } from "../words/words";

/** A warning, or several that are about the same. */
export interface Warning {
  title: string;
  /** What each of several says. */
  each: string[];
}

/** The warnings that there is one of for each signature and authority. */
const OF_AUTHORITIES = ["time-stamp-ends", "time-stamp-ended"];

/** The warnings of an envelope, with those about time-stamping authorities as one. */
export function gathered(warnings: readonly Said[]): Warning[] {
  const kinds = new Map<string, Said[]>();
  for (const [index, warning] of warnings.entries()) {
    const kind = OF_AUTHORITIES.includes(warning.id) ? warning.id : String(index);
    kinds.set(kind, [...(kinds.get(kind) ?? []), warning]);
  }
  return [...kinds].map(([kind, alike]) => {
    const [one, ...others] = alike.map(said);
    if (one !== undefined && others.length === 0) return { title: one, each: [] };
    const count = new Set(alike.map((warning) => argument(warning, "authority"))).size;
    const [first = ""] = alike.map((warning) => argument(warning, "until")).sort();
    return {
      title:
        kind === "time-stamp-ends"
          ? t("envelope-stamps-end", { count, first: day(first) })
          : t("envelope-stamps-ended", { count }),
      each: alike.map(said),
    };
  });
}

function argument({ args }: Said, name: string): string {
  return String(args.find((one) => one.name === name)?.value ?? "");
}
