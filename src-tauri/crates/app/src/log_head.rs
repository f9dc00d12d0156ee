//! The head of a log, for others to remember.

use std::path::{Path, PathBuf};

use countersign_envelope::file_name::LOG_HEAD;
use countersign_envelope::log_head::LogHead;
use countersign_problem::Problem;
use countersign_store::log_head_file;
use countersign_store::log_memory::ChainKind;
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{ReadError, directory_of};
use countersign_store::safe_write::{self, Access, WriteError};

use crate::checked_log::CheckedLog;
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

/// Checks a log of which a head is to be made.
///
/// # Errors
/// Fails with [`HeadError::NoLog`] if there is none and none was seen there; also if it cannot be
/// read, or is the file of something else.
pub fn check(workspace: &Workspace, log: &Path) -> Result<CheckedLog, HeadError> {
    // The head of a ledger would replace that of the log.
    overwrite::check(log, FileKind::TransparencyLog)?;
    CheckedLog::read(workspace, log, ChainKind::Log).map_err(|error| match error {
        ReadError::NotFound(_) => HeadError::NoLog { path: log.to_owned() },
        error => error.into(),
    })
}

/// The head of a log as it is now.
///
/// # Errors
/// Fails if the log does not hold and `allowing_rewritten` does not permit that, if there is none any
/// more, or if it cannot be read.
pub fn head(
    workspace: &Workspace,
    checked: &CheckedLog,
    allowing_rewritten: bool,
) -> Result<LogHead, HeadError> {
    allow(checked, allowing_rewritten)?;
    Ok(log_head_file::head(&checked.log, (workspace.now)())?)
}

/// Writes the head of a log to a file, or to `LOG_HEAD.json` beside the log. Only another head is
/// replaced. Returns the file and the head.
///
/// # Errors
/// As for [`head`]; also if the file is something else or cannot be written.
pub fn write(
    workspace: &Workspace,
    checked: &CheckedLog,
    out: Option<&Path>,
    allowing_rewritten: bool,
) -> Result<(PathBuf, LogHead), HeadError> {
    allow(checked, allowing_rewritten)?;
    if let Some(out) = out {
        overwrite::check(out, FileKind::LogHead)?;
    }
    let out = out.map_or_else(|| checked.log.with_file_name(LOG_HEAD), Path::to_owned);
    workspace.check_writable(&out)?;
    // Read under the lock, so that the head of a registration in between is not replaced by an older
    // one.
    let _lock = safe_write::lock(directory_of(&out))?;
    let head = head(workspace, checked, allowing_rewritten)?;
    safe_write::replace(&out, head.to_text().as_bytes(), Access::Shared)?;
    Ok((out, head))
}

fn allow(checked: &CheckedLog, allowing_rewritten: bool) -> Result<(), HeadError> {
    let path = || checked.log.clone();
    match (checked.holds() || allowing_rewritten, checked.is_there) {
        (false, _) => Err(HeadError::DoesNotHold { path: path() }),
        (true, false) => Err(HeadError::NoLog { path: path() }),
        (true, true) => Ok(()),
    }
}
