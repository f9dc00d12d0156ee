//! The head of a log, for others to remember.

use std::path::{Path, PathBuf};

use countersign_envelope::file_name::LOG_HEAD;
use countersign_envelope::log_head::LogHead;
use countersign_problem::{Explain as _, Problem};
use countersign_store::log_head_file;
use countersign_store::log_memory::{self, ChainKind};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{ReadError, directory_of};
use countersign_store::safe_write::{self, Access, WriteError};

use crate::workspace::{Workspace, WorkspaceError};

/// Why there is no head of a log.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum HeadError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// There is no log, and none was seen there.
    NoLog {
        /// Where it would be.
        path: PathBuf,
    },
    /// The log is broken, or does not go on from what was seen of it.
    DoesNotHold {
        /// The log.
        path: PathBuf,
    },
    /// The log cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The file is that of something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// The head cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

/// What is wrong with a log.
#[derive(Debug, Problem)]
#[problem(area = "checked-log")]
enum Finding {
    /// Its chain is broken.
    Broken { path: PathBuf, why: String },
}

/// A log that was checked: whether it holds, and goes on from what the station saw of it.
#[derive(Debug)]
pub struct CheckedLog {
    log: PathBuf,
    is_there: bool,
    /// What a person should know of it; empty if it holds.
    pub warnings: Vec<Problem>,
    holds: bool,
}

impl CheckedLog {
    /// Checks a log. That it was rewritten is journalled, once.
    ///
    /// # Errors
    /// Fails with [`HeadError::NoLog`] if there is none and none was seen there; also if it
    /// cannot be read, or is the file of something else.
    pub fn read(workspace: &Workspace, log: &Path) -> Result<Self, HeadError> {
        // The head of a ledger would replace that of the log.
        overwrite::check(log, FileKind::TransparencyLog)?;
        let memory = workspace.memory.as_ref();
        let mut checked =
            Self { log: log.to_owned(), is_there: true, warnings: Vec::new(), holds: true };
        let rewritten = match log_memory::check(log, ChainKind::Log, memory) {
            Ok(examined) => {
                if let Some(why) = examined.summary.broken {
                    return Ok(
                        checked.with(Finding::Broken { path: log.to_owned(), why }.problem())
                    );
                }
                if let Some(error) = examined.unknown {
                    return Ok(checked.with(error.problem()));
                }
                examined.rewritten
            }
            Err(ReadError::NotFound(_)) => {
                checked.is_there = false;
                match memory.map(|memory| memory.gone(log)).transpose() {
                    Ok(gone) => {
                        Some(gone.flatten().ok_or(HeadError::NoLog { path: log.to_owned() })?)
                    }
                    Err(error) => return Ok(checked.with(error.problem())),
                }
            }
            Err(error) => return Err(error.into()),
        };
        if let (Some(rewritten), Some(memory)) = (rewritten, memory) {
            checked = checked.with(rewritten.problem());
            checked.warnings.extend(workspace.note_found(&rewritten, memory));
        }
        Ok(checked)
    }

    fn with(mut self, warning: Problem) -> Self {
        self.warnings.push(warning);
        self.holds = false;
        self
    }

    fn check(&self, allowing_rewritten: bool) -> Result<(), HeadError> {
        match (self.holds || allowing_rewritten, self.is_there) {
            (false, _) => Err(HeadError::DoesNotHold { path: self.log.clone() }),
            (true, false) => Err(HeadError::NoLog { path: self.log.clone() }),
            (true, true) => Ok(()),
        }
    }

    /// The head as it is now.
    ///
    /// # Errors
    /// Fails if the log does not hold and `allowing_rewritten` does not permit that, if there is
    /// none any more, or if it cannot be read.
    pub fn head(
        &self,
        workspace: &Workspace,
        allowing_rewritten: bool,
    ) -> Result<LogHead, HeadError> {
        self.check(allowing_rewritten)?;
        Ok(log_head_file::head(&self.log, (workspace.now)())?)
    }

    /// Writes the head to a file, or to `LOG_HEAD.json` beside the log. Only another head is
    /// replaced. Returns the file and the head.
    ///
    /// # Errors
    /// As for [`Self::head`]; also if the file is something else or cannot be written.
    pub fn write(
        &self,
        workspace: &Workspace,
        out: Option<&Path>,
        allowing_rewritten: bool,
    ) -> Result<(PathBuf, LogHead), HeadError> {
        self.check(allowing_rewritten)?;
        if let Some(out) = out {
            overwrite::check(out, FileKind::LogHead)?;
        }
        let out = out.map_or_else(|| self.log.with_file_name(LOG_HEAD), Path::to_owned);
        workspace.check_writable(&out)?;
        // Read under the lock, so that the head of a registration in between is not replaced by an
        // older one.
        let _lock = safe_write::lock(directory_of(&out))?;
        let head = self.head(workspace, allowing_rewritten)?;
        safe_write::replace(&out, head.to_text().as_bytes(), Access::Shared)?;
        Ok((out, head))
    }
}
