//! Keys come into the keyring, or are refused before anything is made of them.

use std::fs;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::{KeyType, Revocation, RevocationCode};
use countersign_admissibility::level::Level;
use countersign_app::enrol::{self, EnrolError, NewKey};
use countersign_app::passphrase::NewPassphrase;
use countersign_app::revoke::{self, RevokeError};
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_envelope::file_name::signature_of;
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::Explain as _;
use countersign_store::reading::name_of;
use countersign_trust::enrolment::{self, Found, Holder, Selection};
use secrecy::SecretString;

use crate::station::{Station, now};

fn holder() -> Holder {
    Holder {
        key_id: Some("ds-prod".to_owned()),
        owner: Some("mira".to_owned()),
        roles: vec![Role::Operator],
        ..Holder::default()
    }
}

fn passphrase() -> NewPassphrase {
    NewPassphrase::chosen(SecretString::from("four words make sense"), &[], true).unwrap()
}

#[test]
fn a_key_is_made_and_enrolled_and_both_are_journalled() {
    let station = Station::new();
    let workspace = station.workspace();
    let key = NewKey { path: station.beside("mira.pem"), holder: holder() };
    key.check(&workspace).unwrap();
    let enrolled = enrol::create_key(&workspace, key.clone(), &passphrase()).unwrap();
    assert_eq!((&*enrolled.key.owner, &*enrolled.look_alikes), ("mira", &[][..]));
    let keyring = workspace.read_keyring().unwrap();
    assert_eq!(keyring.keys()[0].public_key, enrolled.key.public_key);
    let text = station.journal();
    assert!(text.contains("key_created") && text.contains("key_added"), "{text}");

    // Neither the file nor the id is free now.
    let refused = key.check(&workspace).unwrap_err().problem();
    assert_eq!(refused.code.name(), "in_the_way");
    let other = NewKey { path: station.beside("other.pem"), holder: holder() };
    assert!(matches!(other.check(&workspace), Err(EnrolError::Keyring(_))));
    other.check_place(&workspace).unwrap();
    // No key is made for a keyring that would be a file of evidence.
    let evidence = Workspace { keyring: Some(station.beside("new.sig.json")), ..workspace.clone() };
    let refused = enrol::create_key(&evidence, other, &passphrase());
    assert!(
        matches!(refused, Err(EnrolError::Keyring(_))) && !station.beside("other.pem").exists()
    );

    let lost = Revocation {
        at: now(),
        code: RevocationCode::Superseded,
        compromised_since: None,
        reason: " lost ".to_owned(),
    };
    let revoke = |revocation| revoke::revoke(&workspace, "ds-prod", revocation);
    let refused = revoke(Revocation { reason: " ".to_owned(), ..lost.clone() });
    assert!(matches!(refused, Err(RevokeError::NoReason)), "{refused:?}");
    // A time since when is for compromised keys, and not after the revocation.
    let since = Some(Instant::parse("2027-01-01T00:00:00Z").unwrap());
    let code = RevocationCode::KeyCompromise;
    for wrong in [
        Revocation { compromised_since: Some(now()), ..lost.clone() },
        Revocation { code, compromised_since: since, ..lost.clone() },
    ] {
        assert!(matches!(revoke(wrong), Err(RevokeError::Keyring(_))));
    }
    let since = Some(Instant::parse("2026-10-01T00:00:00Z").unwrap());
    revoke(Revocation { code, compromised_since: since, ..lost }).unwrap();
    let text = fs::read_to_string(&station.places.keyring).unwrap();
    for written in [
        r#""revocation_reason": "lost""#,
        r#""revocation_code": "key_compromise""#,
        r#""compromised_since": "2026-10-01T00:00:00Z""#,
    ] {
        assert!(text.contains(written), "{text}");
    }
    let journal = station.journal();
    assert!(journal.contains("key_compromise") && journal.contains("compromised_since"));
}

#[test]
fn a_key_without_a_keyring_is_in_its_file_alone() {
    let station = Station::new();
    let workspace = Workspace { keyring: None, ..station.workspace() };
    let key = NewKey { path: station.beside("mira.pem"), holder: holder() };
    let refused = key.check(&workspace);
    let expected = EnrolError::Workspace(WorkspaceError::NoKeyring);
    assert_eq!(refused.unwrap_err().to_string(), expected.to_string());
    let created = key.create(&workspace, &passphrase()).unwrap();
    assert!(created.public_key.is_some() && station.beside("mira.pem").exists());
    assert!(created.enrol(&workspace).is_err());
    assert!(!station.places.keyring.exists());
}

#[test]
fn no_key_is_made_that_cannot_be_journalled() {
    let station = Station::new();
    station.block_journal();
    let key = NewKey { path: station.beside("mira.pem"), holder: holder() };
    let refused = key.check_place(&station.workspace()).unwrap_err();
    assert!(matches!(refused, EnrolError::Workspace(WorkspaceError::NotJournalled { .. })));
    enrol::create_key(&station.workspace(), key, &passphrase()).unwrap_err();
    assert!(!station.beside("mira.pem").exists() && !station.places.keyring.exists());
    let journal = fs::read_dir(&station.places.journal).unwrap();
    assert_eq!(journal.count(), 0);
}

/// The signature of the witness of a demonstration at this level, and the key in it.
fn signature(station: &Station, level: Level) -> Found {
    let run = station.envelopes("sealed", 1, level).runs().remove(0);
    let path = run.with_file_name(signature_of(&name_of(&run)));
    let choice = Selection { index: Some(1), ..Selection::default() };
    enrolment::find(&path.display().to_string(), &choice).unwrap()
}

#[test]
fn a_key_is_hardware_only_by_a_proof_or_by_the_persons_word() {
    let station = Station::new();
    let workspace = station.workspace();
    let (found, roots) = (signature(&station, Level::L4), AttestationRoots::default());
    let entry = |found: Option<&Found>, holder, stated| {
        enrol::entry(&workspace, found, holder, stated, &roots)
    };
    // What the person does not say is taken from the signature.
    let taken = entry(Some(&found), Holder::default(), None).unwrap();
    assert_eq!((Some(&taken.key.key_id), taken.proves), (found.key_id.as_ref(), None));
    assert_eq!((&*taken.key.roles, taken.key.kind), (&[Role::Witness][..], SignerType::Software));
    let stated = entry(Some(&found), Holder::default(), Some(SignerType::Hardware)).unwrap();
    assert_eq!(stated.key.kind, SignerType::Hardware);
    // Evidence that proves nothing here is kept all the same, and said.
    let text =
        br#"{"type": "yubikey-piv", "slot": "9c", "certificate": "MAA=", "intermediate": "MAA="}"#;
    let found = Found { attestation: KeyAttestation::parse_text(text).ok(), ..found };
    let unproved = entry(Some(&found), Holder::default(), None).unwrap();
    assert!(unproved.proves.is_some() && unproved.key.key_attestation.is_some());
    assert_eq!(unproved.key.kind, SignerType::Software);
    // Of a shared key only the id is known.
    let shared = entry(None, holder(), None).unwrap();
    assert_eq!((shared.key.public_key, shared.key.key_type), (None, KeyType::Hmac));
    assert!(entry(None, Holder::default(), None).is_err());
}
