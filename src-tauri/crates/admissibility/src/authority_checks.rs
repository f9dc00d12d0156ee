//! L7: the decision was made under an authority that is in the ledger and was in force.

use countersign_envelope::authority_ledger::Grant;
use countersign_envelope::chain::ChainKind;
use countersign_envelope::claim::SeenChain;
use countersign_envelope::sealed_run::SealedRun;

use crate::check::{AuthorityCheck, Checks};
use crate::continuation::{self, Fork};
use crate::evidence::{Evidence, Part};
use crate::level::Level::L7;
use crate::log_checks::{check_continuity, is_decided, note};

pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    seen: &[(&str, &SeenChain)],
    forks: &mut Vec<Fork>,
) {
    let Ok(run) = evidence.run else {
        return;
    };
    let Some(reference) = run.authority_reference() else {
        let detail =
            "The run does not refer to the authority ledger; only sealing it again can add that.";
        checks.at(L7).missing(AuthorityCheck::RefPresent, detail);
        return;
    };
    checks.at(L7).pass(AuthorityCheck::RefPresent, "there");
    let standing = &evidence.ledger_standing;
    note(checks, L7, AuthorityCheck::Note, standing);
    if !is_decided(checks, L7, AuthorityCheck::OneLedger, standing) {
        return;
    }
    let ledger = match evidence.ledger {
        Part::Read(Ok(ledger)) => ledger,
        Part::Read(Err(why)) => {
            checks.at(L7).unreadable(
                AuthorityCheck::LedgerExists,
                format!("The authority ledger cannot be read: {why}."),
            );
            return;
        }
        Part::Absent => {
            check_continuity(checks, L7, AuthorityCheck::Continuity, standing);
            let detail = "There is no authority ledger here.";
            checks.at(L7).missing(AuthorityCheck::LedgerExists, detail);
            return;
        }
    };
    checks.at(L7).pass(AuthorityCheck::LedgerExists, "there");
    checks.at(L7).require(
        AuthorityCheck::Chain,
        ledger.broken().is_none(),
        "the whole chain holds",
        || {
            let broken = ledger.broken().unwrap_or_default();
            format!("The authority ledger is broken, {broken}; nothing after that line was read.")
        },
    );
    check_continuity(checks, L7, AuthorityCheck::Continuity, standing);
    if ledger.broken().is_none() {
        let ledger = (ChainKind::Ledger, &ledger.hashes);
        forks.extend(continuation::check(checks, ledger, seen, standing));
    }
    let of = |key: &str| reference.text(key).unwrap_or_default();
    let hash = of("authority_entry_hash");
    let Some(grant) = ledger.find(&of("authority_entry_id"), &hash) else {
        // It may stand further down, where nothing was read.
        if ledger.broken().is_none() {
            let detail =
                format!("The authority entry {:?} is not in the ledger.", of("authority_entry_id"));
            checks.at(L7).fail(AuthorityCheck::EntryFound, detail);
        }
        return;
    };
    checks.at(L7).pass(AuthorityCheck::EntryFound, "found");
    let same = grant.entry_hash.is_some_and(|recorded| recorded.is(&hash));
    checks.at(L7).require(AuthorityCheck::EntryHashMatch, same, "equal", || {
        "The run refers to another state of its authority entry (the hashes differ).".to_owned()
    });
    checks.at(L7).require(AuthorityCheck::EntryHash, grant.hash_holds, "holds", || {
        "The authority entry was changed: its hash is not right.".to_owned()
    });
    checks.at(L7).require(AuthorityCheck::IsGrant, !grant.is_revocation(), "a grant", || {
        "The run refers to an entry that revokes an authority and grants none.".to_owned()
    });
    let same = of("authority_id").is_empty() || grant.authority_id() == Some(&*of("authority_id"));
    checks.at(L7).require(AuthorityCheck::IdMatch, same, "equal", || {
        "The run names another authority than its entry in the ledger.".to_owned()
    });
    check_terms(checks, run, grant);

    let created = run.created_at();
    let at = created.map(|at| at.unix());
    match ledger.revoked_at(grant) {
        None => {
            checks.at(L7).pass(AuthorityCheck::NotRevoked, "never revoked");
        }
        Some(since) => {
            let later = since.zip(at).is_some_and(|(since, at)| since.unix() > at);
            checks.at(L7).require(AuthorityCheck::NotRevoked, later, "revoked only later", || {
                let since =
                    since.map_or_else(|| "an unreadable time".to_owned(), |s| s.to_string());
                format!("The authority was revoked at {since}, before the decision.")
            });
        }
    }
    let effective = grant.effective_at.zip(at).is_some_and(|(from, at)| from.unix() <= at);
    checks.at(L7).require(AuthorityCheck::Effective, effective, "in force", || {
        match (at, grant.effective_at) {
            (None, _) => "When the decision was made is not known.".to_owned(),
            (_, Some(from)) => {
                format!("The authority was in force only from {from}, after the decision.")
            }
            (_, None) => "From when the authority was in force is not known.".to_owned(),
        }
    });
    let expiry = grant.expires_at;
    let lasted =
        expiry.is_none_or(|until| until.zip(at).is_some_and(|(until, at)| at < until.unix()));
    checks.at(L7).require(AuthorityCheck::NotExpired, lasted, "not expired", || {
        let until =
            expiry.flatten().map_or_else(|| "an unreadable time".to_owned(), |u| u.to_string());
        format!("The authority had expired at {until}, before the decision.")
    });
    let decision = run.decision_id().unwrap_or("");
    let covers = !decision.is_empty() && grant.covers_decision(decision);
    checks.at(L7).require(AuthorityCheck::ScopeCoversDecision, covers, "covered", || {
        format!("The authority's scope does not cover the decision {decision:?}.")
    });
}

/// Whose grant it is, and under which policy. The reference compares neither, and delegation may
/// be why they differ, so this only warns.
fn check_terms(checks: &mut Checks, run: &SealedRun, grant: &Grant) {
    let of_run = |path: &[&str]| run.text(&[&["authority_envelope"], path].concat());
    let terms = [
        (AuthorityCheck::Actor, "actor", &grant.actor_id, of_run(&["actor", "id"])),
        (
            AuthorityCheck::Policy,
            "policy version",
            &grant.policy_version,
            of_run(&["policy_snapshot", "policy_version"]),
        ),
        (
            AuthorityCheck::Policy,
            "policy hash",
            &grant.policy_hash,
            of_run(&["policy_snapshot", "policy_hash"]),
        ),
    ];
    for (id, what, granted, run) in terms {
        let granted = granted.as_deref().filter(|text| !text.is_empty());
        if let (Some(granted), Some(run)) = (granted, run)
            && granted != &*run
        {
            let detail = format!(
                "The {what} of the authority's grant is {granted:?}, and that of the run is {run:?}."
            );
            checks.at(L7).warn(id, detail);
        }
    }
}
