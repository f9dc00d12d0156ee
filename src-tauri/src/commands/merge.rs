//! Uniting copies that were signed apart with the open directory.

use countersign_problem::Problem;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use countersign_app::merge as app;
use countersign_app::merge_view::MergeView;
use countersign_app::open_directory::OpenDirectory;
use countersign_exchange::merge::MergeReport;

use super::{Held, off_thread};
use crate::events::MergeProgress;
use crate::station::Station;

/// How far apart news of progress are.
const APART: Duration = Duration::from_millis(100);

/// The preview of merging these copies; nothing is written. Without copies, it covers the conflict
/// copies in the directory.
#[tauri::command]
#[specta::specta]
pub async fn merge_preview(station: Held<'_>, sources: Vec<String>) -> Result<MergeView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let (keyring, _) = station.trust();
        let (workspace, sources) = (station.workspace(), paths(sources));
        let report = app::preview(&workspace, &open.root, &sources, &keyring, teller(station))?;
        Ok(view(&open, &report))
    })
    .await
}

/// Unites these copies with the open directory.
#[tauri::command]
#[specta::specta]
pub async fn merge(station: Held<'_>, sources: Vec<String>) -> Result<MergeView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let (keyring, _) = station.trust();
        let (workspace, sources) = (station.workspace(), paths(sources));
        let report = app::merge(&workspace, &open.root, &sources, &keyring, teller(station))?;
        let written = report.envelopes.iter().flatten().filter(|one| !one.written.is_empty());
        written.for_each(|merged| open.queue.refresh(&merged.path));
        Ok(view(&open, &report))
    })
    .await
}

fn paths(sources: Vec<String>) -> Vec<PathBuf> {
    sources.into_iter().map(PathBuf::from).collect()
}

fn view(open: &OpenDirectory, report: &MergeReport) -> MergeView {
    MergeView::of(report, |run| open.queue.find(run).and_then(|id| open.queue.row(id)))
}

/// Tells the window how far it has come.
fn teller(station: &Station) -> impl FnMut(usize, usize) {
    let mut last = Instant::now();
    move |done, total| {
        if last.elapsed() >= APART {
            last = Instant::now();
            let count = |n| u32::try_from(n).unwrap_or(u32::MAX);
            station.emit(&MergeProgress { done: count(done), total: count(total) });
        }
    }
}
