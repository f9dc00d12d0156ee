//! Whether logs continue what this station saw of them: warns if not, and journals that once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::count::listed;
use countersign_journal::{Event, Journal};
use countersign_problem::{Explain as _, Problem, Reason};
use countersign_store::directory;
use countersign_store::log_memory::{self, ChainKind, LogMemory, Rewritten};
use countersign_store::logs::LogBook;
use countersign_store::reading::ReadError;

use crate::arguments::journal::{self, JournalArgs};
use crate::stopped::Stopped;
use crate::ui;

/// How many runs or files a warning names.
const NAMED: usize = 20;

/// Why no log counts.
#[derive(Debug, Problem)]
pub enum ContinuityError {
    /// It cannot be told which of several logs counts.
    Undecided { path: PathBuf, why: Reason },
}

/// What is missing, or does not hold.
#[derive(Debug, Problem)]
#[problem(area = "continuity")]
enum Missing {
    /// Registered runs that were seen.
    Runs { count: usize, named: String },
    /// What signature files sign.
    Signed { count: usize, named: String },
    /// A log whose chain is broken.
    Broken { path: PathBuf, why: String },
}

/// The log that counts for the runs of a directory.
pub fn log_for(book: &LogBook, directory: &Path) -> Result<PathBuf, ContinuityError> {
    let path = directory.to_owned();
    book.log_for(directory).map_err(|why| ContinuityError::Undecided { path, why })
}

/// Warns of logs that were rewritten since they were seen here, and remembers what was judged.
pub fn warn_of_rewritten(logs: &LogBook) {
    if let Err(error) = logs.remember() {
        ui::warn(&error.problem());
    }
    logs.rewritten().iter().for_each(|rewritten| ui::warn(&rewritten.problem()));
    logs.unknown().iter().for_each(|why| ui::warn(why.problem()));
}

/// Warns of registered runs that were seen below a directory and are gone, and remembers those that
/// are there.
pub fn warn_of_missing(logs: &LogBook, root: &Path) {
    match logs.missing_runs(root) {
        Ok(missing) => {
            let files: Vec<String> = missing.iter().map(|run| run.display().to_string()).collect();
            warn_of_files(&files, |count, named| Missing::Runs { count, named });
        }
        Err(error) => ui::warn(&error.problem()),
    }
}

/// Warns of signature files whose run or manifest is not there.
pub fn warn_of_orphans(found: &directory::Found, root: &Path) {
    let files = found.orphans.iter().map(|path| root.join(path).display().to_string());
    let files: Vec<String> = files.collect();
    warn_of_files(&files, |count, named| Missing::Signed { count, named });
}

fn warn_of_files(files: &[String], missing: impl FnOnce(usize, String) -> Missing) {
    if files.is_empty() {
        return;
    }
    let named = listed(files.iter().cloned(), NAMED);
    ui::warn(&missing(files.len(), named).problem());
}

/// Whether a log, if it exists or did, is intact and continues what was seen of it. Warns if not, and
/// journals that once.
pub fn goes_on(
    log: &Path,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, Stopped> {
    let rewritten = match log_memory::check(log, ChainKind::Log, memory) {
        Ok(examined) => {
            if let Some(why) = examined.summary.broken {
                ui::warn(&Missing::Broken { path: log.to_owned(), why }.problem());
                return Ok(false);
            }
            if let Some(error) = examined.unknown {
                ui::warn(&error.problem());
                return Ok(false);
            }
            examined.rewritten
        }
        Err(ReadError::NotFound(_)) => match memory.map(|memory| memory.gone(log)).transpose() {
            Ok(gone) => gone.flatten(),
            Err(error) => {
                ui::warn(&error.problem());
                return Ok(false);
            }
        },
        Err(error) => return Err(error.into()),
    };
    if let Some(rewritten) = &rewritten {
        ui::warn(&rewritten.problem());
        note_once(rewritten, memory, journal);
    }
    Ok(rewritten.is_none())
}

/// Journals what was found of a log, unless it has been. If nothing was found, no journal is begun.
pub fn note_once(rewritten: &Rewritten, memory: Option<&LogMemory>, journal: &JournalArgs) {
    if let Some(memory) = memory {
        note(rewritten, memory, journal.open_if_any().as_ref());
    }
}

pub fn note(rewritten: &Rewritten, memory: &LogMemory, journal: Option<&Arc<Journal>>) {
    match memory.is_news(rewritten) {
        Ok(true) if journal.is_some() => journal::note(journal, &Event::of_rewritten(rewritten)),
        Ok(_) => {}
        Err(error) => ui::warn(&error.problem()),
    }
}
