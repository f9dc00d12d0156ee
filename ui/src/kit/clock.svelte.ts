import { localeInUse, t } from "../words/words";

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
  if (past < -minute) return t("age-future");
  if (past < minute) return t("age-now");
  if (past < hour) return t("age-minutes", { count: Math.floor(past / minute) });
  if (past < 2 * day) return t("age-hours", { count: Math.floor(past / hour) });
  if (past < 730 * day) return t("age-days", { count: Math.floor(past / day) });
  return t("age-years", { count: Math.floor(past / (365 * day)) });
}

/** The same in words, for screen readers and in sentences: "3 minutes ago", "327 days ago". */
export function ageInWords(then: number, now: number): string {
  const past = now - then;
  if (past < -minute) return t("age-future");
  if (past < minute) return t("age-just-now");
  if (past < hour) return t("age-minutes-ago", { count: Math.floor(past / minute) });
  if (past < 2 * day) return t("age-hours-ago", { count: Math.floor(past / hour) });
  if (past < 730 * day) return t("age-days-ago", { count: Math.floor(past / day) });
  return t("age-years-ago", { count: Math.floor(past / (365 * day)) });
}

const dateFormat = new Intl.DateTimeFormat(localeInUse(), {
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

const dayFormat = new Intl.DateTimeFormat(localeInUse(), {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  year: "numeric",
});

const hourFormat = new Intl.DateTimeFormat(localeInUse(), {
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
