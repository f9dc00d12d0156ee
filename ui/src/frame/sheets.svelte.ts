import type {
  DroppedKind,
  EnvelopeView,
  FindingView,
  SourceFile,
  UnknownKey,
} from "../ipc/bindings";

/** What was dropped as one thing, and can be used in several ways. */
export type DroppedWhole = Extract<DroppedKind, "directory" | "carrier">;

/** What a sheet over the window is about. */
export type Sheet =
  | { kind: "help" }
  /** What this program is. */
  | { kind: "about" }
  /** Everything a person can do now. */
  | { kind: "palette" }
  /** One act over one or more envelopes, by their ids in the queue. */
  | { kind: "sign"; envelopes: number[] }
  /** Refusing to sign one envelope, in the same act. */
  | { kind: "refuse"; envelope: number }
  /** The envelope as it was read when the sheet was opened. */
  | { kind: "register"; envelope: EnvelopeView }
  /** Registering several envelopes, by their ids in the queue. */
  | { kind: "register-several"; envelopes: number[] }
  /** Enrolling the key of a signature that was read. */
  | { kind: "enrol"; key: UnknownKey }
  /** Attaching evidence to the signatures of an envelope. */
  | { kind: "attach"; envelope: number }
  /** Accepting a log as it is, by the id of its alarm. */
  | { kind: "accept-log"; alarm: string }
  /** What is plugged in, beginning with this device; null for the first. */
  | { kind: "devices"; device: string | null }
  /** Asks what to do with something that was dropped. */
  | { kind: "dropped"; path: string; content: DroppedWhole }
  /** Merging these copies; an empty list means the conflict copies in the directory. */
  | { kind: "merge"; sources: string[] }
  | { kind: "review" }
  /** Signing what the reviewer concludes. */
  | { kind: "finding" }
  /** A finding that was opened, compared with what is under review. */
  | { kind: "finding-read"; finding: FindingView }
  | { kind: "export"; envelopes: number[] }
  /** Importing this file; null means that the person still has to choose one. */
  | { kind: "import"; path: string | null }
  /** Asking an authority for time stamps for these envelopes. */
  | { kind: "time-request"; envelopes: number[] }
  /** Importing these responses or folders of requests; empty if the person has to choose. */
  | { kind: "time-import"; sources: string[] }
  | { kind: "pack"; envelope: number; name: string }
  /** Comparing the files that an envelope's run was made from. */
  | { kind: "inputs"; envelope: number; name: string }
  /** Showing one of them without the run. */
  | { kind: "disclose"; envelope: number; list: string; file: SourceFile }
  /** Checking a disclosure, null for one to be chosen, against an envelope if one is open. */
  | {
      kind: "disclosure";
      path: string | null;
      envelope: { id: number; name: string } | null;
    };

/** The sheet that is open over the window. There is at most one. */
export class Sheets {
  #current: Sheet | null = $state.raw(null);

  get current(): Sheet | null {
    return this.#current;
  }

  /**
   * Opens a sheet. While another one is open nothing changes: what was typed, or the act that is in
   * progress, is never replaced. Returns whether it was opened.
   */
  open(sheet: Sheet): boolean {
    if (this.#current !== null) return false;
    this.#current = sheet;
    return true;
  }

  /** Closes this sheet. Does nothing if it is not the one that is open. */
  close(sheet: Sheet): void {
    if (this.#current === sheet) this.#current = null;
  }
}
