//! One envelope.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::visible::visible;
use countersign_station::evidence;
use countersign_station::failure::Failure;
use countersign_station::journal::Event;
use countersign_station::logs::transparency_log_path;
use countersign_station::reading::{directory_of, name_of};
use countersign_station::registration::{self, Registered};
use countersign_station::signing::{self, Scope};
use countersign_station::view::{EnvelopeView, NextAct, Opened, RawLines, RawPart};
use serde::Serialize;
use specta::Type;

use super::{Held, off_thread};
use crate::station::{Open, Station, now};

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
        let configured = station.settings().log.map(PathBuf::from);
        // What must not be signed is not registered either.
        let reading = signing::read(&run, Scope::RunAndManifest, None)
            .map_err(|error| Failure::of(&error))?;
        if reading.run().artifact().canonical().digest().hex() != digest {
            let text = "The run has changed since you confirmed its digest";
            return Err(Failure::new("changed", text, "Nothing was registered. Read it again"));
        }
        let name = name_of(&run);
        let new = registration::registration(reading.run(), &name, now()).ok_or_else(|| {
            let text = "The run has no commit hash, run id or content hash to register";
            Failure::new("not_registrable", text, "Seal it anew")
        })?;
        let log = transparency_log_path(configured.as_deref(), directory_of(&run));
        let appended = registration::register(&log, new, Some(&station.log_memory()))
            .map_err(|error| Failure::of(&error))?;
        if let Registered::Added(id) = &appended.registered {
            open.queue.refresh(&run);
            let (file, log) = (name, log.to_string_lossy().into_owned());
            station.note(&Event::Registered { file, log, registration: id.clone() });
        }
        let (Registered::Added(id) | Registered::Already(id)) = appended.registered;
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

/// Takes the logs that were cut, removed or forked since they were seen here as they are.
#[tauri::command]
#[specta::specta]
pub async fn accept_logs(station: Held<'_>) -> Result<(), Failure> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let accepted = open.queue.context().logs.accept_rewritten();
        for rewritten in accepted.map_err(|error| Failure::of(&error))? {
            let log = rewritten.seen().log.to_string_lossy().into_owned();
            let (had, has) = (rewritten.seen().entries as u64, rewritten.has() as u64);
            station.note(&Event::LogAccepted { log, had, has });
        }
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
