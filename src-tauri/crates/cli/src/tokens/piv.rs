//! Keys of YubiKeys.

use std::sync::Arc;
use std::time::Duration;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::Keyring;
use countersign_ceremony::devices::{DeviceKey, DeviceKind, DeviceView, DevicesView};
use countersign_problem::Problem;
use countersign_signers::devices::{Devices, Monitor};
use countersign_signers::piv::token::Token;

use crate::arguments::piv::PivChoice;
use crate::stopped::Stopped;
use countersign_app::clock::now;

/// How long to wait for cards to be read: longer than the monitor waits before it gives one up.
pub const READ: Duration = Duration::from_secs(40);

/// Why there is no YubiKey, or no key of one, to use.
#[derive(Debug, Problem)]
#[problem(area = "yubikey")]
enum YubikeyError {
    /// None of this serial, and none at all.
    NotThere { serial: u32 },
    /// None of this serial, but others.
    OnlyOthers { serial: u32, names: String },
    /// None.
    None,
    /// Several, each with a serial.
    Several { names: String },
    /// Several, of which some tell no serial.
    WithoutSerial { names: String },
    /// A smart card of another kind.
    OtherCard { reader: String, problem: Problem },
    /// Something that cannot be used.
    Unusable { reader: String, problem: Problem },
    /// A card that has not been read yet.
    Reading { reader: String },
    /// The slot has no key that can sign.
    EmptySlot { token: String, slot: String },
    /// No slot has one.
    NoKey { token: String },
}

/// The YubiKey of a serial, or the only one that is plugged in.
pub fn token(serial: Option<u32>) -> Result<Arc<Token>, Stopped> {
    let devices = Monitor::start(|_| {}).settled(READ);
    find_token(&devices, serial)
}

fn find_token(devices: &Devices, serial: Option<u32>) -> Result<Arc<Token>, Stopped> {
    let view = DevicesView::of(devices, &Keyring::default(), &AttestationRoots::default(), now());
    if let Some(problem) = view.problem {
        return Err(Stopped::Problem(problem));
    }
    let tokens: Vec<_> = devices.tokens().collect();
    let names = || tokens.iter().map(|token| token.name()).collect::<Vec<_>>().join(", ");
    let found = match (serial, tokens.as_slice()) {
        (Some(serial), _) => {
            tokens.iter().find(|token| token.serial == Some(serial)).ok_or_else(|| {
                match tokens.is_empty() {
                    true => YubikeyError::NotThere { serial },
                    false => YubikeyError::OnlyOthers { serial, names: names() },
                }
            })
        }
        (None, [token]) => Ok(token),
        (None, []) => Err(match view.devices.into_iter().next() {
            Some(DeviceView { reader, problem: Some(problem), kind, .. }) => match kind {
                DeviceKind::Other => YubikeyError::OtherCard { reader, problem },
                _ => YubikeyError::Unusable { reader, problem },
            },
            Some(device) => YubikeyError::Reading { reader: device.reader },
            None => YubikeyError::None,
        }),
        (None, several) if several.iter().all(|token| token.serial.is_some()) => {
            Err(YubikeyError::Several { names: names() })
        }
        (None, _) => Err(YubikeyError::WithoutSerial { names: names() }),
    };
    Ok(Arc::clone(found?))
}

/// The key that is chosen.
pub fn key(choice: &PivChoice) -> Result<DeviceKey, Stopped> {
    let devices = Monitor::start(|_| {}).settled(READ);
    let token = find_token(&devices, choice.serial)?;
    let keys: Vec<_> = DeviceKey::all(&devices)
        .into_iter()
        .filter(|key| Arc::ptr_eq(&key.token, &token))
        .collect();
    let found = match choice.slot {
        Some(slot) => keys.into_iter().find(|key| u8::from(key.key.slot) == slot),
        None => keys.into_iter().next(),
    };
    Ok(found.ok_or_else(|| match choice.slot {
        Some(slot) => YubikeyError::EmptySlot { token: token.name(), slot: format!("{slot:02x}") },
        None => YubikeyError::NoKey { token: token.name() },
    })?)
}
