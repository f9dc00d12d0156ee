//! Keys of YubiKeys and other PIV cards.

use std::sync::Arc;
use std::time::Duration;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_ceremony::devices::{DeviceKey, DeviceKind, DeviceView, DevicesView, Known};
use countersign_problem::Problem;
use countersign_signers::devices::{Devices, Monitor};
use countersign_signers::piv::token::Token;

use crate::arguments::piv::{CardName, PivChoice};
use crate::stopped::Stopped;
use countersign_app::clock::now;

/// How long to wait for cards to be read: longer than the monitor waits before it gives one up.
pub const READ: Duration = Duration::from_secs(40);

/// Why there is no YubiKey or other PIV card, or no key of one, to use.
#[derive(Debug, Problem)]
#[problem(area = "yubikey")]
enum YubikeyError {
    /// None of this serial, and none at all.
    NotThere { serial: String },
    /// None of this serial, but others.
    OnlyOthers { serial: String, names: String },
    /// None.
    None,
    /// Several, each with a serial or another name.
    Several { names: String },
    /// Several, of which some have no name, or the same.
    WithoutSerial { names: String },
    /// A PIV card whose PIN is not changed here.
    NotYubikey { token: String },
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
    /// No slot has a certificate for one.
    NoCertificate { token: String },
}

/// The YubiKey of a serial, or the only one that is plugged in.
pub fn yubikey(serial: Option<u32>) -> Result<Arc<Token>, Stopped> {
    let devices = Monitor::start(|_| {}).settled(READ);
    let yubikeys: Vec<_> = devices.tokens().filter(|token| token.yubikey().is_some()).collect();
    let other = devices.tokens().next().filter(|_| yubikeys.is_empty() && serial.is_none());
    if let Some(other) = other {
        return Err(YubikeyError::NotYubikey { token: other.name().to_string() }.into());
    }
    find_token(&devices, &yubikeys, serial.map(CardName::from).as_ref())
}

/// The token of a serial or identifier, or the only one of those that come into question.
fn find_token(
    devices: &Devices,
    tokens: &[&Arc<Token>],
    named: Option<&CardName>,
) -> Result<Arc<Token>, Stopped> {
    let view = DevicesView::of(
        devices,
        Known {
            keyring: &Keyring::default(),
            roots: &AttestationRoots::default(),
            names: &NameTrust::default(),
            now: now(),
        },
    );
    if let Some(problem) = view.problem {
        return Err(Stopped::Problem(problem));
    }
    let names = |tokens: &[&Arc<Token>]| {
        tokens.iter().map(|token| token.name().to_string()).collect::<Vec<_>>().join(", ")
    };
    let meant: Vec<_> = match named {
        Some(name) => tokens.iter().copied().filter(|token| name.is_of(token)).collect(),
        None => tokens.to_vec(),
    };
    let token = match (meant.as_slice(), named) {
        ([token], _) => *token,
        ([], Some(name)) => {
            let serial = name.to_string();
            return Err(match tokens.is_empty() {
                true => YubikeyError::NotThere { serial },
                false => YubikeyError::OnlyOthers { serial, names: names(tokens) },
            }
            .into());
        }
        ([], None) => {
            return Err(match view.devices.into_iter().next() {
                Some(DeviceView { reader, problem: Some(problem), kind, .. }) => match kind {
                    DeviceKind::Other => YubikeyError::OtherCard { reader, problem },
                    _ => YubikeyError::Unusable { reader, problem },
                },
                Some(device) => YubikeyError::Reading { reader: device.reader },
                None => YubikeyError::None,
            }
            .into());
        }
        (several, None) if several.iter().all(|token| has_name(token)) => {
            return Err(YubikeyError::Several { names: names(several) }.into());
        }
        (several, _) => {
            return Err(YubikeyError::WithoutSerial { names: names(several) }.into());
        }
    };
    Ok(Arc::clone(token))
}

fn has_name(token: &Token) -> bool {
    token.serial().is_some() || (token.yubikey().is_none() && token.card_id().is_some())
}

/// The key that is chosen.
pub fn key(choice: &PivChoice) -> Result<DeviceKey, Stopped> {
    let devices = Monitor::start(|_| {}).settled(READ);
    let all = DeviceKey::all(&devices);
    let signs = |token: &&Arc<Token>| all.iter().any(|key| Arc::ptr_eq(&key.token, token));
    // A card without a key, such as a door card, is not meant unless it is named or alone.
    let able: Vec<_> = devices.tokens().filter(signs).collect();
    let tokens = match choice.card.is_none() && !able.is_empty() {
        true => able,
        false => devices.tokens().collect(),
    };
    let token = find_token(&devices, &tokens, choice.card.as_ref())?;
    let keys: Vec<_> = all.into_iter().filter(|key| Arc::ptr_eq(&key.token, &token)).collect();
    let found = match choice.slot {
        Some(slot) => keys.into_iter().find(|key| u8::from(key.key.slot) == slot),
        None => keys.into_iter().next(),
    };
    let token_name = || token.name().to_string();
    Ok(found.ok_or_else(|| match choice.slot {
        Some(slot) => YubikeyError::EmptySlot { token: token_name(), slot: format!("{slot:02x}") },
        None if token.yubikey().is_none() => YubikeyError::NoCertificate { token: token_name() },
        None => YubikeyError::NoKey { token: token_name() },
    })?)
}
