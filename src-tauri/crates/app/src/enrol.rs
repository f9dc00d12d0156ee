//! Bringing keys into the keyring.

use std::path::PathBuf;

use countersign_admissibility::keyring::Key;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::SignerType;
use countersign_problem::Problem;
use countersign_signers::Signer as _;
use countersign_store::overwrite::{self, FileKind};
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
    let path = workspace.own_keyring()?;
    overwrite::check(path, FileKind::Keyring).map_err(KeyringFileError::from)?;
    keyring_file::check_add(path, key)?;
    Ok(workspace.check_journal()?)
}

/// A software key to make, in an encrypted file.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The file; nothing may be there yet.
    pub path: PathBuf,
    /// Whose it is to be.
    pub holder: Holder,
}

impl NewKey {
    /// Checks, before a passphrase is asked for, that the key could be made and enrolled now.
    ///
    /// # Errors
    /// If its place is not free, its entry is not complete, or the keyring would not take it.
    pub fn check(&self, workspace: &Workspace) -> Result<(), EnrolError> {
        self.check_place(workspace)?;
        check(workspace, self.holder.clone().entry(None, SignerType::Software, (workspace.now)())?)
    }

    /// The same for a key that is not to be enrolled.
    ///
    /// # Errors
    /// If its place is not free, its entry would not be complete, or the journal cannot be written.
    pub fn check_place(&self, workspace: &Workspace) -> Result<(), EnrolError> {
        self.holder.clone().entry(None, SignerType::Software, (workspace.now)())?;
        workspace.check_writable(&self.path)?;
        enrolment::check_free(&self.path)?;
        Ok(workspace.check_journal()?)
    }

    /// Makes the key. It is in its file from then on, whether or not the keyring takes it.
    ///
    /// # Errors
    /// As for [`Self::check_place`]; also if the file cannot be written.
    pub fn create(
        self,
        workspace: &Workspace,
        passphrase: &SecretString,
    ) -> Result<CreatedKey, EnrolError> {
        self.check_place(workspace)?;
        let recorder = workspace.recorder()?;
        let signer = enrolment::create_key(&self.path, passphrase, recorder.as_ref())?;
        Ok(CreatedKey { public_key: signer.public_key().cloned(), holder: self.holder })
    }
}

/// A software key that was made.
#[derive(Debug)]
pub struct CreatedKey {
    /// Its public half.
    pub public_key: Option<PublicKey>,
    holder: Holder,
}

impl CreatedKey {
    /// Adds it to the keyring.
    ///
    /// # Errors
    /// As for [`enrol`].
    pub fn enrol(self, workspace: &Workspace) -> Result<Enrolled, EnrolError> {
        let (public_key, now) = (self.public_key.as_ref(), (workspace.now)());
        enrol(workspace, self.holder.entry(public_key, SignerType::Software, now)?)
    }
}

/// Makes a software key in an encrypted file, and enrols it.
///
/// # Errors
/// As for [`NewKey::check`], before anything is made; also if file, keyring or journal cannot be
/// written.
pub fn create_key(
    workspace: &Workspace,
    key: NewKey,
    passphrase: &SecretString,
) -> Result<Enrolled, EnrolError> {
    key.check(workspace)?;
    key.create(workspace, passphrase)?.enrol(workspace)
}
