//! One envelope.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::visible::visible;
use countersign_station::evidence;
use countersign_station::failure::Failure;
use countersign_station::journal::{Event, journalled};
use countersign_station::log_memory::Rewritten;
use countersign_station::reading::name_of;
use countersign_station::registration;
use countersign_station::view::{EnvelopeView, NextAct, Opened, RawLines, RawPart};
use serde::Serialize;
use specta::Type;

use super::{Held, off_thread};
use crate::station::{Open, Station, now};

/// How many entries that are gone are listed of each log.
const LISTED: usize = 200;

/// One envelope in full.
#[tauri::command]
#[specta::specta]
pub async fn envelope(station: Held<'_>, id: u32) -> Result<EnvelopeView, Failure> {
    off_thread(&station, move |station| Ok(read(station, id)?.view.clone())).await
}

/// Some lines of a file of an envelope, as it was when it was judged.
#[tauri::command]
#[specta::specta]
pub async fn raw_lines(
    station: Held<'_>,
    id: u32,
    part: RawPart,
    first: u32,
    count: u32,
) -> Result<RawLines, Failure> {
    off_thread(&station, move |station| {
        let opened = match station.shown(id) {
            Some(opened) => opened,
            None => read(station, id)?,
        };
        Ok(opened.lines(part, first, count))
    })
    .await
}

/// Registers a run in the transparency log, if it still has the digest that the person confirmed:
/// SHA-256 of its canonical bytes, 64 hex digits.
#[tauri::command]
#[specta::specta]
pub async fn register(
    station: Held<'_>,
    id: u32,
    digest: String,
) -> Result<RegisteredView, Failure> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let run = run_of(&open, id)?;
        let logs = Arc::clone(&open.queue.context().logs);
        let appended = registration::register_run(&run, &logs, Some(&digest), now())
            .map_err(|error| Failure::of(&error))?;
        if let Some(event) = appended.event() {
            open.queue.registered(&run);
            station.note(&event);
        }
        let id = appended.registered.entry_id().to_owned();
        let head_problem = appended.head.err().map(|error| visible(&error.to_string()));
        Ok(RegisteredView { entry: visible(&id), head_problem })
    })
    .await
}

/// Puts evidence of where a key lives beside the signatures that it is about.
#[tauri::command]
#[specta::specta]
pub async fn evidence_attach(
    station: Held<'_>,
    id: u32,
    path: String,
) -> Result<AttachedView, Failure> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let run = run_of(&open, id)?;
        let read = evidence::read(Path::new(&path)).map_err(|error| Failure::of(&error))?;
        let attached = evidence::attach(&run, &read).map_err(|error| Failure::of(&error))?;
        let written = attached.files;
        open.queue.refresh(&run);
        let evidence = read.type_name().to_owned();
        let files = written.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        station.note(&Event::EvidenceAttached { evidence, files });
        Ok(AttachedView {
            evidence: visible(read.type_name()),
            files: written.iter().map(|path| visible(&name_of(path))).collect(),
            not_judged: attached.not_judged.map(|why| visible(&why.to_string())),
        })
    })
    .await
}

/// What evidence came to.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AttachedView {
    /// What it is, as files name it.
    pub evidence: String,
    /// The signature files that have it now.
    pub files: Vec<String>,
    /// Why it proves nothing here, if more than trust is missing.
    pub not_judged: Option<String>,
}

/// What came of a registration.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RegisteredView {
    /// The id of the entry.
    entry: String,
    /// Why the log's head beside it does not say so yet; the entry stands all the same.
    head_problem: Option<String>,
}

/// What is gone from the logs that were cut, removed or forked since they were seen here.
#[tauri::command]
#[specta::specta]
pub async fn lost_entries(station: Held<'_>) -> Result<Vec<LostEntries>, Failure> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let memory = station.log_memory();
        let of_log = |rewritten: Rewritten| {
            let lost = memory.lost(&rewritten).map_err(|error| Failure::of(&error))?;
            Ok(LostEntries {
                log: visible(&rewritten.seen().log.to_string_lossy()),
                count: u32::try_from(lost.len()).unwrap_or(u32::MAX),
                entries: lost.iter().take(LISTED).map(ToString::to_string).collect(),
            })
        };
        open.queue.context().logs.rewritten().into_iter().map(of_log).collect()
    })
    .await
}

/// What is gone from a log.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LostEntries {
    /// The log or ledger.
    log: String,
    /// How many entries are gone.
    count: u32,
    /// The first of them, each with its run.
    entries: Vec<String>,
}

/// Accepts the logs that were cut, removed or forked since they were seen here as they are.
#[tauri::command]
#[specta::specta]
pub async fn accept_logs(station: Held<'_>, reason: String) -> Result<(), Failure> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            let text = "No reason is given";
            return Err(Failure::new("no_reason", text, "Write why you accept it"));
        }
        let logs = &open.queue.context().logs;
        let accepted = |rewritten: &Rewritten| {
            let log = rewritten.seen().log.to_string_lossy().into_owned();
            let (had, has) = (rewritten.seen().entries as u64, rewritten.has() as u64);
            Event::LogAccepted { log, had, has, reason: reason.clone() }
        };
        let changes: Vec<Event> = logs.rewritten().iter().map(accepted).collect();
        journalled(station.recorder().as_ref(), &changes, || logs.accept_rewritten())
            .map_err(|error| Failure::of(&error))?;
        // The troubles are told anew.
        open.queue.set_rules(station.rules());
        Ok(())
    })
    .await
}

fn read(station: &Station, id: u32) -> Result<Arc<Opened>, Failure> {
    let open = station.need_open()?;
    let run = run_of(&open, id)?;
    let revision = open.queue.row(id).map_or(0, |row| row.revision);
    let context = open.queue.context();
    let mut opened =
        Opened::read(&run, &open.root, &context.judge(), &context.logs, (id, revision));
    if open.review.is_some() {
        opened.view.next = NextAct::None;
        opened.view.registrable = false;
    }
    // The row was judged by size and times of the files, and this from their bytes.
    open.queue.look_closer(&run);
    let opened = Arc::new(opened);
    station.show(Arc::clone(&opened));
    Ok(opened)
}

/// The run of a row.
pub fn run_of(open: &Open, id: u32) -> Result<PathBuf, Failure> {
    open.queue.path(id).ok_or_else(|| {
        let text = "This envelope is no longer in the directory";
        Failure::new("gone", text, "It was moved, renamed or removed; choose another")
    })
}
