//! One envelope.

use countersign_app::attest;
use countersign_problem::{Problem, Said, Words};
use std::path::Path;
use std::sync::Arc;

use countersign_problem::visible::visible;
use countersign_store::evidence;
use countersign_store::reading::name_of;
use countersign_views::{EnvelopeView, Opened, RawLines, RawPart};
use serde::Serialize;
use specta::Type;

use super::{Held, off_thread};
use crate::station::Station;

/// One envelope in full.
#[tauri::command]
#[specta::specta]
pub async fn envelope(station: Held<'_>, id: u32) -> Result<EnvelopeView, Problem> {
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
) -> Result<RawLines, Problem> {
    off_thread(&station, move |station| {
        let opened = match station.displayed(id) {
            Some(opened) => opened,
            None => read(station, id)?,
        };
        Ok(opened.lines(part, first, count))
    })
    .await
}

/// Adds evidence of where a key is held to the signatures that it is about.
#[tauri::command]
#[specta::specta]
pub async fn evidence_attach(
    station: Held<'_>,
    id: u32,
    path: String,
) -> Result<AttachedView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let run = open.run(id)?;
        let read = evidence::read(Path::new(&path))?;
        let (attached, noted) = attest::attach(&station.workspace(), &run, &read)?;
        open.queue.refresh(&run);
        station.show_problems(noted);
        Ok(AttachedView {
            evidence: visible(read.type_name()),
            files: attached.files.iter().map(|path| visible(&name_of(path))).collect(),
            not_judged: attached.not_judged.map(|why| Words::from(why).into()),
        })
    })
    .await
}

/// What evidence came to.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AttachedView {
    /// Its kind, as it is named in files.
    pub evidence: String,
    /// The signature files that have it now.
    pub files: Vec<String>,
    /// Why it proves nothing here, if more than trust is missing.
    pub not_judged: Option<Said>,
}

fn read(station: &Station, id: u32) -> Result<Arc<Opened>, Problem> {
    let opened = Arc::new(station.need_open()?.read(id)?);
    station.set_displayed(Arc::clone(&opened));
    Ok(opened)
}
