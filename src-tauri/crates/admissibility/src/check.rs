//! Named checks and how they came out. The names of the reference's checks are kept.

use std::borrow::Cow;

use countersign_envelope::vocabulary;

use crate::agreement::Agreement;
use crate::level::Level;

vocabulary! {
    /// How a check came out.
    Outcome {
        /// It holds.
        Pass = "pass",
        /// It does not hold.
        Fail = "fail",
        /// What it is about is not there.
        Missing = "missing",
        /// It cannot be decided here, for want of a key or of something not readable.
        Unchecked = "unchecked",
        /// It holds, but a person should know something.
        Warn = "warn",
    }
}

/// One named check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name, such as `commit_hash.integrity`.
    pub id: Cow<'static, str>,
    /// The level that it belongs to.
    pub level: Level,
    /// How it came out.
    pub outcome: Outcome,
    /// Whether the level hangs on it. The others inform: one bad signature of three, say.
    pub required: bool,
    /// What was found; for a check that did not pass, a sentence for a person.
    pub detail: Cow<'static, str>,
}

impl Check {
    /// Whether it keeps its level from holding.
    pub fn stops(&self) -> bool {
        self.required && !matches!(self.outcome, Outcome::Pass | Outcome::Warn)
    }
}

/// The checks of one envelope, as they are made.
#[derive(Debug, Default)]
pub(crate) struct Checks(pub Vec<Check>);

impl Checks {
    /// A check that the level hangs on.
    pub fn require(
        &mut self,
        level: Level,
        id: impl Into<Cow<'static, str>>,
        holds: bool,
        found: impl Into<Cow<'static, str>>,
        otherwise: impl FnOnce() -> String,
    ) -> bool {
        let (outcome, detail) = match holds {
            true => (Outcome::Pass, found.into()),
            false => (Outcome::Fail, otherwise().into()),
        };
        self.add(level, id, outcome, true, detail);
        holds
    }

    /// Adds a required rule of agreement between files.
    pub fn agree(&mut self, level: Level, rule: Agreement) -> bool {
        let (id, holds) = (rule.id, rule.outcome.is_ok());
        let (Ok(detail) | Err(detail)) = rule.outcome;
        let outcome = if holds { Outcome::Pass } else { Outcome::Fail };
        self.add(level, id, outcome, true, detail);
        holds
    }

    /// Adds a check.
    pub fn add(
        &mut self,
        level: Level,
        id: impl Into<Cow<'static, str>>,
        outcome: Outcome,
        required: bool,
        detail: impl Into<Cow<'static, str>>,
    ) {
        let (id, detail) = (id.into(), detail.into());
        self.0.push(Check { id, level, outcome, required, detail });
    }
}
