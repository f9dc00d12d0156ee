//! A refusal: a person says with their key that they do not sign a run, and why; or that signatures
//! of their own no longer count (EVIDENCE.md section 1). It is a Statement like a claim, of another
//! kind, and stands in a file of its own beside the run.

use std::collections::HashSet;

use countersign_problem::Problem;

use crate::digest::Digest;
use crate::dsse::{DsseEnvelope, DsseError};
use crate::instant::Instant;
use crate::json::{self, JsonError, Object, Value};
use crate::public_key::PublicKey;
use crate::signature::{Algorithm, PayloadType, SignerType};
use crate::statement::{
    NamedKey, Predicate, SignedByError, Statement, StatementError, Subject, digests, digests_value,
    signed_by,
};

/// The kind of Statement that a refusal is.
pub const PREDICATE_TYPE: &str = "urn:countersign:refusal:1";

/// The longest reason, in characters.
pub const MAX_REASON: usize = 2000;

/// The one version of the file.
pub const VERSION: &str = "1.0";

/// The longest file of refusals that is read, in bytes (8 MiB).
pub const MAX_BYTES: usize = 8 << 20;

/// The most refusals of one run that are read.
pub const MAX_REFUSALS: usize = 256;

/// What a person says with their key: that they do not sign a run, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The run.
    pub subjects: Vec<Subject>,
    /// Who refuses.
    pub signer: String,
    /// In which role, as written.
    pub role: String,
    /// The id of the key.
    pub key_id: String,
    /// The SHA-256 of the key's DER SubjectPublicKeyInfo; `None` for a shared key.
    pub key_sha256: Option<Digest>,
    /// How it was signed, as written.
    pub algorithm: String,
    /// What holds the key.
    pub signer_type: Option<SignerType>,
    /// When.
    pub refused_at: Instant,
    /// Why: 1 to [`MAX_REASON`] characters.
    pub reason: String,
    /// The id of the run.
    pub run_id: String,
    /// The commit hash of the run, empty if it has none.
    pub commit_hash: String,
    /// The signatures of the same person that no longer count, by the SHA-256 of their raw bytes.
    pub withdraws: Vec<Digest>,
}

/// Why a refusal cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum RefusalError {
    /// Not a DSSE envelope.
    #[problem(transparent)]
    Envelope(#[from] DsseError),
    /// Not a Statement of a refusal.
    #[problem(transparent)]
    Statement(#[from] StatementError),
    /// A field of the refusal is missing, or is not what it should be.
    Field(&'static str),
    /// Not signed by the key that comes with it.
    #[problem(transparent)]
    SignedBy(#[from] SignedByError),
}

/// Whether a text is the reason of a refusal: 1 to [`MAX_REASON`] characters, not only spaces.
pub fn is_reason(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_REASON
}

impl Refusal {
    /// Reads a refusal, whose signature is for others to verify.
    ///
    /// # Errors
    /// [`RefusalError`] says what is wrong with it.
    pub fn parse(envelope: &DsseEnvelope) -> Result<Self, RefusalError> {
        let statement = Statement::parse(envelope, PREDICATE_TYPE)?;
        Self::of(&statement).map_err(RefusalError::Field)
    }

    fn of(statement: &Statement) -> Result<Self, &'static str> {
        let predicate = Predicate(&statement.predicate);
        let text = |key| predicate.text(key);
        Ok(Self {
            subjects: statement.subjects.clone(),
            signer: text("signer")?.to_owned(),
            role: text("role")?.to_owned(),
            key_id: text("keyId")?.to_owned(),
            key_sha256: predicate.key_sha256()?,
            algorithm: text("algorithm")?.to_owned(),
            signer_type: predicate.signer_type()?,
            refused_at: Instant::parse(text("refusedAt")?).ok_or("refusedAt")?,
            reason: Some(text("reason")?).filter(|one| is_reason(one)).ok_or("reason")?.to_owned(),
            run_id: text("runId")?.to_owned(),
            commit_hash: text("commitHash")?.to_owned(),
            withdraws: digests(predicate.get("withdraws")).ok_or("withdraws")?,
        })
    }

    /// The Statement of the refusal.
    pub fn to_statement(&self) -> Statement {
        let key = self.key_sha256.map(|key| key.hex());
        let predicate = Object::from([
            ("signer", Value::from(self.signer.as_str())),
            ("role", self.role.as_str().into()),
            ("keyId", self.key_id.as_str().into()),
            ("keySha256", key.as_deref().into()),
            ("algorithm", self.algorithm.as_str().into()),
            ("signerType", self.signer_type.map(SignerType::as_str).into()),
            ("refusedAt", self.refused_at.to_string().into()),
            ("reason", self.reason.as_str().into()),
            ("runId", self.run_id.as_str().into()),
            ("commitHash", self.commit_hash.as_str().into()),
            ("withdraws", digests_value(&self.withdraws)),
        ]);
        Statement {
            subjects: self.subjects.clone(),
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate,
        }
    }

    /// Whether it is about a run with these canonical bytes.
    pub fn is_about(&self, run: &Digest) -> bool {
        let run = |one: &Subject| one.digest == *run && one.kind == Some(PayloadType::SealedRun);
        self.subjects.iter().any(run)
    }
}

/// One refusal of a file.
#[derive(Debug, Clone, Copy)]
pub struct RefusalEntry<'a>(&'a Value);

/// A refusal that is signed by the key that comes with it. Whose key that is, is for others to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRefusal {
    /// What it says.
    pub refusal: Refusal,
    /// What identifies it: the digest of its payload.
    pub digest: Digest,
    /// The key.
    pub key: PublicKey,
    /// The raw signature over it, which a time-stamp token may cover.
    pub signature: Vec<u8>,
}

impl RefusalEntry<'_> {
    /// The DSSE envelope.
    ///
    /// # Errors
    /// Fails if it is not one.
    pub fn envelope(&self) -> Result<DsseEnvelope, DsseError> {
        DsseEnvelope::parse(self.0.get("envelope").unwrap_or(&Value::Null))
    }

    /// The public key as written.
    pub fn public_key(&self) -> Option<&str> {
        self.0.get("public_key").and_then(Value::as_str).filter(|key| !key.is_empty())
    }

    /// Reads what it says, whoever signed it.
    ///
    /// # Errors
    /// Fails if it is not a refusal.
    pub fn refusal(&self) -> Result<Refusal, RefusalError> {
        Refusal::parse(&self.envelope()?)
    }

    /// Reads it and verifies its signature under the key that comes with it.
    ///
    /// # Errors
    /// Fails if it cannot be read, names another key or algorithm, or does not verify.
    pub fn verify(&self) -> Result<SignedRefusal, RefusalError> {
        let envelope = self.envelope()?;
        let refusal = Refusal::parse(&envelope)?;
        let named = NamedKey { algorithm: &refusal.algorithm, key_sha256: refusal.key_sha256 };
        let algorithm = self.0.get("algorithm").and_then(Value::as_str);
        let key = signed_by(&envelope, named, algorithm, self.public_key())?;
        let digest = envelope.payload_digest();
        Ok(SignedRefusal { refusal, digest, key, signature: envelope.signature })
    }

    /// Tells one refusal from another: by payload and key if it verifies, else by its text, so that
    /// a damaged copy never takes the place of the whole one.
    fn identity(&self) -> Result<(Digest, Digest), String> {
        match self.verify() {
            Ok(signed) => Ok((signed.digest, signed.key.fingerprint())),
            Err(_) => Err(self.0.to_line()),
        }
    }
}

/// The refusals of one run, with every field they came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalsFile(Object);

/// Why bytes are not refusals, or do not take another.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum RefusalsFileError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// JSON, but not a file of refusals.
    Form,
    /// An object in the file has a key twice; adding to it would lose one of the two.
    DuplicateKey(String),
    /// A version that is not known.
    #[arg(version = VERSION)]
    Version(String),
    /// Longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
    /// More than [`MAX_REFUSALS`].
    #[arg(limit = MAX_REFUSALS)]
    TooMany {
        /// How many.
        number: usize,
    },
}

impl Default for RefusalsFile {
    fn default() -> Self {
        let none: Vec<Value> = Vec::new();
        Self(Object::from([("refusals_version", Value::from(VERSION)), ("refusals", none.into())]))
    }
}

impl RefusalsFile {
    /// Reads a file of refusals.
    ///
    /// # Errors
    /// Fails if it is not one, or has too many.
    pub fn parse(bytes: &[u8]) -> Result<Self, RefusalsFileError> {
        Self::parse_with_duplicate_key(bytes).map(|(file, _)| file)
    }

    /// Reads a file of refusals that is to be written again with more in it.
    ///
    /// # Errors
    /// As [`Self::parse`]; also if a key is given twice, since a rewrite would lose one of the two.
    pub fn parse_for_rewrite(bytes: &[u8]) -> Result<Self, RefusalsFileError> {
        match Self::parse_with_duplicate_key(bytes)? {
            (_, Some(key)) => Err(RefusalsFileError::DuplicateKey(key)),
            (file, None) => Ok(file),
        }
    }

    fn parse_with_duplicate_key(bytes: &[u8]) -> Result<(Self, Option<String>), RefusalsFileError> {
        if bytes.len() > MAX_BYTES {
            return Err(RefusalsFileError::TooLarge { size: bytes.len() });
        }
        let document = json::parse(bytes)?;
        let Value::Object(object) = document.value else { return Err(RefusalsFileError::Form) };
        let version = object.text("refusals_version").ok_or(RefusalsFileError::Form)?;
        if version != VERSION {
            return Err(RefusalsFileError::Version(version.to_owned()));
        }
        let Some(Value::Array(entries)) = object.get("refusals") else {
            return Err(RefusalsFileError::Form);
        };
        if entries.len() > MAX_REFUSALS {
            return Err(RefusalsFileError::TooMany { number: entries.len() });
        }
        Ok((Self(object), document.duplicate_key.map(|key| key.to_string())))
    }

    /// The refusals, in file order.
    pub fn entries(&self) -> impl Iterator<Item = RefusalEntry<'_>> {
        self.values().iter().map(RefusalEntry)
    }

    fn values(&self) -> &[Value] {
        self.0.get("refusals").and_then(Value::as_array).unwrap_or_default()
    }

    /// The file with one more refusal.
    ///
    /// # Errors
    /// Fails if there would be too many.
    pub fn with(
        self,
        algorithm: Algorithm,
        key: Option<&PublicKey>,
        envelope: &DsseEnvelope,
    ) -> Result<Self, RefusalsFileError> {
        let key = key.map(PublicKey::to_text);
        let entry = Object::from([
            ("algorithm", Value::from(algorithm.as_str())),
            ("public_key", key.as_deref().into()),
            ("envelope", envelope.to_object().into()),
        ]);
        let one = Self(Object::from([("refusals", Value::Array(vec![entry.into()]))]));
        self.unite(&one, |_| true)
    }

    /// Adds those refusals of another file that are wanted, by their index, and not here, by payload
    /// and key. What is
    /// here stays as it is, with every field.
    ///
    /// # Errors
    /// Fails if there would be too many.
    pub fn unite(
        mut self,
        other: &Self,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Self, RefusalsFileError> {
        let mut known: HashSet<_> = self.entries().map(|one| one.identity()).collect();
        let mut all = self.values().to_vec();
        for (at, entry) in other.entries().enumerate() {
            if wanted(at) && known.insert(entry.identity()) {
                all.push(entry.0.clone());
            }
        }
        if all.len() > MAX_REFUSALS {
            return Err(RefusalsFileError::TooMany { number: all.len() });
        }
        self.0.set("refusals", all);
        Ok(self)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        Value::Object(self.0.clone()).to_pretty()
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::claim::{self, Claim};
    use crate::dsse::IN_TOTO;
    use crate::signature::SignedPayload;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn public() -> PublicKey {
        PublicKey::ed25519(key().verifying_key().as_bytes()).unwrap()
    }

    fn refusal(reason: &str) -> Refusal {
        let run = Digest::of(b"run");
        Refusal {
            subjects: vec![Subject {
                name: "RUN.json.canonical".to_owned(),
                digest: run,
                kind: Some(PayloadType::SealedRun),
            }],
            signer: "j.okafor".to_owned(),
            role: "witness".to_owned(),
            key_id: "ds-prod-2026-06".to_owned(),
            key_sha256: Some(Digest::of(&public().to_der())),
            algorithm: "ed25519".to_owned(),
            signer_type: Some(SignerType::Hardware),
            refused_at: Instant::EPOCH,
            reason: reason.to_owned(),
            run_id: "RUN-50b0d817".to_owned(),
            commit_hash: "sha256:00".to_owned(),
            withdraws: vec![Digest::of(b"signature")],
        }
    }

    fn envelope(payload: Vec<u8>) -> DsseEnvelope {
        let mut envelope = DsseEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload,
            key_id: String::new(),
            signature: Vec::new(),
            signed_payload: SignedPayload::CanonicalJson,
        };
        envelope.signature = key().sign(&envelope.message()).to_bytes().to_vec();
        envelope
    }

    fn file(reasons: &[&str]) -> RefusalsFile {
        reasons.iter().fold(RefusalsFile::default(), |file, reason| {
            let envelope = envelope(refusal(reason).to_statement().to_payload());
            file.with(Algorithm::Ed25519, Some(&public()), &envelope).unwrap()
        })
    }

    #[test]
    fn what_is_written_is_read_back_and_verifies() {
        let text = file(&["The inputs are not those that I reviewed."]).to_text();
        let again = RefusalsFile::parse(text.as_bytes()).unwrap();
        let signed = again.entries().next().unwrap().verify().unwrap();
        assert_eq!(signed.refusal, refusal("The inputs are not those that I reviewed."));
        assert!(signed.refusal.is_about(&Digest::of(b"run")));
        assert!(!signed.refusal.is_about(&Digest::of(b"another run")));
    }

    #[test]
    fn a_reason_has_one_to_two_thousand_characters() {
        let read =
            |reason: &str| Refusal::parse(&envelope(refusal(reason).to_statement().to_payload()));
        assert!(read(&"ä".repeat(MAX_REASON)).is_ok());
        for bad in ["", "  ", &"ä".repeat(MAX_REASON + 1)] {
            assert_eq!(read(bad), Err(RefusalError::Field("reason")));
        }
    }

    #[test]
    fn a_claim_is_no_refusal_and_a_refusal_no_claim() {
        let payload = refusal("No.").to_statement().to_payload();
        let error = Claim::parse(&envelope(payload)).unwrap_err();
        assert_eq!(error, StatementError::Predicate(PREDICATE_TYPE.to_owned()).into());
        let mut statement = refusal("No.").to_statement();
        statement.predicate_type = claim::PREDICATE_TYPE.to_owned();
        let error = Refusal::parse(&envelope(statement.to_payload())).unwrap_err();
        assert_eq!(error, StatementError::Predicate(claim::PREDICATE_TYPE.to_owned()).into());
    }

    #[test]
    fn a_refusal_is_verified_under_the_key_that_it_names() {
        let text = file(&["No."]).to_text();
        let read = |text: &str| {
            let file = RefusalsFile::parse(text.as_bytes()).unwrap();
            file.entries().next().unwrap().verify()
        };
        let other = SigningKey::from_bytes(&[8; 32]);
        let other = PublicKey::ed25519(other.verifying_key().as_bytes()).unwrap();
        let swapped = text.replace(&public().to_text(), &other.to_text());
        assert_eq!(read(&swapped), Err(SignedByError::OtherKey.into()));
        let algorithm = text.replace("\"ed25519\"", "\"hmac-sha256\"");
        assert!(matches!(
            read(&algorithm),
            Err(RefusalError::SignedBy(SignedByError::Algorithm(_)))
        ));
        let mut forged = envelope(refusal("No.").to_statement().to_payload());
        forged.signature[0] ^= 1;
        let forged =
            RefusalsFile::default().with(Algorithm::Ed25519, Some(&public()), &forged).unwrap();
        assert!(matches!(
            forged.entries().next().unwrap().verify(),
            Err(RefusalError::SignedBy(SignedByError::Signature(_)))
        ));
    }

    #[test]
    fn a_union_keeps_what_is_there_and_adds_each_refusal_once() {
        let (own, other) = (file(&["a", "b"]), file(&["b", "c"]));
        let own = own.to_text().replacen("\"algorithm\"", "\"note\": 1, \"algorithm\"", 1);
        let own = RefusalsFile::parse(own.as_bytes()).unwrap();
        let united = own.unite(&other, |_| true).unwrap();
        assert_eq!(united.len(), 3);
        assert!(united.to_text().contains("\"note\": 1"));
        assert_eq!(united.clone().unite(&other, |_| true), Ok(united.clone()));
        assert_eq!(file(&[]).unite(&united, |_| false), Ok(RefusalsFile::default()));
    }

    #[test]
    fn a_damaged_entry_does_not_take_the_place_of_the_whole_one() {
        let whole = file(&["No."]);
        let mut damaged = envelope(refusal("No.").to_statement().to_payload());
        damaged.signature[0] ^= 1;
        let damaged =
            RefusalsFile::default().with(Algorithm::Ed25519, Some(&public()), &damaged).unwrap();
        let united = damaged.unite(&whole, |_| true).unwrap();
        assert_eq!(united.entries().filter(|one| one.verify().is_ok()).count(), 1);
    }

    #[test]
    fn what_is_read_has_bounds() {
        let parse = |text: &str| RefusalsFile::parse(text.as_bytes());
        assert_eq!(parse("[]"), Err(RefusalsFileError::Form));
        assert_eq!(parse(r#"{"refusals_version":"1.0"}"#), Err(RefusalsFileError::Form));
        let version = parse(r#"{"refusals_version":"2.0","refusals":[]}"#);
        assert_eq!(version, Err(RefusalsFileError::Version("2.0".to_owned())));
        let many =
            format!(r#"{{"refusals_version":"1.0","refusals":[{}0]}}"#, "0,".repeat(MAX_REFUSALS));
        let number = MAX_REFUSALS + 1;
        assert_eq!(parse(&many), Err(RefusalsFileError::TooMany { number }));
        let long = format!("{}{}", file(&[]).to_text(), " ".repeat(MAX_BYTES));
        assert!(matches!(parse(&long), Err(RefusalsFileError::TooLarge { .. })));
        let twice = r#"{"refusals_version":"1.0","refusals":[],"x":1,"x":2}"#;
        assert!(parse(twice).is_ok());
        let twice = RefusalsFile::parse_for_rewrite(twice.as_bytes());
        assert_eq!(twice, Err(RefusalsFileError::DuplicateKey("x".to_owned())));
    }
}
