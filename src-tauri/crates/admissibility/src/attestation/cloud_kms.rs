//! What a cloud's key management says of a key, with the entry of its log for the call that signed.
//!
//! None of this is signed by the cloud: an operator copies it, and could write it. So it is held
//! against the signature for what contradicts it, and proves nothing.
//!
//! Fields are named as in AWS "KMS API Reference" (`DescribeKey`, `GetPublicKey`) and "CloudTrail
//! event reference", and as in Google "Cloud KMS API" (`CryptoKeyVersion`) and "Cloud Audit Logs"
//! (`AuditLog`).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::key_attestation::CloudKms;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::SignedPayload;
use countersign_envelope::verification::payload_bytes;
use countersign_envelope::visible::visible_short;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha384};

use super::{AttestationError, Bearing};

/// How far the log's time may be from that of the signature, in seconds: the call is made within a
/// ceremony, by clocks that are not quite the same.
const APART: u64 = 600;

/// What the evidence says, where it contradicts nothing.
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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CloudProblem {
    /// A service that is not known here.
    #[error("evidence of the provider {0:?} is not verified by this version; aws and gcp are")]
    Provider(String),
    /// Something is missing that must be there.
    #[error("{0} is missing in it; take it from the service once more")]
    Missing(&'static str),
    /// The key is not in the service's hardware.
    #[error("{service} does not hold the key in its hardware: {what}")]
    NotHardware {
        /// The service.
        service: &'static str,
        /// What it says instead.
        what: String,
    },
    /// The key is not there to sign with.
    #[error("the key is not one that signs: its {field} is {value:?}")]
    NotSigning {
        /// Which field says so.
        field: &'static str,
        /// What it says.
        value: String,
    },
    /// The key is of another kind than the one that signed.
    #[error("the key is of the kind {0:?}, and the one that signed is not")]
    OtherKind(String),
    /// Its parts are about different keys.
    #[error("{part} is about another key: {found:?} and not {key:?}")]
    OtherName {
        /// Which part.
        part: &'static str,
        /// The key that it is about.
        found: String,
        /// The key that the metadata are about.
        key: String,
    },
    /// The log has another call, or one that failed.
    #[error("the log's entry is of no call that signed: {0}")]
    OtherCall(String),
    /// The log's entry is about another digest.
    #[error("the log's entry is about another digest than the one that was signed")]
    OtherDigest,
    /// The log's entry is of another time.
    #[error("the log's entry is of {event}, and the signature of {signature}")]
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
pub(super) struct Call<'a> {
    pub digest: &'a Digest,
    pub at: Instant,
}

/// What a service says of a key and a call, in one form for all of them.
struct Said {
    service: &'static str,
    key: String,
    public_key: PublicKey,
    signed_at: Instant,
    /// What the log has in the place of a digest.
    digests: Vec<String>,
}

/// Holds the evidence against a key, and against the signature that it came with.
pub(super) fn verify(
    evidence: &CloudKms,
    public_key: &PublicKey,
    call: Option<Call<'_>>,
) -> Result<CloudStatement, AttestationError> {
    let said = match evidence.provider.as_str() {
        "aws" => aws(evidence)?,
        "gcp" => gcp(evidence)?,
        other => return Err(CloudProblem::Provider(other.to_owned()).into()),
    };
    if said.public_key.fingerprint() != public_key.fingerprint() {
        return Err(AttestationError::OtherKey);
    }
    if let Some(call) = call {
        let ours = spellings(call.digest);
        if said.digests.iter().any(|found| !ours.contains(found)) {
            return Err(CloudProblem::OtherDigest.into());
        }
        if said.signed_at.unix().abs_diff(call.at.unix()) > APART {
            let (event, signature) = (said.signed_at, call.at);
            return Err(CloudProblem::OtherTime { event, signature }.into());
        }
    }
    Ok(CloudStatement {
        service: said.service,
        key: said.key,
        signed_at: said.signed_at,
        names_digest: call.is_some() && !said.digests.is_empty(),
    })
}

fn aws(evidence: &CloudKms) -> Result<Said, AttestationError> {
    let service = "AWS KMS";
    // As describe-key prints it, or its one member.
    let metadata = match evidence.key_metadata.get("KeyMetadata") {
        Some(Value::Object(metadata)) => metadata,
        _ => &evidence.key_metadata,
    };
    let arn = text(metadata, "Arn", "key_metadata.Arn")?;
    let id = text(metadata, "KeyId", "key_metadata.KeyId")?;
    let not_hardware = |what: &str| CloudProblem::NotHardware { service, what: what.to_owned() };
    match text(metadata, "Origin", "key_metadata.Origin")? {
        "AWS_KMS" | "AWS_CLOUDHSM" => {}
        "EXTERNAL" => return Err(not_hardware("it was brought in (origin EXTERNAL)").into()),
        other => return Err(not_hardware(&format!("its origin is {other}")).into()),
    }
    expect(metadata, "KeyUsage", "SIGN_VERIFY")?;
    let spec = metadata.text("KeySpec").or_else(|| metadata.text("CustomerMasterKeySpec"));
    let spec = spec.ok_or(CloudProblem::Missing("key_metadata.KeySpec"))?;

    let public_key = match &evidence.public_key {
        Value::Object(answer) => {
            if let Some(found) = answer.text("KeyId").filter(|found| *found != arn && *found != id)
            {
                return Err(other_name("public_key", found, arn).into());
            }
            read_key(text(answer, "PublicKey", "public_key.PublicKey")?)?
        }
        other => read_key(other.as_str().unwrap_or_default())?,
    };
    if spec != aws_spec(&public_key) {
        return Err(CloudProblem::OtherKind(spec.to_owned()).into());
    }

    let event = &evidence.audit_event;
    let source = text(event, "eventSource", "audit_event.eventSource")?;
    let name = text(event, "eventName", "audit_event.eventName")?;
    if source != "kms.amazonaws.com" || name != "Sign" {
        return Err(CloudProblem::OtherCall(format!("{name} of {source}")).into());
    }
    if let Some(error) = event.text("errorCode") {
        return Err(CloudProblem::OtherCall(format!("it failed with {error}")).into());
    }
    let request = event.get("requestParameters").and_then(Value::as_object);
    let asked = request.and_then(|request| request.text("keyId"));
    let resources = event.get("resources").and_then(Value::as_array).unwrap_or_default();
    let named = resources.iter().find_map(|one| one.as_object()?.text("ARN"));
    // The request may name the key by an alias; what that led to is among the resources.
    let found = named.or(asked).ok_or(CloudProblem::Missing("audit_event.resources"))?;
    if found != arn && found != id {
        return Err(other_name("audit_event", found, arn).into());
    }
    let digests = ["message", "digest", "messageDigest"];
    let digests = digests.iter().filter_map(|field| request?.text(field)).map(str::to_owned);
    Ok(Said {
        service,
        key: arn.to_owned(),
        public_key,
        signed_at: time(event, "eventTime", "audit_event.eventTime")?,
        digests: digests.collect(),
    })
}

/// What AWS calls the kind of a key.
fn aws_spec(key: &PublicKey) -> String {
    match key {
        PublicKey::Ed25519(_) => "ECC_NIST_EDWARDS25519".to_owned(),
        PublicKey::P256(_) => "ECC_NIST_P256".to_owned(),
        PublicKey::P384(_) => "ECC_NIST_P384".to_owned(),
        PublicKey::Rsa(key) => format!("RSA_{}", key.n().bit_width()),
    }
}

fn gcp(evidence: &CloudKms) -> Result<Said, AttestationError> {
    let service = "Google Cloud KMS";
    let metadata = &evidence.key_metadata;
    let key = text(metadata, "name", "key_metadata.name")?;
    let not_hardware = |what: String| CloudProblem::NotHardware { service, what };
    match text(metadata, "protectionLevel", "key_metadata.protectionLevel")? {
        "HSM" | "HSM_SINGLE_TENANT" => {}
        other => return Err(not_hardware(format!("its protection level is {other}")).into()),
    }
    if let Some(job) = metadata.text("importJob").filter(|job| !job.is_empty()) {
        return Err(not_hardware(format!("it was brought in ({job})")).into());
    }
    let algorithm = text(metadata, "algorithm", "key_metadata.algorithm")?;
    if !["EC_SIGN_", "RSA_SIGN_"].iter().any(|kind| algorithm.starts_with(kind)) {
        let value = algorithm.to_owned();
        return Err(CloudProblem::NotSigning { field: "algorithm", value }.into());
    }

    let public_key = match &evidence.public_key {
        Value::Object(answer) => {
            if let Some(found) = answer.text("name").filter(|found| *found != key) {
                return Err(other_name("public_key", found, key).into());
            }
            read_key(text(answer, "pem", "public_key.pem")?)?
        }
        other => read_key(other.as_str().unwrap_or_default())?,
    };

    let event = &evidence.audit_event;
    let log = event.get("protoPayload").and_then(Value::as_object);
    let log = log.ok_or(CloudProblem::Missing("audit_event.protoPayload"))?;
    let source = text(log, "serviceName", "audit_event.protoPayload.serviceName")?;
    let method = text(log, "methodName", "audit_event.protoPayload.methodName")?;
    if source != "cloudkms.googleapis.com" || method.rsplit('.').next() != Some("AsymmetricSign") {
        return Err(CloudProblem::OtherCall(format!("{method} of {source}")).into());
    }
    let status = log.get("status").and_then(Value::as_object);
    if let Some(code) =
        status.and_then(|status| status.get("code")).filter(|code| code.as_count() != Some(0))
    {
        let code = visible_short(&code.to_line(), 40);
        return Err(CloudProblem::OtherCall(format!("it failed with status {code}")).into());
    }
    let found = text(log, "resourceName", "audit_event.protoPayload.resourceName")?;
    if found != key {
        return Err(other_name("audit_event", found, key).into());
    }
    let request = log.get("request").and_then(Value::as_object);
    let digest = request.and_then(|request| request.get("digest")?.as_object());
    let digests = ["sha256", "sha384", "sha512"];
    let digests = digests.iter().filter_map(|field| digest?.text(field)).map(str::to_owned);
    Ok(Said {
        service,
        key: key.to_owned(),
        public_key,
        signed_at: time(event, "timestamp", "audit_event.timestamp")?,
        digests: digests.collect(),
    })
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

/// The ways in which a log may write what was signed.
fn spellings(digest: &Digest) -> Vec<String> {
    let mut spellings = vec![digest.hex(), BASE64.encode(digest.as_bytes())];
    for form in SignedPayload::ALL.iter().filter(|form| **form != SignedPayload::CanonicalJson) {
        let message = payload_bytes(&[], digest, *form);
        let hashed = Digest::of(&message);
        spellings.extend([BASE64.encode(&message), hashed.hex(), BASE64.encode(hashed.as_bytes())]);
        // A P-384 key signs by another hash.
        spellings.push(BASE64.encode(Sha384::digest(&message)));
    }
    spellings
}
