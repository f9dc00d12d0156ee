//! The transparency log and the authority ledger of a directory: found beside the run, at the
//! reference's place, or where a person says; each read and checked once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::chain::{Chain, Line};
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, REFERENCE_LEDGER, REFERENCE_LOG, TRANSPARENCY_LOG,
};
use countersign_envelope::transparency_log::TransparencyLog;
use rayon::prelude::*;

use crate::reading::{self, ReadError};

/// The longest log that is read, in bytes (1 GiB).
pub const MAX_LOG_BYTES: u64 = 1 << 30;

/// The log and the ledger that belong to the runs of one directory; `None` where there is none,
/// the reason where one cannot be read.
#[derive(Debug, Default)]
pub struct Logs {
    /// The transparency log.
    pub log: Option<Result<TransparencyLog, String>>,
    /// The authority ledger.
    pub ledger: Option<Result<AuthorityLedger, String>>,
}

/// Where logs are looked for, and those read so far.
#[derive(Debug, Default)]
pub struct LogBook {
    /// A transparency log for all runs, instead of those beside them.
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of those beside them.
    pub ledger: Option<PathBuf>,
    read: Mutex<HashMap<PathBuf, Arc<Logs>>>,
}

impl LogBook {
    /// A book that looks at these places first.
    pub fn new(log: Option<PathBuf>, ledger: Option<PathBuf>) -> Self {
        Self { log, ledger, read: Mutex::default() }
    }

    /// The logs for the runs of a directory.
    pub fn for_directory(&self, directory: &Path) -> Arc<Logs> {
        // Held while reading, so that a shared log is read once and not once a thread.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(logs) = read.get(directory) {
            return Arc::clone(logs);
        }
        let log = place(self.log.as_deref(), directory, TRANSPARENCY_LOG, REFERENCE_LOG);
        let ledger = place(self.ledger.as_deref(), directory, AUTHORITY_LEDGER, REFERENCE_LEDGER);
        let logs = Arc::new(Logs {
            log: log
                .map(|path| read_chain(&path).map(TransparencyLog::from).map_err(|e| e.reason())),
            ledger: ledger
                .map(|path| read_chain(&path).map(AuthorityLedger::from).map_err(|e| e.reason())),
        });
        read.insert(directory.to_owned(), Arc::clone(&logs));
        logs
    }
}

/// The place of a directory's transparency log: where it is, or else where it would be made.
pub fn transparency_log_path(configured: Option<&Path>, directory: &Path) -> PathBuf {
    place(configured, directory, TRANSPARENCY_LOG, REFERENCE_LOG)
        .unwrap_or_else(|| directory.join(TRANSPARENCY_LOG))
}

fn place(
    configured: Option<&Path>,
    directory: &Path,
    beside: &str,
    reference: [&str; 3],
) -> Option<PathBuf> {
    if let Some(path) = configured {
        // A person's own choice may well be a link.
        return Some(path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    }
    let beside = directory.join(beside);
    if std::fs::symlink_metadata(&beside).is_ok() {
        return Some(beside);
    }
    let reference = reference.iter().fold(directory.to_owned(), |path, part| path.join(part));
    reference.exists().then_some(reference)
}

/// Reads a chained log and checks it, its lines in parallel.
///
/// # Errors
/// Where the file cannot be read; what is wrong with its content is in the chain.
pub fn read_chain(path: &Path) -> Result<Chain, ReadError> {
    let bytes = reading::read(path, reading::directory_of(path), MAX_LOG_BYTES)?;
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let parsed: Vec<Line> = lines.into_par_iter().map(Line::parse).collect();
    Ok(Chain::link(parsed))
}
