use super::revocation::{EmergencyRevocation, MAX_REASON, RevocationFile};
use super::*;
use crate::dsse::DsseSignature;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn version() -> KeyringVersion {
    KeyringVersion {
        version: 2,
        previous: Some(Digest::of(b"one")),
        administrators: Administrators { threshold: 1, keys: vec!["a".to_owned()] },
        keys: vec![Object::from([("key_id", "a")])],
        attestation_roots: vec!["pem".to_owned()],
        tsa_roots: Vec::new(),
        log_policy: Some("quorum none\n".to_owned()),
        policy: Object::from([("threshold", 2_u64)]),
        overruled: [Digest::of(b"a refusal")].into(),
        issued_at: at("2026-12-01T00:00:00Z"),
        review_by: Some(at("2027-12-01T00:00:00Z")),
    }
}

fn revocation() -> EmergencyRevocation {
    EmergencyRevocation {
        version: 2,
        keyring: Digest::of(b"two"),
        key_id: "a".to_owned(),
        key_sha256: Digest::of(b"key"),
        code: "key_compromise".to_owned(),
        reason: "lost".to_owned(),
        revoked_at: at("2026-12-01T00:00:00Z"),
    }
}

#[test]
fn a_version_is_read_and_written_as_the_same() {
    let mut file = SignedKeyringFile::new(version());
    let one = DsseSignature { key_id: "a".to_owned(), signature: vec![1, 2] };
    file.envelope.signatures = vec![one];
    assert_eq!(SignedKeyringFile::parse(file.to_text().as_bytes()), Ok(file));
    let first = KeyringVersion {
        version: 1,
        previous: None,
        log_policy: None,
        review_by: None,
        ..version()
    };
    let file = SignedKeyringFile::new(first);
    assert_eq!(SignedKeyringFile::parse(file.to_text().as_bytes()), Ok(file));
    let file = RevocationFile::new(revocation());
    assert_eq!(RevocationFile::parse(file.to_text().as_bytes()), Ok(file));
}

fn replaced(from: &str, to: &str) -> Result<(), SignedKeyringError> {
    let mut file = SignedKeyringFile::new(version());
    let text = String::from_utf8(file.envelope.payload).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    file.envelope.payload = text.replacen(from, to, 1).into_bytes();
    SignedKeyringFile::parse(file.to_text().as_bytes()).map(drop)
}

#[test]
fn what_has_another_form_is_no_version() {
    use SignedKeyringError as E;
    let unknown = E::Unknown { name: "zone".to_owned() };
    assert_eq!(replaced(r#""version":2}"#, r#""version":2,"zone":1}"#), Err(unknown));
    assert_eq!(replaced(r#""version":2}"#, r#""version":2,"version":3}"#), Err(E::NotCanonical));
    assert_eq!(replaced(":", ": "), Err(E::NotCanonical));
    for (field, from, to) in [
        ("version", r#""version":2"#, r#""version":0"#),
        ("version", r#""version":2"#, r#""version":"2""#),
        ("version", r#""version":2"#, r#""version":-2"#),
        // A number that says nothing before it, and one that does.
        ("previous", r#""version":2"#, r#""version":1"#),
        ("administrators", r#"{"keys":["a"],"threshold":1}"#, r#"{"keys":[],"threshold":1}"#),
        ("administrators", r#"["a"]"#, r#"["a","a"]"#),
        ("administrators", r#"["a"]"#, r#"["b","a"]"#),
        ("administrators", r#""threshold":1"#, r#""threshold":1,"two":2"#),
        ("keys", r#"[{"key_id":"a"}]"#, r#"["a"]"#),
        ("tsa_roots", r#""tsa_roots":[]"#, r#""tsa_roots":null"#),
        ("policy", r#"{"threshold":2}"#, "null"),
        ("issued_at", r#"2026-12-01T00:00:00Z""#, r#"yesterday""#),
        ("review_by", r#""2027-12-01T00:00:00Z""#, "7"),
    ] {
        assert_eq!(replaced(from, to), Err(E::Field(field)), "{to}");
    }
    // Of every field: that it is missing is not that it is nothing.
    let text = String::from_utf8(version().to_payload()).unwrap();
    let value = json::parse(text.as_bytes()).unwrap().value;
    for (name, _) in value.as_object().unwrap().iter() {
        let mut without = value.as_object().unwrap().clone();
        without.remove(name);
        let mut file = SignedKeyringFile::new(version());
        file.envelope.payload = canonical::to_string(&without.into()).into_bytes();
        let read = SignedKeyringFile::parse(file.to_text().as_bytes());
        assert!(matches!(read, Err(E::Field(field)) if field == name), "{name}: {read:?}");
    }
}

#[test]
fn a_version_is_no_revocation_and_a_revocation_no_version() {
    let (version, revocation) =
        (SignedKeyringFile::new(version()), RevocationFile::new(revocation()));
    assert!(matches!(
        RevocationFile::parse(version.to_text().as_bytes()),
        Err(SignedKeyringError::PayloadType(_))
    ));
    assert!(matches!(
        SignedKeyringFile::parse(revocation.to_text().as_bytes()),
        Err(SignedKeyringError::PayloadType(_))
    ));
}

#[test]
fn what_is_read_is_bounded() {
    let long = " ".repeat(MAX_BYTES + 1);
    let too_large = Err(SignedKeyringError::TooLarge { size: MAX_BYTES + 1 });
    assert_eq!(SignedKeyringFile::parse(long.as_bytes()), too_large);
    let many = (0..=MAX_ADMINISTRATORS).map(|n| format!("{n:03}")).collect();
    let mut crowd = version();
    crowd.administrators.keys = many;
    let text = SignedKeyringFile::new(crowd).to_text();
    let wrong = Err(SignedKeyringError::Field("administrators"));
    assert_eq!(SignedKeyringFile::parse(text.as_bytes()), wrong);
    for reason in [String::new(), "a".repeat(MAX_REASON + 1)] {
        let text = RevocationFile::new(EmergencyRevocation { reason, ..revocation() }).to_text();
        let wrong = Err(SignedKeyringError::Field("revocation_reason"));
        assert_eq!(RevocationFile::parse(text.as_bytes()), wrong);
    }
}
