//! The ceremony.

use countersign_problem::Problem;
use std::sync::Arc;

use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::session::{CeremonyChoice, CeremonyView, Session, check_keyring};
use countersign_views::{RawLines, RawPart};
use secrecy::SecretString;
use serde::Deserialize;

use super::envelope::run_of;
use super::{Held, off_thread};
use crate::events::CeremonyChanged;
use crate::station::Station;

/// A passphrase or PIN on its way from the window into memory that is wiped. It is never written,
/// displayed or returned.
#[derive(Deserialize, specta::Type)]
pub struct TypedSecret(#[specta(type = String)] pub(crate) SecretString);

/// Begins a ceremony: reads the run and its manifest.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_begin(station: Held<'_>, id: u32) -> Result<CeremonyView, Problem> {
    off_thread(&station, move |station| {
        let open = station.need_own()?;
        let run = run_of(&open, id)?;
        let listening = Arc::downgrade(station);
        let listener = move |ceremony: &CeremonyView| {
            if let Some(station) = listening.upgrade() {
                station.emit(&CeremonyChanged { ceremony: ceremony.clone() });
            }
        };
        let desk = SigningDesk {
            root: open.root.clone(),
            rules: open.queue.context(),
            profiles: station.settings_read_again().signers,
            devices: station.devices(),
            recorder: station.recorder(),
        };
        let session = Session::begin((station.next_ceremony(), id), &run, desk, listener);
        let view = session.view();
        station.begin(Some(Arc::new(session)));
        Ok(view)
    })
    .await
}

/// Some lines of what is being signed, from the very buffer that is hashed.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_raw_lines(
    station: Held<'_>,
    part: RawPart,
    first: u32,
    count: u32,
) -> Result<RawLines, Problem> {
    off_thread(&station, move |station| Ok(station.ceremony()?.lines(part, first, count))).await
}

/// The person has read; on to the choice of key.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_have_read(station: Held<'_>) -> Result<CeremonyView, Problem> {
    off_thread(&station, |station| session_in_force(station)?.have_read()).await
}

/// Key, name, role and terms are chosen.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_choose(
    station: Held<'_>,
    choice: CeremonyChoice,
) -> Result<CeremonyView, Problem> {
    off_thread(&station, move |station| {
        let session = session_in_force(station)?;
        let view = session.choose(choice);
        written(station, &session);
        view
    })
    .await
}

/// Takes the passphrase or PIN, which is used once. The last attempt is used only if that is
/// confirmed.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_secret(
    station: Held<'_>,
    secret: TypedSecret,
    last_try_confirmed: bool,
) -> Result<CeremonyView, Problem> {
    off_thread(&station, move |station| {
        let session = session_in_force(station)?;
        let last = if last_try_confirmed { LastTry::Confirmed } else { LastTry::NotConfirmed };
        let view = session.secret(&secret.0, last);
        written(station, &session);
        view
    })
    .await
}

/// Repeats a missed touch, with the same PIN.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_touch_again(station: Held<'_>) -> Result<CeremonyView, Problem> {
    off_thread(&station, |station| {
        let session = session_in_force(station)?;
        let view = session.touch_again();
        written(station, &session);
        view
    })
    .await
}

/// One step back: from the secret to the choice, from the choice to the reading.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_back(station: Held<'_>) -> Result<CeremonyView, Problem> {
    off_thread(&station, |station| station.ceremony()?.back()).await
}

/// Cancels, or closes what is done or refused.
#[tauri::command]
#[specta::specta]
pub async fn ceremony_cancel(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.begin(None);
        Ok(())
    })
    .await
}

/// The ceremony at hand, as long as the keyring is the one that it began with.
fn session_in_force(station: &Station) -> Result<Arc<Session>, Problem> {
    let session = station.ceremony()?;
    check_keyring(session.keyring(), &station.trust().0)?;
    Ok(session)
}

/// The queue judges what was just written at once, and used attempts are displayed.
fn written(station: &Station, session: &Session) {
    if session.may_use_device() {
        station.look_again();
    }
    if session.is_done()
        && let Some(open) = station.open()
    {
        open.queue.refresh(session.run());
    }
}
