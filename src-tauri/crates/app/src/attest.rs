//! Adding evidence of where a key is held to existing signatures.

use std::path::Path;

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_journal::Event;
use countersign_problem::Problem;
use countersign_store::evidence::{self, Attached, EvidenceError};

use crate::workspace::{Workspace, WorkspaceError};

/// Why evidence was not put beside a signature.
#[derive(Debug, Problem)]
pub enum AttestError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// It does not belong there, or cannot be written.
    #[problem(transparent)]
    Evidence(#[from] EvidenceError),
}

/// Adds evidence to the signatures of a run and its manifest that it is about. The journal must
/// take an entry before anything is written; it names the files afterwards.
///
/// # Errors
/// If the journal cannot be written, or the evidence does not belong there; nothing is written then.
pub fn attach(
    workspace: &Workspace,
    run: &Path,
    evidence: &KeyAttestation,
) -> Result<(Attached, Vec<Problem>), AttestError> {
    workspace.check_writable(run)?;
    workspace.check_journal()?;
    let attached = evidence::attach(run, evidence)?;
    let noted = workspace.note(&Event::EvidenceAttached {
        evidence: evidence.type_name().to_owned(),
        files: attached.files.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
    });
    Ok((attached, noted))
}
