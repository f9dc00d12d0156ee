//! What a cloud's key management says of a key, with the entry of its log for the call that signed.
//!
//! None of this is signed by the cloud: an operator copies it, and could write it. So it is held
//! against the signature for what contradicts it, and proves nothing.
//!
//! Fields are named as in AWS "KMS API Reference" (`DescribeKey`, `GetPublicKey`) and "CloudTrail
//! event reference", and as in Google "Cloud KMS API" (`CryptoKeyVersion`) and "Cloud Audit Logs"
//! (`AuditLog`).

mod aws;
mod gcp;

use countersign_problem::Problem;
use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::key_attestation::CloudKms;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_envelope::verification::payload_bytes;
use countersign_problem::visible::visible_short;
use sha2::{Digest as _, Sha384};

use super::{AttestationError, Bearing};

/// How far the log's time may be from that of the signature, in seconds: the call is made within a
/// ceremony, by clocks that are not quite the same.
const APART: u64 = 600;

/// What the evidence says, if it contradicts nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudStatement {
    /// Whose service, in words.
    pub service: &'static str,
    /// The key, as the service names it.
    pub key: String,
    /// When the log has the call.
    pub signed_at: Instant,
    /// Whether the log says which digest was signed. AWS leaves it out.
    pub names_digest: bool,
}

/// Why the evidence does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CloudProblem {
    /// A service that is not known here.
    Provider(String),
    /// Something is missing that must be there.
    Missing(&'static str),
    /// The key is not in the service's hardware.
    NotHardware {
        /// The service.
        service: &'static str,
        /// What it says instead.
        what: String,
    },
    /// The key is not there to sign with.
    NotSigning {
        /// Which field says so.
        field: &'static str,
        /// What it says.
        value: String,
    },
    /// The key is of another kind than the one that signed.
    OtherKind(String),
    /// Its parts are about different keys.
    OtherName {
        /// Which part.
        part: &'static str,
        /// The key that it is about.
        found: String,
        /// The key that the metadata are about.
        key: String,
    },
    /// The log has another call, or one that failed.
    OtherCall(String),
    /// The signature was made in another way.
    OtherAlgorithm {
        /// What the service names.
        found: String,
        /// How the signature was made.
        made: Algorithm,
    },
    /// The call was given something else than this signature is over.
    OtherMessage {
        /// What the call was given.
        given: &'static str,
        /// What the signature is over.
        payload: SignedPayload,
    },
    /// A field that has to agree with another does not.
    OtherValue {
        /// Which part.
        part: &'static str,
        /// Which field.
        field: &'static str,
        /// What it says.
        found: String,
        /// What it must be.
        wanted: String,
    },
    /// It has no entry of a log.
    NoEvent,
    /// None of several entries is about this signature.
    NoneFits {
        /// How many there are.
        all: usize,
        /// What is wrong with the last.
        last: String,
    },
    /// More than one entry could be about this signature.
    SeveralFit {
        /// How many.
        several: usize,
        /// Which.
        names: String,
    },
    /// The log's entry is about another digest.
    OtherDigest,
    /// The log's entry is of another time.
    OtherTime {
        /// When the log has the call.
        event: Instant,
        /// When the signature was made, as it says.
        signature: Instant,
    },
}

impl CloudProblem {
    /// As [`AttestationError::bearing`].
    pub(super) fn bearing(&self) -> Bearing {
        match self {
            Self::Provider(_) | Self::NotHardware { .. } | Self::Missing(_) => Bearing::NotJudged,
            Self::NoEvent | Self::SeveralFit { .. } => Bearing::Unusable,
            _ => Bearing::Contradicts,
        }
    }
}

impl fmt::Display for CloudStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, key, signed_at, names_digest } = self;
        write!(f, "{service} is said to have made the key {key} in its hardware, and to have ")?;
        match names_digest {
            true => write!(f, "signed this digest with it at {signed_at}")?,
            false => write!(f, "signed with it at {signed_at} (which digest, the log leaves out)")?,
        }
        f.write_str("; the service has signed no word of this, so that it proves nothing")
    }
}

/// One signature, as far as a log may know of it.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The digest of the canonical bytes.
    pub digest: &'a Digest,
    /// How many canonical bytes there are.
    pub length: usize,
    /// When the signature was made, as it says.
    pub at: Instant,
    /// How it was made.
    pub algorithm: Option<Algorithm>,
    /// Over which form of the payload, once that is known.
    pub payload: Option<SignedPayload>,
}

/// What a service says of a key and a call, in one form for all of them.
struct Said {
    service: &'static str,
    key: String,
    public_key: PublicKey,
    signed_at: Instant,
    /// The algorithm of the key or of the call, in the service's word and in ours.
    algorithm: Option<(String, Option<Algorithm>)>,
    /// Whether the call was given a message to hash, or its digest.
    given: Option<Given>,
    /// What the log has in the place of a digest or a message.
    digests: Vec<String>,
}

/// What a call was given to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// The message, which the service hashes.
    Message,
    /// A digest, which it takes as it is.
    Digest,
}

/// Longest message that AWS takes without hashing it first, in bytes (`Sign`, `Message`).
const MAX_MESSAGE: usize = 4096;

impl Said {
    /// Holds what is said against the signature that it came with.
    fn check(&self, call: Call<'_>) -> Result<(), CloudProblem> {
        if let (Some((name, said)), Some(made)) = (&self.algorithm, call.algorithm)
            && *said != Some(made)
        {
            return Err(CloudProblem::OtherAlgorithm { found: name.clone(), made });
        }
        let ours = spellings(call.digest, call.payload);
        // A log may have the message itself, which is hashed here.
        let hashed =
            |found: &str| BASE64.decode(found).ok().map(|message| Digest::of(&message).hex());
        let fits = |found: &String| {
            ours.contains(found) || hashed(found).is_some_and(|hash| ours.contains(&hash))
        };
        if !self.digests.iter().all(fits) {
            return Err(CloudProblem::OtherDigest);
        }
        // If the log has what was signed, that says more than how it was given.
        if let (Some(given), Some(payload), true) =
            (self.given, call.payload, self.digests.is_empty())
        {
            let fits = match (given, payload) {
                (Given::Digest, payload) => payload == SignedPayload::CanonicalJson,
                (Given::Message, SignedPayload::CanonicalJson) => call.length <= MAX_MESSAGE,
                (Given::Message, _) => true,
            };
            if !fits {
                let given = match given {
                    Given::Message => "a message (RAW)",
                    Given::Digest => "a digest (DIGEST)",
                };
                return Err(CloudProblem::OtherMessage { given, payload });
            }
        }
        if self.signed_at.unix().abs_diff(call.at.unix()) > APART {
            let (event, signature) = (self.signed_at, call.at);
            return Err(CloudProblem::OtherTime { event, signature });
        }
        Ok(())
    }
}

/// Holds the evidence against a key, and against the signature that it came with.
pub(super) fn verify(
    evidence: &CloudKms,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<CloudStatement, AttestationError> {
    let event = event_of(evidence, public_key, call)?;
    let said = said(evidence, event.as_ref(), public_key, call)?;
    Ok(CloudStatement {
        service: said.service,
        key: said.key,
        signed_at: said.signed_at,
        names_digest: call.is_some() && !said.digests.is_empty(),
    })
}

/// The same evidence with the one entry of its log that is about this signature, out of those that
/// the service gives at once.
///
/// # Errors
/// Fails if none fits, or several do.
pub(super) fn narrowed(
    evidence: &CloudKms,
    public_key: &PublicKey,
    call: Call<'_>,
) -> Result<CloudKms, AttestationError> {
    let event = event_of(evidence, public_key, Some(call))?;
    Ok(CloudKms { audit_event: Value::Object(event.into_owned()), ..evidence.clone() })
}

/// What the evidence says by one entry of the log, once it contradicts nothing.
fn said(
    evidence: &CloudKms,
    event: &Object,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<Said, AttestationError> {
    let said = match evidence.provider.as_str() {
        "aws" => aws::said(evidence, event)?,
        "gcp" => gcp::said(evidence, event)?,
        other => return Err(CloudProblem::Provider(other.to_owned()).into()),
    };
    if said.public_key.fingerprint() != public_key.fingerprint() {
        return Err(AttestationError::OtherKey);
    }
    if let Some(call) = call {
        said.check(call)?;
    }
    Ok(said)
}

/// The entry of the log: the only one, or of several the only one that fits.
fn event_of<'a>(
    evidence: &'a CloudKms,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<Cow<'a, Object>, AttestationError> {
    let mut events = events(&evidence.audit_event)?;
    // A trail of several regions gives some entries twice.
    let mut seen: Vec<Object> = Vec::new();
    events.retain(|event| match seen.contains(event) {
        true => false,
        false => {
            seen.push(event.clone().into_owned());
            true
        }
    });
    if events.len() == 1 {
        return Ok(events.remove(0));
    }
    let all = events.len();
    let (mut fitting, mut last) = (Vec::new(), None);
    for event in events {
        match said(evidence, &event, public_key, call) {
            Ok(_) => fitting.push(event),
            // What is wrong with the key is wrong with every entry.
            Err(error @ (AttestationError::OtherKey | AttestationError::Malformed(_))) => {
                return Err(error);
            }
            Err(error) => last = Some(error),
        }
    }
    match fitting.len() {
        1 => Ok(fitting.remove(0)),
        0 => match last {
            None => Err(CloudProblem::NoEvent.into()),
            Some(last) => Err(CloudProblem::NoneFits { all, last: last.to_string() }.into()),
        },
        several => {
            let names = fitting.iter().map(|event| name_of(event)).collect::<Vec<_>>().join(", ");
            Err(CloudProblem::SeveralFit { several, names }.into())
        }
    }
}

/// An entry as a person finds it again: its id and time.
fn name_of(event: &Object) -> String {
    let text = |fields: &[&str]| {
        let found = fields.iter().find_map(|field| event.text(field));
        visible_short(found.unwrap_or("without an id"), 80)
    };
    format!("{} of {}", text(&["eventID", "insertId"]), text(&["eventTime", "timestamp"]))
}

/// The entries of a log in the forms in which services give them: one alone, a list, CloudTrail's
/// files (`Records`), `aws cloudtrail lookup-events` (`Events`, each the text of one), or an event of
/// EventBridge (`detail`).
fn events(log: &Value) -> Result<Vec<Cow<'_, Object>>, AttestationError> {
    let no_event = || AttestationError::from(CloudProblem::NoEvent);
    if let Value::Array(list) = log {
        let mut events = Vec::new();
        for one in list {
            events.extend(self::events(one)?);
        }
        return Ok(events);
    }
    let object = log.as_object().ok_or_else(no_event)?;
    if let Some(list @ Value::Array(_)) = object.get("Records").or_else(|| object.get("Events")) {
        return events(list);
    }
    match (object.get("CloudTrailEvent"), object.get("detail")) {
        (Some(Value::String(text)), _) => {
            let parsed = json::parse(text.as_bytes()).map_err(|error| {
                AttestationError::Malformed(format!("audit_event.CloudTrailEvent: {error}"))
            })?;
            match parsed.value {
                Value::Object(event) => Ok(vec![Cow::Owned(event)]),
                _ => Err(no_event()),
            }
        }
        (_, Some(Value::Object(event))) if !object.iter().any(|(key, _)| key == "eventName") => {
            Ok(vec![Cow::Borrowed(event)])
        }
        _ => Ok(vec![Cow::Borrowed(object)]),
    }
}

fn text<'a>(
    object: &'a Object,
    field: &str,
    path: &'static str,
) -> Result<&'a str, AttestationError> {
    object.text(field).filter(|text| !text.is_empty()).ok_or(CloudProblem::Missing(path).into())
}

fn time(object: &Object, field: &str, path: &'static str) -> Result<Instant, AttestationError> {
    Instant::parse(text(object, field, path)?).ok_or(CloudProblem::Missing(path).into())
}

fn expect(object: &Object, field: &'static str, wanted: &str) -> Result<(), AttestationError> {
    match object.text(field) {
        Some(value) if value == wanted => Ok(()),
        other => {
            let value = other.unwrap_or_default().to_owned();
            Err(CloudProblem::NotSigning { field, value }.into())
        }
    }
}

fn other_name(part: &'static str, found: &str, key: &str) -> CloudProblem {
    CloudProblem::OtherName { part, found: found.to_owned(), key: key.to_owned() }
}

/// PEM, or the base64 of the DER.
fn read_key(text: &str) -> Result<PublicKey, AttestationError> {
    let malformed = |why: String| AttestationError::Malformed(format!("public_key: {why}"));
    if text.trim_start().starts_with("-----BEGIN") {
        return PublicKey::parse(text).map_err(|error| malformed(error.to_string()));
    }
    let der = BASE64.decode(text.trim()).map_err(|error| malformed(error.to_string()))?;
    PublicKey::from_der(&der).map_err(|error| malformed(error.to_string()))
}

/// Compares a field that may be missing with what it must be.
fn same(
    object: &Object,
    field: &'static str,
    wanted: &str,
    part: &'static str,
) -> Result<(), AttestationError> {
    let Some(found) = object.get(field).filter(|value| **value != Value::Null) else {
        return Ok(());
    };
    if found.as_str() == Some(wanted) {
        return Ok(());
    }
    let (found, wanted) = (visible_short(&plain(found), 120), wanted.to_owned());
    Err(CloudProblem::OtherValue { part, field, found, wanted }.into())
}

/// A value as a message shows it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_line(), str::to_owned)
}

/// The ways in which a log may write what was signed: in the form that was signed, or in any while
/// that is not known.
fn spellings(digest: &Digest, payload: Option<SignedPayload>) -> Vec<String> {
    let mut spellings = Vec::new();
    for form in SignedPayload::ALL {
        if payload.is_some_and(|payload| payload != *form) {
            continue;
        }
        if *form == SignedPayload::CanonicalJson {
            spellings.extend([digest.hex(), BASE64.encode(digest.as_bytes())]);
            continue;
        }
        let message = payload_bytes(&[], digest, *form);
        let hashed = Digest::of(&message);
        spellings.extend([BASE64.encode(&message), hashed.hex(), BASE64.encode(hashed.as_bytes())]);
        if *form == SignedPayload::Sha256Hex {
            spellings.push(digest.hex());
        }
        // A P-384 key signs by another hash.
        spellings.push(BASE64.encode(Sha384::digest(&message)));
    }
    spellings
}
