//! `countersign log head`: the head of a log, for others to remember.

use std::path::{Path, PathBuf};

use countersign_app::log_head;
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;

use crate::arguments::journal::JournalArgs;
use crate::arguments::memory::LogHeadsArgs;
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui;

/// Write the head of a log: the number of entries, the last one, the hash of the whole text
#[derive(Debug, clap::Args)]
pub struct HeadArgs {
    /// The log [default: the one of the current directory]
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// The file to write; `-` prints the head, and only another head is replaced [default:
    /// LOG_HEAD.json beside the log]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: &HeadArgs) -> Result<bool, Stopped> {
    let book = args.heads.book(args.log.as_deref(), Some(&args.journal)).within(Path::new("."));
    let log = continuity::log_for(&book, Path::new("."))?;
    let memory = book.memory().cloned();
    let workspace = Workspace { memory, ..args.journal.workspace_to_look() };
    let checked = log_head::check(&workspace, &log)?;
    checked.warnings().iter().for_each(ui::warn);
    let allowed = args.heads.allow_rewritten_log;
    let out = args.out.as_deref();
    if out == Some(Path::new("-")) {
        let head = log_head::head(&workspace, &checked, allowed)?;
        ui::lasting_stdout().write_all(head.to_text().as_bytes())?;
        return Ok(true);
    }
    let (out, head) = log_head::write(&workspace, &checked, out, allowed)?;
    let count = counted(head.entry_count, "entry");
    writeln!(ui::lasting_stdout(), "Wrote {}: {count}", out.display())?;
    Ok(true)
}
