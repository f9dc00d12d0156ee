//! What a change of trust or policy would change, before a person makes it.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use countersign_admissibility::policy::{Policy, Weakness};
use countersign_app::roots::TrustedFor;
use countersign_app::settings::Settings;
use countersign_app::trust_change::{TrustChange, TrustEffect, TrustPreview};
use countersign_envelope::count::count;
use countersign_problem::{Explain as _, Problem};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::devices::{DeviceEnrolRequest, TokenEnrolRequest};
use super::keys::{CreateKeyRequest, EnrolRequest, RevokeRequest};
use super::settings::to_save;
use super::{Held, log, off_thread};
use crate::events::TrustPreviewProgress;
use crate::refusal::Refusal;
use crate::station::Station;

/// How often the window hears how far a preview has come.
const APART: Duration = Duration::from_millis(100);

/// A change of trust, as the person is about to make it.
#[derive(Deserialize, Type)]
#[serde(tag = "change", content = "of", rename_all = "snake_case")]
pub enum TrustChangeRequest {
    /// A public key comes into the keyring.
    Enrol(EnrolRequest),
    /// The key of a device does.
    EnrolDevice(DeviceEnrolRequest),
    /// The key of a token does.
    EnrolToken(TokenEnrolRequest),
    /// A key that is to be made does.
    Create(CreateKeyRequest),
    /// A key is revoked.
    Revoke {
        /// The key.
        key_id: String,
        /// Why.
        request: RevokeRequest,
    },
    /// Certificates of a file are trusted.
    AddRoots {
        /// For what.
        what: TrustedFor,
        /// The file.
        path: String,
        /// Those that are confirmed, by their SHA-256.
        sha256: Vec<String>,
    },
    /// A certificate is trusted no longer.
    RemoveRoot {
        /// For what.
        what: TrustedFor,
        /// Its SHA-256.
        sha256: String,
    },
    /// A log is accepted as it is, by the id of its alarm.
    AcceptLog {
        /// The alarm.
        id: String,
        /// What was shown of it.
        state: String,
    },
    /// Other settings.
    Settings(Box<Settings>),
}

/// What a change would change.
#[derive(Debug, Serialize, Type)]
pub struct TrustPreviewView {
    /// About the envelopes of the open directory; null if none is open.
    pub effect: Option<TrustEffect>,
    /// In what the policy would be weaker than the default and than it is.
    pub weaker: Vec<Weakness>,
    /// Whether the policy would ask for less than it does.
    pub asks_less: bool,
    /// How many signatures would be exempt from the need for a claim, besides those that are.
    pub exempt: u32,
}

/// What a change would change. A preview that is under way is cancelled.
#[tauri::command]
#[specta::specta]
pub async fn trust_preview(
    station: Held<'_>,
    change: TrustChangeRequest,
) -> Result<TrustPreviewView, Problem> {
    off_thread(&station, move |station| {
        let cancelled = station.next_preview();
        let mut view =
            TrustPreviewView { effect: None, weaker: Vec::new(), asks_less: false, exempt: 0 };
        let change = read(station, change, &mut view)?;
        let Some(open) = station.open() else { return Ok(view) };
        let workspace = station.workspace();
        let preview = TrustPreview::of_open(&workspace, &open)?;
        let mut last = Instant::now();
        let effect = preview.effect(&workspace, &change, |done, total| {
            if last.elapsed() >= APART {
                last = Instant::now();
                station.emit(&TrustPreviewProgress { done, total });
            }
            !cancelled.load(Ordering::Relaxed)
        })?;
        view.effect = Some(effect);
        Ok(view)
    })
    .await
}

/// Cancels the preview that is under way.
#[tauri::command]
#[specta::specta]
pub async fn trust_preview_stop(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.next_preview();
        Ok(())
    })
    .await
}

/// The change, with what is to be said of the policy in `view`.
fn read(
    station: &Station,
    change: TrustChangeRequest,
    view: &mut TrustPreviewView,
) -> Result<TrustChange, Problem> {
    type Request = TrustChangeRequest;
    let enrol = |key| TrustChange::Enrol(Box::new(key));
    Ok(match change {
        Request::Enrol(request) => enrol(request.entry(station)?),
        Request::EnrolDevice(request) => enrol(request.entry(station)?),
        Request::EnrolToken(request) => enrol(request.entry(station)?),
        Request::Create(request) => enrol(request.entry(station)?),
        Request::Revoke { key_id, request } => {
            TrustChange::Revoke { key_id, revocation: request.revocation()? }
        }
        Request::AddRoots { what, path, sha256 } => {
            TrustChange::AddRoots { what, file: PathBuf::from(path), sha256 }
        }
        Request::RemoveRoot { what, sha256 } => TrustChange::RemoveRoot { what, sha256 },
        Request::AcceptLog { id, state } => {
            let acceptance = log::acceptance(station, &id)?.ok_or(Refusal::NothingToAccept)?;
            acceptance.check_shown(&state)?;
            TrustChange::AcceptLog(Box::new(acceptance))
        }
        Request::Settings(settings) => {
            let before = station.settings().policy;
            let settings = to_save(station, *settings)?;
            settings.check().map_err(|error| error.problem())?;
            let (old, new) = (Policy::from(&before), Policy::from(&settings.policy));
            view.weaker = new.weaker_than(&old);
            view.asks_less = new.asks_less_than(&old);
            view.exempt = count(new.exempt.difference(&old.exempt).count());
            let workspace = station.workspace_by(&settings);
            let rules = match station.open() {
                Some(open) => open.rules(&workspace)?,
                None => workspace.rules()?,
            };
            TrustChange::Rules(Box::new(rules))
        }
    })
}
