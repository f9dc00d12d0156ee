//! What comes with a signature to prove where its key lives (`key_attestation`). Only read and
//! written here; whether it proves anything is for `admissibility` to say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::json::{Object, Value};

/// The type of [`KeyAttestation::YubikeyPiv`] as files write it.
const YUBIKEY_PIV: &str = "yubikey-piv";

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
    /// One of a type that this version does not verify, with all its fields.
    Other {
        /// The type as written.
        attestation_type: String,
        /// The whole object.
        object: Object,
    },
}

/// Why an object is no attestation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyAttestationError {
    /// No object.
    #[error("the key attestation is no JSON object")]
    Form,
    /// A field is missing or no text.
    #[error("the key attestation has no text under {0:?}")]
    Missing(&'static str),
    /// A field that holds bytes is not base64.
    #[error("{0:?} of the key attestation is not base64")]
    NotBase64(&'static str),
}

impl KeyAttestation {
    /// Reads the object of a signature or a keyring.
    ///
    /// # Errors
    /// Where it has no type, or one that is known here and a field is missing or damaged.
    pub fn parse(object: &Object) -> Result<Self, KeyAttestationError> {
        let text = |field| object.text(field).ok_or(KeyAttestationError::Missing(field));
        let bytes =
            |field| BASE64.decode(text(field)?).map_err(|_| KeyAttestationError::NotBase64(field));
        match text("type")? {
            YUBIKEY_PIV => Ok(Self::YubikeyPiv {
                slot: text("slot")?.to_owned(),
                certificate: bytes("certificate")?,
                intermediate: bytes("intermediate")?,
            }),
            other => Ok(Self::Other { attestation_type: other.to_owned(), object: object.clone() }),
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
            Self::Other { object, .. } => object.clone(),
        }
    }
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
    fn what_is_damaged_is_named_and_what_is_unknown_is_kept() {
        let mut object = Object::from([("type", "yubikey-piv"), ("slot", "9c")]);
        object.set("certificate", "not base64");
        let error = KeyAttestation::parse(&object).unwrap_err();
        assert_eq!(error, KeyAttestationError::NotBase64("certificate"));
        let object = Object::from([("type", "cloud-kms"), ("provider", "aws")]);
        let other = KeyAttestation::parse(&object).unwrap();
        assert_eq!(other.to_object(), object);
    }
}
