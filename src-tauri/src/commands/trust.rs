//! The trusted attestation roots.

use countersign_problem::Problem;
use std::path::Path;

use countersign_app::roots::{self, TrustedFor};
use countersign_trust::attestation_roots::{RootCandidate, TrustRootsView};

use super::{Held, off_thread};
use crate::station::Station;

/// What the roots of the window are trusted for.
const ATTESTATIONS: TrustedFor = TrustedFor::Attestations;

/// The roots that are trusted.
#[tauri::command]
#[specta::specta]
pub async fn trust_roots(station: Held<'_>) -> Result<TrustRootsView, Problem> {
    off_thread(&station, |station| view(station)).await
}

/// The contents of a file, before any of it is trusted.
#[tauri::command]
#[specta::specta]
pub async fn trust_root_look(
    station: Held<'_>,
    path: String,
) -> Result<Vec<RootCandidate>, Problem> {
    off_thread(&station, move |station| {
        Ok(roots::look(&station.workspace(), ATTESTATIONS, Path::new(&path))?)
    })
    .await
}

/// Trusts those certificates of a file that a person has seen and confirmed by their SHA-256.
#[tauri::command]
#[specta::specta]
pub async fn trust_root_add(
    station: Held<'_>,
    path: String,
    sha256: Vec<String>,
) -> Result<TrustRootsView, Problem> {
    off_thread(&station, move |station| {
        roots::add(&station.workspace(), ATTESTATIONS, Path::new(&path), &sha256)?;
        changed(station)
    })
    .await
}

/// Trusts a certificate no longer.
#[tauri::command]
#[specta::specta]
pub async fn trust_root_remove(
    station: Held<'_>,
    sha256: String,
) -> Result<TrustRootsView, Problem> {
    off_thread(&station, move |station| {
        roots::remove(&station.workspace(), ATTESTATIONS, &sha256)?;
        changed(station)
    })
    .await
}

/// Devices are compared with the new roots at once; the queue notices the change by itself.
fn changed(station: &Station) -> Result<TrustRootsView, Problem> {
    station.announce();
    view(station)
}

fn view(station: &Station) -> Result<TrustRootsView, Problem> {
    Ok(roots::view(&station.workspace(), ATTESTATIONS)?)
}
