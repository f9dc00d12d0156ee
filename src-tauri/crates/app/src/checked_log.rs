//! Whether a log or a ledger holds, and goes on from what the station saw of it.

use std::path::{Path, PathBuf};

use countersign_envelope::chain::Entry;
use countersign_problem::{Explain as _, Problem, Words};
use countersign_store::log_memory::{self, ChainKind, Depth, LogMemoryError, Rewritten};
use countersign_store::reading::ReadError;

use crate::workspace::Workspace;

/// What is wrong with a log.
#[derive(Debug, Problem)]
#[problem(area = "checked-log")]
enum Finding {
    /// Its chain is broken.
    Broken { path: PathBuf, why: Words },
}

/// A log or a ledger that was checked from its beginning to its end.
#[derive(Debug)]
pub struct CheckedLog {
    /// Its file.
    pub log: PathBuf,
    /// Whether the file is there: one that is gone is known from what was seen of it.
    pub is_there: bool,
    /// How many entries it has.
    pub entries: usize,
    /// The first thing wrong with its chain.
    pub broken: Option<Words>,
    /// Remarks about entries.
    pub notes: Vec<Words>,
    /// Why it cannot be compared with what was seen of it.
    pub unknown: Option<LogMemoryError>,
    /// Why what it has now is not remembered.
    pub unremembered: Option<LogMemoryError>,
    /// How it fails to go on from what was seen of it.
    pub rewritten: Option<Rewritten>,
    /// What is wrong with the journal, if that could not be recorded.
    pub noted: Vec<Problem>,
}

impl CheckedLog {
    /// Checks a log. That it was rewritten is journalled, once; if nothing is found, no journal is
    /// begun.
    ///
    /// # Errors
    /// If it cannot be read, or is not there and was not seen there.
    pub fn read(workspace: &Workspace, log: &Path, kind: ChainKind) -> Result<Self, ReadError> {
        Self::read_with(workspace, log, kind, &mut |_, _| {})
    }

    /// The same; `each` gets every entry, from the first again if the log was read again.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_with(
        workspace: &Workspace,
        log: &Path,
        kind: ChainKind,
        each: &mut dyn FnMut(usize, &Entry),
    ) -> Result<Self, ReadError> {
        let memory = workspace.memory.as_ref();
        let mut checked = Self::new(log);
        match log_memory::examine(log, kind, memory, Depth::All, each) {
            Ok(examined) => {
                checked.entries = examined.summary.entries;
                checked.broken = examined.summary.broken;
                checked.notes = examined.summary.notes;
                checked.unknown = examined.unknown;
                checked.unremembered = examined.unremembered;
                checked.rewritten = examined.rewritten;
            }
            Err(ReadError::NotFound(path)) => {
                let gone = memory.and_then(|memory| memory.gone(log).ok()?);
                checked.rewritten = Some(gone.ok_or(ReadError::NotFound(path))?);
                checked.is_there = false;
            }
            Err(error) => return Err(error),
        }
        if let (Some(rewritten), Some(memory)) = (&checked.rewritten, memory) {
            checked.noted = workspace.note_found(rewritten, memory);
        }
        Ok(checked)
    }

    fn new(log: &Path) -> Self {
        Self {
            log: log.to_owned(),
            is_there: true,
            entries: 0,
            broken: None,
            notes: Vec::new(),
            unknown: None,
            unremembered: None,
            rewritten: None,
            noted: Vec::new(),
        }
    }

    /// Whether it holds, and goes on from what was seen of it as far as that is known.
    pub fn holds(&self) -> bool {
        self.broken.is_none() && self.unknown.is_none() && self.rewritten.is_none()
    }

    /// Why it does not hold; empty if it does.
    pub fn warnings(&self) -> Vec<Problem> {
        let broken = self.broken.clone().map(|why| Finding::Broken { path: self.log.clone(), why });
        let broken = broken.map(|broken| broken.problem());
        let unknown = self.unknown.as_ref().map(|error| error.problem());
        let rewritten = self.rewritten.as_ref().map(|rewritten| rewritten.problem());
        let found = broken.into_iter().chain(unknown).chain(rewritten);
        found.chain(self.noted.iter().cloned()).collect()
    }
}
