//! What attestations do to a verdict: assurance, kind, checks, and what is missing.

use countersign_envelope::artifact::Artifact;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact, Terms};
use p256::ecdsa::signature::Signer as _;

use super::*;
use crate::certificate_names::NameTrust;
use crate::check::{Check, CheckId, KeyCheck, Outcome};
use crate::keyring::{Key, Keyring};
use crate::policy::{Assurance, Policy, Trust};
use crate::time_stamp::TsaRoots;
use crate::{Evidence, Judge, Part, Verdict};

const RUN: &[u8] = br#"{"decision_state": {"title": "Pay"},
    "authority_envelope": {"provenance": {"created_at": "2026-11-25T10:00:00Z"}}}"#;

/// A run signed once by the attested key, and everything it is judged by.
struct Case {
    claim: SignerType,
    attestation: Option<KeyAttestation>,
    /// What the keyring says of the key, and the attestation that it has kept.
    kind: SignerType,
    kept: Option<KeyAttestation>,
    roots: AttestationRoots,
    policy: Policy,
}

impl Case {
    fn new() -> Self {
        Self {
            claim: SignerType::Hardware,
            attestation: Some(Old::new().attestation()),
            kind: SignerType::Hardware,
            kept: None,
            roots: Old::new().roots(),
            policy: Policy { assurance: Assurance::Attested, ..Policy::default() },
        }
    }

    fn signatures(&self) -> SignatureFile {
        let artifact = Artifact::parse(RUN).unwrap();
        let made: DerSignature = p256_key(1).sign(&artifact.canonical().bytes());
        let signature = base64(made.as_bytes());
        let new = NewSignature {
            algorithm: Algorithm::EcdsaP256Sha256,
            signed_payload: SignedPayload::CanonicalJson,
            key_id: "ds-test-2026-01",
            signer_id: "mira",
            role: Role::Witness,
            signer_type: self.claim,
            signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
            public_key: Some(&SIGNER.public()),
            signature: &signature,
            key_attestation: self.attestation.as_ref(),
            claim: None,
            companion: None,
        };
        let signed = SignedArtifact {
            artifact: &artifact,
            payload_type: PayloadType::SealedRun,
            file_name: "RUN-00000000_20261125T100000Z.json",
            file_bytes: RUN,
        };
        let written = SignatureFile::Block(new.block(signed)).to_text();
        SignatureFile::parse(written.as_bytes()).unwrap()
    }

    fn keyring(&self) -> Keyring {
        let mut key: Key = serde_json::from_value(serde_json::json!({
            "key_id": "ds-test-2026-01", "key_type": "ecdsa-p256", "owner": "mira",
            "public_key": SIGNER.public().to_text(), "roles": ["witness"], "kind": self.kind,
        }))
        .unwrap();
        if let Some(kept) = &self.kept {
            key = key.with_attestation(kept);
        }
        let mut keyring = Keyring::default();
        keyring.add(key).unwrap();
        // As it comes from the disk.
        Keyring::parse(keyring.to_text().as_bytes()).unwrap()
    }

    fn verdict(&self) -> Verdict {
        self.verdict_on(&self.signatures(), &self.keyring())
    }

    fn verdict_on(&self, signatures: &SignatureFile, keyring: &Keyring) -> Verdict {
        let run = SealedRun::parse(RUN).unwrap();
        let judge = Judge {
            policy: &self.policy,
            keyring,
            roots: &self.roots,
            tsa_roots: &TsaRoots::default(),
            names: &NameTrust::default(),
            hmac_key: None,
            now: now(),
        };
        judge.judge(&Evidence {
            run_signatures: Part::Read(Ok(signatures)),
            ..Evidence::of("RUN-00000000_20261125T100000Z.json", Ok(&run))
        })
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn find(verdict: &Verdict, id: KeyCheck) -> Option<&Check> {
    verdict.checks.iter().find(|check| check.id == CheckId::Key(id))
}

fn hardware(verdict: &Verdict) -> &Check {
    find(verdict, KeyCheck::HardwareOrExternal).unwrap()
}

#[test]
fn an_attestation_that_holds_is_the_best_assurance() {
    let verdict = Case::new().verdict();
    assert_eq!(verdict.assurance, Some(Assurance::Attested));
    assert_eq!(hardware(&verdict).outcome, Outcome::Pass);
    let check = find(&verdict, KeyCheck::Attestation).unwrap();
    assert_eq!((check.outcome, check.required), (Outcome::Pass, false));
    let words = "generated on YubiKey 12345678, firmware 5.7.4, PIN once, touch always";
    assert!(check.detail.to_string().contains(words), "{}", check.detail);
}

#[test]
fn without_a_trusted_root_the_keyring_counts_and_the_reason_is_named() {
    let case = Case { roots: AttestationRoots::default(), ..Case::new() };
    let verdict = case.verdict();
    assert_eq!(verdict.assurance, Some(Assurance::Pinned));
    let check = hardware(&verdict);
    assert_eq!(check.outcome, Outcome::Fail);
    for said in ["only pinned", "asks for attested", "CN=Test PIV Root CA"] {
        assert!(check.detail.to_string().contains(said), "{}", check.detail);
    }
    assert_eq!(find(&verdict, KeyCheck::Attestation).unwrap().outcome, Outcome::Warn);
    // If policy asks for less, that is enough, and the warning stays.
    let verdict = Case { policy: Policy::default(), ..case }.verdict();
    assert_eq!(hardware(&verdict).outcome, Outcome::Pass);
    assert_eq!(find(&verdict, KeyCheck::Attestation).unwrap().outcome, Outcome::Warn);
}

#[test]
fn a_missing_attestation_is_named_as_what_l6_needs() {
    let verdict = Case { attestation: None, ..Case::new() }.verdict();
    assert!(find(&verdict, KeyCheck::Attestation).is_none());
    let detail = &hardware(&verdict).detail;
    assert!(
        detail.to_string().contains("no attestation came with the key of \"mira\""),
        "{detail}"
    );
}

#[test]
fn the_kept_attestation_counts_if_that_of_the_signature_proves_nothing() {
    let holds = Some(Old::new().attestation());
    let mut other = Old::new();
    other.slot.key = TestKey::P256(9);
    for (own, checks) in [(None, 1), (Some(other.attestation()), 2)] {
        let verdict = Case { attestation: own, kept: holds.clone(), ..Case::new() }.verdict();
        assert_eq!(verdict.assurance, Some(Assurance::Attested));
        let judged = &verdict.signatures[0];
        assert_eq!(judged.attestation().unwrap().source, AttestationSource::Keyring);
        let told = verdict
            .checks
            .iter()
            .filter(|check| check.id == CheckId::Key(KeyCheck::Attestation))
            .count();
        assert_eq!(told, checks, "what does not hold is told too");
    }
    // One that is about another key proves nothing about this one, in the keyring or elsewhere.
    let case = Case { attestation: None, kept: Some(other.attestation()), ..Case::new() };
    assert_eq!(case.verdict().assurance, Some(Assurance::Pinned));
}

#[test]
fn a_proven_key_is_hardware_and_contradictions_are_named() {
    let contradicted = |claim, kind| {
        let verdict = Case { claim, kind, ..Case::new() }.verdict();
        let judged = &verdict.signatures[0];
        assert_eq!(
            (judged.kind, judged.assurance),
            (SignerType::Hardware, Some(Assurance::Attested))
        );
        find(&verdict, KeyCheck::Contradicted).map(|check| check.detail.to_string())
    };
    assert_eq!(contradicted(SignerType::Hardware, SignerType::Hardware), None);
    let keyring = contradicted(SignerType::Hardware, SignerType::Software).unwrap();
    assert!(keyring.starts_with("The keyring says"), "{keyring}");
    let claim = contradicted(SignerType::Software, SignerType::Hardware).unwrap();
    assert!(claim.contains("claims a software signer"), "{claim}");
}

#[test]
fn a_key_that_is_not_accepted_does_not_count_however_well_it_is_attested() {
    let mut case = Case::new();
    case.policy.trust = Trust::Pinned;
    let verdict = case.verdict_on(&case.signatures(), &Keyring::default());
    assert!(!verdict.signatures[0].is_valid());
    assert_eq!(verdict.assurance, None);
    // But a person who is about to enrol the key is told.
    assert_eq!(
        verdict.signatures[0].attestation().unwrap().standing(),
        AttestationStanding::Verified
    );
}

#[test]
fn an_attestation_that_is_damaged_or_of_an_unknown_type_leaves_the_signature_as_it_is() {
    for (text, outcome) in [
        (r#"{"type": "sgx-quote", "quote": ""}"#, Outcome::Unchecked),
        (r#"{"type": "yubikey-piv", "slot": "9c"}"#, Outcome::Fail),
        ("{}", Outcome::Fail),
        ("7", Outcome::Fail),
    ] {
        let case = Case { attestation: None, ..Case::new() };
        let SignatureFile::Block(mut block) = case.signatures() else { panic!("no block") };
        block.set(
            "key_attestation",
            countersign_envelope::json::parse(text.as_bytes()).unwrap().value,
        );
        let verdict = case.verdict_on(&SignatureFile::Block(block), &case.keyring());
        assert!(verdict.signatures[0].is_valid());
        assert_eq!(verdict.assurance, Some(Assurance::Pinned));
        assert_eq!(find(&verdict, KeyCheck::Attestation).unwrap().outcome, outcome, "{text}");
    }
}

#[test]
fn an_attestation_is_kept_when_another_co_signs() {
    let case = Case::new();
    let artifact = Artifact::parse(RUN).unwrap();
    let signed = SignedArtifact {
        artifact: &artifact,
        payload_type: PayloadType::SealedRun,
        file_name: "RUN-00000000_20261125T100000Z.json",
        file_bytes: RUN,
    };
    let other = NewSignature {
        algorithm: Algorithm::Ed25519,
        signed_payload: SignedPayload::CanonicalJson,
        key_id: "ds-test-2026-02",
        signer_id: "noor",
        role: Role::Operator,
        signer_type: SignerType::Hardware,
        signed_at: now(),
        public_key: None,
        signature: "",
        key_attestation: case.attestation.as_ref(),
        claim: None,
        companion: None,
    };
    let terms = Terms { threshold: 2, required_roles: Vec::new() };
    let both = case.signatures().co_sign(&other, signed, &terms).unwrap();
    let both = SignatureFile::parse(both.to_text().as_bytes()).unwrap();
    let attestations: Vec<_> = both.signatures().iter().map(|one| one.attestation()).collect();
    assert_eq!(
        attestations,
        [Some(Ok(Old::new().attestation())), Some(Ok(Old::new().attestation()))]
    );
}
