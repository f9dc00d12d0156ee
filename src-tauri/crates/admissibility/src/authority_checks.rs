//! L7: the decision was made under an authority that is in the ledger and was in force.

use countersign_envelope::authority_ledger::Grant;
use countersign_envelope::chain::ChainKind;
use countersign_envelope::claim::SeenChain;
use countersign_envelope::instant::Instant;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Value, words};

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
        checks.at(L7).missing(AuthorityCheck::RefPresent, words!("authority-no-reference"));
        return;
    };
    checks.at(L7).pass(AuthorityCheck::RefPresent, words!("found-there"));
    let standing = &evidence.ledger_standing;
    note(checks, L7, AuthorityCheck::Note, standing);
    if !is_decided(checks, L7, AuthorityCheck::OneLedger, standing) {
        return;
    }
    let ledger = match evidence.ledger {
        Part::Read(Ok(ledger)) => ledger,
        Part::Read(Err(why)) => {
            checks
                .at(L7)
                .unreadable(AuthorityCheck::LedgerExists, words!("ledger-unreadable", why));
            return;
        }
        Part::Absent => {
            check_continuity(checks, L7, AuthorityCheck::Continuity, standing);
            checks.at(L7).missing(AuthorityCheck::LedgerExists, words!("ledger-missing"));
            return;
        }
    };
    checks.at(L7).pass(AuthorityCheck::LedgerExists, words!("found-there"));
    checks.at(L7).require(
        AuthorityCheck::Chain,
        ledger.broken().is_none(),
        words!("found-chain"),
        || words!("ledger-broken", broken = ledger.broken().cloned().unwrap_or_default()),
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
            let detail = words!("authority-no-entry", id = ?of("authority_entry_id"));
            checks.at(L7).fail(AuthorityCheck::EntryFound, detail);
        }
        return;
    };
    checks.at(L7).pass(AuthorityCheck::EntryFound, words!("found-found"));
    let same = grant.is_recorded_as(&hash);
    checks.at(L7).require(AuthorityCheck::EntryHashMatch, same, words!("found-equal"), || {
        words!("authority-other-state")
    });
    checks.at(L7).require(
        AuthorityCheck::EntryHash,
        grant.hash_holds,
        words!("found-holds"),
        || words!("authority-entry-changed"),
    );
    checks.at(L7).require(
        AuthorityCheck::IsGrant,
        !grant.is_revocation(),
        words!("found-grant"),
        || words!("authority-no-grant"),
    );
    let same = of("authority_id").is_empty() || grant.authority_id() == Some(&*of("authority_id"));
    checks.at(L7).require(AuthorityCheck::IdMatch, same, words!("found-equal"), || {
        words!("authority-other")
    });
    check_terms(checks, run, grant);

    let created = run.created_at();
    let at = created.map(|at| at.unix());
    match ledger.revoked_at(grant) {
        None => {
            checks.at(L7).pass(AuthorityCheck::NotRevoked, words!("found-never-revoked"));
        }
        Some(since) => {
            let later = since.zip(at).is_some_and(|(since, at)| since.unix() > at);
            checks.at(L7).require(
                AuthorityCheck::NotRevoked,
                later,
                words!("found-revoked-later"),
                || words!("authority-revoked", since = time(since)),
            );
        }
    }
    let effective = grant.effective_at.zip(at).is_some_and(|(from, at)| from.unix() <= at);
    checks.at(L7).require(
        AuthorityCheck::Effective,
        effective,
        words!("found-in-force"),
        || match (at, grant.effective_at) {
            (None, _) => words!("authority-decision-undated"),
            (_, Some(from)) => words!("authority-only-from", %from),
            (_, None) => words!("authority-from-unknown"),
        },
    );
    let expiry = grant.expires_at;
    let lasted =
        expiry.is_none_or(|until| until.zip(at).is_some_and(|(until, at)| at < until.unix()));
    checks.at(L7).require(AuthorityCheck::NotExpired, lasted, words!("found-not-expired"), || {
        words!("authority-expired", until = time(expiry.flatten()))
    });
    let decision = run.decision_id().unwrap_or("");
    let covers = !decision.is_empty() && grant.covers_decision(decision);
    checks.at(L7).require(
        AuthorityCheck::ScopeCoversDecision,
        covers,
        words!("found-covered"),
        || words!("authority-scope", ?decision),
    );
}

/// A time, or that it cannot be read.
pub(crate) fn time(at: Option<Instant>) -> Value {
    at.map_or_else(|| words!("unreadable-time").into(), |at| at.to_string().into())
}

/// Whose grant it is, and under which policy. The reference compares neither, and delegation may
/// be why they differ, so this only warns.
fn check_terms(checks: &mut Checks, run: &SealedRun, grant: &Grant) {
    let of_run = |path: &[&str]| run.text(&[&["authority_envelope"], path].concat());
    let terms = [
        (AuthorityCheck::Actor, "actor", &grant.actor_id, of_run(&["actor", "id"])),
        (
            AuthorityCheck::Policy,
            "policy-version",
            &grant.policy_version,
            of_run(&["policy_snapshot", "policy_version"]),
        ),
        (
            AuthorityCheck::Policy,
            "policy-hash",
            &grant.policy_hash,
            of_run(&["policy_snapshot", "policy_hash"]),
        ),
    ];
    for (id, what, granted, run) in terms {
        let granted = granted.as_deref().filter(|text| !text.is_empty());
        if let (Some(granted), Some(run)) = (granted, run)
            && granted != &*run
        {
            checks.at(L7).warn(id, words!("authority-grant-differs", what, ?granted, ?run));
        }
    }
}
