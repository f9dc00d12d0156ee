//! Whether logs continue what this station saw of them: warns if not, and journals that once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_station::directory;
use countersign_station::journal::{Event, Journal};
use countersign_station::log_memory::{self, ChainKind, LogMemory, Rewritten};
use countersign_station::logs::LogBook;
use countersign_station::reading::ReadError;

use crate::arguments::journal::{self, JournalArgs};
use crate::error::CliError;
use crate::ui;

/// How many runs or files a warning names.
const NAMED: usize = 20;

/// The log that counts for the runs of a directory.
pub fn log_for(book: &LogBook, directory: &Path) -> Result<PathBuf, CliError> {
    book.log_for(directory)
        .map_err(|problem| CliError::File { path: directory.to_owned(), problem })
}

/// Warns of logs that were rewritten since they were seen here, and remembers what was judged.
pub fn warn_of_rewritten(logs: &LogBook) {
    if let Err(error) = logs.remember() {
        ui::warn(&error.to_string());
    }
    logs.rewritten().iter().for_each(|rewritten| ui::warn(&rewritten.to_string()));
    logs.unknown().iter().for_each(|why| ui::warn(why));
}

/// Warns of registered runs that were seen below a directory and are gone, and remembers those that
/// are there.
pub fn warn_of_missing(logs: &LogBook, root: &Path) {
    match logs.missing_runs(root) {
        Ok(missing) => {
            let shown = missing.iter().map(|run| run.display().to_string());
            warn_of_files(
                shown,
                "registered runs that were seen here are missing; find out who deleted or renamed them, or accept that (countersign log accept)",
            );
        }
        Err(error) => ui::warn(&error.to_string()),
    }
}

/// Warns of signature files whose run or manifest is not there.
pub fn warn_of_orphans(found: &directory::Found, root: &Path) {
    let shown = found.orphans.iter().map(|path| root.join(path).display().to_string());
    warn_of_files(
        shown,
        "signature files without the file that they sign; find out who deleted or renamed it",
    );
}

fn warn_of_files(files: impl Iterator<Item = String>, what: &str) {
    let files: Vec<String> = files.collect();
    if files.is_empty() {
        return;
    }
    let mut named = files.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if files.len() > NAMED {
        named.push_str(&format!(" and {} more", files.len() - NAMED));
    }
    ui::warn(&format!("{}: {what}: {named}", files.len()));
}

/// Whether a log, if it exists or did, is intact and continues what was seen of it. Warns if not, and
/// journals that once.
pub fn goes_on(
    log: &Path,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    let rewritten = match log_memory::check(log, ChainKind::Log, memory) {
        Ok(examined) => {
            if let Some(broken) = examined.summary.broken {
                ui::warn(&format!("{}: {broken}", log.display()));
                return Ok(false);
            }
            if let Some(error) = examined.unknown {
                ui::warn(&error.to_string());
                return Ok(false);
            }
            examined.rewritten
        }
        Err(ReadError::NotFound(_)) => match memory.map(|memory| memory.gone(log)).transpose() {
            Ok(gone) => gone.flatten(),
            Err(error) => {
                ui::warn(&error.to_string());
                return Ok(false);
            }
        },
        Err(error) => return Err(error.into()),
    };
    if let Some(rewritten) = &rewritten {
        ui::warn(&rewritten.to_string());
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

/// Journals what was found of logs, each once.
pub fn note_rewritten(book: &LogBook, journal: Option<&Arc<Journal>>) {
    if let Some(memory) = book.memory() {
        book.rewritten().iter().for_each(|rewritten| note(rewritten, memory, journal));
    }
}

pub fn note(rewritten: &Rewritten, memory: &LogMemory, journal: Option<&Arc<Journal>>) {
    match memory.is_news(rewritten) {
        Ok(true) if journal.is_some() => journal::note(journal, &Event::of_rewritten(rewritten)),
        Ok(_) => {}
        Err(error) => ui::warn(&error.to_string()),
    }
}
