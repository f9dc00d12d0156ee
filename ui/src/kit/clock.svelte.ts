import { counted } from "./words";

/** The moment that ages on screen are counted from. */
export const clock = $state({ now: Date.now() });

/** Keeps the clock running. Returns the function that stops it. */
export function runClock(): () => void {
  const timer = setInterval(() => (clock.now = Date.now()), 20_000);
  return () => clearInterval(timer);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in short: "now", "3 min", "3 h", "12 d", "2 y". */
export function age(then: number, now: number): string {
  const past = now - then;
  if (past < -minute) return "in the future";
  if (past < minute) return "now";
  if (past < hour) return `${Math.floor(past / minute)} min`;
  if (past < 2 * day) return `${Math.floor(past / hour)} h`;
  if (past < 730 * day) return `${Math.floor(past / day)} d`;
  return `${Math.floor(past / (365 * day))} y`;
}

/** The same in words, for screen readers and in sentences: "3 minutes ago", "327 days ago". */
export function ageInWords(then: number, now: number): string {
  const past = now - then;
  if (past < -minute) return "in the future";
  if (past < minute) return "just now";
  if (past < hour) return `${counted(Math.floor(past / minute), "minute")} ago`;
  if (past < 2 * day) return `${counted(Math.floor(past / hour), "hour")} ago`;
  if (past < 730 * day) return `${counted(Math.floor(past / day), "day")} ago`;
  return `${counted(Math.floor(past / (365 * day)), "year")} ago`;
}

const dateFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** "4 May 2026, 07:12:00 UTC". Text that is not a time is returned unchanged. */
export function fullDate(instant: string): string {
  const then = Date.parse(instant);
  return Number.isNaN(then) ? instant : `${dateFormat.format(then)} UTC`;
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
});

const hourFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  hour: "2-digit",
  minute: "2-digit",
});

/** "4 May 2026" and "07:12". Text that is not a time is returned unchanged, as the day. */
export function dayAndHour(instant: string): { day: string; hour: string } {
  const then = Date.parse(instant);
  return Number.isNaN(then)
    ? { day: instant, hour: "" }
    : { day: dayFormat.format(then), hour: hourFormat.format(then) };
}
