//! Comparing a log with what was seen of it, entry by entry while it is read, and remembering what
//! is new.

use std::fs::OpenOptions;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use countersign_envelope::chain::{ENTRY_HASH, Entry, Summary};
use countersign_envelope::digest::Digest;
use countersign_problem::{Words, words};
use tempfile::SpooledTempFile;

use super::entries::{self, RECORD, Records, SeenEntry};
use super::{ChainHead, ChainKind, LogMemory, LogMemoryError, Lost, Prefix, Rewritten, SeenHead};
use super::{head_of, real, remove};
use crate::chain_lines::first_entry;
use crate::ownership;
use crate::reading::ReadError;
use crate::safe_write::WriteError;

/// How much of what is new is kept in memory before it goes to a temporary file, in bytes.
const SPOOL: usize = 1 << 20;

/// The finding about a log.
#[derive(Debug, Default)]
pub struct Finding {
    /// How it fails to go on from what was seen.
    pub rewritten: Option<Rewritten>,
    /// Why what is new of it could not be remembered.
    pub unremembered: Option<LogMemoryError>,
    /// What holds and yet should be known.
    pub note: Option<Words>,
}

/// The relation of a place to the chain found there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// The chain belongs to it.
    Own,
    /// The place that the chain belonged to is gone, or is not known.
    Successor,
    /// The chain is still at the place that it belongs to.
    Copy,
}

/// A head that was seen, and the current entry at its position.
struct Mark {
    seen: SeenHead,
    found: Option<Digest>,
}

impl From<SeenHead> for Mark {
    fn from(seen: SeenHead) -> Self {
        Self { seen, found: None }
    }
}

/// How a chain has grown beyond what is remembered of it.
struct Growth<'a> {
    /// The hash of its first entry.
    first: Digest,
    /// How many of its entries are remembered.
    known: usize,
    /// The chain as it is now.
    summary: &'a Summary,
    /// The verified prefix of the chain.
    prefix: Prefix,
    /// The copy of the chain that this station registered in.
    registered_in: Option<SeenHead>,
}

/// A log that is being compared.
pub struct Follower<'m> {
    memory: &'m LogMemory,
    place: PathBuf,
    kind: ChainKind,
    /// The head seen at its path.
    seen: Option<Mark>,
    /// The head seen of its chain at the place that it belongs to.
    head: Option<ChainHead>,
    relation: Relation,
    /// A copy that this station registered in and that is gone: this may be that one, renamed.
    registered: Option<Mark>,
    records: Option<Records>,
    /// The first entry that differs from what was seen of the chain.
    fork: Option<(usize, Digest)>,
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
        Ok(Self::with(memory, log, kind, seen, false))
    }

    /// For a log that a person accepts as it is, whatever was seen of it.
    pub fn accepting(memory: &'m LogMemory, log: &Path, kind: ChainKind) -> Self {
        // One that is damaged is what is accepted as well.
        let seen = memory.seen(log).unwrap_or_default();
        Self::with(memory, log, kind, seen, true)
    }

    fn with(
        memory: &'m LogMemory,
        log: &Path,
        kind: ChainKind,
        seen: Option<SeenHead>,
        replaces: bool,
    ) -> Self {
        Self {
            memory,
            // The place of a log from elsewhere is ignored.
            place: if memory.is_foreign { log.to_owned() } else { real(log) },
            kind,
            seen: seen.map(Mark::from),
            head: None,
            relation: Relation::Own,
            registered: None,
            records: None,
            fork: None,
            fresh: SpooledTempFile::new(SPOOL),
            replaces,
            error: None,
        }
    }

    /// Whether the log is not this station's own.
    pub(crate) fn is_of_others(&self) -> bool {
        self.memory.is_foreign
    }

    /// The chain that stood at this path, if its verified prefix can be passed over.
    pub(crate) fn known(&self) -> Result<Option<ChainHead>, LogMemoryError> {
        match self.seen.as_ref().and_then(|mark| mark.seen.first) {
            Some(first) => self.memory.chain(first),
            None => Ok(None),
        }
    }

    /// Goes on after a verified prefix, which is all that was seen of the chain.
    pub(crate) fn resume(&mut self, head: ChainHead) {
        self.relate(&head);
        let (path, entries) = (self.memory.entries_file(head.first), head.entries);
        self.head = Some(head);
        let mut failed = None;
        for mark in self.marks_mut().filter(|mark| (1..=entries).contains(&mark.seen.entries)) {
            // A copy may have had other entries there than the chain has.
            let read = entries::scan(&path, mark.seen.entries, entries, |entry| {
                mark.found = Some(entry.hash);
                false
            });
            failed = failed.or(read.err());
        }
        failed.into_iter().for_each(|error| self.fail(error));
    }

    /// Finds how this place relates to a chain.
    fn relate(&mut self, head: &ChainHead) {
        if self.memory.is_foreign {
            return;
        }
        self.relation = match &head.place {
            Some(place) if **place == *self.place => Relation::Own,
            Some(place) if stands_at(place, head.first) => Relation::Copy,
            _ => Relation::Successor,
        };
        if self.relation != Relation::Own {
            let copy = head.registered_in.clone();
            let is_gone =
                |copy: &SeenHead| *copy.log != *self.place && !stands_at(&copy.log, head.first);
            self.registered = copy.filter(is_gone).map(|copy| {
                SeenHead { log: self.place.clone().into(), journalled: None, ..copy }.into()
            });
        }
    }

    fn is_accepted_copy(&self) -> bool {
        self.relation == Relation::Copy && self.seen.as_ref().is_some_and(|mark| mark.seen.accepted)
    }

    fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.seen.iter().chain(&self.registered)
    }

    fn marks_mut(&mut self) -> impl Iterator<Item = &mut Mark> {
        self.seen.iter_mut().chain(&mut self.registered)
    }

    /// Processes the next entry.
    pub fn entry(&mut self, position: usize, entry: &Entry) {
        let hash = Digest::of_name(entry.object.text(ENTRY_HASH).unwrap_or(""));
        if position == 1 && !self.replaces {
            self.open(hash);
        }
        for mark in self.marks_mut().filter(|mark| mark.seen.entries == position) {
            mark.found = Some(hash);
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
                self.fail(LogMemoryError::Damaged { path, why: Words::text(error.to_string()) });
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
                self.relate(&head);
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

    /// The finding about the whole log. A log that has grown, and whose chain holds, is remembered.
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
            return Ok(Finding { rewritten: Some(rewritten), ..Finding::default() });
        }
        if self.memory.is_foreign || summary.broken.is_some() || summary.first.is_none() {
            return Ok(Finding::default());
        }
        let note = self.note(summary);
        Ok(Finding { rewritten: None, unremembered: self.remember(summary, prefix).err(), note })
    }

    /// The note about a copy with entries that were not seen at the chain's place.
    fn note(&self, summary: &Summary) -> Option<Words> {
        let head = self.head.as_ref().filter(|_| self.relation == Relation::Copy)?;
        let place = head.place.as_ref()?.display();
        let more = summary.entries.checked_sub(head.entries).filter(|more| *more > 0)?;
        Some(words!("log-copy-longer", kind = self.kind.word(), %place, count = more))
    }

    fn compare(&self, summary: &Summary) -> Result<Option<Rewritten>, LogMemoryError> {
        let has = summary.entries;
        // Lines after a broken one were not read, so the log is not known to be cut.
        let is_whole = summary.broken.is_none();
        let by_chain = self.head.as_ref().map(|head| SeenHead {
            log: self.place.clone().into(),
            entries: head.entries,
            last_hash: head.last_hash,
            seen_at: head.seen_at,
            first: Some(head.first),
            kind: head.kind,
            accepted: false,
            journalled: None,
        });
        // At this path a person accepted other entries than those of the chain.
        let by_chain = by_chain.filter(|_| !self.is_accepted_copy());
        if let (Some(seen), Some((position, found))) = (&by_chain, self.fork) {
            return self.forked(seen, has, position, found).map(Some);
        }
        for seen in by_chain.iter().chain(self.marks().map(|mark| &mark.seen)) {
            if is_whole && has < seen.entries {
                let lost = self.memory.lost_of(seen, has + 1)?;
                let seen = seen.clone();
                return Ok(Some(Rewritten::LogTruncated { seen, has, lost }));
            }
        }
        for Mark { seen, found } in self.marks() {
            let Some(found) = found.filter(|found| *found != seen.last_hash) else { continue };
            // If the first entry differs, the whole history does.
            let is_other = seen.first.is_some() && seen.first != summary.first;
            let position = if is_other { 1 } else { seen.entries };
            return self.forked(seen, has, position, found).map(Some);
        }
        Ok(None)
    }

    fn forked(
        &self,
        seen: &SeenHead,
        has: usize,
        position: usize,
        found: Digest,
    ) -> Result<Rewritten, LogMemoryError> {
        let is_of_others = self.memory.is_foreign;
        // Entries missing from someone else's log are not missing here.
        let lost = match is_of_others {
            true => Lost::default(),
            false => self.memory.lost_of(seen, position)?,
        };
        let (seen, found) = (seen.clone(), Some(found));
        Ok(Rewritten::LogForked { seen, has, position, found, is_of_others, lost })
    }

    /// Remembers new entries. Another process may have done so in the meantime.
    fn remember(&mut self, summary: &Summary, prefix: Prefix) -> Result<(), LogMemoryError> {
        let Some(first) = summary.first else { return Ok(()) };
        let known = self.head.as_ref().map_or(0, |head| head.entries);
        let is_new_here = self.seen.as_ref().is_none_or(|Mark { seen, .. }| {
            (seen.entries, seen.first, seen.journalled) != (summary.entries, summary.first, None)
        });
        // A copy continues from the one that this station registered in.
        let registers = self.memory.is_registering || self.registered.is_some();
        let is_new = match self.relation {
            Relation::Own => summary.entries > known,
            Relation::Successor => true,
            Relation::Copy => registers,
        };
        if !is_new && !is_new_here {
            return Ok(());
        }
        let _lock = self.memory.lock()?;
        let now = self.memory.chain(first)?;
        let of_head = |head: &ChainHead| (head.entries, head.place.clone());
        if now.as_ref().map(of_head) != self.head.as_ref().map(of_head) {
            // It will be compared with what that process saw at the next reading.
            return Ok(());
        }
        match (self.relation, now) {
            (Relation::Copy, Some(head)) if registers => {
                let copy = head_of(self.place.clone(), self.kind, summary, (self.memory.now)());
                let head = ChainHead { registered_in: copy, ..head };
                self.memory.write_json(&self.memory.head_file(first), &head)?;
            }
            (Relation::Copy, _) => {}
            (Relation::Own | Relation::Successor, now) if is_new => {
                let copy = now.and_then(|head| head.registered_in);
                // The compared copy is part of the chain now.
                let copy =
                    copy.filter(|copy| self.registered.is_none() && *copy.log != *self.place);
                self.write(Growth { first, known, summary, prefix, registered_in: copy })?;
            }
            (Relation::Own | Relation::Successor, _) => {}
        }
        self.write_place(summary, self.is_accepted_copy())
    }

    /// Remembers a log that a person accepted as it is. Returns what was seen before.
    ///
    /// # Errors
    /// If the log is broken, or that cannot be written.
    pub fn accept(
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
        let seen = self.seen.take().map(|mark| mark.seen);
        // The earlier log is not missing: this one was accepted instead.
        if let Some(before) = seen.as_ref().and_then(|seen| seen.first)
            && summary.first != Some(before)
        {
            self.memory.forget_chain(before, &self.place)?;
        }
        // Damaged records are written again.
        let head = summary.first.and_then(|first| self.memory.chain(first).ok()?);
        head.iter().for_each(|head| self.relate(head));
        let is_copy = self.relation == Relation::Copy;
        if let Some(first) = summary.first.filter(|_| !is_copy) {
            let registered_in = None;
            self.write(Growth { first, known: 0, summary, prefix, registered_in })?;
        }
        self.write_place(summary, is_copy)?;
        Ok(seen)
    }

    /// Writes the fresh records after those that are known, and then the head, which makes them
    /// count.
    fn write(&mut self, growth: Growth<'_>) -> Result<(), LogMemoryError> {
        let Growth { first, known, summary, prefix, registered_in } = growth;
        let path = self.memory.entries_file(first);
        let head_file = self.memory.head_file(first);
        ownership::check(&path)?;
        if known == 0 {
            // The head goes first: without it, records count for nothing.
            remove(head_file.clone())?;
        }
        let failed = |source| WriteError::Io { path: path.clone(), source };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        let start = (known * RECORD) as u64;
        // Bytes after the head, left by a writer that was stopped, do not count.
        file.set_len(start).map_err(failed)?;
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        self.fresh.seek(SeekFrom::Start(0)).map_err(failed)?;
        let copied = io::copy(&mut self.fresh, &mut file).map_err(failed)?;
        file.sync_data().map_err(failed)?;
        let added = ((summary.entries - known) * RECORD) as u64;
        if copied != added {
            let why = words!("log-memory-other-length", %copied, %added);
            return Err(LogMemoryError::Damaged { path, why });
        }
        let Some(last_hash) = summary.last else { return Ok(()) };
        let seen_at = (self.memory.now)();
        let (kind, entries) = (self.kind, summary.entries);
        let place = Some(self.place.clone().into());
        let head =
            ChainHead { kind, first, place, registered_in, entries, last_hash, seen_at, prefix };
        self.memory.write_json(&head_file, &head)
    }

    fn write_place(&self, summary: &Summary, accepted: bool) -> Result<(), LogMemoryError> {
        let now = (self.memory.now)();
        match head_of(self.place.clone(), self.kind, summary, now) {
            Some(seen) => self.memory.write_place(&SeenHead { accepted, ..seen }),
            None => remove(self.memory.place_file(&self.place)),
        }
    }
}

/// Whether a chain is at a place, by its first entry. A log that cannot be read counts as being
/// there.
fn stands_at(place: &Path, first: Digest) -> bool {
    match first_entry(place) {
        Ok(found) => found == Some(first),
        Err(ReadError::NotFound(_)) => false,
        Err(_) => true,
    }
}
