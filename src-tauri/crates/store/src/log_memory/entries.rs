//! The entries of one chain as they are remembered: records of one size, so that any of them is
//! found without reading those before it.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use countersign_envelope::chain::{ENTRY_HASH, Entry};
use countersign_envelope::digest::Digest;
use countersign_envelope::transparency_log::Registration;
use countersign_problem::visible::visible;
use countersign_problem::{Words, words};

use super::{ChainKind, LogMemoryError};
use crate::ownership;
use crate::reading::ReadError;

/// The size of a record in bytes: a line of text.
pub(super) const RECORD: usize = 192;

const HASH: usize = 64;
const ID: usize = 24;
const RUN: usize = RECORD - 2 * (HASH + 1) - (ID + 1) - 1;

/// One entry as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenEntry {
    /// Its hash.
    pub hash: Digest,
    /// A digest of what it registers.
    pub key: Digest,
    /// Its id.
    pub entry_id: String,
    /// The run that it registers; in a ledger, the authority.
    pub run_id: String,
}

impl fmt::Display for SeenEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", visible(&self.entry_id), visible(&self.run_id))
    }
}

impl SeenEntry {
    pub(super) fn of(kind: ChainKind, position: usize, entry: &Entry) -> Self {
        let text = |key| entry.object.text(key).unwrap_or("");
        let run_id = match kind {
            ChainKind::Log => text("run_id"),
            ChainKind::Ledger => text("authority_id"),
        };
        let registration = Registration::of(position, entry);
        Self {
            hash: Digest::of_name(text(ENTRY_HASH)),
            key: registration.map_or_else(|| Digest::of(b""), |one| one.key()),
            entry_id: text("entry_id").to_owned(),
            run_id: run_id.to_owned(),
        }
    }

    pub(super) fn to_record(&self) -> String {
        let (hash, key) = (self.hash.hex(), self.key.hex());
        let (id, run) = (plain(&self.entry_id, ID), plain(&self.run_id, RUN));
        format!("{hash} {key} {id:<ID$} {run:<RUN$}\n")
    }

    fn parse(record: &[u8; RECORD]) -> Option<Self> {
        let text = std::str::from_utf8(record).ok()?.strip_suffix('\n')?;
        let (hash, rest) = text.split_at_checked(HASH)?;
        let (key, rest) = rest.strip_prefix(' ')?.split_at_checked(HASH)?;
        let (id, run) = rest.strip_prefix(' ')?.split_at_checked(ID)?;
        Some(Self {
            hash: Digest::parse_hex(hash)?,
            key: Digest::parse_hex(key)?,
            entry_id: id.trim_end().to_owned(),
            run_id: run.trim().to_owned(),
        })
    }
}

/// A text that fits into a record: ids are ASCII, and what is not is replaced.
fn plain(text: &str, width: usize) -> String {
    let is_plain = |c: &char| c.is_ascii_graphic();
    text.chars().map(|c| if is_plain(&c) { c } else { '?' }).take(width).collect()
}

/// The records of a file, one after another.
pub(super) struct Records {
    file: BufReader<File>,
    left: usize,
}

impl Records {
    /// From one position to another, both from 1.
    pub fn open(path: &Path, from: usize, to: usize) -> Result<Self, LogMemoryError> {
        ownership::check(path)?;
        let failed = |source| ReadError::of(path, source);
        let mut file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let wanted = (to as u64) * RECORD as u64;
        if length < wanted {
            let why = words!("log-memory-too-short", %length, %wanted);
            return Err(LogMemoryError::Damaged { path: path.to_owned(), why });
        }
        let start = (from.saturating_sub(1) as u64) * RECORD as u64;
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        Ok(Self { file: BufReader::new(file), left: (to + 1).saturating_sub(from) })
    }

    /// The next one; `None` after the last.
    pub fn next(&mut self) -> io::Result<Option<SeenEntry>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let mut record = [0; RECORD];
        self.file.read_exact(&mut record)?;
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a damaged record");
        SeenEntry::parse(&record).map(Some).ok_or_else(damaged)
    }
}

/// Reads records, both positions from 1, as long as `each` wants more.
pub(super) fn scan(
    path: &Path,
    from: usize,
    to: usize,
    mut each: impl FnMut(SeenEntry) -> bool,
) -> Result<(), LogMemoryError> {
    let mut records = Records::open(path, from, to)?;
    let damaged = |error: io::Error| LogMemoryError::Damaged {
        path: path.to_owned(),
        why: Words::text(error.to_string()),
    };
    while let Some(entry) = records.next().map_err(damaged)? {
        if !each(entry) {
            break;
        }
    }
    Ok(())
}
