//! `keyring.json` on disk.

use countersign_problem::Problem;
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::Certificate;
use countersign_admissibility::keyring::{Key, Keyring, KeyringError, Revocation};

use countersign_journal::{self as journal, Event, JournalError, Recorder};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{self, ReadError, directory_of, resolved};
use countersign_store::safe_write::{self, Access, WriteError};

use crate::adopted::{self, AdoptedError};
use crate::log_policy::{self, LogPolicyError};

/// The file's name in its default place.
pub const FILE_NAME: &str = countersign_envelope::file_name::KEYRING;

const MAX_KEYRING_BYTES: u64 = 64 << 20;

/// Why the keyring could not be read or written.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum KeyringFileError {
    /// The file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// Its content is not a keyring, or the change is not allowed.
    Keyring {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: KeyringError,
    },
    /// The directory for it could not be made.
    Directory {
        /// The directory.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The change cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
    /// Other users can write the file.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// The policy of logs beside it cannot be used.
    #[problem(transparent)]
    LogPolicy(#[from] LogPolicyError),
    /// The file is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// It is the signed keyring, which cannot be used or is not changed here.
    #[problem(transparent)]
    Adopted(#[from] AdoptedError),
}

/// Reads a keyring that must be there, and that nobody but the user and root can write, with the policy
/// of logs beside it. It may be the signed keyring ([`adopted`]).
///
/// # Errors
/// If it is not there, other users can write it, or it is not a keyring.
pub fn read(path: &Path) -> Result<Keyring, KeyringFileError> {
    if let Some(directory) = adopted::of_keyring(path) {
        return Ok(adopted::read(directory)?.keyring());
    }
    ownership::check(path)?;
    Ok(read_from_anyone(path)?.with_log_policy(log_policy::read_if_any(&log_policy::beside(path))?))
}

/// Reads a keyring that is the word of whoever sent it, whoever can write the file.
///
/// # Errors
/// If it is not there or not a keyring.
pub fn read_from_anyone(path: &Path) -> Result<Keyring, KeyringFileError> {
    let path = &resolved(path);
    let bytes = reading::read(path, directory_of(path), MAX_KEYRING_BYTES)?;
    Keyring::parse(&bytes)
        .map_err(|error| KeyringFileError::Keyring { path: path.to_owned(), error })
}

/// Reads a keyring, and the policy of logs beside it. Returns an empty one if there is no file.
///
/// # Errors
/// Fails if the file is not a keyring.
pub fn read_or_empty(path: &Path) -> Result<Keyring, KeyringFileError> {
    match read(path) {
        Err(KeyringFileError::Read(ReadError::NotFound(_))) => {
            let policy = log_policy::read_if_any(&log_policy::beside(path))?;
            Ok(Keyring::default().with_log_policy(policy))
        }
        other => other,
    }
}

/// Adds a key and journals that.
///
/// # Errors
/// Fails if the keyring cannot be read or written, does not take the key, or the journal cannot be
/// written; the keyring is unchanged then.
pub fn add(path: &Path, key: Key, recorder: &dyn Recorder) -> Result<Keyring, KeyringFileError> {
    let keyring = path.display().to_string();
    let event = Event::KeyAdded { keyring, key: Box::new(key.clone()) };
    change(path, |keyring| keyring.add(key.clone()), |_| Some(event), recorder)
}

/// Checks that a key could be added now, before anything is asked for it that may cost an attempt.
///
/// # Errors
/// As [`add`], if that is certain before the journal is written.
pub fn check_add(path: &Path, key: Key) -> Result<(), KeyringFileError> {
    adopted::check_plain(path)?;
    let mut keyring = read_or_empty(path)?;
    let path = &resolved(path);
    keyring.add(key).map_err(|error| KeyringFileError::Keyring { path: path.to_owned(), error })?;
    match directory_of(path).is_dir() {
        true => Ok(safe_write::rehearse(path, Access::Own)?),
        false => Ok(()),
    }
}

/// Revokes a key from a time on and journals that.
///
/// # Errors
/// As for [`add`]; also if there is no such key, it is already revoked, or it is said to be
/// compromised from a time that cannot be.
pub fn revoke(
    path: &Path,
    key_id: &str,
    revocation: &Revocation,
    recorder: &dyn Recorder,
) -> Result<Keyring, KeyringFileError> {
    let event = |revoked: &Keyring| {
        let key = revoked.keys().iter().find(|key| key.key_id == key_id)?;
        let keyring = path.display().to_string();
        Some(Event::KeyRevoked { keyring, key: Box::new(key.clone()) })
    };
    change(path, |keyring| keyring.revoke(key_id, revocation), event, recorder)
}

/// Keeps certificates beside a key instead of those that were there, or none if none are given, and
/// journals that.
///
/// # Errors
/// As for [`add`]; also if there is no such key, none of the certificates is for it, or there are none to
/// remove.
pub fn certify(
    path: &Path,
    key_id: &str,
    certificates: &[Certificate],
    recorder: &dyn Recorder,
) -> Result<Keyring, KeyringFileError> {
    let event = |certified: &Keyring| {
        let key = certified.keys().iter().find(|key| key.key_id == key_id)?;
        let keyring = path.display().to_string();
        Some(Event::KeyCertified { keyring, key: Box::new(key.clone()) })
    };
    let certify = |keyring: &mut Keyring| match certificates {
        [] => keyring.remove_certificates(key_id),
        some => keyring.certify(key_id, some.to_vec()),
    };
    change(path, certify, event, recorder)
}

/// Tries a change on the keyring as it is, journals it, and makes it under the keyring's lock, on
/// the keyring as it is then. The journal may lie in the same directory, under the same lock.
fn change(
    path: &Path,
    change: impl Fn(&mut Keyring) -> Result<(), KeyringError>,
    event: impl FnOnce(&Keyring) -> Option<Event>,
    recorder: &dyn Recorder,
) -> Result<Keyring, KeyringFileError> {
    adopted::check_plain(path)?;
    overwrite::check(path, FileKind::Keyring)?;
    let named = path;
    let path = &resolved(named);
    let changed = || {
        let mut keyring = read_or_empty(named)?;
        match change(&mut keyring) {
            Ok(()) => Ok(keyring),
            Err(error) => Err(KeyringFileError::Keyring { path: path.to_owned(), error }),
        }
    };
    let events: Vec<Event> = event(&changed()?).into_iter().collect();
    journal::journalled(recorder, &events, || {
        let directory = directory_of(path);
        make_private_directory(directory)
            .map_err(|source| KeyringFileError::Directory { path: directory.to_owned(), source })?;
        let _lock = safe_write::lock(directory)?;
        let keyring = changed()?;
        safe_write::replace(path, keyring.to_text().as_bytes(), Access::Own)?;
        Ok(keyring)
    })
}
