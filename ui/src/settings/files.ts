import type { FilePurpose, Settings } from "../ipc/bindings";

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
    label: "Keyring",
    about: "Whose keys count, and in which roles.",
    unset: "The station’s own keyring",
    pick: "keyring",
  },
  trust_folder: {
    label: "Folder of attestation roots",
    about: "Certificates in PEM format.",
    unset: "The station’s own folder",
    pick: "folder",
  },
  log: {
    label: "Transparency log",
    about: "Where runs are registered. Required for L3.",
    unset: "Found next to the runs",
    pick: "log",
  },
  ledger: {
    label: "Authority ledger",
    about: "Who may decide what. Required for L7.",
    unset: "Found next to the runs",
    pick: "ledger",
  },
};

/** The path that is set; null if the default is used. */
export const pathOf = (settings: Settings, name: PathName): string | null => settings[name];
