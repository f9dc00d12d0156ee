//! The runs that this station saw registered, in whichever log: if a log is missing, and another is
//! in its place, its runs do not count as never registered.

use std::ffi::OsStr;
use std::fs;
use std::sync::OnceLock;

use compact_str::CompactString;
use countersign_admissibility::SeenRegistration;
use countersign_envelope::digest::Digest;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::transparency_log::Registration;

use super::examination::{Depth, examine};
use super::{ChainHead, ChainKind, LogMemory, LogMemoryError, StoredPath, entries};
use crate::reading::ReadError;

/// The registrations that were seen, of all logs that are remembered.
#[derive(Debug)]
pub(crate) struct SeenRegistrations {
    memory: LogMemory,
    logs: Vec<SeenLog>,
    /// Sorted by the key of the run.
    records: Vec<Record>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    key: Digest,
    /// Its index among the logs.
    log: usize,
    entry_id: CompactString,
}

#[derive(Debug)]
struct SeenLog {
    head: ChainHead,
    place: StoredPath,
    place_text: String,
    /// Its state, determined on first use: its place may be on a disk that is slow or missing.
    lost: OnceLock<Option<&'static str>>,
}

impl LogMemory {
    /// The registrations that were seen; `None` if none were seen but in one log. Nothing of other
    /// places is read.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub(crate) fn registrations(
        &self,
        log: Option<Digest>,
    ) -> Result<Option<SeenRegistrations>, LogMemoryError> {
        let mut seen = SeenRegistrations { memory: self.clone(), logs: vec![], records: vec![] };
        let files = fs::read_dir(&self.directory).into_iter().flatten().flatten();
        for path in files.map(|file| file.path()) {
            let first = path.extension().filter(|end| *end == "head").and(path.file_stem());
            let first =
                first.and_then(OsStr::to_str).map(|hex| Digest::parse(&format!("sha256:{hex}")));
            let Some(Some(first)) = first else { continue };
            let Some(head) = self.chain(first)? else { continue };
            // Earlier versions did not remember the place of a log.
            let Some(place) = head.place.clone().filter(|_| head.kind == ChainKind::Log) else {
                continue;
            };
            let place_text = place.display().to_string();
            seen.logs.push(SeenLog { head, place, place_text, lost: OnceLock::new() });
        }
        if seen.logs.iter().all(|seen| Some(seen.head.first) == log) {
            return Ok(None);
        }
        for (log, SeenLog { head, .. }) in seen.logs.iter().enumerate() {
            entries::scan(&self.entries_file(head.first), 1, head.entries, |entry| {
                let (key, entry_id) = (entry.key, entry.entry_id.into());
                seen.records.push(Record { key, log, entry_id });
                true
            })?;
        }
        seen.records.sort_unstable();
        Ok(Some(seen))
    }
}

impl SeenRegistrations {
    /// The registration of a run that was seen in another log than the one with this first entry,
    /// if that other log has moved or lacks some of its entries.
    pub(crate) fn lost(
        &self,
        run: &SealedRun,
        log: Option<Digest>,
    ) -> Option<SeenRegistration<'_>> {
        let (commit, sealed) = (run.artifact().commit_hash()?, run.recorded_hash()?);
        let key = Registration::key_of(commit, sealed);
        let from = self.records.partition_point(|record| record.key < key);
        let of_run = self.records[from..].iter().take_while(|record| record.key == key);
        of_run.filter(|record| Some(self.logs[record.log].head.first) != log).find_map(|record| {
            let seen = &self.logs[record.log];
            let lost = (*seen.lost.get_or_init(|| self.is_lost(seen)))?;
            Some(SeenRegistration { entry_id: &record.entry_id, log: &seen.place_text, lost })
        })
    }

    /// What happened to a log, if it is no longer at its place as it was seen.
    fn is_lost(&self, SeenLog { head, place, .. }: &SeenLog) -> Option<&'static str> {
        let memory = self.memory.of_others();
        match examine(place, ChainKind::Log, Some(&memory), Depth::All, &mut |_, _| {}) {
            Err(ReadError::NotFound(_)) => Some("which is gone"),
            Err(_) => Some("which cannot be read"),
            Ok(found) => {
                let goes_on = found.rewritten.is_none()
                    && found.unknown.is_none()
                    && found.summary.broken.is_none()
                    && found.summary.first == Some(head.first)
                    && found.summary.entries >= head.entries;
                (!goes_on).then_some("which has other entries now")
            }
        }
    }
}
