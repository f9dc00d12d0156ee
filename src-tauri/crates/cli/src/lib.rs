//! `countersign`: judge, sign and register sealed runs from the command line.
//!
//! Each command is a file of `commands` with its arguments, its help and what it does. Arguments that
//! several commands share are in `arguments`; everything said and asked on the terminal is in `ui`.
//!
//! A program's `main` returns what [`run`] returns. [`command`] has every command with its help:
//!
//! ```
//! let mut countersign = countersign_cli::command();
//! let sign = countersign.find_subcommand_mut("sign").ok_or("there is no such command")?;
//! assert!(sign.render_long_help().to_string().contains("--piv"));
//! # Ok::<(), &str>(())
//! ```

use countersign_problem::Explain as _;
mod arguments;
mod commands;
mod continuity;
mod english;
mod report;
mod stopped;
mod tokens;
mod ui;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use countersign_app::clock;
use countersign_signers::lifetime;
use countersign_store::safe_write::notice;

use crate::arguments::old_forms;
use crate::commands::Args;
use crate::stopped::Stopped;

/// What was asked for does not hold.
const NOT_REACHED: u8 = 1;
/// The input cannot be used, or nothing was done.
const UNUSABLE: u8 = 2;

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    lifetime::keep_descriptors();
    if let Some(code) = countersign_signers::pkcs11::module::serve_if_asked() {
        return code;
    }
    // What a person should know of the disk, while it is worked on.
    notice::listen(|notice| ui::warn(&notice.problem()));
    match parse().and_then(|args| commands::run(args.command)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_REACHED),
        Err(Stopped::ReaderGone) => ExitCode::SUCCESS,
        Err(stopped) => {
            stopped.report();
            ExitCode::from(UNUSABLE)
        }
    }
}

/// The command line of this process. Ends it if clap refuses the arguments or answers them itself.
fn parse() -> Result<Args, Stopped> {
    let (words, warnings) = old_forms::translate(std::env::args_os().collect())?;
    warnings.iter().for_each(|warning| ui::warn(&warning.problem()));
    Ok(Args::parse_from(words))
}

/// The whole command line with every command, argument and help, as the reference is made from it.
pub fn command() -> clap::Command {
    Args::command()
}
