//! The trusted roots, of attestations, of time-stamping authorities and of names, and the lists of revoked
//! certificates.

use countersign_problem::Problem;
use std::path::Path;

use countersign_app::roots::{self, TrustedFor};
use countersign_trust::attestation_roots::{RootCandidate, TrustRootsView};
use countersign_trust::revocation_lists::RevocationListsView;

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
