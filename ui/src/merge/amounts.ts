import { localeInUse, t } from "../words/words";

/** How much of what is added or left out. */
export interface Amounts {
  envelopes?: number;
  files?: number;
  signatures?: number;
  refusals?: number;
}

const list = new Intl.ListFormat(localeInUse(), { type: "conjunction" });

/** "1 envelope and 2 signatures"; empty if there is nothing. */
export function amountsInWords({ envelopes, files, signatures, refusals }: Amounts): string {
  return list.format([
    ...(envelopes ? [t("ceremony-envelopes", { count: envelopes })] : []),
    ...(files ? [t("envelope-files", { count: files })] : []),
    ...(signatures ? [t("ceremony-signatures", { count: signatures })] : []),
    ...(refusals ? [t("merge-refusals", { count: refusals })] : []),
  ]);
}
