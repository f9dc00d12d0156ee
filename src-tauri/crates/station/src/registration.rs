//! Registering sealed runs in the transparency log.

use std::path::{Path, PathBuf};

use countersign_envelope::chain::Chain;
use countersign_envelope::file_name::LOG_HEAD;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{self, Value};
use countersign_envelope::log_head::LogHead;
use countersign_envelope::transparency_log::{NewRegistration, TransparencyLog, entry};

use crate::log_memory::{LogMemory, LogMemoryError, Rewritten};
use crate::logs::MAX_LOG_BYTES;
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

/// The longest `LOG_HEAD.json` that is read, in bytes.
const MAX_HEAD_BYTES: u64 = 1 << 16;

/// Why a run was not registered. The log is then as it was.
#[derive(Debug, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum RegistrationError {
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log's chain does not hold.
    #[error(
        "{}: the log is broken, {broken}; nothing was added. Restore it from a copy before registering more",
        path.display()
    )]
    Broken {
        /// The log.
        path: PathBuf,
        /// The first thing wrong.
        broken: String,
    },
    /// The log does not go on from what this station saw of it.
    #[error("nothing was registered. {0}")]
    Rewritten(Box<Rewritten>),
    /// What this station saw of the log is not known.
    #[error("nothing was registered. {0}")]
    Memory(#[from] LogMemoryError),
    /// The log cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// The run was added, with this entry id.
    Added(String),
    /// The run stands there already, with this entry id.
    Already(String),
}

/// What came of a registration, and of writing the log's head after it.
#[derive(Debug)]
pub struct Appended {
    /// What came of it.
    pub registered: Registered,
    /// Whether `LOG_HEAD.json` beside the log says what the log is now. Where it could not be
    /// written, the registration stands all the same.
    pub head: Result<(), WriteError>,
}

/// Appends a run to a log under the log's lock, by writing the whole log anew: a kill at any
/// instruction leaves the old or the new one. Then writes the log's head beside it.
///
/// # Errors
/// Where the log could not be read, does not hold or does not go on from what the station saw of it,
/// or could not be written.
pub fn register(
    log: &Path,
    new: NewRegistration<'_>,
    memory: Option<&LogMemory>,
) -> Result<Appended, RegistrationError> {
    let directory = directory_of(log);
    let _lock = safe_write::lock(directory)?;
    let (is_there, mut bytes) = match reading::read(log, directory, MAX_LOG_BYTES) {
        Ok(bytes) => (true, bytes),
        Err(ReadError::NotFound(_)) => (false, Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let chain = Chain::parse(&bytes);
    if let Some(broken) = chain.broken {
        return Err(RegistrationError::Broken { path: log.to_owned(), broken });
    }
    let known = TransparencyLog::from(chain.clone());
    match memory.map(|memory| memory.look(log, is_there.then_some(&known))).transpose() {
        Ok(Some(Some(rewritten))) => return Err(RegistrationError::Rewritten(Box::new(rewritten))),
        // It goes on from what was seen; that more cannot be remembered is no reason to refuse.
        Ok(_) | Err(LogMemoryError::Write(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let at = new.observed_at;
    if let Some(found) = known.find(new.commit_hash, new.sealed_hash)
        && found.sealed_hash == new.sealed_hash
    {
        let registered = Registered::Already(found.entry_id.to_string());
        let latest = chain.entries.last().map(|entry| &entry.object);
        let head = write_head(log, &LogHead::new(&bytes, known.len as u64, latest, at));
        return Ok(Appended { registered, head });
    }
    let entry = entry(&chain, new);
    let id = entry.text("entry_id").unwrap_or_default().to_owned();
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(Value::Object(entry.clone()).to_line().as_bytes());
    bytes.push(b'\n');
    safe_write::replace(log, &bytes, Access::Shared)?;
    if let Some(memory) = memory {
        // Not remembered now, it is at the next reading.
        let _ = memory.look(log, Some(&known.with(entry.clone())));
    }
    let head =
        write_head(log, &LogHead::new(&bytes, chain.entries.len() as u64 + 1, Some(&entry), at));
    Ok(Appended { registered: Registered::Added(id), head })
}

/// Writes the head beside a log, unless it says so already. The log is locked.
fn write_head(log: &Path, head: &LogHead) -> Result<(), WriteError> {
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
pub(crate) fn write_head_of(log: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    match last_observed(bytes) {
        Some(at) => write_head(log, &LogHead::of(bytes, at)),
        None => Ok(()),
    }
}

/// When the last entry of a log was made, as it says.
pub(crate) fn last_observed(log: &[u8]) -> Option<Instant> {
    let line = log.trim_ascii_end().rsplit(|byte| *byte == b'\n').next()?;
    let value = json::parse(line).ok()?.value;
    value.get("observed_at").and_then(Value::as_str).and_then(Instant::parse)
}

/// The head of a log as it is on the disk.
///
/// # Errors
/// Where it cannot be read. A log that is not there has the head of an empty one.
pub fn head(log: &Path, at: Instant) -> Result<LogHead, ReadError> {
    match reading::read(log, directory_of(log), MAX_LOG_BYTES) {
        Ok(bytes) => Ok(LogHead::of(&bytes, at)),
        Err(ReadError::NotFound(_)) => Ok(LogHead::of(b"", at)),
        Err(error) => Err(error),
    }
}

/// What a log entry says of a run, beyond its place and time; `None` where the run has no commit
/// hash, run id or content hash to register.
pub fn registration<'a>(
    run: &'a countersign_envelope::sealed_run::SealedRun,
    file_name: &'a str,
    observed_at: Instant,
) -> Option<NewRegistration<'a>> {
    Some(NewRegistration {
        run_id: run.run_id()?,
        commit_hash: run.artifact().commit_hash()?,
        sealed_hash: run.recorded_hash()?,
        artifact_path: file_name,
        signing_key_id: None,
        witness_key_id: None,
        observed_at,
    })
}
