//! The directory as a whole.

use std::path::PathBuf;

use countersign_station::failure::Failure;
use tauri::AppHandle;

use super::{Held, off_thread};
use crate::dialogs::{self, FilePurpose};
use crate::milestones::Milestone;
use crate::station::StationView;

/// What the station is doing: directory, progress, troubles.
#[tauri::command]
#[specta::specta]
pub async fn station(station: Held<'_>) -> Result<StationView, Failure> {
    off_thread(&station, |station| Ok(station.view())).await
}

/// Asks for a directory with the system's dialog; null where the person cancels.
#[tauri::command]
#[specta::specta]
pub async fn pick_directory(app: AppHandle) -> Result<Option<String>, Failure> {
    dialogs::directory(&app).await
}

/// Asks for a file with the system's dialog; null where the person cancels.
#[tauri::command]
#[specta::specta]
pub async fn pick_file(app: AppHandle, purpose: FilePurpose) -> Result<Option<String>, Failure> {
    dialogs::file(&app, purpose).await
}

/// Opens a directory; of a file, the one that it stands in.
#[tauri::command]
#[specta::specta]
pub async fn open_directory(station: Held<'_>, path: String) -> Result<(), Failure> {
    off_thread(&station, move |station| station.open_directory(&PathBuf::from(path))).await
}

/// Compares the directory again, from nothing.
#[tauri::command]
#[specta::specta]
pub async fn compare_again(station: Held<'_>) -> Result<(), Failure> {
    off_thread(&station, |station| {
        station.need_open()?.queue.compare_again();
        Ok(())
    })
    .await
}

/// Breaks off the reading and judging that is under way.
#[tauri::command]
#[specta::specta]
pub async fn stop_work(station: Held<'_>) -> Result<(), Failure> {
    off_thread(&station, |station| {
        station.need_open()?.queue.stop_work();
        Ok(())
    })
    .await
}

/// The window tells what is on the screen, for the benchmarks.
#[tauri::command]
#[specta::specta]
pub async fn shown(station: Held<'_>, milestone: Milestone) -> Result<(), Failure> {
    station.milestones.reach(milestone);
    Ok(())
}
