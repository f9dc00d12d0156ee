//! A station at work: whose keys count, where it records what it does, and what it remembers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::instant::Instant;
use countersign_journal::{Event, Journal, JournalError, Recorder, Recording};
use countersign_problem::{Explain as _, Problem};
use countersign_store::log_memory::LogMemory;
use countersign_store::logs::LogBook;

use crate::review::Reviewed;

/// A station at work. Window and command line open it from their options, and every use case of
/// this crate works in one.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The keyring's file; `None` if none was chosen and there is no home directory.
    pub keyring: Option<PathBuf>,
    /// The folder of the roots that attestations may lead to; `None` likewise.
    pub trust_folder: Option<PathBuf>,
    /// The journal; `None` likewise.
    pub journal: Option<Arc<Journal>>,
    /// The memory of logs and signature files; `None` in the same case.
    pub memory: Option<LogMemory>,
    /// A directory under review: nothing in it may be changed.
    pub reviewed: Option<Arc<Reviewed>>,
    /// The clock.
    pub now: fn() -> Instant,
}

/// Why nothing is done in a workspace.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// There is no place for a journal, and nothing is done that cannot be journalled.
    NoJournal,
    /// The journal does not take an entry now.
    NotJournalled {
        /// Why not.
        cause: JournalError,
    },
    /// There is no place for a keyring.
    NoKeyring,
    /// There is no place for a trust folder.
    NoTrustFolder,
    /// There is no place to remember logs in.
    NoMemory,
    /// The place lies in what is only reviewed.
    Reviewing {
        /// The directory under review.
        path: PathBuf,
    },
}

impl Workspace {
    /// What keeps the record of one act, and remembers what the signature files ask for that it
    /// writes.
    ///
    /// # Errors
    /// Fails with [`WorkspaceError::NoJournal`] if there is no place for a journal.
    pub fn recorder(&self) -> Result<Arc<dyn Recorder>, WorkspaceError> {
        let journal = self.journal.clone().ok_or(WorkspaceError::NoJournal)?;
        Ok(Arc::new(Recording::new(journal, self.now).remembering(self.memory.clone())))
    }

    /// Checks that the journal takes an entry now: for what is recorded only after it is done.
    ///
    /// # Errors
    /// Fails if there is no place for a journal, or it cannot be written.
    pub fn check_journal(&self) -> Result<(), WorkspaceError> {
        let journal = self.journal.as_ref().ok_or(WorkspaceError::NoJournal)?;
        journal.start((self.now)()).map_err(|cause| WorkspaceError::NotJournalled { cause })
    }

    /// Records something that has happened; what is wrong with the journal if it could not.
    #[must_use]
    pub fn note(&self, event: &Event) -> Option<Problem> {
        let written = self.journal.as_ref()?.append(event, (self.now)());
        written.err().map(|error| error.problem())
    }

    /// Records logs that were found rewritten, each once; what is wrong with journal or memory if it
    /// could not.
    pub fn note_rewritten(&self, logs: &LogBook) -> Vec<Problem> {
        let Some(memory) = logs.memory().filter(|memory| !memory.is_of_others()) else {
            return Vec::new();
        };
        if self.journal.is_none() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for rewritten in logs.rewritten() {
            match memory.is_news(&rewritten) {
                Ok(true) => problems.extend(self.note(&Event::of_rewritten(&rewritten))),
                Ok(false) => {}
                Err(error) => problems.push(error.problem()),
            }
        }
        problems
    }

    /// Whether a file may be written there.
    ///
    /// # Errors
    /// [`WorkspaceError::Reviewing`] if it lies in what is only reviewed.
    pub fn check_writable(&self, path: &Path) -> Result<(), WorkspaceError> {
        match &self.reviewed {
            Some(reviewed) if reviewed.covers(path) => {
                Err(WorkspaceError::Reviewing { path: reviewed.path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// The keyring's file, to be changed.
    ///
    /// # Errors
    /// Fails if there is no place for one, or it lies in a directory under review.
    pub fn own_keyring(&self) -> Result<&Path, WorkspaceError> {
        let path = self.keyring.as_deref().ok_or(WorkspaceError::NoKeyring)?;
        self.check_writable(path)?;
        Ok(path)
    }

    /// The trust folder, to be changed.
    ///
    /// # Errors
    /// Fails if there is no place for one, or it lies in a directory under review.
    pub fn own_trust_folder(&self) -> Result<&Path, WorkspaceError> {
        let path = self.trust_folder.as_deref().ok_or(WorkspaceError::NoTrustFolder)?;
        self.check_writable(path)?;
        Ok(path)
    }
}
