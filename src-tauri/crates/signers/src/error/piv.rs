//! What can go wrong with a card, a token, a PIN or a PUK, and what to do then.

use countersign_problem::{Problem, Words, words};

/// Why a card could not be talked to.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CardError {
    /// It was pulled out.
    Removed,
    /// Another program reset it.
    Reset,
    /// Another program holds the reader for itself.
    Held,
    /// The smart card service is not there.
    NoService,
    /// No answer in time.
    Silent(u64),
    /// Nothing at all came back, as from a card that is just being pulled out.
    NoAnswer,
    /// An answer that cannot be read.
    Garbage(Words),
    /// A status word that this command should not get.
    #[arg(status = format!("{status:04X}"))]
    Status {
        /// Which command.
        command: &'static str,
        /// The status word (ISO/IEC 7816-4 section 5.1.3).
        status: u16,
    },
    /// No longer the card that is wanted.
    OtherCard,
    /// A YubiKey that hides its serial, and has nothing else that tells it from another.
    Unidentified,
    /// What the smart card service said.
    Service(String),
}

impl From<pcsc::Error> for CardError {
    fn from(error: pcsc::Error) -> Self {
        use pcsc::Error as E;
        match error {
            E::NoSmartcard | E::RemovedCard | E::ReaderUnavailable | E::UnknownReader => {
                Self::Removed
            }
            E::UnpoweredCard | E::UnresponsiveCard => Self::Removed,
            // Reported right after a reset, before anyone has agreed on a protocol again.
            E::ResetCard | E::ProtoMismatch => Self::Reset,
            // So is a transaction that is gone when it should end: a card that was pulled out
            // and is there again, or that another program reset, must be read again.
            E::NotTransacted => Self::Reset,
            E::SharingViolation => Self::Held,
            E::NoService | E::ServiceStopped | E::CommError | E::InvalidHandle => Self::NoService,
            E::InternalError => Self::NoService,
            other => Self::Service(other.to_string()),
        }
    }
}

impl CardError {
    /// Whether the card itself answered, only not as it should.
    pub const fn is_answer(&self) -> bool {
        matches!(self, Self::Garbage(_) | Self::Status { .. })
    }
}

/// What was being done when a token failed; it decides what is known of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum During {
    /// Nothing that changes it had been sent.
    Opening,
    /// A PIN or PUK had been sent, and no answer came.
    PinCheck,
    /// The PIN had been accepted.
    Signing,
    /// No PIN was asked for.
    SigningFree,
}

/// Why a token could not be used, and in which state it is.
#[derive(Debug, Clone, Problem)]
#[arg(state = state(*during, error), cause = error.problem().code.name())]
pub struct TokenError {
    token: Words,
    during: During,
    /// What happened.
    pub error: CardError,
}

impl TokenError {
    /// What happened to which token, and when.
    pub fn new(token: Words, during: During, error: CardError) -> Self {
        Self { token, during, error }
    }
}

/// In which state the token is, as the catalogue names it.
fn state(during: During, error: &CardError) -> &'static str {
    match during {
        During::PinCheck if error.is_answer() => "pin-not-judged",
        During::Signing if matches!(error, CardError::Silent(_)) => "silent",
        During::Opening => "opening",
        During::PinCheck => "pin-unanswered",
        During::Signing => "signing",
        During::SigningFree => "free",
    }
}

/// Why a PIN or PUK was not accepted. The word says which of the two: "PIN" or "PUK".
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum PinError {
    /// Not one that a card could have; it was not sent.
    #[arg(rule = Self::rule())]
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
    /// It was wrong, and the card does not say how many attempts are left.
    WrongUncounted(&'static str),
    /// No attempt at the PIN is left.
    Blocked,
    /// No attempt at the PIN is left, on a card that is not a YubiKey.
    BlockedOnCard,
    /// No attempt at the PUK is left.
    PukBlocked,
    /// No attempt at either is left.
    BothBlocked,
    /// The new one is the one before; nothing was sent.
    Same(&'static str),
    /// The new one is the factory's; nothing was sent.
    Factory(&'static str),
    /// The new one is among those that are tried first; it was not set.
    Weak(&'static str),
    /// Fewer attempts are left than the person was told.
    FewerTries(&'static str),
}

impl PinError {
    /// The rule, in words for a person. A PIN is sent as UTF-8, as ykman sets it.
    pub fn rule() -> Words {
        words!("pin-rule")
    }

    /// That it was wrong.
    pub fn wrong(what: &'static str, left: Option<u8>) -> Self {
        left.map_or(Self::WrongUncounted(what), |left| Self::Wrong { what, left })
    }

    /// How many attempts are left, if that is known.
    pub const fn tries_left(&self) -> Option<u8> {
        match self {
            Self::Wrong { left, .. } => Some(*left),
            Self::Blocked | Self::BlockedOnCard | Self::PukBlocked | Self::BothBlocked => Some(0),
            Self::FewerTries(_) => Some(1),
            Self::WrongUncounted(_)
            | Self::Length(_)
            | Self::OneTimePassword(_)
            | Self::Characters(_)
            | Self::Same(_)
            | Self::Factory(_)
            | Self::Weak(_) => None,
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
