//! An in-toto Statement (v1): what a payload says, about which files.

use countersign_problem::Problem;

use crate::artifact::Artifact;
use crate::canonical;
use crate::digest::Digest;
use crate::dsse::{DsseEnvelope, IN_TOTO};
use crate::json::{self, Object, Value};
use crate::public_key::{PublicKey, PublicKeyError};
use crate::signature::{Algorithm, PayloadType, SignerType};
use crate::verification::{VerificationError, verify_raw};

/// The `_type` of every Statement.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// A file that a Statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name, which nothing is concluded from.
    pub name: String,
    /// The digest of its canonical bytes.
    pub digest: Digest,
    /// What it is; `None` if the Statement does not say.
    pub kind: Option<PayloadType>,
}

impl Subject {
    /// An artifact as a subject, `file_name` without a directory.
    pub fn of(artifact: &Artifact, kind: PayloadType, file_name: &str) -> Self {
        let name = format!("{file_name}.canonical");
        Self { name, digest: artifact.canonical().digest(), kind: Some(kind) }
    }

    fn parse(value: &Value) -> Option<Self> {
        let kind = value.at(&["annotations", "type"]);
        Some(Self {
            name: value.get("name")?.as_str()?.to_owned(),
            digest: Digest::parse_hex(value.at(&["digest", "sha256"])?.as_str()?)?,
            kind: kind.and_then(Value::as_str).and_then(PayloadType::parse),
        })
    }

    fn to_value(&self) -> Value {
        let mut subject = Object::from([
            ("name", Value::from(self.name.as_str())),
            ("digest", Object::from([("sha256", self.digest.hex())]).into()),
        ]);
        if let Some(kind) = self.kind {
            subject.set("annotations", Object::from([("type", kind.as_str())]));
        }
        subject.into()
    }
}

/// What a payload says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The files that it is about.
    pub subjects: Vec<Subject>,
    /// The kind of predicate, a URI.
    pub predicate_type: String,
    /// What is said about the subjects.
    pub predicate: Object,
}

/// Why a payload is not a Statement.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum StatementError {
    /// The payload has another type.
    PayloadType(String),
    /// Not JSON.
    Json,
    /// Not in its own canonical form: keys given twice, white space, another order.
    NotCanonical,
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// A Statement of another kind.
    Predicate(String),
}

impl Statement {
    /// Reads the Statement of an envelope, which must be of a kind.
    ///
    /// # Errors
    /// [`StatementError`] says what is wrong.
    pub fn parse(envelope: &DsseEnvelope, predicate_type: &str) -> Result<Self, StatementError> {
        Self::of_payload(&envelope.payload_type, &envelope.payload, predicate_type)
    }

    /// Reads a payload of a type as a Statement, which must be of a kind.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of_payload(
        payload_type: &str,
        payload: &[u8],
        predicate_type: &str,
    ) -> Result<Self, StatementError> {
        if payload_type != IN_TOTO {
            return Err(StatementError::PayloadType(payload_type.to_owned()));
        }
        let value = json::parse(payload).map_err(|_| StatementError::Json)?.value;
        if canonical::to_string(&value).as_bytes() != payload {
            return Err(StatementError::NotCanonical);
        }
        if value.get("_type").and_then(Value::as_str) != Some(STATEMENT) {
            return Err(StatementError::Field("_type"));
        }
        let found = value.get("predicateType").and_then(Value::as_str).unwrap_or_default();
        if found != predicate_type {
            return Err(StatementError::Predicate(found.to_owned()));
        }
        let subjects = value.get("subject").and_then(Value::as_array);
        let subjects = subjects.and_then(|all| all.iter().map(Subject::parse).collect());
        let predicate = value.get("predicate").and_then(Value::as_object);
        Ok(Self {
            subjects: subjects.ok_or(StatementError::Field("subject"))?,
            predicate_type: found.to_owned(),
            predicate: predicate.ok_or(StatementError::Field("predicate"))?.clone(),
        })
    }

    /// The payload: the canonical bytes of the Statement.
    pub fn to_payload(&self) -> Vec<u8> {
        let subjects: Vec<Value> = self.subjects.iter().map(Subject::to_value).collect();
        let statement = Object::from([
            ("_type", Value::from(STATEMENT)),
            ("subject", subjects.into()),
            ("predicateType", self.predicate_type.as_str().into()),
            ("predicate", self.predicate.clone().into()),
        ]);
        canonical::to_string(&statement.into()).into_bytes()
    }
}

/// The key that a Statement names, and how it says that it was signed.
#[derive(Debug, Clone, Copy)]
pub struct NamedKey<'a> {
    /// How, as written.
    pub algorithm: &'a str,
    /// The SHA-256 of the key's DER SubjectPublicKeyInfo; `None` for a shared key.
    pub key_sha256: Option<Digest>,
}

/// Why a Statement is not signed by the key that comes with it.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "signed-by")]
#[non_exhaustive]
pub enum SignedByError {
    /// Another algorithm stands beside it than it names.
    Algorithm(String),
    /// The public key beside it cannot be read.
    Key(PublicKeyError),
    /// A shared key made it, which belongs to no one person.
    Shared,
    /// There is no public key beside it.
    NoKey,
    /// It names another key than the one beside it.
    OtherKey,
    /// It is not signed by the key beside it.
    Signature(VerificationError),
}

/// Verifies the signature of a Statement under the key beside it, which it has to name. Whose key
/// that is, is for others to say.
///
/// # Errors
/// [`SignedByError`] says what is wrong.
pub fn signed_by(
    envelope: &DsseEnvelope,
    named: NamedKey<'_>,
    algorithm: Option<&str>,
    public_key: Option<&str>,
) -> Result<PublicKey, SignedByError> {
    let written = algorithm.unwrap_or_default();
    let other = || SignedByError::Algorithm(written.to_owned());
    if written != named.algorithm {
        return Err(other());
    }
    let algorithm = Algorithm::parse(written).ok_or_else(other)?;
    if algorithm == Algorithm::HmacSha256 {
        return Err(SignedByError::Shared);
    }
    let key = public_key.filter(|key| !key.is_empty()).ok_or(SignedByError::NoKey)?;
    let key = PublicKey::parse(key).map_err(SignedByError::Key)?;
    if named.key_sha256 != Some(Digest::of(&key.to_der())) {
        return Err(SignedByError::OtherKey);
    }
    verify_raw(&key, algorithm, &envelope.message(), &envelope.signature)
        .map_err(SignedByError::Signature)?;
    Ok(key)
}

/// The members of a predicate about a key's act. Null equals absent. An error is the name of the member
/// that is missing or not what it should be.
#[derive(Clone, Copy)]
pub(crate) struct Predicate<'a>(pub &'a Object);

impl<'a> Predicate<'a> {
    pub fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| **value != Value::Null)
    }

    pub fn text(self, key: &'static str) -> Result<&'a str, &'static str> {
        self.get(key).and_then(Value::as_str).ok_or(key)
    }

    /// What holds the key, if it says so.
    pub fn signer_type(self) -> Result<Option<SignerType>, &'static str> {
        self.read("signerType", |written| SignerType::parse(written.as_str()?))
    }

    /// The SHA-256 of the DER SubjectPublicKeyInfo, if there is a public key.
    pub fn key_sha256(self) -> Result<Option<Digest>, &'static str> {
        self.digest("keySha256")
    }

    /// A SHA-256 in lower-case hex digits, if it is there.
    pub fn digest(self, key: &'static str) -> Result<Option<Digest>, &'static str> {
        self.read(key, |written| Digest::parse_hex(written.as_str()?))
    }

    fn read<T>(
        self,
        key: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, &'static str> {
        self.get(key).map(|written| read(written).ok_or(key)).transpose()
    }
}

/// A list of digests as a Statement writes them, hexadecimal.
pub(crate) fn digests(value: Option<&Value>) -> Option<Vec<Digest>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(all)) => all.iter().map(|one| Digest::parse_hex(one.as_str()?)).collect(),
        Some(_) => None,
    }
}

/// Digests as a Statement writes them, sorted.
pub(crate) fn digests_value(digests: &[Digest]) -> Value {
    let mut sorted: Vec<String> = digests.iter().map(Digest::hex).collect();
    sorted.sort_unstable();
    sorted.dedup();
    Value::Array(sorted.into_iter().map(Value::from).collect())
}
