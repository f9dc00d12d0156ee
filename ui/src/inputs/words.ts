import type { DisclosureStanding, FileStanding, InputsStanding, SourceList } from "../ipc/bindings";
import { t } from "../words/words";

/** How a run stands to the files that it was made from, in words. */
export const INPUTS: Record<InputsStanding, string> = {
  reproduced: t("inputs-reproduced-here"),
  not_available: t("inputs-not-available-here"),
  contradicted: t("inputs-contradicted-here"),
};

/** How a file was found, in words. */
export const FOUND: Record<FileStanding, string> = {
  same: t("found-same"),
  missing: t("found-missing"),
  changed: t("found-changed"),
  not_read: t("found-not-read"),
};

/** How far a disclosure can be relied on, in words. */
export const DISCLOSED: Record<DisclosureStanding, string> = {
  proven: t("disclosure-proven-here"),
  not_accepted: t("disclosure-not-accepted-here"),
  invalid: t("disclosure-invalid-here"),
};

/** The tone of a notice that says so. */
export const TONE: Record<DisclosureStanding, "good" | "warn" | "bad"> = {
  proven: "good",
  not_accepted: "warn",
  invalid: "bad",
};

/** What the files of a list are called. */
export function nameOfList(list: SourceList["list"]): string {
  return t("inputs-list", { list });
}
