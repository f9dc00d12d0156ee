//! The templates.

use countersign_problem::words;

use super::rule::{NO, Rule, YES};
use super::{ALGORITHM, EVIDENCE, Field, PYTHON, Package, Template, TemplateId};
use crate::signer_program::{AWS_KMS, AZURE_KEY_VAULT, GOOGLE_CLOUD_KMS, HSM_TOOL, VAULT_TRANSIT};

/// Every template, in the order in which they are offered.
pub static TEMPLATES: [Template; 5] = [
    Template {
        id: TemplateId::AwsKms,
        name: || words!("template-aws-kms"),
        about: || words!("template-aws-kms-about"),
        program: &AWS_KMS,
        fields: &[
            Field {
                name: "key-id",
                label: || words!("template-aws-key"),
                example: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                default: None,
                is_required: true,
                rule: Rule::AwsKey,
            },
            Field {
                name: "region",
                label: || words!("template-aws-region"),
                example: "eu-central-1",
                default: None,
                is_required: false,
                rule: Rule::AwsRegion,
            },
            Field {
                name: "profile",
                label: || words!("template-aws-profile"),
                example: "signing",
                default: None,
                is_required: false,
                rule: Rule::Text,
            },
            Field { example: "https://kms.eu-central-1.amazonaws.com", ..ENDPOINT_FIELD },
        ],
        either: &[],
        environment: &[
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_CA_BUNDLE",
            "HTTPS_PROXY",
            "NO_PROXY",
        ],
        secrets: &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
        packages: &[],
        tools: &["aws"],
        // CloudTrail has a call minutes later: evidence is attached afterwards.
        has_evidence: false,
    },
    Template {
        id: TemplateId::GoogleCloudKms,
        name: || words!("template-google-cloud-kms"),
        about: || words!("template-google-cloud-kms-about"),
        program: &GOOGLE_CLOUD_KMS,
        fields: &[
            Field {
                name: "key-version",
                label: || words!("template-google-key-version"),
                example: "projects/P/locations/europe-west3/keyRings/R/cryptoKeys/K/cryptoKeyVersions/1",
                default: None,
                is_required: true,
                rule: Rule::GoogleKeyVersion,
            },
            Field { example: "https://cloudkms.googleapis.com", ..ENDPOINT_FIELD },
        ],
        either: &[],
        environment: &[
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_CLOUD_PROJECT",
            "CLOUDSDK_CONFIG",
            "REQUESTS_CA_BUNDLE",
            "HTTPS_PROXY",
            "NO_PROXY",
        ],
        secrets: &[],
        packages: &[
            Package { name: "google-cloud-kms", module: "google.cloud.kms" },
            Package { name: "google-crc32c", module: "google_crc32c" },
        ],
        tools: &[],
        has_evidence: true,
    },
    Template {
        id: TemplateId::AzureKeyVault,
        name: || words!("template-azure-key-vault"),
        about: || words!("template-azure-key-vault-about"),
        program: &AZURE_KEY_VAULT,
        fields: &[
            Field {
                name: "key-url",
                label: || words!("template-azure-key"),
                example: "https://my-vault.vault.azure.net/keys/signing/0123456789abcdef0123456789abcdef",
                default: None,
                is_required: true,
                rule: Rule::AzureKey,
            },
            Field { example: "https://my-vault.vault.azure.net", ..ENDPOINT_FIELD },
        ],
        either: &[],
        environment: &[
            "AZURE_TENANT_ID",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_CERTIFICATE_PATH",
            "AZURE_FEDERATED_TOKEN_FILE",
            "AZURE_AUTHORITY_HOST",
            "AZURE_CONFIG_DIR",
            "REQUESTS_CA_BUNDLE",
            "HTTPS_PROXY",
            "NO_PROXY",
        ],
        secrets: &["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD"],
        packages: &[
            Package { name: "azure-keyvault-keys", module: "azure.keyvault.keys" },
            Package { name: "azure-identity", module: "azure.identity" },
        ],
        tools: &[],
        has_evidence: false,
    },
    Template {
        id: TemplateId::VaultTransit,
        name: || words!("template-vault-transit"),
        about: || words!("template-vault-transit-about"),
        program: &VAULT_TRANSIT,
        fields: &[
            Field {
                name: "address",
                label: || words!("template-vault-address"),
                example: "https://vault.example.org:8200",
                default: None,
                is_required: true,
                rule: Rule::Url,
            },
            Field {
                name: "key",
                label: || words!("template-vault-key"),
                example: "signing",
                default: None,
                is_required: true,
                rule: Rule::Name,
            },
            Field {
                name: "key-version",
                label: || words!("template-vault-key-version"),
                example: "1",
                default: None,
                is_required: true,
                rule: Rule::Number { least: 1 },
            },
            Field {
                name: "mount",
                label: || words!("template-vault-mount"),
                example: "transit",
                default: Some("transit"),
                is_required: false,
                rule: Rule::Segments,
            },
            Field {
                name: "namespace",
                label: || words!("template-vault-namespace"),
                example: "admin/team",
                default: None,
                is_required: false,
                rule: Rule::Segments,
            },
        ],
        either: &[],
        environment: &["VAULT_CACERT", "VAULT_CAPATH", "HTTPS_PROXY", "NO_PROXY"],
        secrets: &["VAULT_TOKEN"],
        packages: &[Package { name: "hvac", module: "hvac" }],
        tools: &[],
        has_evidence: false,
    },
    Template {
        id: TemplateId::HsmTool,
        name: || words!("template-hsm-tool"),
        about: || words!("template-hsm-tool-about"),
        program: &HSM_TOOL,
        fields: &[
            Field {
                name: "module",
                label: || words!("template-hsm-module"),
                example: "/usr/lib/softhsm/libsofthsm2.so",
                default: None,
                is_required: true,
                rule: Rule::Path,
            },
            Field {
                name: "token-label",
                label: || words!("template-hsm-token-label"),
                example: "signing",
                default: None,
                is_required: false,
                rule: Rule::Text,
            },
            Field {
                name: "slot",
                label: || words!("template-hsm-slot"),
                example: "0",
                default: None,
                is_required: false,
                rule: Rule::Number { least: 0 },
            },
            Field {
                name: "key-label",
                label: || words!("template-hsm-key-label"),
                example: "witness",
                default: None,
                is_required: false,
                rule: Rule::Text,
            },
            Field {
                name: "key-object-id",
                label: || words!("template-hsm-key-object-id"),
                example: "01",
                default: None,
                is_required: false,
                rule: Rule::Hex,
            },
            Field {
                name: "pin-file",
                label: || words!("template-hsm-pin-file"),
                example: "/etc/countersign/hsm.pin",
                default: None,
                is_required: true,
                rule: Rule::Path,
            },
            Field {
                name: ALGORITHM,
                label: || words!("template-hsm-algorithm"),
                example: "ecdsa-p256-sha256",
                default: Some("ecdsa-p256-sha256"),
                is_required: true,
                rule: Rule::OneOf(&[
                    "ed25519",
                    "ecdsa-p256-sha256",
                    "ecdsa-p384-sha384",
                    "rsa-pkcs1v15-sha256",
                    "rsa-pss-sha256",
                ]),
            },
        ],
        either: &[["token-label", "slot"], ["key-label", "key-object-id"]],
        environment: &[
            "SOFTHSM2_CONF",
            "OPENSC_CONF",
            "YUBIHSM_PKCS11_CONF",
            "ChrystokiConfigurationPath",
        ],
        secrets: &[],
        packages: &[],
        tools: &["pkcs11-tool"],
        has_evidence: false,
    },
];

/// Where the service is, if not where its client finds it.
const ENDPOINT_FIELD: Field = Field {
    name: "endpoint",
    label: || words!("template-endpoint"),
    example: "",
    default: None,
    is_required: false,
    rule: Rule::Url,
};

/// Which Python runs the program.
pub(super) static PYTHON_FIELD: Field = Field {
    name: PYTHON,
    label: || words!("template-python"),
    example: "/usr/bin/python3",
    default: Some("/usr/bin/python3"),
    is_required: false,
    rule: Rule::Path,
};

/// Whether evidence is asked for with each signature.
pub(super) static EVIDENCE_FIELD: Field = Field {
    name: EVIDENCE,
    label: || words!("template-evidence"),
    example: YES,
    default: Some(YES),
    is_required: false,
    rule: Rule::OneOf(&[YES, NO]),
};
