import type { KeyView } from "../ipc/bindings";
import { t } from "../words/words";

/** The day of an instant: "2026-01-05". */
export function day(written: string): string {
  return written.slice(0, 10);
}

/**
 * The first second of a day that a person typed, in UTC. Null if the text is empty, undefined if it
 * is not a date.
 */
export function startOfDay(written: string): string | null | undefined {
  const text = written.trim();
  if (text === "") return null;
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  // `Date` takes 30 February for 2 March; the person meant something else.
  if (Number.isNaN(date.valueOf()) || date.toISOString().slice(0, 10) !== text) return undefined;
  return `${text}T00:00:00Z`;
}

/** What is wrong with the days from which and until which a key counts, as they are typed. */
export function misdated(
  begins: string,
  ends: string,
): { begins: string | null; ends: string | null } {
  const [from, until] = [startOfDay(begins), startOfDay(ends)];
  const notADay = t("key-day-wrong");
  const early = from && until && until <= from ? t("enrol-until.early") : null;
  return {
    begins: from === undefined ? notADay : null,
    ends: until === undefined ? notADay : early,
  };
}

/** When a key's signatures count, in words. */
export function validity(key: KeyView): string {
  if (key.revoked_at) return t("key-valid-revoked", { since: day(key.revoked_at) });
  return counts(key.valid_from, key.valid_until);
}

/** From when and until when signatures count, in words. */
export function counts(begins: string | null, ends: string | null): string {
  const from = begins && day(begins);
  const until = ends && day(ends);
  if (from && until) return t("key-valid-between", { from, until });
  if (from) return t("key-valid-from", { from });
  return until ? t("key-valid-until", { until }) : t("key-valid-always");
}

/** Proposes an id for a new key: like those in the keyring, with the first free month. */
export function suggestedKeyId(taken: string[], today: Date): string {
  const environment =
    taken.map((id) => /^ds-(.+)-\d{4}-\d{2}$/u.exec(id)?.[1]).findLast((found) => found) ?? "prod";
  const month = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1));
  for (;;) {
    const id = `ds-${environment}-${month.toISOString().slice(0, 7)}`;
    if (!taken.includes(id)) return id;
    month.setUTCMonth(month.getUTCMonth() + 1);
  }
}
