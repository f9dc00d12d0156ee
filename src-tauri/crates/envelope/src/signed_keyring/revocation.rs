//! An emergency revocation: one administrator takes a key away at once, until the next version of the
//! keyring confirms or lifts that.

use crate::canonical;
use crate::digest::Digest;
use crate::dsse::CosignedEnvelope;
use crate::instant::Instant;
use crate::json::{Object, Value};

use super::{Fields, SignedKeyringError, digest, instant, number, parse_envelope, text, to_text};

/// The payload type of a revocation.
pub const PAYLOAD_TYPE: &str = "application/vnd.countersign.keyring-revocation+json";

/// The end of the name of a file with a revocation.
pub const FILE_END: &str = ".keyring-revocation.json";

/// The longest reason, in characters.
pub const MAX_REASON: usize = 2000;

/// The name of a file with a revocation, by the digest of its payload.
pub fn file_name(digest: &Digest) -> String {
    format!("{}{FILE_END}", digest.hex())
}

/// What a revocation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyRevocation {
    /// The number of the version that it is about.
    pub version: u64,
    /// The SHA-256 of that version's payload.
    pub keyring: Digest,
    /// The id of the key.
    pub key_id: String,
    /// The SHA-256 of the key's DER SubjectPublicKeyInfo.
    pub key_sha256: Digest,
    /// The kind of reason (RFC 5280), as written.
    pub code: String,
    /// Why, in words.
    pub reason: String,
    /// From when the key is revoked, which is when this was issued.
    pub revoked_at: Instant,
}

/// A file with a revocation, no signature of which is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationFile {
    /// What it says.
    pub revocation: EmergencyRevocation,
    /// As it was signed.
    pub envelope: CosignedEnvelope,
}

impl EmergencyRevocation {
    /// Reads the payload of an envelope.
    ///
    /// # Errors
    /// [`SignedKeyringError`] says what is wrong with it.
    pub fn parse(envelope: &CosignedEnvelope) -> Result<Self, SignedKeyringError> {
        let mut fields = Fields::of(envelope, PAYLOAD_TYPE)?;
        let reason = |value: Value| {
            text(value).filter(|text| (1..=MAX_REASON).contains(&text.chars().count()))
        };
        let revocation = Self {
            version: fields.take("version", number)?,
            keyring: fields.take("keyring", digest)?,
            key_id: fields.take("key_id", text)?,
            key_sha256: fields.take("key_sha256", digest)?,
            code: fields.take("revocation_code", text)?,
            reason: fields.take("revocation_reason", reason)?,
            revoked_at: fields.take("revoked_at", instant)?,
        };
        fields.end()?;
        Ok(revocation)
    }

    /// The payload: canonical JSON.
    pub fn to_payload(&self) -> Vec<u8> {
        let payload = Object::from([
            ("version", Value::from(self.version)),
            ("keyring", self.keyring.hex().into()),
            ("key_id", self.key_id.as_str().into()),
            ("key_sha256", self.key_sha256.hex().into()),
            ("revocation_code", self.code.as_str().into()),
            ("revocation_reason", self.reason.as_str().into()),
            ("revoked_at", self.revoked_at.to_string().into()),
        ]);
        canonical::to_string(&payload.into()).into_bytes()
    }
}

impl RevocationFile {
    /// A revocation that nobody has signed yet.
    pub fn new(revocation: EmergencyRevocation) -> Self {
        let envelope = CosignedEnvelope {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: revocation.to_payload(),
            signatures: Vec::new(),
        };
        Self { revocation, envelope }
    }

    /// Reads a file with a revocation.
    ///
    /// # Errors
    /// [`SignedKeyringError`] says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignedKeyringError> {
        let envelope = parse_envelope(bytes)?;
        Ok(Self { revocation: EmergencyRevocation::parse(&envelope)?, envelope })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        to_text(&self.envelope)
    }
}
