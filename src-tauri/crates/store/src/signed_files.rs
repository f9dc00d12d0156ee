//! The signature files of a run and of its manifest, read together to be added to.

use countersign_problem::Problem;
use std::path::{Path, PathBuf};

use countersign_admissibility::claims::Signed;
use countersign_envelope::artifact::{Artifact, ArtifactError};
use countersign_envelope::file_name::{MAX_BYTES, manifest_of, signature_of};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::PayloadType;
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError};

use crate::reading::{self, ReadError, directory_of, name_of};
use crate::safe_write::{self, Access, WriteError};

/// Why signature files are not added to. They are unchanged then.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SignedFilesError {
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A run or manifest is none.
    Artifact {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: ArtifactError,
    },
    /// The signatures cannot be read or are about something else.
    Signatures {
        /// The signature file.
        path: PathBuf,
        /// The reason.
        error: SignatureFileError,
    },
    /// A signature file could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

/// A run with its manifest, and their signature files.
#[derive(Debug)]
pub struct SignedFiles {
    run: SealedRun,
    manifest: Option<Manifest>,
    /// The signature files that are there.
    pub files: Vec<SignedFile>,
}

/// One signature file.
#[derive(Debug, Clone)]
pub struct SignedFile {
    /// Its path.
    pub path: PathBuf,
    /// What it is about.
    pub kind: PayloadType,
    /// Its content.
    pub signatures: SignatureFile,
}

impl SignedFiles {
    /// Reads them.
    ///
    /// # Errors
    /// Fails if one is there and cannot be read, or has a form that would lose something if it were
    /// written again.
    pub fn read(run: &Path) -> Result<Self, SignedFilesError> {
        let directory = directory_of(run);
        let path = run.with_file_name(manifest_of(&name_of(run)));
        let read = |path: &Path| reading::read(path, directory, MAX_BYTES);
        let refused = |path: &Path| {
            let path = path.to_owned();
            move |error| SignedFilesError::Artifact { path, error }
        };
        let parsed = SealedRun::parse(&read(run)?).map_err(refused(run))?;
        let manifest = match read(&path) {
            Ok(bytes) => Some(Manifest::parse(&bytes).map_err(refused(&path))?),
            Err(ReadError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let mut both = Self { run: parsed, manifest, files: Vec::new() };
        for (artifact, kind) in [(run, PayloadType::SealedRun), (&path, PayloadType::Manifest)] {
            let Some(signed) = both.signed(kind) else { continue };
            let path = artifact.with_file_name(signature_of(&name_of(artifact)));
            let bytes = match read(&path) {
                Ok(bytes) => bytes,
                Err(ReadError::NotFound(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let signatures = SignatureFile::parse_for_rewrite(&bytes)
                .and_then(|file| file.check_about(signed.artifact).map(|()| file))
                .map_err(|error| SignedFilesError::Signatures { path: path.clone(), error })?;
            both.files.push(SignedFile { path, kind, signatures });
        }
        Ok(both)
    }

    /// What the signatures on the run or on the manifest are about; `None` if it is not there.
    pub fn signed(&self, kind: PayloadType) -> Option<Signed<'_>> {
        let manifest: Option<&Artifact> = self.manifest.as_ref().map(Manifest::artifact);
        match kind {
            PayloadType::SealedRun => Some(Signed::run(&self.run)),
            PayloadType::Manifest => Some(Signed::manifest(manifest?, Some(&self.run))),
        }
    }

    /// The run.
    pub fn run(&self) -> &SealedRun {
        &self.run
    }
}

/// Changes the signature files of a run and of its manifest under the lock of their directory, all
/// of them or none. Returns the paths of those that were written, and what the change returns.
///
/// # Errors
/// Fails if they cannot be read or written, or the change fails; nothing is written then.
pub fn change<T, E: From<SignedFilesError>>(
    run: &Path,
    change: impl FnOnce(&mut SignedFiles) -> Result<T, E>,
) -> Result<(Vec<PathBuf>, T), E> {
    let _lock = safe_write::lock(directory_of(run)).map_err(SignedFilesError::from)?;
    let mut files = SignedFiles::read(run)?;
    let before = files.files.clone();
    let changed = change(&mut files)?;
    let (mut prepared, mut paths) = (Vec::new(), Vec::new());
    for (before, after) in before.iter().zip(&files.files) {
        if before.signatures != after.signatures {
            let text = after.signatures.to_text();
            let one = safe_write::prepare(&after.path, text.as_bytes(), Access::Shared);
            prepared.push(one.map_err(SignedFilesError::from)?);
            paths.push(after.path.clone());
        }
    }
    safe_write::commit(prepared).map_err(SignedFilesError::from)?;
    Ok((paths, changed))
}
