//! The transparency log: which run was sealed, with which hash, in which order.

use compact_str::CompactString;
use countersign_problem::Words;

use crate::canonical;
use crate::chain::{self, Chain, Entry, EntryHashes, Line, Summary};
use crate::digest::{Digest, short};
use crate::instant::Instant;
use crate::json::{Object, Value};

/// The longest entry id that is kept, in characters: `TLE-` and 8 hex digits have 12.
const MAX_ID: usize = 24;

/// A transparency log, read for look-ups by commit hash. Of each entry only a small record of fixed
/// size is kept.
#[derive(Debug, Clone, Default)]
pub struct TransparencyLog {
    /// By commit hash, then position.
    registrations: Vec<Registration>,
    /// The hash of every entry.
    pub hashes: EntryHashes,
    /// How many entries there are, whether the chain holds, and what should be known of it.
    pub summary: Summary,
}

/// One entry: a run stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    commit: Digest,
    sealed: Digest,
    /// Which entry it is, from 1.
    pub position: usize,
    /// `TLE-` and 8 hex digits.
    pub entry_id: CompactString,
    /// Whether the entry's own hash holds.
    pub hash_holds: bool,
    /// When it was registered, as the entry says.
    pub observed_at: Option<Instant>,
}

impl Registration {
    /// What an entry registers; `None` if it names no commit hash.
    pub fn of(position: usize, entry: &Entry) -> Option<Self> {
        let text = |key| entry.object.text(key).unwrap_or("");
        let commit = Some(text("commit_hash")).filter(|commit| !commit.is_empty())?;
        Some(Self {
            commit: Digest::of_name(commit),
            sealed: Digest::of_name(text("artifact_bytes_sha256")),
            position,
            entry_id: text("entry_id").chars().take(MAX_ID).collect(),
            hash_holds: entry.hash_holds,
            observed_at: entry.object.text("observed_at").and_then(Instant::parse),
        })
    }

    /// Whether it registers this very content.
    pub fn has_content(&self, sealed_hash: &str) -> bool {
        !sealed_hash.is_empty() && self.sealed == Digest::of_name(sealed_hash)
    }

    /// Identifies what is registered: commit hash and content hash in one.
    pub fn key(&self) -> Digest {
        Digest::of_parts(&[self.commit.as_bytes(), self.sealed.as_bytes()])
    }

    /// The key under which a run is registered.
    pub fn key_of(commit_hash: &str, sealed_hash: &str) -> Digest {
        let (commit, sealed) = (Digest::of_name(commit_hash), Digest::of_name(sealed_hash));
        Digest::of_parts(&[commit.as_bytes(), sealed.as_bytes()])
    }
}

impl TransparencyLog {
    /// Reads a log line by line, up to the first line that breaks its chain.
    pub fn read(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut log = Self::default();
        let summary = chain::read(lines, |position, entry| log.add(position, &entry));
        log.complete(summary)
    }

    /// Adds an entry while a log is read; [`Self::complete`] ends the reading.
    pub fn add(&mut self, position: usize, entry: &Entry) {
        self.registrations.extend(Registration::of(position, entry));
        self.hashes.add(entry);
    }

    /// The log whose entries were added, as a whole.
    #[must_use]
    pub fn complete(mut self, summary: Summary) -> Self {
        self.registrations.sort_unstable_by_key(|one| (one.commit, one.position));
        self.registrations.shrink_to_fit();
        self.hashes.shrink_to_fit();
        self.summary = summary;
        self
    }

    /// The first thing that breaks the chain; `None` if the whole chain holds.
    pub fn broken(&self) -> Option<&Words> {
        self.summary.broken.as_ref()
    }

    /// The entry for a run: the one with its commit hash and its content hash, else the first with
    /// its commit hash.
    pub fn find(&self, commit_hash: &str, sealed_hash: &str) -> Option<&Registration> {
        if commit_hash.is_empty() {
            return None;
        }
        let commit = Digest::of_name(commit_hash);
        let from = self.registrations.partition_point(|one| one.commit < commit);
        let found = self.registrations[from..].iter().take_while(|one| one.commit == commit);
        found.clone().find(|one| one.has_content(sealed_hash)).or_else(|| found.clone().next())
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
    chain.seal(unsealed(new))
}

/// The entry without its link and its hash, which [`chain::Links::seal`] adds.
pub fn unsealed(new: NewRegistration<'_>) -> Object {
    Object::from([
        ("entry_version", Value::from("1.0")),
        ("entry_id", entry_id(new.run_id, new.commit_hash, new.sealed_hash).into()),
        ("run_id", new.run_id.into()),
        ("commit_hash", new.commit_hash.into()),
        ("artifact_bytes_sha256", new.sealed_hash.into()),
        ("artifact_path", new.artifact_path.into()),
        ("signing_key_id", new.signing_key_id.into()),
        ("witness_key_id", new.witness_key_id.into()),
        ("observed_at", new.observed_at.to_string().into()),
    ])
}
