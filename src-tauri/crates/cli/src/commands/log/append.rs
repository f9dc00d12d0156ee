//! `countersign log append`: register sealed runs.

use std::path::{Path, PathBuf};

use countersign_app::registration::{self, Registered};
use countersign_app::workspace::Workspace;
use countersign_problem::visible::{visible, visible_short};
use countersign_problem::{Explain as _, Problem};
use countersign_store::logs::LogBook;
use countersign_store::reading::{directory_of, name_of};
use countersign_store::safe_write::WriteError;

use crate::arguments::journal::JournalArgs;
use crate::arguments::memory::LogHeadsArgs;
use crate::stopped::Stopped;
use crate::ui;

/// Register sealed runs; one that is registered already stays as it is
#[derive(Debug, clap::Args)]
pub struct AppendArgs {
    /// The sealed runs
    #[arg(value_name = "RUN", required = true)]
    pub runs: Vec<PathBuf>,
    /// The log [default: the one of the run's directory]
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// A log whose head does not have its last entry.
#[derive(Debug, Problem)]
struct HeadBehind {
    cause: WriteError,
}

pub fn run(args: &AppendArgs) -> Result<bool, Stopped> {
    let workspace = args.journal.workspace()?;
    let mut failed = false;
    for run in &args.runs {
        let book = args.heads.book(args.log.as_deref(), Some(&args.journal));
        if let Err(stopped) = append(&workspace, run, &book.within(directory_of(run))) {
            stopped.report();
            failed = true;
        }
    }
    if failed { Err(Stopped::Reported) } else { Ok(true) }
}

fn append(workspace: &Workspace, run: &Path, book: &LogBook) -> Result<(), Stopped> {
    let appended = registration::register_run(workspace, run, book, None)?;
    let verb = match &appended.registered {
        Registered::Added(_) => "Registered",
        Registered::Already(_) => "Registered already:",
    };
    writeln!(
        ui::lasting_stdout(),
        "{verb} {} as {} in {}",
        visible(&name_of(run)),
        visible(appended.registered.entry_id()),
        appended.log.display()
    )?;
    let title = visible_short(&appended.title, 120);
    let decision = visible_short(&appended.decision_id, 40);
    writeln!(ui::lasting_stdout(), "  decision  {decision} {title}")?;
    writeln!(ui::lasting_stdout(), "  run       sha256 {}", appended.digest.grouped())?;
    if let Err(cause) = appended.head {
        ui::warn(&HeadBehind { cause }.problem());
    }
    Ok(())
}
