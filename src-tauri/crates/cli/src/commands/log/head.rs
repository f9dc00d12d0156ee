//! `countersign log head`: the head of a log, for others to remember.

use std::path::{Path, PathBuf};

use countersign_envelope::count::counted;
use countersign_envelope::file_name::LOG_HEAD;
use countersign_problem::Problem;
use countersign_store::log_head_file;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::reading::directory_of;
use countersign_store::safe_write::{self, Access};

use crate::arguments::journal::JournalArgs;
use crate::arguments::memory::LogHeadsArgs;
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui;
use countersign_app::clock::now;

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

/// Why no head was written.
#[derive(Debug, Problem)]
#[problem(area = "head")]
enum HeadError {
    /// The log is broken, or was rewritten since it was seen.
    DoesNotHold { path: PathBuf },
}

pub fn run(args: &HeadArgs) -> Result<bool, Stopped> {
    let book = args.heads.book(args.log.as_deref(), Some(&args.journal)).within(Path::new("."));
    let log = continuity::log_for(&book, Path::new("."))?;
    let goes_on = continuity::goes_on(&log, book.memory(), &args.journal)?;
    if !goes_on && !args.heads.allow_rewritten_log {
        return Err(HeadError::DoesNotHold { path: log }.into());
    }
    write(&log, args.out.as_deref())
}

fn write(log: &Path, out: Option<&Path>) -> Result<bool, Stopped> {
    // The head of a ledger would replace that of the log.
    overwrite::check(log, FileKind::TransparencyLog)?;
    let beside = log.with_file_name(LOG_HEAD);
    if let Some(out) = out.filter(|out| *out != Path::new("-")) {
        overwrite::check(out, FileKind::LogHead)?;
    }
    let out = out.unwrap_or(&beside);
    if out == Path::new("-") {
        let head = log_head_file::head(log, now())?;
        ui::lasting_stdout().write_all(head.to_text().as_bytes())?;
        return Ok(true);
    }
    // Read under the lock, so that the head of a registration in between is not replaced by an older one.
    let _lock = safe_write::lock(directory_of(out))?;
    let head = log_head_file::head(log, now())?;
    safe_write::replace(out, head.to_text().as_bytes(), Access::Shared)?;
    let count = head.entry_count;
    writeln!(ui::lasting_stdout(), "Wrote {}: {}", out.display(), counted(count, "entry"))?;
    Ok(true)
}
