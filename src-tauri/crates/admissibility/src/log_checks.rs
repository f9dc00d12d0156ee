//! L3: the run stands in the transparency log, the whole chain holds, and it continues what the
//! station remembers of it.

use countersign_envelope::chain::ChainKind;
use countersign_envelope::claim::SeenChain;

use crate::check::{CheckId, Checks, LogCheck, Outcome};
use crate::continuation::{self, Fork};
use crate::evidence::{ChainStanding, Continuity, Evidence, Part, SeenRegistration};
use crate::level::Level::{self, L3};

pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    seen: &[(&str, &SeenChain)],
    forks: &mut Vec<Fork>,
) {
    let standing = &evidence.log_standing;
    note(checks, L3, LogCheck::Note, standing);
    if let Some(SeenRegistration { entry_id, log, lost }) = evidence.seen_registration {
        let detail = format!(
            "This station saw this run registered as {entry_id} in another log, {log}, {lost}; find out who replaced it and restore it, or accept that (countersign log accept {log})."
        );
        checks.at(L3).warn(LogCheck::SeenElsewhere, detail);
    }
    if !is_decided(checks, L3, LogCheck::OneLog, standing) {
        return;
    }
    let log = match evidence.log {
        Part::Read(Ok(log)) => log,
        Part::Read(Err(why)) => {
            checks.at(L3).unreadable(
                LogCheck::Exists,
                format!("The transparency log cannot be read: {why}."),
            );
            return;
        }
        Part::Absent => {
            check_continuity(checks, L3, LogCheck::Continuity, standing);
            let detail = "There is no transparency log here; register the run.";
            checks.at(L3).missing(LogCheck::Exists, detail);
            return;
        }
    };
    checks.at(L3).pass(LogCheck::Exists, "there");
    // What holds of the whole log comes before what it says of one run.
    let head = log.summary.last.map_or_else(|| "none".to_owned(), |hash| hash.to_string());
    let holds = format!("the whole chain holds, head {head}");
    checks.at(L3).require(LogCheck::Chain, log.broken().is_none(), holds, || {
        let broken = log.broken().unwrap_or_default();
        format!("The transparency log is broken, {broken}; nothing after that line was read.")
    });
    check_continuity(checks, L3, LogCheck::Continuity, standing);
    if log.broken().is_none() {
        forks.extend(continuation::check(checks, (ChainKind::Log, &log.hashes), seen, standing));
    }
    let Ok(run) = evidence.run else { return };
    let commit = run.artifact().commit_hash().unwrap_or("");
    let sealed = run.recorded_hash().unwrap_or("");
    let count = log.summary.entries;
    match log.find(commit, sealed) {
        Some(entry) => {
            let found = format!("{}, entry {} of {count}", entry.entry_id, entry.position);
            checks.at(L3).pass(LogCheck::EntryFound, found);
            checks.at(L3).require(LogCheck::EntryHash, entry.hash_holds, "holds", || {
                "The run's entry in the transparency log was changed.".to_owned()
            });
            let same = entry.has_content(sealed);
            checks.at(L3).require(LogCheck::ContentHash, same, "equal", || {
                "The transparency log has another content hash for this run.".to_owned()
            });
        }
        // It may be registered further down, where nothing was read.
        None if log.broken().is_some() => {}
        None => {
            let detail = "The run is not in the transparency log; register it.";
            checks.at(L3).missing(LogCheck::EntryFound, detail);
        }
    }
}

/// Whether it is known which of several logs or ledgers counts.
pub(crate) fn is_decided(
    checks: &mut Checks,
    level: Level,
    id: impl Into<CheckId>,
    standing: &ChainStanding<'_>,
) -> bool {
    if let Some(why) = standing.undecided {
        checks.at(level).add(id, Outcome::Unchecked, true, format!("Not checkable: {why}."));
    }
    standing.undecided.is_none()
}

/// Whether a log or a ledger continues what the station remembers of it.
pub(crate) fn check_continuity(
    checks: &mut Checks,
    level: Level,
    id: impl Into<CheckId>,
    standing: &ChainStanding<'_>,
) {
    let (outcome, required, detail) = match standing.continuity {
        Continuity::Holds => return,
        Continuity::Rewritten(why) => (Outcome::Fail, true, format!("{why}.")),
        Continuity::Allowed(why) => {
            (Outcome::Warn, false, format!("{why}. It is allowed for this command."))
        }
        Continuity::Unknown(why) => (Outcome::Unchecked, true, format!("Not checkable: {why}.")),
    };
    checks.at(level).add(id, outcome, required, detail);
}

/// Adds what holds about a log or a ledger and a person should still know.
pub(crate) fn note(
    checks: &mut Checks,
    level: Level,
    id: impl Into<CheckId>,
    standing: &ChainStanding<'_>,
) {
    let id = id.into();
    for note in standing.notes {
        checks.at(level).warn(id.clone(), format!("{note}."));
    }
}
