//! AWS KMS: `DescribeKey`, `GetPublicKey`, and CloudTrail's entry of a `Sign`.

use countersign_envelope::json::{Object, Value};
use countersign_envelope::key_attestation::CloudKms;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use rsa::traits::PublicKeyParts as _;

use super::field::{expect, other_name, plain, read_key, same, text, time};
use super::record::{Given, Record};
use crate::attestation::error::{AttestationError, CloudProblem};

const SERVICE: &str = "AWS KMS";

/// A key as its ARN names it: `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`.
struct Key<'a> {
    arn: &'a str,
    id: &'a str,
    region: &'a str,
    account: &'a str,
}

impl<'a> Key<'a> {
    fn read(metadata: &'a Object) -> Result<Self, AttestationError> {
        let arn = text(metadata, "Arn", "key_metadata.Arn")?;
        let id = text(metadata, "KeyId", "key_metadata.KeyId")?;
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", _, "kms", region, account, key] = parts.as_slice() else {
            return Err(other_name("key_metadata.Arn", arn, "an ARN of AWS KMS").into());
        };
        if key.strip_prefix("key/") != Some(id) {
            return Err(other_name("key_metadata.KeyId", id, arn).into());
        }
        Ok(Self { arn, id, region, account })
    }

    /// Whether a name is this key's. An alias may lead to any key.
    fn check(&self, part: &'static str, found: &str) -> Result<(), CloudProblem> {
        match found == self.arn || found == self.id {
            true => Ok(()),
            false => Err(other_name(part, found, self.arn)),
        }
    }
}

/// What AWS says by one entry of CloudTrail.
pub(super) fn record(evidence: &CloudKms, event: &Object) -> Result<Record, AttestationError> {
    // As describe-key prints it, or its one member.
    let metadata = match evidence.key_metadata.get("KeyMetadata") {
        Some(Value::Object(metadata)) => metadata,
        _ => &evidence.key_metadata,
    };
    let key = Key::read(metadata)?;
    same(metadata, "AWSAccountId", key.account, "key_metadata")?;
    let not_hardware = |what: Words| CloudProblem::NotHardware { service: SERVICE, what };
    match text(metadata, "Origin", "key_metadata.Origin")? {
        "AWS_KMS" | "AWS_CLOUDHSM" => {}
        "EXTERNAL" => {
            return Err(not_hardware(words!("cloud-imported", job = "origin EXTERNAL")).into());
        }
        other => return Err(not_hardware(words!("cloud-origin", origin = %other)).into()),
    }
    expect(metadata, "KeyUsage", "SIGN_VERIFY")?;

    let public_key = match &evidence.public_key {
        Value::Object(answer) => {
            if let Some(found) = answer.text("KeyId") {
                key.check("public_key", found)?;
            }
            same(answer, "KeyUsage", "SIGN_VERIFY", "public_key")?;
            let public_key = read_key(text(answer, "PublicKey", "public_key.PublicKey")?)?;
            check_kind(answer, &public_key, false)?;
            public_key
        }
        other => read_key(other.as_str().unwrap_or_default())?,
    };
    check_kind(metadata, &public_key, true)?;

    check_call(event)?;
    same(event, "awsRegion", key.region, "audit_event")?;
    let mut is_named = false;
    for part in ["requestParameters", "responseElements"] {
        let Some(parameters) = event.get(part).and_then(Value::as_object) else { continue };
        let Some(found) = parameters.text("keyId") else { continue };
        // What an alias led to is among the resources.
        if found.starts_with("alias/") {
            continue;
        }
        if let Some((owner, _)) = found.split_once(":alias/") {
            let here = key.arn.split_once(":key/").map_or(key.arn, |(owner, _)| owner);
            if owner != here {
                return Err(other_name("audit_event", found, key.arn).into());
            }
            continue;
        }
        key.check("audit_event", found)?;
        is_named = true;
    }
    for resource in event.get("resources").and_then(Value::as_array).unwrap_or_default() {
        let Some(resource) = resource.as_object() else { continue };
        if resource.text("type").is_some_and(|kind| kind != "AWS::KMS::Key") {
            continue;
        }
        if let Some(found) = resource.text("ARN").or_else(|| resource.text("arn")) {
            key.check("audit_event", found)?;
            is_named = true;
        }
        same(resource, "accountId", key.account, "audit_event.resources")?;
    }
    if !is_named {
        return Err(CloudProblem::Missing("audit_event.resources").into());
    }

    let request = event.get("requestParameters").and_then(Value::as_object);
    let in_request = |field| request.and_then(|request| request.text(field));
    let response = event.get("responseElements").and_then(Value::as_object);
    let in_response = |field| response.and_then(|response| response.text(field));
    let named = in_request("signingAlgorithm");
    if let (Some(asked), Some(used)) = (named, in_response("signingAlgorithm"))
        && asked != used
    {
        let (found, wanted) = (used.to_owned(), asked.to_owned());
        let (part, field) = ("audit_event.responseElements", "signingAlgorithm");
        return Err(CloudProblem::OtherValue { part, field, found, wanted }.into());
    }
    let named = named.or_else(|| in_response("signingAlgorithm"));
    let given = match request.and_then(|request| request.get("messageType")) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if *text == "RAW" => Some(Given::Message),
        Some(Value::String(text)) if *text == "DIGEST" => Some(Given::Digest),
        Some(other) => {
            let what = words!("cloud-message-type", kind = visible_short(&plain(other), 60));
            return Err(CloudProblem::OtherCall(what).into());
        }
    };
    let digests = ["message", "digest", "messageDigest"];
    let digests = digests.iter().filter_map(|field| in_request(field)).map(str::to_owned);
    Ok(Record {
        service: SERVICE,
        key: key.arn.to_owned(),
        public_key,
        signed_at: time(event, "eventTime", "audit_event.eventTime")?,
        algorithm: named.map(|name| (name.to_owned(), algorithm(name))),
        given,
        digests: digests.collect(),
    })
}

/// Whether the entry is of a call that signed.
fn check_call(event: &Object) -> Result<(), AttestationError> {
    let source = text(event, "eventSource", "audit_event.eventSource")?;
    let name = text(event, "eventName", "audit_event.eventName")?;
    if source != "kms.amazonaws.com" || name != "Sign" {
        return Err(CloudProblem::OtherCall(words!("cloud-call", method = %name, %source)).into());
    }
    same(event, "eventType", "AwsApiCall", "audit_event")?;
    for field in ["errorCode", "errorMessage"] {
        if let Some(error) = event.get(field).filter(|value| **value != Value::Null) {
            let error = visible_short(&plain(error), 120);
            return Err(CloudProblem::OtherCall(words!("cloud-failed", error)).into());
        }
    }
    let dry = event.get("requestParameters").and_then(|request| request.get("dryRun"));
    match dry {
        None | Some(Value::Null | Value::Bool(false)) => Ok(()),
        Some(_) => Err(CloudProblem::OtherCall(words!("cloud-dry-run")).into()),
    }
}

/// Whether what is said of the kind of a key is that of the public key.
fn check_kind(
    said: &Object,
    public_key: &PublicKey,
    is_needed: bool,
) -> Result<(), AttestationError> {
    let mut specs =
        ["KeySpec", "CustomerMasterKeySpec"].iter().filter_map(|f| said.text(f)).peekable();
    if is_needed && specs.peek().is_none() {
        return Err(CloudProblem::Missing("key_metadata.KeySpec").into());
    }
    match specs.find(|found| *found != spec(public_key)) {
        Some(other) => Err(CloudProblem::OtherKind(other.to_owned()).into()),
        None => Ok(()),
    }
}

/// What AWS calls the kind of a key.
fn spec(key: &PublicKey) -> String {
    match key {
        PublicKey::Ed25519(_) => "ECC_NIST_EDWARDS25519".to_owned(),
        PublicKey::P256(_) => "ECC_NIST_P256".to_owned(),
        PublicKey::P384(_) => "ECC_NIST_P384".to_owned(),
        PublicKey::Rsa(key) => format!("RSA_{}", key.n().bit_width()),
        PublicKey::MlDsa65(_) => "ML_DSA_65".to_owned(),
    }
}

/// What AWS calls how a signature is made.
fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "ED25519_SHA_512" => Some(Algorithm::Ed25519),
        "ECDSA_SHA_256" => Some(Algorithm::EcdsaP256Sha256),
        "ECDSA_SHA_384" => Some(Algorithm::EcdsaP384Sha384),
        "RSASSA_PKCS1_V1_5_SHA_256" => Some(Algorithm::RsaPkcs1v15Sha256),
        "RSASSA_PSS_SHA_256" => Some(Algorithm::RsaPssSha256),
        "ML_DSA_SHAKE_256" => Some(Algorithm::MlDsa65),
        _ => None,
    }
}
