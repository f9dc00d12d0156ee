//! Devices that are plugged in: enrolling their keys, and changing PIN and PUK.

use countersign_admissibility::keyring::Key;
use countersign_app::clock::now;
use countersign_app::enrol;
use countersign_app::enrol_token::TokenKey;
use countersign_app::pin::{self, PinChangeError};
use countersign_ceremony::ceremony::LastTry;
use countersign_problem::{Explain as _, Problem};
use std::sync::Arc;

use countersign_ceremony::devices::{self, DeviceKey};
use countersign_ceremony::key_ref::PivToken;
use countersign_ceremony::tokens;
use countersign_envelope::signature::{Role, SignerType};
use countersign_signers::SignerError;
use countersign_signers::piv::pin::Change;
use countersign_signers::piv::token::{Token, slot_name};
use countersign_trust::enrolment::Holder;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::act::TypedSecret;
use super::keys::{KeysView, given, instant, view};
use super::{Held, off_thread};
use crate::refusal::Refusal;
use crate::station::Station;

/// A device's key to enrol.
#[derive(Debug, Deserialize, Type)]
pub struct DeviceEnrolRequest {
    /// The card.
    pub card: PivToken,
    /// The slot: `9c`.
    pub slot: String,
    /// SHA-256 of the public key that the person saw, 64 hex digits.
    pub fingerprint: String,
    /// The id that signatures name.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// The roles its owner may sign in.
    pub roles: Vec<Role>,
    /// From when its signatures count, RFC 3339.
    pub valid_from: Option<String>,
    /// Until when.
    pub valid_until: Option<String>,
    /// Whether the person states that hardware holds it.
    pub stated: bool,
}

/// The result of changing a PIN or PUK. A wrong one is an answer, not a failure.
#[derive(Debug, Serialize, Type)]
pub struct PinOutcome {
    /// Whether it was changed.
    pub done: bool,
    /// Why not.
    pub problem: Option<Problem>,
    /// How many attempts are left, if known.
    pub tries_left: Option<u8>,
}

/// Reads the devices that are plugged in again.
#[tauri::command]
#[specta::specta]
pub async fn devices_look_again(station: Held<'_>) -> Result<(), Problem> {
    off_thread(&station, |station| {
        station.look_again();
        Ok(())
    })
    .await
}

/// Enrols a device's key, with its attestation if it has one.
#[tauri::command]
#[specta::specta]
pub async fn device_enrol(
    station: Held<'_>,
    request: DeviceEnrolRequest,
) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        enrol::enrol(&station.workspace(), request.entry(station)?)?;
        station.announce();
        Ok(view(station))
    })
    .await
}

impl DeviceEnrolRequest {
    /// The key's entry in the keyring, with its attestation.
    pub(super) fn entry(self, station: &Station) -> Result<Key, Problem> {
        let plugged_in = station.devices();
        let device = DeviceKey::all(&plugged_in)
            .into_iter()
            .find(|device| device.card == self.card && slot_name(device.key.slot) == self.slot);
        let device = device.filter(|device| {
            // The key that the person saw, not the one that is in the slot now.
            device.public_key.fingerprint().hex() == self.fingerprint
        });
        let device = device.ok_or(Refusal::KeyGone)?;
        let holder = Holder {
            key_id: given(self.key_id),
            owner: given(self.owner),
            roles: self.roles,
            valid_from: instant(self.valid_from)?,
            valid_until: instant(self.valid_until)?,
            ..Holder::default()
        };
        let (_, roots) = station.trust();
        Ok(devices::entry(&device, holder, stated(self.stated), &roots, now())?)
    }
}

/// A token's key to enrol.
#[derive(Deserialize, Type)]
pub struct TokenEnrolRequest {
    /// The key: its RFC 7512 URI.
    pub uri: String,
    /// SHA-256 of the public key that the person saw, 64 hex digits.
    pub fingerprint: String,
    /// The PIN, if the token reveals only with it what holds the key.
    pub pin: Option<TypedSecret>,
    /// The id that signatures name.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// The roles its owner may sign in.
    pub roles: Vec<Role>,
    /// From when its signatures count, RFC 3339.
    pub valid_from: Option<String>,
    /// Until when.
    pub valid_until: Option<String>,
    /// Whether the person states that hardware holds it.
    pub stated: bool,
}

/// Enrols a token's key, with the kind that the token states.
#[tauri::command]
#[specta::specta]
pub async fn token_enrol(
    station: Held<'_>,
    request: TokenEnrolRequest,
) -> Result<KeysView, Problem> {
    off_thread(&station, move |station| {
        let workspace = station.workspace();
        let mut key = request.key(station)?;
        if let Some(pin) = &request.pin {
            let closer = key.look_closer(&workspace, &pin.0, LastTry::NotConfirmed);
            station.look_again();
            closer?;
        }
        enrol::enrol(&workspace, key.entry(&workspace, stated(request.stated))?)?;
        station.announce();
        Ok(view(station))
    })
    .await
}

impl TokenEnrolRequest {
    fn key(&self, station: &Station) -> Result<TokenKey, Problem> {
        let uri = self.uri.parse().ok();
        let key = uri.and_then(|uri| tokens::find(&station.devices(), &uri)).filter(|key| {
            let public = key.key.public();
            public.is_some_and(|public| public.fingerprint().hex() == self.fingerprint)
        });
        let key = key.ok_or(Refusal::KeyGone)?;
        let holder = Holder {
            key_id: given(self.key_id.clone()),
            owner: given(self.owner.clone()),
            roles: self.roles.clone(),
            valid_from: instant(self.valid_from.clone())?,
            valid_until: instant(self.valid_until.clone())?,
            ..Holder::default()
        };
        Ok(TokenKey { key, holder })
    }

    /// The key's entry in the keyring, as far as the token shows it without a PIN.
    pub(super) fn entry(self, station: &Station) -> Result<Key, Problem> {
        Ok(self.key(station)?.entry(&station.workspace(), stated(self.stated))?)
    }
}

/// The kind that a person states, if they do.
fn stated(hardware: bool) -> Option<SignerType> {
    hardware.then_some(SignerType::Hardware)
}

/// Changes the PIN.
#[tauri::command]
#[specta::specta]
pub async fn pin_change(
    station: Held<'_>,
    serial: u32,
    current: TypedSecret,
    fresh: TypedSecret,
    last_try_confirmed: bool,
) -> Result<PinOutcome, Problem> {
    off_thread(&station, move |station| {
        change(station, Change::Pin, &Typed { serial, known: current, fresh, last_try_confirmed })
    })
    .await
}

/// Changes the PUK.
#[tauri::command]
#[specta::specta]
pub async fn puk_change(
    station: Held<'_>,
    serial: u32,
    current: TypedSecret,
    fresh: TypedSecret,
    last_try_confirmed: bool,
) -> Result<PinOutcome, Problem> {
    off_thread(&station, move |station| {
        change(station, Change::Puk, &Typed { serial, known: current, fresh, last_try_confirmed })
    })
    .await
}

/// Sets another PIN with the PUK.
#[tauri::command]
#[specta::specta]
pub async fn pin_unblock(
    station: Held<'_>,
    serial: u32,
    puk: TypedSecret,
    fresh: TypedSecret,
    last_try_confirmed: bool,
) -> Result<PinOutcome, Problem> {
    off_thread(&station, move |station| {
        change(station, Change::Unblock, &Typed { serial, known: puk, fresh, last_try_confirmed })
    })
    .await
}

/// The PINs or PUKs that a person typed for one device.
struct Typed {
    serial: u32,
    /// The current PIN or PUK.
    known: TypedSecret,
    /// The new PIN.
    fresh: TypedSecret,
    /// Whether the person allows using the last attempt.
    last_try_confirmed: bool,
}

fn change(station: &Station, what: Change, typed: &Typed) -> Result<PinOutcome, Problem> {
    let token = token(station, typed.serial)?;
    let tries = what.tries(&token);
    let last = if typed.last_try_confirmed { LastTry::Confirmed } else { LastTry::NotConfirmed };
    let done =
        pin::change(&station.workspace(), &token, what, (&typed.known.0, &typed.fresh.0), last);
    station.look_again();
    match done {
        Ok(()) => Ok(PinOutcome { done: true, problem: None, tries_left: None }),
        Err(PinChangeError::Signer(SignerError::Pin(error))) => {
            let tries_left = error.tries_left().or(tries);
            let problem = Problem::from(SignerError::Pin(error));
            Ok(PinOutcome { done: false, problem: Some(problem), tries_left })
        }
        Err(error) => Err(error.problem()),
    }
}

pub(super) fn token(station: &Station, serial: u32) -> Result<Arc<Token>, Problem> {
    let devices = station.devices();
    let token = devices.tokens().find(|token| token.serial() == Some(serial)).cloned();
    token.ok_or_else(|| Refusal::NoSuchDevice { serial: serial.to_string() }.problem())
}
