//! The trusted roots, of attestations and of time-stamping authorities.

use countersign_problem::Problem;
use std::path::Path;

use countersign_app::roots::{self, TrustedFor};
use countersign_trust::attestation_roots::{RootCandidate, TrustRootsView};

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

/// Devices are compared with the new roots at once; the queue notices the change by itself.
fn changed(station: &Station, what: TrustedFor) -> Result<TrustRootsView, Problem> {
    station.announce();
    view(station, what)
}

fn view(station: &Station, what: TrustedFor) -> Result<TrustRootsView, Problem> {
    Ok(roots::view(&station.workspace(), what)?)
}
