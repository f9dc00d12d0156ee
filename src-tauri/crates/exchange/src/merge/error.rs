//! Why an envelope cannot be merged.

use std::path::PathBuf;

use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::refusal::RefusalsFileError;
use countersign_envelope::signature_file::SignatureFileError;
use countersign_journal::JournalError;
use countersign_problem::Problem;
use countersign_store::directory::DirectoryError;
use countersign_store::reading::ReadError;
use countersign_store::safe_write::WriteError;

/// Why an envelope was not united with its copies. Its files are then as they were.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum MergeError {
    /// A file of the target, or a copy that was named, cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The target is a directory that cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// There is no sealed run in the target.
    NoRun(PathBuf),
    /// The run or manifest of the target is not JSON.
    NotAnArtifact {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: ArtifactError,
    },
    /// The signatures of the target cannot be added to.
    #[arg(markers = error.has_conflict_markers(), remedy = error.problem().hint())]
    Existing {
        /// The signature file.
        path: PathBuf,
        /// The reason.
        error: SignatureFileError,
    },
    /// The refusals of the target cannot be added to.
    Refusals {
        /// The file of refusals.
        path: PathBuf,
        /// The reason.
        error: RefusalsFileError,
    },
    /// Git stopped in the middle of a merge of the target's signatures.
    ConflictMarkers(PathBuf),
    /// A file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The act could not be journalled, and so was not done.
    Journal(#[from] JournalError),
}
