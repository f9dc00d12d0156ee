//! Events between reading and writing: the file changes, another signature arrives, the act is
//! cancelled.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_ceremony::signing::{self, Choice, Intent, Scope, Signed, SigningError};
use countersign_demo::Demo;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_signers::Unattended;
use countersign_signers::software::Ed25519Signer;
use countersign_store::directory;
use secrecy::SecretString;
use tempfile::TempDir;

struct Unsigned {
    directory: TempDir,
    run: PathBuf,
}

impl Unsigned {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let demo = Demo::one_level(1, 1, Some(Level::L1));
        demo.write(directory.path(), &SecretString::from("demo")).unwrap();
        let runs = directory::find(directory.path()).unwrap().runs;
        let run = directory.path().join(&runs[0]);
        Self { directory, run }
    }

    fn signed_by(&self, signer: &str, seed: u8) -> Signed {
        let choice = Choice {
            key_id: format!("ds-test-{signer}"),
            signer_id: signer.to_owned(),
            role: Role::Reviewer,
            signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
            payload: None,
            terms: Terms { threshold: 2, required_roles: Vec::new() },
            evidence: Vec::new(),
            claim: true,
            intent: Intent::Sign,
        };
        let reading = signing::read(&self.run, Scope::RunAndManifest, None).unwrap();
        let mut signer = Ed25519Signer::from_seed(&[seed; 32]).unwrap();
        let made = reading.sign(&mut signer, &choice, &Keyring::default(), &Unattended);
        made.unwrap().verify().unwrap()
    }

    fn signers(&self) -> Vec<String> {
        let name = format!("{}.sig.json", self.run.display());
        let file = SignatureFile::parse(&fs::read(name).unwrap()).unwrap();
        file.signatures().iter().map(|signature| signature.signer_id().to_owned()).collect()
    }

    fn signature_files(&self) -> usize {
        let files = fs::read_dir(self.directory.path()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".sig.json") || name.ends_with(".tmp")).count()
    }
}

#[test]
fn nothing_is_on_disk_before_the_signatures_are_written() {
    let envelope = Unsigned::new();
    let signed = envelope.signed_by("a", 1);
    assert_eq!(envelope.signature_files(), 0);
    drop(signed);
    assert_eq!(envelope.signature_files(), 0, "cancelling leaves nothing");
    envelope.signed_by("a", 1).write().unwrap();
    assert_eq!(envelope.signature_files(), 2);
}

#[test]
fn a_file_that_changed_while_it_was_signed_is_not_signed() {
    let envelope = Unsigned::new();
    for artifact in [envelope.run.clone(), envelope.run.with_extension("manifest.json")] {
        let signed = envelope.signed_by("a", 1);
        let before = fs::read(&artifact).unwrap();
        fs::write(&artifact, [&before[..], b" "].concat()).unwrap();
        let error = signed.write().unwrap_err();
        assert!(matches!(&error, SigningError::Changed(path) if *path == artifact), "{error}");
        assert_eq!(envelope.signature_files(), 0);
        fs::write(&artifact, before).unwrap();
    }
}

#[test]
fn a_signature_that_arrived_meanwhile_is_kept() {
    let envelope = Unsigned::new();
    let (first, second) = (envelope.signed_by("a", 1), envelope.signed_by("b", 2));
    second.write().unwrap();
    first.write().unwrap();
    assert_eq!(envelope.signers(), ["b", "a"]);
}

#[test]
fn the_same_person_or_key_in_two_windows_signs_once() {
    let envelope = Unsigned::new();
    let again = envelope.signed_by("a", 1);
    let same_person = envelope.signed_by("a", 2);
    let same_key = envelope.signed_by("b", 1);
    envelope.signed_by("a", 1).write().unwrap();
    assert!(matches!(again.write().unwrap_err(), SigningError::SameKey { .. }));
    assert!(matches!(same_person.write().unwrap_err(), SigningError::SameSigner { .. }));
    assert!(matches!(same_key.write().unwrap_err(), SigningError::SameKey { .. }));
    assert_eq!(envelope.signers(), ["a"]);
}

/// A kill between the two renames leaves the run signed and the manifest not; signing again
/// completes it.
#[test]
fn an_act_that_was_cut_in_half_is_completed() {
    let envelope = Unsigned::new();
    envelope.signed_by("a", 1).write().unwrap();
    let manifest = envelope.run.with_extension("manifest.json.sig.json");
    fs::remove_file(&manifest).unwrap();
    assert_eq!(envelope.signed_by("a", 1).write().unwrap(), [manifest]);
    assert_eq!(envelope.signers(), ["a"]);
}
