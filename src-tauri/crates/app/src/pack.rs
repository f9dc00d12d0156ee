//! The evidence for one envelope, for an auditor.

use std::path::Path;

use countersign_admissibility::Judge;
use countersign_exchange::pack::{self, PackError, Packed};
pub use countersign_exchange::pack::{InputsFrom, ToPack};
use countersign_problem::Problem;
use countersign_store::logs::LogBook;

use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing was packed.
#[derive(Debug, Problem)]
pub enum PackingError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The envelope cannot be packed, or the pack not written.
    #[problem(transparent)]
    Pack(#[from] PackError),
}

/// The report of an envelope, as its pack would contain it: one HTML page.
///
/// # Errors
/// If a file of the envelope cannot be read.
pub fn report(run: &Path, judge: &Judge<'_>, book: &LogBook) -> Result<Vec<u8>, PackingError> {
    Ok(pack::collect(ToPack::new(run, judge, book))?.report_page().to_vec())
}

/// Collects all that shows one envelope to be admissible, and writes it to a folder or a zip.
///
/// # Errors
/// If a file of the envelope cannot be read, a file that its run was made from differs, or pack or journal
/// cannot be written.
pub fn pack(workspace: &Workspace, what: ToPack<'_>, out: &Path) -> Result<Packed, PackingError> {
    workspace.check_writable(out)?;
    let packed = pack::collect(what)?;
    packed.write(out, workspace.recorder()?.as_ref())?;
    Ok(packed)
}
