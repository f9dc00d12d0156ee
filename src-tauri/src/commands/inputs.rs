//! The files that a run was made from: compared with those of a directory, or one of them shown without
//! the run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign_app::clock::now;
use countersign_app::disclosure::{self, Given};
use countersign_app::{inputs, new_file};
use countersign_envelope::disclosure::{Disclosure, Entry};
use countersign_envelope::merkle::LISTS;
use countersign_problem::Problem;
use countersign_store::inputs::Follow;
use countersign_views::{DisclosureView, InputsView};
use parking_lot::Mutex;
use serde::Deserialize;
use specta::Type;

use super::{Held, off_thread};
use crate::events::InputsProgress;
use crate::station::Station;

/// How far apart news of progress are.
const APART: Duration = Duration::from_millis(100);

/// Compares the files that a run was made from with those below a directory. A comparison that is under
/// way is cancelled.
#[tauri::command]
#[specta::specta]
pub async fn inputs_check(
    station: Held<'_>,
    id: u32,
    directory: String,
) -> Result<InputsView, Problem> {
    off_thread(&station, move |station| {
        let run = station.need_open()?.run(id)?;
        let directory = directory.trim();
        let follower = Follower::new(Arc::clone(station));
        let checked = inputs::check(&run, Path::new(directory), &follower)?;
        Ok(InputsView::of(checked.run, &checked.found, directory, now()))
    })
    .await
}

/// Cancels the comparison that is under way.
#[tauri::command]
#[specta::specta]
pub async fn inputs_stop(station: Held<'_>) -> Result<(), Problem> {
    station.next_inputs();
    Ok(())
}

/// Tells the window how far a comparison has come.
struct Follower {
    station: Arc<Station>,
    cancelled: Arc<AtomicBool>,
    done: AtomicU64,
    total: AtomicU64,
    told: Mutex<Instant>,
}

impl Follower {
    fn new(station: Arc<Station>) -> Self {
        let cancelled = station.next_inputs();
        let (done, total) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { station, cancelled, done, total, told: Mutex::new(Instant::now()) }
    }
}

impl Follow for Follower {
    fn begin(&self, total: &dyn Fn() -> u64) {
        self.total.store(total(), Ordering::Relaxed);
    }

    fn read(&self, bytes: u64) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        // Whoever finds it held leaves the news to who holds it.
        let Some(mut told) = self.told.try_lock() else { return };
        if told.elapsed() >= APART && !self.is_cancelled() {
            *told = Instant::now();
            // A file may have grown since it was measured.
            let total = self.total.load(Ordering::Relaxed).max(done);
            self.station.emit(&InputsProgress { done, total });
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// A file that a run was made from.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct EntryRef {
    /// In which list: `inputs`, `prompts`, `schemas` or `policies`.
    pub list: String,
    /// Its position in it, counted from 0.
    pub position: u32,
}

impl EntryRef {
    /// The entry; one of a list that no run has is none of it.
    fn entry(&self) -> Entry<'static> {
        let list = LISTS.iter().map(|(list, _)| *list).find(|list| *list == self.list);
        let position = usize::try_from(self.position).unwrap_or(usize::MAX);
        Entry { list: list.unwrap_or_default(), path: None, position: Some(position) }
    }
}

/// A free place for the disclosure of an entry.
#[tauri::command]
#[specta::specta]
pub async fn disclosure_place(
    station: Held<'_>,
    id: u32,
    entry: EntryRef,
) -> Result<String, Problem> {
    off_thread(&station, move |station| {
        let run = station.need_open()?.run(id)?;
        Ok(disclosure::proposed(&run, entry.entry()).to_string_lossy().into_owned())
    })
    .await
}

/// Writes the disclosure of an entry to a new file.
#[tauri::command]
#[specta::specta]
pub async fn disclose(
    station: Held<'_>,
    id: u32,
    entry: EntryRef,
    path: String,
) -> Result<DisclosureView, Problem> {
    off_thread(&station, move |station| {
        let run = station.need_open()?.run(id)?;
        let workspace = station.workspace();
        let out = new_file::entered(&workspace, &path)?;
        let made = disclosure::disclose(&run, entry.entry(), &station.trust().0)?;
        disclosure::write(&workspace, &made, &out)?;
        judged(station, &out, &made, Given { content: None, run: Some(&run) })
    })
    .await
}

/// Reads a disclosure and judges it by the keys that count now: by itself, or compared with the run of
/// an envelope and with the file that is said to be disclosed.
#[tauri::command]
#[specta::specta]
pub async fn disclosure_look(
    station: Held<'_>,
    path: String,
    envelope: Option<u32>,
    content: Option<String>,
) -> Result<DisclosureView, Problem> {
    off_thread(&station, move |station| {
        let path = PathBuf::from(path);
        let read = disclosure::read(&path)?;
        let run = match envelope {
            Some(id) => Some(station.need_open()?.run(id)?),
            None => None,
        };
        let content = content.as_deref().map(str::trim).filter(|path| !path.is_empty());
        let given = Given { content: content.map(Path::new), run: run.as_deref() };
        judged(station, &path, &read, given)
    })
    .await
}

fn judged(
    station: &Station,
    path: &Path,
    disclosure: &Disclosure,
    given: Given<'_>,
) -> Result<DisclosureView, Problem> {
    let judged = disclosure::judge(disclosure, given, &station.trust().0)?;
    Ok(DisclosureView::of(path, disclosure, &judged))
}
