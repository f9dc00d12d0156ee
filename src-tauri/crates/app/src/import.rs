//! Envelopes from the file of an export.

use countersign_exchange::carry::{self, CarryError, ImportReport};
use countersign_problem::Problem;

use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing was imported.
#[derive(Debug, Problem)]
pub enum ImportError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The file is not what it says, or nothing can be written.
    #[problem(transparent)]
    Carry(#[from] CarryError),
}

pub use countersign_exchange::carry::Import;

/// Imports envelopes. Logs of the target that were rewritten since they were seen are journalled,
/// whether or not anything is imported.
///
/// # Errors
/// Fails if the file does not match its list or the expected digest, or if nothing can be written.
pub fn import(
    workspace: &Workspace,
    import: &Import<'_>,
) -> Result<(ImportReport, Vec<Problem>), ImportError> {
    workspace.check_writable(import.target)?;
    let recorder = workspace.recorder()?;
    let report = carry::import(import, recorder.as_ref());
    let noted = workspace.note_rewritten(import.book);
    Ok((report?, noted))
}
