//! Warnings about logs that do not continue what this station saw of them, and about files that are
//! missing.

use std::path::{Path, PathBuf};

use countersign_problem::{Explain as _, Problem, Reason, Words, list};
use countersign_store::directory;
use countersign_store::logs::LogBook;

use crate::ui;

/// How many runs or files a warning names.
const NAMED: usize = 20;

/// Why no log counts.
#[derive(Debug, Problem)]
pub enum ContinuityError {
    /// It cannot be told which of several logs counts.
    Undecided { path: PathBuf, why: Reason },
}

/// What is missing.
#[derive(Debug, Problem)]
#[problem(area = "continuity")]
enum Missing {
    /// Registered runs that were seen.
    Runs { count: usize, named: Words },
    /// What signature files sign.
    Signed { count: usize, named: Words },
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
            warn_of_files(&missing, |count, named| Missing::Runs { count, named });
        }
        Err(error) => ui::warn(&error.problem()),
    }
}

/// Warns of signature files whose run or manifest is not there.
pub fn warn_of_orphans(found: &directory::Found, root: &Path) {
    let files: Vec<PathBuf> = found.orphans.iter().map(|path| root.join(path)).collect();
    warn_of_files(&files, |count, named| Missing::Signed { count, named });
}

fn warn_of_files(files: &[PathBuf], missing: impl FnOnce(usize, Words) -> Missing) {
    if files.is_empty() {
        return;
    }
    let names = files.iter().map(|file| Words::text(file.display().to_string()));
    let named = list::first(names, NAMED);
    ui::warn(&missing(files.len(), named).problem());
}
