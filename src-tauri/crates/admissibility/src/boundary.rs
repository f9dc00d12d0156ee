//! The authority boundary: whether it holds, and whether the run lies inside it. No level depends on
//! it.
//!
//! The checks named `abp.*` are those of the reference's `verify_abp.py`, with its verdicts; those named
//! `boundary.*` are Countersign's own. Where a verdict differs from the reference's:
//! - without a ledger, or one that cannot be read, what depends on it is not checkable; the reference
//!   passes it;
//! - a time that cannot be read is not checkable, and against the schema; the reference passes it, and
//!   takes an entry whose end cannot be read as one without an end;
//! - a key that is given twice, and JSON that is none (`NaN`, a lone surrogate), fail `abp.json_valid`;
//!   the reference takes the last key, and accepts `NaN`;
//! - an authority that another entry revokes fails `abp.authority_ref_valid`, if that was before the
//!   boundary was made; the reference looks at the entry alone;
//! - nor does a ledger whose chain is broken say that a sound entry is not revoked: that may stand below;
//! - of several entries with one id, the one with the hash counts, as for L7; the reference takes the
//!   first;
//! - where the reference stops with an error, because a part is missing, the check fails.
//!
//! | question | module |
//! |---|---|
//! | Do decision, tools and data of the run lie inside? | `inside` |
//! | Does a resource of the boundary name a path? | `resource` |

mod inside;
mod resource;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::authority_ledger::{AuthorityLedger, Grant};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::vocabulary;
use countersign_problem::{Explain as _, Words, words};

use crate::authority_checks::time;
use crate::check::{NamedCheck, Outcome};
use crate::evidence::{Continuity, Evidence, Part};
use crate::state::State;

vocabulary! {
    /// The checks of an authority boundary.
    BoundaryCheck {
        /// It is one JSON object, each key given once.
        JsonValid = "abp.json_valid",
        /// It keeps to its schema.
        SchemaValid = "abp.schema_valid",
        /// Its hash holds.
        HashIntegrity = "abp.hash_integrity",
        /// Its id follows from scope, reference and time.
        IdDeterministic = "abp.id_deterministic",
        /// The ledger has the entry that it stands under, and it is not revoked.
        AuthorityRefValid = "abp.authority_ref_valid",
        /// It was made while that entry was in force.
        AuthorityNotExpired = "abp.authority_not_expired",
        /// Its parent is named whole, and no part twice.
        CompositionValid = "abp.composition_valid",
        /// Nothing is allowed and denied.
        NoContradictions = "abp.no_contradictions",
        /// The review of the delegation, if there is one, is whole.
        DelegationReviewValid = "abp.delegation_review_valid",
        /// The entry that it stands under is a sound grant in a sound ledger.
        Entry = "boundary.authority_entry",
        /// The run was decided under the same entry.
        Authority = "boundary.authority",
        /// It was in force when the run was decided.
        InForce = "boundary.in_force",
        /// The boundary that it is a part of. Not checked if it is a part of none.
        Parent = "boundary.parent",
        /// The authority covers the decision.
        Decision = "boundary.decision",
        /// An objective allows the decision, and none denies it.
        Objective = "boundary.objective",
        /// The tools that the run names are allowed.
        Tools = "boundary.tools",
        /// The data that the run names may be read.
        Data = "boundary.data",
    }
}

impl BoundaryCheck {
    /// Whether it is one of the reference's.
    pub fn is_of_reference(self) -> bool {
        self.as_str().starts_with("abp.")
    }

    /// Whether it is about the run lying inside, and not about the boundary itself.
    pub fn is_about_run(self) -> bool {
        matches!(self, Self::Decision | Self::Objective | Self::Tools | Self::Data)
    }
}

/// The verdict on a boundary, for one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedBoundary {
    /// Its id, as it has it.
    pub id: Option<String>,
    /// The contract and the programme that it is about, as it has them.
    pub about: [Option<String>; 2],
    /// Its checks: the reference's in its order, then Countersign's own.
    pub checks: Vec<NamedCheck<BoundaryCheck>>,
}

impl JudgedBoundary {
    /// Whether the boundary holds for this run: [`Outcome::Pass`] if every check of the reference
    /// passes and nothing contradicts, [`Outcome::Unchecked`] if one is not checkable.
    pub fn validity(&self) -> Outcome {
        let of_itself = |check: &&NamedCheck<BoundaryCheck>| !check.id.is_about_run();
        // That a parent is not here, or a run refers to no authority, keeps no boundary from holding.
        let counts = |check: &&NamedCheck<BoundaryCheck>| {
            check.id.is_of_reference() || check.outcome == Outcome::Fail
        };
        worst(self.checks.iter().filter(of_itself).filter(counts))
    }

    /// Whether it holds, so that `--require-abp` is met.
    pub fn is_valid(&self) -> bool {
        self.validity() == Outcome::Pass
    }

    /// Both as sentences: whether it holds, and whether the run lies inside it.
    pub fn sentence(&self) -> Words {
        let id = self.id.as_deref().unwrap_or("abp_v1.json");
        let holds = match self.validity() {
            Outcome::Pass => words!("abp-holds", ?id),
            Outcome::Unchecked => words!("abp-not-checkable", ?id),
            _ => words!("abp-does-not-hold", ?id),
        };
        let inside = match self.inside() {
            Outcome::Pass => words!("abp-run-inside"),
            Outcome::Unchecked => words!("abp-run-unchecked"),
            _ => words!("abp-run-outside"),
        };
        words!("abp-sentence", holds, inside)
    }

    /// How it stands for this run, the run inside it or not.
    pub fn state(&self) -> State {
        State::of_outcome(match (self.validity(), self.inside()) {
            (Outcome::Fail | Outcome::Missing, _) | (_, Outcome::Fail) => Outcome::Fail,
            (Outcome::Pass, Outcome::Pass) => Outcome::Pass,
            _ => Outcome::Unchecked,
        })
    }

    /// Whether decision, tools and data of the run lie inside.
    pub fn inside(&self) -> Outcome {
        let mut about_run = self.checks.iter().filter(|check| check.id.is_about_run()).peekable();
        match about_run.peek() {
            // It could not be read.
            None => Outcome::Unchecked,
            Some(_) => worst(about_run),
        }
    }
}

/// The worst outcome: a failure, something that is not checkable, or neither.
fn worst<'a>(checks: impl Iterator<Item = &'a NamedCheck<BoundaryCheck>>) -> Outcome {
    let outcomes: Vec<Outcome> = checks.map(|check| check.outcome).collect();
    let worst = [Outcome::Fail, Outcome::Missing, Outcome::Unchecked];
    worst.into_iter().find(|outcome| outcomes.contains(outcome)).unwrap_or(Outcome::Pass)
}

/// The checks of a boundary, as they are made.
#[derive(Debug, Default)]
struct Judging(Vec<NamedCheck<BoundaryCheck>>);

impl Judging {
    fn add(&mut self, id: BoundaryCheck, outcome: Outcome, detail: Words) {
        self.0.push(NamedCheck { id, outcome, detail });
    }

    fn ask(&mut self, id: BoundaryCheck, found: Result<Words, Words>) {
        match found {
            Ok(detail) => self.add(id, Outcome::Pass, detail),
            Err(detail) => self.add(id, Outcome::Fail, detail),
        }
    }
}

/// Judges the boundary of an envelope, if there is one.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Option<JudgedBoundary> {
    let read = evidence.boundary.read()?;
    let mut judging = Judging::default();
    let boundary = match read {
        Ok(boundary) => boundary,
        Err(why) => {
            judging.ask(BoundaryCheck::JsonValid, Err(words!("abp-unreadable", why)));
            return Some(JudgedBoundary { id: None, about: [None, None], checks: judging.0 });
        }
    };
    judging.ask(BoundaryCheck::JsonValid, Ok(words!("found-object")));
    let entry = Entry::of(boundary, evidence);
    check_itself(&mut judging, boundary);
    check_entry(&mut judging, boundary, &entry);
    check_parts(&mut judging, boundary);
    judging.check_own(boundary, evidence, &entry);
    let text = |text: Option<&str>| text.map(ToOwned::to_owned);
    Some(JudgedBoundary {
        id: text(boundary.id()),
        about: [text(boundary.contract_id()), text(boundary.program())],
        checks: judging.0,
    })
}

/// The ledger entry that a boundary stands under.
enum Entry<'a> {
    /// It is not known here, and why.
    Unknown(Words),
    /// The ledger has none with this id.
    Missing,
    /// It is there.
    Found(&'a AuthorityLedger, &'a Grant),
}

impl<'a> Entry<'a> {
    fn of(boundary: &AuthorityBoundary, evidence: &Evidence<'a>) -> Self {
        if let Some(why) = evidence.ledger_standing.undecided {
            return Self::Unknown(words!("chain-not-checkable", why));
        }
        let ledger = match evidence.ledger {
            Part::Read(Ok(ledger)) => ledger,
            Part::Read(Err(why)) => return Self::Unknown(words!("ledger-unreadable", why)),
            Part::Absent => return Self::Unknown(words!("ledger-missing")),
        };
        match (ledger.find(boundary.entry_id(), boundary.entry_hash()), ledger.broken()) {
            (Some(grant), _) => Self::Found(ledger, grant),
            // It may stand further down, where nothing was read.
            (None, Some(broken)) => Self::Unknown(words!("ledger-broken", broken = broken.clone())),
            (None, None) => Self::Missing,
        }
    }
}

/// Schema, hash and id.
fn check_itself(judging: &mut Judging, boundary: &AuthorityBoundary) {
    let schema = boundary.check_schema().map(|()| words!("abp-found-schema"));
    let schema = schema.map_err(|why| words!("abp-schema", why = why.problem()));
    judging.ask(BoundaryCheck::SchemaValid, schema);
    let recorded = boundary.recorded_hash().unwrap_or_default();
    let holds = boundary.computed_hash().is_some_and(|computed| computed.is(recorded));
    let hash = if holds { Ok(words!("found-recomputed")) } else { Err(words!("abp-changed")) };
    judging.ask(BoundaryCheck::HashIntegrity, hash);
    let derived = boundary.derived_id();
    let id = match derived.is_some() && derived.as_deref() == boundary.id() {
        true => Ok(words!("abp-found-derived")),
        false => Err(words!("abp-id", id = ?boundary.id().unwrap_or("nothing"))),
    };
    judging.ask(BoundaryCheck::IdDeterministic, id);
}

/// The entry in the ledger, by the rules of the reference.
fn check_entry(judging: &mut Judging, boundary: &AuthorityBoundary, entry: &Entry<'_>) {
    let id = boundary.entry_id();
    let (ledger, grant) = match entry {
        Entry::Found(ledger, grant) => (ledger, grant),
        Entry::Unknown(why) => {
            judging.add(BoundaryCheck::AuthorityRefValid, Outcome::Unchecked, why.clone());
            judging.add(BoundaryCheck::AuthorityNotExpired, Outcome::Unchecked, why.clone());
            return;
        }
        // The reference has no second check then.
        Entry::Missing => {
            judging.ask(BoundaryCheck::AuthorityRefValid, Err(words!("authority-no-entry", ?id)));
            return;
        }
    };
    let made = boundary.created_at();
    let revoked = ledger.revoked_at(grant);
    // By an entry of its own from later on: what was set before may stand.
    let is_later = |since: Option<countersign_envelope::instant::Instant>| {
        since.zip(made).is_some_and(|(since, made)| since.unix() > made.unix())
    };
    let (outcome, detail) = match (revoked, ledger.broken()) {
        _ if !grant.is_recorded_as(boundary.entry_hash()) => {
            (Outcome::Fail, words!("abp-entry-differs", ?id))
        }
        (Some(since), _) if grant.is_marked_revoked() || !is_later(since) => {
            (Outcome::Fail, words!("abp-entry-revoked", ?id, since = time(since)))
        }
        // Of an entry that was itself changed the check of its own says so.
        (_, Some(broken)) if grant.hash_holds => {
            (Outcome::Unchecked, words!("abp-revocation-below", broken = broken.clone()))
        }
        _ => (Outcome::Pass, words!("abp-found-entry", ?id)),
    };
    judging.add(BoundaryCheck::AuthorityRefValid, outcome, detail);

    // The end itself is inside here, as for the reference.
    let (outcome, detail) = match (grant.effective_at, grant.expires_at, made) {
        (Some(from), None, Some(made)) if from.unix() <= made.unix() => {
            (Outcome::Pass, words!("found-in-force"))
        }
        (Some(from), Some(Some(until)), Some(made))
            if (from.unix()..=until.unix()).contains(&made.unix()) =>
        {
            (Outcome::Pass, words!("found-in-force"))
        }
        (None, ..) | (.., None) | (_, Some(None), _) => {
            (Outcome::Unchecked, words!("abp-window-unreadable"))
        }
        (_, _, Some(made)) => (Outcome::Fail, words!("abp-outside-window", %made)),
    };
    judging.add(BoundaryCheck::AuthorityNotExpired, outcome, detail);
}

/// Composition, contradictions and the review of the delegation.
fn check_parts(judging: &mut Judging, boundary: &AuthorityBoundary) {
    let mut seen = HashSet::new();
    let twice = boundary.children().find(|id| !seen.insert(*id));
    let composition = match (boundary.parent(), twice) {
        ([Some(_), None], _) => Err(words!("abp-parent-no-hash")),
        ([None, Some(_)], _) => Err(words!("abp-parent-no-id")),
        (_, Some(id)) => Err(words!("abp-child-twice", id = ?id.unwrap_or("null"))),
        _ => Ok(words!("abp-found-composition", count = seen.len())),
    };
    judging.ask(BoundaryCheck::CompositionValid, composition);

    let denied: HashSet<&str> = boundary.denied_objectives().collect();
    let objective = boundary.allowed_objectives().find(|id| denied.contains(id));
    let denied: HashSet<&str> = boundary.denied_tools().collect();
    let tool = boundary.allowed_tools().map(|tool| tool.name).find(|name| denied.contains(name));
    let contradictions = match (objective, tool) {
        (Some(id), _) => Err(words!("abp-objective-both", ?id)),
        (None, Some(name)) => Err(words!("abp-tool-both", ?name)),
        (None, None) => Ok(words!("abp-found-no-contradiction")),
    };
    judging.ask(BoundaryCheck::NoContradictions, contradictions);

    let review = match boundary.delegation_review() {
        None => Ok(words!("abp-found-no-review")),
        Some(review) => {
            let mut ids = HashSet::new();
            let twice = review.triggers().find(|(id, _)| !ids.insert(*id));
            let severe = review.triggers().all(|(_, severity)| severity);
            match twice {
                Some((id, _)) => Err(words!("abp-trigger-twice", ?id)),
                None if !severe => Err(words!("abp-trigger-severity")),
                None if !review.has_policy() => Err(words!("abp-review-policy")),
                None => Ok(words!("abp-found-review", count = ids.len())),
            }
        }
    };
    judging.ask(BoundaryCheck::DelegationReviewValid, review);
}

impl Judging {
    /// What the reference does not check.
    fn check_own(
        &mut self,
        boundary: &AuthorityBoundary,
        evidence: &Evidence<'_>,
        entry: &Entry<'_>,
    ) {
        use BoundaryCheck as C;
        let (outcome, detail) = soundness(evidence, entry);
        self.add(C::Entry, outcome, detail);
        let [parent, _] = boundary.parent();
        let own = |id| {
            [C::Authority, C::InForce, C::Decision, C::Objective, C::Tools, C::Data].contains(id)
        };
        let Ok(run) = evidence.run else {
            for id in C::ALL.iter().filter(|id| own(id)) {
                self.add(*id, Outcome::Unchecked, words!("abp-no-run"));
            }
            return;
        };
        // Nothing is read out of what is not what it should be.
        if boundary.check_schema().is_err() {
            for id in C::ALL.iter().filter(|id| own(id)) {
                self.add(*id, Outcome::Unchecked, words!("abp-not-read"));
            }
            return;
        }
        let (outcome, detail) = same_authority(boundary, run);
        self.add(C::Authority, outcome, detail);
        let (outcome, detail) = in_force(boundary, run, entry);
        self.add(C::InForce, outcome, detail);
        if let Some(id) = parent {
            self.add(C::Parent, parent_outcome(boundary), words!("abp-parent", ?id));
        }
        for (id, (outcome, detail)) in inside::checks(boundary, run, entry) {
            self.add(id, outcome, detail);
        }
    }
}

/// Whether the entry is a grant whose hash holds, in a ledger that holds.
fn soundness(evidence: &Evidence<'_>, entry: &Entry<'_>) -> (Outcome, Words) {
    let (ledger, grant) = match entry {
        Entry::Unknown(why) => return (Outcome::Unchecked, why.clone()),
        Entry::Missing => return (Outcome::Fail, words!("abp-no-entry")),
        Entry::Found(ledger, grant) => (ledger, grant),
    };
    if !grant.hash_holds {
        return (Outcome::Fail, words!("authority-entry-changed"));
    }
    if grant.is_revocation() {
        return (Outcome::Fail, words!("abp-entry-no-grant"));
    }
    if let Some(broken) = ledger.broken() {
        return (Outcome::Fail, words!("ledger-broken", broken = broken.clone()));
    }
    match evidence.ledger_standing.continuity {
        Continuity::Holds => (Outcome::Pass, words!("found-holds")),
        Continuity::Rewritten(why) => (Outcome::Fail, words!("chain-rewritten", why)),
        Continuity::Allowed(why) => (Outcome::Warn, words!("chain-allowed", why)),
        Continuity::Unknown(why) => (Outcome::Unchecked, words!("chain-not-checkable", why)),
    }
}

/// Whether the run refers to the entry that the boundary stands under.
fn same_authority(boundary: &AuthorityBoundary, run: &SealedRun) -> (Outcome, Words) {
    let Some(reference) = run.authority_reference() else {
        return (Outcome::Unchecked, words!("abp-run-no-authority"));
    };
    let of = |key: &str| reference.text(key).unwrap_or_default();
    let same = of("authority_entry_id") == boundary.entry_id()
        && of("authority_entry_hash") == boundary.entry_hash();
    match same {
        true => (Outcome::Pass, words!("found-equal")),
        false => {
            let run = of("authority_entry_id");
            (Outcome::Fail, words!("abp-other-authority", run = ?run, own = ?boundary.entry_id()))
        }
    }
}

/// Whether the boundary was in force when the run was decided, under an authority that was not revoked.
fn in_force(boundary: &AuthorityBoundary, run: &SealedRun, entry: &Entry<'_>) -> (Outcome, Words) {
    let Some(decided) = run.created_at() else {
        return (Outcome::Unchecked, words!("authority-decision-undated"));
    };
    let at = decided.unix();
    let (Some(from), Some(made)) = (boundary.effective_at(), boundary.created_at()) else {
        return (Outcome::Unchecked, words!("abp-window-unreadable"));
    };
    if from.unix() > at {
        return (Outcome::Fail, words!("abp-only-from", %from));
    }
    match boundary.expires_at() {
        Some(Some(until)) if until.unix() <= at => {
            return (Outcome::Fail, words!("abp-expired", %until));
        }
        Some(None) => return (Outcome::Unchecked, words!("abp-window-unreadable")),
        _ => {}
    }
    if let Entry::Found(ledger, grant) = entry
        && let Some(since) = ledger.revoked_at(grant)
        && since.is_none_or(|since| since.unix() <= at)
    {
        return (Outcome::Fail, words!("authority-revoked", since = time(since)));
    }
    match made.unix() > at {
        true => (Outcome::Warn, words!("abp-made-later", %made)),
        false => (Outcome::Pass, words!("found-in-force")),
    }
}

/// The parent is not here, so that nobody can tell whether it allows this; but a boundary is not its
/// own parent.
fn parent_outcome(boundary: &AuthorityBoundary) -> Outcome {
    let [id, hash] = boundary.parent();
    let is_itself = id == boundary.id() || (hash.is_some() && hash == boundary.recorded_hash());
    let has_form =
        hash.is_none_or(|hash| countersign_envelope::digest::Digest::parse(hash).is_some());
    if is_itself || !has_form { Outcome::Fail } else { Outcome::Unchecked }
}
