/** Axes of time in UTC, from decades to seconds. All times are seconds since 1970. */

import { localeInUse, t } from "../words/words";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** The first Monday after the epoch: weeks begin on Mondays. */
const MONDAY = 4 * DAY;

/** The shortest and longest time that is shown from edge to edge. */
export const SHORTEST = 20;
export const LONGEST = 400 * 365 * DAY;

/** How much time one bar stands for. */
export interface Step {
  seconds: number;
  /** Bars begin at multiples of `seconds` after this moment. */
  origin: number;
  /** "1 day", "2 weeks". */
  name: string;
}

type Unit = "year" | "month" | "day" | "hour" | "minute" | "second";

function step(seconds: number, count: number, unit: Unit | "week", origin = 0): Step {
  const form = { style: "unit", unit, unitDisplay: "long" } as const;
  return { seconds, origin, name: new Intl.NumberFormat(localeInUse(), form).format(count) };
}

const STEPS: Step[] = [
  step(1, 1, "second"),
  step(5, 5, "second"),
  step(15, 15, "second"),
  step(MINUTE, 1, "minute"),
  step(3 * MINUTE, 3, "minute"),
  step(10 * MINUTE, 10, "minute"),
  step(30 * MINUTE, 30, "minute"),
  step(HOUR, 1, "hour"),
  step(3 * HOUR, 3, "hour"),
  step(6 * HOUR, 6, "hour"),
  step(12 * HOUR, 12, "hour"),
  step(DAY, 1, "day"),
  step(2 * DAY, 2, "day"),
  step(WEEK, 1, "week", MONDAY),
  step(2 * WEEK, 2, "week", MONDAY),
  step(4 * WEEK, 4, "week", MONDAY),
  step(13 * WEEK, 13, "week", MONDAY),
  step(52 * WEEK, 52, "week", MONDAY),
  step(520 * WEEK, 10, "year", MONDAY),
];

/** The shortest step whose bars are at least this many pixels wide. */
export function stepFor(secondsPerPixel: number, pixels: number): Step {
  const least = secondsPerPixel * pixels;
  return STEPS.find(({ seconds }) => seconds >= least) ?? (STEPS.at(-1) as Step);
}

/** The beginning of the bar that a moment is in. */
export function floorTo(moment: number, { seconds, origin }: Step): number {
  return Math.floor((moment - origin) / seconds) * seconds + origin;
}

const UNITS: { unit: Unit; every: number; seconds: number }[] = [
  { unit: "second", every: 1, seconds: 1 },
  { unit: "second", every: 5, seconds: 5 },
  { unit: "second", every: 15, seconds: 15 },
  { unit: "minute", every: 1, seconds: MINUTE },
  { unit: "minute", every: 5, seconds: 5 * MINUTE },
  { unit: "minute", every: 15, seconds: 15 * MINUTE },
  { unit: "hour", every: 1, seconds: HOUR },
  { unit: "hour", every: 3, seconds: 3 * HOUR },
  { unit: "hour", every: 6, seconds: 6 * HOUR },
  { unit: "hour", every: 12, seconds: 12 * HOUR },
  { unit: "day", every: 1, seconds: DAY },
  { unit: "day", every: 2, seconds: 2 * DAY },
  { unit: "day", every: 7, seconds: WEEK },
  { unit: "month", every: 1, seconds: 30 * DAY },
  { unit: "month", every: 3, seconds: 91 * DAY },
  { unit: "month", every: 6, seconds: 182 * DAY },
  { unit: "year", every: 1, seconds: 365 * DAY },
  { unit: "year", every: 2, seconds: 730 * DAY },
  { unit: "year", every: 5, seconds: 5 * 365 * DAY },
  { unit: "year", every: 10, seconds: 10 * 365 * DAY },
  { unit: "year", every: 50, seconds: 50 * 365 * DAY },
];

/** A moment on the axis and its label. */
export interface Tick {
  at: number;
  label: string;
}

/** The labels of an axis: ticks close together, and the larger units of time around them. */
export interface Axis {
  ticks: Tick[];
  /** The first begins before or at the left edge. */
  spans: Tick[];
}

/** Names as they stand in a date. British English has "Sept", which is wider than all others. */
const names = new Intl.DateTimeFormat(localeInUse() === "en-GB" ? "en" : localeInUse(), {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});

/** The parts of a date in words. */
function inParts(moment: number) {
  const date = dateOf(moment);
  const parts = names.formatToParts(date);
  const name = (type: "weekday" | "month") => parts.find((part) => part.type === type)?.value ?? "";
  return {
    weekday: name("weekday"),
    day: String(date.getUTCDate()),
    month: name("month"),
    year: String(date.getUTCFullYear()),
  };
}

const two = (n: number) => String(n).padStart(2, "0");
const dateOf = (moment: number) => new Date(moment * 1000);
const utc = (year: number, month = 0, day = 1) => {
  // `Date.UTC` takes years below 100 for years of the last century.
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime() / 1000;
};

/** The axis of a span of time over this many pixels. */
export function axis(from: number, to: number, pixels: number): Axis {
  const least = ((to - from) / pixels) * 72;
  const { unit, every } = UNITS.find(({ seconds }) => seconds >= least) ?? {
    unit: "year" as const,
    every: Math.ceil(least / (365 * DAY) / 100) * 100,
  };
  const ticks: Tick[] = [];
  for (let at = floorUnit(from, unit, every); at <= to; at = nextUnit(at, unit, every)) {
    if (at >= from) ticks.push({ at, label: tickLabel(at, unit) });
    // A step that does not advance would never end.
    if (ticks.length > 500) break;
  }
  const larger: Unit =
    unit === "year" ? "year" : unit === "month" ? "year" : unit === "day" ? "month" : "day";
  const spans: Tick[] = [];
  if (unit !== "year") {
    for (let at = floorUnit(from, larger, 1); at <= to; at = nextUnit(at, larger, 1)) {
      spans.push({ at, label: spanLabel(at, larger) });
      if (spans.length > 500) break;
    }
  }
  return { ticks, spans };
}

function floorUnit(moment: number, unit: Unit, every: number): number {
  const date = dateOf(moment);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case "year":
      return utc(Math.floor(year / every) * every);
    case "month":
      return utc(year, Math.floor(month / every) * every);
    case "day":
      // Weeks and every other day start again with each month, so that the first is always a tick.
      return utc(year, month, Math.floor((date.getUTCDate() - 1) / every) * every + 1);
    default: {
      const seconds = every * { hour: HOUR, minute: MINUTE, second: 1 }[unit];
      return Math.floor(moment / seconds) * seconds;
    }
  }
}

function nextUnit(at: number, unit: Unit, every: number): number {
  const date = dateOf(at);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case "year":
      return utc(year + every);
    case "month":
      return utc(year, month + every);
    case "day": {
      const next = utc(year, month, date.getUTCDate() + every);
      const first = utc(year, month + 1);
      // The last tick of a month keeps its distance from the first of the next month.
      return next + (every * DAY) / 2 > first ? first : next;
    }
    default:
      return at + every * { hour: HOUR, minute: MINUTE, second: 1 }[unit];
  }
}

function tickLabel(at: number, unit: Unit): string {
  const date = dateOf(at);
  switch (unit) {
    case "year":
      return String(date.getUTCFullYear());
    case "month":
      return inParts(at).month;
    case "day": {
      const { weekday, day } = inParts(at);
      return t("time-day.weekday", { weekday, day });
    }
    case "second":
      return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    default:
      return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  }
}

function spanLabel(at: number, unit: Unit): string {
  const { weekday, day, month, year } = inParts(at);
  if (unit === "year") return year;
  if (unit === "month") return t("time-month", { month, year });
  return t("time-day.full", { weekday, day, month, year });
}

/** "4 May 2026, 07:12:00". */
export function momentInWords(moment: number): string {
  const date = dateOf(moment);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return t("time-moment", { day: dayInWords(moment), time });
}

/** "4 May 2026". */
export function dayInWords(moment: number): string {
  const { day, month, year } = inParts(moment);
  return t("time-day", { day, month, year });
}

/** The time of a bar in words, no more precise than the bar. */
export function barInWords(from: number, { seconds, name }: Step): string {
  if (seconds < DAY) {
    const date = dateOf(from);
    const begin = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
    const exact = seconds < MINUTE ? `${begin}:${two(date.getUTCSeconds())}` : begin;
    return t("time-bar", { day: dayInWords(from), step: name, time: exact });
  }
  if (seconds === DAY) return dayInWords(from);
  return t("time-days", { from: dayInWords(from), until: dayInWords(from + seconds - 1) });
}

/**
 * A moment as a person writes it, with the precision that a span of this many seconds needs:
 * "2026-05-04 07:12".
 */
export function written(moment: number, span: number): string {
  const text = dateOf(Math.round(moment)).toISOString().replace("T", " ");
  return text.slice(0, span > 10 * DAY ? 10 : span > HOUR ? 16 : 19);
}

/**
 * Reads a time that a person writes. A day means its first or last second. Returns null if the text
 * is not a time.
 */
export function read(text: string, end: "first" | "last"): number | null {
  const form =
    /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2}))?)?(?:Z|\s*UTC)?\s*$/u;
  const found = form.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1);
  const whole = hour === undefined && end === "last" ? DAY - 1 : 0;
  const midnight = utc(Number(year), Number(month) - 1, Number(day));
  const date = dateOf(midnight);
  // 30 February does not exist.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (h > 23 || m > 59 || s > 59) return null;
  return midnight + h * HOUR + m * MINUTE + s + whole;
}
