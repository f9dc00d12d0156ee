//! The last head that this station saw of each transparency log. A hash chain shows what was changed
//! in it, and not what was cut off its end or written anew from somewhere on; whoever remembers its
//! head sees that too.
//!
//! One small file a log, in a directory of the station's own, outside the sealed runs.

use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::transparency_log::TransparencyLog;
use serde::{Deserialize, Serialize};

use crate::ownership::{self, OwnershipError, make_private_directory};
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

/// The directory with what is remembered, beside the journal.
pub const DIRECTORY_NAME: &str = "log-heads";

/// The longest file that is read here, in bytes.
const MAX_BYTES: u64 = 1 << 16;

/// The head of a log as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenHead {
    /// The log.
    pub log: PathBuf,
    /// How many entries it had.
    pub entries: usize,
    /// The hash of the last of them.
    pub last_hash: Digest,
    /// When that was seen.
    pub seen_at: Instant,
    /// The head that was found instead and has been journalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journalled: Option<(usize, Option<Digest>)>,
}

/// A log that does not go on from the head that this station saw of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Rewritten {
    /// Entries are missing at its end.
    #[error(
        "{}: the log was truncated: it had {} on {}, and has {has}; find out who cut it and put the whole log back, or accept it as it is (countersign log accept)",
        seen.log.display(), entries(seen.entries), seen.seen_at
    )]
    LogTruncated {
        /// What was seen.
        seen: SeenHead,
        /// How many entries there are now.
        has: usize,
    },
    /// The whole file is gone.
    #[error(
        "{}: the log is gone: it had {} on {}; find out who removed it and put it back, or accept that (countersign log accept)",
        seen.log.display(), entries(seen.entries), seen.seen_at
    )]
    LogGone {
        /// What was seen.
        seen: SeenHead,
    },
    /// It has another history.
    #[error(
        "{}: the log was forked: entry {} is not the one seen on {}, so that its history is another; find out which one is right and put that back, or accept this one (countersign log accept)",
        seen.log.display(), seen.entries, seen.seen_at
    )]
    LogForked {
        /// What was seen.
        seen: SeenHead,
        /// How many entries there are now.
        has: usize,
        /// What stands at the position of the last entry that was seen.
        found: Digest,
    },
}

fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

impl Rewritten {
    /// What was seen of the log.
    pub fn seen(&self) -> &SeenHead {
        match self {
            Self::LogTruncated { seen, .. } | Self::LogGone { seen } => seen,
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

    fn found(&self) -> (usize, Option<Digest>) {
        let hash = match self {
            Self::LogForked { found, .. } => Some(*found),
            _ => None,
        };
        (self.has(), hash)
    }
}

/// Why what was seen of a log is not known.
#[derive(Debug, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum LogMemoryError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Other users can write it.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// It is damaged.
    #[error("{}: what was seen of the log cannot be read ({why}); a cut or a fork goes unnoticed until the file is moved aside", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// What this station has seen of logs.
#[derive(Debug, Clone)]
pub struct LogMemory {
    directory: PathBuf,
    now: fn() -> Instant,
}

impl LogMemory {
    /// The memory in a directory, which is made when something is to be remembered.
    pub fn at(directory: &Path, now: fn() -> Instant) -> Self {
        Self { directory: directory.to_owned(), now }
    }

    /// What was seen of a log; none where it never was.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub fn seen(&self, log: &Path) -> Result<Option<SeenHead>, LogMemoryError> {
        let path = self.file(&real(log));
        ownership::check(&path)?;
        let bytes = match reading::read(&path, &self.directory, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let seen = serde_json::from_slice(&bytes);
        seen.map(Some).map_err(|error| LogMemoryError::Damaged { path, why: error.to_string() })
    }

    /// Whether a log goes on from what was seen of it; `None` stands for a log that is not there.
    /// One that has grown, and whose chain holds, is remembered as it is now.
    ///
    /// # Errors
    /// Where what was seen cannot be read or written.
    pub fn look(
        &self,
        log: &Path,
        found: Option<&TransparencyLog>,
    ) -> Result<Option<Rewritten>, LogMemoryError> {
        let seen = self.seen(log)?;
        if let Some(rewritten) = seen.clone().and_then(|seen| compare(seen, found)) {
            return Ok(Some(rewritten));
        }
        let has_grown = |found: &TransparencyLog| {
            found.broken.is_none() && found.len > seen.as_ref().map_or(0, |seen| seen.entries)
        };
        match found.filter(|found| has_grown(found)) {
            None => Ok(None),
            Some(found) => self.remember(log, found),
        }
    }

    /// Remembers a log that has grown. Another process may have seen more of it meanwhile.
    fn remember(
        &self,
        log: &Path,
        found: &TransparencyLog,
    ) -> Result<Option<Rewritten>, LogMemoryError> {
        let _lock = self.lock()?;
        if let Some(seen) = self.seen(log)? {
            if seen.entries >= found.len {
                // This process read the log before the other did: nothing is wrong with it.
                return Ok(None);
            }
            if let Some(rewritten) = compare(seen, Some(found)) {
                return Ok(Some(rewritten));
            }
        }
        if let Some(last_hash) = found.head_hash() {
            self.write(&SeenHead {
                log: real(log),
                entries: found.len,
                last_hash,
                seen_at: (self.now)(),
                journalled: None,
            })?;
        }
        Ok(None)
    }

    /// Takes a log as it is, whatever was seen of it before. Gives what was seen.
    ///
    /// # Errors
    /// Where that cannot be read or written.
    pub fn accept(
        &self,
        log: &Path,
        found: Option<&TransparencyLog>,
    ) -> Result<Option<SeenHead>, LogMemoryError> {
        if found.is_none() && !self.directory.exists() {
            return Ok(None);
        }
        let _lock = self.lock()?;
        let path = self.file(&real(log));
        // One that is damaged is what is accepted as well.
        let seen = self.seen(log).unwrap_or_default();
        match found.and_then(|found| Some((found, found.head_hash()?))) {
            Some((found, last_hash)) => self.write(&SeenHead {
                log: real(log),
                entries: found.len,
                last_hash,
                seen_at: (self.now)(),
                journalled: None,
            })?,
            None => match std::fs::remove_file(&path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(WriteError::Io { path, source }.into());
                }
                _ => {}
            },
        }
        Ok(seen)
    }

    /// Whether a log was found rewritten, as far as that was journalled, and not accepted since.
    pub fn is_in_doubt(&self, log: &Path) -> bool {
        matches!(self.seen(log), Ok(Some(SeenHead { journalled: Some(_), .. })))
    }

    /// Whether this finding is new, and so is to be journalled; asked again, it no longer is.
    ///
    /// # Errors
    /// Where that cannot be remembered.
    pub fn is_news(&self, rewritten: &Rewritten) -> Result<bool, LogMemoryError> {
        let log = &rewritten.seen().log;
        let _lock = self.lock()?;
        match self.seen(log)? {
            Some(seen) if seen.journalled != Some(rewritten.found()) => {
                self.write(&SeenHead { journalled: Some(rewritten.found()), ..seen })?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn lock(&self) -> Result<safe_write::DirectoryLock, WriteError> {
        make_private_directory(&self.directory)
            .map_err(|source| WriteError::Io { path: self.directory.clone(), source })?;
        safe_write::lock(&self.directory)
    }

    fn write(&self, seen: &SeenHead) -> Result<(), LogMemoryError> {
        let path = self.file(&seen.log);
        let failed = |error: serde_json::Error| LogMemoryError::Damaged {
            path: path.clone(),
            why: error.to_string(),
        };
        let text = serde_json::to_string_pretty(seen).map_err(failed)? + "\n";
        Ok(safe_write::replace(&path, text.as_bytes(), Access::Private)?)
    }

    fn file(&self, log: &Path) -> PathBuf {
        let name = Digest::of(log.as_os_str().as_encoded_bytes()).hex();
        self.directory.join(format!("{}.json", &name[..16]))
    }
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

fn compare(seen: SeenHead, found: Option<&TransparencyLog>) -> Option<Rewritten> {
    let Some(log) = found else { return Some(Rewritten::LogGone { seen }) };
    match log.hash_at(seen.entries) {
        None => Some(Rewritten::LogTruncated { has: log.len, seen }),
        Some(hash) if hash == seen.last_hash => None,
        Some(found) => Some(Rewritten::LogForked { has: log.len, found, seen }),
    }
}

#[cfg(test)]
mod tests {
    use countersign_envelope::chain::{Line, Links};
    use countersign_envelope::json::{Object, Value};
    use proptest::prelude::*;

    use super::*;

    fn log(texts: &[u8]) -> TransparencyLog {
        let mut links = Links::default();
        let lines = texts.iter().map(|text| {
            let entry = links.seal(Object::from([("text", u64::from(*text))]));
            links.next(Line::Entry(entry.clone(), true));
            Line::parse(Value::Object(entry).to_line().as_bytes())
        });
        TransparencyLog::read(lines.collect::<Vec<_>>())
    }

    fn now() -> Instant {
        Instant::EPOCH
    }

    proptest! {
        // Only growth is growth, and what was seen stays seen until it is accepted.
        #[test]
        fn growing_is_taken_and_nothing_else(before in proptest::collection::vec(0..3_u8, 1..6), after in proptest::collection::vec(0..3_u8, 0..8)) {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("log.ndjson");
            let memory = LogMemory::at(&directory.path().join("heads"), now);
            prop_assert_eq!(memory.look(&path, Some(&log(&before))).unwrap(), None);
            let found = memory.look(&path, Some(&log(&after))).unwrap();
            prop_assert_eq!(found.is_none(), after.starts_with(&before), "{:?}", found);
            match &found {
                Some(Rewritten::LogTruncated { has, .. }) => prop_assert!(*has == after.len() && *has < before.len()),
                Some(Rewritten::LogForked { has, .. }) => prop_assert!(*has >= before.len()),
                other => prop_assert_eq!(other, &None),
            }
            if let Some(found) = found {
                prop_assert_eq!(memory.look(&path, Some(&log(&after))).unwrap(), Some(found.clone()));
                prop_assert!(memory.is_news(&found).unwrap());
                prop_assert!(!memory.is_news(&found).unwrap());
                memory.accept(&path, Some(&log(&after))).unwrap();
            }
            prop_assert_eq!(memory.look(&path, Some(&log(&after))).unwrap(), None);
        }
    }

    #[test]
    fn a_log_that_is_gone_is_missed_until_that_is_accepted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log.ndjson");
        let memory = LogMemory::at(&directory.path().join("heads"), now);
        assert_eq!(memory.look(&path, None).unwrap(), None);
        memory.look(&path, Some(&log(&[1, 2]))).unwrap();
        let gone = memory.look(&path, None).unwrap().unwrap();
        assert!(gone.to_string().contains("it had 2 entries"), "{gone}");
        memory.accept(&path, None).unwrap();
        assert_eq!(memory.look(&path, None).unwrap(), None);
    }
}
