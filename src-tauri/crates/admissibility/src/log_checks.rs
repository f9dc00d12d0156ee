//! L3: the run stands in the transparency log, the whole chain holds, and it continues what the
//! station remembers of it.

use countersign_envelope::chain::ChainKind;
use countersign_envelope::claim::SeenChain;
use countersign_problem::{Value, words};
use countersign_tlog::policy::Policy as LogPolicy;

use crate::check::{CheckId, Checks, LogCheck, Outcome};
use crate::continuation::{self, Fork};
use crate::evidence::{ChainStanding, Continuity, Evidence, Part, SeenRegistration};
use crate::level::Level::{self, L3};
use crate::witness_checks;

pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    seen: &[(&str, &SeenChain)],
    forks: &mut Vec<Fork>,
    policy: Option<&LogPolicy>,
) {
    let standing = &evidence.log_standing;
    note(checks, L3, LogCheck::Note, standing);
    if let Some(SeenRegistration { entry_id, log, lost }) = evidence.seen_registration {
        let detail = words!("log-seen-elsewhere", entry = %entry_id, %log, %lost);
        checks.at(L3).warn(LogCheck::SeenElsewhere, detail);
    }
    if !is_decided(checks, L3, LogCheck::OneLog, standing) {
        return;
    }
    let log = match evidence.log {
        Part::Read(Ok(log)) => log,
        Part::Read(Err(why)) => {
            checks.at(L3).unreadable(LogCheck::Exists, words!("log-unreadable", why));
            return;
        }
        Part::Absent => {
            check_continuity(checks, L3, LogCheck::Continuity, standing);
            checks.at(L3).missing(LogCheck::Exists, words!("log-missing"));
            return;
        }
    };
    checks.at(L3).pass(LogCheck::Exists, words!("found-there"));
    // What holds of the whole log comes before what it says of one run.
    let head = log.summary.last.map_or(Value::None, |hash| hash.to_string().into());
    let holds = words!("found-log-chain", head);
    checks.at(L3).require(LogCheck::Chain, log.broken().is_none(), holds, || {
        words!("log-broken", broken = log.broken().cloned().unwrap_or_default())
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
            let (id, at, count) = (&entry.entry_id, entry.position, count);
            let found = words!("found-log-entry", %id, %at, %count);
            checks.at(L3).pass(LogCheck::EntryFound, found);
            checks.at(L3).require(
                LogCheck::EntryHash,
                entry.hash_holds,
                words!("found-holds"),
                || words!("log-entry-changed"),
            );
            let same = entry.has_content(sealed);
            checks.at(L3).require(LogCheck::ContentHash, same, words!("found-equal"), || {
                words!("log-other-content")
            });
            if let Some(policy) = policy.filter(|_| log.broken().is_none()) {
                witness_checks::check(checks, policy, standing.checkpoints, entry.position as u64);
            }
        }
        // It may be registered further down, where nothing was read.
        None if log.broken().is_some() => {}
        None => {
            checks.at(L3).missing(LogCheck::EntryFound, words!("log-no-entry"));
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
        checks.at(level).add(id, Outcome::Unchecked, true, words!("chain-not-checkable", why));
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
        Continuity::Rewritten(why) => (Outcome::Fail, true, words!("chain-rewritten", why)),
        Continuity::Allowed(why) => (Outcome::Warn, false, words!("chain-allowed", why)),
        Continuity::Unknown(why) => (Outcome::Unchecked, true, words!("chain-not-checkable", why)),
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
        checks.at(level).warn(id.clone(), words!("chain-note", note = note.clone()));
    }
}
