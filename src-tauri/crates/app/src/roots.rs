//! The roots that attestations may lead to.

use std::path::Path;

use countersign_problem::Problem;
use countersign_trust::attestation_roots::{self, RootCandidate, TrustError, TrustRootsView};

use crate::workspace::{Workspace, WorkspaceError};

/// Why the trusted roots were not changed.
#[derive(Debug, Problem)]
pub enum RootsError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The file or the folder does not allow it.
    #[problem(transparent)]
    Trust(#[from] TrustError),
}

/// The roots that are trusted.
///
/// # Errors
/// If there is no place for a trust folder, or it cannot be read.
pub fn view(workspace: &Workspace) -> Result<TrustRootsView, RootsError> {
    let folder = workspace.need_trust_folder()?;
    Ok(attestation_roots::view(folder, (workspace.now)())?)
}

/// The contents of a file, before any of it is trusted.
///
/// # Errors
/// If it has none that could be trusted, or file or folder cannot be read.
pub fn look(workspace: &Workspace, path: &Path) -> Result<Vec<RootCandidate>, RootsError> {
    let folder = workspace.need_trust_folder()?;
    Ok(attestation_roots::look(folder, path, (workspace.now)())?)
}

/// Trusts those certificates and keys of a file that a person has confirmed by their SHA-256.
///
/// # Errors
/// If none is confirmed, the file has none of that kind, or folder or journal cannot be written.
pub fn add(workspace: &Workspace, path: &Path, sha256: &[String]) -> Result<(), RootsError> {
    let folder = workspace.own_trust_folder()?;
    let recorder = workspace.recorder()?;
    attestation_roots::add(folder, path, sha256, recorder.as_ref())?;
    Ok(())
}

/// Trusts a certificate or key no longer.
///
/// # Errors
/// If it is not trusted, or folder or journal cannot be written.
pub fn remove(workspace: &Workspace, sha256: &str) -> Result<(), RootsError> {
    let folder = workspace.own_trust_folder()?;
    let recorder = workspace.recorder()?;
    Ok(attestation_roots::remove(folder, sha256, recorder.as_ref())?)
}
