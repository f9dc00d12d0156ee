//! Envelopes from the file of an export.

use std::path::Path;

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::digest::Digest;
use countersign_exchange::carry::{self, CarryError, ImportReport};
use countersign_problem::Problem;
use countersign_store::logs::LogBook;

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

/// What is imported, and where to.
#[derive(Debug)]
pub struct Import<'a> {
    /// The file, or the folder that it was unpacked into.
    pub archive: &'a Path,
    /// The directory of envelopes.
    pub target: &'a Path,
    /// The digest that it must have, if the sender told one.
    pub expected: Option<Digest>,
    /// Whose keys bring terms.
    pub keyring: &'a Keyring,
    /// The logs of the target.
    pub book: &'a LogBook,
}

/// Imports envelopes. Logs of the target that were rewritten since they were seen are journalled,
/// whether or not anything is imported.
///
/// # Errors
/// If the file is not what it says or not the one that was expected, or nothing can be written.
pub fn import(
    workspace: &Workspace,
    import: &Import<'_>,
) -> Result<(ImportReport, Vec<Problem>), ImportError> {
    workspace.check_writable(import.target)?;
    let recorder = workspace.recorder()?;
    let Import { archive, target, expected, keyring, book } = import;
    let report = carry::import(archive, target, *expected, keyring, book, recorder.as_ref());
    let noted = workspace.note_rewritten(book);
    Ok((report?, noted))
}
