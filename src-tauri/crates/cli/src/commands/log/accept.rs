//! `countersign log accept`: go on with a log that was cut, removed or forked.

use std::path::PathBuf;

use countersign_app::log_acceptance::{self, LogAcceptance};
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_store::logs::LogBook;

use crate::arguments::journal::JournalArgs;
use crate::arguments::memory::LogHeadsArgs;
use crate::commands::log::{NamedLogsError, named};
use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// Accept a log or ledger as it is, although it was cut, removed or forked since this station saw it
#[derive(Debug, clap::Args)]
pub struct AcceptArgs {
    /// A log, or a directory
    pub path: PathBuf,
    /// The reason, for the journal
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: &AcceptArgs) -> Result<bool, Stopped> {
    let AcceptArgs { path, reason, .. } = args;
    log_acceptance::check_reason(reason)?;
    let memory = args.heads.memory.open_if_any(Some(&args.journal));
    let book = LogBook::new(None, None).remembering(memory.clone());
    let named = named(path, &book);
    if named.is_empty() {
        return Err(NamedLogsError::None { path: path.clone() }.into());
    }
    let workspace = Workspace { memory, ..args.journal.workspace()? };
    let memory = workspace.need_memory()?;
    let mut out = ui::lasting_stdout();
    for (kind, log) in named {
        let acceptance = LogAcceptance::of(&log, kind, memory)?;
        // What is lost is listed before it is forgotten.
        for entry in &acceptance.lost {
            writeln!(out, "missing  {entry}")?;
        }
        acceptance.accept(&workspace, reason)?;
        writeln!(
            out,
            "Accepted {} as it is: {}; {} were seen before",
            log.display(),
            counted(acceptance.has, "entry"),
            acceptance.had
        )?;
    }
    if path.is_dir() {
        let missing = log_acceptance::accept_missing(&workspace, path, reason)?;
        for run in &missing {
            writeln!(out, "Accepted that {} is missing", shown(run))?;
        }
    }
    Ok(true)
}
