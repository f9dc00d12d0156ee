//! The head of a log on the disk: computed from the log, and written as `LOG_HEAD.json` beside it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use countersign_envelope::chain::MAX_LINE;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::LOG_HEAD;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::log_head::{LogHead, TextHasher};

use crate::log_memory::{self, ChainKind};
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

/// The longest `LOG_HEAD.json` that is read, in bytes.
const MAX_HEAD_BYTES: u64 = 1 << 16;

/// The hash of a log's text.
///
/// # Errors
/// If the log cannot be read.
pub fn text_of(log: &Path) -> io::Result<Digest> {
    let mut text = TextHasher::default();
    each_piece(log, |piece| {
        text.update(piece);
        Ok(())
    })?;
    Ok(text.digest())
}

/// Passes the bytes of a log to `each`, piece by piece.
///
/// # Errors
/// Fails if the log cannot be read, or with the error of `each`.
pub fn each_piece(log: &Path, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut file = reading::open(log, directory_of(log)).map_err(io::Error::other)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            count => each(&buffer[..count])?,
        }
    }
}

/// The last entry of a log whose chain holds, read from its end only.
pub fn last_entry(log: &Path) -> Option<Object> {
    let mut file: File = reading::open(log, directory_of(log)).ok()?;
    let length = file.metadata().ok()?.len();
    // The longest line, and some blank ones after it.
    file.seek(SeekFrom::Start(length.saturating_sub(2 * MAX_LINE as u64))).ok()?;
    let mut end = Vec::new();
    file.take(2 * MAX_LINE as u64).read_to_end(&mut end).ok()?;
    let line = end.trim_ascii_end().rsplit(|byte| *byte == b'\n').next()?;
    match json::parse(line).ok()?.value {
        Value::Object(entry) => Some(entry),
        _ => None,
    }
}

/// Writes the head beside a log, unless it is up to date. The log is locked.
///
/// # Errors
/// If it cannot be written.
pub fn write(log: &Path, head: &LogHead) -> Result<(), WriteError> {
    let path = log.with_file_name(LOG_HEAD);
    let stands = reading::read(&path, directory_of(&path), MAX_HEAD_BYTES).ok();
    let says_so = |stands: Vec<u8>| {
        let stands = LogHead::parse(&stands).ok()?;
        Some(LogHead { generated_at: head.generated_at, ..stands } == *head)
    };
    match stands.and_then(says_so) {
        Some(true) => Ok(()),
        _ => safe_write::replace(&path, head.to_text().as_bytes(), Access::Like(log)),
    }
}

/// Writes the head beside a log that came as a whole, as of its last entry. The log is locked.
///
/// # Errors
/// If it cannot be written.
pub fn write_for(log: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    match last_observed(bytes) {
        Some(at) => write(log, &LogHead::of(bytes, at)),
        None => Ok(()),
    }
}

/// When the last entry of a log was made, according to itself.
pub fn last_observed(log: &[u8]) -> Option<Instant> {
    let line = log.trim_ascii_end().rsplit(|byte| *byte == b'\n').next()?;
    let value = json::parse(line).ok()?.value;
    value.get("observed_at").and_then(Value::as_str).and_then(Instant::parse)
}

/// The head of a log on the disk whose chain holds.
///
/// # Errors
/// If it cannot be read. A log that is not there has the head of an empty one.
pub fn head(log: &Path, at: Instant) -> Result<LogHead, ReadError> {
    match log_memory::check(log, ChainKind::Log, None) {
        Ok(examined) => {
            let text = text_of(log).map_err(|source| ReadError::of(log, source))?;
            let entries = examined.summary.entries as u64;
            Ok(LogHead::new(text, entries, last_entry(log).as_ref(), at))
        }
        Err(ReadError::NotFound(_)) => Ok(LogHead::of(b"", at)),
        Err(error) => Err(error),
    }
}
