//! PIN and PUK: what they may be, how they are changed, and how a blocked PIN is unblocked. Each is
//! sent once and never again by the program.

use countersign_problem::Problem;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::applet::{Applet, PADDED, PIN, PUK, Padded, PinAnswer, PinState};
use super::card::{CardError, Connection};
use super::signer::{During, TokenError};
use super::token::{Token, applet_of};

/// Fewest bytes of a PIN (SP 800-73-4 part 2 section 2.4.3) and of a PUK.
pub const SHORTEST: usize = 6;
/// The rule, in words for a person. A PIN is sent as UTF-8, as ykman sets it.
pub const RULE: &str = "6 to 8 bytes (a character takes 1 if it is plain ASCII, else 2 to 4)";

/// What a YubiKey leaves the factory with.
const FACTORY_PIN: &str = "123456";
const FACTORY_PUK: &str = "12345678";

/// Why a PIN or PUK was not accepted. The word says which of the two: "PIN" or "PUK".
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum PinError {
    /// Not one that a card could have; it was not sent.
    #[arg(rule = RULE)]
    Length(&'static str),
    /// A one-time password, as a YubiKey types when it is touched too long; it was not sent.
    OneTimePassword(&'static str),
    /// Characters that no keyboard types; it was not sent.
    Characters(&'static str),
    /// It was wrong.
    Wrong {
        /// PIN or PUK.
        what: &'static str,
        /// How many attempts are left.
        left: u8,
    },
    /// No attempt at the PIN is left.
    Blocked,
    /// No attempt at the PUK is left.
    PukBlocked,
    /// No attempt at either is left.
    BothBlocked,
    /// The new one is the one before; nothing was sent.
    Same(&'static str),
    /// The new one is the factory's; nothing was sent.
    Factory(&'static str),
    /// Fewer attempts are left than the person was told.
    FewerTries(&'static str),
}

impl PinError {
    /// How many attempts are left, if that is known.
    pub const fn tries_left(&self) -> Option<u8> {
        match self {
            Self::Wrong { left, .. } => Some(*left),
            Self::Blocked | Self::PukBlocked | Self::BothBlocked => Some(0),
            Self::FewerTries(_) => Some(1),
            Self::Length(_)
            | Self::OneTimePassword(_)
            | Self::Characters(_)
            | Self::Same(_)
            | Self::Factory(_) => None,
        }
    }

    /// That no attempt is left at one of the two, with what that means beside the attempts at the
    /// other. What is not known counts as left.
    pub const fn blocked(by: &str, pin_tries: Option<u8>, puk_tries: Option<u8>) -> Self {
        let is_pin = matches!(by.as_bytes(), b"PIN");
        match (is_pin, pin_tries, puk_tries) {
            (true, _, Some(0)) | (false, Some(0), _) => Self::BothBlocked,
            (true, ..) => Self::Blocked,
            (false, ..) => Self::PukBlocked,
        }
    }
}

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
    /// Which secret must be known.
    pub const fn by(self) -> &'static str {
        match self {
            Self::Pin => "PIN",
            Self::Puk | Self::Unblock => "PUK",
        }
    }

    /// How many attempts that one has left, as far as is known.
    pub const fn tries(self, token: &Token) -> Option<u8> {
        match self {
            Self::Pin => token.pin_tries,
            Self::Puk | Self::Unblock => token.puk_tries,
        }
    }

    /// What the factory sets the new one to.
    const fn factory(self) -> &'static str {
        match self {
            Self::Pin | Self::Unblock => FACTORY_PIN,
            Self::Puk => FACTORY_PUK,
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
) -> Result<(), crate::SignerError> {
    let (known, wanted) = (current.expose_secret(), new.expose_secret());
    let current = padded(current, change.by())?;
    let new = padded(new, change.of())?;
    if change != Change::Unblock && known == wanted {
        return Err(PinError::Same(change.of()).into());
    }
    if wanted == change.factory() {
        return Err(PinError::Factory(change.of()).into());
    }
    let failed = |during| move |error| TokenError::new(token.name(), during, error);
    let connection = Connection::open(&token.reader).map_err(failed(During::Opening))?;
    let answer = connection.transaction_then_reset(|card| {
        let applet = applet_of(card, token).map_err(failed(During::Opening))?;
        let pin = pin_left(applet).map_err(failed(During::Opening))?;
        // Only newer firmware says how many attempts at the PUK are left.
        let puk = token
            .has_metadata()
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
            PinAnswer::Wrong(left) => {
                Err(TryError::Pin(PinError::Wrong { what: change.by(), left }))
            }
            PinAnswer::Blocked => Err(TryError::Pin(blocked())),
        }
    });
    answer.map_err(|error| match error {
        TryError::Pin(error) => error.into(),
        TryError::Token(error) => error.into(),
    })
}

/// How many attempts of the PIN are left; `None` if the card does not say.
///
/// # Errors
/// Fails if the card cannot be reached.
pub(super) fn pin_left(applet: Applet<'_>) -> Result<Option<u8>, CardError> {
    Ok(match applet.pin_state()? {
        PinState::Left(left) => Some(left),
        PinState::Blocked => Some(0),
        PinState::Verified => None,
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
        Self::Token(TokenError::new("the YubiKey".to_owned(), During::Opening, error))
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
