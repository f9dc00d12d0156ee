//! What comes with a signature to prove where its key lives (`key_attestation`). Only read and
//! written here; whether it proves anything is for `admissibility` to say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_problem::Problem;

use crate::json::{self, JsonError, Object, Value};
use countersign_problem::visible::visible_short;

/// The type of [`KeyAttestation::YubikeyPiv`] as files write it.
const YUBIKEY_PIV: &str = "yubikey-piv";
/// The type of [`KeyAttestation::YubiHsm2`] as files write it.
const YUBIHSM2: &str = "yubihsm2";
/// The type of [`KeyAttestation::Tpm2Certify`] as files write it.
const TPM2_CERTIFY: &str = "tpm2-certify";
/// The type of [`KeyAttestation::LiquidSecurity`] as files write it.
const LIQUIDSECURITY: &str = "liquidsecurity";
/// The type of [`KeyAttestation::CloudKms`] as files write it.
const CLOUD_KMS: &str = "cloud-kms";

/// Most certificates beside a device's own that are read.
pub const MAX_ISSUERS: usize = 8;

/// An attestation of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAttestation {
    /// A YubiKey's: it generated the key in one of its PIV slots.
    YubikeyPiv {
        /// The slot, two hex digits such as `9c`.
        slot: String,
        /// The slot's attestation certificate, DER (RFC 5280).
        certificate: Vec<u8>,
        /// The certificate of the attestation key in slot f9, DER.
        intermediate: Vec<u8>,
    },
    /// A YubiHSM 2's: what it holds and how the key came there.
    YubiHsm2(YubiHsm2),
    /// A TPM's: what its TPM2_Certify said of the key.
    Tpm2Certify(Tpm2Certify),
    /// The statement of a Marvell LiquidSecurity HSM, as Google Cloud HSM gives it.
    LiquidSecurity(LiquidSecurity),
    /// What a cloud's key management says of the key, and its log of the call that signed.
    CloudKms(CloudKms),
    /// One of a type that this version does not verify, with all its fields.
    Other {
        /// The type as written.
        attestation_type: String,
        /// The whole object.
        object: Object,
    },
}

/// The certificates of a YubiHSM 2 (Yubico, "YubiHSM 2 User Guide", attestation), DER (RFC 5280).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YubiHsm2 {
    /// The attestation certificate of the key.
    pub certificate: Vec<u8>,
    /// The certificate of the key that attested it: in the device, object 0 from the factory.
    pub device: Vec<u8>,
    /// Certificates above that, in any order. They help to reach a root, and none is trusted.
    pub issuers: Vec<Vec<u8>>,
}

/// What TPM2_Certify gave, in the structures of TCG "TPM 2.0 Library, Part 2", as they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tpm2Certify {
    /// TPMS_ATTEST: what the attestation key says of the key.
    pub attest: Vec<u8>,
    /// TPMT_SIGNATURE: its signature over that.
    pub signature: Vec<u8>,
    /// TPMT_PUBLIC of the attestation key.
    pub ak_public: Vec<u8>,
    /// TPMT_PUBLIC of the key that signs.
    pub key_public: Vec<u8>,
    /// The certificate of the attestation key, DER, where someone issued one.
    pub ak_certificate: Option<Vec<u8>>,
}

/// What an HSM of Marvell said of a key that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiquidSecurity {
    /// The statement with its signature, as it came: compressed by gzip, or not.
    pub statement: Vec<u8>,
    /// The certificates of card and partition, by maker and owner, in any order, DER. None is trusted.
    pub certificates: Vec<Vec<u8>>,
}

/// What an operator has from a cloud. Nothing of it is signed by the cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudKms {
    /// Whose service: `aws`, `gcp`, `azure`.
    pub provider: String,
    /// What the service says of the key (AWS `describe-key`).
    pub key_metadata: Object,
    /// The public key: PEM or base64 DER, or the service's own object with it.
    pub public_key: Value,
    /// The entry of the service's log about the call that signed (AWS CloudTrail), or several in the
    /// form in which the service gives them.
    pub audit_event: Value,
}

/// Why an object is not an attestation.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum KeyAttestationError {
    /// No JSON.
    Json(JsonError),
    /// No object.
    Form,
    /// A field is missing or no text.
    Missing(&'static str),
    /// A field is missing or no object.
    NoObject(&'static str),
    /// A type that is not of the format.
    Unknown(String),
    /// A field that holds bytes is not base64.
    NotBase64(&'static str),
    /// A field is no list of texts, or of more than anything has.
    #[arg(most = MAX_ISSUERS)]
    NoList(&'static str),
    /// It has more certificates than are kept beside a signature. None may be left out: it might be the
    /// one that is needed.
    #[arg(most = MAX_ISSUERS)]
    TooMany(usize),
}

impl KeyAttestation {
    /// Reads the JSON text of an attestation that will be written beside a signature.
    ///
    /// # Errors
    /// As [`Self::parse`]; also if it is not JSON, or of a type that nobody could verify: what
    /// stands beside a signature leaves no room for another.
    pub fn parse_text(text: &[u8]) -> Result<Self, KeyAttestationError> {
        let Value::Object(object) = json::parse(text).map_err(KeyAttestationError::Json)?.value
        else {
            return Err(KeyAttestationError::Form);
        };
        match Self::parse(&object)? {
            Self::Other { attestation_type, .. } => {
                Err(KeyAttestationError::Unknown(visible_short(&attestation_type, 60)))
            }
            known => Ok(known),
        }
    }

    /// Reads the object of a signature or a keyring.
    ///
    /// # Errors
    /// Fails if it has no type, or one that is known here and a field is missing or damaged.
    pub fn parse(object: &Object) -> Result<Self, KeyAttestationError> {
        let text = |field| object.text(field).ok_or(KeyAttestationError::Missing(field));
        let bytes =
            |field| BASE64.decode(text(field)?).map_err(|_| KeyAttestationError::NotBase64(field));
        let list = |field| match object.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(all)) if all.len() <= MAX_ISSUERS => {
                let one = |value: &Value| match value {
                    Value::String(text) => BASE64
                        .decode(text.as_bytes())
                        .map_err(|_| KeyAttestationError::NotBase64(field)),
                    _ => Err(KeyAttestationError::NoList(field)),
                };
                all.iter().map(one).collect()
            }
            Some(_) => Err(KeyAttestationError::NoList(field)),
        };
        let part = |field| match object.get(field) {
            Some(Value::Object(part)) => Ok(part.clone()),
            _ => Err(KeyAttestationError::NoObject(field)),
        };
        match text("type")? {
            YUBIKEY_PIV => Ok(Self::YubikeyPiv {
                slot: text("slot")?.to_owned(),
                certificate: bytes("certificate")?,
                intermediate: bytes("intermediate")?,
            }),
            YUBIHSM2 => Ok(Self::YubiHsm2(YubiHsm2 {
                certificate: bytes("certificate")?,
                device: bytes("device")?,
                issuers: list("issuers")?,
            })),
            TPM2_CERTIFY => Ok(Self::Tpm2Certify(Tpm2Certify {
                attest: bytes("attest")?,
                signature: bytes("signature")?,
                ak_public: bytes("ak_public")?,
                key_public: bytes("key_public")?,
                ak_certificate: match object.get("ak_certificate") {
                    None | Some(Value::Null) => None,
                    Some(_) => Some(bytes("ak_certificate")?),
                },
            })),
            LIQUIDSECURITY => Ok(Self::LiquidSecurity(LiquidSecurity {
                statement: bytes("statement")?,
                certificates: list("certificates")?,
            })),
            CLOUD_KMS => Ok(Self::CloudKms(CloudKms {
                provider: text("provider")?.to_owned(),
                key_metadata: part("key_metadata")?,
                public_key: object
                    .get("public_key")
                    .filter(|value| matches!(value, Value::String(_) | Value::Object(_)))
                    .ok_or(KeyAttestationError::Missing("public_key"))?
                    .clone(),
                audit_event: object
                    .get("audit_event")
                    .filter(|value| matches!(value, Value::Object(_) | Value::Array(_)))
                    .ok_or(KeyAttestationError::NoObject("audit_event"))?
                    .clone(),
            })),
            other => Ok(Self::Other { attestation_type: other.to_owned(), object: object.clone() }),
        }
    }

    /// Whether it can be kept as it is: [`Self::parse`] reads no more certificates than [`MAX_ISSUERS`].
    ///
    /// # Errors
    /// Fails with [`KeyAttestationError::TooMany`] if it has more.
    pub fn check_size(&self) -> Result<(), KeyAttestationError> {
        let certificates = match self {
            Self::YubiHsm2(evidence) => &evidence.issuers,
            Self::LiquidSecurity(evidence) => &evidence.certificates,
            _ => return Ok(()),
        };
        match certificates.len() {
            several if several > MAX_ISSUERS => Err(KeyAttestationError::TooMany(several)),
            _ => Ok(()),
        }
    }

    /// Its type as files write it.
    pub fn type_name(&self) -> &str {
        match self {
            Self::YubikeyPiv { .. } => YUBIKEY_PIV,
            Self::YubiHsm2(_) => YUBIHSM2,
            Self::Tpm2Certify(_) => TPM2_CERTIFY,
            Self::LiquidSecurity(_) => LIQUIDSECURITY,
            Self::CloudKms(_) => CLOUD_KMS,
            Self::Other { attestation_type, .. } => attestation_type,
        }
    }

    /// The object to write.
    pub fn to_object(&self) -> Object {
        match self {
            Self::YubikeyPiv { slot, certificate, intermediate } => Object::from([
                ("type", Value::from(YUBIKEY_PIV)),
                ("slot", slot.as_str().into()),
                ("certificate", BASE64.encode(certificate).into()),
                ("intermediate", BASE64.encode(intermediate).into()),
            ]),
            Self::YubiHsm2(hsm) => {
                let mut object = Object::from([
                    ("type", Value::from(YUBIHSM2)),
                    ("certificate", BASE64.encode(&hsm.certificate).into()),
                    ("device", BASE64.encode(&hsm.device).into()),
                ]);
                if !hsm.issuers.is_empty() {
                    object.set("issuers", encoded(&hsm.issuers));
                }
                object
            }
            Self::Tpm2Certify(tpm) => {
                let mut object = Object::from([
                    ("type", Value::from(TPM2_CERTIFY)),
                    ("attest", BASE64.encode(&tpm.attest).into()),
                    ("signature", BASE64.encode(&tpm.signature).into()),
                    ("ak_public", BASE64.encode(&tpm.ak_public).into()),
                    ("key_public", BASE64.encode(&tpm.key_public).into()),
                ]);
                if let Some(certificate) = &tpm.ak_certificate {
                    object.set("ak_certificate", BASE64.encode(certificate));
                }
                object
            }
            Self::LiquidSecurity(hsm) => Object::from([
                ("type", Value::from(LIQUIDSECURITY)),
                ("statement", BASE64.encode(&hsm.statement).into()),
                ("certificates", encoded(&hsm.certificates)),
            ]),
            Self::CloudKms(cloud) => Object::from([
                ("type", Value::from(CLOUD_KMS)),
                ("provider", cloud.provider.as_str().into()),
                ("key_metadata", cloud.key_metadata.clone().into()),
                ("public_key", cloud.public_key.clone()),
                ("audit_event", cloud.audit_event.clone()),
            ]),
            Self::Other { object, .. } => object.clone(),
        }
    }
}

fn encoded(all: &[Vec<u8>]) -> Value {
    Value::Array(all.iter().map(|one| BASE64.encode(one).into()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attestation_is_read_as_it_was_written() {
        let attestation = KeyAttestation::YubikeyPiv {
            slot: "9c".to_owned(),
            certificate: vec![0x30, 0],
            intermediate: vec![0x30, 1, 0],
        };
        let object = attestation.to_object();
        assert_eq!(object.text("certificate"), Some("MAA="));
        assert_eq!(KeyAttestation::parse(&object), Ok(attestation));
    }

    #[test]
    fn evidence_of_other_devices_and_of_a_cloud_is_read_as_it_was_written() {
        let mut tpm = Tpm2Certify {
            attest: vec![1],
            signature: vec![2],
            ak_public: vec![3],
            key_public: vec![4],
            ak_certificate: None,
        };
        let bare = KeyAttestation::Tpm2Certify(tpm.clone());
        assert_eq!(KeyAttestation::parse(&bare.to_object()), Ok(bare));
        tpm.ak_certificate = Some(vec![0x30, 0]);
        let certified = KeyAttestation::Tpm2Certify(tpm);
        assert_eq!(KeyAttestation::parse(&certified.to_object()), Ok(certified));

        let mut hsm =
            YubiHsm2 { certificate: vec![0x30, 0], device: vec![0x30, 1, 0], issuers: Vec::new() };
        let bare = KeyAttestation::YubiHsm2(hsm.clone());
        assert_eq!(KeyAttestation::parse(&bare.to_object()), Ok(bare));
        hsm.issuers = vec![vec![0x30, 2, 0, 0]; MAX_ISSUERS];
        let mut object = KeyAttestation::YubiHsm2(hsm.clone()).to_object();
        assert_eq!(KeyAttestation::parse(&object), Ok(KeyAttestation::YubiHsm2(hsm.clone())));
        hsm.issuers.push(Vec::new());
        let many = KeyAttestation::YubiHsm2(hsm).to_object();
        object.set("issuers", "MAA=");
        for wrong in [many, object] {
            let error = KeyAttestation::parse(&wrong).unwrap_err();
            assert_eq!(error, KeyAttestationError::NoList("issuers"));
        }

        let hsm = KeyAttestation::LiquidSecurity(LiquidSecurity {
            statement: vec![0x1f, 0x8b],
            certificates: vec![vec![0x30, 0]; MAX_ISSUERS],
        });
        assert_eq!(KeyAttestation::parse(&hsm.to_object()), Ok(hsm));

        let cloud = KeyAttestation::CloudKms(CloudKms {
            provider: "aws".to_owned(),
            key_metadata: Object::from([("Origin", "AWS_KMS")]),
            public_key: Value::from("MAA="),
            audit_event: Object::from([("eventName", "Sign")]).into(),
        });
        let mut object = cloud.to_object();
        assert_eq!(KeyAttestation::parse(&object), Ok(cloud));
        object.set("audit_event", "none");
        let error = KeyAttestation::parse(&object).unwrap_err();
        assert_eq!(error, KeyAttestationError::NoObject("audit_event"));
    }

    #[test]
    fn what_is_damaged_is_named_and_what_is_unknown_is_kept() {
        let mut object = Object::from([("type", "yubikey-piv"), ("slot", "9c")]);
        object.set("certificate", "not base64");
        let error = KeyAttestation::parse(&object).unwrap_err();
        assert_eq!(error, KeyAttestationError::NotBase64("certificate"));
        let object = Object::from([("type", "sgx-quote"), ("quote", "aws")]);
        let other = KeyAttestation::parse(&object).unwrap();
        assert_eq!(other.to_object(), object);
    }
}
