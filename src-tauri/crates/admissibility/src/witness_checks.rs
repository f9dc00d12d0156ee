//! L3: what the log says of itself in a checkpoint, and who witnessed that (EVIDENCE.md section 4). The
//! level does not depend on witnesses; what contradicts the log does.

use countersign_problem::{Words, words};
use countersign_tlog::checkpoint::{CheckpointError, Cosigned};
use countersign_tlog::policy::{Policy, Witnessed};

use crate::check::{Checks, LogCheck, Outcome};
use crate::evidence::BesideLog;
use crate::level::Level::L3;

/// A checkpoint that fits the log.
struct Fitting {
    size: u64,
    witnessed: Witnessed,
}

/// Whether the checkpoints beside a log fit it, and whether one that has the entry at a position is
/// witnessed as the policy asks.
pub(crate) fn check(checks: &mut Checks, policy: &Policy, beside: &[BesideLog], position: u64) {
    let mut fitting = Vec::new();
    for one in beside {
        match fits(policy, one) {
            Ok(Some(one)) => fitting.push(one),
            Ok(None) => {}
            Err(why) => {
                checks.at(L3).fail(LogCheck::Checkpoint, why);
                return;
            }
        }
    }
    let Some(last) = fitting.iter().map(|one| one.size).max() else {
        if policy.requires_witnesses() {
            let none = words!("checkpoint-none");
            checks.at(L3).add(LogCheck::Checkpoint, Outcome::Missing, false, none);
        }
        return;
    };
    let covers = |one: &&Fitting| one.size >= position;
    let Some(best) = fitting
        .iter()
        .filter(covers)
        .max_by_key(|one| (one.witnessed.is_enough, one.witnessed.count()))
    else {
        let later = words!("checkpoint-later", size = last, at = position);
        checks.at(L3).add(LogCheck::Checkpoint, Outcome::Missing, false, later);
        return;
    };
    let (count, of) = (best.witnessed.count(), best.witnessed.witnesses.len());
    let size = best.size;
    let (outcome, detail) = match (best.witnessed.is_enough, best.witnessed.earliest()) {
        (true, Some(since)) => {
            (Outcome::Pass, words!("checkpoint-witnessed", count, of, size, %since))
        }
        (true, None) => (Outcome::Pass, words!("checkpoint-signed", size)),
        (false, _) => (Outcome::Missing, words!("checkpoint-too-few", count, of, size)),
    };
    checks.at(L3).add(LogCheck::Checkpoint, outcome, false, detail);
}

/// A checkpoint with its witnesses, if one of the known logs signed it; otherwise nothing follows from
/// it.
fn fits(policy: &Policy, beside: &BesideLog) -> Result<Option<Fitting>, Words> {
    let note = match &beside.note {
        Ok(note) => note.clone(),
        Err(why) => return Err(words!("checkpoint-unreadable", why)),
    };
    let signed = match policy.checkpoint(note) {
        Ok(signed) => signed,
        Err(CheckpointError::Unsigned { .. }) => return Ok(None),
        Err(error) => return Err(words!("checkpoint-unreadable", why = Words::from(error))),
    };
    let (size, said) = (signed.checkpoint.size, signed.checkpoint.root);
    match beside.root {
        None => return Err(words!("checkpoint-longer", size)),
        Some(root) if root != said => return Err(words!("checkpoint-other-root", size)),
        Some(_) => {}
    }
    let witnessed = policy.witnessed(&signed);
    let forged = witnessed.witnesses.iter().find(|(_, one)| *one == Cosigned::Contradicted);
    match forged {
        Some((name, _)) => Err(words!("checkpoint-forged", witness = ?name.clone())),
        None => Ok(Some(Fitting { size, witnessed })),
    }
}
