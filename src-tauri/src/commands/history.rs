//! The history of the open directory, and the journal of this station.

use countersign_problem::Problem;
use std::path::Path;

use countersign_index::history::{HistoryFilter, HistoryFormat, HistoryView};
use countersign_journal::book::{JournalQuery, JournalWindow};

use super::{Held, off_thread};

/// Every signature of every envelope, in columns.
#[tauri::command]
#[specta::specta]
pub async fn history(station: Held<'_>) -> Result<HistoryView, Problem> {
    off_thread(&station, |station| Ok(station.need_open()?.queue.history())).await
}

/// Writes the signatures that pass a filter to a file. Returns their number.
#[tauri::command]
#[specta::specta]
pub async fn history_export(
    station: Held<'_>,
    filter: HistoryFilter,
    format: HistoryFormat,
    path: String,
) -> Result<u32, Problem> {
    off_thread(&station, move |station| {
        let (open, workspace) = (station.need_open()?, station.workspace());
        Ok(open.export_history(&workspace, &filter, format, Path::new(&path))?)
    })
    .await
}

/// Some entries of the journal, the newest first, and whether its chain holds.
#[tauri::command]
#[specta::specta]
pub async fn journal_window(
    station: Held<'_>,
    query: JournalQuery,
    first: u32,
    count: u32,
) -> Result<JournalWindow, Problem> {
    off_thread(&station, move |station| {
        station.journal_book.window(&query, first, count).map_err(Problem::from)
    })
    .await
}
