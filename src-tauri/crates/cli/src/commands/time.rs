//! `countersign time`: time stamps by an authority, asked for and brought back by hand, since no
//! station has a network.

mod import;
mod request;
mod show;

use std::path::PathBuf;

use countersign_app::roots::TrustedFor;
use countersign_app::workspace::Workspace;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::stopped::Stopped;

const TIME_HELP: &str = "\
Examples:
  countersign time request sealed_runs/ --out ask/    one request per signature
  sh ask/send.sh https://tsa.example/                 on a machine with a network
  countersign time import ask/                        verifies each response, then writes it
  countersign time show sealed_runs/                  claimed, signed and trusted times

Trust the root of the authority first: `countersign roots add --tsa root.pem`.";

/// Time stamps: who vouches for when something was signed
#[derive(Debug, clap::Subcommand)]
#[command(after_help = TIME_HELP)]
pub enum TimeCommand {
    Request(request::RequestArgs),
    Import(import::ImportArgs),
    Show(show::ShowArgs),
}

pub fn run(command: &TimeCommand) -> Result<bool, Stopped> {
    match command {
        TimeCommand::Request(args) => request::run(args),
        TimeCommand::Import(args) => import::run(args),
        TimeCommand::Show(args) => show::run(args),
    }
}

/// Whose keys and authorities count, and where it is recorded.
#[derive(Debug, clap::Args)]
struct StationArgs {
    #[command(flatten)]
    keyring: KeyringArgs,
    #[command(flatten)]
    roots: RootsArgs,
    #[command(flatten)]
    journal: JournalArgs,
}

impl StationArgs {
    fn workspace(&self) -> Result<Workspace, Stopped> {
        self.roots.check_used()?;
        let tsa_folder: Option<PathBuf> = self.roots.folder(TrustedFor::TimeStamps, &self.keyring);
        let keyring = Some(self.keyring.place()?);
        Ok(Workspace { keyring, tsa_folder, ..self.journal.workspace()? })
    }
}
