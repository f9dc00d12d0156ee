//! Why a YubiKey is not set up, or not to the end, and what to do then.

use countersign_problem::{Problem, Value, Words, list};

use super::SignerError;
use super::piv::{CardError, PinError};

/// Why a key is not made.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "new-key")]
#[non_exhaustive]
pub enum KeyRefusal {
    /// The firmware does not attest its keys.
    CannotAttest {
        /// Which it is.
        firmware: String,
    },
    /// An RSA key of this firmware can be computed from its public half (YSA-2017-01).
    Roca {
        /// Which it is.
        firmware: String,
    },
    /// The firmware does not know this kind of key.
    NotOnFirmware {
        /// The kind.
        kind: Words,
        /// The firmware.
        firmware: String,
    },
    /// Keys of this kind can be broken.
    Weak {
        /// The kind.
        kind: Words,
    },
    /// Keys of this kind do not sign here.
    NotSigning {
        /// The kind.
        kind: Words,
    },
    /// A key that signs without a PIN.
    PinNever,
    /// A policy that is not offered here.
    Policy,
}

/// What went wrong while a YubiKey was set up.
#[derive(Debug, Problem)]
#[problem(area = "setup")]
#[non_exhaustive]
pub enum SetupFault {
    /// The card could not be talked to.
    #[problem(transparent)]
    Card(#[from] CardError),
    /// A PIN or PUK was not accepted.
    #[problem(transparent)]
    Pin(#[from] PinError),
    /// The key in the slot is not one to sign with.
    #[problem(transparent)]
    Key(#[from] KeyRefusal),
    /// No random bytes, no touch, or cancelled.
    #[problem(transparent)]
    Signer(SignerError),
    /// The management key is not one of the algorithm that the card has.
    ManagementKeyForm {
        /// How many hex digits it has.
        digits: usize,
        /// The algorithm.
        algorithm: &'static str,
    },
    /// The management key was wrong.
    ManagementKey,
    /// The management key is neither the factory's nor kept on the card, and was not given.
    ManagementKeyNeeded,
    /// The card says that it keeps its management key, and what it keeps is not that.
    KeptManagementKey,
    /// A management key of an algorithm that is not known here.
    ManagementAlgorithm {
        /// Its number.
        number: String,
    },
    /// Something else is where the management key is to be kept.
    PrintedInUse,
    /// The PIN or PUK is not the factory's.
    #[arg(left = left.map_or(Value::None, |left| Value::from(u64::from(left))))]
    NotFactory {
        /// PIN or PUK.
        what: &'static str,
        /// How many attempts are left, if the card says so.
        left: Option<u8>,
    },
    /// The PIN or PUK to set was not given.
    SecretNeeded {
        /// PIN or PUK.
        what: &'static str,
    },
    /// The PIN that was said to be changed is the factory's: it would stay, or is wrong.
    FactoryPin,
    /// The PUK is to be the PIN.
    SamePinAndPuk,
    /// The slot has something else in it than the person saw.
    SlotChanged,
    /// The certificate could not be made.
    Certificate {
        /// Why.
        why: String,
    },
    /// What the new key signed does not verify under it.
    Signature,
    /// The device does not attest the key.
    NotAttested,
    /// The device attests something else than was made.
    OtherAttested,
    /// What is to be done next could not be recorded.
    NotRecorded {
        /// Why.
        cause: Problem,
    },
}

impl From<SignerError> for SetupFault {
    fn from(error: SignerError) -> Self {
        match error {
            SignerError::Pin(error) => Self::Pin(error),
            other => Self::Signer(other),
        }
    }
}

impl SetupFault {
    /// Whether the card answered, so that it is known what it did.
    fn is_answered(&self) -> bool {
        match self {
            Self::Card(error) => error.is_answer(),
            _ => true,
        }
    }
}

/// That setting up a YubiKey ended before its end: what was done, and what is not known.
#[derive(Debug, Problem)]
#[problem(area = "setup")]
#[arg(
    done = Value::from(list::all(done.clone())),
    unknown = Value::from(unknown.clone().filter(|_| !fault.is_answered())),
    by = if matches!(fault, SetupFault::Card(_)) { "card" } else { "other" },
    cause = fault.problem().code.name(),
    remedy = Value::from(fault.problem().hint_words()),
)]
pub struct SetupStopped {
    /// The YubiKey.
    pub token: Words,
    /// What went wrong.
    pub fault: SetupFault,
    /// What had been changed before, in order.
    pub done: Vec<Words>,
    /// What was being changed.
    pub unknown: Option<Words>,
}
