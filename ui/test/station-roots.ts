import type {
  RevocationListsView,
  RootCandidate,
  RootView,
  TrustRootsView,
} from "../src/ipc/bindings";
import { type FakeStation, hex } from "./station";

/** Certificates as a file may have them: a known root, a made-up one, and an intermediate. */
export const CERTIFICATES: RootCandidate[] = [
  {
    subject: "CN=Yubico Attestation Root 1",
    sha256: "62760c6a6ef91679f454c8902b80fd009825b3f25da90f1fbace2ec6586cd5a8",
    validity: { from: "2024-12-01T00:00:00Z", until: "9999-12-31T23:59:59Z" },
    expired: false,
    is_root: true,
    is_key: false,
    known_as: "Yubico Attestation Root 1",
    trusted: true,
  },
  {
    subject:
      "CN=Countersign Test PIV Root CA,OU=Laboratory,O=Example Institute for Governed Decisions",
    sha256: hex(501),
    validity: { from: "2019-03-14T00:00:00Z", until: "2024-03-14T00:00:00Z" },
    expired: true,
    is_root: true,
    is_key: false,
    known_as: null,
    trusted: false,
  },
  {
    subject: "CN=Yubico PIV Attestation B 1",
    sha256: "2d55b7998f4e42569d6d8fa382b6dc77d1dacf07358b19701163892922b17052",
    validity: { from: "2024-12-01T00:00:00Z", until: "9999-12-31T23:59:59Z" },
    expired: false,
    is_root: false,
    is_key: false,
    known_as: "Yubico PIV Attestation B 1",
    trusted: false,
  },
];

/** The attestation key of a TPM, as a file may have it. */
export const TPM_KEY: RootCandidate = {
  subject: "TPM attestation key, ecdsa-p256",
  sha256: hex(502),
  validity: null,
  expired: false,
  is_root: false,
  is_key: true,
  known_as: null,
  trusted: false,
};

const kept = (certificate: RootCandidate): RootView => ({
  ...certificate,
  trusted: true,
  file: `${certificate.sha256.slice(0, 8)}.pem`,
});

/** Gives the station a trust folder that can be changed. */
export function withRoots(
  station: FakeStation,
  view: TrustRootsView = {
    folder: "/home/mira/.config/countersign/attestation-roots",
    roots: CERTIFICATES.filter(({ trusted }) => trusted).map(kept),
    problems: [],
  },
): { view: TrustRootsView; file: RootCandidate[] } {
  const held = { view, file: CERTIFICATES };
  station.answer("trust_roots", () => held.view);
  station.answer("trust_root_look", () =>
    held.file.map((one) => ({
      ...one,
      trusted: held.view.roots.some(({ sha256 }) => sha256 === one.sha256),
    })),
  );
  station.answer("trust_root_add", ({ sha256 }: { sha256: string[] }) => {
    const added = held.file.filter((one) => sha256.includes(one.sha256)).map(kept);
    held.view = { ...held.view, roots: [...held.view.roots, ...added] };
    return held.view;
  });
  station.answer("trust_root_remove", ({ sha256 }: { sha256: string }) => {
    held.view = {
      ...held.view,
      roots: held.view.roots.filter((one) => one.sha256 !== sha256),
    };
    return held.view;
  });
  let lists = LISTS;
  station.answer("revocation_lists", () => lists);
  station.answer("revocation_list_add", () => lists);
  station.answer("revocation_list_remove", () => (lists = { ...lists, lists: [] }));
  return held;
}

/** A revocation list that is out of date. */
export const LISTS: RevocationListsView = {
  folder: "/home/mira/.config/countersign/crls",
  lists: [
    {
      issuer: "CN=Example CA",
      sha256: "ef".repeat(32),
      this_update: "2026-01-01T00:00:00Z",
      next_update: "2026-02-01T00:00:00Z",
      ended: true,
      entries: 2,
      problem: null,
      signed_by: null,
      file: "ca.crl",
    },
  ],
  problems: [],
};
