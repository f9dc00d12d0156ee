//! The virtual YubiKey of the demonstration: what a hand would do.

use super::{Held, off_thread};
use crate::demo_key::Act;
use countersign_problem::Problem;

/// Plugs it in.
#[tauri::command]
#[specta::specta]
pub async fn demo_insert(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| station.demo_key()?.ask(Act::Insert)).await
}

/// Pulls it out.
#[tauri::command]
#[specta::specta]
pub async fn demo_pull(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| station.demo_key()?.ask(Act::Pull)).await
}

/// Touches it.
#[tauri::command]
#[specta::specta]
pub async fn demo_touch(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| station.demo_key()?.ask(Act::Touch)).await
}
