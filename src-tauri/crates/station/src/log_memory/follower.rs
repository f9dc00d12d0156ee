//! Comparing a log with what was seen of it, entry by entry while it is read, and remembering what
//! is new.

use std::fs::OpenOptions;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use countersign_envelope::chain::{ENTRY_HASH, Entry, Summary};
use countersign_envelope::digest::Digest;
use tempfile::SpooledTempFile;

use super::entries::{RECORD, Records, SeenEntry};
use super::{ChainHead, ChainKind, LogMemory, LogMemoryError, Prefix, Rewritten, SeenHead};
use super::{head_of, real};
use crate::ownership;
use crate::safe_write::WriteError;

/// How much of what is new is kept in memory before it goes to a temporary file, in bytes.
const SPOOL: usize = 1 << 20;

/// What was found of a log.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    /// How it fails to go on from what was seen.
    pub rewritten: Option<Rewritten>,
    /// Why what is new of it could not be remembered.
    pub unremembered: Option<LogMemoryError>,
}

/// A log that is being compared.
pub(crate) struct Follower<'m> {
    memory: &'m LogMemory,
    place: PathBuf,
    kind: ChainKind,
    /// What was seen at its path.
    seen: Option<SeenHead>,
    /// What was seen of its chain, anywhere.
    head: Option<ChainHead>,
    records: Option<Records>,
    /// The first entry that differs from what was seen of the chain.
    fork: Option<(usize, Digest)>,
    /// What stands where the head at this path was.
    at_seen: Option<Digest>,
    /// The records of entries beyond what was seen.
    fresh: SpooledTempFile,
    replaces: bool,
    error: Option<LogMemoryError>,
}

impl<'m> Follower<'m> {
    pub(super) fn new(
        memory: &'m LogMemory,
        log: &Path,
        kind: ChainKind,
    ) -> Result<Self, LogMemoryError> {
        let seen = if memory.is_foreign { None } else { memory.seen(log)? };
        Ok(Self {
            memory,
            place: real(log),
            kind,
            seen,
            head: None,
            records: None,
            fork: None,
            at_seen: None,
            fresh: SpooledTempFile::new(SPOOL),
            replaces: false,
            error: None,
        })
    }

    /// For a log that a person accepts as it is, whatever was seen of it.
    pub(crate) fn accepting(memory: &'m LogMemory, log: &Path, kind: ChainKind) -> Self {
        Self {
            memory,
            place: real(log),
            kind,
            // One that is damaged is what is accepted as well.
            seen: memory.seen(log).unwrap_or_default(),
            head: None,
            records: None,
            fork: None,
            at_seen: None,
            fresh: SpooledTempFile::new(SPOOL),
            replaces: true,
            error: None,
        }
    }

    /// Whether the log is not this station's own.
    pub(crate) fn is_of_others(&self) -> bool {
        self.memory.is_foreign
    }

    /// The chain that stood at this path, if its verified prefix can be passed over.
    pub(crate) fn known(&self) -> Result<Option<ChainHead>, LogMemoryError> {
        match self.seen.as_ref().and_then(|seen| seen.first) {
            Some(first) => self.memory.chain(first),
            None => Ok(None),
        }
    }

    /// Goes on after a verified prefix, which is all that was seen of the chain.
    pub(crate) fn resume(&mut self, head: ChainHead) {
        if self.seen.as_ref().is_some_and(|seen| seen.entries <= head.entries) {
            // These entries are those that were seen: the head at this path is among them.
            self.at_seen = self.seen.as_ref().map(|seen| seen.last_hash);
        }
        self.head = Some(head);
    }

    /// Takes the next entry.
    pub(crate) fn entry(&mut self, position: usize, entry: &Entry) {
        let hash = Digest::of_name(entry.object.text(ENTRY_HASH).unwrap_or(""));
        if position == 1 && !self.replaces {
            self.open(hash);
        }
        if self.seen.as_ref().is_some_and(|seen| seen.entries == position) {
            self.at_seen = Some(hash);
        }
        match self.records.as_mut().map(Records::next) {
            Some(Ok(Some(record))) => {
                if record.hash != hash {
                    self.fork.get_or_insert((position, hash));
                }
                return;
            }
            Some(Err(error)) => {
                let path = self.memory.entries_file(self.head.as_ref().map_or(hash, |it| it.first));
                self.fail(LogMemoryError::Damaged { path, why: error.to_string() });
                self.records = None;
            }
            Some(Ok(None)) | None => {}
        }
        if !self.memory.is_foreign && self.error.is_none() {
            let record = SeenEntry::of(self.kind, position, entry).to_record();
            if let Err(source) = self.fresh.write_all(record.as_bytes()) {
                let path = self.memory.directory.clone();
                self.fail(WriteError::Io { path, source }.into());
            }
        }
    }

    fn open(&mut self, first: Digest) {
        let opened = self.memory.chain(first).and_then(|head| {
            let Some(head) = head else { return Ok(None) };
            let records = Records::open(&self.memory.entries_file(first), 1, head.entries)?;
            Ok(Some((head, records)))
        });
        match opened {
            Ok(Some((head, records))) => {
                self.head = Some(head);
                self.records = Some(records);
            }
            Ok(None) => {}
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: LogMemoryError) {
        self.error.get_or_insert(error);
    }

    /// What is found of the whole log. One that has grown, and whose chain holds, is remembered.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub(crate) fn conclude(
        mut self,
        summary: &Summary,
        prefix: Prefix,
    ) -> Result<Finding, LogMemoryError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if let Some(rewritten) = self.compare(summary)? {
            return Ok(Finding { rewritten: Some(rewritten), unremembered: None });
        }
        if self.memory.is_foreign || summary.broken.is_some() || summary.first.is_none() {
            return Ok(Finding::default());
        }
        Ok(Finding { rewritten: None, unremembered: self.remember(summary, prefix).err() })
    }

    fn compare(&self, summary: &Summary) -> Result<Option<Rewritten>, LogMemoryError> {
        let has = summary.entries;
        // What follows a line that breaks the chain was not read, so that it is not known to be cut.
        let is_whole = summary.broken.is_none();
        let by_chain = self.head.as_ref().map(|head| SeenHead {
            log: self.place.clone().into(),
            entries: head.entries,
            last_hash: head.last_hash,
            seen_at: head.seen_at,
            first: Some(head.first),
            kind: head.kind,
            journalled: None,
        });
        if let (Some(seen), Some((position, found))) = (&by_chain, self.fork) {
            return self.forked(seen, has, position, found).map(Some);
        }
        for seen in by_chain.iter().chain(&self.seen) {
            if is_whole && has < seen.entries {
                let lost = self.memory.lost_of(seen, has + 1)?;
                let seen = seen.clone();
                return Ok(Some(Rewritten::LogTruncated { seen, has, lost }));
            }
        }
        match (&self.seen, self.at_seen) {
            (Some(seen), Some(found)) if found != seen.last_hash => {
                // Where the first entry is another, the whole history is.
                let is_other = seen.first.is_some() && seen.first != summary.first;
                let position = if is_other { 1 } else { seen.entries };
                self.forked(seen, has, position, found).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn forked(
        &self,
        seen: &SeenHead,
        has: usize,
        position: usize,
        found: Digest,
    ) -> Result<Rewritten, LogMemoryError> {
        let lost = self.memory.lost_of(seen, position)?;
        Ok(Rewritten::LogForked { seen: seen.clone(), has, position, found: Some(found), lost })
    }

    /// Remembers what is new. Another process may have done so meanwhile.
    fn remember(&mut self, summary: &Summary, prefix: Prefix) -> Result<(), LogMemoryError> {
        let known = self.head.as_ref().map_or(0, |head| head.entries);
        let is_new_here = self.seen.as_ref().is_none_or(|seen| {
            (seen.entries, seen.first, seen.journalled) != (summary.entries, summary.first, None)
        });
        if summary.entries == known && !is_new_here {
            return Ok(());
        }
        let _lock = self.memory.lock()?;
        if let Some(first) = summary.first {
            let now = self.memory.chain(first)?.map_or(0, |head| head.entries);
            if now != known {
                // It will be compared with what that process saw at the next reading.
                return Ok(());
            }
            if summary.entries > known {
                self.write(first, known, summary, prefix)?;
            }
        }
        self.write_place(summary)
    }

    /// Remembers a log that a person accepted as it is. Gives what was seen before.
    ///
    /// # Errors
    /// If the log is broken, or that cannot be written.
    pub(crate) fn accept(
        mut self,
        summary: &Summary,
        prefix: Prefix,
    ) -> Result<Option<SeenHead>, LogMemoryError> {
        if let Some(broken) = &summary.broken {
            let (path, broken) = (self.place.clone(), broken.clone());
            return Err(LogMemoryError::Broken { path, broken });
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let _lock = self.memory.lock()?;
        if let Some(first) = summary.first {
            self.write(first, 0, summary, prefix)?;
        }
        self.write_place(summary)?;
        Ok(self.seen)
    }

    /// Writes the fresh records after those that are known, and then the head, which makes them
    /// count.
    fn write(
        &mut self,
        first: Digest,
        known: usize,
        summary: &Summary,
        prefix: Prefix,
    ) -> Result<(), LogMemoryError> {
        let path = self.memory.entries_file(first);
        let head_file = self.memory.head_file(first);
        ownership::check(&path)?;
        if known == 0 {
            // The head goes first: without it, records count for nothing.
            match std::fs::remove_file(&head_file) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(WriteError::Io { path: head_file, source }.into());
                }
                _ => {}
            }
        }
        let failed = |source| WriteError::Io { path: path.clone(), source };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        let start = (known * RECORD) as u64;
        // What a writer that was stopped left behind the head does not count.
        file.set_len(start).map_err(failed)?;
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        self.fresh.seek(SeekFrom::Start(0)).map_err(failed)?;
        let copied = io::copy(&mut self.fresh, &mut file).map_err(failed)?;
        file.sync_data().map_err(failed)?;
        let added = ((summary.entries - known) * RECORD) as u64;
        if copied != added {
            let why = format!("{copied} bytes were to be added, not {added}");
            return Err(LogMemoryError::Damaged { path, why });
        }
        let Some(last_hash) = summary.last else { return Ok(()) };
        let seen_at = (self.memory.now)();
        let (kind, entries) = (self.kind, summary.entries);
        let head = ChainHead { kind, first, entries, last_hash, seen_at, prefix };
        self.memory.write_json(&head_file, &head)
    }

    fn write_place(&self, summary: &Summary) -> Result<(), LogMemoryError> {
        let now = (self.memory.now)();
        match head_of(self.place.clone(), self.kind, summary, now) {
            Some(seen) => self.memory.write_place(&seen),
            None => match std::fs::remove_file(self.memory.place_file(&self.place)) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    Err(WriteError::Io { path: self.place.clone(), source }.into())
                }
                _ => Ok(()),
            },
        }
    }
}
