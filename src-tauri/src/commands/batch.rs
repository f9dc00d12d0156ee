//! Several envelopes in one ceremony.

use countersign_problem::Problem;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_ceremony::batch::{Batch, BatchNews, BatchOutcome, BatchRow, BatchView};
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::session::{CeremonyChoice, ReadingView, check_keyring};
use countersign_views::{RawLines, RawPart};

use super::ceremony::TypedSecret;
use super::envelope::run_of;
use super::{Held, off_thread};
use crate::events::BatchChanged;
use crate::station::Station;

/// Most rows in one answer.
const MOST: u32 = 1000;

/// Begins a ceremony over envelopes: reads them, and reports progress.
#[tauri::command]
#[specta::specta]
pub async fn batch_begin(station: Held<'_>, ids: Vec<u32>) -> Result<BatchView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let runs = ids.into_iter().map(|id| Ok((id, run_of(&open, id)?)));
        let runs = runs.collect::<Result<Vec<(u32, PathBuf)>, Problem>>()?;
        let listening = Arc::downgrade(station);
        let queue = Arc::downgrade(&open.queue);
        let listener = move |news: BatchNews<'_>| match news {
            BatchNews::Changed(view) => {
                if let Some(station) = listening.upgrade() {
                    station.emit(&BatchChanged { batch: view.clone() });
                }
            }
            // The queue judges at once what was just written.
            BatchNews::Written(run) => {
                if let Some(queue) = queue.upgrade() {
                    queue.refresh(run);
                }
            }
        };
        let desk = SigningDesk {
            root: open.root.clone(),
            rules: open.queue.context(),
            profiles: station.settings().signers,
            devices: station.devices(),
            recorder: station.recorder(),
        };
        let batch = Arc::new(Batch::new(station.next_ceremony(), desk, listener));
        station.begin_batch(Some(Arc::clone(&batch)));
        Ok(batch.gather(&runs))
    })
    .await
}

/// Some of the envelopes, in the order of the list: those of one outcome, or all.
#[tauri::command]
#[specta::specta]
pub async fn batch_rows(
    station: Held<'_>,
    outcome: Option<BatchOutcome>,
    first: u32,
    count: u32,
) -> Result<Vec<BatchRow>, Problem> {
    off_thread(&station, move |station| Ok(station.batch()?.rows(outcome, first, count.min(MOST))))
        .await
}

/// One envelope of the list in full, read again and compared with the list.
#[tauri::command]
#[specta::specta]
pub async fn batch_open(station: Held<'_>, at: u32) -> Result<ReadingView, Problem> {
    off_thread(&station, move |station| station.batch()?.open(at)).await
}

/// Some lines of the envelope that was opened last, from the very buffer that was hashed.
#[tauri::command]
#[specta::specta]
pub async fn batch_raw_lines(
    station: Held<'_>,
    part: RawPart,
    first: u32,
    count: u32,
) -> Result<RawLines, Problem> {
    off_thread(&station, move |station| Ok(station.batch()?.lines(part, first, count))).await
}

/// The person has read the list; on to the choice of key.
#[tauri::command]
#[specta::specta]
pub async fn batch_have_read(station: Held<'_>) -> Result<BatchView, Problem> {
    off_thread(&station, |station| station.batch()?.have_read()).await
}

/// A key and a name are considered: what they have signed already is marked and left out.
#[tauri::command]
#[specta::specta]
pub async fn batch_consider(
    station: Held<'_>,
    signer: String,
    signer_id: String,
) -> Result<BatchView, Problem> {
    off_thread(&station, move |station| station.batch()?.consider(&signer, &signer_id)).await
}

/// Key, name and role are chosen.
#[tauri::command]
#[specta::specta]
pub async fn batch_choose(station: Held<'_>, choice: CeremonyChoice) -> Result<BatchView, Problem> {
    signs(station, move |batch| batch.choose(choice)).await
}

/// The passphrase or PIN, for all of them; used once.
#[tauri::command]
#[specta::specta]
pub async fn batch_secret(
    station: Held<'_>,
    secret: TypedSecret,
    last_try_confirmed: bool,
) -> Result<BatchView, Problem> {
    signs(station, move |batch| {
        let last = if last_try_confirmed { LastTry::Confirmed } else { LastTry::NotConfirmed };
        batch.secret(&secret.0, last)
    })
    .await
}

/// Repeats a missed touch, with the same PIN.
#[tauri::command]
#[specta::specta]
pub async fn batch_touch_again(station: Held<'_>) -> Result<BatchView, Problem> {
    signs(station, Batch::touch_again).await
}

/// One step back: from the secret to the choice, from the choice to the list.
#[tauri::command]
#[specta::specta]
pub async fn batch_back(station: Held<'_>) -> Result<BatchView, Problem> {
    off_thread(&station, |station| station.batch()?.back()).await
}

/// Stops after the current envelope, or before it if its writing has not begun.
#[tauri::command]
#[specta::specta]
pub async fn batch_stop(station: Held<'_>) -> Result<BatchView, Problem> {
    off_thread(&station, |station| {
        let batch = station.batch()?;
        batch.stop();
        Ok(batch.view())
    })
    .await
}

/// Goes on with what was not reached.
#[tauri::command]
#[specta::specta]
pub async fn batch_go_on(station: Held<'_>) -> Result<BatchView, Problem> {
    off_thread(&station, |station| station.batch()?.go_on()).await
}

/// Stops, and closes what has ended.
#[tauri::command]
#[specta::specta]
pub async fn batch_close(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.begin_batch(None);
        Ok(())
    })
    .await
}

/// A step that may sign; used attempts are displayed.
async fn signs(
    station: Held<'_>,
    step: impl FnOnce(&Batch) -> Result<BatchView, Problem> + Send + 'static,
) -> Result<BatchView, Problem> {
    off_thread(&station, move |station: &Arc<Station>| {
        let batch = station.batch()?;
        check_keyring(batch.keyring(), &station.trust().0)?;
        let view = step(&batch);
        if batch.may_use_device() {
            station.look_again();
        }
        view
    })
    .await
}
