//! Trusting the attestation key of a TPM, by what the TPM proves of itself: that it holds an endorsement
//! key which its maker certified, beside the attestation key.

use std::path::Path;
use std::time::Duration;

use countersign_admissibility::attestation::{AttestationError, Candidate, TpmArea, TpmProblem};
use countersign_problem::Problem;
use countersign_signers::tpm2_tools::{self, Challenge, TpmObject};
use countersign_signers::{Attend, SignerError};
use countersign_store::evidence::{self, EvidenceError};
use countersign_trust::attestation_roots::{self, TrustError};

use crate::roots::TrustedFor;
use crate::workspace::{Workspace, WorkspaceError};

/// How long the secret is that a TPM has to give back, in bytes. A TPM takes no more than the digest of
/// its endorsement key's name has.
const SECRET: usize = 32;

/// Why an attestation key is not trusted.
#[derive(Debug, Problem)]
pub enum EndorseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The trust folder does not allow it.
    #[problem(transparent)]
    Trust(#[from] TrustError),
    /// The certificate cannot be read.
    #[problem(transparent)]
    Certificate(#[from] EvidenceError),
    /// The TPM did not do what it was asked.
    #[problem(transparent)]
    Tpm(#[from] SignerError),
    /// The certificate, or one of the keys, does not say what it must.
    NotEndorsed {
        /// Why not.
        cause: AttestationError,
    },
    /// The operating system gave no random numbers.
    Random,
}

/// The keys of a TPM.
#[derive(Debug)]
pub struct Endorse<'a> {
    /// The endorsement key; its authorisation is that of the endorsement hierarchy.
    pub endorsement_key: &'a TpmObject,
    /// The attestation key.
    pub attestation_key: &'a TpmObject,
    /// The file with the certificate of the endorsement key.
    pub certificate: &'a Path,
    /// The timeout of each program.
    pub timeout: Option<Duration>,
}

/// Has a TPM prove that it holds an endorsement key that a trusted root certifies, and an attestation key
/// beside it; then trusts the attestation key with its attributes, and keeps why.
///
/// # Errors
/// If it does not prove that, or folder or journal cannot be written; nothing is trusted then.
pub fn endorse(
    workspace: &Workspace,
    keys: &Endorse<'_>,
    attend: &dyn Attend,
) -> Result<TpmArea, EndorseError> {
    let folder = workspace.own_trust_folder(TrustedFor::Attestations)?;
    let recorder = workspace.recorder()?;
    let roots = attestation_roots::read(folder)?.roots();
    let certificate = evidence::read_certificate(keys.certificate)?;
    let (ek, ak) = (keys.endorsement_key, keys.attestation_key);
    let [ek_public, ak_public] = tpm2_tools::public_areas([ek, ak], keys.timeout, attend)?;
    let not_endorsed = |cause| EndorseError::NotEndorsed { cause };
    let now = (workspace.now)();
    let candidate = Candidate::check(&certificate, (&ek_public, &ak_public), &roots, now);
    let candidate = candidate.map_err(not_endorsed)?;
    let mut secret = [0; SECRET];
    getrandom::fill(&mut secret).map_err(|_| EndorseError::Random)?;
    let challenge = Challenge {
        endorsement_key: ek,
        endorsement_public: &ek_public,
        attestation_key: ak,
        name: &candidate.name,
        secret: &secret,
    };
    if tpm2_tools::activate(&challenge, keys.timeout, attend)? != secret {
        return Err(not_endorsed(TpmProblem::NotActivated.into()));
    }
    let area = candidate.proven(now);
    attestation_roots::add_endorsed(folder, &area, recorder.as_ref())?;
    Ok(area)
}
