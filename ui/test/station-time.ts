import type { TimeImportView, TimeRequestView, TimeView } from "../src/ipc/bindings";
import type { FakeStation } from "./station";

export const TRUSTED: TimeView = {
  kind: "trusted",
  at: "2026-05-04T09:30:00Z",
  accuracy: 1,
  authority: "CN=Example TSA,O=Example",
};

const requested = (name: string, signer_id: string) => ({
  file: `${name}.tsq`,
  run: "RUN-00000004_20260504T071200Z.json",
  signer_id,
  renews: false,
});

export const REQUESTS: TimeRequestView = {
  folder: "/home/mira/Downloads/2 envelopes.time-requests",
  requests: [
    requested("RUN-00000004_20260504T071200Z-7ae595da95af", "mira.k"),
    { ...requested("RUN-00000002_20260504T101800Z-3bdc6c24339f", "j.okafor"), renews: true },
  ],
  stamped: 3,
  code: null,
};

export const ONE_REQUEST: TimeRequestView = {
  ...REQUESTS,
  requests: REQUESTS.requests.slice(0, 1),
  stamped: 0,
  code: {
    text: "data:application/timestamp-query;base64,MEICAQEwMTANBglghkgBZQMEAgEFAAQg",
    qr: { size: 33, dark: "M0 0h7v7h-7z" },
  },
};

export const IMPORTED: TimeImportView = {
  stamped: [
    {
      response: "RUN-00000004_20260504T071200Z-7ae595da95af.tsr",
      id: 4,
      title: "Approve the revised triage thresholds",
      run: "RUN-00000004_20260504T071200Z.json",
      signer_id: "mira.k",
      time: TRUSTED,
      was_there: false,
    },
  ],
  left_out: [
    {
      file: "RUN-00000002_20260504T101800Z-3bdc6c24339f.tsr",
      why: {
        code: "other_imprint",
        message: "The time stamp is about something else than this signature",
        hint: "",
        id: "",
        args: [],
      },
    },
  ],
  waiting: ["RUN-00000009_20260501T091200Z-9f86d081884c.tsq"],
};

/** Has the station ask for time stamps and import them. */
export function withTime(station: FakeStation): void {
  const place = REQUESTS.folder;
  station
    .answer("carrier_place", () => place)
    .answer("time_request", ({ ids }: { ids: number[] }) =>
      ids.length === 1 ? ONE_REQUEST : REQUESTS,
    )
    .answer("time_import", () => IMPORTED);
}
