//! A finding: what the reviewer of a pack concludes, signed with their own key. It is a Statement like
//! a claim or a refusal, of another kind, over the digest of the pack and those of the runs in it. It
//! stands in a file of its own, wherever the reviewer puts it, and never in the pack.
//!
//! A finding is its reviewer's word. Its signature proves who says it and about which pack; the levels
//! in it are what they saw, and prove nothing about the runs.

use countersign_problem::Problem;

use crate::digest::Digest;
use crate::dsse::{DsseEnvelope, DsseError};
use crate::instant::Instant;
use crate::json::{self, JsonError, Object, Value};
use crate::public_key::PublicKey;
use crate::signature::{Algorithm, SignerType};
use crate::statement::{
    NamedKey, Predicate, SignedByError, Statement, StatementError, Subject, signed_by,
};
use crate::vocabulary;

/// The kind of Statement that a finding is.
pub const PREDICATE_TYPE: &str = "urn:countersign:finding:1";

/// The name of the pack among the subjects: the file whose SHA-256 is its digest.
pub const PACK_SUBJECT: &str = "SHA256SUMS";

/// The end of the name of a file with a finding.
pub const FILE_END: &str = ".finding.json";

/// The one version of the file.
pub const VERSION: &str = "1.0";

/// The longest note, in characters.
pub const MAX_NOTE: usize = 2000;

/// The most envelopes that a finding is about.
pub const MAX_ENVELOPES: usize = 500;

/// The longest payload that is read, in bytes (8 MiB): all envelopes, each with the longest note.
pub const MAX_PAYLOAD: usize = 8 << 20;

/// The longest file that is read, in bytes (12 MiB): the payload in base64.
pub const MAX_BYTES: usize = 12 << 20;

vocabulary! {
    /// What a reviewer concludes.
    FindingOutcome {
        /// They accept the pack.
        Accepted = "accepted",
        /// They accept it, and their notes say what they do not.
        WithReservations = "accepted_with_reservations",
        /// They reject it, and their notes say why.
        Rejected = "rejected",
    }
}

vocabulary! {
    /// Whether the pack has the digest that the reviewer was told another way.
    Told {
        /// It does.
        Same = "same",
        /// It does not.
        Different = "different",
        /// The reviewer did not compare it.
        NotCompared = "not_compared",
    }
}

vocabulary! {
    /// Whose keys count in a review.
    ReviewKeys {
        /// Those of the keyring that came with it: the claim of whoever sent it.
        Brought = "brought",
        /// Those of this station's keyring.
        Station = "station",
        /// Those of a keyring that the reviewer chose.
        Chosen = "chosen",
        /// Any key that verifies: who holds it is not asked.
        Embedded = "embedded",
    }
}

/// What a reviewer concludes of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The digest of what was reviewed: the SHA-256 of the list of its files (`SHA256SUMS`), which is
    /// made of the files that were there if the list that came with them does not match.
    pub pack: Digest,
    /// The SHA-256 of the list that came with the pack, if the files do not match it.
    pub list: Option<Digest>,
    /// Whether nothing was missing, altered, added or contradictory in the pack.
    pub complete: bool,
    /// The envelopes in it.
    pub envelopes: Vec<FoundEnvelope>,
    /// The outcome.
    pub outcome: FindingOutcome,
    /// Whether the digest is the one that the reviewer was told.
    pub told: Told,
    /// Whose keys the reviewer judged by when they concluded.
    pub keys: ReviewKeys,
    /// In what the reviewer's policy is weaker than the default, in words of the policy.
    pub weaknesses: Vec<String>,
    /// What the reviewer notes of the pack as a whole; empty for nothing.
    pub note: String,
}

/// A conclusion, and who came to it with which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// Who reviewed.
    pub reviewer: String,
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
    /// When, as the reviewer claims.
    pub reviewed_at: Instant,
}

/// One envelope, as a reviewer found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEnvelope {
    /// The run; without a kind if it cannot be read as one, and then the digest is of its bytes.
    pub run: Subject,
    /// The id of the decision; empty if it cannot be read.
    pub decision_id: String,
    /// The level by the keys that came with it; `None` if none came.
    pub theirs: Option<FoundLevel>,
    /// The level by the reviewer's own keys.
    pub own: FoundLevel,
    /// What the reviewer notes of it; empty for nothing.
    pub note: String,
}

/// A level that a reviewer saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundLevel {
    /// 0 to 7; `None` if not even L0 holds.
    pub level: Option<u8>,
    /// How well it was known that hardware or an external signer signed, as written.
    pub assurance: Option<String>,
}

/// Why a finding cannot be read, or is not made.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum FindingError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// JSON, but not a file with a finding.
    Form,
    /// A version that is not known.
    #[arg(version = VERSION)]
    Version(String),
    /// Longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
    /// Not a DSSE envelope.
    #[problem(transparent)]
    Envelope(#[from] DsseError),
    /// Not a Statement of a finding.
    #[problem(transparent)]
    Statement(#[from] StatementError),
    /// A field of the finding is missing, or is not what it should be.
    Field(&'static str),
    /// Not signed by the key that comes with it.
    #[problem(transparent)]
    SignedBy(#[from] SignedByError),
    /// A pack with another digest, or with files that do not match its list, is not just accepted.
    NotAcceptable,
    /// Reservations or a rejection without a note say nothing.
    NoNote,
    /// A note is too long.
    #[arg(limit = MAX_NOTE)]
    LongNote {
        /// How many characters it has.
        number: usize,
    },
    /// There are more envelopes than a finding is about.
    #[arg(limit = MAX_ENVELOPES)]
    TooMany {
        /// How many.
        number: usize,
    },
}

impl Conclusion {
    /// Checks what every finding keeps to: what contradicts itself is not just accepted, and whoever
    /// does not just accept says why.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn check(&self) -> Result<(), FindingError> {
        if self.envelopes.len() > MAX_ENVELOPES {
            return Err(FindingError::TooMany { number: self.envelopes.len() });
        }
        let notes = || self.envelopes.iter().map(|one| &one.note).chain([&self.note]);
        let longest = notes().map(|note| note.chars().count()).max().unwrap_or_default();
        if longest > MAX_NOTE {
            return Err(FindingError::LongNote { number: longest });
        }
        match self.outcome {
            FindingOutcome::Accepted if !self.complete || self.told == Told::Different => {
                Err(FindingError::NotAcceptable)
            }
            FindingOutcome::Accepted => Ok(()),
            _ if notes().all(|note| note.trim().is_empty()) => Err(FindingError::NoNote),
            _ => Ok(()),
        }
    }
}

impl Finding {
    /// Reads a finding, whose signature is for others to verify.
    ///
    /// # Errors
    /// [`FindingError`] says what is wrong with it.
    pub fn parse(envelope: &DsseEnvelope) -> Result<Self, FindingError> {
        let statement = Statement::parse(envelope, PREDICATE_TYPE)?;
        let finding = Self::of(&statement).map_err(FindingError::Field)?;
        finding.conclusion.check()?;
        Ok(finding)
    }

    fn of(statement: &Statement) -> Result<Self, &'static str> {
        let predicate = Predicate(&statement.predicate);
        let text = |key| predicate.text(key);
        let (pack, runs) = statement.subjects.split_first().ok_or("subject")?;
        let found = predicate.get("envelopes").and_then(Value::as_array).ok_or("envelopes")?;
        if pack.name != PACK_SUBJECT || pack.kind.is_some() || runs.len() != found.len() {
            return Err("subject");
        }
        let envelopes = runs.iter().zip(found).map(|(run, found)| FoundEnvelope::of(run, found));
        let list = match predicate.get("list") {
            None => None,
            Some(list) => Some(list.as_str().and_then(Digest::parse_hex).ok_or("list")?),
        };
        let complete = match predicate.get("complete") {
            Some(Value::Bool(complete)) => *complete,
            _ => return Err("complete"),
        };
        if complete && list.is_some() || list == Some(pack.digest) {
            return Err("complete");
        }
        let weaknesses = predicate.get("weaknesses").map_or(Some([].as_slice()), Value::as_array);
        let weaknesses = weaknesses
            .and_then(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        let conclusion = Conclusion {
            pack: pack.digest,
            list,
            complete,
            envelopes: envelopes.collect::<Option<_>>().ok_or("envelopes")?,
            outcome: FindingOutcome::parse(text("outcome")?).ok_or("outcome")?,
            told: Told::parse(text("told")?).ok_or("told")?,
            keys: ReviewKeys::parse(text("keys")?).ok_or("keys")?,
            weaknesses: weaknesses.ok_or("weaknesses")?,
            note: text("note")?.to_owned(),
        };
        Ok(Self {
            conclusion,
            reviewer: text("reviewer")?.to_owned(),
            role: text("role")?.to_owned(),
            key_id: text("keyId")?.to_owned(),
            key_sha256: predicate.key_sha256()?,
            algorithm: text("algorithm")?.to_owned(),
            signer_type: predicate.signer_type()?,
            reviewed_at: Instant::parse(text("reviewedAt")?).ok_or("reviewedAt")?,
        })
    }

    /// The Statement of the finding.
    pub fn to_statement(&self) -> Statement {
        let said = &self.conclusion;
        let pack = Subject { name: PACK_SUBJECT.to_owned(), digest: said.pack, kind: None };
        let runs = said.envelopes.iter().map(|one| one.run.clone());
        let envelopes: Vec<Value> = said.envelopes.iter().map(FoundEnvelope::to_value).collect();
        let (key, list) = (self.key_sha256.map(|key| key.hex()), said.list.map(|list| list.hex()));
        let weaknesses: Vec<Value> =
            said.weaknesses.iter().map(|one| Value::from(one.as_str())).collect();
        let software = Object::from([
            ("name", Value::from("countersign")),
            ("version", env!("CARGO_PKG_VERSION").into()),
        ]);
        let predicate = Object::from([
            ("reviewer", Value::from(self.reviewer.as_str())),
            ("role", self.role.as_str().into()),
            ("keyId", self.key_id.as_str().into()),
            ("keySha256", key.as_deref().into()),
            ("algorithm", self.algorithm.as_str().into()),
            ("signerType", self.signer_type.map(SignerType::as_str).into()),
            ("reviewedAt", self.reviewed_at.to_string().into()),
            ("outcome", said.outcome.as_str().into()),
            ("complete", said.complete.into()),
            ("list", list.as_deref().into()),
            ("told", said.told.as_str().into()),
            ("keys", said.keys.as_str().into()),
            ("weaknesses", weaknesses.into()),
            ("envelopes", envelopes.into()),
            ("note", said.note.as_str().into()),
            ("software", software.into()),
        ]);
        Statement {
            subjects: [pack].into_iter().chain(runs).collect(),
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate,
        }
    }
}

impl FoundEnvelope {
    fn of(run: &Subject, found: &Value) -> Option<Self> {
        let text = |key: &str| Some(found.get(key)?.as_str()?.to_owned());
        // It stands there too, so that each envelope can be read by itself.
        if Digest::parse_hex(&text("run")?)? != run.digest {
            return None;
        }
        Some(Self {
            run: run.clone(),
            decision_id: text("decisionId")?,
            theirs: match found.get("theirs") {
                None | Some(Value::Null) => None,
                Some(theirs) => Some(FoundLevel::of(theirs)?),
            },
            own: FoundLevel::of(found.get("own")?)?,
            note: text("note")?,
        })
    }

    fn to_value(&self) -> Value {
        let theirs = self.theirs.as_ref().map_or(Value::Null, FoundLevel::to_value);
        Object::from([
            ("run", Value::from(self.run.digest.hex())),
            ("decisionId", self.decision_id.as_str().into()),
            ("theirs", theirs),
            ("own", self.own.to_value()),
            ("note", self.note.as_str().into()),
        ])
        .into()
    }
}

impl FoundLevel {
    fn of(value: &Value) -> Option<Self> {
        let level = match value.get("level")? {
            Value::Null => None,
            level => Some(level.as_count().and_then(|one| u8::try_from(one).ok())?),
        };
        let assurance = match value.get("assurance") {
            None | Some(Value::Null) => None,
            Some(assurance) => Some(assurance.as_str()?.to_owned()),
        };
        Some(Self { level: Some(level).filter(|one| one.is_none_or(|one| one <= 7))?, assurance })
    }

    fn to_value(&self) -> Value {
        let level = self.level.map_or(Value::Null, |level| u64::from(level).into());
        Object::from([("level", level), ("assurance", self.assurance.as_deref().into())]).into()
    }
}

/// A file with a finding: the Statement in its DSSE envelope, with the key beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingFile {
    algorithm: String,
    public_key: String,
    envelope: DsseEnvelope,
}

/// A finding that is signed by the key that comes with it. Whose key that is, is for others to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedFinding {
    /// What it says.
    pub finding: Finding,
    /// What identifies it: the digest of its payload.
    pub digest: Digest,
    /// The key.
    pub key: PublicKey,
}

impl FindingFile {
    /// A file of what a key signed.
    pub fn new(algorithm: Algorithm, key: &PublicKey, envelope: DsseEnvelope) -> Self {
        let algorithm = algorithm.as_str().to_owned();
        Self { algorithm, public_key: key.to_text(), envelope }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Fails if it is not one with a finding, or too large.
    pub fn parse(bytes: &[u8]) -> Result<Self, FindingError> {
        if bytes.len() > MAX_BYTES {
            return Err(FindingError::TooLarge { size: bytes.len() });
        }
        let Value::Object(object) = json::parse(bytes)?.value else {
            return Err(FindingError::Form);
        };
        let text = |key| object.text(key).ok_or(FindingError::Form);
        let version = text("finding_version")?;
        if version != VERSION {
            return Err(FindingError::Version(version.to_owned()));
        }
        let envelope = object.get("envelope").ok_or(FindingError::Form)?;
        Ok(Self {
            algorithm: text("algorithm")?.to_owned(),
            public_key: text("public_key")?.to_owned(),
            envelope: DsseEnvelope::parse_up_to(envelope, MAX_PAYLOAD)?,
        })
    }

    /// The DSSE envelope.
    pub fn envelope(&self) -> &DsseEnvelope {
        &self.envelope
    }

    /// Reads what it says, whoever signed it.
    ///
    /// # Errors
    /// Fails if it is not a finding.
    pub fn finding(&self) -> Result<Finding, FindingError> {
        Finding::parse(&self.envelope)
    }

    /// Reads it and verifies its signature under the key that comes with it.
    ///
    /// # Errors
    /// Fails if it cannot be read, names another key or algorithm, or does not verify.
    pub fn verify(&self) -> Result<SignedFinding, FindingError> {
        let finding = self.finding()?;
        let named = NamedKey { algorithm: &finding.algorithm, key_sha256: finding.key_sha256 };
        let (algorithm, key) = (Some(self.algorithm.as_str()), Some(self.public_key.as_str()));
        let key = signed_by(&self.envelope, named, algorithm, key)?;
        Ok(SignedFinding { finding, digest: self.envelope.payload_digest(), key })
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        let object = Object::from([
            ("finding_version", Value::from(VERSION)),
            ("algorithm", self.algorithm.as_str().into()),
            ("public_key", self.public_key.as_str().into()),
            ("envelope", self.envelope.to_object().into()),
        ]);
        Value::Object(object).to_pretty()
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::dsse::IN_TOTO;
    use crate::refusal::Refusal;
    use crate::signature::{PayloadType, SignedPayload};

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn public() -> PublicKey {
        PublicKey::ed25519(key().verifying_key().as_bytes()).unwrap()
    }

    fn conclusion() -> Conclusion {
        let level = |level, assurance: &str| FoundLevel {
            level,
            assurance: Some(assurance.to_owned()).filter(|text| !text.is_empty()),
        };
        Conclusion {
            pack: Digest::of(b"list"),
            list: None,
            complete: true,
            envelopes: vec![FoundEnvelope {
                run: Subject {
                    name: "RUN.json.canonical".to_owned(),
                    digest: Digest::of(b"run"),
                    kind: Some(PayloadType::SealedRun),
                },
                decision_id: "DEC-007".to_owned(),
                theirs: Some(level(Some(6), "pinned")),
                own: level(Some(2), ""),
                note: "The witness is unknown to us.".to_owned(),
            }],
            outcome: FindingOutcome::WithReservations,
            told: Told::Same,
            keys: ReviewKeys::Station,
            weaknesses: vec!["any_key".to_owned()],
            note: String::new(),
        }
    }

    fn finding() -> Finding {
        by(conclusion())
    }

    fn by(conclusion: Conclusion) -> Finding {
        Finding {
            conclusion,
            reviewer: "a.auditor".to_owned(),
            role: "auditor".to_owned(),
            key_id: "ds-audit-2026".to_owned(),
            key_sha256: Some(Digest::of(&public().to_der())),
            algorithm: "ed25519".to_owned(),
            signer_type: Some(SignerType::Software),
            reviewed_at: Instant::EPOCH,
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

    fn file(finding: &Finding) -> FindingFile {
        let envelope = envelope(finding.to_statement().to_payload());
        FindingFile::new(Algorithm::Ed25519, &public(), envelope)
    }

    #[test]
    fn what_is_written_is_read_back_and_verifies() {
        let incomplete = by(Conclusion {
            list: Some(Digest::of(b"another list")),
            complete: false,
            outcome: FindingOutcome::Rejected,
            ..conclusion()
        });
        for finding in [finding(), incomplete] {
            let again = FindingFile::parse(file(&finding).to_text().as_bytes()).unwrap();
            assert_eq!(again.verify().unwrap().finding, finding);
        }
    }

    #[test]
    fn a_change_of_any_field_breaks_the_signature() {
        let whole = file(&finding());
        let text = String::from_utf8(whole.envelope.payload.clone()).unwrap();
        for (field, other) in [
            (r#""outcome":"accepted_with_reservations""#, r#""outcome":"rejected""#),
            (r#""level":2"#, r#""level":7"#),
            (r#""level":6"#, r#""level":5"#),
            (r#""assurance":"pinned""#, r#""assurance":"attested""#),
            (r#""told":"same""#, r#""told":"not_compared""#),
            (r#""keys":"station""#, r#""keys":"brought""#),
            (r#""reviewer":"a.auditor""#, r#""reviewer":"b.auditor""#),
            (r#""role":"auditor""#, r#""role":"witness""#),
            (r#""keyId":"ds-audit-2026""#, r#""keyId":"ds-audit-2027""#),
            (r#""signerType":"software""#, r#""signerType":"hardware""#),
            ("1970-01-01", "1971-01-01"),
            ("unknown to us", "well known"),
            ("DEC-007", "DEC-008"),
            (r#""any_key""#, r#""any_log""#),
            ("RUN.json", "RAN.json"),
            (&Digest::of(b"list").hex(), &Digest::of(b"other").hex()),
            (&Digest::of(b"run").hex(), &Digest::of(b"ran").hex()),
            (env!("CARGO_PKG_VERSION"), "9.9.9"),
        ] {
            let mut altered = whole.clone();
            altered.envelope.payload = text.replace(field, other).into_bytes();
            assert_ne!(altered, whole, "{field} is in the payload");
            let why = altered.verify().unwrap_err();
            assert!(
                matches!(why, FindingError::SignedBy(SignedByError::Signature(_))),
                "{field}: {why}"
            );
        }
        let text = whole.to_text();
        let read = |text: &str| FindingFile::parse(text.as_bytes()).unwrap().verify().unwrap_err();
        let other = SigningKey::from_bytes(&[8; 32]);
        let other = PublicKey::ed25519(other.verifying_key().as_bytes()).unwrap();
        let swapped = text.replace(&public().to_text(), &other.to_text());
        assert_eq!(read(&swapped), SignedByError::OtherKey.into());
        let algorithm = text.replace("\"ed25519\"", "\"rsa-pss-sha256\"");
        assert!(matches!(read(&algorithm), FindingError::SignedBy(SignedByError::Algorithm(_))));
    }

    #[test]
    fn what_contradicts_itself_is_no_finding_though_it_is_signed() {
        let accepted = Conclusion { outcome: FindingOutcome::Accepted, ..conclusion() };
        let list = Some(Digest::of(b"another list"));
        let silent = FoundEnvelope { note: " ".to_owned(), ..conclusion().envelopes.remove(0) };
        let read = |conclusion: &Conclusion| file(&by(conclusion.clone())).verify().map(drop);
        assert_eq!(read(&accepted), Ok(()));
        let altered = Conclusion { list, complete: false, ..accepted.clone() };
        assert_eq!(read(&altered), Err(FindingError::NotAcceptable));
        let other = Conclusion { told: Told::Different, ..accepted.clone() };
        assert_eq!(read(&other), Err(FindingError::NotAcceptable));
        let without_note = Conclusion { envelopes: vec![silent.clone()], ..conclusion() };
        assert_eq!(read(&without_note), Err(FindingError::NoNote));
        let long = Conclusion { note: "ä".repeat(MAX_NOTE + 1), ..conclusion() };
        assert_eq!(read(&long), Err(FindingError::LongNote { number: MAX_NOTE + 1 }));
        let many = Conclusion { envelopes: vec![silent; MAX_ENVELOPES + 1], ..accepted.clone() };
        assert_eq!(read(&many), Err(FindingError::TooMany { number: MAX_ENVELOPES + 1 }));
        let whole = Conclusion { list, ..conclusion() };
        assert_eq!(read(&whole), Err(FindingError::Field("complete")));
        let same_list =
            Conclusion { list: Some(conclusion().pack), complete: false, ..conclusion() };
        assert_eq!(read(&same_list), Err(FindingError::Field("complete")));
        let level = FoundLevel { level: Some(8), assurance: None };
        let envelopes = vec![FoundEnvelope { own: level, ..conclusion().envelopes.remove(0) }];
        assert_eq!(
            read(&Conclusion { envelopes, ..conclusion() }),
            Err(FindingError::Field("envelopes"))
        );
        let mut statement = finding().to_statement();
        statement.subjects.swap(0, 1);
        let swapped =
            FindingFile::new(Algorithm::Ed25519, &public(), envelope(statement.to_payload()));
        assert_eq!(swapped.verify(), Err(FindingError::Field("subject")));
    }

    #[test]
    fn a_refusal_is_no_finding_and_a_finding_no_refusal() {
        let error = Refusal::parse(file(&finding()).envelope()).unwrap_err();
        assert_eq!(error, StatementError::Predicate(PREDICATE_TYPE.to_owned()).into());
    }

    #[test]
    fn what_is_read_has_bounds() {
        let parse = |text: &str| FindingFile::parse(text.as_bytes()).unwrap_err();
        assert_eq!(parse("[]"), FindingError::Form);
        assert_eq!(parse(r#"{"finding_version":"2.0"}"#), FindingError::Version("2.0".to_owned()));
        let long = " ".repeat(MAX_BYTES + 1);
        assert!(matches!(parse(&long), FindingError::TooLarge { .. }));
        let payload = "A".repeat(MAX_PAYLOAD / 3 * 4 + 16);
        let long = file(&finding()).to_text();
        let start = long.find("\"payload\": \"").unwrap() + 12;
        let end = start + long[start..].find('"').unwrap();
        let long = format!("{}{payload}{}", &long[..start], &long[end..]);
        assert_eq!(parse(&long), DsseError::TooLong { limit: MAX_PAYLOAD >> 10 }.into());
    }
}
