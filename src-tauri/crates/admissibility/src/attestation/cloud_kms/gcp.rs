//! Google Cloud KMS: `CryptoKeyVersion`, its public key, and the audit log's entry of an
//! `AsymmetricSign`.

use countersign_envelope::json::{Object, Value};
use countersign_envelope::key_attestation::CloudKms;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use rsa::traits::PublicKeyParts as _;

use super::field::{other_name, plain, read_key, same, text, time};
use super::record::Record;
use crate::attestation::error::{AttestationError, CloudProblem};

const SERVICE: &str = "Google Cloud KMS";

/// The parts of a key version's name, and the labels of the log's resource that have to agree.
const LABELS: [(&str, &str); 5] = [
    ("projects", "project_id"),
    ("locations", "location"),
    ("keyRings", "key_ring_id"),
    ("cryptoKeys", "crypto_key_id"),
    ("cryptoKeyVersions", "crypto_key_version_id"),
];

/// What Google says by one entry of its log.
pub(super) fn record(evidence: &CloudKms, event: &Object) -> Result<Record, AttestationError> {
    let metadata = &evidence.key_metadata;
    let key = text(metadata, "name", "key_metadata.name")?;
    let level = text(metadata, "protectionLevel", "key_metadata.protectionLevel")?;
    let not_hardware = |what: Words| CloudProblem::NotHardware { service: SERVICE, what };
    if !matches!(level, "HSM" | "HSM_SINGLE_TENANT") {
        return Err(not_hardware(words!("cloud-level", %level)).into());
    }
    if let Some(job) = metadata.text("importJob").filter(|job| !job.is_empty()) {
        return Err(not_hardware(words!("cloud-imported", %job)).into());
    }
    let named = text(metadata, "algorithm", "key_metadata.algorithm")?;
    if !["EC_SIGN_", "RSA_SIGN_"].iter().any(|kind| named.starts_with(kind)) {
        let value = named.to_owned();
        return Err(CloudProblem::NotSigning { field: "algorithm", value }.into());
    }

    let public_key = match &evidence.public_key {
        Value::Object(answer) => {
            if let Some(found) = answer.text("name").filter(|found| *found != key) {
                return Err(other_name("public_key", found, key).into());
            }
            same(answer, "algorithm", named, "public_key")?;
            same(answer, "protectionLevel", level, "public_key")?;
            read_key(text(answer, "pem", "public_key.pem")?)?
        }
        other => read_key(other.as_str().unwrap_or_default())?,
    };
    let algorithm = algorithm(named, &public_key);
    if algorithm.is_none() {
        return Err(CloudProblem::OtherKind(named.to_owned()).into());
    }

    let log = event.get("protoPayload").and_then(Value::as_object);
    let log = log.ok_or(CloudProblem::Missing("audit_event.protoPayload"))?;
    check_call(log)?;
    check_key(event, log, key, level)?;

    let request = log.get("request").and_then(Value::as_object);
    let digest = request.and_then(|request| request.get("digest")?.as_object());
    let mut digests = Vec::new();
    for (hash, value) in digest.into_iter().flat_map(Object::iter) {
        if hash != hash_of(&public_key) {
            let what = words!("cloud-digest-by", hash = visible_short(hash, 40));
            return Err(CloudProblem::OtherCall(what).into());
        }
        digests.push(plain(value));
    }
    digests.extend(request.and_then(|request| request.text("data")).map(str::to_owned));
    Ok(Record {
        service: SERVICE,
        key: key.to_owned(),
        public_key,
        signed_at: time(event, "timestamp", "audit_event.timestamp")?,
        algorithm: Some((named.to_owned(), algorithm)),
        // What was given is the digest, whichever form of the payload it is of.
        given: None,
        digests,
    })
}

/// Whether the entry is of a call that signed.
fn check_call(log: &Object) -> Result<(), AttestationError> {
    let source = text(log, "serviceName", "audit_event.protoPayload.serviceName")?;
    let method = text(log, "methodName", "audit_event.protoPayload.methodName")?;
    if source != "cloudkms.googleapis.com" || method.rsplit('.').next() != Some("AsymmetricSign") {
        return Err(CloudProblem::OtherCall(words!("cloud-call", %method, %source)).into());
    }
    let status = log.get("status").and_then(Value::as_object);
    let code = status.and_then(|status| status.get("code"));
    if let Some(code) = code.filter(|code| code.as_count() != Some(0)) {
        let code = visible_short(&code.to_line(), 40);
        return Err(CloudProblem::OtherCall(words!("cloud-failed-status", code)).into());
    }
    let message = status.and_then(|status| status.text("message")).filter(|text| !text.is_empty());
    if let Some(message) = message {
        let message = visible_short(message, 120);
        return Err(CloudProblem::OtherCall(words!("cloud-failed", error = message)).into());
    }
    for one in log.get("authorizationInfo").and_then(Value::as_array).unwrap_or_default() {
        if one.get("granted") == Some(&Value::Bool(false)) {
            return Err(CloudProblem::OtherCall(words!("cloud-not-authorised")).into());
        }
    }
    Ok(())
}

/// Whether every name of a key in the entry is that of the metadata.
fn check_key(event: &Object, log: &Object, key: &str, level: &str) -> Result<(), AttestationError> {
    let found = text(log, "resourceName", "audit_event.protoPayload.resourceName")?;
    if found != key {
        return Err(other_name("audit_event", found, key).into());
    }
    let authorised = log.get("authorizationInfo").and_then(Value::as_array).unwrap_or_default();
    let parts = [log.get("request"), log.get("response")];
    let named = parts.into_iter().flatten().filter_map(|part| part.as_object()?.text("name"));
    let resources = authorised.iter().filter_map(|one| one.as_object()?.text("resource"));
    if let Some(other) = named.chain(resources).find(|found| *found != key) {
        return Err(other_name("audit_event", other, key).into());
    }
    if let Some(response) = log.get("response").and_then(Value::as_object) {
        same(response, "protectionLevel", level, "audit_event.protoPayload.response")?;
    }
    let labels = event.get("resource").and_then(|resource| resource.get("labels"));
    if let Some(labels) = labels.and_then(Value::as_object) {
        let parts: Vec<&str> = key.split('/').collect();
        for (collection, label) in LABELS {
            let own = parts.chunks_exact(2).find(|pair| pair[0] == collection).map(|pair| pair[1]);
            same(labels, label, own.unwrap_or_default(), "audit_event.resource.labels")?;
        }
    }
    Ok(())
}

/// What Google calls the hash that a key signs.
fn hash_of(key: &PublicKey) -> &'static str {
    match key {
        PublicKey::P384(_) => "sha384",
        _ => "sha256",
    }
}

/// What Google calls a key and how it signs.
fn algorithm(name: &str, key: &PublicKey) -> Option<Algorithm> {
    let size = match key {
        PublicKey::Rsa(key) => key.n().bit_width(),
        _ => 0,
    };
    match key {
        PublicKey::P256(_) if name == "EC_SIGN_P256_SHA256" => Some(Algorithm::EcdsaP256Sha256),
        PublicKey::P384(_) if name == "EC_SIGN_P384_SHA384" => Some(Algorithm::EcdsaP384Sha384),
        PublicKey::Ed25519(_) if name == "EC_SIGN_ED25519" => Some(Algorithm::Ed25519),
        PublicKey::Rsa(_) if name == format!("RSA_SIGN_PKCS1_{size}_SHA256") => {
            Some(Algorithm::RsaPkcs1v15Sha256)
        }
        PublicKey::Rsa(_) if name == format!("RSA_SIGN_PSS_{size}_SHA256") => {
            Some(Algorithm::RsaPssSha256)
        }
        _ => None,
    }
}
