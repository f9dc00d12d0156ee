//! Changing the PIN and the PUK of a YubiKey.

use countersign_ceremony::ceremony::LastTry;
use countersign_journal::{Event, JournalError, journalled};
use countersign_problem::Problem;
use countersign_signers::SignerError;
use countersign_signers::error::piv::PinError;
use countersign_signers::piv::pin::{self, Change};
use countersign_signers::piv::token::Token;
use secrecy::SecretString;

use crate::workspace::{Workspace, WorkspaceError};

/// Why PIN or PUK are as they were.
#[derive(Debug, Problem)]
pub enum PinChangeError {
    /// One attempt is left, and the person has not confirmed using it.
    #[problem(code = "last_try")]
    LastAttempt {
        /// PIN or PUK.
        what: &'static str,
    },
    /// There is no journal.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The change cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
    /// It is blocked, was wrong, or the token could not be used.
    #[problem(transparent)]
    Signer(#[from] SignerError),
}

/// Checks that the secret that must be known may be asked for: it is not blocked, and the last
/// attempt is confirmed.
///
/// # Errors
/// If it is blocked, or one attempt is left and `last` does not confirm it.
pub fn check(token: &Token, change: Change, last: LastTry) -> Result<(), PinChangeError> {
    match (change.tries(token), last) {
        (Some(0), _) => {
            let blocked = PinError::blocked(change.by(), token.pin_tries, token.puk_tries());
            Err(SignerError::Pin(blocked).into())
        }
        (Some(1), LastTry::NotConfirmed) => Err(PinChangeError::LastAttempt { what: change.by() }),
        _ => Ok(()),
    }
}

/// Changes PIN or PUK, or unblocks the PIN, once the journal has it. Nothing is tried twice.
///
/// # Errors
/// As for [`check`]; also if the current PIN or PUK is wrong, the new one is not valid, or the
/// token could not be used.
pub fn change(
    workspace: &Workspace,
    token: &Token,
    change: Change,
    secrets: (&SecretString, &SecretString),
    last: LastTry,
) -> Result<(), PinChangeError> {
    check(token, change, last)?;
    let (current, new) = secrets;
    let event = Event::PinChanged {
        serial: token.serial(),
        reader: token.reader.clone(),
        change: change.name(),
    };
    journalled(workspace.recorder()?.as_ref(), &[event], || {
        Ok(pin::change(token, change, current, new, change.tries(token))?)
    })
}
