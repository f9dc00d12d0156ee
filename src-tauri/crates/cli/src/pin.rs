//! `countersign pin`: the PIN and PUK of a YubiKey.

use std::io::Write as _;

use countersign_signers::SignerError;
use countersign_signers::piv::pin::{self, Change};

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
        Some(0) => return Err(failed(SignerError::Pin(pin::PinError::Blocked(by)))),
        Some(1) => {
            sign::confirm_last_try(by, args.last_try, args.pin_fd)?;
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
        Change::Unblock => "The PIN is set anew, and has all its tries again.",
    };
    writeln!(anstream::stdout(), "{}: {done}", token.name())?;
    Ok(true)
}
