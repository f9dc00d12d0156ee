//! Named checks and their outcomes.

mod id;

use countersign_envelope::vocabulary;
use countersign_problem::Words;

use crate::level::Level;
use crate::state::State;

pub use id::{
    AuthorityCheck, CheckId, ClaimCheck, CoSigningCheck, CommitmentCheck, CompanionCheck,
    DateCheck, KeyCheck, LogCheck, ManifestCheck, RefusalCheck, RunCheck, SeenCheck,
    SignatureFileCheck, TextCheck,
};

vocabulary! {
    /// The outcome of a check.
    Outcome {
        /// It holds.
        Pass = "pass",
        /// It does not hold.
        Fail = "fail",
        /// What it is about is not there.
        Missing = "missing",
        /// It cannot be decided here: a key is missing, or something cannot be read.
        Unchecked = "unchecked",
        /// It holds, but a person should know something.
        Warn = "warn",
    }
}

/// One named check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which check it is.
    pub id: CheckId,
    /// The level that it belongs to.
    pub level: Level,
    /// Its outcome.
    pub outcome: Outcome,
    /// Whether the level depends on it. The others inform: one bad signature of three, for example.
    pub required: bool,
    /// What was found; for a check that did not pass, a sentence for a person.
    pub detail: Words,
    /// How that stands: a check can fail because something is missing or cannot be read, and only
    /// what contradicts is [`State::Contradicted`].
    pub state: State,
}

impl Check {
    /// Whether it keeps its level from holding.
    pub fn stops(&self) -> bool {
        self.required && !matches!(self.outcome, Outcome::Pass | Outcome::Warn)
    }

    /// Whether it says that the manifest beside a run is not the run's. No signature changes that,
    /// and nothing is signed until the right one is there.
    pub fn shows_other_manifest(&self) -> bool {
        self.stops() && self.id.ties_manifest_to_run()
    }
}

/// A named check that no level depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCheck<Id> {
    /// Which check it is.
    pub id: Id,
    /// Its outcome.
    pub outcome: Outcome,
    /// What was found; for a check that did not pass, a sentence for a person.
    pub detail: Words,
}

impl<Id> NamedCheck<Id> {
    /// How what it is about stands.
    pub fn state(&self) -> State {
        State::of_outcome(self.outcome)
    }
}

/// The checks of one envelope, as they are made.
#[derive(Debug, Default)]
pub(crate) struct Checks(pub Vec<Check>);

impl Checks {
    /// The checks that a level has.
    pub fn at(&mut self, level: Level) -> ChecksOf<'_> {
        ChecksOf { checks: self, level }
    }
}

/// The checks of one level, as they are made.
pub(crate) struct ChecksOf<'a> {
    checks: &'a mut Checks,
    level: Level,
}

impl ChecksOf<'_> {
    /// Adds a check that the level depends on, and returns whether it holds.
    pub fn require(
        &mut self,
        id: impl Into<CheckId>,
        holds: bool,
        found: Words,
        otherwise: impl FnOnce() -> Words,
    ) -> bool {
        match holds {
            true => self.pass(id, found),
            false => self.fail(id, otherwise()),
        }
        holds
    }

    /// Adds a check that the level depends on, about something that has to be there. If it is not, the
    /// check fails, as the reference's does, and contradicts nothing.
    pub fn require_there(
        &mut self,
        id: impl Into<CheckId>,
        is_there: bool,
        found: Words,
        otherwise: impl FnOnce() -> Words,
    ) -> bool {
        match is_there {
            true => self.pass(id, found),
            false => self.lack(id, otherwise()),
        }
        is_there
    }

    /// Adds a check that the level depends on: what was found, or the contradiction as a sentence.
    pub fn decide(&mut self, id: CheckId, found: Result<Words, Words>) {
        match found {
            Ok(detail) => self.pass(id, detail),
            Err(detail) => self.fail(id, detail),
        }
    }

    /// Adds a check that the level depends on, and that holds.
    pub fn pass(&mut self, id: impl Into<CheckId>, found: Words) {
        self.add(id, Outcome::Pass, true, found);
    }

    /// Adds a check that the level depends on, and that does not hold.
    pub fn fail(&mut self, id: impl Into<CheckId>, detail: Words) {
        self.add(id, Outcome::Fail, true, detail);
    }

    /// Adds a check that the level depends on, and that fails because something is missing.
    pub fn lack(&mut self, id: impl Into<CheckId>, detail: Words) {
        self.add_as(id, (Outcome::Fail, State::Open), true, detail);
    }

    /// Adds a check that the level depends on, and that fails because a file cannot be read.
    pub fn unreadable(&mut self, id: impl Into<CheckId>, detail: Words) {
        self.add_as(id, (Outcome::Fail, State::Unchecked), true, detail);
    }

    /// Adds a check that the level depends on, about something that is not there.
    pub fn missing(&mut self, id: impl Into<CheckId>, detail: Words) {
        self.add(id, Outcome::Missing, true, detail);
    }

    /// Adds a warning.
    pub fn warn(&mut self, id: impl Into<CheckId>, detail: Words) {
        self.add(id, Outcome::Warn, false, detail);
    }

    /// Adds a check.
    pub fn add(&mut self, id: impl Into<CheckId>, outcome: Outcome, required: bool, detail: Words) {
        self.add_as(id, (outcome, State::of_outcome(outcome)), required, detail);
    }

    /// Adds a check whose state is not that of its outcome.
    pub fn add_as(
        &mut self,
        id: impl Into<CheckId>,
        (outcome, state): (Outcome, State),
        required: bool,
        detail: Words,
    ) {
        let (id, level) = (id.into(), self.level);
        self.checks.0.push(Check { id, level, outcome, required, detail, state });
    }
}
