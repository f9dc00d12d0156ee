//! The transparency log and the authority ledger of a directory: found beside the run, at the
//! reference's place, or where a person says; each read and checked once.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::chain::{Chain, Line};
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, REFERENCE_LEDGER, REFERENCE_LOG, TRANSPARENCY_LOG,
};
use countersign_envelope::transparency_log::TransparencyLog;

use crate::envelope_files::OrReason;
use crate::log_memory::{LogMemory, LogMemoryError, Rewritten};
use crate::reading::{self, ReadError, directory_of};
use crate::stamp::Stamp;

/// The longest log that is read, in bytes (1 GiB).
pub const MAX_LOG_BYTES: u64 = 1 << 30;

/// How many lines of a log are in memory at once, parsed.
const LINES: usize = 4096;

/// How many lines of a log are not worth a thread.
const FEW: usize = 256;

/// The log and the ledger that belong to the runs of one directory; `None` where there is none,
/// the reason where one cannot be read.
#[derive(Debug, Clone, Default)]
pub struct Logs {
    /// The transparency log.
    pub log: Option<Arc<OrReason<TransparencyLog>>>,
    /// The authority ledger.
    pub ledger: Option<Arc<OrReason<AuthorityLedger>>>,
    /// The state of either file when it was read.
    pub stamps: LogStamps,
}

/// The state of the log and of the ledger of a directory, their places included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogStamps {
    /// The transparency log's.
    pub log: Stamp,
    /// The authority ledger's.
    pub ledger: Stamp,
}

/// Where logs are looked for, and those read so far.
#[derive(Debug, Default)]
pub struct LogBook {
    /// A transparency log for all runs, instead of those beside them.
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of those beside them.
    pub ledger: Option<PathBuf>,
    memory: Option<LogMemory>,
    read: Mutex<Pages>,
}

/// What has been read: by directory, and by file, for many directories may share one log.
#[derive(Debug, Default)]
struct Pages {
    directories: HashMap<PathBuf, Arc<Logs>>,
    logs: HashMap<PathBuf, (Stamp, Arc<OrReason<TransparencyLog>>)>,
    ledgers: HashMap<PathBuf, (Stamp, Arc<OrReason<AuthorityLedger>>)>,
    rewritten: BTreeMap<PathBuf, Rewritten>,
    /// Why it is not known whether a log was rewritten.
    unknown: BTreeMap<PathBuf, String>,
}

impl LogBook {
    /// A book that looks at these places first.
    pub fn new(log: Option<PathBuf>, ledger: Option<PathBuf>) -> Self {
        Self { log, ledger, memory: None, read: Mutex::default() }
    }

    /// The book of a station that remembers the heads of the logs it reads.
    #[must_use]
    pub fn remembering(mut self, memory: Option<LogMemory>) -> Self {
        self.memory = memory;
        self
    }

    /// What the station remembers of logs.
    pub fn memory(&self) -> Option<&LogMemory> {
        self.memory.as_ref()
    }

    /// The logs that do not go on from what this station saw of them, of those read so far.
    pub fn rewritten(&self) -> Vec<Rewritten> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.rewritten.values().cloned().collect()
    }

    /// Takes the logs that were rewritten as they are, and gives which these were.
    ///
    /// # Errors
    /// Where that cannot be remembered.
    pub fn accept_rewritten(&self) -> Result<Vec<Rewritten>, LogMemoryError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut accepted = Vec::new();
        let Some(memory) = &self.memory else { return Ok(accepted) };
        while let Some((path, rewritten)) = read.rewritten.pop_first() {
            // As a person was told that it is, not as it may have become meanwhile.
            let page = read.logs.get(&path).and_then(|(_, page)| page.as_ref().as_ref().ok());
            let found = page.filter(|_| !matches!(rewritten, Rewritten::LogGone { .. }));
            if let Err(error) = memory.accept(&path, found) {
                read.rewritten.insert(path, rewritten);
                return Err(error);
            }
            accepted.push(rewritten);
        }
        Ok(accepted)
    }

    /// Whether a log of this directory was found rewritten before, by what is remembered of it.
    pub fn is_in_doubt(&self, directory: &Path) -> bool {
        let Some(memory) = &self.memory else { return false };
        self.log_places(directory).iter().any(|place| memory.is_in_doubt(place))
    }

    fn log_places(&self, directory: &Path) -> Vec<PathBuf> {
        let reference =
            REFERENCE_LOG.iter().fold(directory.to_owned(), |path, part| path.join(part));
        match &self.log {
            Some(configured) => vec![configured.clone()],
            None => vec![directory.join(TRANSPARENCY_LOG), reference],
        }
    }

    /// Why of some logs it is not known whether they were rewritten.
    pub fn unknown(&self) -> Vec<String> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.unknown.values().cloned().collect()
    }

    /// The logs for the runs of a directory, as they were when first asked for.
    pub fn for_directory(&self, directory: &Path) -> Arc<Logs> {
        // Held while reading, so that a shared log is read once and not once a thread.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(logs) = read.directories.get(directory) {
            return Arc::clone(logs);
        }
        let (log, ledger) = self.places(directory);
        // Taken before reading: what changes meanwhile is then seen to have changed.
        let stamps = LogStamps { log: stamp(log.as_deref()), ledger: stamp(ledger.as_deref()) };
        let log = log.map(|path| {
            let page = page(&mut read.logs, path.clone(), stamps.log, read_log);
            (path, page)
        });
        if let Some(memory) = &self.memory {
            read.compare(memory, &self.log_places(directory), log.as_ref());
        }
        let logs = Arc::new(Logs {
            log: log.map(|(_, page)| page),
            ledger: ledger.map(|path| {
                let read_ledger = |path: &Path| read_chain(path).map(AuthorityLedger::from);
                page(&mut read.ledgers, path, stamps.ledger, read_ledger)
            }),
            stamps,
        });
        read.directories.insert(directory.to_owned(), Arc::clone(&logs));
        logs
    }

    /// The state of a directory's logs on the disk now; nothing is read.
    pub fn stamps(&self, directory: &Path) -> LogStamps {
        let (log, ledger) = self.places(directory);
        LogStamps { log: stamp(log.as_deref()), ledger: stamp(ledger.as_deref()) }
    }

    /// Looks at the disk again for whatever is asked for from now on. A file that has not changed is
    /// not read anew.
    pub fn look_again(&self) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.directories.clear();
    }

    /// Where the log and the ledger for the runs of a directory are; none where there is none.
    pub(crate) fn places(&self, directory: &Path) -> (Option<PathBuf>, Option<PathBuf>) {
        let log = place(self.log.as_deref(), directory, TRANSPARENCY_LOG, REFERENCE_LOG);
        let ledger = place(self.ledger.as_deref(), directory, AUTHORITY_LEDGER, REFERENCE_LEDGER);
        (log, ledger)
    }
}

impl Logs {
    /// From the bytes of either file, wherever they are.
    pub(crate) fn of_bytes(log: Option<&[u8]>, ledger: Option<&[u8]>) -> Self {
        let log = log.map(|bytes| Arc::new(Ok(TransparencyLog::read(lines(bytes)))));
        let ledger = ledger.map(|bytes| Arc::new(Ok(Chain::link(lines(bytes)).into())));
        Self { log, ledger, stamps: LogStamps::default() }
    }
}

impl Pages {
    /// Compares the log of a directory with what was seen of it, and looks at the places where one
    /// may have been that is gone.
    fn compare(
        &mut self,
        memory: &LogMemory,
        places: &[PathBuf],
        log: Option<&(PathBuf, Arc<OrReason<TransparencyLog>>)>,
    ) {
        let gone = places.iter().filter(|place| !place.exists() && directory_of(place).is_dir());
        let mut looks: Vec<(&Path, Option<&TransparencyLog>)> =
            gone.map(|place| (place.as_path(), None)).collect();
        if let Some((path, page)) = log
            && let Ok(page) = page.as_ref()
        {
            looks.push((path, Some(page)));
        }
        for (path, found) in looks {
            self.rewritten.remove(path);
            self.unknown.remove(path);
            match memory.look(path, found) {
                Ok(None) => {}
                Ok(Some(rewritten)) => drop(self.rewritten.insert(path.to_owned(), rewritten)),
                Err(error) => drop(self.unknown.insert(path.to_owned(), error.to_string())),
            }
        }
    }
}

/// The state of a file at its place. One that is nowhere has a state of its own.
fn stamp(path: Option<&Path>) -> Stamp {
    path.map_or_else(Stamp::default, |path| Stamp::of_file(path).at(path))
}

/// What a file said, from an earlier reading where it has not changed since.
fn page<T>(
    pages: &mut HashMap<PathBuf, (Stamp, Arc<OrReason<T>>)>,
    path: PathBuf,
    stamp: Stamp,
    read: impl FnOnce(&Path) -> Result<T, ReadError>,
) -> Arc<OrReason<T>> {
    match pages.get(&path) {
        Some((known, page)) if *known == stamp => Arc::clone(page),
        _ => {
            let page = Arc::new(read(&path).map_err(|error| error.reason()));
            pages.insert(path, (stamp, Arc::clone(&page)));
            page
        }
    }
}

/// The place of a directory's transparency log: where it is, or else where it would be made.
pub fn transparency_log_path(configured: Option<&Path>, directory: &Path) -> PathBuf {
    place(configured, directory, TRANSPARENCY_LOG, REFERENCE_LOG)
        .unwrap_or_else(|| directory.join(TRANSPARENCY_LOG))
}

/// The place of a directory's authority ledger: where it is, or else where it would be made.
pub(crate) fn authority_ledger_path(directory: &Path) -> PathBuf {
    place(None, directory, AUTHORITY_LEDGER, REFERENCE_LEDGER)
        .unwrap_or_else(|| directory.join(AUTHORITY_LEDGER))
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
    let bytes = reading::read(path, directory_of(path), MAX_LOG_BYTES)?;
    Ok(Chain::link(lines(&bytes)))
}

/// Reads a transparency log and keeps of it what look-ups need.
///
/// # Errors
/// Where the file cannot be read; what is wrong with its content is in the log.
pub fn read_log(path: &Path) -> Result<TransparencyLog, ReadError> {
    let bytes = reading::read(path, directory_of(path), MAX_LOG_BYTES)?;
    Ok(TransparencyLog::read(lines(&bytes)))
}

/// The lines of a log, parsed and hashed on all cores, some thousands at a time.
fn lines(bytes: &[u8]) -> impl Iterator<Item = Line> {
    let mut rest = bytes.split(|byte| *byte == b'\n');
    std::iter::from_fn(move || {
        let some: Vec<&[u8]> = rest.by_ref().take(LINES).collect();
        (!some.is_empty()).then(|| parse(&some))
    })
    .flatten()
}

/// On threads of its own and never on rayon's: the book is held while a log is read, and a thread of
/// rayon's that waits for a part of the log would take up a judgement, which waits for the book.
fn parse(some: &[&[u8]]) -> Vec<Line> {
    fn all(part: &[&[u8]]) -> Vec<Line> {
        part.iter().copied().map(Line::parse).collect()
    }
    if some.len() <= FEW {
        return all(some);
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let parts = some.chunks(some.len().div_ceil(cores).max(FEW));
        let parts: Vec<_> = parts.map(|part| scope.spawn(move || all(part))).collect();
        let joined =
            parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().collect()
    })
}
