//! Envelopes in one file, for another station.

use std::path::{Path, PathBuf};

use countersign_exchange::carry::{self, ExportReport};
use countersign_problem::Problem;
use countersign_store::logs::LogBook;

use crate::workspace::Workspace;

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
) -> Result<(ExportReport, Vec<Problem>), Problem> {
    workspace.check_writable(out)?;
    let recorder = workspace.recorder()?;
    let report = carry::export(sources, out, book, recorder.as_ref());
    let noted = workspace.note_rewritten(book);
    Ok((report?, noted))
}
