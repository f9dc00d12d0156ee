import type { RawPart } from "../ipc/bindings";

/** The files of an envelope, in words. */
export const PARTS: Record<RawPart, string> = {
  run: "Sealed run",
  manifest: "Manifest",
  run_signatures: "Signatures of the run",
  manifest_signatures: "Signatures of the manifest",
};
