//! An act of signing over one or several envelopes.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_ceremony::act::reading::ReadingView;
use countersign_ceremony::act::view::{ActChoice, ActOutcome, ActRow, ActView};
use countersign_ceremony::act::{Act, ActNews};
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_problem::Problem;
use countersign_views::{RawLines, RawPart};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Held, off_thread};
use crate::events::ActChanged;
use crate::station::Station;

/// Most rows in one answer.
const MOST: u32 = 1000;

/// A passphrase or PIN on its way from the window into memory that is wiped. It is never written,
/// displayed or returned.
#[derive(Deserialize, specta::Type)]
pub struct TypedSecret(#[specta(type = String)] pub(crate) SecretString);

/// Begins an act over envelopes: reads them, and reports progress.
#[tauri::command]
#[specta::specta]
pub async fn act_begin(station: Held<'_>, ids: Vec<u32>) -> Result<ActView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let runs = ids.into_iter().map(|id| Ok((id, open.run(id)?)));
        let runs = runs.collect::<Result<Vec<(u32, PathBuf)>, Problem>>()?;
        let listening = Arc::downgrade(station);
        let queue = Arc::downgrade(&open.queue);
        let listener = move |news: ActNews<'_>| match news {
            ActNews::Changed(view) => {
                if let Some(station) = listening.upgrade() {
                    station.emit(&ActChanged { act: view.clone() });
                }
            }
            // The queue judges at once what was just written.
            ActNews::Written(run) => {
                if let Some(queue) = queue.upgrade() {
                    queue.refresh(run);
                }
            }
        };
        let desk = SigningDesk {
            root: open.root.clone(),
            rules: open.queue.context(),
            profiles: station.settings_read_again().signers,
            devices: station.devices(),
            recorder: station.workspace().recorder()?,
        };
        let act = Arc::new(Act::new(station.next_act(), desk, listener));
        station.begin(Some(Arc::clone(&act)));
        Ok(act.gather(&runs))
    })
    .await
}

/// Some of the envelopes, in the order of the list: those of one outcome, or all.
#[tauri::command]
#[specta::specta]
pub async fn act_rows(
    station: Held<'_>,
    outcome: Option<ActOutcome>,
    first: u32,
    count: u32,
) -> Result<Vec<ActRow>, Problem> {
    off_thread(&station, move |station| Ok(station.act()?.rows(outcome, first, count.min(MOST))))
        .await
}

/// One envelope in full, as it is signed.
#[tauri::command]
#[specta::specta]
pub async fn act_open(station: Held<'_>, at: u32) -> Result<ReadingView, Problem> {
    off_thread(&station, move |station| station.act()?.open(at)).await
}

/// Some lines of the envelope that was opened last, from the very buffer that was hashed.
#[tauri::command]
#[specta::specta]
pub async fn act_raw_lines(
    station: Held<'_>,
    part: RawPart,
    first: u32,
    count: u32,
) -> Result<RawLines, Problem> {
    off_thread(&station, move |station| Ok(station.act()?.lines(part, first, count))).await
}

/// The person has read; on to the choice of key.
#[tauri::command]
#[specta::specta]
pub async fn act_have_read(station: Held<'_>) -> Result<ActView, Problem> {
    off_thread(&station, |station| in_force(station)?.have_read()).await
}

/// The person has read, and refuses; on to the choice of key and the reason.
#[tauri::command]
#[specta::specta]
pub async fn act_refuse(station: Held<'_>) -> Result<ActView, Problem> {
    off_thread(&station, |station| in_force(station)?.refuse()).await
}

/// A choice is considered: what it would change, or which of several envelopes are left out.
#[tauri::command]
#[specta::specta]
pub async fn act_consider(station: Held<'_>, choice: ActChoice) -> Result<ActView, Problem> {
    off_thread(&station, move |station| station.act()?.consider(&choice)).await
}

/// Key, name, role and terms are chosen; and the key that makes companions, with its passphrase if it
/// asks for one.
#[tauri::command]
#[specta::specta]
pub async fn act_choose(
    station: Held<'_>,
    choice: ActChoice,
    companion_passphrase: Option<TypedSecret>,
) -> Result<ActView, Problem> {
    signs(station, move |act| {
        act.choose_with(choice, companion_passphrase.as_ref().map(|secret| &secret.0))
    })
    .await
}

/// Takes the passphrase or PIN, which is used once. The last attempt is used only if that is
/// confirmed.
#[tauri::command]
#[specta::specta]
pub async fn act_secret(
    station: Held<'_>,
    secret: TypedSecret,
    last_try_confirmed: bool,
) -> Result<ActView, Problem> {
    signs(station, move |act| {
        let last = if last_try_confirmed { LastTry::Confirmed } else { LastTry::NotConfirmed };
        act.secret(&secret.0, last)
    })
    .await
}

/// Repeats a missed touch, with the same PIN.
#[tauri::command]
#[specta::specta]
pub async fn act_touch_again(station: Held<'_>) -> Result<ActView, Problem> {
    signs(station, Act::touch_again).await
}

/// One step back: from the secret to the choice, from the choice to the reading.
#[tauri::command]
#[specta::specta]
pub async fn act_back(station: Held<'_>) -> Result<ActView, Problem> {
    off_thread(&station, |station| station.act()?.back()).await
}

/// Stops after the current envelope, or before it if its writing has not begun.
#[tauri::command]
#[specta::specta]
pub async fn act_stop(station: Held<'_>) -> Result<ActView, Problem> {
    off_thread(&station, |station| {
        let act = station.act()?;
        act.stop();
        Ok(act.view())
    })
    .await
}

/// Goes on with what was not reached.
#[tauri::command]
#[specta::specta]
pub async fn act_go_on(station: Held<'_>) -> Result<ActView, Problem> {
    off_thread(&station, |station| station.act()?.go_on()).await
}

/// Stops, and closes what has ended.
#[tauri::command]
#[specta::specta]
pub async fn act_close(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.begin(None);
        Ok(())
    })
    .await
}

/// The act at hand, as long as the keyring is the one that it began with.
fn in_force(station: &Station) -> Result<Arc<Act>, Problem> {
    let act = station.act()?;
    act.check_keyring(&station.trust().0)?;
    Ok(act)
}

/// A step that may sign; used attempts are displayed.
async fn signs(
    station: Held<'_>,
    step: impl FnOnce(&Act) -> Result<ActView, Problem> + Send + 'static,
) -> Result<ActView, Problem> {
    off_thread(&station, move |station: &Arc<Station>| {
        let act = in_force(station)?;
        let view = step(&act);
        if act.may_use_device() {
            station.look_again();
        }
        view
    })
    .await
}
