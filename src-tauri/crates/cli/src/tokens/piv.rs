//! Keys of YubiKeys.

use std::sync::Arc;
use std::time::Duration;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::Keyring;
use countersign_signers::devices::{Devices, Monitor, Service};
use countersign_signers::piv::token::Token;
use countersign_station::devices::{DeviceKey, DevicesView};

use crate::arguments::piv::PivChoice;
use crate::clock::now;
use crate::error::CliError;

/// How long to wait for cards to be read: longer than the monitor waits before it gives one up.
pub const READ: Duration = Duration::from_secs(40);

/// The YubiKey of a serial, or the only one that is plugged in.
pub fn token(serial: Option<u32>) -> Result<Arc<Token>, CliError> {
    let devices = Monitor::start(|_| {}).settled(READ);
    find_token(&devices, serial)
}

fn find_token(devices: &Devices, serial: Option<u32>) -> Result<Arc<Token>, CliError> {
    if let Service::Missing(why) = &devices.service {
        return Err(CliError::Usage(format!(
            "no YubiKey can be seen: the smart card service (pcscd) is not running ({why}); start it with: systemctl start pcscd.socket"
        )));
    }
    let tokens: Vec<_> = devices.tokens().collect();
    let names = || tokens.iter().map(|token| token.name()).collect::<Vec<_>>().join(", ");
    let found = match (serial, tokens.as_slice()) {
        (Some(serial), _) => {
            tokens.iter().find(|token| token.serial == Some(serial)).ok_or_else(|| {
                match tokens.is_empty() {
                    true => format!("YubiKey {serial} is not plugged in; insert it and try again"),
                    false => format!("YubiKey {serial} is not plugged in, only {}", names()),
                }
            })
        }
        (None, [token]) => Ok(token),
        (None, []) => Err(match unusable(devices) {
            Some(why) => why,
            None => "no YubiKey is plugged in; insert it and try again".to_owned(),
        }),
        (None, several) if several.iter().all(|token| token.serial.is_some()) => {
            Err(format!("several YubiKeys are plugged in ({}); name the serial", names()))
        }
        (None, _) => Err(format!(
            "several YubiKeys are plugged in ({}), and not all tell their serial; pull out all but one",
            names()
        )),
    };
    found.map(|token| Arc::clone(token)).map_err(CliError::Usage)
}

/// Why what is plugged in cannot be used.
fn unusable(devices: &Devices) -> Option<String> {
    let view = DevicesView::of(devices, &Keyring::default(), &AttestationRoots::default(), now());
    let device = view.devices.into_iter().next()?;
    Some(match device.problem {
        Some(problem) => {
            format!("{}: {}. {}", device.reader, problem.sentence(), problem.hint_sentence())
        }
        None => format!("{}: the card in it is still being read; try again", device.reader),
    })
}

/// The key that is chosen.
pub fn key(choice: &PivChoice) -> Result<DeviceKey, CliError> {
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
    found.ok_or_else(|| {
        CliError::Usage(match choice.slot {
            Some(slot) => {
                format!("{}: there is no key that can sign in slot {slot:02x}", token.name())
            }
            None => format!(
                "{}: there is no key that can sign; generate one with `ykman piv keys generate 9c`",
                token.name()
            ),
        })
    })
}
