import type {
  CreateKeyRequest,
  EnrolRequest,
  KeysView,
  KeyView,
  RevokeRequest,
  StrengthView,
} from "../src/ipc/bindings";
import { ATTESTED, failure, type FakeStation, hex } from "./station";

const key = (
  change: Partial<KeyView> & { key_id: string; owner: string },
  at: number,
): KeyView => ({
  roles: ["operator"],
  kind: "software",
  key_type: "ed25519",
  fingerprint: hex(900 + at),
  valid_from: null,
  valid_until: null,
  revoked_at: null,
  revocation_reason: null,
  revocation_code: null,
  compromised_since: null,
  added_at: "2026-05-01T09:00:00Z",
  signatures_here: 0,
  signer: null,
  looks_like: null,
  attestation: null,
  names: null,
  ...change,
});

/** A keyring with keys of every kind and standing. */
export function keyring(): KeysView {
  return {
    path: "/home/mira/.config/countersign/keyring.json",
    problem: null,
    keys: [
      { key_id: "ds-prod-2026-05", owner: "mira.k", signatures_here: 1204, signer: "operator" },
      {
        key_id: "ds-prod-2026-06",
        owner: "j.okafor",
        roles: ["witness", "auditor"] as KeyView["roles"],
        kind: "hardware" as const,
        key_type: "ecdsa-p256" as const,
        valid_from: "2026-01-01T00:00:00Z",
        valid_until: "2027-01-01T00:00:00Z",
        signatures_here: 311,
        attestation: ATTESTED,
      },
      {
        key_id: "ds-prod-2026-07",
        owner: "kms-prod",
        roles: ["witness"] as KeyView["roles"],
        kind: "external" as const,
        key_type: "rsa" as const,
        signer: "kms-sign",
      },
      {
        key_id: "ds-prod-2025-11",
        owner: "op-night-2",
        revoked_at: "2026-02-01T00:00:00Z",
        revocation_reason: "left the desk",
        revocation_code: "affiliation_changed" as const,
        signatures_here: 2,
      },
    ].map(key),
  };
}

/** Gives the station a keyring that can be changed. */
export function withKeys(station: FakeStation, view: KeysView = keyring()): { view: KeysView } {
  const held = { view };
  const add = (added: KeyView) => {
    held.view = { ...held.view, keys: [...held.view.keys, added] };
    return held.view;
  };
  station.answer("keys", () => held.view);
  station.answer("pick_file", ({ purpose }: { purpose: string }) => `/home/mira/${purpose}.pem`);
  station.answer("key_enrol", ({ request }: { request: EnrolRequest }) => {
    if (request.source.includes("PRIVATE"))
      throw failure(
        "public_key",
        "This is a private key. Nothing was enrolled.",
        "Give its public key.",
      );
    return add(
      key(
        { ...request, key_type: request.roles.length > 0 ? "ed25519" : "ml-dsa-65" },
        held.view.keys.length,
      ),
    );
  });
  station.answer("passphrase_strength", ({ passphrase }: { passphrase: string }): StrengthView => {
    if (passphrase.split(" ").length >= 6) return { strength: "strong", is_enough: true };
    return passphrase === "long and plain"
      ? { strength: "good", is_enough: true }
      : { strength: "weak", is_enough: false };
  });
  station.answer("passphrase_words", () => "agree brick candy drift eager fable");
  station.answer("key_create", ({ request }: { request: CreateKeyRequest }) =>
    add(
      key(
        {
          key_id: request.key_id,
          owner: request.owner,
          roles: request.roles,
          key_type: request.is_of_companions ? "ml-dsa-65" : "ed25519",
          signer: request.key_id,
        },
        held.view.keys.length,
      ),
    ),
  );
  station.answer("key_revoke", ({ keyId, request }: { keyId: string; request: RevokeRequest }) => {
    const revoked = {
      revoked_at: "2026-05-04T10:30:00Z",
      revocation_reason: request.reason,
      revocation_code: request.code,
      compromised_since: request.compromised_since,
    };
    held.view = {
      ...held.view,
      keys: held.view.keys.map((one) => (one.key_id === keyId ? { ...one, ...revoked } : one)),
    };
    return held.view;
  });
  return held;
}
