//! PIN and PUK: what they may be, how they are changed, and how a blocked PIN is unblocked. Each is
//! sent once and never again by the program.

use countersign_problem::words;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::apdu::Transmit;
use super::applet::{Applet, PADDED, PIN, PUK, Padded, PinAnswer, PinState, leave};
use super::card::Connection;
use super::strength::check_secret;
use super::token::{Token, applet_of};
use super::yubikey::YubiKey;
use crate::error::SignerError;
use crate::error::piv::{CardError, During, PinError, TokenError};

/// Fewest bytes of a PIN (SP 800-73-4 part 2 section 2.4.3) and of a PUK.
pub const SHORTEST: usize = 6;

/// What a YubiKey leaves the factory with.
pub(super) const FACTORY_PIN: &str = "123456";
pub(super) const FACTORY_PUK: &str = "12345678";

/// Checks a PIN or PUK before it is sent, and fills it up as the card wants it.
///
/// # Errors
/// Fails if no card could have it.
pub fn padded(secret: &SecretString, what: &'static str) -> Result<Padded, PinError> {
    let bytes = secret.expose_secret().as_bytes();
    // 44 characters of "modhex" are what Yubico OTP types; shorter ones are static passwords.
    let modhex = bytes.iter().all(|byte| b"cbdefghijklnrtuv".contains(byte));
    if bytes.len() >= 32 && modhex {
        return Err(PinError::OneTimePassword(what));
    }
    if !(SHORTEST..=PADDED).contains(&bytes.len()) {
        return Err(PinError::Length(what));
    }
    if secret.expose_secret().chars().any(char::is_control) {
        return Err(PinError::Characters(what));
    }
    // As long as it will be from the start: growing would leave a copy behind.
    let mut padded = Zeroizing::new(Vec::with_capacity(PADDED));
    padded.extend_from_slice(bytes);
    padded.resize(PADDED, 0xFF);
    Ok(padded)
}

/// The application of a token's card without a verified PIN, so that this person's is what counts; and
/// what the card then says of its attempts.
///
/// # Errors
/// Fails if another card is in the reader, or it cannot be reached.
pub(super) fn unverified<'c>(
    card: &'c dyn Transmit,
    token: &Token,
) -> Result<(Applet<'c>, PinState), CardError> {
    let mut applet = applet_of(card, token)?;
    let mut state = applet.pin_state()?;
    if state == PinState::Verified {
        // Another program's.
        leave(card)?;
        applet = applet_of(card, token)?;
        state = applet.pin_state()?;
    }
    if state == PinState::Verified {
        applet.forget_pin()?;
        state = applet.pin_state()?;
    }
    Ok((applet, state))
}

/// What is changed, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The PIN, by the PIN.
    Pin,
    /// The PUK, by the PUK.
    Puk,
    /// The PIN, by the PUK: it is unblocked.
    Unblock,
}

impl Change {
    /// In one word, for the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Puk => "puk",
            Self::Unblock => "unblock",
        }
    }

    /// Which secret must be known.
    pub const fn by(self) -> &'static str {
        match self {
            Self::Pin => "PIN",
            Self::Puk | Self::Unblock => "PUK",
        }
    }

    /// How many attempts that one has left, as far as is known.
    pub fn tries(self, token: &Token) -> Option<u8> {
        match self {
            Self::Pin => token.pin_tries,
            Self::Puk | Self::Unblock => token.puk_tries(),
        }
    }

    /// Which secret is new.
    pub const fn of(self) -> &'static str {
        match self {
            Self::Pin | Self::Unblock => "PIN",
            Self::Puk => "PUK",
        }
    }
}

/// Changes PIN or PUK, or unblocks the PIN. `shown` is how many attempts the person was told of: with
/// only one left it is not sent unless they were told so.
///
/// # Errors
/// Fails if the one given is wrong or blocked, the new one is not valid, or the card could not be used.
pub fn change(
    token: &Token,
    change: Change,
    current: &SecretString,
    new: &SecretString,
    shown: Option<u8>,
) -> Result<(), SignerError> {
    let (known, wanted) = (current.expose_secret(), new.expose_secret());
    let current = padded(current, change.by())?;
    let padded_new = padded(new, change.of())?;
    if change != Change::Unblock && known == wanted {
        return Err(PinError::Same(change.of()).into());
    }
    check_secret(new, change.of())?;
    let new = padded_new;
    let failed = |during| move |error| TokenError::new(token.name(), during, error);
    let connection = Connection::open(&token.reader).map_err(failed(During::Opening))?;
    let answer = connection.transaction_then_reset(|card| {
        let applet = applet_of(card, token).map_err(failed(During::Opening))?;
        token.check_identified().map_err(failed(During::Opening))?;
        let pin = applet.pin_state().map_err(failed(During::Opening))?.left();
        // Only newer firmware says how many attempts at the PUK are left.
        let puk = token
            .yubikey()
            .is_some_and(YubiKey::has_metadata)
            .then(|| applet.metadata(PUK))
            .transpose()
            .map_err(failed(During::Opening))?
            .flatten()
            .and_then(|metadata| metadata.tries)
            .map(|(left, _)| left);
        let blocked = || PinError::blocked(change.by(), pin, puk);
        let left = match change {
            Change::Pin => pin,
            Change::Puk | Change::Unblock => puk,
        };
        match left {
            Some(0) => return Err(TryError::Pin(blocked())),
            Some(1) if shown != Some(1) => {
                return Err(TryError::Pin(PinError::FewerTries(change.by())));
            }
            _ => {}
        }
        let sent = match change {
            Change::Pin => applet.change(PIN, &current, &new),
            Change::Puk => applet.change(PUK, &current, &new),
            Change::Unblock => applet.unblock(&current, &new),
        };
        match sent.map_err(failed(During::PinCheck))? {
            PinAnswer::Right => Ok(()),
            PinAnswer::Wrong(left) => Err(TryError::Pin(PinError::wrong(change.by(), left))),
            PinAnswer::Blocked => Err(TryError::Pin(blocked())),
        }
    });
    answer.map_err(|error| match error {
        TryError::Pin(error) => error.into(),
        TryError::Token(error) => error.into(),
    })
}

enum TryError {
    Pin(PinError),
    Token(TokenError),
}

impl From<TokenError> for TryError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}

impl From<CardError> for TryError {
    fn from(error: CardError) -> Self {
        Self::Token(TokenError::new(words!("token-the-yubikey"), During::Opening, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pin: &str) -> Option<PinError> {
        padded(&SecretString::from(pin), "PIN").err()
    }

    #[test]
    fn only_what_a_card_could_have_is_sent() {
        assert_eq!(padded(&"123456".into(), "PIN").unwrap().as_slice(), b"123456\xFF\xFF");
        assert_eq!(padded(&"12345678".into(), "PIN").unwrap().as_slice(), b"12345678");
        // As UTF-8, and by its bytes.
        let heart = padded(&"fish♥".into(), "PIN").unwrap();
        assert_eq!(heart.as_slice(), b"fish\xE2\x99\xA5\xFF");
        assert_eq!(padded(&"ääää".into(), "PIN").unwrap().as_slice(), "ääää".as_bytes());
        for wrong in ["", "12345", "123456789", "ääääa", "ä123"] {
            assert!(refused(wrong).is_some(), "{wrong}");
        }
        assert_eq!(refused("12345"), Some(PinError::Length("PIN")));
        assert_eq!(refused("123456789"), Some(PinError::Length("PIN")));
        assert_eq!(refused("12345\t"), Some(PinError::Characters("PIN")));
        let otp = "cccccbenueurhuekvlhnlrbndjlgrhgcnfvgdijudvbd";
        assert_eq!(refused(otp), Some(PinError::OneTimePassword("PIN")));
    }

    #[test]
    fn an_error_never_repeats_what_was_typed() {
        for typed in ["secret-pin-99", "12345\t", "cccccbenueurhuekvlhnlrbndjlgrhgcnfvgdijudvbd"] {
            let said = refused(typed).unwrap().to_string();
            assert!(!said.contains(typed), "{said}");
        }
    }
}
