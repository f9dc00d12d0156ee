//! What a station goes by: whose keys count, what is trusted, what a person sets; and archives.

use std::path::Path;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::Policy;
use countersign_admissibility::signed_keyring::{Chain, SignedKeyring, Step, changes};
use countersign_app::settings::Settings;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signed_keyring::SignedKeyringFile;
use countersign_envelope::signed_keyring::revocation::RevocationFile;
use countersign_index::catalogue::Catalogue;
use countersign_store::archive;
use countersign_trust::adopted;
use countersign_trust::attestation_roots;
use countersign_trust::enrolment::{self, Selection};

use crate::{read, refused};

/// A zip: what is taken is in no other place, and is written as another that is read as the same.
pub fn archive(bytes: &[u8]) {
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("a.zip");
    std::fs::write(&path, bytes).expect("a file");
    assert!(archive::is_archive(&path));
    let Some(opened) = read(archive::open(&path)) else { return };
    for (name, _) in opened.archive.files() {
        assert!(!name.starts_with('/') && !name.contains('\\'), "{name:?}");
        assert!(name.split('/').all(|part| !matches!(part, "" | "." | "..")), "{name:?}");
    }
    let again = read(archive::open(&path)).expect("what was read is read again");
    assert_eq!(again.digest, opened.digest);
    assert_eq!(again.faults, opened.faults);
}

/// A keyring.
pub fn keyring(bytes: &[u8]) {
    let Some(keyring) = read(Keyring::parse(bytes)) else { return };
    let text = keyring.to_text();
    let again = read(Keyring::parse(text.as_bytes())).expect("what was written is read again");
    assert_eq!(again.to_text(), text);
    assert_eq!(again.keys(), keyring.keys());
    for key in keyring.keys() {
        let _ = keyring.looking_like(&key.owner).count();
    }
    let excerpt = keyring.excerpt(|_| true);
    assert_eq!(excerpt.keys().len(), keyring.keys().len(), "keys fit together or do not");
}

/// A version of the signed keyring, or an emergency revocation: what is read says all that was signed.
pub fn signed_keyring(bytes: &[u8]) {
    if let Some(file) = read(RevocationFile::parse(bytes)) {
        assert_eq!(file.revocation.to_payload(), file.envelope.payload);
        assert_eq!(read(RevocationFile::parse(file.to_text().as_bytes())).as_ref(), Some(&file));
    }
    let Some(file) = read(SignedKeyringFile::parse(bytes)) else { return };
    assert_eq!(file.keyring.to_payload(), file.envelope.payload);
    assert_eq!(read(SignedKeyringFile::parse(file.to_text().as_bytes())).as_ref(), Some(&file));
    let Some(version) = read(SignedKeyring::of(file)) else { return };
    let _ = read(adopted::attestation_anchors(&version));
    assert!(changes(Some(&version), &version).is_empty());
    assert!(!changes(None, &version).is_empty(), "it has administrators");
    let policy = Policy::default();
    assert!(!version.in_force().in_force(policy.clone()).asks_less_than(&policy));
    let found = read(Chain::found(version.clone(), &version.digest(), None));
    if let Some(mut chain) = found {
        assert_eq!(chain.adopt(version, None).ok(), Some(Step::Known));
        assert!(chain.keyring().signed().is_some_and(|facts| !facts.people.is_empty()));
    }
}

/// A file of a trust folder.
pub fn trust_folder(bytes: &[u8]) {
    read(attestation_roots::parse_file(Path::new("roots.pem"), bytes));
}

/// A public key in any form, or a signature file to enrol one from.
pub fn public_key(bytes: &[u8]) {
    if let Some(key) = read(PublicKey::read(bytes)) {
        for form in [key.to_text(), key.to_pem()] {
            assert_eq!(read(PublicKey::read(form.as_bytes())).as_ref(), Some(&key));
        }
        assert_eq!(read(PublicKey::from_der(&key.to_der())).as_ref(), Some(&key));
    }
    read(PublicKey::from_ssh(bytes));
    read(enrolment::parse("the text", bytes, &Selection::default()));
}

/// Settings: what is kept of them is read again as the same, and without complaint.
pub fn settings(bytes: &[u8]) {
    let Ok(stored) = serde_json::from_slice(bytes) else { return };
    let (settings, errors) = Settings::read(&stored);
    errors.iter().for_each(|error| refused(error));
    read(settings.check());
    let (again, errors) = Settings::read(&settings.to_stored());
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(again, settings);
    assert!(settings.changes_to(&again).is_empty());
    let _ = Settings::default().changes_to(&settings).len();
    for signer in &settings.signers {
        let _ = (signer.about(), signer.for_journal(), signer.public_key(), signer.algorithm());
        let _ = (signer.probe_digest(), signer.made_from(), signer.asks(), signer.kind());
    }
}

/// A catalogue that something else has written: it is read, or left behind, and another is begun.
pub fn catalogue(bytes: &[u8]) {
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("catalogue.sqlite");
    std::fs::write(&path, bytes).expect("a file");
    let Some(mut catalogue) = read(Catalogue::open(&path, Path::new("/runs"))) else { return };
    read(catalogue.folders());
}
