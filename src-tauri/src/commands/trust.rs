//! The trusted roots, of attestations, of time-stamping authorities and of names, and the lists of revoked
//! certificates.

use countersign_problem::Problem;
use std::path::{Path, PathBuf};

use countersign_app::endorse::{self, Endorse};
use countersign_app::roots::{self, TrustedFor};
use countersign_problem::visible::visible;
use countersign_signers::Unattended;
use countersign_signers::tpm2_tools::TpmObject;
use countersign_trust::attestation_roots::{Anchor, RootCandidate, TrustRootsView};
use countersign_trust::revocation_lists::RevocationListsView;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::keys::given;
use super::{Held, off_thread};
use crate::station::Station;

/// The roots that are trusted.
#[tauri::command]
#[specta::specta]
pub async fn trust_roots(station: Held<'_>, what: TrustedFor) -> Result<TrustRootsView, Problem> {
    off_thread(&station, move |station| view(station, what)).await
}

/// The contents of a file, before any of it is trusted.
#[tauri::command]
#[specta::specta]
pub async fn trust_root_look(
    station: Held<'_>,
    what: TrustedFor,
    path: String,
) -> Result<Vec<RootCandidate>, Problem> {
    off_thread(&station, move |station| {
        Ok(roots::look(&station.workspace(), what, Path::new(&path))?)
    })
    .await
}

/// Trusts those certificates of a file that a person has seen and confirmed by their SHA-256.
#[tauri::command]
#[specta::specta]
pub async fn trust_root_add(
    station: Held<'_>,
    what: TrustedFor,
    path: String,
    sha256: Vec<String>,
) -> Result<TrustRootsView, Problem> {
    off_thread(&station, move |station| {
        roots::add(&station.workspace(), what, Path::new(&path), &sha256)?;
        changed(station, what)
    })
    .await
}

/// Trusts a certificate no longer.
#[tauri::command]
#[specta::specta]
pub async fn trust_root_remove(
    station: Held<'_>,
    what: TrustedFor,
    sha256: String,
) -> Result<TrustRootsView, Problem> {
    off_thread(&station, move |station| {
        roots::remove(&station.workspace(), what, &sha256)?;
        changed(station, what)
    })
    .await
}

/// The keys of a TPM, one of which proves the other.
#[derive(Debug, Deserialize, Type)]
pub struct TpmEndorseRequest {
    /// The endorsement key: a context file, or a handle such as `0x81010001`.
    pub endorsement_key: String,
    /// The file with its certificate.
    pub certificate: String,
    /// The attestation key, in the same way as the endorsement key.
    pub attestation_key: String,
    /// A file with the authorisation of the endorsement hierarchy.
    pub endorsement_authorisation: Option<String>,
    /// A file with the authorisation of the attestation key.
    pub attestation_authorisation: Option<String>,
}

/// The attestation key that is trusted since its TPM has proven itself.
#[derive(Debug, Serialize, Type)]
pub struct TpmEndorsed {
    /// Which key of which TPM, and who certified its endorsement key.
    pub subject: String,
    /// SHA-256 of its public area, 64 hex digits.
    pub sha256: String,
    /// What is trusted now.
    pub roots: TrustRootsView,
}

/// Has a TPM prove that it holds an endorsement key that its maker certified, and trusts the attestation
/// key beside it.
#[tauri::command]
#[specta::specta]
pub async fn tpm_endorse(
    station: Held<'_>,
    request: TpmEndorseRequest,
) -> Result<TpmEndorsed, Problem> {
    off_thread(&station, move |station| {
        let object = |context: String, authorisation: Option<String>| TpmObject {
            context: context.trim().to_owned(),
            authorisation: authorisation.and_then(given).map(PathBuf::from),
        };
        let keys = Endorse {
            endorsement_key: &object(request.endorsement_key, request.endorsement_authorisation),
            attestation_key: &object(request.attestation_key, request.attestation_authorisation),
            certificate: Path::new(&request.certificate),
            timeout: None,
        };
        let anchor = Anchor::Area(endorse::endorse(&station.workspace(), &keys, &Unattended)?);
        Ok(TpmEndorsed {
            subject: visible(&anchor.subject()),
            sha256: anchor.fingerprint().hex(),
            roots: changed(station, TrustedFor::Attestations)?,
        })
    })
    .await
}

/// The lists of revoked certificates that are kept.
#[tauri::command]
#[specta::specta]
pub async fn revocation_lists(station: Held<'_>) -> Result<RevocationListsView, Problem> {
    off_thread(&station, move |station| Ok(roots::lists(&station.workspace())?)).await
}

/// Keeps the lists of revoked certificates of a file.
#[tauri::command]
#[specta::specta]
pub async fn revocation_list_add(
    station: Held<'_>,
    path: String,
) -> Result<RevocationListsView, Problem> {
    off_thread(&station, move |station| {
        roots::add_lists(&station.workspace(), Path::new(&path))?;
        station.announce();
        Ok(roots::lists(&station.workspace())?)
    })
    .await
}

/// Keeps a list of revoked certificates no longer.
#[tauri::command]
#[specta::specta]
pub async fn revocation_list_remove(
    station: Held<'_>,
    sha256: String,
) -> Result<RevocationListsView, Problem> {
    off_thread(&station, move |station| {
        roots::remove_list(&station.workspace(), &sha256)?;
        station.announce();
        Ok(roots::lists(&station.workspace())?)
    })
    .await
}

/// Devices are compared with the new roots at once; the queue notices the change by itself.
fn changed(station: &Station, what: TrustedFor) -> Result<TrustRootsView, Problem> {
    station.announce();
    view(station, what)
}

fn view(station: &Station, what: TrustedFor) -> Result<TrustRootsView, Problem> {
    Ok(roots::view(&station.workspace(), what)?)
}
