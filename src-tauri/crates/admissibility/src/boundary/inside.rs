//! Whether decision, tools and data of a run lie inside a boundary. What the boundary denies is
//! outside, whatever else it allows; what it does not name is outside; names are compared exactly.

use std::collections::HashSet;

use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::json::Node;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Words, words};

use super::resource::{Naming, Resources};
use super::{BoundaryCheck, Entry};
use crate::check::Outcome;

/// What was found of one check.
type Found = (Outcome, Words);

/// The checks, in their order.
pub(super) fn checks(
    boundary: &AuthorityBoundary,
    run: &SealedRun,
    entry: &Entry<'_>,
) -> [(BoundaryCheck, Found); 4] {
    [
        (BoundaryCheck::Decision, decision(run, entry)),
        (BoundaryCheck::Objective, objective(boundary, run)),
        (BoundaryCheck::Tools, tools(boundary, run)),
        (BoundaryCheck::Data, data(boundary, run)),
    ]
}

/// The decision of a run, unless it is empty.
fn decision_of(run: &SealedRun) -> Option<&str> {
    run.decision_id().filter(|id| !id.is_empty())
}

/// A boundary names no decisions; the grant that it stands under does.
fn decision(run: &SealedRun, entry: &Entry<'_>) -> Found {
    let Some(decision) = decision_of(run) else {
        return (Outcome::Unchecked, words!("abp-no-decision"));
    };
    match entry {
        Entry::Found(_, grant) if grant.covers_decision(decision) => {
            (Outcome::Pass, words!("found-covered"))
        }
        Entry::Found(..) => (Outcome::Fail, words!("authority-scope", ?decision)),
        Entry::Missing => (Outcome::Unchecked, words!("abp-no-entry")),
        Entry::Unknown(why) => (Outcome::Unchecked, why.clone()),
    }
}

/// Objectives are prose with an id. Only an id that is that of the decision, or the decision as the
/// contract, says that it is meant.
fn objective(boundary: &AuthorityBoundary, run: &SealedRun) -> Found {
    let Some(decision) = decision_of(run) else {
        return (Outcome::Unchecked, words!("abp-no-decision"));
    };
    if boundary.denied_objectives().any(|id| id == decision) {
        return (Outcome::Fail, words!("abp-objective-denied", ?decision));
    }
    let mut allowed = boundary.allowed_objectives().peekable();
    if allowed.peek().is_none() {
        return (Outcome::Fail, words!("abp-no-objective"));
    }
    match allowed.any(|id| id == decision) || boundary.contract_id() == Some(decision) {
        true => (Outcome::Pass, words!("abp-found-allowed")),
        false => (Outcome::Unchecked, words!("abp-objectives-prose", ?decision)),
    }
}

/// The tools that the run names in `scope_bound.tools`. The reference's sealer names none.
fn tools(boundary: &AuthorityBoundary, run: &SealedRun) -> Found {
    let Some(named) = run.at(&["authority_envelope", "scope_bound", "tools"]) else {
        return (Outcome::Unchecked, words!("abp-run-no-tools"));
    };
    let Some(named) = named.items() else {
        return (Outcome::Unchecked, words!("abp-run-tools-unreadable"));
    };
    let decision = decision_of(run);
    let denied: HashSet<&str> = boundary.denied_tools().collect();
    let for_this = boundary
        .allowed_tools()
        .filter(|tool| tool.scope.is_none_or(|scope| Some(scope) == decision));
    let allowed: HashSet<&str> = for_this.map(|tool| tool.name).collect();
    for tool in named {
        let Some(name) = tool.as_str() else {
            return (Outcome::Unchecked, words!("abp-run-tools-unreadable"));
        };
        if denied.contains(&*name) {
            return (Outcome::Fail, words!("abp-tool-denied", name = ?name));
        }
        if !allowed.contains(&*name) {
            return (Outcome::Fail, words!("abp-tool-outside", name = ?name));
        }
    }
    (Outcome::Pass, words!("abp-found-allowed"))
}

/// The datasets and inputs that the run names: the role of its actor may read each.
fn data(boundary: &AuthorityBoundary, run: &SealedRun) -> Found {
    let role = run.text(&["authority_envelope", "actor", "role"]);
    let Some(role) = role.filter(|role| !role.is_empty()) else {
        return (Outcome::Unchecked, words!("run-no-actor-role"));
    };
    let list = |path: &[&str]| run.at(path).and_then(Node::items).into_iter().flatten();
    let datasets = list(&["authority_envelope", "scope_bound", "datasets"]);
    let inputs = list(&["hash_scope", "inputs"]).chain(list(&["inputs_snapshot", "files"]));
    let mut paths = HashSet::new();
    for path in datasets.map(Some).chain(inputs.map(|input| input.get("path"))) {
        let Some(path) = path.and_then(Node::as_str) else {
            return (Outcome::Unchecked, words!("abp-run-data-unreadable"));
        };
        paths.insert(path);
    }
    if paths.is_empty() {
        return (Outcome::Unchecked, words!("abp-run-no-data"));
    }
    let permissions = boundary.permissions().filter(|one| one.lets(&role, "read"));
    let resources = Resources::of(permissions.map(|one| one.resource));
    let Some(resources) = resources.for_paths(paths.len()) else {
        return (Outcome::Unchecked, words!("abp-data-too-many"));
    };
    let mut open: Vec<&str> = Vec::new();
    let mut outside: Vec<&str> = Vec::new();
    for path in &paths {
        match resources.name(path) {
            Naming::Named => {}
            Naming::Open => open.push(path),
            Naming::Outside => outside.push(path),
        }
    }
    // The same one each time, whatever the order of a set.
    let first =
        |some: &[&str]| some.iter().min().map(|path| (*path).to_owned()).unwrap_or_default();
    let role = role.into_owned();
    match (outside.len(), open.len()) {
        (0, 0) => (Outcome::Pass, words!("abp-found-readable", count = paths.len())),
        (0, count) => (Outcome::Unchecked, words!("abp-data-pattern", path = ?first(&open), count)),
        (count, _) => {
            let of = paths.len();
            let path = first(&outside);
            (Outcome::Fail, words!("abp-data-outside", path = ?path, role = ?role, count, of))
        }
    }
}
