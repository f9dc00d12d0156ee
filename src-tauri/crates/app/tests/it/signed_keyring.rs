//! A station that has adopted a signed keyring: settings name no other, and only add to its rules.

use std::fs;
use std::sync::Arc;

use countersign_admissibility::keyring::{Key, Keyring};
use countersign_admissibility::policy::{Assurance, Policy, Trust};
use countersign_admissibility::signed_keyring::version::key_to_object;
use countersign_admissibility::signed_keyring::{Chain, SignedKeyring, rules};
use countersign_app::roots::TrustedFor;
use countersign_app::settings::Settings;
use countersign_app::signed_keyring::adopt;
use countersign_app::signed_keyring::{self as trust, TrustUseError};
use countersign_app::{enrol, roots};
use countersign_envelope::dsse::DsseSignature;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signed_keyring::{Administrators, KeyringVersion, SignedKeyringFile};
use countersign_index::queue::Context;
use countersign_problem::Explain as _;
use countersign_store::logs::LogBook;
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::EncodePublicKey as _;

use crate::station::{Station, now};

fn signing_key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[1; 32]).unwrap()
}

fn key() -> Key {
    let der = signing_key().verifying_key().to_public_key_der().unwrap();
    let public = PublicKey::from_der(der.as_bytes()).unwrap().to_text();
    serde_json::from_value(serde_json::json!({
        "key_id": "ada-1", "key_type": "ecdsa-p256", "public_key": public, "owner": "ada",
        "roles": ["reviewer"], "kind": "software",
    }))
    .unwrap()
}

/// A version with one administrator, whose rules ask for three signatures.
fn version() -> SignedKeyring {
    let policy = Policy { min_threshold: 3, ..Policy::default() };
    let mut file = SignedKeyringFile::new(KeyringVersion {
        version: 1,
        previous: None,
        administrators: Administrators { threshold: 1, keys: vec!["ada-1".to_owned()] },
        keys: vec![key_to_object(&key())],
        attestation_roots: Vec::new(),
        tsa_roots: Vec::new(),
        log_policy: None,
        policy: rules::to_object(&policy),
        overruled: Default::default(),
        issued_at: now(),
        review_by: None,
    });
    let signature: p256::ecdsa::DerSignature = signing_key().sign(&file.envelope.message());
    let signature = signature.as_bytes().to_vec();
    file.envelope.signatures = vec![DsseSignature { key_id: String::new(), signature }];
    SignedKeyring::of(file).unwrap()
}

/// Adopts it as from a file.
fn adopt(station: &Station) {
    let path = station.beside("keyring.signed.json");
    let text = countersign_envelope::signed_keyring::to_text(version().envelope());
    fs::write(&path, text).unwrap();
    let workspace = station.workspace();
    let found = trust::find(&[path], None).unwrap();
    let unconfirmed = adopt::judge(&workspace, &found, None).unwrap_err();
    assert!(matches!(unconfirmed, TrustUseError::NeedsDigest { version: 1, .. }));
    let digest = version().digest();
    let adoption = adopt::judge(&workspace, &found, Some(&digest)).unwrap();
    adoption.keep(&workspace).unwrap();
}

#[test]
fn settings_name_no_other_keyring_and_only_add_to_the_rules_of_the_signed_one() {
    let station = Station::new();
    adopt(&station);
    assert!(station.journal().contains("\"keyring_adopted\""), "{}", station.journal());
    let mut settings = Settings {
        keyring: Some("/elsewhere/keyring.json".to_owned()),
        trust_folder: Some("/elsewhere/roots".to_owned()),
        ..Settings::default()
    };
    settings.policy.trust = Trust::Embedded;
    settings.policy.assurance = Assurance::Claimed;
    let context = |settings: &Settings| {
        let rules = station.workspace().with_settings(settings).rules().unwrap();
        assert_eq!(rules.keyring, station.places.signed_keyring.file());
        assert_eq!(rules.roots, rules.keyring.with_file_name("attestation-roots"));
        Context::read(&rules, Arc::new(LogBook::new(None, None)), now)
    };
    let found = context(&settings);
    assert_eq!(found.policy, Policy { min_threshold: 3, ..Policy::default() });
    assert_eq!(found.keyring.signed().map(|facts| facts.version), Some(1));
    settings.policy.min_threshold = 4;
    assert_eq!(context(&settings).policy.min_threshold, 4);

    // What is signed is not changed key by key, nor root by root.
    let workspace = station.workspace();
    let refused = enrol::enrol(&workspace, Key { key_id: "b".to_owned(), ..key() }).unwrap_err();
    assert!(refused.problem().to_string().contains("only its administrators"));
    let what = TrustedFor::Attestations;
    let refused = roots::remove(&workspace, what, &"0".repeat(64)).unwrap_err();
    assert!(refused.problem().to_string().contains("only its administrators"));
}

#[test]
fn what_cannot_be_journalled_is_not_adopted() {
    let station = Station::new();
    station.block_journal();
    let path = station.beside("keyring.signed.json");
    fs::write(&path, countersign_envelope::signed_keyring::to_text(version().envelope())).unwrap();
    let workspace = station.workspace();
    let found = trust::find(&[path], None).unwrap();
    let adoption = adopt::judge(&workspace, &found, Some(&version().digest())).unwrap();
    assert!(adoption.keep(&workspace).is_err());
    assert!(!station.places.signed_keyring.is_adopted());
}

#[test]
fn where_it_is_gone_nothing_counts() {
    let station = Station::new();
    adopt(&station);
    let place = &station.places.signed_keyring;
    fs::remove_dir_all(&place.directory).unwrap();
    // A plain keyring is there, and one that any key is accepted by.
    fs::write(&station.places.keyring, Keyring::default().to_text()).unwrap();
    let mut settings = Settings::default();
    settings.policy.trust = Trust::Embedded;
    let workspace = station.workspace().with_settings(&settings);
    assert!(workspace.read_keyring().is_err());
    let rules = workspace.rules().unwrap();
    let logs = Arc::new(LogBook::new(None, None));
    let (context, problems) = Context::read_with_problems(&rules, logs, now);
    assert_eq!((context.policy.trust, context.keyring.keys().len()), (Trust::Pinned, 0));
    assert!(!problems.is_empty());
    // Without a trace of it, a station has never adopted one.
    fs::remove_file(&place.copy).unwrap();
    assert_eq!(station.workspace().keyring.as_ref(), Some(&station.places.keyring));
}

#[test]
fn two_processes_that_adopt_lose_nothing() {
    let station = Station::new();
    adopt(&station);
    let place = &station.places.signed_keyring;
    let other = {
        let mut says = version().says().clone();
        says.review_by = Some(now());
        let mut file = SignedKeyringFile::new(says);
        let signature: p256::ecdsa::DerSignature = signing_key().sign(&file.envelope.message());
        let signature = signature.as_bytes().to_vec();
        file.envelope.signatures = vec![DsseSignature { key_id: String::new(), signature }];
        SignedKeyring::of(file).unwrap()
    };
    let digest = other.digest();
    let chain = Chain::found(other, &digest, None).unwrap();
    assert!(place.write(&chain).is_err(), "another first version takes no place");
    let kept = place.read().unwrap().unwrap();
    assert_eq!(kept.latest().digest(), version().digest());
}
