//! `countersign log append`: register sealed runs.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_problem::visible::{visible, visible_short};
use countersign_station::journal::Journal;
use countersign_station::logs::LogBook;
use countersign_station::reading::{directory_of, name_of};
use countersign_station::registration::{self, Registered, RegistrationError};

use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::memory::LogHeadsArgs;
use crate::clock::now;
use crate::continuity;
use crate::error::CliError;
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

pub fn run(args: &AppendArgs) -> Result<bool, CliError> {
    let journal = args.journal.open_to_act()?;
    let mut failed = false;
    for run in &args.runs {
        let book = args.heads.book(args.log.as_deref(), Some(&args.journal));
        if let Err(error) = append(run, &book.within(directory_of(run)), &journal) {
            ui::error(&error);
            failed = true;
        }
    }
    if failed { Err(CliError::Reported) } else { Ok(true) }
}

fn append(run: &Path, book: &LogBook, journal: &Arc<Journal>) -> Result<(), CliError> {
    let recorder = journal::recorder(journal);
    let appended = registration::register_run(run, book, None, now(), recorder.as_ref());
    if let (Err(RegistrationError::Rewritten(rewritten)), Some(memory)) = (&appended, book.memory())
    {
        continuity::note(rewritten, memory, Some(journal));
    }
    let appended = appended?;
    journal::tell(journal);
    let verb = match &appended.registered {
        Registered::Added(_) => "Registered",
        Registered::Already(_) => "Registered already:",
    };
    writeln!(
        ui::stdout(),
        "{verb} {} as {} in {}",
        visible(&name_of(run)),
        visible(appended.registered.entry_id()),
        appended.log.display()
    )?;
    let title = visible_short(&appended.title, 120);
    let decision = visible_short(&appended.decision_id, 40);
    writeln!(ui::stdout(), "  decision  {decision} {title}")?;
    writeln!(ui::stdout(), "  run       sha256 {}", appended.digest.grouped())?;
    if let Err(error) = appended.head {
        ui::warn(&format!(
            "the run is registered, but the log's head does not say so yet: {error}"
        ));
    }
    Ok(())
}
