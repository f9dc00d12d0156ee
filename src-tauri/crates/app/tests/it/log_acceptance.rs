//! Accepting a log as it is, and registering in one: what is done is what was confirmed, and nothing is
//! done that cannot be journalled.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::level::Level;
use countersign_app::log_acceptance::{AcceptError, LogAcceptance};
use countersign_app::registration::{Registering, RegistrationError, register_run};
use countersign_app::workspace::Workspace;
use countersign_demo::Demo;
use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG};
use countersign_envelope::instant::Instant;
use countersign_journal::{self as journal, Journal};
use countersign_store::directory;
use countersign_store::log_memory::{self, ChainKind, LogMemory};
use countersign_store::logs::LogBook;
use secrecy::SecretString;
use tempfile::TempDir;

fn now() -> Instant {
    Instant::parse("2026-12-31T00:00:00Z").unwrap()
}

/// A station with a demonstration whose logs it has seen.
struct Station {
    _temporary: TempDir,
    root: PathBuf,
    memory: LogMemory,
    journal: PathBuf,
}

impl Station {
    fn new(level: Level) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("sealed");
        let demo = Demo::one_level(4, 1, Some(level));
        demo.write(&root, &SecretString::from("demo")).unwrap();
        let memory = LogMemory::at(&temporary.path().join("log-heads"), now);
        let journal = temporary.path().join("journal.ndjson");
        let station = Self { _temporary: temporary, root, memory, journal };
        for (log, kind) in [(station.log(), ChainKind::Log), (station.ledger(), ChainKind::Ledger)]
        {
            if log.exists() {
                log_memory::check(&log, kind, Some(&station.memory)).unwrap();
            }
        }
        station
    }

    fn log(&self) -> PathBuf {
        self.root.join(TRANSPARENCY_LOG)
    }

    fn ledger(&self) -> PathBuf {
        self.root.join(AUTHORITY_LEDGER)
    }

    fn workspace(&self) -> Workspace {
        let journal = Some(Arc::new(Journal::at(&self.journal, journal::LIMIT)));
        Workspace { journal, memory: Some(self.memory.clone()), now, ..Workspace::default() }
    }

    fn look(&self) -> LogAcceptance {
        LogAcceptance::of(&self.log(), ChainKind::Log, &self.memory).unwrap()
    }

    fn is_missed(&self, log: &Path, kind: ChainKind) -> bool {
        log_memory::check(log, kind, Some(&self.memory)).unwrap().rewritten.is_some()
    }
}

/// Leaves only so many entries of a log.
fn cut(log: &Path, to: usize) {
    let whole = fs::read_to_string(log).unwrap();
    fs::write(log, whole.split_inclusive('\n').take(to).collect::<String>()).unwrap();
}

#[test]
fn a_log_is_accepted_only_as_displayed_and_the_journal_names_missing_entries() {
    let station = Station::new(Level::L4);
    cut(&station.log(), 3);
    let seen = station.look();
    assert_eq!((seen.had, seen.has, seen.lost.len()), (4, 3, 1));

    // More is cut off after it was shown.
    cut(&station.log(), 1);
    let refused = seen.accept(&station.workspace(), "a test entry");
    assert!(matches!(refused, Err(AcceptError::Changed { .. })), "{refused:?}");
    assert!(station.is_missed(&station.log(), ChainKind::Log));
    assert!(!station.journal.exists());

    let seen = station.look();
    assert_eq!(seen.lost.len(), 3);
    seen.accept(&station.workspace(), " a test entry ").unwrap();
    assert!(!station.is_missed(&station.log(), ChainKind::Log));
    let journal = fs::read_to_string(&station.journal).unwrap();
    assert!(seen.lost.iter().all(|entry| journal.contains(&entry.to_string())), "{journal}");
    assert!(journal.contains("\"a test entry\""), "{journal}");
}

/// A head of the same length is another head.
#[test]
fn a_log_with_as_many_other_entries_is_not_the_displayed_one() {
    let (station, other) = (Station::new(Level::L4), Station::new(Level::L3));
    cut(&station.log(), 2);
    let seen = station.look();
    fs::copy(other.log(), station.log()).unwrap();
    cut(&station.log(), 2);
    assert_ne!(station.look().state(), seen.state());
    let refused = seen.accept(&station.workspace(), "why");
    assert!(matches!(refused, Err(AcceptError::Changed { .. })), "{refused:?}");
}

#[test]
fn accepting_a_log_does_not_accept_the_ledger() {
    let station = Station::new(Level::L7);
    cut(&station.log(), 3);
    let grants = fs::read_to_string(station.ledger()).unwrap().lines().count();
    cut(&station.ledger(), grants - 1);
    station.look().accept(&station.workspace(), "why").unwrap();
    assert!(!station.is_missed(&station.log(), ChainKind::Log));
    assert!(station.is_missed(&station.ledger(), ChainKind::Ledger));
}

#[test]
fn nothing_is_accepted_or_registered_without_the_journal() {
    let station = Station::new(Level::L2);
    fs::create_dir(&station.journal).unwrap();
    let book = LogBook::new(None, None).remembering(Some(station.memory.clone()));
    let runs = directory::find(&station.root).unwrap().runs;
    let run = station.root.join(&runs[0]);
    let before = fs::read_to_string(station.log()).unwrap_or_default();
    let refused = register_run(&station.workspace(), &run, &book, None);
    assert!(matches!(refused, Err(RegistrationError::Journal(_))), "{refused:?}");
    assert_eq!(fs::read_to_string(station.log()).unwrap_or_default(), before);

    let elsewhere = station.root.with_file_name("elsewhere.ndjson");
    let journal = Some(Arc::new(Journal::at(&elsewhere, journal::LIMIT)));
    let journalled = Workspace { journal, ..station.workspace() };
    register_run(&journalled, &run, &book, None).unwrap();
    cut(&station.log(), 0);
    let refused = station.look().accept(&station.workspace(), "why");
    assert!(matches!(refused, Err(AcceptError::Journal(_))), "{refused:?}");
    assert!(station.is_missed(&station.log(), ChainKind::Log));
}

#[test]
fn the_entry_has_the_facts_that_were_confirmed() {
    let station = Station::new(Level::L2);
    let book = || LogBook::new(None, None).within(&station.root);
    let runs = directory::find(&station.root).unwrap().runs;
    let run = station.root.join(&runs[0]);
    let seen = Registering::read(&run, &book(), None).unwrap();
    assert_eq!(seen.log, station.log());

    // Another log counts by then.
    let workspace = station.workspace();
    let elsewhere = LogBook::new(Some(station.root.join("other.ndjson")), None);
    let confirmed = seen.confirmation().hex();
    let refused = register_run(&workspace, &run, &elsewhere, Some(&confirmed));
    assert!(matches!(refused, Err(RegistrationError::NotConfirmed(_))), "{refused:?}");

    register_run(&workspace, &run, &book(), Some(&confirmed)).unwrap();
    let log = fs::read_to_string(station.log()).unwrap();
    let id = seen.entry_id();
    for text in [&id, &seen.run_id, &seen.commit_hash, &seen.content_hash] {
        assert!(log.contains(&format!("{text:?}")), "{text}: {log}");
    }
}
