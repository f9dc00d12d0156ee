import { t } from "../words/words";
/** The sections of the settings, in the order of their navigation. */
export const SECTIONS = [
  { id: "look", label: t("settings-look") },
  { id: "policy", label: t("settings-policy") },
  { id: "files", label: t("settings-files") },
  { id: "roots", label: t("settings-roots") },
  { id: "authorities", label: t("settings-authorities") },
  { id: "names", label: t("settings-names") },
  { id: "signers", label: t("settings-signers") },
  { id: "modules", label: t("settings-modules") },
] as const;

export type SectionId = (typeof SECTIONS)[number]["id"];
