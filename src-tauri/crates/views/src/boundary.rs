//! The authority boundary of an envelope: whether it holds, and whether the run lies inside it.

use countersign_admissibility::boundary::JudgedBoundary;
use countersign_admissibility::check::Outcome;
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
    /// The checks: those of the reference, then Countersign's own.
    pub checks: Vec<BoundaryCheckView>,
}

/// One check of an authority boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct BoundaryCheckView {
    /// Its name; those of the reference begin with `abp.`.
    pub id: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// How what it is about stands.
    pub state: State,
    /// The finding.
    pub detail: Said,
}

impl BoundaryView {
    /// The view of a boundary that was judged.
    pub fn of(boundary: &JudgedBoundary) -> Self {
        let [contract, program] = boundary.about.each_ref().map(|text| text.as_deref().map(short));
        let checks = boundary.checks.iter().map(|check| BoundaryCheckView {
            id: check.id.as_str(),
            outcome: check.outcome,
            state: check.state(),
            detail: said(&check.detail),
        });
        Self {
            id: boundary.id.as_deref().map(short),
            contract,
            program,
            validity: boundary.validity(),
            inside: boundary.inside(),
            state: boundary.state(),
            sentence: said(&boundary.sentence()),
            checks: checks.collect(),
        }
    }

    /// The checks that do not pass.
    pub fn open(&self) -> impl Iterator<Item = &BoundaryCheckView> {
        self.checks.iter().filter(|check| check.outcome != Outcome::Pass)
    }
}
