//! A demonstration, and its virtual YubiKey: what a hand would do.

use super::{Held, off_thread};
use crate::demo_key::Act;
use crate::demo_station;
use countersign_problem::Problem;

/// Opens a demonstration in a window of its own.
#[tauri::command]
#[specta::specta]
pub async fn demo_open(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |_| demo_station::open()).await
}

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
