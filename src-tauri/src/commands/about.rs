//! What this program is, and whether two people vouch for it.

use std::path::PathBuf;

use countersign_app::clock::now;
use countersign_app::release;
use countersign_app::this_program::{self, BUILD};
use countersign_app::this_program_view::{ReleaseView, ThisProgramView};
use countersign_problem::{Explain as _, Problem};

use super::{Held, off_thread};

/// What this program is, how it was built, and where it keeps its state.
#[tauri::command]
#[specta::specta]
pub async fn this_program(station: Held<'_>) -> Result<ThisProgramView, Problem> {
    off_thread(&station, |station| {
        let programs = this_program::programs().map_err(|error| error.problem())?;
        let toolkit = tauri::webview_version().ok().map(|version| ("WebKitGTK", version));
        Ok(ThisProgramView::new(&programs, &station.places, toolkit))
    })
    .await
}

/// Compares the programs with a release, by the station's own keyring.
#[tauri::command]
#[specta::specta]
pub async fn check_release(station: Held<'_>, path: String) -> Result<ReleaseView, Problem> {
    off_thread(&station, move |station| {
        let path = PathBuf::from(path);
        let keyring = station.workspace().read_keyring().map_err(|error| error.problem())?;
        let file = release::read(&path).map_err(|error| error.problem())?;
        let programs = this_program::programs().map_err(|error| error.problem())?;
        let files = release::of_programs(&programs);
        let judged = release::judge(&file, (&files, Some(BUILD.version)), &keyring, now());
        Ok(ReleaseView::of(&path, &file, &judged))
    })
    .await
}
