import type { TrustedFor } from "../ipc/bindings";
import { t } from "../words/words";

/** What is said of roots, by what they are trusted for. */
interface RootWords {
  /** No root is trusted. */
  none: string;
  add: string;
  /** The button that opens the sheet for it. */
  open: string;
  remove: string;
  /** What whoever holds the key of a root can do. */
  power: string;
  /** What removing a root means, as a title and in full. */
  lost: string;
  means: string;
}

export const ROOTS: Record<TrustedFor, RootWords> = {
  attestations: {
    none: t("roots-attestations-none"),
    add: t("roots-attestations-add"),
    open: t("roots-attestations-add.open"),
    remove: t("roots-attestations-remove"),
    power: t("roots-attestations-power"),
    lost: t("roots-attestations-lost"),
    means: t("roots-attestations-lost.means"),
  },
  time_stamps: {
    none: t("roots-time-stamps-none"),
    add: t("roots-time-stamps-add"),
    open: t("roots-time-stamps-add.open"),
    remove: t("roots-time-stamps-remove"),
    power: t("roots-time-stamps-power"),
    lost: t("roots-time-stamps-lost"),
    means: t("roots-time-stamps-lost.means"),
  },
  names: {
    none: t("roots-names-none"),
    add: t("roots-names-add"),
    open: t("roots-names-add.open"),
    remove: t("roots-names-remove"),
    power: t("roots-names-power"),
    lost: t("roots-names-lost"),
    means: t("roots-names-lost.means"),
  },
};
