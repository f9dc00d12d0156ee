import type { RawPart } from "../ipc/bindings";
import { t } from "../words/words";

/** The files of an envelope, in words. */
export const PARTS: Record<RawPart, string> = {
  run: t("envelope-part-run"),
  manifest: t("envelope-part-manifest"),
  run_signatures: t("envelope-part-run-signatures"),
  manifest_signatures: t("envelope-part-manifest-signatures"),
  refusals: t("envelope-part-refusals"),
};
