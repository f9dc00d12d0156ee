//! `countersign`: judge, sign and register sealed runs from the command line.
//!
//! One file a command; what they share is the policy from the flags ([`policy_args`]), the way
//! secrets come in ([`secret_input`]) and the row of a report ([`report`]).

mod args;
mod attest;
mod canonical;
mod carry;
mod demo;
mod devices;
mod error;
mod explain;
mod history;
mod journal;
mod keys;
mod log;
mod merge;
mod modules;
mod output;
mod pack;
mod pin;
mod pkcs11;
mod policy_args;
mod progress;
mod proof;
mod report;
mod roots;
mod secret_input;
mod sign;
mod signers;
mod status;
#[cfg(unix)]
mod terminal;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use countersign_signers::lifetime;
use countersign_station::places;
use countersign_station::safe_write::notice;

use crate::args::{Args, Command};
use crate::error::CliError;

/// What was asked for did not hold.
const NOT_REACHED: u8 = 1;
/// The input could not be used, or nothing was done.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    lifetime::keep_descriptors();
    if let Some(code) = countersign_signers::pkcs11::module::serve_if_asked() {
        return code;
    }
    // What a person should know of the disk, while it is worked on.
    notice::listen(|notice| journal::warn(&notice.to_string()));
    match run(Args::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_REACHED),
        // The reader of the output has gone; that is no failure of ours.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(CliError::Reported) => ExitCode::from(UNUSABLE),
        Err(error) => {
            report_error(&error);
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Closes the station's own files to other users, once, and names them.
fn make_private_once() {
    match places::make_private_once(places::NAME, policy_args::now()) {
        Ok(found) => found.iter().for_each(|found| journal::warn(&found.to_string())),
        Err(error) => journal::warn(&error.to_string()),
    }
}

/// Runs a command; `false` if what was asked for does not hold.
fn run(command: Command) -> Result<bool, CliError> {
    let touches_no_files =
        matches!(command, Command::Canonical(_) | Command::Completions { .. } | Command::Man);
    if !touches_no_files {
        make_private_once();
    }
    match command {
        Command::Status(args) => status::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::History(args) => history::run(&args),
        Command::Sign(args) => sign::run(&args),
        Command::Attest(args) => attest::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Export(args) => carry::export(&args),
        Command::Import(args) => carry::import(&args),
        Command::Pack(args) => pack::run(&args),
        Command::Devices(args) => devices::run(&args),
        Command::Pin(command) => pin::run(&command),
        Command::Tpm(command) => attest::tpm(&command),
        Command::Signers(command) => signers::run(&command),
        Command::Modules(command) => modules::run(&command),
        Command::Keys(command) => keys::run(command),
        Command::Roots(command) => roots::run(&command),
        Command::Log(command) => log::run(command),
        Command::Journal(command) => journal::run(&command),
        Command::Canonical(args) => canonical::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "countersign", &mut script);
            std::io::stdout().write_all(&script)?;
            Ok(true)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            std::io::stdout().write_all(&page)?;
            Ok(true)
        }
    }
}

/// Says what went wrong, on standard error.
fn report_error(error: &CliError) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let text = countersign_envelope::visible::visible(&error.to_string());
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {text}");
}
