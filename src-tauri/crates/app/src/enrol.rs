//! Bringing keys into the keyring.

use std::path::Path;

use countersign_admissibility::keyring::Key;
use countersign_envelope::signature::SignerType;
use countersign_problem::Problem;
use countersign_signers::Signer as _;
use countersign_trust::enrolment::{self, EnrolmentError, Found, Holder};
use countersign_trust::keyring_file::{self, KeyringFileError};
use secrecy::SecretString;

use crate::workspace::{Workspace, WorkspaceError};

/// Why a key was not enrolled.
#[derive(Debug, Problem)]
pub enum EnrolError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The key, or what was said of it, is not complete.
    #[problem(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// The keyring does not take it.
    #[problem(transparent)]
    Keyring(#[from] KeyringFileError),
}

/// A key that has come into the keyring.
#[derive(Debug)]
pub struct Enrolled {
    /// Its entry.
    pub key: Key,
    /// Other owners whose names look like the new one's.
    pub look_alikes: Vec<String>,
}

/// The entry for a key from a file or pasted text, with what its signature proves.
///
/// # Errors
/// If its id, its owner or a role is missing, or it would never be valid.
pub fn entry(
    workspace: &Workspace,
    found: &Found,
    holder: Holder,
    kind: SignerType,
) -> Result<Key, EnrolError> {
    let key = holder.or_found(found).entry(Some(&found.public_key), kind, (workspace.now)())?;
    Ok(match &found.attestation {
        Some(attestation) => key.with_attestation(attestation),
        None => key,
    })
}

/// Adds a key to the keyring.
///
/// # Errors
/// If the keyring does not take it or cannot be written, or that cannot be journalled.
pub fn enrol(workspace: &Workspace, key: Key) -> Result<Enrolled, EnrolError> {
    let path = workspace.own_keyring()?;
    let recorder = workspace.recorder()?;
    let keyring = keyring_file::add(path, key.clone(), recorder.as_ref())?;
    let look_alikes = keyring.looking_like(&key.owner).map(str::to_owned).collect();
    Ok(Enrolled { key, look_alikes })
}

/// Checks that a key could be enrolled now, before anything is asked for it that may cost an attempt.
///
/// # Errors
/// As [`enrol`], if that is certain already.
pub fn check(workspace: &Workspace, key: Key) -> Result<(), EnrolError> {
    keyring_file::check_add(workspace.own_keyring()?, key)?;
    Ok(workspace.check_journal()?)
}

/// Makes a software key in an encrypted file, and enrols it.
///
/// # Errors
/// Fails if the keyring does not accept the key, or if file, keyring or journal cannot be written.
/// An incomplete entry is refused before the key is made.
pub fn create_key(
    workspace: &Workspace,
    path: &Path,
    holder: Holder,
    passphrase: &SecretString,
) -> Result<Enrolled, EnrolError> {
    workspace.check_writable(path)?;
    workspace.own_keyring()?;
    let now = (workspace.now)();
    holder.clone().entry(None, SignerType::Software, now)?;
    let signer = enrolment::create_key(path, passphrase, workspace.recorder()?.as_ref())?;
    enrol(workspace, holder.entry(signer.public_key(), SignerType::Software, now)?)
}
