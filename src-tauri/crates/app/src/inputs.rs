//! Comparing the files that a run was made from with those of a directory.

use std::path::{Path, PathBuf};

use countersign_admissibility::inputs::FoundInputs;
use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::Problem;
use countersign_store::inputs::{self, Follow, InputsError};
use countersign_store::reading::{self, ReadError, directory_of};

/// Why the files are not compared.
#[derive(Debug, Problem)]
#[problem(area = "inputs-use")]
#[non_exhaustive]
pub enum InputsUseError {
    /// The run cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It is no run.
    Run {
        /// The run.
        path: PathBuf,
        /// The reason.
        cause: ArtifactError,
    },
    /// The files are not looked up.
    #[problem(transparent)]
    Inputs(#[from] InputsError),
}

/// The files that a run was made from, as they were found.
#[derive(Debug)]
pub struct CheckedInputs {
    /// The SHA-256 of the canonical bytes of the run: what was found is about these and no others.
    pub run: Digest,
    /// What was found.
    pub found: FoundInputs,
}

/// Looks up the files of a run below a directory.
///
/// # Errors
/// Fails if the run cannot be read, there is no such directory, or the person stops it.
pub fn check(
    run: &Path,
    directory: &Path,
    follow: &dyn Follow,
) -> Result<CheckedInputs, InputsUseError> {
    let bytes = reading::read(run, directory_of(run), MAX_BYTES)?;
    let sealed = SealedRun::parse(&bytes);
    let sealed = sealed.map_err(|cause| InputsUseError::Run { path: run.to_owned(), cause })?;
    let found = inputs::look_up(&sealed, directory, follow)?;
    Ok(CheckedInputs { run: sealed.artifact().canonical().digest(), found })
}
