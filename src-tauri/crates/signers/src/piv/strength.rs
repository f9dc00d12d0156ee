//! What is too weak to be set: PINs and PUKs that are tried first, and keys that a signing station
//! should not make.

use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use secrecy::{ExposeSecret as _, SecretString};
use yubikey::Version;
use yubikey::piv::SlotId;

use super::applet::KeyKind;
use super::pin::{FACTORY_PIN, FACTORY_PUK};
use super::yubikey::at_least;
use crate::error::piv::PinError;
use crate::error::setup::KeyRefusal;

/// PINs that neither repeat nor go up or down and are tried first all the same, as firmware 5.7 refuses
/// them when it enforces complexity (Yubico, "PIN complexity").
const COMMON: [&str; 12] = [
    "123321", "112233", "password", "qwerty", "123654", "159753", "abc123", "iloveyou", "1q2w3e4r",
    "520520", "qwertz", "qwerty1",
];

/// Checks that a new PIN or PUK is not one of those that are tried first: the factory's, one
/// character or a few that repeat, digits or letters in a row, and other common ones.
///
/// # Errors
/// Fails with [`PinError::Factory`] or [`PinError::Weak`].
pub fn check_secret(secret: &SecretString, what: &'static str) -> Result<(), PinError> {
    let text = secret.expose_secret();
    if [FACTORY_PIN, FACTORY_PUK].contains(&text) {
        return Err(PinError::Factory(what));
    }
    let bytes = text.as_bytes();
    let repeats = (1..=bytes.len() / 2)
        .any(|period| bytes.iter().zip(bytes.iter().skip(period)).all(|(one, next)| one == next));
    let in_row =
        |step: i16| bytes.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step);
    let common = COMMON.iter().any(|common| common.eq_ignore_ascii_case(text));
    if repeats || in_row(1) || in_row(-1) || common {
        return Err(PinError::Weak(what));
    }
    Ok(())
}

/// A key to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewKey {
    /// Where.
    pub slot: SlotId,
    /// Which kind of key.
    pub kind: KeyKind,
    /// When it is to ask for the PIN.
    pub pin_policy: PinPolicy,
    /// When it is to ask for a touch.
    pub touch_policy: TouchPolicy,
}

impl NewKey {
    /// Checks that a YubiKey of this firmware can make it, and that it is strong enough to sign with.
    ///
    /// # Errors
    /// Fails if not.
    pub fn check(&self, version: Version) -> Result<(), KeyRefusal> {
        let firmware = version.to_string();
        // Attestation is what makes the key count as hardware; cached touch came with it.
        if !at_least(version, [4, 3, 0]) {
            return Err(KeyRefusal::CannotAttest { firmware });
        }
        let kind = self.kind;
        match kind {
            KeyKind::Rsa(bits) if bits < 2048 => {
                return Err(KeyRefusal::Weak { kind: kind.words() });
            }
            KeyKind::X25519 | KeyKind::Unknown(_) => {
                return Err(KeyRefusal::NotSigning { kind: kind.words() });
            }
            // YSA-2017-01: the private key can be computed from the public one.
            KeyKind::Rsa(_) if !at_least(version, [4, 3, 5]) => {
                return Err(KeyRefusal::Roca { firmware });
            }
            KeyKind::Ed25519 | KeyKind::Rsa(3072 | 4096) if !at_least(version, [5, 7, 0]) => {
                return Err(KeyRefusal::NotOnFirmware { kind: kind.words(), firmware });
            }
            _ => {}
        }
        self.check_policies()
    }

    /// Checks the policies alone.
    ///
    /// # Errors
    /// Fails if the key would sign without a PIN, or they are not offered here.
    pub fn check_policies(&self) -> Result<(), KeyRefusal> {
        match (self.pin_policy, self.touch_policy) {
            (PinPolicy::Never, _) => Err(KeyRefusal::PinNever),
            (PinPolicy::Once | PinPolicy::Always, TouchPolicy::Other(_))
            | (PinPolicy::MatchOnce | PinPolicy::MatchAlways | PinPolicy::Other(_), _) => {
                Err(KeyRefusal::Policy)
            }
            (PinPolicy::Once | PinPolicy::Always, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_that_are_tried_first_are_refused() {
        let check = |text: &str| check_secret(&text.into(), "PIN");
        for factory in ["123456", "12345678"] {
            assert_eq!(check(factory), Err(PinError::Factory("PIN")), "{factory}");
        }
        for weak in [
            "111111", "00000000", "121212", "123123", "12341234", "1212121", "234567", "87654321",
            "654321", "abcdef", "112233", "Password", "1q2w3e4r", "520520",
        ] {
            assert_eq!(check(weak), Err(PinError::Weak("PIN")), "{weak}");
        }
        for fine in ["493817", "111112", "123457", "Fish♥1", "90210-8", "19283746"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn keys_are_made_only_where_the_firmware_can_and_they_are_strong() {
        let new = |kind, version: [u8; 3]| {
            let key = NewKey {
                slot: SlotId::Signature,
                kind,
                pin_policy: PinPolicy::Always,
                touch_policy: TouchPolicy::Always,
            };
            let [major, minor, patch] = version;
            key.check(Version { major, minor, patch }).map_err(|refusal| refusal.to_string())
        };
        let refused = |kind, version, why: &str| {
            let said = new(kind, version).unwrap_err();
            assert!(said.contains(why), "{said}");
        };
        for (kind, version) in [
            (KeyKind::P256, [4, 3, 0]),
            (KeyKind::P384, [5, 2, 7]),
            (KeyKind::Rsa(2048), [4, 3, 5]),
            (KeyKind::Ed25519, [5, 7, 0]),
            (KeyKind::Rsa(4096), [5, 7, 4]),
        ] {
            assert_eq!(new(kind, version), Ok(()), "{kind} on {version:?}");
        }
        refused(KeyKind::P256, [4, 2, 8], "attest");
        refused(KeyKind::Rsa(2048), [4, 3, 4], "ROCA");
        refused(KeyKind::Rsa(1024), [5, 7, 4], "RSA 1024");
        refused(KeyKind::Rsa(3072), [5, 4, 3], "RSA 3072");
        refused(KeyKind::Ed25519, [5, 6, 9], "Ed25519");
        refused(KeyKind::X25519, [5, 7, 4], "X25519");
    }
}
