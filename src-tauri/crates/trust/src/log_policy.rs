//! The policy of logs and witnesses (c2sp.org/tlog-policy), beside the keyring: which keys sign
//! checkpoints, and how many witnesses are enough.

use std::path::{Path, PathBuf};

use countersign_problem::Problem;
use countersign_store::ownership::{self, OwnershipError};
use countersign_store::reading::{self, ReadError, directory_of, resolved};
use countersign_tlog::policy::{MAX_POLICY, Policy, PolicyError};

/// The file's name; it is beside the keyring.
pub const FILE_NAME: &str = "log-policy";

/// Why a policy is not used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum LogPolicyError {
    /// The file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// Other users can write the file.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// It is no policy.
    NotOne {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: PolicyError,
    },
    /// It is not text.
    NotText {
        /// The file.
        path: PathBuf,
    },
}

/// The policy of a station whose keyring is at a path.
pub fn beside(keyring: &Path) -> PathBuf {
    keyring.with_file_name(FILE_NAME)
}

/// Reads a policy that must be there, and that nobody but the user and root can write.
///
/// # Errors
/// If it is not there, other users can write it, or it is no policy.
pub fn read(path: &Path) -> Result<Policy, LogPolicyError> {
    ownership::check(path)?;
    let path = resolved(path);
    let bytes = reading::read(&path, directory_of(&path), MAX_POLICY as u64)?;
    let text = std::str::from_utf8(&bytes);
    let text = text.map_err(|_| LogPolicyError::NotText { path: path.clone() })?;
    Policy::parse(text).map_err(|cause| LogPolicyError::NotOne { path, cause })
}

/// Reads a policy; `None` if there is no file.
///
/// # Errors
/// As [`read`], of a file that is there.
pub fn read_if_any(path: &Path) -> Result<Option<Policy>, LogPolicyError> {
    match read(path) {
        Err(LogPolicyError::Read(ReadError::NotFound(_))) => Ok(None),
        other => other.map(Some),
    }
}
