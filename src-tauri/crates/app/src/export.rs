//! Envelopes in one file, for another station.

use std::path::{Path, PathBuf};

use countersign_exchange::carry::{self, CarryError, ExportReport};
use countersign_problem::Problem;
use countersign_store::logs::LogBook;

use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing was exported.
#[derive(Debug, Problem)]
pub enum ExportError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Nothing can be carried, or it cannot be written.
    #[problem(transparent)]
    Carry(#[from] CarryError),
}

/// Puts envelopes into one zip. The current files are exported as they are; logs that were
/// rewritten since they were seen are noted in the book and journalled.
///
/// # Errors
/// If nothing can be carried, or file or journal cannot be written.
pub fn export(
    workspace: &Workspace,
    sources: &[PathBuf],
    out: &Path,
    book: &LogBook,
) -> Result<(ExportReport, Vec<Problem>), ExportError> {
    workspace.check_writable(out)?;
    let recorder = workspace.recorder()?;
    let report = carry::export(sources, out, book, recorder.as_ref());
    let noted = workspace.note_rewritten(book);
    Ok((report?, noted))
}
