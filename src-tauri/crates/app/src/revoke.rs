//! Revoking keys.

use countersign_admissibility::keyring::{Keyring, Revocation};
use countersign_problem::Problem;
use countersign_trust::keyring_file::{self, KeyringFileError};

use crate::workspace::{Workspace, WorkspaceError};

/// Why a key was not revoked.
#[derive(Debug, Problem)]
pub enum RevokeError {
    /// No reason was given.
    NoReason,
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// There is no such key, or the keyring cannot be written.
    #[problem(transparent)]
    Keyring(#[from] KeyringFileError),
}

/// Revokes a key of the keyring: its signatures from that time on do not count; of a compromised
/// key only those count that a trusted authority saw before.
///
/// # Errors
/// Fails if there is no reason or no such key, or if keyring or journal cannot be written.
pub fn revoke(
    workspace: &Workspace,
    key_id: &str,
    revocation: Revocation,
) -> Result<Keyring, RevokeError> {
    let reason = revocation.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(RevokeError::NoReason);
    }
    let path = workspace.own_keyring()?;
    let recorder = workspace.recorder()?;
    let revocation = Revocation { reason, ..revocation };
    Ok(keyring_file::revoke(path, key_id, &revocation, recorder.as_ref())?)
}
