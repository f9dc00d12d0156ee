//! Importing logs: only what goes on from what is here and was seen.

use std::path::{Path, PathBuf};

use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_problem::{Words, words};
use countersign_store::log_head_file;
use countersign_store::log_memory::{self, ChainKind, Depth};
use countersign_store::logs::LogBook;
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access};
use serde::Serialize;

use super::error::CarryError;

/// The result for a log.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ArrivedLog {
    /// Its path.
    pub path: String,
    /// Whether it was not there before; else it was made longer.
    pub new: bool,
}

/// Whether the logs of a directory may be added to: they hold, and go on from what the station
/// remembers of them.
pub(super) fn check_logs(directory: &Path, book: &LogBook) -> Result<(), CarryError> {
    let logs = book.for_directory(directory);
    let broken = |place: &Option<PathBuf>, broken: Option<&Words>| {
        let place = place.as_deref().unwrap_or(directory).display();
        broken.map(|broken| words!("carry-chain-broken", %place, broken = broken.clone()))
    };
    let log = logs.readable_log().and_then(|log| broken(&logs.log_place, log.broken()));
    let ledger = logs.ledger.as_deref().and_then(|ledger| ledger.as_ref().ok());
    let ledger = ledger.and_then(|ledger| broken(&logs.ledger_place, ledger.broken()));
    for (broken, standing) in [(log, &logs.log_standing), (ledger, &logs.ledger_standing)] {
        if let Some(why) = broken {
            return Err(CarryError::Log { why });
        }
        match &standing.rewritten {
            Some(rewritten) if !standing.is_allowed => {
                return Err(CarryError::Rewritten(Box::new(rewritten.clone())));
            }
            _ => {}
        }
        if let Some(why) = &standing.unknown {
            return Err(CarryError::LogUnknown { why: why.clone() });
        }
    }
    Ok(())
}

/// Imports a log if there is none, or if the existing one is its beginning. Returns `None` if all
/// of it is here already.
///
/// Beside a transparency log its head is written, as when it is registered in.
pub(super) fn bring_log(
    bytes: &[u8],
    directory: &Path,
    kind: ChainKind,
    book: &LogBook,
) -> Result<Option<ArrivedLog>, Words> {
    let memory = book.memory();
    let brought = log_memory::check_bytes(bytes, kind, memory);
    if let Some(broken) = brought.summary.broken {
        return Err(words!("carry-log-does-not-hold", broken));
    }
    // A fork of what this station remembers is not imported.
    if let Some(rewritten) = brought.rewritten {
        return Err(rewritten.into());
    }
    if let Some(error) = brought.unknown {
        return Err(error.into());
    }
    let place = match kind {
        ChainKind::Log => book.log_for(directory),
        ChainKind::Ledger => book.ledger_for(directory),
    }?;
    let place = place.as_path();
    let head = |place: &Path| match kind {
        ChainKind::Log => log_head_file::write_for(place, bytes),
        ChainKind::Ledger => Ok(()),
    };
    let _lock = safe_write::lock(directory_of(place)).map_err(Words::from)?;
    // Under the lock once more: another process may have written to it since it was checked.
    match log_memory::examine(place, kind, memory, Depth::Rest, &mut |_, _| {}) {
        Ok(own) => match (own.summary.broken, own.rewritten.filter(|_| !book.allows_rewritten())) {
            (Some(broken), _) => return Err(words!("carry-log-broken", broken)),
            (None, Some(rewritten)) => return Err(rewritten.into()),
            (None, None) => {}
        },
        Err(ReadError::NotFound(_)) => {}
        Err(error) => {
            return Err(words!("carry-log-unreadable", why = error.reason()));
        }
    }
    let arrived = |new| {
        // If it is not remembered now, it is at the next reading.
        let _ = log_memory::examine(place, kind, memory, Depth::Rest, &mut |_, _| {});
        Some(ArrivedLog { path: place.display().to_string(), new })
    };
    match reading::read(place, directory_of(place), MAX_LOG_BYTES) {
        Err(ReadError::NotFound(_)) => {
            safe_write::create(place, bytes).and_then(|()| head(place)).map_err(Words::from)?;
            Ok(arrived(true))
        }
        Err(error) => Err(words!("carry-log-unreadable", why = error.reason())),
        Ok(own) if is_beginning(bytes, &own) => Ok(None),
        Ok(own) if is_beginning(&own, bytes) => {
            let written = safe_write::replace(place, bytes, Access::Shared);
            written.and_then(|()| head(place)).map_err(Words::from)?;
            Ok(arrived(false))
        }
        Ok(_) => Err(words!("carry-other-log")),
    }
}

/// Whether a log is another's first lines, or all of them.
pub(super) fn is_beginning(first: &[u8], whole: &[u8]) -> bool {
    let first = first.trim_ascii_end();
    whole.strip_prefix(first).is_some_and(|rest| {
        first.is_empty() || rest.first().is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
    })
}
