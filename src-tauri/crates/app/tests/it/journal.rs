//! What a ceremony writes to the journal, and that nothing is signed that cannot be journalled.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_ceremony::ceremony::{Ceremony, LastTry, Stage};
use countersign_ceremony::signing::{Choice, Intent, Scope, SigningError};
use countersign_demo::Demo;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::Terms;
use countersign_journal::{
    self as journal, Event, Journal, JournalError, LIMIT, Recorder, Recording,
};
use countersign_signers::{Key, Unattended, key_file};
use countersign_store::directory;
use countersign_store::safe_write::WriteError;
use secrecy::SecretString;
use tempfile::TempDir;

struct Envelope {
    directory: TempDir,
    run: PathBuf,
}

impl Envelope {
    fn unsigned() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let passphrase = SecretString::from("demo");
        Demo::one_level(1, 1, Some(Level::L1)).write(directory.path(), &passphrase).unwrap();
        let run = directory::find(directory.path()).unwrap().runs.remove(0);
        Self { run: directory.path().join(run), directory }
    }

    fn begin(&self, recorder: Arc<dyn Recorder>) -> Ceremony {
        let keyring = Arc::new(Keyring::default());
        Ceremony::begin(&self.run, Scope::RunAndManifest, None, keyring).recorded(recorder)
    }

    fn locked_key(&self) -> Key {
        let text = fs::read_to_string(self.directory.path().join("keys/operator.key.pem")).unwrap();
        key_file::key(SecretString::from(text), "operator.key.pem").unwrap()
    }

    fn signatures(&self) -> PathBuf {
        PathBuf::from(format!("{}.sig.json", self.run.display()))
    }
}

fn choice() -> Choice {
    Choice {
        key_id: "ds-test-o".to_owned(),
        signer_id: "o".to_owned(),
        role: Role::Operator,
        signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
        payload: None,
        terms: Terms { threshold: 2, required_roles: Vec::new() },
        evidence: Vec::new(),
        claim: true,
        intent: Intent::Sign,
    }
}

#[test]
fn a_ceremony_leaves_its_lines_and_no_secret() {
    let envelope = Envelope::unsigned();
    let path = envelope.directory.path().join("elsewhere").join("journal.ndjson");
    let journal = Arc::new(Journal::at(&path, LIMIT));
    let mut ceremony = envelope.begin(Arc::new(Recording::new(journal, || Instant::EPOCH)));
    ceremony.have_read().unwrap();
    ceremony.choose(envelope.locked_key(), choice()).unwrap();
    ceremony.secret(&SecretString::from("nonsense-w0rd"), LastTry::NotConfirmed).unwrap();
    ceremony.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    ceremony.sign(&Unattended).unwrap();
    ceremony.cancel();
    let pages = journal::read(&path).unwrap();
    assert_eq!(pages[0].broken, None);
    let entries: Vec<_> = pages[0].entries.iter().map(|entry| &entry.object).collect();
    let events: Vec<_> = entries.iter().map(|entry| entry.text("event").unwrap()).collect();
    assert_eq!(
        events,
        [
            "journal_begun",
            "ceremony_begun",
            "key_chosen",
            "secret_asked",
            "secret_not_taken",
            "key_opened",
            "signing_attempted",
            "signed"
        ]
    );
    let began = entries[1].text("entry_hash").unwrap();
    for entry in &entries[2..] {
        assert_eq!(entry.text("ceremony"), began.get(7..15));
    }
    assert!(entries[7].text("fingerprint").unwrap().starts_with("sha256:"));
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("nonsense-w0rd") && !text.contains("\"demo\""), "{text}");
}

/// The disk is full from some event on.
struct FullFrom(&'static str);

impl Recorder for FullFrom {
    fn record(&self, event: &Event) -> Result<(), JournalError> {
        match <&'static str>::from(event) == self.0 {
            true => Err(WriteError::Io {
                path: PathBuf::from("/srv/journal.ndjson"),
                source: std::io::ErrorKind::StorageFull.into(),
            }
            .into()),
            false => Ok(()),
        }
    }
}

#[test]
fn nothing_is_signed_without_the_journal() {
    let envelope = Envelope::unsigned();
    let ceremony = envelope.begin(Arc::new(FullFrom("ceremony_begun")));
    assert_eq!(ceremony.stage(), Stage::Refused);
    let words = ceremony.refusal().unwrap().to_string();
    assert!(words.contains("/srv/journal.ndjson") && words.contains("make room"), "{words}");

    let mut ceremony = envelope.begin(Arc::new(FullFrom("signing_attempted")));
    ceremony.have_read().unwrap();
    ceremony.choose(envelope.locked_key(), choice()).unwrap();
    ceremony.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    ceremony.sign(&Unattended).unwrap_err();
    assert!(matches!(**ceremony.refusal().unwrap(), SigningError::Journal(_)));
    assert!(!envelope.signatures().exists());
    assert!(ceremony.take_key().is_some(), "the token can be let go");
}

/// A refusal is what it is, journal or not.
#[test]
fn a_refusal_needs_no_journal() {
    let envelope = Envelope::unsigned();
    fs::write(&envelope.run, "{").unwrap();
    for full in ["ceremony_begun", "refused"] {
        let ceremony = envelope.begin(Arc::new(FullFrom(full)));
        assert!(matches!(**ceremony.refusal().unwrap(), SigningError::NotAnArtifact { .. }));
    }
    fs::remove_file(&envelope.run).unwrap();
    let ceremony = envelope.begin(Arc::new(FullFrom("refused")));
    assert_eq!(ceremony.stage(), Stage::Refused);
}
