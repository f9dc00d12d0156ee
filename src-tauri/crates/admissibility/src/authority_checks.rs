//! L7: the decision was made under an authority that stands in the ledger and was in force.

use crate::check::{Checks, Outcome};
use crate::level::Level::L7;
use crate::verdict::{Evidence, Part};

pub(crate) fn check(checks: &mut Checks, evidence: &Evidence<'_>) {
    let Ok(run) = evidence.run else {
        return;
    };
    let reference = run.at(&["authority_ledger_ref"]).filter(|r| r.is_object());
    let Some(reference) = reference else {
        let detail =
            "The run does not refer to the authority ledger; only sealing it anew can add that.";
        checks.add(L7, "authority.ref_present", Outcome::Missing, true, detail);
        return;
    };
    checks.require(L7, "authority.ref_present", true, "there", String::new);
    let ledger = match evidence.ledger {
        Part::Read(Ok(ledger)) => ledger,
        Part::Read(Err(why)) => {
            checks.require(L7, "authority.ledger_exists", false, "", || {
                format!("The authority ledger cannot be read: {why}.")
            });
            return;
        }
        Part::Absent => {
            let detail = "No authority ledger is here.";
            checks.add(L7, "authority.ledger_exists", Outcome::Missing, true, detail);
            return;
        }
    };
    checks.require(L7, "authority.ledger_exists", true, "there", String::new);
    let of = |key: &str| reference.text(key).unwrap_or_default();
    let Some(grant) = ledger.find(&of("authority_entry_id")) else {
        let detail =
            format!("The authority entry {:?} is not in the ledger.", of("authority_entry_id"));
        checks.add(L7, "authority.entry_found", Outcome::Fail, true, detail);
        return;
    };
    checks.require(L7, "authority.entry_found", true, "found", String::new);
    let same = grant.text("entry_hash") == Some(&*of("authority_entry_hash"));
    checks.require(L7, "authority.entry_hash_match", same, "equal", || {
        "The run refers to another state of its authority entry (the hashes differ).".to_owned()
    });
    checks.require(L7, "authority.entry_hash", grant.hash_holds, "holds", || {
        "The authority entry was changed: its hash is not right.".to_owned()
    });
    let same =
        of("authority_id").is_empty() || grant.text("authority_id") == Some(&*of("authority_id"));
    checks.require(L7, "authority.id_match", same, "equal", || {
        "The run names another authority than its entry in the ledger.".to_owned()
    });

    let created = run.created_at();
    let at = created.map(|at| at.unix());
    match ledger.revoked_at(grant) {
        None => {
            checks.require(L7, "authority.not_revoked", true, "never revoked", String::new);
        }
        Some(since) => {
            let later = since.zip(at).is_some_and(|(since, at)| since.unix() > at);
            checks.require(L7, "authority.not_revoked", later, "revoked only later", || {
                let since =
                    since.map_or_else(|| "an unreadable time".to_owned(), |s| s.to_string());
                format!("The authority was revoked at {since}, before the decision.")
            });
        }
    }
    let effective = grant.effective_at().zip(at).is_some_and(|(from, at)| from.unix() <= at);
    checks.require(L7, "authority.effective", effective, "in force", || {
        match (at, grant.effective_at()) {
            (None, _) => "When the decision was made is not known.".to_owned(),
            (_, Some(from)) => {
                format!("The authority was in force only from {from}, after the decision.")
            }
            (_, None) => "From when the authority was in force is not known.".to_owned(),
        }
    });
    let expiry = grant.expires_at();
    let lasted =
        expiry.is_none_or(|until| until.zip(at).is_some_and(|(until, at)| at < until.unix()));
    checks.require(L7, "authority.not_expired", lasted, "not expired", || {
        let until =
            expiry.flatten().map_or_else(|| "an unreadable time".to_owned(), |u| u.to_string());
        format!("The authority had expired at {until}, before the decision.")
    });
    let decision = run.decision_id().unwrap_or("");
    let covers = !decision.is_empty() && grant.covers_decision(decision);
    checks.require(L7, "authority.scope_covers_decision", covers, "covered", || {
        format!("The authority's scope does not cover the decision {decision:?}.")
    });
    checks.require(L7, "authority.chain", ledger.broken.is_none(), "the whole chain holds", || {
        format!("The authority ledger is broken, {}.", ledger.broken.as_deref().unwrap_or_default())
    });
}
