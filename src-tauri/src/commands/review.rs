//! Reviewing other people's files without changing them.

use countersign_problem::Problem;
use std::path::PathBuf;

use countersign_app::review::{ReviewKeys, ToldAnswer};

use super::{Held, off_thread};

/// Opens a directory or a pack for review; nothing in it is changed.
#[tauri::command]
#[specta::specta]
pub async fn review(station: Held<'_>, path: String) -> Result<(), Problem> {
    off_thread(&station, move |station| station.review(&PathBuf::from(path))).await
}

/// Sets whose keys count in the review; `keyring` is the chosen one.
#[tauri::command]
#[specta::specta]
pub async fn review_judge_by(
    station: Held<'_>,
    keys: ReviewKeys,
    keyring: Option<String>,
) -> Result<(), Problem> {
    off_thread(&station, move |station| station.judge_review_by(keys, keyring.map(PathBuf::from)))
        .await
}

/// What a digest that the reviewer was told says of the pack or export that is reviewed: 64 hex digits,
/// in any grouping.
#[tauri::command]
#[specta::specta]
pub async fn review_compare(station: Held<'_>, expected: String) -> Result<ToldAnswer, Problem> {
    off_thread(&station, move |station| station.compare_review(&expected)).await
}

/// Ends the review, and opens what was open before it.
#[tauri::command]
#[specta::specta]
pub async fn review_stop(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| station.stop_review()).await
}
