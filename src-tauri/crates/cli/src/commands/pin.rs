//! `countersign pin`: the PIN and PUK of a YubiKey.

use countersign_app::pin::{self, PinChangeError};
use countersign_ceremony::ceremony::LastTry;
use countersign_signers::piv::pin::Change;

use crate::arguments::journal::JournalArgs;
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::tokens::{TokenUseError, piv};
use crate::ui::{self, secret};

/// Change the PIN or PUK of a YubiKey, or unblock its PIN
#[derive(Debug, clap::Subcommand)]
pub enum PinCommand {
    /// Change the PIN
    Change(PinArgs),
    /// Change the PUK, which unblocks the PIN
    ChangePuk(PinArgs),
    /// Set a new PIN with the PUK, if the PIN is blocked or forgotten
    Unblock(PinArgs),
}

#[derive(Debug, clap::Args)]
pub struct PinArgs {
    /// The serial of the YubiKey, if several are plugged in
    #[arg(value_name = "SERIAL", value_parser = values::serial)]
    pub serial: Option<u32>,
    /// Read both from this file descriptor: the current one and the new one, each on a line
    #[arg(long, value_name = "N")]
    pub pin_fd: Option<i32>,
    /// Allow using the last attempt
    #[arg(long)]
    pub last_try: bool,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(command: &PinCommand) -> Result<bool, Stopped> {
    let (args, change) = match command {
        PinCommand::Change(args) => (args, Change::Pin),
        PinCommand::ChangePuk(args) => (args, Change::Puk),
        PinCommand::Unblock(args) => (args, Change::Unblock),
    };
    run_change(args, change)
}

fn run_change(args: &PinArgs, change: Change) -> Result<bool, Stopped> {
    let workspace = args.journal.workspace()?;
    let token = piv::yubikey(args.serial)?;
    let failed = |error: PinChangeError| match error {
        PinChangeError::Signer(error) => {
            Stopped::from(TokenUseError::new(token.name().to_string(), error))
        }
        last => last.into(),
    };
    let by = change.by();
    let mut last = LastTry::NotConfirmed;
    let left = match change.tries(&token) {
        Some(1) => {
            let other = match change {
                Change::Pin => token.puk_tries(),
                Change::Puk | Change::Unblock => token.pin_tries,
            };
            let risk = match other {
                Some(0) => "a wrong one leaves nothing but a reset, which destroys the keys",
                _ => "a wrong one blocks it",
            };
            secret::confirm_last_try(by, risk, args.last_try, args.pin_fd)?;
            last = LastTry::Confirmed;
            " (the last attempt)".to_owned()
        }
        Some(tries) => format!(" ({tries} attempts left)"),
        None => String::new(),
    };
    // What is blocked is refused before anything is asked for.
    pin::check(&token, change, last).map_err(failed)?;
    let question = format!("{by} of {}{left}: ", token.name());
    let (known, new) = secret::pin_and_new(&question, change.of(), args.pin_fd)?;
    pin::change(&workspace, &token, change, (&known, &new), last).map_err(failed)?;
    let done = match change {
        Change::Pin => "The PIN was changed.",
        Change::Puk => "The PUK was changed.",
        Change::Unblock => "The new PIN is set, with all its attempts.",
    };
    writeln!(ui::stdout(), "{}: {done}", token.name())?;
    Ok(true)
}
