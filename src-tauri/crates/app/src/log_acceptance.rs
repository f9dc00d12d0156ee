//! Accepting a log or a ledger that was cut, removed or forked as it is.
//!
//! Accepting a changed log: the entries that are missing and the head that is there instead, as
//! displayed to the person. If either has changed since, nothing is accepted. The journal names
//! every missing entry, because nothing else names them from then on.

use countersign_problem::Problem;
use std::path::{Path, PathBuf};

use countersign_admissibility::Verdict;
use countersign_admissibility::continuation::{Fork, ForkPoint};
use countersign_envelope::chain::Links;
use countersign_envelope::digest::Digest;

use countersign_journal::{Event, JournalError, Recorder, journalled};
use countersign_store::chain_lines::ChainLines;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};
use countersign_store::log_memory::Examined;
use countersign_store::log_memory::{
    self, AcceptedLoss, ChainKind, Follower, LogMemory, LogMemoryError, Prefix, Rewritten,
    SeenEntry,
};
use countersign_store::logs::ForkedLogs;
use countersign_store::reading::{self, ReadError, directory_of};

use crate::workspace::{Workspace, WorkspaceError};

/// How many missing entries one line of the journal names.
const NAMED_AT_ONCE: usize = 500;

/// Why a log was not accepted as it is.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum AcceptError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It is broken, or that cannot be remembered.
    #[problem(transparent)]
    Memory(#[from] LogMemoryError),
    /// It is not what the person was shown.
    #[arg(kind = kind.word())]
    Changed {
        /// The log.
        path: PathBuf,
        /// Log or ledger.
        kind: ChainKind,
    },
    /// No reason was given.
    NoReason,
    /// It cannot be journalled.
    Journal(#[from] JournalError),
}

/// A log as a person is to accept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogAcceptance {
    /// The log.
    pub log: PathBuf,
    /// Log or ledger.
    pub kind: ChainKind,
    /// How it fails to go on from what was seen; `None` if it does go on.
    pub rewritten: Option<Rewritten>,
    /// Every entry that is gone.
    pub lost: Vec<SeenEntry>,
    /// How many entries it had.
    pub had: usize,
    /// How many it has.
    pub has: usize,
    /// What signers saw that is not in it.
    pub forks: Vec<Fork>,
    /// The hash of the last of them.
    last: Option<Digest>,
}

impl LogAcceptance {
    /// Reads what is there now, and what was seen of it.
    ///
    /// # Errors
    /// If either cannot be read, or the log is broken.
    pub fn of(log: &Path, kind: ChainKind, memory: &LogMemory) -> Result<Self, AcceptError> {
        let (rewritten, has, last) = match log_memory::check(log, kind, Some(memory)) {
            Ok(Examined { summary, rewritten, .. }) => {
                if let Some(broken) = summary.broken {
                    return Err(LogMemoryError::Broken { path: log.to_owned(), broken }.into());
                }
                (rewritten, summary.entries, summary.last)
            }
            // One that is damaged is accepted as well.
            Err(ReadError::NotFound(_)) => (memory.gone(log).unwrap_or_default(), 0, None),
            Err(error) => return Err(error.into()),
        };
        let lost = match &rewritten {
            Some(rewritten) => memory.lost(rewritten).unwrap_or_default(),
            None => Vec::new(),
        };
        let had = match &rewritten {
            Some(rewritten) => rewritten.seen().entries,
            None => memory.seen(log).ok().flatten().map_or(0, |seen| seen.entries),
        };
        let forks = Vec::new();
        Ok(Self { log: log.to_owned(), kind, rewritten, lost, forks, had, has, last })
    }

    /// The same, with what signers saw that is not in it: accepted as well.
    #[must_use]
    pub fn with(self, forks: Vec<Fork>) -> Self {
        Self { forks, ..self }
    }

    /// Whether there is anything to accept.
    pub fn is_needed(&self) -> bool {
        self.rewritten.is_some() || !self.forks.is_empty()
    }

    /// Identifies this state of the log, and of what was seen of it.
    pub fn state(&self) -> Digest {
        let last = self.last.map(|last| last.hex()).unwrap_or_default();
        let seen = self.rewritten.as_ref().map(|rewritten| rewritten.seen().last_hash.hex());
        let counts = format!("{} {} {} {}", self.kind.word(), self.had, self.has, self.lost.len());
        let path = self.log.as_os_str().as_encoded_bytes();
        let seen = seen.unwrap_or_default();
        let forks: String = self.forks.iter().map(|fork| format!(" {:?}", fork.point)).collect();
        let parts = [counts.as_bytes(), b" ", last.as_bytes(), seen.as_bytes(), forks.as_bytes()];
        Digest::of_parts(&[&parts.concat(), b" ", path])
    }

    /// Accepts the log as it was read, and journals that first. From then on the station goes by
    /// what is there.
    ///
    /// # Errors
    /// Fails if there is no reason, if the log has changed since, or if the acceptance cannot be
    /// journalled or remembered.
    pub fn accept(&self, workspace: &Workspace, reason: &str) -> Result<(), AcceptError> {
        check_reason(reason)?;
        workspace.check_writable(&self.log)?;
        self.record(workspace.need_memory()?, reason, workspace.recorder()?.as_ref())
    }

    /// Accepts the log, if its state is still the one that a person was shown, 64 hex digits.
    ///
    /// # Errors
    /// As for [`Self::accept`]; [`AcceptError::Changed`] if it is not.
    pub fn accept_as_shown(
        &self,
        workspace: &Workspace,
        state: &str,
        reason: &str,
    ) -> Result<(), AcceptError> {
        self.check_shown(state)?;
        self.accept(workspace, reason)
    }

    /// Checks that its state is still the one that a person was shown, 64 hex digits.
    ///
    /// # Errors
    /// [`AcceptError::Changed`] if it is not.
    pub fn check_shown(&self, state: &str) -> Result<(), AcceptError> {
        if self.state().hex() == state { Ok(()) } else { Err(self.changed()) }
    }

    fn record(
        &self,
        memory: &LogMemory,
        reason: &str,
        recorder: &dyn Recorder,
    ) -> Result<(), AcceptError> {
        let now = Self::of(&self.log, self.kind, memory)?.with(self.forks.clone());
        if now.state() != self.state() {
            return Err(self.changed());
        }
        journalled(recorder, &self.events(reason), || self.remember(memory, Some(reason)))
    }

    fn changed(&self) -> AcceptError {
        AcceptError::Changed { path: self.log.clone(), kind: self.kind }
    }

    /// The journal's entry for it, with every missing entry.
    fn events(&self, reason: &str) -> Vec<Event> {
        let log = std::path::absolute(&self.log).unwrap_or_else(|_| self.log.clone());
        let event = |lost: &[SeenEntry]| Event::LogAccepted {
            log: log.display().to_string(),
            kind: self.kind,
            had: self.had as u64,
            has: self.has as u64,
            lost: lost.iter().map(ToString::to_string).collect(),
            forks: self.forks.iter().map(|fork| fork.words().to_string()).collect(),
            reason: reason.trim().to_owned(),
        };
        match self.lost.is_empty() {
            true => vec![event(&[])],
            false => self.lost.chunks(NAMED_AT_ONCE).map(event).collect(),
        }
    }

    fn remember(&self, memory: &LogMemory, reason: Option<&str>) -> Result<(), AcceptError> {
        let file = match reading::open(&self.log, directory_of(&self.log)) {
            Ok(file) => file,
            Err(ReadError::NotFound(_)) if self.has == 0 && self.last.is_none() => {
                memory.forget(&self.log)?;
                return Ok(());
            }
            Err(ReadError::NotFound(_)) => return Err(self.changed()),
            Err(error) => return Err(error.into()),
        };
        let mut follower = Follower::accepting(memory, &self.log, self.kind);
        let (mut lines, mut links) = (ChainLines::new(file), Links::default());
        links.read(&mut lines, &mut |position, entry| follower.entry(position, &entry));
        if let Some(source) = lines.take_error() {
            return Err(ReadError::of(&self.log, source).into());
        }
        let (length, sha256) = lines.read_so_far();
        let prefix = Prefix { length, sha256, lines: links.lines(), newest: links.newest() };
        let summary = links.into_summary();
        if (summary.entries, summary.last) != (self.has, self.last) {
            return Err(self.changed());
        }
        follower.accept(&summary, prefix)?;
        // Of what is gone with an accepted log, each verdict that depends on it tells from then on.
        if let (Some(first), Some(reason), false) = (summary.first, reason, self.lost.is_empty()) {
            let (lost, reason) = (self.lost.len(), reason.trim().to_owned());
            memory.note_loss(first, AcceptedLoss { at: memory.now(), lost, reason })?;
        }
        if let Some(first) = summary.first.filter(|_| !self.forks.is_empty()) {
            let points: Vec<ForkPoint> = self.forks.iter().map(|fork| fork.point.clone()).collect();
            memory.accept_forks(first, &points)?;
        }
        Ok(())
    }
}

/// The logs of runs that are not those that their signers saw.
pub fn forked_logs(all: RunsToJudge<'_>) -> ForkedLogs {
    let mut forked = ForkedLogs::default();
    let view = |run: &Path, _: &EnvelopeFiles, verdict: &Verdict| {
        (!verdict.forks.is_empty()).then(|| (all.root.join(run), verdict.forks.clone()))
    };
    let taken = judgement::judge_all(all, view, |found| {
        if let Some((run, forks)) = found {
            forked.add(&all.logs.for_directory(directory_of(&run)), &forks);
        }
        Ok::<(), std::convert::Infallible>(())
    });
    match taken {
        Ok(()) => forked,
    }
}

/// Checks that there is a reason: nobody accepts a loss without saying why.
///
/// # Errors
/// [`AcceptError::NoReason`] if it is blank.
pub fn check_reason(reason: &str) -> Result<(), AcceptError> {
    if reason.trim().is_empty() { Err(AcceptError::NoReason) } else { Ok(()) }
}

/// Accepts that registered runs which were seen below a directory are missing. Returns them.
///
/// # Errors
/// If there is no reason, or that cannot be journalled or remembered.
pub fn accept_missing(
    workspace: &Workspace,
    root: &Path,
    reason: &str,
) -> Result<Vec<PathBuf>, AcceptError> {
    check_reason(reason)?;
    let memory = workspace.need_memory()?;
    let missing = memory.missing_runs(root)?;
    let event = |run: &PathBuf| Event::MissingRunAccepted {
        file: run.display().to_string(),
        reason: reason.trim().to_owned(),
    };
    let events: Vec<Event> = missing.iter().map(event).collect();
    let recorder = workspace.recorder()?;
    let forget = || memory.forget_runs(&missing).map_err(AcceptError::from);
    journalled(recorder.as_ref(), &events, forget)?;
    Ok(missing)
}

/// Starts the memory of a log that was just made: what the station saw there before is not its
/// history. Not journalled, since nothing is lost that anyone relies on.
///
/// # Errors
/// If the log cannot be read or remembered.
pub fn begin(memory: &LogMemory, log: &Path, kind: ChainKind) -> Result<(), AcceptError> {
    LogAcceptance::of(log, kind, memory)?.remember(memory, None)
}
