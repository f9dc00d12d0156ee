/** The sections of the settings, in the order of their navigation. */
export const SECTIONS = [
  { id: "look", label: "Appearance" },
  { id: "policy", label: "Policy" },
  { id: "files", label: "Files" },
  { id: "roots", label: "Attestation roots" },
  { id: "authorities", label: "Time-stamping roots" },
  { id: "signers", label: "Signers" },
  { id: "modules", label: "PKCS#11 modules" },
] as const;

export type SectionId = (typeof SECTIONS)[number]["id"];
