//! The log and the ledger that belong to the runs of one directory.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::SeenRegistration;
use countersign_admissibility::terms::SeenTerms;
use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_problem::Reason;

use super::page::{Chained, Page, page_of_bytes};
use super::standing::Standing;
use crate::log_memory::{LogMemory, LogMemoryError, SeenRegistrations};
use crate::reading::OrReason;
use crate::stamp::Stamp;

/// The log and the ledger that belong to the runs of one directory; `None` if there is none, the
/// reason if one cannot be read.
#[derive(Debug, Clone, Default)]
pub struct Logs {
    /// The transparency log.
    pub log: Option<Arc<OrReason<TransparencyLog>>>,
    /// The authority ledger.
    pub ledger: Option<Arc<OrReason<AuthorityLedger>>>,
    /// What is known of the log beyond its own chain.
    pub log_standing: Standing,
    /// What is known of the ledger beyond its own chain.
    pub ledger_standing: Standing,
    /// The path of the log that counts.
    pub log_place: Option<PathBuf>,
    /// The path of the ledger that counts.
    pub ledger_place: Option<PathBuf>,
    /// The authority boundary that a person named, instead of the one beside each run.
    pub boundary: Option<PathBuf>,
    /// The state of the files when they were read.
    pub stamps: LogStamps,
    /// The terms that the station saw in signature files, by the digest of the run.
    pub(super) seen_terms: Arc<HashMap<Digest, SeenTerms>>,
    /// The registrations that the station saw; `None` if it saw none but in this log.
    pub(super) seen_registrations: Option<Arc<SeenRegistrations>>,
}

/// The state of the logs and of the ledgers in reach of a directory, their places included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogStamps {
    /// The transparency logs'.
    pub log: Stamp,
    /// The authority ledgers'.
    pub ledger: Stamp,
}

/// The terms that were seen. If they cannot be read, there are none, and `unknown` has the reason.
pub(super) fn terms_of(
    memory: Option<&LogMemory>,
    directory: &Path,
    unknown: &mut BTreeMap<PathBuf, Reason>,
) -> Arc<HashMap<Digest, SeenTerms>> {
    let read = memory.map(LogMemory::terms).transpose();
    let seen = read.unwrap_or_else(|error| {
        unknown.insert(directory.to_owned(), error.into());
        None
    });
    Arc::new(seen.unwrap_or_default())
}

/// The registrations that were seen in other logs than the one with this first entry.
pub(super) fn registrations_of(
    memory: Option<&LogMemory>,
    log: Option<Digest>,
) -> Result<Option<Arc<SeenRegistrations>>, LogMemoryError> {
    let Some(memory) = memory else { return Ok(None) };
    Ok(memory.registrations(log)?.map(Arc::new))
}

pub(super) fn first_of(log: Option<&OrReason<TransparencyLog>>) -> Option<Digest> {
    log?.as_ref().ok()?.summary.first
}

impl Logs {
    /// From the bytes of either file, wherever they are; compared with what the station remembers
    /// of other people's logs.
    pub fn of_bytes(log: Option<&[u8]>, ledger: Option<&[u8]>, memory: Option<&LogMemory>) -> Self {
        let seen_terms = terms_of(memory, Path::new(TRANSPARENCY_LOG), &mut BTreeMap::new());
        let own = memory;
        let memory = memory.map(LogMemory::of_others);
        let mut logs = Self { seen_terms, ..Self::default() };
        if let Some(bytes) = log {
            let page = page_of_bytes(bytes, TRANSPARENCY_LOG, memory.as_ref());
            logs.log_standing = standing_of(&page, memory.as_ref());
            logs.log = Some(page.read);
        }
        if let Some(bytes) = ledger {
            let page = page_of_bytes(bytes, AUTHORITY_LEDGER, memory.as_ref());
            logs.ledger_standing = standing_of(&page, memory.as_ref());
            logs.ledger = Some(page.read);
        }
        let first = first_of(logs.log.as_deref());
        logs.seen_registrations = registrations_of(own, first).unwrap_or_default();
        logs
    }

    /// The same files, with what is known of them at their source.
    pub fn with_standing_of(self, other: &Logs) -> Self {
        Self {
            log_standing: other.log_standing.clone(),
            ledger_standing: other.ledger_standing.clone(),
            seen_terms: Arc::clone(&other.seen_terms),
            seen_registrations: other.seen_registrations.clone(),
            ..self
        }
    }

    /// What holds for both as a whole, as far as judgements depend on it.
    pub fn condition(&self) -> String {
        fn of<T: Chained>(read: Option<&OrReason<T>>, standing: &Standing) -> String {
            let chain = match read {
                None => "absent".to_owned(),
                Some(Err(why)) => format!("unreadable: {why}"),
                Some(Ok(read)) => match &read.summary().broken {
                    None => "holds".to_owned(),
                    Some(broken) => format!("broken: {broken}"),
                },
            };
            match *standing == Standing::default() {
                true => chain,
                false => format!("{chain}; {:?}", standing.view()),
            }
        }
        let log = of(self.log.as_deref(), &self.log_standing);
        let ledger = of(self.ledger.as_deref(), &self.ledger_standing);
        format!("{log}\n{ledger}")
    }

    /// The terms that the station saw in the signature file of a run.
    pub fn seen_terms(&self, run: &SealedRun) -> Option<&SeenTerms> {
        // Most stations saw none, and hash nothing for it.
        let seen = Some(&self.seen_terms).filter(|seen| !seen.is_empty())?;
        seen.get(&run.artifact().canonical().digest())
    }

    /// Where the station saw a run registered, if that log is no longer there.
    pub fn seen_registration(&self, run: &SealedRun) -> Option<SeenRegistration<'_>> {
        let seen = self.seen_registrations.as_ref()?;
        seen.lost(run, first_of(self.log.as_deref()))
    }

    /// The log, if it can be read.
    pub fn readable_log(&self) -> Option<&TransparencyLog> {
        self.log.as_deref().and_then(|log| log.as_ref().ok())
    }
}

fn standing_of<T: Chained>(page: &Page<T>, memory: Option<&LogMemory>) -> Standing {
    let mut standing = Standing { unknown: page.unknown.clone(), ..Standing::default() };
    if let Ok(read) = page.read.as_ref() {
        standing.notes.clone_from(&read.summary().notes);
        standing.look_up_accepted(T::KIND, read.summary().first, memory);
    }
    if let Some(rewritten) = page.rewritten.clone() {
        standing.set_rewritten(rewritten);
    }
    standing
}
