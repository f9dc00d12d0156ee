//! What a cloud says, against a signature that it is about, and each way in which it is not.

use countersign_envelope::json::Value;
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

fn check(evidence: &serde_json::Value) -> Result<Statement, AttestationError> {
    let text = evidence.to_string();
    let read = countersign_envelope::json::parse(text.as_bytes()).unwrap();
    let Value::Object(object) = read.value else { panic!("no object") };
    let attestation = KeyAttestation::parse(&object)?;
    verify_with_signature(
        &attestation,
        Some(&SIGNER.public()),
        &digest(),
        &AttestationRoots::default(),
        now(),
    )
}

/// The error where one value is another.
fn with(mut evidence: serde_json::Value, path: &str, value: &str) -> AttestationError {
    *evidence.pointer_mut(path).unwrap() = json!(value);
    check(&evidence).unwrap_err()
}

#[test]
fn a_p384_key_has_signed_the_sha384_of_what_it_was_given() {
    use sha2::Digest as _;
    let event = |message: &[u8]| {
        let mut evidence = gcp();
        let request = evidence.pointer_mut("/audit_event/protoPayload/request").unwrap();
        *request = json!({"digest": {"sha384": base64(&sha2::Sha384::digest(message))}});
        check(&evidence)
    };
    let said = event(digest().hex().as_bytes()).unwrap().to_string();
    assert!(said.contains("signed this digest"), "{said}");
    let other = event(Digest::of(b"other").hex().as_bytes()).unwrap_err();
    assert!(other.to_string().contains("another digest"), "{other}");
}

#[test]
fn evidence_that_holds_is_said_and_is_no_proof() {
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
