//! Registering sealed runs in the transparency log.

use std::path::{Path, PathBuf};

use countersign_envelope::chain::Chain;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::Value;
use countersign_envelope::transparency_log::{NewRegistration, TransparencyLog, entry};

use crate::logs::MAX_LOG_BYTES;
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

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

/// Appends a run to a log under the log's lock, by writing the whole log anew: a kill at any
/// instruction leaves the old or the new one.
///
/// # Errors
/// Where the log could not be read, does not hold, or could not be written.
pub fn register(log: &Path, new: NewRegistration<'_>) -> Result<Registered, RegistrationError> {
    let directory = directory_of(log);
    let _lock = safe_write::lock(directory)?;
    let mut bytes = match reading::read(log, directory, MAX_LOG_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let chain = Chain::parse(&bytes);
    if let Some(broken) = chain.broken {
        return Err(RegistrationError::Broken { path: log.to_owned(), broken });
    }
    let known = TransparencyLog::from(chain.clone());
    if let Some(found) = known.find(new.commit_hash, new.sealed_hash)
        && found.sealed_hash == new.sealed_hash
    {
        return Ok(Registered::Already(found.entry_id.to_string()));
    }
    let entry = entry(&chain, new);
    let id = entry.text("entry_id").unwrap_or_default().to_owned();
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(Value::Object(entry).to_line().as_bytes());
    bytes.push(b'\n');
    safe_write::replace(log, &bytes, Access::Shared)?;
    Ok(Registered::Added(id))
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
