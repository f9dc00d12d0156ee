//! `keyring.json` on disk.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::{Keyring, KeyringError};

use crate::reading::{self, ReadError, directory_of, resolved};
use crate::safe_write::{self, Access, WriteError};

/// The file's name in its default place.
pub const FILE_NAME: &str = "keyring.json";

const MAX_KEYRING_BYTES: u64 = 64 << 20;

/// Why the keyring could not be read or written.
#[derive(Debug, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum KeyringFileError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its content is no keyring, or the change is not one that it takes.
    #[error("{}: {error}", path.display())]
    Keyring {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: KeyringError,
    },
    /// The directory for it could not be made.
    #[error("{}: the directory for the keyring cannot be made ({source})", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Reads a keyring that has to be there.
///
/// # Errors
/// Where it is not there or no keyring.
pub fn read(path: &Path) -> Result<Keyring, KeyringFileError> {
    let path = &resolved(path);
    let bytes = reading::read(path, directory_of(path), MAX_KEYRING_BYTES)?;
    Keyring::parse(&bytes)
        .map_err(|error| KeyringFileError::Keyring { path: path.to_owned(), error })
}

/// Reads a keyring; an empty one where there is no file.
///
/// # Errors
/// Where there is a file that is no keyring.
pub fn read_or_empty(path: &Path) -> Result<Keyring, KeyringFileError> {
    match read(path) {
        Err(KeyringFileError::Read(ReadError::NotFound(_))) => Ok(Keyring::default()),
        other => other,
    }
}

/// Changes a keyring under its lock: reads it anew, changes it, writes it safely.
///
/// # Errors
/// Where it could not be read, changed or written; it is as it was then.
pub fn change(
    path: &Path,
    change: impl FnOnce(&mut Keyring) -> Result<(), KeyringError>,
) -> Result<Keyring, KeyringFileError> {
    let path = &resolved(path);
    let directory = directory_of(path);
    std::fs::create_dir_all(directory)
        .map_err(|source| KeyringFileError::Directory { path: directory.to_owned(), source })?;
    let _lock = safe_write::lock(directory)?;
    let mut keyring = read_or_empty(path)?;
    change(&mut keyring)
        .map_err(|error| KeyringFileError::Keyring { path: path.to_owned(), error })?;
    safe_write::replace(path, keyring.to_text().as_bytes(), Access::Shared)?;
    Ok(keyring)
}
