//! A DSSE envelope (Dead Simple Signing Envelope 1.0): a payload, its type, and one signature over
//! both, which therefore cannot pass for a signature over anything else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_problem::Problem;

use crate::digest::Digest;
use crate::json::{Object, Value};
use crate::public_key::PublicKey;
use crate::signature::SignedPayload;
use crate::verification::{payload_bytes, verify_raw};

/// The payload type of an in-toto Statement.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The longest payload that is read, in bytes (64 KiB).
pub const MAX_PAYLOAD: usize = 64 << 10;

/// A payload with its type and its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DsseEnvelope {
    /// What the payload is.
    pub payload_type: String,
    /// The payload.
    pub payload: Vec<u8>,
    /// The id of the key, a hint that nothing is concluded from.
    pub key_id: String,
    /// The raw signature.
    pub signature: Vec<u8>,
    /// Which bytes the signature is over, given those of [`pae`].
    pub signed_payload: SignedPayload,
}

/// Why an object is not a DSSE envelope that can be verified here.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum DsseError {
    /// Not an object.
    Form,
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// The payload is longer than it may be.
    TooLong {
        /// How long it may be, in KiB.
        limit: usize,
    },
    /// Not exactly one signature.
    Signatures(usize),
}

/// The pre-authentication encoding (PAE) of a payload: the bytes that are signed. They begin with
/// `DSSEv1`, so that they are never the canonical bytes of an artifact.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

impl DsseEnvelope {
    /// Reads an envelope with one signature, and a payload of at most [`MAX_PAYLOAD`].
    ///
    /// # Errors
    /// [`DsseError`] names the field that is missing or wrong.
    pub fn parse(value: &Value) -> Result<Self, DsseError> {
        Self::parse_up_to(value, MAX_PAYLOAD)
    }

    /// Reads an envelope with one signature, and a payload of at most so many bytes.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_up_to(value: &Value, longest: usize) -> Result<Self, DsseError> {
        let object = value.as_object().ok_or(DsseError::Form)?;
        let payload = read_payload(object, longest)?;
        let signatures = object.get("signatures").and_then(Value::as_array);
        let one = match signatures.ok_or(DsseError::Field("signatures"))? {
            [one] => one,
            several => return Err(DsseError::Signatures(several.len())),
        };
        let DsseSignature { key_id, signature } = DsseSignature::parse(one)?;
        let signed_payload = match object.get("signed_payload") {
            None | Some(Value::Null) => SignedPayload::CanonicalJson,
            Some(form) => form
                .as_str()
                .and_then(SignedPayload::parse)
                .ok_or(DsseError::Field("signed_payload"))?,
        };
        let payload_type = object.text("payloadType").ok_or(DsseError::Field("payloadType"))?;
        Ok(Self {
            payload_type: payload_type.to_owned(),
            payload,
            key_id,
            signature,
            signed_payload,
        })
    }

    /// The envelope as files write it.
    pub fn to_object(&self) -> Object {
        let signature =
            DsseSignature { key_id: self.key_id.clone(), signature: self.signature.clone() };
        Object::from([
            ("payloadType", Value::from(self.payload_type.as_str())),
            ("payload", BASE64.encode(&self.payload).into()),
            ("signatures", Value::Array(vec![signature.to_object().into()])),
            ("signed_payload", self.signed_payload.as_str().into()),
        ])
    }

    /// The bytes that the signature is over.
    pub fn message(&self) -> Vec<u8> {
        let bytes = pae(&self.payload_type, &self.payload);
        match self.signed_payload {
            SignedPayload::CanonicalJson => bytes,
            form => payload_bytes(&bytes, &Digest::of(&bytes), form).into_owned(),
        }
    }

    /// What identifies the payload.
    pub fn payload_digest(&self) -> Digest {
        Digest::of(&self.payload)
    }
}

/// The most signatures that an envelope of several has.
pub const MAX_SIGNATURES: usize = 64;

/// A payload that several people sign, each over the bytes of [`pae`] themselves: any program that
/// knows DSSE verifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignedEnvelope {
    /// What the payload is.
    pub payload_type: String,
    /// The payload.
    pub payload: Vec<u8>,
    /// The signatures, in the order in which they were added.
    pub signatures: Vec<DsseSignature>,
}

/// One of several signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DsseSignature {
    /// The id of the key, a hint that nothing is concluded from.
    pub key_id: String,
    /// The raw signature.
    pub signature: Vec<u8>,
}

impl CosignedEnvelope {
    /// Reads an envelope with a payload of at most so many bytes, and at most [`MAX_SIGNATURES`].
    ///
    /// # Errors
    /// [`DsseError`] names the field that is missing or wrong.
    pub fn parse_up_to(value: &Value, longest: usize) -> Result<Self, DsseError> {
        let object = value.as_object().ok_or(DsseError::Form)?;
        let payload_type = object.text("payloadType").ok_or(DsseError::Field("payloadType"))?;
        let signatures = object.get("signatures").and_then(Value::as_array);
        let signatures = signatures.ok_or(DsseError::Field("signatures"))?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(DsseError::Signatures(signatures.len()));
        }
        Ok(Self {
            payload_type: payload_type.to_owned(),
            payload: read_payload(object, longest)?,
            signatures: signatures.iter().map(DsseSignature::parse).collect::<Result<_, _>>()?,
        })
    }

    /// The envelope as files write it.
    pub fn to_object(&self) -> Object {
        let signatures = self.signatures.iter().map(|one| one.to_object().into()).collect();
        Object::from([
            ("payloadType", Value::from(self.payload_type.as_str())),
            ("payload", BASE64.encode(&self.payload).into()),
            ("signatures", Value::Array(signatures)),
        ])
    }

    /// The bytes that each signature is over.
    pub fn message(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// What identifies the payload.
    pub fn payload_digest(&self) -> Digest {
        Digest::of(&self.payload)
    }
}

impl DsseSignature {
    /// Whether a key made it over a message, by any of the algorithms of the key: an envelope names none.
    pub fn is_by(&self, key: &PublicKey, message: &[u8]) -> bool {
        let mut algorithms = key.algorithms();
        algorithms.any(|algorithm| verify_raw(key, algorithm, message, &self.signature).is_ok())
    }

    fn parse(value: &Value) -> Result<Self, DsseError> {
        let signature = value.get("sig").and_then(Value::as_str).ok_or(DsseError::Field("sig"))?;
        Ok(Self {
            key_id: value.get("keyid").and_then(Value::as_str).unwrap_or_default().to_owned(),
            signature: BASE64.decode(signature).map_err(|_| DsseError::Field("sig"))?,
        })
    }

    fn to_object(&self) -> Object {
        Object::from([("keyid", self.key_id.clone()), ("sig", BASE64.encode(&self.signature))])
    }
}

fn read_payload(object: &Object, longest: usize) -> Result<Vec<u8>, DsseError> {
    let too_long = || DsseError::TooLong { limit: longest >> 10 };
    let payload = object.text("payload").ok_or(DsseError::Field("payload"))?;
    // Four characters of base64 for three bytes, and some for padding.
    if payload.len() > longest / 3 * 4 + 8 {
        return Err(too_long());
    }
    let payload = BASE64.decode(payload).map_err(|_| DsseError::Field("payload"))?;
    match payload.len() > longest {
        true => Err(too_long()),
        false => Ok(payload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_of_several_is_read_back_and_bounded() {
        let one = DsseSignature { key_id: "a".to_owned(), signature: vec![1] };
        let envelope = CosignedEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload: b"{}".to_vec(),
            signatures: vec![one.clone(), DsseSignature { key_id: "b".to_owned(), ..one.clone() }],
        };
        let read = |envelope: &CosignedEnvelope, longest| {
            CosignedEnvelope::parse_up_to(&Value::Object(envelope.to_object()), longest)
        };
        assert_eq!(read(&envelope, 2), Ok(envelope.clone()));
        assert_eq!(read(&envelope, 1), Err(DsseError::TooLong { limit: 0 }));
        let many = CosignedEnvelope { signatures: vec![one; MAX_SIGNATURES + 1], ..envelope };
        assert_eq!(read(&many, 2), Err(DsseError::Signatures(MAX_SIGNATURES + 1)));
        assert_eq!(CosignedEnvelope::parse_up_to(&Value::Null, 2), Err(DsseError::Form));
    }

    fn envelope() -> DsseEnvelope {
        DsseEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload: b"{}".to_vec(),
            key_id: "ds-prod-2026-06".to_owned(),
            signature: vec![1, 2, 3],
            signed_payload: SignedPayload::CanonicalJson,
        }
    }

    #[test]
    fn the_encoding_is_that_of_the_specification() {
        // The example of the specification's own test vector.
        let encoded = pae("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let written = Value::Object(envelope().to_object());
        assert_eq!(DsseEnvelope::parse(&written), Ok(envelope()));
    }

    #[test]
    fn what_cannot_be_verified_is_refused() {
        let with = |key: &str, value: Value| {
            let mut object = envelope().to_object();
            object.set(key, value);
            DsseEnvelope::parse(&object.into()).unwrap_err()
        };
        let one = Value::Object(Object::from([("sig", "AQID")]));
        assert_eq!(DsseEnvelope::parse(&Value::Null), Err(DsseError::Form));
        assert_eq!(with("payload", "?".into()), DsseError::Field("payload"));
        assert_eq!(with("signed_payload", "sha1".into()), DsseError::Field("signed_payload"));
        assert_eq!(
            with("signatures", Value::Array(vec![one.clone(), one])),
            DsseError::Signatures(2)
        );
        let long = BASE64.encode(vec![b' '; MAX_PAYLOAD + 1]);
        assert_eq!(with("payload", long.into()), DsseError::TooLong { limit: 64 });
        assert_eq!(with("payload", "A".repeat(1 << 20).into()), DsseError::TooLong { limit: 64 });
    }
}
