//! Uniting copies of envelopes that were signed apart.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Keyring;
use countersign_exchange::merge::{self, MergeError, MergeReport, MergedBy};
use countersign_problem::Problem;

use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing was merged.
#[derive(Debug, Problem)]
pub enum MergingError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Target or sources cannot be read.
    #[problem(transparent)]
    Merge(#[from] MergeError),
}

/// Unites copies into a target; `progress` gets how many envelopes are done, of how many.
///
/// # Errors
/// Fails if target or sources cannot be read, or there is no place for a journal. Errors of one
/// envelope are in its part of the report.
pub fn merge(
    workspace: &Workspace,
    target: &Path,
    sources: &[PathBuf],
    keyring: &Keyring,
    progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergingError> {
    workspace.check_writable(target)?;
    let recorder = workspace.recorder()?;
    let by = MergedBy { keyring, memory: workspace.memory.as_ref() };
    Ok(merge::merge_reporting(target, sources, by, recorder.as_ref(), progress)?)
}

/// What [`merge()`] would do now. Nothing is locked or written.
///
/// # Errors
/// As [`merge()`], but for the journal.
pub fn preview(
    workspace: &Workspace,
    target: &Path,
    sources: &[PathBuf],
    keyring: &Keyring,
    progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergeError> {
    let by = MergedBy { keyring, memory: workspace.memory.as_ref() };
    merge::preview(target, sources, by, progress)
}
