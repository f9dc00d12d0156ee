import type { Settings, SettingsView, SignerProfile } from "../src/ipc/bindings";
import { english } from "./english";
import { failure, type FakeStation, hex } from "./station";
import { MODULES } from "./station-devices";
import { withRoots } from "./station-roots";

/** Settings with a signer of each kind. */
export function settings(change: Partial<Settings> = {}): SettingsView {
  return {
    settings: {
      directory: "/srv/sealed_runs",
      recent: ["/srv/sealed_runs"],
      keyring: null,
      log: null,
      ledger: null,
      trust_folder: null,
      policy: { trust: "pinned", min_threshold: 2, required_roles: [], assurance: "pinned" },
      theme: "system",
      language: "system",
      text_size: 100,
      signers: [
        {
          name: "operator",
          key_id: "ds-prod-2026-05",
          signer_id: "mira.k",
          source: { source: "key_file", path: "/home/mira/operator.key.pem" },
        },
        {
          name: "kms-sign",
          key_id: "ds-prod-2026-07",
          signer_id: "kms-prod",
          source: {
            source: "external",
            command: "kms-sign --key alias/runs",
            algorithm: "rsa-pss-sha256",
            public_key: "/home/mira/kms.pub.pem",
            public_key_command: null,
            timeout_seconds: 30,
            working_directory: null,
            environment: [],
            evidence_command: null,
            signed_payload: null,
            probed_as: null,
          },
        },
      ],
      pkcs11_modules: ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/libykcs11.so"],
      pkcs11_module_options: [],
      ...change,
    },
    modules: [
      MODULES.soft,
      MODULES.broken,
      {
        path: "/usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so",
        name: "OpenSC",
        standing: "found",
        trust: "unlisted",
        problem: null,
        tokens: [],
      },
    ],
    default_keyring: "/home/mira/.config/countersign/keyring.json",
    problems: [],
    kept_aside: null,
  };
}

/** Gives the station settings that can be changed. */
export function withSettings(
  station: FakeStation,
  view: SettingsView = settings(),
): { view: SettingsView } {
  const held = { view };
  station.answer("settings", () => held.view);
  station.answer("settings_save", ({ settings }: { settings: Settings }) => {
    held.view = { ...held.view, settings };
    return held.view;
  });
  if (!station.answers("trust_roots")) withRoots(station);
  station.answer("pick_file", ({ purpose }: { purpose: string }) => `/srv/${purpose}.json`);
  station.answer("signer_probe", ({ signer }: { signer: SignerProfile }) => {
    if (signer.source.source === "external" && signer.source.command.startsWith("false"))
      throw failure(
        "external",
        "The command ended with exit code 1 and printed nothing.",
        "Try it by hand on a file that holds a SHA-256.",
      );
    return {
      signer: {
        ...signer,
        source: {
          ...signer.source,
          public_key: "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
          signed_payload: "sha256",
          probed_as: hex(503),
        },
      },
      deterministic: false,
      found: english("It signs the 32 bytes of the digest, and never twice the same."),
    };
  });
  return held;
}
