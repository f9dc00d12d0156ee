//! That a run is in a log, for someone who has only the log's head.

use std::path::{Path, PathBuf};

use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{MAX_BYTES, MAX_LOG_BYTES};
use countersign_envelope::inclusion::{Included, InclusionError, InclusionProof, TrustedHead};
use countersign_envelope::log_head::{LogHead, LogHeadError};
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::Problem;
use countersign_store::logs;
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};

use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing is proved.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ProofError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The file for the proof is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// The proof cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The log cannot prove it.
    Log {
        /// The log.
        path: PathBuf,
        /// The reason.
        cause: InclusionError,
    },
    /// The run cannot be read.
    Run {
        /// The run.
        path: PathBuf,
        /// The reason.
        cause: ArtifactError,
    },
    /// The head cannot be read.
    Head {
        /// Its file.
        path: PathBuf,
        /// The reason.
        cause: LogHeadError,
    },
    /// The head of a log without entries.
    EmptyLog {
        /// Its file.
        path: PathBuf,
    },
    /// The proof does not hold for the run.
    DoesNotHold {
        /// The proof.
        path: PathBuf,
        /// The name of the run.
        run: String,
        /// The reason.
        cause: InclusionError,
    },
}

/// The proof that runs are in a log.
#[derive(Debug)]
pub struct Proof {
    /// The proof: the entries of the runs and all later ones.
    pub proof: InclusionProof,
    /// Where each run is in the log, in the order of the runs.
    pub included: Vec<Included>,
}

/// Proves that runs are in a log as it is now.
///
/// # Errors
/// If a run or the log cannot be read, or a run is not in the log.
pub fn prove(runs: &[PathBuf], log: &Path) -> Result<Proof, ProofError> {
    let read: Vec<SealedRun> = runs.iter().map(|run| read_run(run)).collect::<Result<_, _>>()?;
    let chain = logs::read_chain(log)?;
    let failed = |cause| ProofError::Log { path: log.to_owned(), cause };
    let proof = InclusionProof::new(&chain, &read).map_err(failed)?;
    let included = read.iter().map(|run| proof.check(run, None)).collect::<Result<_, _>>();
    Ok(Proof { included: included.map_err(failed)?, proof })
}

impl Proof {
    /// Writes the proof to a file. Only another proof is replaced.
    ///
    /// # Errors
    /// If the file is something else, lies in what is only reviewed, or cannot be written.
    pub fn write(&self, workspace: &Workspace, out: &Path) -> Result<(), ProofError> {
        workspace.check_writable(out)?;
        overwrite::check(out, FileKind::InclusionProof)?;
        let _lock = safe_write::lock(directory_of(out))?;
        Ok(safe_write::replace(out, self.proof.to_text().as_bytes(), Access::Shared)?)
    }
}

/// Checks the proof in a file for a run, without the log; against a head that is trusted, if there is
/// one. Returns where the run is.
///
/// # Errors
/// Fails with [`ProofError::DoesNotHold`] if the proof does not hold; also if a file cannot be read.
pub fn check(
    proof: &Path,
    run: &Path,
    trusted: Option<TrustedHead>,
) -> Result<Included, ProofError> {
    let sealed = read_run(run)?;
    let bytes = reading::read(proof, directory_of(proof), MAX_LOG_BYTES)?;
    let included = InclusionProof::parse(&bytes).and_then(|read| read.check(&sealed, trusted));
    included.map_err(|cause| {
        let (path, run) = (proof.to_owned(), name_of(run));
        ProofError::DoesNotHold { path, run, cause }
    })
}

/// The head that a person trusts: of a file, or of the hash of a last entry.
///
/// # Errors
/// If it is neither, or the head of an empty log, which proves nothing.
pub fn trusted_head(named: &str) -> Result<TrustedHead, ProofError> {
    if let Some(entry_hash) = Digest::parse(named) {
        return Ok(TrustedHead { entry_hash, entry_count: None });
    }
    let path = PathBuf::from(named);
    let bytes = reading::read(&path, directory_of(&path), MAX_BYTES)?;
    let head = LogHead::parse(&bytes);
    let head = head.map_err(|cause| ProofError::Head { path: path.clone(), cause })?;
    let entry_hash = head.latest_entry_hash.as_str().and_then(Digest::parse);
    let entry_hash = entry_hash.ok_or(ProofError::EmptyLog { path })?;
    Ok(TrustedHead { entry_hash, entry_count: Some(head.entry_count) })
}

fn read_run(path: &Path) -> Result<SealedRun, ProofError> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    SealedRun::parse(&bytes).map_err(|cause| ProofError::Run { path: path.to_owned(), cause })
}
