//! `countersign pin`: the PIN and PUK of a YubiKey.

use std::io::Write as _;

use countersign_signers::SignerError;
use countersign_signers::piv::pin::{self, Change, PinError};

use crate::args::{PinArgs, PinCommand};
use crate::error::CliError;
use crate::{devices, secret_input, sign};

pub fn run(command: &PinCommand) -> Result<bool, CliError> {
    let (args, change) = match command {
        PinCommand::Change(args) => (args, Change::Pin),
        PinCommand::ChangePuk(args) => (args, Change::Puk),
        PinCommand::Unblock(args) => (args, Change::Unblock),
    };
    run_change(args, change)
}

fn run_change(args: &PinArgs, change: Change) -> Result<bool, CliError> {
    let token = devices::token(args.serial)?;
    let failed = |error| CliError::token(token.name(), error);
    let tries = change.tries(&token);
    let by = change.by();
    let left = match tries {
        Some(0) => {
            let blocked = PinError::blocked(by, token.pin_tries, token.puk_tries);
            return Err(failed(SignerError::Pin(blocked)));
        }
        Some(1) => {
            let other = match change {
                Change::Pin => token.puk_tries,
                Change::Puk | Change::Unblock => token.pin_tries,
            };
            let risk = match other {
                Some(0) => "a wrong one leaves nothing but a reset, which destroys the keys",
                _ => "a wrong one blocks it",
            };
            sign::confirm_last_try(by, risk, args.last_try, args.pin_fd)?;
            " (the last try)".to_owned()
        }
        Some(tries) => format!(" ({tries} tries left)"),
        None => String::new(),
    };
    let question = format!("{by} of {}{left}: ", token.name());
    let (known, new) = secret_input::pin_and_new(&question, change.of(), args.pin_fd)?;
    pin::change(&token, change, &known, &new, tries).map_err(failed)?;
    let done = match change {
        Change::Pin => "The PIN is changed.",
        Change::Puk => "The PUK is changed.",
        Change::Unblock => "The new PIN is set, with all its attempts.",
    };
    writeln!(anstream::stdout(), "{}: {done}", token.name())?;
    Ok(true)
}
