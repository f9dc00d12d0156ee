import { t } from "../../words/words";

/** One level of the ladder, as the help explains it. */
interface LevelInWords {
  name: string;
  /** One line: what holds at this level. */
  means: string;
}

/** The levels from L0 to L7. */
export const LADDER: readonly LevelInWords[] = ([0, 1, 2, 3, 4, 5, 6, 7] as const).map((level) => ({
  name: t(`ladder-${level}`),
  means: t(`ladder-${level}.means`),
}));
