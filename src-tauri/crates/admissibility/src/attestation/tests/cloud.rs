//! What a cloud says, against a signature that it is about, and each way in which it is not.

use countersign_envelope::json::Value;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use serde_json::json;

use super::*;

const ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
const VERSION: &str = "projects/p/locations/europe/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1";

fn digest() -> Digest {
    Digest::of(b"canonical")
}

fn aws() -> serde_json::Value {
    json!({
        "type": "cloud-kms",
        "provider": "aws",
        "key_metadata": {"KeyMetadata": {
            "Arn": ARN, "KeyId": "1234abcd", "Origin": "AWS_KMS", "KeyUsage": "SIGN_VERIFY",
            "KeySpec": "ECC_NIST_P256", "KeyManager": "CUSTOMER",
        }},
        "public_key": {"KeyId": ARN, "PublicKey": base64(&SIGNER.spki())},
        "audit_event": {
            "eventSource": "kms.amazonaws.com", "eventName": "Sign",
            "eventTime": "2026-11-25T12:00:03Z",
            "requestParameters": {"keyId": "alias/signing", "messageType": "RAW"},
            "resources": [{"ARN": ARN, "type": "AWS::KMS::Key"}],
        },
    })
}

fn gcp() -> serde_json::Value {
    json!({
        "type": "cloud-kms",
        "provider": "gcp",
        "key_metadata": {
            "name": VERSION, "protectionLevel": "HSM", "algorithm": "EC_SIGN_P256_SHA256",
        },
        "public_key": SIGNER.public().to_text(),
        "audit_event": {
            "timestamp": "2026-11-25T11:59:57.123Z",
            "protoPayload": {
                "serviceName": "cloudkms.googleapis.com", "methodName": "AsymmetricSign",
                "resourceName": VERSION,
                "request": {"digest": {"sha256": base64(digest().as_bytes())}},
            },
        },
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn call(digest: &Digest) -> Call<'_> {
    Call {
        digest,
        length: 6000,
        at: now(),
        algorithm: Some(Algorithm::EcdsaP256Sha256),
        payload: None,
    }
}

fn check(evidence: &serde_json::Value) -> Result<Statement, AttestationError> {
    check_call(evidence, call(&digest()))
}

fn check_call(evidence: &serde_json::Value, call: Call<'_>) -> Result<Statement, AttestationError> {
    let text = evidence.to_string();
    let read = countersign_envelope::json::parse(text.as_bytes()).unwrap();
    let Value::Object(object) = read.value else { panic!("no object") };
    let attestation = KeyAttestation::parse(&object)?;
    verify_with_signature(&attestation, Some(&SIGNER.public()), call, &AttestationRoots::default())
}

/// The error if one value is another.
fn with(mut evidence: serde_json::Value, path: &str, value: &str) -> AttestationError {
    *evidence.pointer_mut(path).unwrap() = json!(value);
    check(&evidence).unwrap_err()
}

#[test]
fn a_p384_key_has_signed_the_sha384_of_what_it_was_given() {
    use sha2::Digest as _;
    let key = TestKey::P384(3).public();
    let event = |message: &[u8]| {
        let mut evidence = gcp();
        let request = evidence.pointer_mut("/audit_event/protoPayload/request").unwrap();
        *request = json!({"digest": {"sha384": base64(&sha2::Sha384::digest(message))}});
        evidence["key_metadata"]["algorithm"] = json!("EC_SIGN_P384_SHA384");
        evidence["public_key"] = json!(key.to_text());
        let read = countersign_envelope::json::parse(evidence.to_string().as_bytes()).unwrap();
        let attestation = KeyAttestation::parse(read.value.as_object().unwrap())?;
        let digest = digest();
        let call = Call { algorithm: Some(Algorithm::EcdsaP384Sha384), ..call(&digest) };
        verify_with_signature(&attestation, Some(&key), call, &AttestationRoots::default())
    };
    let said = event(digest().hex().as_bytes()).unwrap().to_string();
    assert!(said.contains("signed this digest"), "{said}");
    let other = event(Digest::of(b"other").hex().as_bytes()).unwrap_err();
    assert!(other.to_string().contains("another digest"), "{other}");
}

#[test]
fn valid_evidence_of_a_cloud_is_not_a_proof() {
    let statement = check(&aws()).unwrap();
    assert!(!statement.is_proof());
    let words = statement.to_string();
    for said in [ARN, "2026-11-25T12:00:03Z", "the log leaves out", "proves nothing"] {
        assert!(words.contains(said), "{words}");
    }
    let words = check(&gcp()).unwrap().to_string();
    assert!(words.contains("signed this digest") && words.contains(VERSION), "{words}");
    let finding =
        AttestationFinding { source: AttestationSource::Signature, outcome: check(&aws()) };
    assert_eq!(finding.standing(), AttestationStanding::Vouched);
}

#[test]
fn keys_outside_the_hardware_are_named() {
    let origin = "/key_metadata/KeyMetadata/Origin";
    let error = with(aws(), origin, "EXTERNAL");
    assert!(error.to_string().contains("brought in"), "{error}");
    assert!(!error.contradicts());
    let error = with(aws(), origin, "EXTERNAL_KEY_STORE");
    assert!(error.to_string().contains("EXTERNAL_KEY_STORE"), "{error}");
    let error = with(gcp(), "/key_metadata/protectionLevel", "SOFTWARE");
    assert!(error.to_string().contains("SOFTWARE"), "{error}");
    let mut imported = gcp();
    imported["key_metadata"]["importJob"] = json!("jobs/1");
    let error = check(&imported).unwrap_err();
    assert!(error.to_string().contains("jobs/1"), "{error}");
}

#[test]
fn what_is_about_something_else_contradicts() {
    let other = base64(&TestKey::P256(8).spki());
    assert_eq!(with(aws(), "/public_key/PublicKey", &other), AttestationError::OtherKey);
    assert_eq!(with(gcp(), "/public_key", &other), AttestationError::OtherKey);
    for (evidence, path, value) in [
        (aws(), "/audit_event/resources/0/ARN", "arn:aws:kms:eu-central-1:1:key/other"),
        (aws(), "/public_key/KeyId", "arn:aws:kms:eu-central-1:1:key/other"),
        (aws(), "/audit_event/eventName", "Decrypt"),
        (aws(), "/audit_event/eventSource", "s3.amazonaws.com"),
        (aws(), "/audit_event/eventTime", "2026-11-25T13:00:00Z"),
        (aws(), "/key_metadata/KeyMetadata/KeyUsage", "ENCRYPT_DECRYPT"),
        (aws(), "/key_metadata/KeyMetadata/KeySpec", "RSA_2048"),
        (gcp(), "/audit_event/protoPayload/resourceName", "projects/q"),
        (gcp(), "/audit_event/protoPayload/methodName", "Decrypt"),
        (gcp(), "/audit_event/protoPayload/request/digest/sha256", "AAAA"),
    ] {
        let error = with(evidence, path, value);
        assert!(error.contradicts(), "{path}: {error}");
    }
    let mut failed = aws();
    failed["audit_event"]["errorCode"] = json!("AccessDenied");
    assert!(check(&failed).unwrap_err().to_string().contains("AccessDenied"));
}

#[test]
fn a_digest_in_the_log_is_read_as_logs_write_it() {
    let mut evidence = aws();
    for text in [digest().hex(), base64(digest().as_bytes()), base64(digest().hex().as_bytes())] {
        evidence["audit_event"]["requestParameters"]["message"] = json!(text);
        assert!(check(&evidence).unwrap().to_string().contains("signed this digest"), "{text}");
    }
    evidence["audit_event"]["requestParameters"]["message"] = json!(Digest::of(b"").hex());
    assert_eq!(check(&evidence), Err(CloudProblem::OtherDigest.into()));
}

#[test]
fn other_services_are_not_verified() {
    let error = with(aws(), "/provider", "azure");
    assert!(!error.contradicts());
    let finding = AttestationFinding { source: AttestationSource::Signature, outcome: Err(error) };
    assert_eq!(finding.standing(), AttestationStanding::None);
}

/// AWS evidence whose event asked for an algorithm and a kind of message.
fn asked(algorithm: &str, message_type: &str) -> serde_json::Value {
    let mut evidence = aws();
    let request = &mut evidence["audit_event"]["requestParameters"];
    request["signingAlgorithm"] = json!(algorithm);
    request["messageType"] = json!(message_type);
    evidence
}

#[test]
fn an_event_of_another_algorithm_or_kind_of_message_contradicts() {
    let made = |payload| {
        move |algorithm: &str, kind: &str| {
            let digest = digest();
            check_call(&asked(algorithm, kind), Call { payload: Some(payload), ..call(&digest) })
        }
    };
    let hex = made(SignedPayload::Sha256Hex);
    assert!(hex("ECDSA_SHA_256", "RAW").is_ok());
    for (algorithm, kind) in
        [("ECDSA_SHA_384", "RAW"), ("RSASSA_PSS_SHA_256", "RAW"), ("ECDSA_SHA_256", "DIGEST")]
    {
        let error = hex(algorithm, kind).unwrap_err();
        assert!(error.contradicts(), "{algorithm} {kind}: {error}");
    }
    let canonical = made(SignedPayload::CanonicalJson);
    assert!(canonical("ECDSA_SHA_256", "DIGEST").is_ok());
    // AWS takes at most 4096 bytes without hashing them first.
    assert!(canonical("ECDSA_SHA_256", "RAW").unwrap_err().contradicts());
    let digest = digest();
    let short = Call { payload: Some(SignedPayload::CanonicalJson), length: 4096, ..call(&digest) };
    assert!(check_call(&asked("ECDSA_SHA_256", "RAW"), short).is_ok());
}

#[test]
fn every_field_that_is_given_must_agree() {
    for (path, field, value) in [
        ("/audit_event", "awsRegion", json!("us-east-1")),
        ("/audit_event", "eventType", json!("AwsServiceEvent")),
        ("/audit_event", "errorMessage", json!("denied")),
        ("/audit_event", "responseElements", json!({"keyId": "other"})),
        ("/audit_event/requestParameters", "keyId", json!("0000")),
        ("/audit_event/requestParameters", "keyId", json!("arn:aws:kms:us-east-1:1:alias/signing")),
        ("/audit_event/requestParameters", "dryRun", json!(true)),
        ("/audit_event/requestParameters", "messageType", json!("EXTERNAL_MU")),
        ("/audit_event/resources/0", "accountId", json!("999999999999")),
        ("/key_metadata/KeyMetadata", "AWSAccountId", json!("999999999999")),
        ("/key_metadata/KeyMetadata", "KeyId", json!("other")),
        ("/key_metadata/KeyMetadata", "CustomerMasterKeySpec", json!("RSA_2048")),
        ("/public_key", "KeySpec", json!("ECC_NIST_P384")),
        ("/public_key", "KeyUsage", json!("ENCRYPT_DECRYPT")),
    ] {
        let mut evidence = aws();
        evidence.pointer_mut(path).unwrap()[field] = value.clone();
        let error = check(&evidence).unwrap_err();
        assert!(error.contradicts(), "{path} {field} {value}: {error}");
    }
    let log = "/audit_event/protoPayload";
    for (path, field, value) in [
        (log, "response", json!({"name": "projects/q"})),
        (log, "response", json!({"protectionLevel": "SOFTWARE"})),
        (log, "status", json!({"message": "denied"})),
        (log, "authorizationInfo", json!([{"granted": false, "resource": VERSION}])),
        (log, "authorizationInfo", json!([{"granted": true, "resource": "projects/q"}])),
        ("/audit_event/protoPayload/request", "name", json!("projects/q")),
        ("/audit_event/protoPayload/request/digest", "sha512", json!("AAAA")),
        ("/audit_event", "resource", json!({"labels": {"crypto_key_version_id": "2"}})),
        ("/audit_event", "resource", json!({"labels": {"project_id": "q"}})),
        ("/key_metadata", "algorithm", json!("EC_SIGN_P384_SHA384")),
    ] {
        let mut evidence = gcp();
        evidence.pointer_mut(path).unwrap()[field] = value.clone();
        let error = check(&evidence).unwrap_err();
        assert!(error.contradicts(), "{path} {field} {value}: {error}");
    }
    let mut whole = gcp();
    whole["audit_event"]["resource"] = json!({"type": "cloudkms_cryptokeyversion", "labels": {
        "project_id": "p", "location": "europe", "key_ring_id": "r", "crypto_key_id": "k",
        "crypto_key_version_id": "1"}});
    whole["audit_event"]["protoPayload"]["status"] = json!({});
    assert!(check(&whole).is_ok());
}

fn narrow(evidence: &serde_json::Value) -> Result<KeyAttestation, AttestationError> {
    let read = countersign_envelope::json::parse(evidence.to_string().as_bytes()).unwrap();
    let attestation = KeyAttestation::parse(read.value.as_object().unwrap())?;
    narrowed(&attestation, Some(&SIGNER.public()), call(&digest()))
}

#[test]
fn the_one_event_that_fits_is_taken_out_of_what_the_service_gives() {
    let one = aws()["audit_event"].clone();
    let mut other = one.clone();
    other["eventTime"] = json!("2026-11-24T12:00:00Z");
    let as_text = |event: &serde_json::Value| json!({"CloudTrailEvent": event.to_string()});
    for wrapped in [
        json!({"Records": [other, one]}),
        json!({"Records": [one, one]}),
        json!({"Records": [one]}),
        json!({"Events": [as_text(&other), as_text(&one)]}),
        json!({"detail-type": "AWS API Call via CloudTrail", "detail": one}),
        json!([other, one]),
    ] {
        let mut evidence = aws();
        evidence["audit_event"] = wrapped;
        assert!(check(&evidence).is_ok(), "{evidence:#}");
        let written = narrow(&evidence).unwrap().to_object();
        let wanted = countersign_envelope::json::parse(one.to_string().as_bytes()).unwrap();
        assert_eq!(written.get("audit_event"), Some(&wanted.value));
    }
    let mut evidence = gcp();
    let entry = evidence["audit_event"].clone();
    evidence["audit_event"] = json!([entry]);
    assert!(check(&evidence).is_ok());
}

#[test]
fn several_events_that_fit_and_none_are_named() {
    let one = aws()["audit_event"].clone();
    let mut twin = one.clone();
    twin["eventID"] = json!("e-2");
    let mut evidence = aws();
    evidence["audit_event"] = json!({"Records": [one, twin]});
    let several = narrow(&evidence).unwrap_err();
    assert_eq!(several.bearing(), Bearing::Unusable);
    assert!(several.to_string().contains("e-2"), "{several}");
    let late = |event: &serde_json::Value| {
        let mut event = event.clone();
        event["eventTime"] = json!("2026-11-24T12:00:00Z");
        event
    };
    evidence["audit_event"] = json!({"Records": [late(&one), late(&twin)]});
    let none = narrow(&evidence).unwrap_err();
    assert!(none.contradicts() && none.to_string().contains("none of the 2 entries"), "{none}");
    evidence["audit_event"] = json!({"Records": []});
    assert_eq!(narrow(&evidence), Err(CloudProblem::NoEvent.into()));
}
