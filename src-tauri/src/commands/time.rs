//! Time stamps: requests for an authority, and its responses.

use std::path::{Path, PathBuf};

use countersign_app::new_file;
use countersign_app::time_view::{TimeImportView, TimeRequestView};
use countersign_app::{time_import, time_request as app};
use countersign_problem::Problem;

use super::{Held, off_thread};

/// Writes a folder of requests for the signatures of these envelopes that need a time stamp.
#[tauri::command]
#[specta::specta]
pub async fn time_request(
    station: Held<'_>,
    ids: Vec<u32>,
    path: String,
) -> Result<TimeRequestView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let runs: Vec<PathBuf> = ids.iter().map(|id| open.run(*id)).collect::<Result<_, _>>()?;
        let folder = new_file::entered(&station.workspace(), &path)?;
        let made = app::request(&station.workspace(), &runs, &folder)?;
        station.show_problems(made.noted.clone());
        Ok(TimeRequestView::of(&made, &folder))
    })
    .await
}

/// Writes the time stamps of folders of requests, or of single responses, beside their signatures.
#[tauri::command]
#[specta::specta]
pub async fn time_import(
    station: Held<'_>,
    sources: Vec<String>,
) -> Result<TimeImportView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let sources: Vec<PathBuf> = sources.into_iter().map(PathBuf::from).collect();
        let imported = time_import::import(&station.workspace(), &sources, &open.root)?;
        station.show_problems(imported.noted.clone());
        let written = imported.stamped.iter().filter(|one| !one.files.is_empty());
        written.for_each(|one| open.queue.refresh(&one.run));
        let row = |run: &Path| open.queue.find(run).and_then(|id| open.queue.row(id));
        Ok(TimeImportView::of(&imported, row))
    })
    .await
}
