//! The virtual YubiKey of the demonstration: what a hand would do.

use countersign_station::failure::Failure;

use super::{Held, off_thread};
use crate::demo_key::Act;

/// Plugs it in.
#[tauri::command]
#[specta::specta]
pub async fn demo_insert(station: Held<'_>) -> Result<(), Failure> {
    off_thread(&station, |station| station.demo_key()?.ask(Act::Insert)).await
}

/// Pulls it out.
#[tauri::command]
#[specta::specta]
pub async fn demo_pull(station: Held<'_>) -> Result<(), Failure> {
    off_thread(&station, |station| station.demo_key()?.ask(Act::Pull)).await
}

/// Touches it.
#[tauri::command]
#[specta::specta]
pub async fn demo_touch(station: Held<'_>) -> Result<(), Failure> {
    off_thread(&station, |station| station.demo_key()?.ask(Act::Touch)).await
}
