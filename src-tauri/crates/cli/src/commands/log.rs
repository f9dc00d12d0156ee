//! `countersign log`: the transparency log and the authority ledger.

use countersign_problem::Problem;
mod accept;
mod append;
mod checkpoint;
mod head;
mod proof;
mod tree_key;
mod verify;
mod witness;

use std::path::{Path, PathBuf};

use countersign_store::log_memory::ChainKind;
use countersign_store::logs::{self, LogBook};

use crate::stopped::Stopped;

/// The transparency log: register runs, check the chain, sign checkpoints, witness
#[derive(Debug, clap::Subcommand)]
pub enum LogCommand {
    Append(append::AppendArgs),
    Verify(verify::VerifyArgs),
    Head(head::HeadArgs),
    Prove(proof::ProveArgs),
    CheckProof(proof::CheckProofArgs),
    Accept(Box<accept::AcceptArgs>),
    Checkpoint(Box<checkpoint::CheckpointArgs>),
    Consistency(checkpoint::ConsistencyArgs),
    #[command(subcommand)]
    Witness(witness::WitnessCommand),
}

pub fn run(command: LogCommand) -> Result<bool, Stopped> {
    match command {
        LogCommand::Append(args) => append::run(&args),
        LogCommand::Verify(args) => verify::run(&args),
        LogCommand::Head(args) => head::run(&args),
        LogCommand::Prove(args) => proof::prove(&args),
        LogCommand::CheckProof(args) => proof::check(&args),
        LogCommand::Accept(args) => accept::run(&args),
        LogCommand::Checkpoint(args) => checkpoint::sign(*args),
        LogCommand::Consistency(args) => checkpoint::consistency(&args),
        LogCommand::Witness(command) => witness::run(command),
    }
}

/// Why no log is checked.
#[derive(Debug, Problem)]
enum NamedLogsError {
    /// There is none.
    None { path: PathBuf },
}

/// The logs of a path: the file itself, or those that serve the runs of a directory.
fn named(path: &Path, book: &LogBook) -> Vec<(ChainKind, PathBuf)> {
    match path.is_dir() {
        true => book.in_reach(path),
        false => vec![(logs::kind_of(path), path.to_owned())],
    }
}
