//! The checkpoints beside a log: the last one, and the last one that witnesses signed. A new checkpoint
//! has no cosignatures yet; until it has, the older one tells what was witnessed.

use std::path::{Path, PathBuf};

use countersign_problem::Problem;
use countersign_tlog::checkpoint::{Checkpoint, CheckpointError};
use countersign_tlog::note::{MAX_NOTE, Note};

use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

/// The name of the last checkpoint (c2sp.org/tlog-tiles).
pub const CHECKPOINT: &str = "checkpoint";
/// The name of the last one that witnesses signed.
pub const WITNESSED: &str = "checkpoint.witnessed";

/// Why a file is no checkpoint.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum CheckpointFileError {
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It is not a checkpoint, or not the one that it should be.
    NotOne {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: CheckpointError,
    },
}

/// Reads a signed note; nothing of it is verified.
///
/// # Errors
/// If it cannot be read, or is none.
pub fn read(path: &Path) -> Result<Note, CheckpointFileError> {
    let bytes = reading::read(path, directory_of(path), MAX_NOTE as u64)?;
    Note::parse(&bytes).map_err(|cause| not_one(path, cause))
}

/// Reads the note beside a log under one of the two names; `None` if there is none.
///
/// # Errors
/// If it cannot be read, or is no note.
pub fn beside(log: &Path, name: &str) -> Result<Option<Note>, CheckpointFileError> {
    match read(&log.with_file_name(name)) {
        Err(CheckpointFileError::Read(ReadError::NotFound(_))) => Ok(None),
        other => other.map(Some),
    }
}

/// What a note in a file says as a checkpoint; whether it is signed is not looked at.
///
/// # Errors
/// If it is none.
pub fn checkpoint(path: &Path, note: &Note) -> Result<Checkpoint, CheckpointFileError> {
    Checkpoint::parse(&note.text).map_err(|cause| not_one(path, cause))
}

/// Writes a note beside a log, which is locked.
///
/// # Errors
/// If it cannot be written.
pub fn write(log: &Path, name: &str, note: &Note) -> Result<(), WriteError> {
    let path = log.with_file_name(name);
    safe_write::replace(&path, note.to_text().as_bytes(), Access::Like(log))
}

fn not_one(path: &Path, cause: impl Into<CheckpointError>) -> CheckpointFileError {
    CheckpointFileError::NotOne { path: path.to_owned(), cause: cause.into() }
}
