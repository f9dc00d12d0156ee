//! The transparency log: which run was sealed, with which hash, in which order.

use std::collections::HashMap;

use compact_str::CompactString;

use crate::canonical;
use crate::chain::{Chain, ENTRY_HASH, Entry, Line, Links};
use crate::digest::{Digest, short};
use crate::instant::Instant;
use crate::json::{Object, Value};

/// A transparency log, read for look-ups by commit hash.
#[derive(Debug, Clone, Default)]
pub struct TransparencyLog {
    by_commit: HashMap<CompactString, Vec<Registration>>,
    /// How many entries there are.
    pub len: usize,
    /// The hash that each entry records, in their order.
    hashes: Vec<Digest>,
    /// The first thing that breaks the chain; `None` where the whole chain holds.
    pub broken: Option<String>,
}

/// One entry: a run stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Line in the file, from 1.
    pub line: usize,
    /// Which entry it is, from 1.
    pub position: usize,
    /// `TLE-` and 8 hex digits.
    pub entry_id: CompactString,
    /// The content hash that was registered.
    pub sealed_hash: CompactString,
    /// Whether the entry's own hash holds.
    pub hash_holds: bool,
    /// When it was registered, as the entry says.
    pub observed_at: Option<Instant>,
}

impl From<Chain> for TransparencyLog {
    fn from(chain: Chain) -> Self {
        let mut log = Self { broken: chain.broken, ..Self::default() };
        chain.entries.into_iter().for_each(|entry| log.add(entry));
        log
    }
}

impl TransparencyLog {
    /// Reads a log line by line, and keeps of each only what look-ups need.
    pub fn read(lines: impl IntoIterator<Item = Line>) -> Self {
        let (mut log, mut links) = (Self::default(), Links::default());
        for line in lines {
            if let Some(entry) = links.next(line) {
                log.add(entry);
            }
        }
        log.broken = links.broken;
        log
    }

    /// The log with one more entry, sealed to follow its last.
    #[must_use]
    pub fn with(mut self, entry: Object) -> Self {
        let line = self.len + 1;
        self.add(Entry { line, object: entry, hash_holds: true });
        self
    }

    fn add(&mut self, entry: Entry) {
        let text = |key| CompactString::new(entry.object.text(key).unwrap_or(""));
        self.len += 1;
        let recorded = text(ENTRY_HASH);
        // What is no hash at all is still told from what stood there before.
        self.hashes
            .push(Digest::parse(&recorded).unwrap_or_else(|| Digest::of(recorded.as_bytes())));
        self.by_commit.entry(text("commit_hash")).or_default().push(Registration {
            line: entry.line,
            position: self.len,
            entry_id: text("entry_id"),
            sealed_hash: text("artifact_bytes_sha256"),
            hash_holds: entry.hash_holds,
            observed_at: entry.object.text("observed_at").and_then(Instant::parse),
        });
    }

    /// The hash of the entry at a position, from 1.
    pub fn hash_at(&self, position: usize) -> Option<Digest> {
        self.hashes.get(position.checked_sub(1)?).copied()
    }

    /// The hash of the last entry.
    pub fn head_hash(&self) -> Option<Digest> {
        self.hashes.last().copied()
    }

    /// The entry for a run: the one with its commit hash and its content hash, else the first with
    /// its commit hash.
    pub fn find(&self, commit_hash: &str, sealed_hash: &str) -> Option<&Registration> {
        let found = self.by_commit.get(commit_hash)?;
        found.iter().find(|entry| entry.sealed_hash == sealed_hash).or_else(|| found.first())
    }
}

/// What an entry registers.
#[derive(Debug, Clone, Copy)]
pub struct NewRegistration<'a> {
    /// The run's id.
    pub run_id: &'a str,
    /// The run's commit hash.
    pub commit_hash: &'a str,
    /// The run's content hash.
    pub sealed_hash: &'a str,
    /// The run's file name.
    pub artifact_path: &'a str,
    /// The key that signed first, if any.
    pub signing_key_id: Option<&'a str>,
    /// The key that witnessed, if any.
    pub witness_key_id: Option<&'a str>,
    /// When it is registered.
    pub observed_at: Instant,
}

/// The id of the entry for a run: `TLE-` and 8 hex digits.
pub fn entry_id(run_id: &str, commit_hash: &str, sealed_hash: &str) -> String {
    let identity = Object::from([
        ("run_id", run_id),
        ("commit_hash", commit_hash),
        ("sealed_hash", sealed_hash),
    ]);
    let identity = canonical::digest(&Value::Object(identity)).to_string();
    format!("TLE-{}", short(&identity).unwrap_or_default())
}

/// The entry that follows the last of a chain.
pub fn entry(chain: &Chain, new: NewRegistration<'_>) -> Object {
    chain.seal(Object::from([
        ("entry_version", Value::from("1.0")),
        ("entry_id", entry_id(new.run_id, new.commit_hash, new.sealed_hash).into()),
        ("run_id", new.run_id.into()),
        ("commit_hash", new.commit_hash.into()),
        ("artifact_bytes_sha256", new.sealed_hash.into()),
        ("artifact_path", new.artifact_path.into()),
        ("signing_key_id", new.signing_key_id.into()),
        ("witness_key_id", new.witness_key_id.into()),
        ("observed_at", new.observed_at.to_string().into()),
    ]))
}
