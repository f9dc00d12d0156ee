//! The queue.

use countersign_index::queue::{QueueQuery, QueueWindow};
use countersign_problem::Problem;

use super::{Held, off_thread};

/// Most rows in one answer.
const MOST: u32 = 1000;

/// Some rows of the queue. `anchor` is the id of a row whose place is wanted.
#[tauri::command]
#[specta::specta]
pub async fn queue_window(
    station: Held<'_>,
    query: QueueQuery,
    first: u32,
    count: u32,
    anchor: Option<u32>,
) -> Result<QueueWindow, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_open()?;
        Ok(open.queue.window(&query, first, count.min(MOST), anchor))
    })
    .await
}

/// Everybody who has signed an envelope that is listed, in order.
#[tauri::command]
#[specta::specta]
pub async fn queue_people(station: Held<'_>) -> Result<Vec<String>, Problem> {
    off_thread(&station, |station| Ok(station.need_open()?.queue.people())).await
}

/// The ids of the rows that match, in order: from one row to another, or of all.
#[tauri::command]
#[specta::specta]
pub async fn queue_between(
    station: Held<'_>,
    query: QueueQuery,
    ends: Option<(u32, u32)>,
) -> Result<Vec<u32>, Problem> {
    off_thread(&station, move |station| Ok(station.need_open()?.queue.between(&query, ends))).await
}
