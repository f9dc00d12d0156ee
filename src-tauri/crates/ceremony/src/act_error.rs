//! Why a step of an act of signing is not taken.

use countersign_problem::{Problem, Words};

/// Why a step was refused. The act is unchanged.
#[derive(Debug, Problem)]
#[problem(area = "act")]
pub enum ActError {
    /// Fewer signatures were chosen than policy asks for.
    ThresholdTooLow {
        /// How many policy asks for.
        least: u64,
    },
    /// No name to sign under.
    NoName,
    /// No reason was given, or one that is too long.
    #[arg(limit = countersign_envelope::refusal::MAX_REASON)]
    NoReason,
    /// The signature would change nothing, and the person has not confirmed it.
    ChangesNothing {
        /// The effect, in words.
        words: Words,
    },
    /// Every envelope is left out.
    NothingToSign,
    /// The list has no such envelope.
    #[problem(code = "out_of_turn")]
    NoSuchEntry,
    /// The step before cannot be gone back to.
    #[problem(code = "out_of_turn")]
    NoWayBack,
    /// No secret is asked for.
    #[problem(code = "out_of_turn")]
    NoSecretAsked,
    /// The key does not wait for a touch.
    #[problem(code = "out_of_turn")]
    NoTouchAwaited,
    /// Nothing is left to continue with.
    #[problem(code = "out_of_turn")]
    NothingLeft,
    /// The step belongs to another stage.
    #[problem(code = "out_of_turn")]
    OutOfTurn,
    /// The keyring is another than when the act began.
    KeyringChanged,
    /// The key that makes companions asks for its passphrase.
    CompanionLocked,
    /// The key has been removed.
    NoSuchSigner,
    /// The same key has signed already.
    #[problem(code = "signed_already")]
    KeySigned {
        /// As whom.
        who: String,
    },
    /// The same person has signed already.
    #[problem(code = "signed_already")]
    PersonSigned {
        /// Who.
        who: String,
    },
    /// The key, or its owner, has signed every envelope of the act.
    #[problem(code = "signed_already")]
    AllSigned,
}
