//! The directory as a whole.

use countersign_problem::Problem;
use std::path::PathBuf;

use countersign_app::{disclosure, finding, time_import};
use countersign_envelope::vocabulary;
use countersign_store::archive;
use tauri::AppHandle;

use super::{Held, off_thread};
use crate::dialogs::{self, DirectoryPurpose, FilePurpose, FilesPurpose};
use crate::milestones::Milestone;
use crate::station_view::StationView;

vocabulary! {
    /// The kind of a path dropped on the window.
    DroppedKind {
        /// One directory.
        Directory = "directory",
        /// One file that carries envelopes: an export or a pack.
        Carrier = "carrier",
        /// One reviewer's finding.
        Finding = "finding",
        /// One disclosure.
        Disclosure = "disclosure",
        /// Time stamps to be imported: responses, or folders of requests.
        Times = "times",
        /// One or more files.
        Files = "files",
    }
}

/// The state of the station: directory, progress, problems.
#[tauri::command]
#[specta::specta]
pub async fn station(station: Held<'_>) -> Result<StationView, Problem> {
    off_thread(&station, |station| Ok(station.view())).await
}

/// Asks for a directory with the system's dialog; null if the person cancels.
#[tauri::command]
#[specta::specta]
pub async fn pick_directory(
    app: AppHandle,
    purpose: DirectoryPurpose,
) -> Result<Option<String>, Problem> {
    dialogs::directory(&app, purpose).await
}

/// Asks for a file with the system's dialog; null if the person cancels.
#[tauri::command]
#[specta::specta]
pub async fn pick_file(app: AppHandle, purpose: FilePurpose) -> Result<Option<String>, Problem> {
    dialogs::file(&app, purpose).await
}

/// Asks for any number of files with the system's dialog; null if the person cancels.
#[tauri::command]
#[specta::specta]
pub async fn pick_files(
    app: AppHandle,
    purpose: FilesPurpose,
) -> Result<Option<Vec<String>>, Problem> {
    dialogs::files(&app, purpose).await
}

/// The kind of a path dropped on the window.
#[tauri::command]
#[specta::specta]
pub async fn look_at_dropped(
    station: Held<'_>,
    paths: Vec<String>,
) -> Result<DroppedKind, Problem> {
    off_thread(&station, move |_| {
        let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
        if time_import::are_sources(&paths) {
            return Ok(DroppedKind::Times);
        }
        let [path] = paths.as_slice() else { return Ok(DroppedKind::Files) };
        Ok(match path.is_dir() {
            true => DroppedKind::Directory,
            false if archive::is_archive(path) => DroppedKind::Carrier,
            false if finding::is_named(path) => DroppedKind::Finding,
            false if disclosure::is_named(path) => DroppedKind::Disclosure,
            false => DroppedKind::Files,
        })
    })
    .await
}

/// Opens a directory; for a file, its directory.
#[tauri::command]
#[specta::specta]
pub async fn open_directory(station: Held<'_>, path: String) -> Result<(), Problem> {
    off_thread(&station, move |station| station.open_directory(&PathBuf::from(path))).await
}

/// Compares the directory again, from nothing.
#[tauri::command]
#[specta::specta]
pub async fn compare_again(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.need_open()?.queue.compare_again();
        Ok(())
    })
    .await
}

/// Stops the reading and judging in progress.
#[tauri::command]
#[specta::specta]
pub async fn stop_work(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.need_open()?.queue.stop_work();
        Ok(())
    })
    .await
}

/// The window reports what is on the screen, for the benchmarks.
#[tauri::command]
#[specta::specta]
pub async fn shown(station: Held<'_>, milestone: Milestone) -> Result<(), Problem> {
    station.milestones.reach(milestone);
    Ok(())
}
