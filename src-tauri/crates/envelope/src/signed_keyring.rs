//! A signed keyring: one version of whose keys count and by which rules, in a document that several
//! administrators sign (EVIDENCE.md section 5). It stands in a file of its own, in any directory.
//!
//! | question | module |
//! |---|---|
//! | What does a version say, and how is it written? | here |
//! | How is a key revoked at once, before the next version? | [`revocation`] |
//!
//! Whose signatures these are, and whether they are enough, is for the versions before it to say.

pub mod revocation;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use countersign_problem::Problem;

use crate::canonical;
use crate::digest::Digest;
use crate::dsse::{CosignedEnvelope, DsseError};
use crate::instant::Instant;
use crate::json::{self, JsonError, Object, Value};

/// The payload type of a version.
pub const PAYLOAD_TYPE: &str = "application/vnd.countersign.keyring+json";

/// The name of a file with a version, and the end of its name beside others.
pub const FILE_NAME: &str = "keyring.signed.json";

/// The longest payload that is read, in bytes (4 MiB).
pub const MAX_PAYLOAD: usize = 4 << 20;

/// The longest file that is read, in bytes (8 MiB): the payload in base64, and signatures.
pub const MAX_BYTES: usize = 8 << 20;

/// The most administrators' keys. The next version is signed by those of two versions, and an envelope
/// has at most twice as many signatures.
pub const MAX_ADMINISTRATORS: usize = crate::dsse::MAX_SIGNATURES / 2;

/// The most keys, and the most roots of each kind.
pub const MAX_KEYS: usize = 4096;

/// The most refusals that are overruled, and the most signatures that are exempt.
pub const MAX_DIGESTS: usize = 1 << 16;

/// What a version says. Keys, roots and policy are as written: they are read where they are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyringVersion {
    /// Its number, the first is 1.
    pub version: u64,
    /// The SHA-256 of the payload of the version before; none of the first.
    pub previous: Option<Digest>,
    /// Who decides on the next version.
    pub administrators: Administrators,
    /// The entries of the keyring.
    pub keys: Vec<Object>,
    /// What attestations may lead to, each in PEM.
    pub attestation_roots: Vec<String>,
    /// What time-stamping authorities may lead to, each in PEM.
    pub tsa_roots: Vec<String>,
    /// Log, witnesses and quorum, in the syntax of tlog-policy.
    pub log_policy: Option<String>,
    /// The requirements.
    pub policy: Object,
    /// The refusals to sign that count no more, by the SHA-256 of their payloads.
    pub overruled: BTreeSet<Digest>,
    /// When it was issued, as it says.
    pub issued_at: Instant,
    /// By when somebody should look at it again.
    pub review_by: Option<Instant>,
}

/// Who decides on the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrators {
    /// How many of them have to sign.
    pub threshold: u64,
    /// The ids of their keys, which are among the keys of the version; sorted.
    pub keys: Vec<String>,
}

/// Why bytes are not a signed keyring.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum SignedKeyringError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// Not a DSSE envelope.
    #[problem(transparent)]
    Envelope(#[from] DsseError),
    /// The payload has another type.
    PayloadType(String),
    /// Not in its own canonical form: keys given twice, white space, another order.
    NotCanonical,
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// A field that this program does not know. What it means would be left out of account.
    Unknown {
        /// Its name.
        name: String,
    },
    /// Longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
}

/// The fields of a payload: each is read once, and none is left.
pub(crate) struct Fields(Object);

impl Fields {
    /// The fields of a payload of a type, which must be canonical JSON.
    pub(crate) fn of(
        envelope: &CosignedEnvelope,
        payload_type: &str,
    ) -> Result<Self, SignedKeyringError> {
        if envelope.payload_type != payload_type {
            return Err(SignedKeyringError::PayloadType(envelope.payload_type.clone()));
        }
        let value = json::parse(&envelope.payload)?.value;
        if canonical::to_string(&value).as_bytes() != envelope.payload {
            return Err(SignedKeyringError::NotCanonical);
        }
        match value {
            Value::Object(object) => Ok(Self(object)),
            _ => Err(SignedKeyringError::NotCanonical),
        }
    }

    /// A field that has to be there; what stands in it may be nothing.
    pub(crate) fn take<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<T, SignedKeyringError> {
        let wrong = SignedKeyringError::Field(name);
        self.0.remove(name).and_then(read).ok_or(wrong)
    }

    /// The same, where `null` is nothing.
    pub(crate) fn take_any<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, SignedKeyringError> {
        self.take(name, |value| match value {
            Value::Null => Some(None),
            value => read(value).map(Some),
        })
    }

    /// Fails if a field is left that nobody asked for.
    pub(crate) fn end(self) -> Result<(), SignedKeyringError> {
        match self.0.iter().next() {
            Some((name, _)) => Err(SignedKeyringError::Unknown { name: name.to_owned() }),
            None => Ok(()),
        }
    }
}

pub(crate) fn text(value: Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub(crate) fn digest(value: Value) -> Option<Digest> {
    Digest::parse_hex(value.as_str()?)
}

/// A time in the one form that is written: in UTC, with a `Z`.
pub(crate) fn instant(value: Value) -> Option<Instant> {
    let written = value.as_str()?;
    Instant::parse(written).filter(|time| time.to_string() == written)
}

/// A whole number as it is written: no fraction, no exponent.
pub(crate) fn number(value: Value) -> Option<u64> {
    match value {
        Value::Number(written) => written.parse().ok(),
        _ => None,
    }
}

fn all<T>(value: Value, most: usize, read: impl Fn(Value) -> Option<T>) -> Option<Vec<T>> {
    match value {
        Value::Array(items) if items.len() <= most => items.into_iter().map(read).collect(),
        _ => None,
    }
}

/// Digests, sorted, each once.
fn digests(value: Value) -> Option<BTreeSet<Digest>> {
    let all = all(value, MAX_DIGESTS, digest)?;
    all.is_sorted_by(|one, next| one < next).then(|| all.into_iter().collect())
}

fn object(value: Value) -> Option<Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

impl Administrators {
    fn parse(value: Value) -> Option<Self> {
        let mut object = object(value)?;
        let threshold = object.remove("threshold").and_then(number)?;
        let keys = all(object.remove("keys")?, MAX_ADMINISTRATORS, text)?;
        let sorted = keys.is_sorted_by(|one, next| one < next);
        (object.is_empty() && sorted && !keys.is_empty()).then_some(Self { threshold, keys })
    }

    fn to_object(&self) -> Object {
        let keys: Vec<Value> = self.keys.iter().map(|key| key.as_str().into()).collect();
        Object::from([("threshold", Value::from(self.threshold)), ("keys", keys.into())])
    }
}

impl KeyringVersion {
    /// Reads the payload of an envelope.
    ///
    /// # Errors
    /// [`SignedKeyringError`] says what is wrong with it.
    pub fn parse(envelope: &CosignedEnvelope) -> Result<Self, SignedKeyringError> {
        let mut fields = Fields::of(envelope, PAYLOAD_TYPE)?;
        let texts = |value| all(value, MAX_KEYS, text);
        let version = Self {
            version: fields.take("version", number)?,
            previous: fields.take_any("previous", digest)?,
            administrators: fields.take("administrators", Administrators::parse)?,
            keys: fields.take("keys", |value| all(value, MAX_KEYS, object))?,
            attestation_roots: fields.take("attestation_roots", texts)?,
            tsa_roots: fields.take("tsa_roots", texts)?,
            log_policy: fields.take_any("log_policy", text)?,
            policy: fields.take("policy", object)?,
            overruled: fields.take("overruled", digests)?,
            issued_at: fields.take("issued_at", instant)?,
            review_by: fields.take_any("review_by", instant)?,
        };
        fields.end()?;
        // The first has nothing before it, and every other has.
        if version.version == 0 {
            return Err(SignedKeyringError::Field("version"));
        }
        if (version.version == 1) != version.previous.is_none() {
            return Err(SignedKeyringError::Field("previous"));
        }
        Ok(version)
    }

    /// The payload: canonical JSON.
    pub fn to_payload(&self) -> Vec<u8> {
        let texts = |all: &[String]| {
            Value::from(all.iter().map(|one| one.as_str().into()).collect::<Vec<Value>>())
        };
        let time = |time: &Instant| Value::from(time.to_string());
        let keys: Vec<Value> = self.keys.iter().cloned().map(Value::from).collect();
        let overruled: Vec<Value> = self.overruled.iter().map(|one| one.hex().into()).collect();
        let payload = Object::from([
            ("version", Value::from(self.version)),
            ("previous", self.previous.map_or(Value::Null, |digest| digest.hex().into())),
            ("administrators", self.administrators.to_object().into()),
            ("keys", keys.into()),
            ("attestation_roots", texts(&self.attestation_roots)),
            ("tsa_roots", texts(&self.tsa_roots)),
            ("log_policy", self.log_policy.as_deref().into()),
            ("policy", self.policy.clone().into()),
            ("overruled", overruled.into()),
            ("issued_at", time(&self.issued_at)),
            ("review_by", self.review_by.as_ref().map_or(Value::Null, time)),
        ]);
        canonical::to_string(&payload.into()).into_bytes()
    }
}

/// A file with a version: what it says, and the signatures, none of which is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedKeyringFile {
    /// What it says.
    pub keyring: KeyringVersion,
    /// As it was signed.
    pub envelope: CosignedEnvelope,
}

impl SignedKeyringFile {
    /// A version that nobody has signed yet.
    pub fn new(keyring: KeyringVersion) -> Self {
        let envelope = CosignedEnvelope {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: keyring.to_payload(),
            signatures: Vec::new(),
        };
        Self { keyring, envelope }
    }

    /// Reads a file with a version.
    ///
    /// # Errors
    /// [`SignedKeyringError`] says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignedKeyringError> {
        let envelope = parse_envelope(bytes)?;
        Ok(Self { keyring: KeyringVersion::parse(&envelope)?, envelope })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        to_text(&self.envelope)
    }
}

/// The name of a file with a version, among others.
pub fn file_name(version: u64) -> String {
    format!("{version}.{FILE_NAME}")
}

/// Reads an envelope that several sign, of whatever type.
///
/// # Errors
/// If it is too long, or is none.
pub fn parse_envelope(bytes: &[u8]) -> Result<CosignedEnvelope, SignedKeyringError> {
    if bytes.len() > MAX_BYTES {
        return Err(SignedKeyringError::TooLarge { size: bytes.len() });
    }
    Ok(CosignedEnvelope::parse_up_to(&json::parse(bytes)?.value, MAX_PAYLOAD)?)
}

/// An envelope as files have it.
pub fn to_text(envelope: &CosignedEnvelope) -> String {
    Value::Object(envelope.to_object()).to_pretty() + "\n"
}
