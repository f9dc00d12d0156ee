import type { ExportView, ImportView, Inspected, PackView, QrView } from "../src/ipc/bindings";
import { type FakeStation, hex } from "./station";
import { MERGE } from "./station-merge";
import { english } from "./english";

/** Looks like a QR code, and is none. */
function qr(text: string): QrView {
  const size = 37;
  let dark = "";
  const corners = [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const;
  for (const [x, y] of corners) {
    dark += `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  }
  for (let at = 0; at < size * size; at += 1) {
    const [x, y] = [at % size, Math.floor(at / size)];
    const corner = (x < 8 || x > size - 9) && (y < 8 || (x < 8 && y > size - 9));
    const digit = parseInt(text[(at * 7) % text.length] ?? "0", 16);
    if (!corner && ((digit >> (at % 4)) & 1) === 1) dark += `M${x} ${y}h1v1h-1z`;
  }
  return { size, dark };
}

const CARRIED = [
  {
    file: "RUN-00000004_20260504T071200Z.json",
    decision_id: "DEC-004",
    title: "Approve the revised triage thresholds",
    digest: hex(904),
  },
  {
    file: "2026/05/RUN-00000002_20260504T101800Z.json",
    decision_id: "DEC-017",
    title:
      "Raise the settlement limit for the Nordic desks to EUR 40 million until the end of the third quarter",
    digest: hex(902),
  },
];

export const EXPORT: ExportView = {
  path: "/home/mira/Downloads/2 envelopes.zip",
  report: {
    digest: hex(801),
    envelopes: CARRIED,
    left_out: [{ file: "RUN-00000010_20260325T071200Z.json", why: english("it is not JSON") }],
    warnings: [],
  },
};

export const INSPECTED: Inspected = { digest: hex(801), envelopes: CARRIED, faults: [] };

export const IMPORT: ImportView = {
  digest: hex(801),
  envelopes: MERGE.envelopes.slice(0, 2).map((merged, at) => ({ new: at === 1, merged })),
  logs: [{ path: "/srv/sealed_runs/transparency_log.ndjson", new: false }],
  left_out: [
    {
      file: "authority_ledger.ndjson",
      why: english("it says otherwise than the one here, from line 3"),
    },
  ],
  not_taken: [],
  whole: false,
};

export const PACK: PackView = {
  path: "/home/mira/Downloads/RUN-00000004_20260504T071200Z.pack.zip",
  report_path: "/home/mira/Downloads/RUN-00000004_20260504T071200Z.pack.zip/report.html",
  report: {
    file: "RUN-00000004_20260504T071200Z.json",
    digest: hex(802),
    level: 5,
    assurance: null,
    weaknesses: [],
    missing: english("No hardware or external key has signed."),
    warnings: [english("local time in a signed field: it is taken as UTC")],
    files: ["RUN-00000004_20260504T071200Z.json", "keyring.json", "report.html"],
  },
};

/** Has the station export, import and pack. */
export function withCarry(station: FakeStation): void {
  station
    .answer("digest_qr", ({ hex }: { hex: string }) => qr(hex))
    .answer("carrier_place", ({ kind }: { kind: string }) =>
      kind === "export" ? EXPORT.path : kind === "pack_zip" ? PACK.path : PACK.path.slice(0, -4),
    )
    .answer("export_envelopes", () => EXPORT)
    .answer("import_look", () => INSPECTED)
    .answer("import_envelopes", () => IMPORT)
    .answer("pack_envelope", () => PACK);
}
