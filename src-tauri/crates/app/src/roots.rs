//! The roots that attestations, time-stamping authorities and the certificates of people may lead to, and
//! the lists of revoked certificates.

use std::path::Path;

use countersign_admissibility::time_stamp::TsaRoots;
use countersign_envelope::vocabulary;
use countersign_problem::Problem;
use countersign_trust::attestation_roots::{self, RootCandidate, TrustError, TrustRootsView};
use countersign_trust::revocation_lists::{self, RevocationListsView};
use countersign_trust::{certificate_folder, tsa_roots};

use crate::workspace::{Workspace, WorkspaceError};

vocabulary! {
    /// What roots are trusted for. One is trusted for nothing else: one for attestations vouches for no
    /// time, one for names for no key.
    TrustedFor {
        /// Attestations of hardware keys.
        Attestations = "attestations",
        /// Time stamps.
        TimeStamps = "time_stamps",
        /// The names in the certificates of people.
        Names = "names",
    }
}

/// Why the trusted roots were not changed.
#[derive(Debug, Problem)]
pub enum RootsError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The file or the folder does not allow it.
    #[problem(transparent)]
    Trust(#[from] TrustError),
}

/// The roots that are trusted.
///
/// # Errors
/// If there is no place for a trust folder, or it cannot be read.
pub fn view(workspace: &Workspace, what: TrustedFor) -> Result<TrustRootsView, RootsError> {
    let (folder, now) = (workspace.need_trust_folder(what)?, (workspace.now)());
    Ok(match what {
        TrustedFor::Attestations => attestation_roots::view(folder, now)?,
        TrustedFor::TimeStamps | TrustedFor::Names => certificate_folder::view(folder, now)?,
    })
}

/// The roots of time-stamping authorities that are trusted. What of their folder cannot be read is
/// left out, as where envelopes are judged.
///
/// # Errors
/// If there is no place for a trust folder, or it cannot be read.
pub fn authorities(workspace: &Workspace) -> Result<TsaRoots, RootsError> {
    let folder = workspace.need_trust_folder(TrustedFor::TimeStamps)?;
    Ok(tsa_roots::roots(&attestation_roots::read(folder)?))
}

/// The contents of a file, before any of it is trusted.
///
/// # Errors
/// If it has none that could be trusted, or file or folder cannot be read.
pub fn look(
    workspace: &Workspace,
    what: TrustedFor,
    path: &Path,
) -> Result<Vec<RootCandidate>, RootsError> {
    let (folder, now) = (workspace.need_trust_folder(what)?, (workspace.now)());
    Ok(match what {
        TrustedFor::Attestations => attestation_roots::look(folder, path, now)?,
        TrustedFor::TimeStamps | TrustedFor::Names => certificate_folder::look(folder, path, now)?,
    })
}

/// Trusts those certificates and keys of a file that a person has confirmed by their SHA-256.
///
/// # Errors
/// If none is confirmed, the file has none of that kind, or folder or journal cannot be written.
pub fn add(
    workspace: &Workspace,
    what: TrustedFor,
    path: &Path,
    sha256: &[String],
) -> Result<(), RootsError> {
    let folder = workspace.own_trust_folder(what)?;
    let recorder = workspace.recorder()?;
    match what {
        TrustedFor::Attestations => {
            attestation_roots::add(folder, path, sha256, recorder.as_ref())?;
        }
        TrustedFor::TimeStamps | TrustedFor::Names => {
            certificate_folder::add(folder, path, sha256, recorder.as_ref())?;
        }
    }
    Ok(())
}

/// Trusts a certificate or key no longer.
///
/// # Errors
/// If it is not trusted, or folder or journal cannot be written.
pub fn remove(workspace: &Workspace, what: TrustedFor, sha256: &str) -> Result<(), RootsError> {
    let folder = workspace.own_trust_folder(what)?;
    let recorder = workspace.recorder()?;
    Ok(attestation_roots::remove(folder, sha256, recorder.as_ref())?)
}

/// The lists of revoked certificates that are kept.
///
/// # Errors
/// If there is no place for them, or their folder cannot be read.
pub fn lists(workspace: &Workspace) -> Result<RevocationListsView, RootsError> {
    let roots = workspace.need_trust_folder(TrustedFor::Names)?;
    Ok(revocation_lists::view(workspace.need_crl_folder()?, roots, (workspace.now)())?)
}

/// Keeps the lists of revoked certificates of a file. Returns the SHA-256 of each, in hex digits.
///
/// # Errors
/// If it has none, or folder or journal cannot be written.
pub fn add_lists(workspace: &Workspace, path: &Path) -> Result<Vec<String>, RootsError> {
    let folder = workspace.need_crl_folder()?;
    workspace.check_writable(folder)?;
    let recorder = workspace.recorder()?;
    let added = revocation_lists::add(folder, path, recorder.as_ref())?;
    Ok(added.into_iter().map(|digest| digest.hex()).collect())
}

/// Keeps a list of revoked certificates no longer.
///
/// # Errors
/// If it is not there, or folder or journal cannot be written.
pub fn remove_list(workspace: &Workspace, sha256: &str) -> Result<(), RootsError> {
    let folder = workspace.need_crl_folder()?;
    workspace.check_writable(folder)?;
    let recorder = workspace.recorder()?;
    Ok(revocation_lists::remove(folder, sha256, recorder.as_ref())?)
}
