//! `countersign import`: envelopes from the file of an export.

use std::io::{self, Write};
use std::path::PathBuf;

use countersign_envelope::digest::Digest;
use countersign_problem::visible::visible;
use countersign_station::carry::{self, Import, ImportReport};

use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::LogHeadsArgs;
use crate::arguments::values;
use crate::commands::export::write_left_out;
use crate::commands::merge::write_signatures;
use crate::continuity;
use crate::error::CliError;
use crate::ui::{self, shown};

const IMPORT_HELP: &str = "\
Every file is checked against the list in the archive, and the archive against --expect. New envelopes \
are added; to existing ones signatures are added as by `merge`. A log is imported if there is none, or \
if the existing one is its beginning. What contradicts existing files is named and left out; nothing \
is overwritten, and importing twice changes nothing.

Exit codes: 0 everything is here now · 1 something was left out · 2 nothing was imported.";

/// Import the envelopes of an export
#[derive(Debug, clap::Args)]
#[command(after_help = IMPORT_HELP)]
pub struct ImportArgs {
    /// The exported file, or the folder that it was unpacked into
    #[arg(value_name = "FILE")]
    pub archive: PathBuf,
    /// The directory of envelopes to import into
    #[arg(value_name = "DIR")]
    pub target: PathBuf,
    /// Refuse the file unless it has this digest: 64 hex digits, in groups or not
    #[arg(long, value_name = "DIGEST", value_parser = values::digest)]
    pub expect: Option<Digest>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: &ImportArgs) -> Result<bool, CliError> {
    #[cfg(unix)]
    ui::terminal::hear_signals();
    let keyring = args.keyring.read()?;
    let journal = args.journal.open()?;
    let book = args.heads.book(None, Some(&args.journal)).within(&args.target);
    let recorder = journal::recorder_of_signatures(&journal, book.memory().cloned());
    let import = Import {
        archive: &args.archive,
        target: &args.target,
        expected: args.expect,
        keyring: &keyring,
        book: &book,
    };
    let report = carry::import(&import, recorder.as_ref());
    continuity::note_rewritten(&book, Some(&journal));
    let report = report?;
    let mut out = ui::stdout();
    if args.json {
        ui::write_json(&mut out, &report)?;
    } else {
        write_import(&mut out, &report)?;
    }
    out.flush()?;
    if report.envelopes.is_empty() {
        let problem = "nothing was imported".to_owned();
        return Err(CliError::File { path: args.archive.clone(), problem });
    }
    Ok(report.is_whole())
}

fn write_import(out: &mut impl Write, report: &ImportReport) -> io::Result<()> {
    for one in &report.envelopes {
        let merged = &one.merged;
        let word = match (one.new, merged.written.is_empty() && one.files.is_empty()) {
            (true, _) => "new",
            (false, true) => "here already, nothing to write",
            (false, false) => "here already, added to",
        };
        writeln!(out, "{}: {word}", shown(&merged.path))?;
        write_signatures(out, merged)?;
    }
    for log in &report.logs {
        let word = if log.new { "new" } else { "continued the existing one" };
        writeln!(out, "{}: {word}", visible(&log.path))?;
    }
    write_left_out(out, &report.left_out)?;
    if !report.not_taken.is_empty() {
        let names: Vec<String> = report.not_taken.iter().map(|name| visible(name)).collect();
        writeln!(out, "not imported, since they belong to no envelope: {}", names.join(", "))?;
    }
    ui::write_digest(out, &report.digest)
}
