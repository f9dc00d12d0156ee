//! The claim of a signature: what its key says about who signed, in which role, when, with what, and
//! what the signer saw. It is signed by the very key of the signature (EVIDENCE.md section 1).

use countersign_problem::Problem;

use crate::digest::Digest;
use crate::dsse::{DsseEnvelope, DsseError};
use crate::instant::Instant;
use crate::json::{Object, Value};
use crate::sealed_run::SealedRun;
use crate::signature::{PayloadType, Role, SignerType};
use crate::signature_file::Terms;
use crate::statement::{Predicate, Statement, StatementError, Subject, digests, digests_value};

/// The field of a signature that holds its claim.
pub const CLAIM: &str = "claim";

/// The kind of Statement that a claim is.
pub const PREDICATE_TYPE: &str = "urn:countersign:signing-claim:1";

/// The `act` of a claim.
pub const SIGN: &str = "sign";

/// What the key of a signature says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The files that were signed.
    pub subjects: Vec<Subject>,
    /// What was done; [`SIGN`] in every claim that counts.
    pub act: String,
    /// Who signed.
    pub signer: String,
    /// In which role, as written.
    pub role: String,
    /// The id of the key.
    pub key_id: String,
    /// The SHA-256 of the key's DER SubjectPublicKeyInfo; `None` for a shared key.
    pub key_sha256: Option<Digest>,
    /// How it was signed, as written.
    pub algorithm: String,
    /// The SHA-256 of the DER SubjectPublicKeyInfo of the key that made the companion of the
    /// signature; `None` if there is none.
    pub companion_key_sha256: Option<Digest>,
    /// What holds the key.
    pub signer_type: Option<SignerType>,
    /// When it was signed.
    pub signed_at: Instant,
    /// What the signer took the terms of the envelope to be.
    pub terms: Terms,
    /// The SHA-256 of the raw signature on the run.
    pub on_run: Option<Digest>,
    /// The SHA-256 of the raw signature on the manifest.
    pub on_manifest: Option<Digest>,
    /// The commitments of the run, [`commitments`]; `None` if it has none.
    pub commitments: Option<Object>,
    /// The refusals of the same person that it lifts, by the digests of their payloads.
    pub lifts: Vec<Digest>,
    /// What the signer saw.
    pub seen: Seen,
}

/// What a signer saw while signing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Every other signature on the run by an accepted key.
    pub signatures: Vec<SeenSignature>,
    /// The refusals, by the digests of their payloads.
    pub refusals: Vec<Digest>,
    /// The transparency log.
    pub log: Option<SeenChain>,
    /// The authority ledger.
    pub ledger: Option<SeenChain>,
    /// The version of the signed keyring, if one was adopted.
    pub keyring: Option<SeenKeyring>,
}

/// A version of the signed keyring that a signer's station had adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenKeyring {
    /// Its number.
    pub version: u64,
    /// The SHA-256 of its payload; `None` if the claim does not say.
    pub digest: Option<Digest>,
}

/// A signature that a signer saw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenSignature {
    /// The SHA-256 of the raw signature on the run.
    pub signature: Digest,
    /// The digest of its claim's payload, if it had one.
    pub claim: Option<Digest>,
}

/// How far a log or ledger went.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SeenChain {
    /// The hash of the first entry, which identifies it.
    pub first: Digest,
    /// How many entries it had.
    pub entries: u64,
    /// The hash of the last of them.
    pub entry_hash: Digest,
}

/// Why a claim cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum ClaimError {
    /// Not a DSSE envelope.
    #[problem(transparent)]
    Envelope(#[from] DsseError),
    /// Not a Statement of a claim.
    #[problem(transparent)]
    Statement(#[from] StatementError),
    /// A field of the claim is missing, or is not what it should be.
    Field(&'static str),
}

impl Claim {
    /// Reads a claim, whose signature is for others to verify.
    ///
    /// # Errors
    /// [`ClaimError`] says what is wrong with it.
    pub fn parse(envelope: &DsseEnvelope) -> Result<Self, ClaimError> {
        let statement = Statement::parse(envelope, PREDICATE_TYPE)?;
        Self::of(&statement).map_err(ClaimError::Field)
    }

    fn of(statement: &Statement) -> Result<Self, &'static str> {
        let predicate = Predicate(&statement.predicate);
        let (get, text) = (|key| predicate.get(key), |key| predicate.text(key));
        let roles = get("requiredRoles").map_or(Some([].as_slice()), Value::as_array);
        let roles: Option<Vec<&str>> =
            roles.and_then(|roles| roles.iter().map(Value::as_str).collect());
        let roles = roles.ok_or("requiredRoles")?;
        let on = |kind: PayloadType| match get("signatures").and_then(|all| all.get(kind.as_str()))
        {
            None | Some(Value::Null) => Ok(None),
            Some(written) => {
                let digest = written.as_str().and_then(Digest::parse_hex);
                digest.map(Some).ok_or("signatures")
            }
        };
        let commitments = match get("commitments") {
            None => None,
            Some(Value::Object(commitments)) => Some(commitments.clone()),
            Some(_) => return Err("commitments"),
        };
        Ok(Self {
            subjects: statement.subjects.clone(),
            act: text("act")?.to_owned(),
            signer: text("signer")?.to_owned(),
            role: text("role")?.to_owned(),
            key_id: text("keyId")?.to_owned(),
            key_sha256: predicate.key_sha256()?,
            algorithm: text("algorithm")?.to_owned(),
            companion_key_sha256: predicate.digest("companionKeySha256")?,
            signer_type: predicate.signer_type()?,
            signed_at: Instant::parse(text("signedAt")?).ok_or("signedAt")?,
            terms: Terms {
                threshold: match get("threshold") {
                    None => 0,
                    Some(written) => written.as_count().ok_or("threshold")?,
                },
                required_roles: roles.into_iter().filter_map(Role::parse).collect(),
            },
            on_run: on(PayloadType::SealedRun)?,
            on_manifest: on(PayloadType::Manifest)?,
            commitments,
            lifts: digests(get("lifts")).ok_or("lifts")?,
            seen: Seen::of(get("seen"))?,
        })
    }

    /// The Statement of the claim.
    pub fn to_statement(&self) -> Statement {
        let hex = |digest: Option<Digest>| Value::from(digest.map(|one| one.hex()).as_deref());
        let roles: Vec<Value> =
            self.terms.required_roles.iter().map(|role| role.as_str().into()).collect();
        let mut signatures = Object::new();
        for (kind, digest) in
            [(PayloadType::SealedRun, self.on_run), (PayloadType::Manifest, self.on_manifest)]
        {
            if digest.is_some() {
                signatures.set(kind.as_str(), hex(digest));
            }
        }
        let software =
            Object::from([("name", "countersign"), ("version", env!("CARGO_PKG_VERSION"))]);
        let predicate = Object::from([
            ("act", Value::from(self.act.as_str())),
            ("signer", self.signer.as_str().into()),
            ("role", self.role.as_str().into()),
            ("keyId", self.key_id.as_str().into()),
            ("keySha256", hex(self.key_sha256)),
            ("algorithm", self.algorithm.as_str().into()),
            ("signerType", self.signer_type.map(SignerType::as_str).into()),
            ("signedAt", self.signed_at.to_string().into()),
            ("companionKeySha256", hex(self.companion_key_sha256)),
            ("threshold", self.terms.threshold.into()),
            ("requiredRoles", roles.into()),
            ("signatures", signatures.into()),
            ("commitments", self.commitments.clone().map_or(Value::Null, Value::Object)),
            ("lifts", digests_value(&self.lifts)),
            ("seen", self.seen.to_value()),
            ("software", software.into()),
        ]);
        Statement {
            subjects: self.subjects.clone(),
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate,
        }
    }

    /// Whether it says that an artifact of this kind was signed.
    pub fn is_about(&self, digest: &Digest, kind: PayloadType) -> bool {
        self.subjects.iter().any(|one| one.digest == *digest && one.kind == Some(kind))
    }

    /// The SHA-256 of the raw signature on an artifact of this kind.
    pub fn signature_on(&self, kind: PayloadType) -> Option<Digest> {
        match kind {
            PayloadType::SealedRun => self.on_run,
            PayloadType::Manifest => self.on_manifest,
        }
    }
}

impl Seen {
    fn of(value: Option<&Value>) -> Result<Self, &'static str> {
        let Some(value) = value else { return Ok(Self::default()) };
        value.as_object().ok_or("seen")?;
        let get = |key: &str| value.get(key).filter(|value| **value != Value::Null);
        let signatures = get("signatures").map_or(Some([].as_slice()), Value::as_array);
        let signatures = signatures.and_then(|all| all.iter().map(SeenSignature::parse).collect());
        let chain = |key: &'static str| match get(key) {
            None => Ok(None),
            Some(value) => SeenChain::parse(value).map(Some).ok_or(key),
        };
        Ok(Self {
            signatures: signatures.ok_or("seen.signatures")?,
            refusals: digests(get("refusals")).ok_or("seen.refusals")?,
            log: chain("log").map_err(|_| "seen.log")?,
            ledger: chain("ledger").map_err(|_| "seen.ledger")?,
            keyring: get("keyring")
                .map(|seen| SeenKeyring::parse(seen).ok_or("seen.keyring"))
                .transpose()?,
        })
    }

    fn to_value(&self) -> Value {
        let mut signatures = self.signatures.clone();
        signatures.sort_unstable();
        signatures.dedup();
        let signatures: Vec<Value> = signatures.iter().map(SeenSignature::to_value).collect();
        let chain =
            |seen: &Option<SeenChain>| seen.as_ref().map_or(Value::Null, SeenChain::to_value);
        let keyring = self.keyring.map(|seen| seen.to_object().into());
        Object::from([
            ("signatures", Value::Array(signatures)),
            ("refusals", digests_value(&self.refusals)),
            ("log", chain(&self.log)),
            ("ledger", chain(&self.ledger)),
            ("keyring", keyring.unwrap_or(Value::Null)),
        ])
        .into()
    }
}

impl SeenKeyring {
    fn parse(value: &Value) -> Option<Self> {
        let digest = match value.get("sha256") {
            None | Some(Value::Null) => None,
            Some(written) => Some(Digest::parse_hex(written.as_str()?)?),
        };
        Some(Self { version: value.get("version")?.as_count()?, digest })
    }

    fn to_object(self) -> Object {
        let digest = self.digest.map_or(Value::Null, |digest| digest.hex().into());
        Object::from([("version", Value::from(self.version)), ("sha256", digest)])
    }
}

impl SeenSignature {
    fn parse(value: &Value) -> Option<Self> {
        let digest = |value: &Value| Digest::parse_hex(value.as_str()?);
        Some(Self {
            signature: digest(value.get("signature")?)?,
            claim: match value.get("claim") {
                None | Some(Value::Null) => None,
                Some(written) => Some(digest(written)?),
            },
        })
    }

    fn to_value(&self) -> Value {
        let claim = self.claim.map(|claim| claim.hex());
        Object::from([
            ("signature", Value::from(self.signature.hex())),
            ("claim", claim.as_deref().into()),
        ])
        .into()
    }
}

impl SeenChain {
    fn parse(value: &Value) -> Option<Self> {
        let digest = |key: &str| Digest::parse(value.get(key)?.as_str()?);
        Some(Self {
            first: digest("first")?,
            entries: value.get("entries")?.as_count().filter(|entries| *entries > 0)?,
            entry_hash: digest("entryHash")?,
        })
    }

    fn to_value(&self) -> Value {
        Object::from([
            ("first", Value::from(self.first.to_string())),
            ("entries", self.entries.into()),
            ("entryHash", self.entry_hash.to_string().into()),
        ])
        .into()
    }
}

/// The commitments of a run as a claim repeats them: of each list the recorded root, and how many
/// leaves it has. `None` if the run has none.
pub fn commitments(run: &SealedRun) -> Option<Object> {
    let recorded = run.at(&["inputs_commitments"]).filter(|one| one.is_object())?;
    let mut commitments = Object::new();
    for (list, root) in crate::merkle::LISTS {
        let root = recorded.text(root);
        let leaves = run.hash_scope().and_then(|scope| scope.get(list)).and_then(|one| one.items());
        let leaves = leaves.map_or(0, Iterator::count) as u64;
        let one = Object::from([("root", Value::from(root.as_deref())), ("leaves", leaves.into())]);
        commitments.set(list, one);
    }
    Some(commitments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsse::IN_TOTO;
    use crate::signature::SignedPayload;

    fn claim() -> Claim {
        let digest = |text: &str| Digest::of(text.as_bytes());
        let subject = |name: &str, kind| Subject {
            name: name.to_owned(),
            digest: digest(name),
            kind: Some(kind),
        };
        Claim {
            subjects: vec![
                subject("run", PayloadType::SealedRun),
                subject("manifest", PayloadType::Manifest),
            ],
            act: SIGN.to_owned(),
            signer: "j.okafor".to_owned(),
            role: "witness".to_owned(),
            key_id: "ds-prod-2026-06".to_owned(),
            key_sha256: Some(digest("key")),
            algorithm: "ecdsa-p256-sha256".to_owned(),
            companion_key_sha256: Some(digest("companion's key")),
            signer_type: Some(SignerType::Hardware),
            signed_at: Instant::EPOCH,
            terms: Terms { threshold: 2, required_roles: vec![Role::Operator, Role::Witness] },
            on_run: Some(digest("on run")),
            on_manifest: Some(digest("on manifest")),
            commitments: Some(Object::from([("inputs", "x")])),
            lifts: vec![digest("refusal")],
            seen: Seen {
                signatures: vec![SeenSignature { signature: digest("a"), claim: None }],
                refusals: vec![digest("refusal")],
                log: Some(SeenChain { first: digest("f"), entries: 42, entry_hash: digest("e") }),
                ledger: None,
                keyring: Some(SeenKeyring { version: 7, digest: Some(digest("keyring")) }),
            },
        }
    }

    fn envelope(payload: Vec<u8>) -> DsseEnvelope {
        DsseEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload,
            key_id: String::new(),
            signature: Vec::new(),
            signed_payload: SignedPayload::CanonicalJson,
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let payload = claim().to_statement().to_payload();
        assert_eq!(Claim::parse(&envelope(payload)), Ok(claim()));
    }

    #[test]
    fn only_the_canonical_form_is_a_claim() {
        let payload = String::from_utf8(claim().to_statement().to_payload()).unwrap();
        for other in [
            payload.replacen(':', ": ", 1),
            format!("{payload}\n"),
            payload.replacen(
                "\"role\":\"witness\"",
                "\"role\":\"auditor\",\"role\":\"witness\"",
                1,
            ),
        ] {
            assert_ne!(other, payload);
            let error = Claim::parse(&envelope(other.into_bytes())).unwrap_err();
            assert_eq!(error, ClaimError::Statement(StatementError::NotCanonical));
        }
    }

    #[test]
    fn null_equals_absent() {
        let mut statement = claim().to_statement();
        statement.predicate.remove("commitments");
        statement.predicate.set("seen", Value::Null);
        let read = Claim::parse(&envelope(statement.to_payload())).unwrap();
        assert_eq!((read.commitments, read.seen), (None, Seen::default()));
    }

    #[test]
    fn a_statement_of_another_kind_is_not_a_claim() {
        let mut statement = claim().to_statement();
        statement.predicate_type = "urn:countersign:refusal:1".to_owned();
        let error = Claim::parse(&envelope(statement.to_payload())).unwrap_err();
        assert!(matches!(error, ClaimError::Statement(StatementError::Predicate(_))), "{error}");
        let mut other = envelope(claim().to_statement().to_payload());
        other.payload_type = "text/plain".to_owned();
        let error = Claim::parse(&other).unwrap_err();
        assert!(matches!(error, ClaimError::Statement(StatementError::PayloadType(_))), "{error}");
    }
}
