import type {
  NewTemplateSigner,
  PartView,
  Settings,
  SettingsView,
  SignerProfile,
  TemplateFields,
  TemplateView,
} from "../src/ipc/bindings";
import { english } from "./english";
import { failure, type FakeStation, hex } from "./station";
import { MODULES } from "./station-devices";
import { withRoots } from "./station-roots";

/** A template with a field of each kind. */
export const VAULT: TemplateView = {
  id: "vault-transit",
  name: english("HashiCorp Vault Transit"),
  about: english("Needs the Python package hvac, and a token in ~/.vault-token."),
  fields: [
    {
      name: "address",
      label: english("Address of Vault"),
      example: "https://vault.example.org:8200",
      default: null,
      is_required: true,
      choices: [],
    },
    {
      name: "algorithm",
      label: english("Algorithm"),
      example: "ed25519",
      default: "ed25519",
      is_required: true,
      choices: ["ed25519", "ecdsa-p256-sha256"],
    },
    {
      name: "mount",
      label: english("Path of the Transit engine"),
      example: "transit",
      default: "transit",
      is_required: false,
      choices: [],
    },
  ],
  either: [],
  environment: [
    { name: "VAULT_CACERT", is_set: true },
    { name: "HTTPS_PROXY", is_set: false },
  ],
  secrets: [{ name: "VAULT_TOKEN", is_set: false }],
  packages: ["hvac"],
  tools: [],
};

/** A part of a probe that works. */
export function part(name: PartView["part"], found: string): PartView {
  return { part: name, state: "works", found: english(found), problem: null, variables: [] };
}

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
    templates: [VAULT],
    made_from: [],
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
      return {
        signer: null,
        parts: [
          part("program", "Found at /bin/false."),
          {
            ...part("signature", ""),
            state: "failed",
            found: null,
            problem: failure(
              "external",
              "The command ended with exit code 1 and printed nothing.",
              "Try it by hand on a file that holds a SHA-256.",
            ),
          },
        ],
      };
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
      parts: [part("signature", "It signs the 32 bytes of the digest, and never twice the same.")],
    };
  });
  station.answer("signer_template_check", ({ given }: { given: TemplateFields }) =>
    given.fields["address"]
      ? []
      : [{ field: "address", why: english("Address of Vault is missing.") }],
  );
  station.answer("signer_template_probe", ({ signer }: { signer: NewTemplateSigner }) => ({
    signer: {
      name: signer.name,
      key_id: signer.key_id,
      signer_id: signer.signer_id,
      source: {
        source: "external",
        command: `/usr/bin/python3 -I vault_transit.py sign --address ${signer.made_from.fields["address"]}`,
        algorithm: "ed25519",
        public_key: "HKLINjRZEAe2AduaGeCoFyDgBhVgTN5kzFaJxg4OYZo=",
        public_key_command: "/usr/bin/python3 -I vault_transit.py public-key",
        timeout_seconds: signer.timeout_seconds,
        working_directory: null,
        environment: ["VAULT_CACERT", "HTTPS_PROXY", ...signer.environment],
        evidence_command: null,
        signed_payload: "sha256",
        probed_as: hex(504),
      },
    },
    parts: [
      part("program", "Python 3.13."),
      {
        ...part("environment", "1 of 2 variables are set."),
        variables: VAULT.environment,
      },
      part("public_key", "ed25519, SHA-256 1234."),
      part("signature", "Verified."),
      { ...part("evidence", "No command prints evidence."), state: "absent" },
    ],
  }));
  return held;
}
