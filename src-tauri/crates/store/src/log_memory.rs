//! What this station saw of each transparency log and authority ledger, and of terms in signature
//! files. A hash chain shows what was
//! changed in it, and not what was cut off its end or written again from somewhere on; whoever
//! remembers its entries sees that too.
//!
//! A directory of the station's own, outside the sealed runs:
//!
//! | file | what |
//! |---|---|
//! | `<first entry>.entries` | hash, run id and entry id of every entry seen, 192 bytes each |
//! | `<first entry>.head` | how many of them count, and the verified prefix of the file; replaced in one step after the entries were added |
//! | `<first entry>.forks` | where a person accepted that it is not the chain that a signer saw |
//! | `<path>.json` | which chain stood at a path, and its head: what version 0.1 wrote |
//! | `<path>.runs` | the registered runs that were seen in a directory |
//! | `<origin>.log-tree`, `<origin>.witness-tree` | the last tree of a log that this station signed as the log, or as its witness |
//! | `terms-seen.json` | what signature files asked for, where that is more than L4 requires |
//!
//! A chain is identified by its first entry wherever it is, so that a directory can be renamed. The
//! log at each path is remembered as well, so that a missing or replaced log is found.
//!
//! A chain belongs to the place where this station saw it first. While a log with that first entry
//! exists there, one at another place is a copy: it is compared, and its head is remembered for
//! that path, but its further entries are not expected anywhere else, since anyone with a copy can
//! add to it. A copy that a person accepts is accepted at its path only. Once the log at the
//! chain's place is missing, the next place where it is found takes over.

mod claims;
mod entries;
mod examination;
mod follower;
mod forks;
mod registrations;
mod runs;
mod stored_path;
mod terms;

pub(crate) use self::examination::follow;
pub use self::examination::{Depth, Examined, check, check_bytes, examine};
use countersign_problem::{Problem, Value, Words, list, words};
use std::path::{Path, PathBuf};

pub use countersign_envelope::chain::ChainKind;
use countersign_envelope::chain::Summary;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use serde::{Deserialize, Serialize};

pub use claims::KeptClaim;
pub use entries::SeenEntry;
pub use follower::{Finding, Follower};
pub use forks::AcceptedLoss;
pub(crate) use registrations::SeenRegistrations;
pub use stored_path::StoredPath;

use crate::ownership::{self, OwnershipError, make_private_directory};
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

/// The directory with what is remembered, beside the journal.
pub const DIRECTORY_NAME: &str = "log-heads";

/// The longest head that is read here, in bytes: two paths, each of their bytes written on a line.
const MAX_BYTES: u64 = 1 << 18;

/// How many lost entries a finding names.
const NAMED: usize = 5;

/// The head of a log as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenHead {
    /// The log.
    pub log: StoredPath,
    /// How many entries it had.
    pub entries: usize,
    /// The hash of the last of them.
    pub last_hash: Digest,
    /// When that was seen.
    pub seen_at: Instant,
    /// The hash of its first entry; version 0.1 did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Digest>,
    /// Log or ledger.
    #[serde(default)]
    pub kind: ChainKind,
    /// Whether a person accepted it as it is, although the chain is still at another place and has
    /// other entries there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    accepted: bool,
    /// The head that was found instead and has been journalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journalled: Option<(usize, Option<Digest>)>,
}

/// How far a chain is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// Log or ledger.
    pub kind: ChainKind,
    /// The hash of its first entry.
    pub first: Digest,
    /// The place that it belongs to; earlier versions did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<StoredPath>,
    /// A copy elsewhere that this station registered in, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_in: Option<SeenHead>,
    /// How many entries it has.
    pub entries: usize,
    /// The hash of the last.
    pub last_hash: Digest,
    /// When it was seen.
    pub seen_at: Instant,
    /// The bytes that were verified.
    pub prefix: Prefix,
}

/// The part of a file that was verified: whoever finds the same bytes there need not verify them
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefix {
    /// Its length in bytes.
    pub length: u64,
    /// The hash of these bytes.
    pub sha256: Digest,
    /// How many lines they have.
    pub lines: usize,
    /// The latest time that an entry names.
    pub newest: Option<Instant>,
}

/// Entries that were seen and are not there any more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lost {
    /// The first few of them.
    pub first: Vec<SeenEntry>,
    /// How many there are; 0 if they were not remembered one by one.
    pub count: usize,
}

/// A log that does not go on from the head that this station saw of it.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum Rewritten {
    /// Entries are missing at its end.
    #[arg(place = place(seen), kind = seen.kind.word(), had = seen.entries, at = seen.seen_at, lost = named(lost))]
    LogTruncated {
        /// What was seen.
        seen: SeenHead,
        /// How many entries there are now.
        has: usize,
        /// The missing entries.
        lost: Lost,
    },
    /// The whole file is gone.
    #[arg(place = place(seen), kind = seen.kind.word(), had = seen.entries, at = seen.seen_at, lost = named(lost))]
    LogGone {
        /// What was seen.
        seen: SeenHead,
        /// The missing entries.
        lost: Lost,
    },
    /// It has another history.
    #[arg(place = place(seen), kind = seen.kind.word(), at = seen.seen_at, lost = named(lost))]
    LogForked {
        /// What was seen.
        seen: SeenHead,
        /// How many entries there are now.
        has: usize,
        /// The first entry that differs, as far as that is known.
        position: usize,
        /// The hash that is there now.
        found: Option<Digest>,
        /// Whether it is someone else's log, which this station neither restores nor accepts.
        is_of_others: bool,
        /// The missing entries.
        lost: Lost,
    },
}

/// Its place, to begin a message; a log from elsewhere has none of interest.
fn place(seen: &SeenHead) -> String {
    match seen.log.as_os_str().is_empty() {
        true => String::new(),
        false => format!("{}: ", seen.log.display()),
    }
}

/// The missing entries; `None` if they are not known.
fn named(lost: &Lost) -> Value {
    if lost.count == 0 {
        return Value::None;
    }
    let names = lost.first.iter().map(|name| Words::text(name.to_string()));
    let more = lost.count.saturating_sub(lost.first.len());
    list::with_more(list::row(names), more).into()
}

impl Rewritten {
    /// What was seen of the log.
    pub fn seen(&self) -> &SeenHead {
        match self {
            Self::LogTruncated { seen, .. } | Self::LogGone { seen, .. } => seen,
            Self::LogForked { seen, .. } => seen,
        }
    }

    /// How many entries there are now.
    pub fn has(&self) -> usize {
        match self {
            Self::LogTruncated { has, .. } | Self::LogForked { has, .. } => *has,
            Self::LogGone { .. } => 0,
        }
    }

    /// The missing entries.
    pub fn lost(&self) -> &Lost {
        match self {
            Self::LogTruncated { lost, .. } | Self::LogGone { lost, .. } => lost,
            Self::LogForked { lost, .. } => lost,
        }
    }

    /// Whether it only has fewer entries than were seen.
    pub fn is_prefix(&self) -> bool {
        matches!(self, Self::LogTruncated { .. })
    }

    /// The first entry that is missing, from 1.
    fn lost_from(&self) -> usize {
        match self {
            Self::LogTruncated { has, .. } => has + 1,
            Self::LogGone { .. } => 1,
            Self::LogForked { position, .. } => *position,
        }
    }

    fn found(&self) -> (usize, Option<Digest>) {
        let hash = match self {
            Self::LogForked { found, .. } => *found,
            _ => None,
        };
        (self.has(), hash)
    }
}

/// Why what was seen of a log is not known.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum LogMemoryError {
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// Other users can write it.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// It is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: Words,
    },
    /// The log is broken, and so cannot be accepted.
    Broken {
        /// The log.
        path: PathBuf,
        /// The first thing wrong.
        broken: Words,
    },
}

/// What this station has seen of logs.
#[derive(Debug, Clone)]
pub struct LogMemory {
    directory: PathBuf,
    now: fn() -> Instant,
    is_foreign: bool,
    is_registering: bool,
}

impl LogMemory {
    /// The memory in a directory, which is made when something is to be remembered.
    pub fn at(directory: &Path, now: fn() -> Instant) -> Self {
        Self { directory: directory.to_owned(), now, is_foreign: false, is_registering: false }
    }

    /// The same memory for other people's logs, in packs, reviews and imports: their places are
    /// ignored, fewer entries than were seen are an older copy, and nothing is remembered of them.
    #[must_use]
    pub fn of_others(&self) -> Self {
        Self { is_foreign: true, ..self.clone() }
    }

    /// The same memory for a log that this station has just registered in.
    #[must_use]
    pub fn registering(&self) -> Self {
        Self { is_registering: true, ..self.clone() }
    }

    /// The time by its clock.
    pub fn now(&self) -> Instant {
        (self.now)()
    }

    /// Whether it is for other people's logs.
    pub fn is_of_others(&self) -> bool {
        self.is_foreign
    }

    /// The head that was seen at a path; `None` if none was.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn seen(&self, log: &Path) -> Result<Option<SeenHead>, LogMemoryError> {
        self.read_json(&self.place_file(&real(log)), MAX_BYTES)
    }

    /// How far a chain is known by its first entry.
    pub fn chain(&self, first: Digest) -> Result<Option<ChainHead>, LogMemoryError> {
        self.read_json(&self.head_file(first), MAX_BYTES)
    }

    fn read_json<T: for<'de> Deserialize<'de>>(
        &self,
        path: &Path,
        limit: u64,
    ) -> Result<Option<T>, LogMemoryError> {
        ownership::check(path)?;
        let bytes = match reading::read(path, &self.directory, limit) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let read = serde_json::from_slice(&bytes);
        read.map(Some).map_err(|error| LogMemoryError::Damaged {
            path: path.to_owned(),
            why: Words::text(error.to_string()),
        })
    }

    /// Compares a log with what was seen of it while it is read.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub(crate) fn follow(
        &self,
        log: &Path,
        kind: ChainKind,
    ) -> Result<Follower<'_>, LogMemoryError> {
        Follower::new(self, log, kind)
    }

    /// The message about a missing log; `None` if none was seen there.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub fn gone(&self, log: &Path) -> Result<Option<Rewritten>, LogMemoryError> {
        if self.is_foreign {
            return Ok(None);
        }
        let Some(seen) = self.seen(log)? else { return Ok(None) };
        let lost = self.lost_of(&seen, 1)?;
        Ok(Some(Rewritten::LogGone { seen, lost }))
    }

    /// The first of the entries that were seen from a position on, and how many there are.
    fn lost_of(&self, seen: &SeenHead, from: usize) -> Result<Lost, LogMemoryError> {
        let Some(first) = seen.first else { return Ok(Lost::default()) };
        let known = self.chain(first)?.map_or(0, |head| head.entries);
        let first = self.entries(first, from, NAMED)?;
        Ok(Lost { first, count: (known + 1).saturating_sub(from) })
    }

    /// Every entry that a finding misses.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub fn lost(&self, rewritten: &Rewritten) -> Result<Vec<SeenEntry>, LogMemoryError> {
        match rewritten.seen().first {
            Some(first) => self.entries(first, rewritten.lost_from(), usize::MAX),
            None => Ok(Vec::new()),
        }
    }

    /// Whether a run, by its key, was seen registered among the first entries of a chain; its id
    /// there.
    pub fn registered(
        &self,
        head: &ChainHead,
        key: Digest,
    ) -> Result<Option<String>, LogMemoryError> {
        let mut found = None;
        entries::scan(&self.entries_file(head.first), 1, head.entries, |entry| {
            if entry.key == key {
                found = Some(entry.entry_id);
            }
            found.is_none()
        })?;
        Ok(found)
    }

    fn entries(
        &self,
        first: Digest,
        from: usize,
        limit: usize,
    ) -> Result<Vec<SeenEntry>, LogMemoryError> {
        let known = self.chain(first)?.map_or(0, |head| head.entries);
        let mut found = Vec::new();
        if limit > 0 && from <= known {
            entries::scan(&self.entries_file(first), from, known, |entry| {
                found.push(entry);
                found.len() < limit
            })?;
        }
        Ok(found)
    }

    /// Forgets the log at a path, after a person accepted that it is missing. Returns what was
    /// seen. A chain that belongs to another place is still remembered.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn forget(&self, log: &Path) -> Result<Option<SeenHead>, LogMemoryError> {
        if !self.directory.exists() {
            return Ok(None);
        }
        let _lock = self.lock()?;
        let path = self.place_file(&real(log));
        // One that is damaged is what is accepted as well.
        let seen = self.seen(log).unwrap_or_default();
        // The chain as well: what begins at this place again is another log.
        if let Some(first) = seen.as_ref().and_then(|seen| seen.first) {
            self.forget_chain(first, &real(log))?;
        }
        remove(path)?;
        Ok(seen)
    }

    /// Forgets a chain, unless it belongs to another place; then only that this station registered
    /// in a copy of it at this one.
    fn forget_chain(&self, first: Digest, place: &Path) -> Result<(), LogMemoryError> {
        let is_here = |path: &StoredPath| **path == *place;
        let head = match self.chain(first) {
            Ok(Some(head)) => head,
            Ok(None) => return Ok(()),
            // One that is damaged is accepted as well.
            Err(_) => return remove(self.head_file(first)),
        };
        if head.place.as_ref().is_none_or(is_here) {
            return remove(self.head_file(first));
        }
        match &head.registered_in {
            Some(copy) if is_here(&copy.log) => {
                self.write_json(&self.head_file(first), &ChainHead { registered_in: None, ..head })
            }
            _ => Ok(()),
        }
    }

    /// Whether a log was found rewritten, as far as that was journalled, and not accepted since.
    pub fn is_in_doubt(&self, log: &Path) -> bool {
        !self.is_foreign
            && matches!(self.seen(log), Ok(Some(SeenHead { journalled: Some(_), .. })) | Err(_))
    }

    /// Whether this finding is new, and so is to be journalled; asked again, it no longer is.
    ///
    /// # Errors
    /// If that cannot be remembered.
    pub fn is_news(&self, rewritten: &Rewritten) -> Result<bool, LogMemoryError> {
        let _lock = self.lock()?;
        let seen = self.seen(&rewritten.seen().log)?;
        // A directory that was renamed has nothing at its new path yet.
        let seen = seen.unwrap_or_else(|| rewritten.seen().clone());
        if seen.journalled == Some(rewritten.found()) {
            return Ok(false);
        }
        self.write_place(&SeenHead { journalled: Some(rewritten.found()), ..seen })?;
        Ok(true)
    }

    /// Something else that is remembered under a name of its own; `None` if nothing is.
    pub(crate) fn read_named<T: for<'de> Deserialize<'de>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, LogMemoryError> {
        self.read_json(&self.directory.join(name), MAX_BYTES)
    }

    /// What is remembered under a name is about something else.
    pub(crate) fn damaged(&self, name: &str) -> LogMemoryError {
        let why = words!("log-memory-other-subject");
        LogMemoryError::Damaged { path: self.directory.join(name), why }
    }

    /// Remembers it. The memory is locked.
    pub(crate) fn write_named(
        &self,
        name: &str,
        value: &impl Serialize,
    ) -> Result<(), LogMemoryError> {
        self.write_json(&self.directory.join(name), value)
    }

    pub(crate) fn lock(&self) -> Result<safe_write::DirectoryLock, LogMemoryError> {
        make_private_directory(&self.directory)
            .map_err(|source| WriteError::Io { path: self.directory.clone(), source })?;
        ownership::check(&self.directory)?;
        Ok(safe_write::lock(&self.directory)?)
    }

    fn write_place(&self, seen: &SeenHead) -> Result<(), LogMemoryError> {
        self.write_json(&self.place_file(&seen.log), seen)
    }

    fn write_json(&self, path: &Path, value: &impl Serialize) -> Result<(), LogMemoryError> {
        let failed = |error: serde_json::Error| LogMemoryError::Damaged {
            path: path.to_owned(),
            why: Words::text(error.to_string()),
        };
        let text = serde_json::to_string_pretty(value).map_err(failed)? + "\n";
        Ok(safe_write::replace(path, text.as_bytes(), Access::Private)?)
    }

    fn place_file(&self, log: &Path) -> PathBuf {
        self.directory.join(format!("{}.json", short_name(log)))
    }

    fn head_file(&self, first: Digest) -> PathBuf {
        self.directory.join(format!("{}.head", first.hex()))
    }

    fn entries_file(&self, first: Digest) -> PathBuf {
        self.directory.join(format!("{}.entries", first.hex()))
    }
}

/// Removes a file that may not be there.
fn remove(path: PathBuf) -> Result<(), LogMemoryError> {
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(WriteError::Io { path, source }.into())
        }
        _ => Ok(()),
    }
}

fn short_name(path: &Path) -> String {
    Digest::of(path.as_os_str().as_encoded_bytes()).hex()[..16].to_owned()
}

/// A log is one log by whatever path it is reached.
fn real(log: &Path) -> PathBuf {
    let directory = directory_of(log);
    let directory = directory.canonicalize().or_else(|_| std::path::absolute(directory));
    match (directory, log.file_name()) {
        (Ok(directory), Some(name)) => directory.join(name),
        _ => log.to_owned(),
    }
}

/// A head as a chain has it now.
fn head_of(log: PathBuf, kind: ChainKind, summary: &Summary, seen_at: Instant) -> Option<SeenHead> {
    Some(SeenHead {
        log: log.into(),
        entries: summary.entries,
        last_hash: summary.last?,
        seen_at,
        first: summary.first,
        kind,
        accepted: false,
        journalled: None,
    })
}
