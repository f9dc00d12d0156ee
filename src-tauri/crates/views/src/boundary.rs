//! The authority boundary of an envelope: whether it holds, and whether the run lies inside it.

use std::fmt::Display;

use countersign_admissibility::boundary::{BoundaryCheck, JudgedBoundary};
use countersign_admissibility::check::{NamedCheck, Outcome};
use countersign_admissibility::state::State;
use countersign_problem::Said;
use serde::Serialize;

use super::{said, short};

/// An authority boundary as it was judged for one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct BoundaryView {
    /// Its id, as it has it; null if it cannot be read.
    pub id: Option<String>,
    /// The contract that it is about, as it has it.
    pub contract: Option<String>,
    /// The programme that it is about, as it has it.
    pub program: Option<String>,
    /// Whether it holds for this run.
    pub validity: Outcome,
    /// Whether decision, tools and data of the run lie inside it.
    pub inside: Outcome,
    /// How both together stand.
    pub state: State,
    /// Both as sentences.
    pub sentence: Said,
    /// Whether it holds: the checks of the reference, then Countersign's own.
    pub checks: Vec<NamedCheckView>,
    /// Whether the run lies inside it.
    pub run_checks: Vec<NamedCheckView>,
}

/// A check that no level depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct NamedCheckView {
    /// Its name.
    pub id: String,
    /// How it came out.
    pub outcome: Outcome,
    /// How what it is about stands.
    pub state: State,
    /// The finding.
    pub detail: Said,
}

impl NamedCheckView {
    /// The view of a check.
    pub fn of<Id: Display>(check: &NamedCheck<Id>) -> Self {
        Self {
            id: check.id.to_string(),
            outcome: check.outcome,
            state: check.state(),
            detail: said(&check.detail),
        }
    }
}

impl BoundaryView {
    /// The view of a boundary that was judged.
    pub fn of(boundary: &JudgedBoundary) -> Self {
        let [contract, program] = boundary.about.each_ref().map(|text| text.as_deref().map(short));
        let is_about_run = |check: &&NamedCheck<BoundaryCheck>| check.id.is_about_run();
        let (of_run, of_itself): (Vec<_>, Vec<_>) = boundary.checks.iter().partition(is_about_run);
        let views = |checks: Vec<&NamedCheck<BoundaryCheck>>| {
            checks.into_iter().map(NamedCheckView::of).collect()
        };
        Self {
            id: boundary.id.as_deref().map(short),
            contract,
            program,
            validity: boundary.validity(),
            inside: boundary.inside(),
            state: boundary.state(),
            sentence: said(&boundary.sentence()),
            checks: views(of_itself),
            run_checks: views(of_run),
        }
    }

    /// The checks that do not pass.
    pub fn open(&self) -> impl Iterator<Item = &NamedCheckView> {
        self.checks.iter().chain(&self.run_checks).filter(|check| check.outcome != Outcome::Pass)
    }
}
