//! What policy requires of keys by their attestations: whole verdicts, with attestations that are made
//! and verified.

use countersign_envelope::artifact::Artifact;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact, Terms};
use p256::ecdsa::signature::Signer as _;
use rsa::signature::SignatureEncoding as _;

use super::*;
use crate::attested::AttestedPolicy;
use crate::certificate_names::NameTrust;
use crate::check::{Check, CheckId, KeyCheck, Outcome};
use crate::foresight::Prospect;
use crate::keyring::{Key, Keyring};
use crate::policy::{Assurance, Policy};
use crate::state::State;
use crate::time_stamp::TsaRoots;
use crate::{Evidence, Judge, Part, Verdict};

const RUN: &[u8] = br#"{"decision_state": {"title": "Pay"},
    "authority_envelope": {"provenance": {"created_at": "2026-11-25T10:00:00Z"}}}"#;
const NAME: &str = "RUN-00000000_20261125T100000Z.json";

/// Who signs, in which role, with which key, and the slot that attests it, if one does.
type Who = (&'static str, Role, TestKey, Option<Made>);

const ADA: TestKey = TestKey::P256(1);
const BOB: TestKey = TestKey::P256(11);

/// A slot with other firmware and policies: PIN, touch.
fn slot(key: TestKey, firmware: [u8; 3], policy: [u8; 2]) -> Option<Made> {
    let made = Made::slot(key).with(yubico::FIRMWARE, &firmware).with(yubico::POLICY, &policy);
    Some(made)
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn algorithm(key: TestKey) -> Algorithm {
    match key {
        TestKey::Rsa => Algorithm::RsaPkcs1v15Sha256,
        TestKey::Ed25519(_) => Algorithm::Ed25519,
        _ => Algorithm::EcdsaP256Sha256,
    }
}

fn sign(key: TestKey, message: &[u8]) -> String {
    base64(&match key {
        TestKey::P256(seed) => {
            let made: DerSignature = p256_key(seed).sign(message);
            made.as_bytes().to_vec()
        }
        TestKey::Ed25519(seed) => ed25519_key(seed).sign(message).to_bytes().to_vec(),
        TestKey::Rsa => {
            let key = pkcs1v15::SigningKey::<sha2::Sha256>::new(RSA.clone());
            key.sign(message).to_vec()
        }
        TestKey::P384(_) => panic!("no such signer here"),
    })
}

fn verdict(signers: &[Who], policy: &Policy) -> Verdict {
    judged(signers, policy, |judge, evidence| judge.judge(evidence))
}

fn judged(
    signers: &[Who],
    policy: &Policy,
    how: impl FnOnce(&Judge<'_>, &Evidence<'_>) -> Verdict,
) -> Verdict {
    let artifact = Artifact::parse(RUN).unwrap();
    let signed = SignedArtifact {
        artifact: &artifact,
        payload_type: PayloadType::SealedRun,
        file_name: NAME,
        file_bytes: RUN,
    };
    let terms = Terms { threshold: 2, required_roles: Vec::new() };
    let (mut file, mut keyring) = (None::<SignatureFile>, Keyring::default());
    for (number, (who, role, key, slot)) in signers.iter().enumerate() {
        let attestation =
            slot.as_ref().map(|slot| Old { slot: slot.clone(), ..Old::new() }.attestation());
        let key_id = format!("ds-test-2026-{:02}", number + 1);
        let kind = if slot.is_some() { SignerType::Hardware } else { SignerType::Software };
        let key_type = match key {
            TestKey::Rsa => "rsa",
            TestKey::Ed25519(_) => "ed25519",
            _ => "ecdsa-p256",
        };
        let entry: Key = serde_json::from_value(serde_json::json!({
            "key_id": key_id, "key_type": key_type, "owner": who,
            "public_key": key.public().to_text(), "roles": Role::ALL, "kind": kind,
        }))
        .unwrap();
        keyring.add(entry).unwrap();
        let signature = sign(*key, &artifact.canonical().bytes());
        let public = key.public();
        let new = NewSignature {
            algorithm: algorithm(*key),
            signed_payload: SignedPayload::CanonicalJson,
            key_id: &key_id,
            signer_id: who,
            role: *role,
            signer_type: kind,
            signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
            public_key: Some(&public),
            signature: &signature,
            key_attestation: attestation.as_ref(),
            claim: None,
            companion: None,
        };
        file = Some(match file {
            None => SignatureFile::Block(new.block(signed)),
            Some(file) => file.co_sign(&new, signed, &terms).unwrap(),
        });
    }
    let file = SignatureFile::parse(file.unwrap().to_text().as_bytes()).unwrap();
    let run = SealedRun::parse(RUN).unwrap();
    let judge = Judge {
        policy,
        keyring: &keyring,
        roots: &Old::new().roots(),
        tsa_roots: &TsaRoots::default(),
        names: &NameTrust::default(),
        hmac_key: None,
        now: now(),
    };
    let evidence =
        Evidence { run_signatures: Part::Read(Ok(&file)), ..Evidence::of(NAME, Ok(&run)) };
    how(&judge, &evidence)
}

fn policy(rules: &[&str]) -> Policy {
    let attested: AttestedPolicy = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Policy { attested, ..Policy::default() }
}

fn find(verdict: &Verdict, id: KeyCheck) -> Vec<&Check> {
    verdict.checks.iter().filter(|check| check.id == CheckId::Key(id)).collect()
}

/// Whether L6 is reached, and what is missing.
fn l6(signers: &[Who], rules: &[&str]) -> Result<(), String> {
    let verdict = verdict(signers, &policy(rules));
    match verdict.rung(crate::level::Level::L6) {
        (Outcome::Pass, None) => Ok(()),
        (outcome, stop) => {
            let stop = stop.unwrap();
            assert_eq!((outcome, stop.state), (Outcome::Fail, State::Open), "red is for lies");
            Err(stop.detail.to_string())
        }
    }
}

#[test]
fn l6_says_what_an_attested_key_lacks() {
    let signers = |touch| {
        [
            ("ada", Role::Operator, ADA, slot(ADA, [5, 7, 4], [2, 2])),
            ("bob", Role::Witness, BOB, slot(BOB, [5, 7, 4], [2, touch])),
        ]
    };
    assert_eq!(l6(&signers(2), &["touch=always,cached"]), Ok(()));
    assert_eq!(
        l6(&signers(1), &["touch=always,cached"]).unwrap_err(),
        "The key of \"bob\" (witness) is attested, but the touch policy is never and the policy \
         requires touch (always or cached)."
    );
    // Without a requirement nothing is asked, and there is no check of it.
    assert_eq!(l6(&signers(1), &[]), Ok(()));
    assert!(find(&verdict(&signers(1), &policy(&[])), KeyCheck::RequiredFacts).is_empty());
}

#[test]
fn every_role_has_its_own_requirement() {
    let signers = [
        ("ada", Role::Operator, ADA, slot(ADA, [5, 4, 3], [2, 1])),
        ("bob", Role::Witness, BOB, slot(BOB, [5, 7, 4], [3, 2])),
    ];
    let holds = |rules: &[&str]| l6(&signers, rules).is_ok();
    assert!(holds(&["witness:firmware=5.7", "witness:touch=always", "witness:pin=always"]));
    assert!(holds(&["firmware=5.7", "operator:firmware=5.4"]));
    assert!(!holds(&["firmware=5.7"]) && !holds(&["operator:touch=always"]));
    // What nobody has to fill is not missing.
    assert!(holds(&["auditor:firmware=5.7"]));
    let both = l6(&signers, &["firmware=5.8", "operator:touch=always"]).unwrap_err();
    for said in ["\"ada\" (operator)", "firmware is 5.4.3", "touch policy is never", "\"bob\""] {
        assert!(both.contains(said), "{both}");
    }
}

#[test]
fn what_has_no_attestation_meets_nothing() {
    let signers = [
        ("ada", Role::Operator, ADA, slot(ADA, [5, 7, 4], [2, 2])),
        ("bob", Role::Witness, BOB, None),
    ];
    assert_eq!(l6(&signers, &["operator:touch=always"]), Ok(()));
    assert_eq!(
        l6(&signers, &["generated=yes"]).unwrap_err(),
        "No attestation came with the key of \"bob\" (witness), and the policy requires generated \
         on the device."
    );
    // One that is about another key is none.
    let mut other = signers.clone();
    other[1].3 = slot(ADA, [5, 7, 4], [2, 2]);
    let said = l6(&other, &["generated=yes"]).unwrap_err();
    assert!(said.contains("is not attested: the attestation is about another key"), "{said}");
}

#[test]
fn a_form_that_is_not_stated_does_not_count() {
    let signers = |form: Option<u8>| {
        let made = slot(BOB, [5, 7, 4], [2, 2]).unwrap().without(yubico::FORM_FACTOR);
        let made = form.iter().fold(made, |made, form| made.with(yubico::FORM_FACTOR, &[*form]));
        [("ada", Role::Operator, ADA, None), ("bob", Role::Witness, BOB, Some(made))]
    };
    let rules = ["witness:form-factor=usb-c-keychain", "witness:fips=yes"];
    assert_eq!(l6(&signers(Some(0x83)), &rules), Ok(()));
    let said = l6(&signers(Some(0x03)), &rules).unwrap_err();
    assert!(said.contains("not certified by FIPS") && !said.contains("form factor"), "{said}");
    let said = l6(&signers(None), &rules).unwrap_err();
    assert!(said.contains("the form factor is not stated"), "{said}");
    assert!(said.contains("whether the device is certified by FIPS is not stated"), "{said}");
}

/// One more signature neither lowers a level nor lends its hardware to those that lack it.
#[test]
fn only_signatures_that_meet_their_requirement_count_for_l6() {
    let weak = ("cy", Role::Auditor, TestKey::P256(12), slot(TestKey::P256(12), [5, 1, 0], [1, 1]));
    let good = [
        ("ada", Role::Operator, ADA, slot(ADA, [5, 7, 4], [2, 2])),
        ("bob", Role::Witness, BOB, slot(BOB, [5, 7, 4], [2, 2])),
        weak.clone(),
    ];
    assert_eq!(l6(&good, &["firmware=5.7"]), Ok(()));
    let software = [("ada", Role::Operator, ADA, None), ("bob", Role::Witness, BOB, None), weak];
    assert_eq!(l6(&software, &[]), Ok(()));
    assert!(l6(&software, &["auditor:firmware=5.7"]).is_err());
    let verdict = verdict(&software, &policy(&["auditor:firmware=5.7"]));
    assert_eq!(verdict.assurance, None, "what does not count is no assurance");
    // One person's good key does not make up for the weak one of a colleague.
    let (old, third) = (slot(BOB, [5, 1, 0], [2, 2]), TestKey::P256(13));
    let alone = [
        ("ada", Role::Operator, ADA, slot(ADA, [5, 7, 4], [2, 2])),
        ("bob", Role::Witness, BOB, old),
        ("ada", Role::Witness, third, slot(third, [5, 7, 4], [2, 2])),
    ];
    assert!(l6(&alone, &["firmware=5.7"]).is_err());
}

#[test]
fn a_known_advisory_is_named_and_refused_if_policy_says_so() {
    let signers = |key, firmware| {
        [
            ("ada", Role::Operator, ADA, None),
            ("bob", Role::Witness, key, slot(key, firmware, [2, 2])),
        ]
    };
    let cases = [
        (BOB, [5, 4, 3], Some("YSA-2024-03")),
        (BOB, [5, 7, 0], None),
        (TestKey::Ed25519(3), [5, 7, 4], None),
        (TestKey::Rsa, [4, 3, 4], Some("YSA-2017-01")),
        (TestKey::Rsa, [4, 3, 5], None),
        (TestKey::Rsa, [5, 4, 3], None),
    ];
    for (key, firmware, id) in cases {
        let signers = signers(key, firmware);
        let found = verdict(&signers, &policy(&[]));
        let named = find(&found, KeyCheck::Advisory);
        let told: Vec<&str> = found.signatures[1].advisories().map(|one| one.id).collect();
        assert_eq!(told, Vec::from_iter(id), "{firmware:?}");
        assert_eq!(named.len(), told.len());
        for check in named {
            assert_eq!((check.outcome, check.required), (Outcome::Warn, false));
            let said = check.detail.to_string();
            assert!(said.contains("Key of \"bob\"") && said.contains(id.unwrap()), "{said}");
            assert!(found.warnings().any(|warning| warning == check));
        }
        // A warning is no obstacle, and a refusal is one.
        assert_eq!(l6(&signers, &[]), Ok(()));
        let refused = l6(&signers, &["witness:advisories=refuse"]);
        assert_eq!(refused.is_err(), id.is_some(), "{refused:?}");
        assert!(refused.err().is_none_or(|said| said.contains(id.unwrap())));
        assert!(l6(&signers, &["advisories=refuse"]).is_err(), "ada has no attestation");
    }
}

/// What the signature file says beside the attestation is not read.
#[test]
fn only_the_attestation_says_what_a_device_is() {
    let signers = [
        ("ada", Role::Operator, ADA, None),
        ("bob", Role::Witness, BOB, slot(BOB, [5, 1, 0], [1, 1])),
    ];
    let untrusted = Policy { assurance: Assurance::Claimed, ..policy(&["witness:firmware=5.7"]) };
    let judged = verdict(&signers, &untrusted);
    assert!(!judged.signatures[1].meets_requirement());
    assert_eq!(judged.signatures[1].assurance, Some(Assurance::Attested));
    assert!(find(&judged, KeyCheck::RequiredFacts)[0].stops());
    assert!(!find(&judged, KeyCheck::HardwareOrExternal)[0].stops());
}

/// A signature that is not made yet is foreseen by the attestation of its key.
#[test]
fn what_a_key_lacks_is_known_before_it_signs() {
    let operator = [("ada", Role::Operator, ADA, slot(ADA, [5, 7, 4], [2, 2]))];
    let with = |made: Option<Made>| {
        let attestation = made.map(|slot| {
            let (attestation, roots) =
                (Old { slot, ..Old::new() }.attestation(), Old::new().roots());
            let outcome = verify(&attestation, Some(&BOB.public()), &roots, now());
            AttestationFinding { source: AttestationSource::Signature, outcome }
        });
        let prospect = Prospect {
            signer_id: "bob".to_owned(),
            role: Role::Witness,
            key_id: "ds-test-2026-02".to_owned(),
            fingerprint: Some(BOB.public().fingerprint()),
            algorithm: Algorithm::EcdsaP256Sha256,
            kind: SignerType::Hardware,
            assurance: Some(Assurance::Pinned),
            attestation,
            is_pinned: true,
            terms: Terms { threshold: 2, required_roles: Vec::new() },
        };
        let policy = policy(&["touch=always"]);
        let foreseen = judged(&operator, &policy, |judge, evidence| {
            judge.judge_with_prospect(evidence, &prospect)
        });
        foreseen.rung(crate::level::Level::L6).0
    };
    assert_eq!(with(slot(BOB, [5, 7, 4], [2, 2])), Outcome::Pass);
    assert_eq!(with(slot(BOB, [5, 7, 4], [2, 3])), Outcome::Fail);
    assert_eq!(with(None), Outcome::Fail);
}
