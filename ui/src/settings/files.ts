import type { FilePurpose, Settings } from "../ipc/bindings";
import { t } from "../words/words";

/** A file or folder that decides what counts. */
export type PathName = "keyring" | "trust_folder" | "log" | "ledger";

/** What is said of it. */
interface PathWords {
  label: string;
  about: string;
  /** What is used if none is set. */
  unset: string;
  /** What is picked: a file, or a folder. */
  pick: FilePurpose | "folder";
}

export const PATHS: Record<PathName, PathWords> = {
  keyring: {
    label: t("path-keyring"),
    about: t("path-keyring.about"),
    unset: t("path-keyring.unset"),
    pick: "keyring",
  },
  trust_folder: {
    label: t("path-roots"),
    about: t("path-roots.about"),
    unset: t("path-roots.unset"),
    pick: "folder",
  },
  log: {
    label: t("path-log"),
    about: t("path-log.about"),
    unset: t("path-next-to-runs"),
    pick: "log",
  },
  ledger: {
    label: t("path-ledger"),
    about: t("path-ledger.about"),
    unset: t("path-next-to-runs"),
    pick: "ledger",
  },
};

/** The path that is set; null if the default is used. */
export const pathOf = (settings: Settings, name: PathName): string | null => settings[name];
