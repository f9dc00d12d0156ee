//! `countersign export`: envelopes in one file, from station to station.

use std::path::PathBuf;

use countersign_app::export;
use countersign_envelope::count::counted;
use countersign_exchange::carry::NotCarried;
use countersign_problem::visible::visible;
use countersign_store::logs::LogBook;

use crate::arguments::journal::JournalArgs;
use crate::arguments::memory::MemoryArgs;
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

const EXPORT_HELP: &str = "\
Examples:
  countersign export RUN-….json --out for-jon.zip         one envelope
  countersign export sealed_runs/ --out for-jon.zip       all of a directory, with its logs

The file is a zip with a list of its files, SHA256SUMS. The digest that is printed is the SHA-256 of \
that list: tell it to the other side over another channel, to be compared at the import.

Exit codes: 0 everything is in the file · 1 something was left out · 2 nothing was written.";

/// Put envelopes into one file, to carry them to another station
#[derive(Debug, clap::Args)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportArgs {
    /// Envelopes, each by any of its files; or directories of them
    #[arg(value_name = "RUN", required = true)]
    pub sources: Vec<PathBuf>,
    /// The file to write; must not exist yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: &ExportArgs) -> Result<bool, Stopped> {
    let workspace = args.journal.workspace()?;
    let memory = args.memory.open(Some(&args.journal));
    let book = LogBook::default().remembering(memory);
    let exported = export::export(&workspace, &args.sources, &args.out, &book);
    // The file has what is there now; whether that continues what was there is a warning.
    continuity::warn_of_rewritten(&book);
    let (report, noted) = exported?;
    noted.iter().for_each(ui::warn);
    let mut out = ui::lasting_stdout();
    if args.json {
        ui::write_json(&mut out, &report)?;
    } else {
        for one in &report.envelopes {
            writeln!(out, "{}  {} {}", visible(&one.file), one.decision_id, one.title)?;
        }
        write_left_out(&mut out, &report.left_out)?;
        let count = counted(report.envelopes.len(), "envelope");
        writeln!(out, "{count} in {}", shown(&args.out))?;
        ui::write_digest(&mut out, &report.digest)?;
    }
    Ok(report.left_out.is_empty())
}

/// What was not carried, one per line.
pub fn write_left_out(out: &mut Output, left_out: &[NotCarried]) -> Result<(), Stopped> {
    let mut each = left_out.iter();
    each.try_for_each(|one| {
        writeln!(out, "left out  {}: {}", visible(&one.file), visible(&one.why.english()))
    })
}
