//! A reviewer's finding: concluded on the review desk, signed with their own key, and read again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use countersign_admissibility::finding::JudgedFinding;
use countersign_app::clock::now;
use countersign_app::finding_view::FindingView;
use countersign_app::open_directory::OpenDirectory;
use countersign_app::review::{Review, ReviewError};
use countersign_app::review_desk::{ConcludeError, Desk, DeskView, Said};
use countersign_app::{finding, new_file};
use countersign_ceremony::act::view::ActStage;
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::finding_act::{FindingAct, FindingActView, FindingChoice};
use countersign_envelope::digest::Digest;
use countersign_envelope::finding::FindingOutcome;
use countersign_index::queue::Context;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_store::reading::name_of;
use serde::Deserialize;
use specta::Type;

use super::act::TypedSecret;
use super::{Held, off_thread};
use crate::events::FindingChanged;
use crate::refusal::Refusal;
use crate::report_window;
use crate::station::Station;

/// What a reviewer concludes, as they entered it.
#[derive(Debug, Deserialize, Type)]
pub struct FindingDraft {
    /// The outcome.
    pub outcome: FindingOutcome,
    /// The note on the whole.
    pub note: String,
    /// The notes on single envelopes.
    pub notes: Vec<EnvelopeNote>,
    /// The new file.
    pub path: String,
}

/// A note on one envelope.
#[derive(Debug, Deserialize, Type)]
pub struct EnvelopeNote {
    /// The digest of its run, 64 hex digits.
    pub run: String,
    /// The note.
    pub note: String,
}

/// The levels of what is reviewed by their keys and by the station's own, and what theirs rest on.
#[tauri::command]
#[specta::specta]
pub async fn review_desk(station: Held<'_>) -> Result<DeskView, Problem> {
    off_thread(&station, |station| {
        let open = station.need_open()?;
        let desk = desk(station, &open)?;
        Ok(desk.view(|run| open.queue.find(run)))
    })
    .await
}

/// A free place for a finding about what is reviewed.
#[tauri::command]
#[specta::specta]
pub async fn finding_place(station: Held<'_>) -> Result<String, Problem> {
    off_thread(&station, |station| {
        let open = station.need_open()?;
        let path = &review(&open)?.reviewed().path;
        Ok(finding::proposed(path).to_string_lossy().into_owned())
    })
    .await
}

/// Begins the signing of a finding: which keys there are.
#[tauri::command]
#[specta::specta]
pub async fn finding_begin(station: Held<'_>) -> Result<FindingActView, Problem> {
    off_thread(&station, |station| {
        let open = station.need_open()?;
        review(&open)?;
        let workspace = station.workspace();
        let logs = Arc::clone(&open.queue.context().logs);
        let rules = Arc::new(Context::read(&workspace.rules()?, logs, now));
        let desk = SigningDesk {
            root: open.root.clone(),
            rules,
            profiles: station.settings_read_again().signers,
            devices: station.devices(),
            recorder: workspace.recorder()?,
        };
        let listening = Arc::downgrade(station);
        let listener = move |view: &FindingActView| {
            if let Some(station) = listening.upgrade() {
                station.emit(&FindingChanged { act: view.clone() });
            }
        };
        let act = Arc::new(FindingAct::new(station.next_act(), desk, listener));
        station.begin_finding(Some(Arc::clone(&act)));
        Ok(act.view())
    })
    .await
}

/// The reviewer has concluded, and chosen a key.
#[tauri::command]
#[specta::specta]
pub async fn finding_choose(
    station: Held<'_>,
    draft: FindingDraft,
    choice: FindingChoice,
) -> Result<FindingActView, Problem> {
    signs(station, move |station, act| {
        let open = station.need_open()?;
        let review = review(&open)?;
        let workspace = station.workspace();
        let out = new_file::entered(&workspace, &draft.path)?;
        let notes = draft.notes.into_iter().filter(|one| !one.note.trim().is_empty());
        let notes = notes.map(|one| {
            let unknown = ConcludeError::NoSuchRun { run: one.run.clone() };
            Ok((Digest::parse_hex(&one.run).ok_or(unknown)?, one.note))
        });
        let notes = notes.collect::<Result<BTreeMap<_, _>, ConcludeError>>()?;
        let said = Said { outcome: Some(draft.outcome), note: draft.note, notes };
        let by = (review.told(), review.keys());
        let reviewed = review.reviewed();
        let conclusion =
            desk(station, &open)?.conclude(reviewed, &workspace.rules()?, by, &said)?;
        let to_sign = finding::to_sign(&workspace, reviewed, &out, conclusion)?;
        act.choose(to_sign, choice)
    })
    .await
}

/// Takes the passphrase or PIN, which is used once. The last attempt is used only if that is
/// confirmed.
#[tauri::command]
#[specta::specta]
pub async fn finding_secret(
    station: Held<'_>,
    secret: TypedSecret,
    last_try_confirmed: bool,
) -> Result<FindingActView, Problem> {
    signs(station, move |_, act| {
        let last = if last_try_confirmed { LastTry::Confirmed } else { LastTry::NotConfirmed };
        act.secret(&secret.0, last)
    })
    .await
}

/// Repeats a missed touch, with the same PIN.
#[tauri::command]
#[specta::specta]
pub async fn finding_touch_again(station: Held<'_>) -> Result<FindingActView, Problem> {
    signs(station, |_, act| act.touch_again()).await
}

/// One step back, from the secret to the choice.
#[tauri::command]
#[specta::specta]
pub async fn finding_back(station: Held<'_>) -> Result<FindingActView, Problem> {
    off_thread(&station, |station| station.finding()?.back()).await
}

/// Stops, and closes what has ended.
#[tauri::command]
#[specta::specta]
pub async fn finding_close(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.begin_finding(None);
        Ok(())
    })
    .await
}

/// Reads a finding, and compares it with what is reviewed.
#[tauri::command]
#[specta::specta]
pub async fn finding_look(station: Held<'_>, path: String) -> Result<FindingView, Problem> {
    off_thread(&station, move |station| {
        let path = Path::new(&path);
        Ok(FindingView::of(path, &judge(station, path)?))
    })
    .await
}

/// Writes the page of the finding that was just signed, to print, beside it. Returns its path.
#[tauri::command]
#[specta::specta]
pub async fn finding_page(station: Held<'_>) -> Result<String, Problem> {
    off_thread(&station, |station| {
        let act = station.finding()?;
        let path = act.written().ok_or_else(|| Refusal::NoCeremony.problem())?;
        let page = finding::page_of(&path);
        let judged = judge(station, &path)?;
        finding::write_page(&station.workspace(), &path, &judged, &page)?;
        Ok(page.to_string_lossy().into_owned())
    })
    .await
}

/// Shows the page of a finding in a window of its own, to be printed.
#[tauri::command]
#[specta::specta]
pub async fn finding_print(
    app: tauri::AppHandle,
    station: Held<'_>,
    path: String,
) -> Result<(), Problem> {
    let (name, page) = off_thread(&station, move |station| {
        let path = Path::new(&path);
        let name = name_of(path);
        let page = finding::page(path, &judge(station, path)?)?;
        Ok((visible(&name), page.into_bytes()))
    })
    .await?;
    let failed = |error: tauri::Error| Refusal::NoReport { why: error.to_string() }.problem();
    report_window::show(&app, &format!("Finding {name}"), page).map_err(failed)
}

/// Judges a finding by the station's own keyring, and compares it with what is reviewed.
fn judge(station: &Station, path: &Path) -> Result<JudgedFinding, Problem> {
    let open = station.open();
    let review = open.as_ref().and_then(|open| open.review());
    let pack = review.map(|review| finding::pack_to_compare(review.reviewed())).transpose()?;
    Ok(finding::judge(path, pack.as_ref(), &station.trust().0)?)
}

/// What is under review.
fn review(open: &OpenDirectory) -> Result<&Review, Problem> {
    open.review().ok_or_else(|| ReviewError::NotReviewing.problem())
}

fn desk(station: &Station, open: &OpenDirectory) -> Result<Desk, Problem> {
    let (reviewed, logs) = (review(open)?.reviewed(), &open.queue.context().logs);
    Ok(Desk::of(reviewed, &station.workspace().rules()?, logs, now)?)
}

/// A step that may sign; used attempts are displayed.
async fn signs(
    station: Held<'_>,
    step: impl FnOnce(&Arc<Station>, &FindingAct) -> Result<FindingActView, Problem> + Send + 'static,
) -> Result<FindingActView, Problem> {
    off_thread(&station, move |station| {
        let act = station.finding()?;
        act.check_keyring(&station.trust().0)?;
        let view = step(station, &act);
        if view.as_ref().is_ok_and(|view| view.stage != ActStage::Choosing) {
            station.look_again();
        }
        view
    })
    .await
}
