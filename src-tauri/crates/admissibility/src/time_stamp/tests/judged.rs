//! What a trusted time does to a verdict: when a key was in force, which dates are possible, and
//! what policy asks for.

use countersign_envelope::artifact::Artifact;
use countersign_envelope::json::Value;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact};
use countersign_envelope::time_stamp::{TIMESTAMPS, TimeStamp};
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer as _;
use serde_json::json;
use x509_cert::spki::EncodePublicKey as _;

use super::*;
use crate::check::{Check, CheckId, DateCheck, Outcome};
use crate::keyring::Keyring;
use crate::policy::{Policy, TimeKind, Trust};
use crate::{Evidence, Judge, Part, Verdict};

const RUN: &[u8] = br#"{"decision_state": {"title": "Pay"},
    "authority_envelope": {"provenance": {"created_at": "2026-11-25T10:00:00Z"}}}"#;

fn instant(written: &str) -> Instant {
    let (date, clock) = written.trim_end_matches('Z').split_at(8);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &clock[..2],
        &clock[2..4],
        &clock[4..]
    );
    Instant::parse(&text).unwrap()
}

fn later(at: Instant, seconds: i64) -> Instant {
    Instant::from_unix(at.unix() + seconds).unwrap()
}

/// A run that is signed once, with time stamps, and what it is judged by.
struct Case {
    signed_at: Instant,
    /// The times of its tokens, as tokens write them.
    stamped: Vec<String>,
    /// Further fields of the key in the keyring.
    key: serde_json::Value,
    policy: Policy,
    roots: TsaRoots,
    now: Instant,
}

impl Case {
    fn new() -> Self {
        Self {
            signed_at: instant(&soon(0)),
            stamped: vec![soon(0)],
            key: json!({}),
            policy: Policy::default(),
            roots: roots(&TSA),
            now: instant(&soon(0)),
        }
    }

    fn verdict(&self) -> Verdict {
        let artifact = Artifact::parse(RUN).unwrap();
        let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let made: DerSignature = key.sign(&artifact.canonical().bytes());
        let spki = key.verifying_key().to_public_key_der().unwrap();
        let public = PublicKey::from_der(spki.as_bytes()).unwrap();
        let new = NewSignature {
            algorithm: Algorithm::EcdsaP256Sha256,
            signed_payload: SignedPayload::CanonicalJson,
            key_id: "ds-test-2026-01",
            signer_id: "mira",
            role: Role::Witness,
            signer_type: SignerType::Software,
            signed_at: self.signed_at,
            public_key: Some(&public),
            signature: &base64(made.as_bytes()),
            key_attestation: None,
            claim: None,
            companion: None,
        };
        let mut block = new.block(SignedArtifact {
            artifact: &artifact,
            payload_type: PayloadType::SealedRun,
            file_name: "RUN-00000000_20261125T100000Z.json",
            file_bytes: RUN,
        });
        let tokens = self.stamped.iter().map(|time| {
            let imprint = MessageImprint::of(Digest::of(made.as_bytes())).unwrap();
            let token = super::made(&TSA, &TstInfo { imprint, ..content(time) });
            Value::from(TimeStamp { covers: Covers::Signature, token }.to_object())
        });
        block.set(TIMESTAMPS, tokens.collect::<Vec<_>>());
        let mut entry = json!({
            "key_id": "ds-test-2026-01", "key_type": "ecdsa-p256", "owner": "mira",
            "public_key": public.to_text(), "roles": ["witness"], "kind": "software",
        });
        for (field, value) in self.key.as_object().unwrap() {
            entry[field] = value.clone();
        }
        let keyring = json!({ "keyring_version": "1.0", "keys": [entry] });
        let keyring = Keyring::parse(keyring.to_string().as_bytes()).unwrap();
        let run = SealedRun::parse(RUN).unwrap();
        let judge = Judge {
            policy: &self.policy,
            keyring: &keyring,
            roots: &AttestationRoots::default(),
            tsa_roots: &self.roots,
            names: &crate::certificate_names::NameTrust::default(),
            hmac_key: None,
            now: self.now,
        };
        // As it comes from the disk.
        let text = SignatureFile::Block(block).to_text();
        let file = SignatureFile::parse(text.as_bytes()).unwrap();
        judge.judge(&Evidence {
            run_signatures: Part::Read(Ok(&file)),
            ..Evidence::of("RUN-00000000_20261125T100000Z.json", Ok(&run))
        })
    }

    fn counts(&self) -> bool {
        self.verdict().signatures[0].is_valid()
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn find(verdict: &Verdict, id: DateCheck) -> Option<&Check> {
    verdict.checks.iter().find(|check| check.id == CheckId::Date(id))
}

#[test]
fn a_key_that_is_revoked_is_judged_by_the_trusted_time() {
    let at = instant(&soon(0));
    let revoked = |seconds| json!({ "revoked_at": later(at, seconds), "revocation_reason": "x" });
    // The file says that it was signed before; the authority saw it only afterwards.
    let backdated = Case { signed_at: later(at, -3600), key: revoked(-60), ..Case::new() };
    assert!(!backdated.counts());
    assert!(Case { stamped: Vec::new(), ..backdated }.counts(), "nothing else is known");
    assert!(Case { key: revoked(60), ..Case::new() }.counts());
}

#[test]
fn of_a_compromised_key_only_a_trusted_time_before_counts_under_every_policy() {
    let at = instant(&soon(0));
    let compromised = |seconds| {
        json!({
            "revoked_at": later(at, 86_400), "revocation_reason": "stolen",
            "revocation_code": "key_compromise", "compromised_since": later(at, seconds),
        })
    };
    for trust in [Trust::Pinned, Trust::Embedded] {
        let policy = Policy { trust, ..Policy::default() };
        let case =
            |seconds| Case { key: compromised(seconds), policy: policy.clone(), ..Case::new() };
        assert!(case(60).counts());
        let after = case(-60).verdict();
        assert!(!after.signatures[0].is_valid());
        let detail = after.signatures[0].detail().to_string();
        assert!(
            detail.to_string().contains("no trusted time stamp is from before: stolen"),
            "{detail}"
        );
        assert!(
            !Case { stamped: Vec::new(), ..case(60) }.counts(),
            "its own date is worth nothing"
        );
        assert!(!Case { roots: TsaRoots::default(), ..case(60) }.counts());
    }
}

#[test]
fn a_signature_is_not_dated_after_its_trusted_time() {
    let at = instant(&soon(0));
    let dated = |seconds| Case { signed_at: later(at, seconds), ..Case::new() }.verdict();
    let late = dated(301);
    assert!(
        late.signatures[0].detail().to_string().contains("after an authority saw it"),
        "{late:?}"
    );
    assert!(!late.signatures[0].is_valid());
    let shortly = dated(299);
    assert!(shortly.signatures[0].is_valid());
    assert_eq!(find(&shortly, DateCheck::AfterTrusted).unwrap().outcome, Outcome::Warn);
    let exact = dated(0);
    assert!(find(&exact, DateCheck::AfterTrusted).is_none());
    let trusted = find(&exact, DateCheck::Trusted).unwrap();
    assert!(trusted.detail.to_string().contains("CN=Test_TSA"), "{}", trusted.detail);
}

#[test]
fn a_time_stamp_of_an_unknown_authority_changes_nothing_and_is_named() {
    let case = Case { roots: TsaRoots::default(), ..Case::new() };
    let verdict = case.verdict();
    assert!(verdict.signatures[0].is_valid());
    assert_eq!(verdict.signatures[0].time_kind(), TimeKind::Claimed);
    let check = find(&verdict, DateCheck::TimeStamp).unwrap();
    assert_eq!((check.outcome, check.required), (Outcome::Unchecked, false));
    assert!(check.detail.to_string().contains("CN=Test_TSA,O=Test"), "{}", check.detail);
    assert!(find(&verdict, DateCheck::Trusted).is_none());
}

#[test]
fn policy_says_whose_word_a_time_must_be() {
    let asks = |time| Policy { time, ..Policy::default() };
    for time in TimeKind::ALL {
        let stamped = Case { policy: asks(*time), ..Case::new() };
        assert!(stamped.counts(), "{time}");
        let without = Case { stamped: Vec::new(), ..stamped };
        assert_eq!(without.counts(), *time == TimeKind::Claimed, "{time}");
    }
    let unknown =
        Case { roots: TsaRoots::default(), policy: asks(TimeKind::Trusted), ..Case::new() };
    let verdict = unknown.verdict();
    let detail = verdict.signatures[0].detail().to_string();
    assert!(
        detail.to_string().contains("its time is claimed, and policy requires a trusted time"),
        "{detail}"
    );
}

#[test]
fn the_end_of_the_authority_is_announced_in_time() {
    let ends = |days| Case { now: instant(&soon(days)), ..Case::new() }.verdict();
    assert!(find(&ends(3650 - 95), DateCheck::AuthorityEnds).is_none());
    let soon_over = ends(3650 - 85);
    let check = find(&soon_over, DateCheck::AuthorityEnds).unwrap();
    assert!(
        check.outcome == Outcome::Warn && check.detail.to_string().contains("should be renewed")
    );
    assert!(soon_over.signatures[0].is_valid());
}
