//! How an act keeps its record: what cannot be journalled is not done.

use crate::chained_file::{Journal, JournalError};
use crate::event::Event;
use countersign_admissibility::terms::{self};
use countersign_envelope::digest::{Digest, short};
use countersign_envelope::instant::Instant;
use countersign_store::log_memory::{KeptClaim, LogMemory};
use countersign_store::safe_write::notice::{self, DiskNotice};
use std::sync::Arc;

use parking_lot::Mutex;

/// Keeps the record of a ceremony.
pub trait Recorder: Send + Sync {
    /// Keeps one event.
    ///
    /// # Errors
    /// Fails if it could not be recorded.
    fn record(&self, event: &Event) -> Result<(), JournalError>;

    /// Keeps the claims that were just made, each by the SHA-256 of the raw signature that it is
    /// about.
    fn keep_claims(&self, _claims: &[(Digest, KeptClaim)]) {}
}

/// Makes changes that are journalled before they are made: what cannot be journalled is not done.
/// If they cannot be made after all, that is journalled too.
///
/// # Errors
/// Fails if the journal cannot be written, with nothing changed, or if the changes fail.
pub fn journalled<T, E: From<JournalError> + std::fmt::Display>(
    recorder: &dyn Recorder,
    changes: &[Event],
    make: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    for change in changes {
        recorder.record(change)?;
    }
    make().inspect_err(|error| {
        for change in changes {
            let failed = Event::ChangeFailed { change: change.name(), words: error.to_string() };
            // The person sees the first failure; another one from the journal would hide it.
            let _ = recorder.record(&failed);
        }
    })
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoRecord;

impl Recorder for NoRecord {
    fn record(&self, _: &Event) -> Result<(), JournalError> {
        Ok(())
    }
}

/// Records one ceremony in a journal. Its lines are marked by the field `ceremony`: the first 8 hex
/// digits of the hash of the line that began it.
pub struct Recording {
    journal: Arc<Journal>,
    memory: Option<LogMemory>,
    now: fn() -> Instant,
    ceremony: Mutex<Option<String>>,
}

impl Recording {
    /// One for a ceremony that is about to begin.
    pub fn new(journal: Arc<Journal>, now: fn() -> Instant) -> Self {
        Self { journal, memory: None, now, ceremony: Mutex::default() }
    }

    /// The same, which also remembers what the signature files ask for that are written.
    #[must_use]
    pub fn remembering(self, memory: Option<LogMemory>) -> Self {
        Self { memory, ..self }
    }

    fn remember(&self, event: &Event) {
        let (Event::Signed { asks, .. } | Event::Merged { asks, .. }) = event else { return };
        let (Some(memory), Some(asks)) = (&self.memory, asks) else { return };
        if terms::exceed_the_least(&asks.terms)
            && let Err(error) = memory.remember_terms(&[(asks.run, asks.terms.clone())])
        {
            notice::notify(&DiskNotice::TermsNotRemembered { why: error.into() });
        }
    }
}

impl Recorder for Recording {
    fn keep_claims(&self, claims: &[(Digest, KeptClaim)]) {
        let Some(memory) = &self.memory else { return };
        for (signature, claim) in claims {
            if let Err(error) = memory.keep_claim(*signature, claim) {
                notice::notify(&DiskNotice::ClaimNotKept { why: error.into() });
            }
        }
    }

    fn record(&self, event: &Event) -> Result<(), JournalError> {
        self.remember(event);
        let mut ceremony = self.ceremony.lock();
        let hash = self.journal.append_in(ceremony.as_deref(), event, (self.now)())?;
        if matches!(event, Event::CeremonyBegun { .. }) {
            *ceremony = short(&hash).map(str::to_owned);
        }
        Ok(())
    }
}
