//! Carrying envelopes: out into one file, in from one, and packed for an auditor.

use countersign_app::import::{self, Import};
use countersign_app::new_file::{self, CarrierKind};
use countersign_app::open_directory::OpenDirectory;
use countersign_app::{export, pack};
use countersign_problem::{Explain as _, Problem};
use std::path::{Path, PathBuf};

use countersign_app::carry_view::{ExportedView, ImportView};
use countersign_envelope::digest::Digest;
use countersign_exchange::carry::{self, Inspected};
use countersign_exchange::pack::PackReport;
use countersign_problem::visible::visible;
use countersign_store::reading::name_of;
use countersign_views::QrView;
use serde::Serialize;
use specta::Type;

use super::{Held, off_thread};
use crate::refusal::Refusal;
use crate::report_window;

/// The report of an export.
#[derive(Debug, Serialize, Type)]
pub struct ExportView {
    /// The file.
    pub path: String,
    /// What it contains, and what was left out.
    pub report: ExportedView,
}

/// A pack that was made.
#[derive(Debug, Serialize, Type)]
pub struct PackView {
    /// The folder or zip.
    pub path: String,
    /// The printable report; of a zip, inside it.
    pub report_path: String,
    /// The envelopes in it.
    pub report: PackReport,
}

/// A name and place for a new file or folder that is free.
#[tauri::command]
#[specta::specta]
pub async fn carrier_place(
    station: Held<'_>,
    ids: Vec<u32>,
    kind: CarrierKind,
) -> Result<String, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_open()?;
        let runs = runs(&open, &ids)?;
        Ok(new_file::proposed(&runs, kind).to_string_lossy().into_owned())
    })
    .await
}

/// Puts envelopes into one file.
#[tauri::command]
#[specta::specta]
pub async fn export_envelopes(
    station: Held<'_>,
    ids: Vec<u32>,
    path: String,
) -> Result<ExportView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_open()?;
        let runs = runs(&open, &ids)?;
        let out = new_file::entered(&station.workspace(), &path)?;
        let workspace = station.workspace();
        let book = open.logs_to_carry(&workspace);
        let (report, noted) = export::export(&workspace, &runs, &out, &book)?;
        station.show_problems(noted);
        Ok(ExportView { path: displayed(&out), report: ExportedView::of(report) })
    })
    .await
}

/// The contents of an export before it is imported. Nothing is written.
#[tauri::command]
#[specta::specta]
pub async fn import_look(station: Held<'_>, path: String) -> Result<Inspected, Problem> {
    off_thread(&station, move |station| {
        station.need_own()?;
        carry::inspect(Path::new(&path)).map_err(Problem::from)
    })
    .await
}

/// Imports a file, if it still has the digest that was confirmed.
#[tauri::command]
#[specta::specta]
pub async fn import_envelopes(
    station: Held<'_>,
    path: String,
    digest: String,
) -> Result<ImportView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let confirmed = Digest::parse_spoken(&digest).ok_or(Refusal::NoDigest)?;
        let logs = open.current_logs();
        let keyring = station.trust().0;
        let (archive, target) = (Path::new(&path), open.root.as_path());
        let (expected, keyring, book) = (Some(confirmed), &*keyring, &*logs);
        let wanted = Import { archive, target, expected, keyring, book };
        let (report, noted) = import::import(&station.workspace(), &wanted)?;
        station.show_problems(noted);
        let written = report.envelopes.iter().filter(|one| !one.merged.written.is_empty());
        for arrived in written {
            open.queue.refresh(&arrived.merged.path);
        }
        Ok(ImportView::of(&report, |run| open.queue.find(run).and_then(|id| open.queue.row(id))))
    })
    .await
}

/// Packs one envelope for an auditor, judged as it is here.
#[tauri::command]
#[specta::specta]
pub async fn pack_envelope(station: Held<'_>, id: u32, path: String) -> Result<PackView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_open()?;
        let run = open.run(id)?;
        let out = new_file::entered(&station.workspace(), &path)?;
        let context = open.queue.context();
        let (judge, logs) = (context.judge(), &context.logs);
        let packed = pack::pack(&station.workspace(), pack::ToPack::new(&run, &judge, logs), &out)?;
        let (path, report_path) = (displayed(&out), displayed(&out.join("report.html")));
        Ok(PackView { path, report_path, report: packed.report })
    })
    .await
}

/// Shows the report of an envelope, as a pack would contain it, to be printed.
#[tauri::command]
#[specta::specta]
pub async fn print_report(
    app: tauri::AppHandle,
    station: Held<'_>,
    id: u32,
) -> Result<(), Problem> {
    let (name, page) = off_thread(&station, move |station| {
        let open = station.need_open()?;
        let context = open.queue.context();
        let run = open.run(id)?;
        let page = pack::report(&run, &context.judge(), &context.logs)?;
        Ok((displayed(Path::new(&name_of(&run))), page))
    })
    .await?;
    let failed = |error: tauri::Error| Refusal::NoReport { why: error.to_string() }.problem();
    report_window::show(&app, &format!("Report of {name}"), page).map_err(failed)
}

/// Shows a file or folder that was written here, in the system's file manager.
#[tauri::command]
#[specta::specta]
pub async fn show_in_folder(station: Held<'_>, path: String) -> Result<(), Problem> {
    off_thread(&station, move |_| {
        let failed = |error: tauri_plugin_opener::Error| {
            Refusal::NoFileManager { path: path.clone(), why: error.to_string() }.problem()
        };
        tauri_plugin_opener::reveal_item_in_dir(&path).map_err(failed)
    })
    .await
}

/// The QR code of a digest.
#[tauri::command]
#[specta::specta]
pub async fn digest_qr(station: Held<'_>, hex: String) -> Result<QrView, Problem> {
    off_thread(&station, move |_| {
        let digest = Digest::parse_spoken(&hex).ok_or(Refusal::NoDigest)?;
        QrView::of(&digest.hex()).ok_or_else(|| Refusal::NoDigest.problem())
    })
    .await
}

fn runs(open: &OpenDirectory, ids: &[u32]) -> Result<Vec<PathBuf>, Problem> {
    ids.iter().map(|id| Ok(open.run(*id)?)).collect()
}

fn displayed(path: &Path) -> String {
    visible(&path.to_string_lossy())
}
