//! L0, L1 and L5: what the sealed run says of itself. Names and verdicts as in the reference's
//! `replay_sealed_run`, if it has them.

use countersign_envelope::digest::brief;
use countersign_envelope::json::Node;
use countersign_envelope::merkle;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Value, Words, words};

use crate::agreement;
use crate::check::{CheckId, Checks, CommitmentCheck, RunCheck};
use crate::determinism;
use crate::evidence::Evidence;
use crate::level::Level::{L0, L1, L5};

const TOP_KEYS: &[&str] = &[
    "schema_version",
    "authority_envelope",
    "decision_state",
    "inputs_snapshot",
    "outputs",
    "artifacts_emitted",
    "replay_instructions",
    "hash",
];
const ENVELOPE_KEYS: &[&str] = &[
    "envelope_version",
    "actor",
    "authority",
    "scope_bound",
    "policy_snapshot",
    "refusal",
    "enforcement",
    "provenance",
];
const SCOPE_KEYS: &[&str] =
    &["scope_version", "inputs", "prompts", "policies", "schemas", "parameters", "exclusions"];
/// How many input files have a check each.
const INPUTS: usize = 10_000;
const AUTHORITY_TYPES: &[&str] = &["delegated", "direct", "system", "inherited"];

pub(crate) fn check(checks: &mut Checks, evidence: &Evidence<'_>) {
    checks.at(L0).pass(RunCheck::FileExists, words!("found-file"));
    let run = match evidence.run {
        Ok(run) => run,
        Err(why) => {
            checks.at(L0).unreadable(RunCheck::FileJson, words!("run-unreadable", why));
            return;
        }
    };
    checks.at(L0).pass(RunCheck::FileJson, words!("found-object"));
    let kind = agreement::run_kind(run);
    checks.at(L0).decide(kind.id, kind.outcome);
    check_fields(checks, run);
    check_content_hash(checks, run);
    check_scope(checks, run);
    let named = agreement::file_name(run, evidence.file_name);
    checks.at(L1).decide(named.id, named.outcome);
}

fn check_fields(checks: &mut Checks, run: &SealedRun) {
    if !keys(checks, RunCheck::Keys, "sealed-run", Some(run.artifact().object()), TOP_KEYS) {
        return;
    }
    let is = |value: Option<Node<'_>>, text: &str| value.is_some_and(|value| value.is(text));
    let says = |path: &[&str]| run.at(path).map_or_else(|| "nothing".into(), Node::brief);
    let version = run.at(&["schema_version"]);
    let known = || Words::text("1.0");
    checks.at(L0).require(
        RunCheck::SchemaVersion,
        is(version, "1.0"),
        known(),
        || words!("run-schema-version", found = ?says(&["schema_version"])),
    );
    let envelope = run.at(&["authority_envelope"]);
    if !keys(checks, RunCheck::EnvelopeKeys, "envelope", envelope, ENVELOPE_KEYS) {
        return;
    }
    let part = |key: &str| envelope.and_then(|envelope| envelope.get(key));
    let of = |key: &str, field: &str| part(key).and_then(|part| part.get(field));
    let given = |value: Option<Node<'_>>| value.is_some_and(Node::is_truthy);
    // An array, object or string that is not empty.
    let filled = |value: Option<Node<'_>>| {
        value.is_some_and(|value| {
            value.as_str().is_some_and(|text| !text.is_empty()) || !value.is_empty()
        })
    };
    let is_true = |value: Option<Node<'_>>| value.and_then(Node::as_bool) == Some(true);

    checks.at(L0).require(
        RunCheck::EnvelopeVersion,
        is(part("envelope_version"), "1.0"),
        known(),
        || {
            let found = says(&["authority_envelope", "envelope_version"]);
            words!("run-envelope-version", ?found)
        },
    );
    keys(checks, RunCheck::ActorKeys, "actor", part("actor"), &["id", "role"]);
    let mut named = |id: RunCheck, holds: bool, otherwise: Words| {
        checks.at(L0).require_there(id, holds, words!("found-given"), || otherwise);
    };
    named(RunCheck::ActorId, given(of("actor", "id")), words!("run-no-actor"));
    named(RunCheck::ActorRole, given(of("actor", "role")), words!("run-no-actor-role"));

    keys(
        checks,
        RunCheck::AuthorityKeys,
        "authority",
        part("authority"),
        &["type", "source", "effective_at", "expires_at"],
    );
    let kind = of("authority", "type").and_then(Node::as_str);
    checks.at(L0).require(
        RunCheck::AuthorityType,
        kind.is_some_and(|kind| AUTHORITY_TYPES.contains(&&*kind)),
        words!("found-known"),
        || {
            let found = of("authority", "type").map_or_else(|| "nothing".into(), Node::brief);
            words!("run-authority-type", ?found, known = AUTHORITY_TYPES.join(", "))
        },
    );

    keys(
        checks,
        RunCheck::ScopeKeys,
        "scope",
        part("scope_bound"),
        &["decisions", "claims", "patches", "prompts", "datasets"],
    );
    let decisions = filled(of("scope_bound", "decisions"));
    checks.at(L0).require_there(
        RunCheck::ScopeDecisions,
        decisions,
        words!("found-decisions"),
        || words!("run-no-decision"),
    );

    keys(
        checks,
        RunCheck::PolicyKeys,
        "policy",
        part("policy_snapshot"),
        &["policy_version", "policy_hash", "prompt_hashes", "schema_version"],
    );
    let mut named = |id: RunCheck, holds: bool, otherwise: Words| {
        checks.at(L0).require_there(id, holds, words!("found-given"), || otherwise);
    };
    named(
        RunCheck::PolicyVersion,
        given(of("policy_snapshot", "policy_version")),
        words!("run-no-policy-version"),
    );
    named(
        RunCheck::PolicyHash,
        given(of("policy_snapshot", "policy_hash")),
        words!("run-no-policy-hash"),
    );

    keys(
        checks,
        RunCheck::RefusalKeys,
        "refusal",
        part("refusal"),
        &["refusal_available", "refusal_triggered", "refusal_reason_code", "checks_performed"],
    );
    let available = is_true(of("refusal", "refusal_available"));
    checks.at(L0).require(RunCheck::RefusalAvailable, available, words!("found-refusable"), || {
        words!("run-not-refusable")
    });
    let performed = filled(of("refusal", "checks_performed"));
    checks.at(L0).require_there(
        RunCheck::RefusalChecksRecorded,
        performed,
        words!("found-recorded"),
        || words!("run-no-refusal-check"),
    );

    keys(
        checks,
        RunCheck::EnforcementKeys,
        "enforcement",
        part("enforcement"),
        &["gates_checked", "gate_outcomes", "enforcement_emitted"],
    );
    let emitted = is_true(of("enforcement", "enforcement_emitted"));
    checks.at(L0).require(RunCheck::EnforcementEmitted, emitted, words!("found-emitted"), || {
        words!("run-enforcement-not-emitted")
    });
    check_gates(checks, of("enforcement", "gate_outcomes"));

    keys(
        checks,
        RunCheck::ProvenanceKeys,
        "provenance",
        part("provenance"),
        &["created_at", "run_id", "deterministic_inputs_hash"],
    );
    let mut named = |id: RunCheck, holds: bool, otherwise: Words| {
        checks.at(L0).require_there(id, holds, words!("found-given"), || otherwise);
    };
    named(RunCheck::ProvenanceRunId, given(of("provenance", "run_id")), words!("run-no-id"));
    named(
        RunCheck::ProvenanceInputsHash,
        given(of("provenance", "deterministic_inputs_hash")),
        words!("run-no-inputs-hash"),
    );

    keys(
        checks,
        RunCheck::DecisionKeys,
        "decision",
        run.at(&["decision_state"]),
        &["decision_id", "title", "status", "confidence_pct", "priority_score"],
    );
    check_inputs(checks, run.at(&["inputs_snapshot", "files"]));
    keys(
        checks,
        RunCheck::ReplayKeys,
        "replay",
        run.at(&["replay_instructions"]),
        &["method", "command", "required_files"],
    );
}

/// Each input file has a hash. Of very many, those after the first [`INPUTS`] are one check.
fn check_inputs(checks: &mut Checks, files: Option<Node<'_>>) {
    let mut files = files.and_then(Node::items).into_iter().flatten().peekable();
    let referenced = files.peek().is_some();
    checks.at(L0).require_there(RunCheck::InputsFiles, referenced, words!("found-inputs"), || {
        words!("run-no-input")
    });
    let path = |file: Node<'_>| file.get("path").map_or_else(|| "?".into(), Node::brief);
    let hashed = |file: Node<'_>| file.get("sha256").is_some_and(Node::is_truthy);
    for file in files.by_ref().take(INPUTS) {
        let path = path(file);
        checks.at(L0).require_there(
            CheckId::Input((&*path).into()),
            hashed(file),
            words!("found-hashed"),
            || words!("run-input-no-hash", ?path),
        );
    }
    if files.peek().is_some() {
        let bare = files.find(|file| !hashed(*file));
        checks.at(L0).require_there(
            RunCheck::OtherInputs,
            bare.is_none(),
            words!("found-others-hashed"),
            || words!("run-input-no-hash", path = ?bare.map(path).unwrap_or_default()),
        );
    }
}

fn check_gates(checks: &mut Checks, outcomes: Option<Node<'_>>) {
    let gates = outcomes.and_then(Node::items);
    let failed = gates.clone().into_iter().flatten().find(|gate| {
        gate.get("result").is_some_and(|result| result.is("fail")) || !gate.is_object()
    });
    let holds = gates.is_some() && failed.is_none();
    checks.at(L0).require(
        RunCheck::EnforcementGates,
        holds,
        words!("found-gates"),
        || match failed {
            Some(gate) => {
                let name = gate.get("gate").map_or_else(|| "?".into(), Node::brief);
                words!("run-gate-failed", ?name)
            }
            None => words!("run-gates-no-list"),
        },
    );
}

/// All required keys of one part; a part that is not an object lacks them all.
fn keys(
    checks: &mut Checks,
    id: RunCheck,
    part: &'static str,
    value: Option<Node<'_>>,
    required: &[&str],
) -> bool {
    let missing = required.iter().filter(|key| !value.is_some_and(|value| value.has(key)));
    let missing: Vec<&str> = missing.copied().collect();
    let level = if id == RunCheck::HashScopeKeys { L1 } else { L0 };
    checks.at(level).require_there(id, missing.is_empty(), words!("found-keys"), || {
        words!("run-lacks-keys", part, keys = missing.join(", "))
    })
}

fn check_content_hash(checks: &mut Checks, run: &SealedRun) {
    let Some((recorded, computed)) = determinism::content_hash(run) else {
        checks.at(L0).lack(RunCheck::HashPresent, words!("run-no-content-hash"));
        return;
    };
    checks.at(L0).require(
        RunCheck::HashIntegrity,
        computed.is(recorded),
        words!("found-recomputed"),
        || {
            let (computed, recorded) = (brief(&computed.to_string()), brief(recorded));
            words!("run-content-changed", computed, recorded)
        },
    );
}

fn check_scope(checks: &mut Checks, run: &SealedRun) {
    let scope = run.at(&["hash_scope"]);
    let both = scope.is_some() && run.at(&["commit_hash"]).is_some();
    let deterministic = checks.at(L1).require_there(
        RunCheck::DeterministicKeys,
        both,
        words!("found-scope"),
        || words!("run-before-scope"),
    );
    if !deterministic {
        return;
    }
    let (Some(scope), Some(computed)) = (run.hash_scope(), run.scope_hash()) else {
        checks.at(L1).lack(RunCheck::CommitHashScopePresent, words!("run-scope-null"));
        return;
    };
    keys(checks, RunCheck::HashScopeKeys, "hash-scope", Some(scope), SCOPE_KEYS);
    let stated = scope.at(&["parameters", "deterministic"]).is_some();
    checks.at(L1).require_there(
        RunCheck::HashScopeDeterministic,
        stated,
        words!("found-stated"),
        || words!("run-scope-deterministic-open"),
    );
    let recorded = run.artifact().commit_hash().unwrap_or("");
    if recorded.is_empty() {
        checks.at(L1).lack(RunCheck::CommitHashPresent, words!("run-no-commit-hash"));
    } else {
        checks.at(L1).require(
            RunCheck::CommitHashIntegrity,
            computed.is(recorded),
            words!("found-recomputed"),
            || {
                let (computed, recorded) = (brief(&computed.to_string()), brief(recorded));
                words!("run-commit-hash", computed, recorded)
            },
        );
        let provenance =
            run.text(&["authority_envelope", "provenance", "deterministic_inputs_hash"]);
        checks.at(L1).require(
            RunCheck::CommitHashProvenance,
            provenance.as_deref() == Some(recorded),
            words!("found-equal"),
            || words!("run-provenance-hash"),
        );
    }
    let defined =
        scope.get("exclusions").and_then(Node::items).is_some_and(|mut all| all.next().is_some());
    checks.at(L1).require_there(
        RunCheck::ExclusionsDefined,
        defined,
        words!("found-defined"),
        || words!("run-scope-excludes-nothing"),
    );
    let excluded = determinism::excludes_observed_at(scope);
    checks.at(L1).require_there(
        RunCheck::ExclusionsObservedAt,
        excluded,
        words!("found-excluded"),
        || words!("run-scope-observed-at"),
    );
    let clock = determinism::clock(scope).is_some();
    checks.at(L1).require_there(RunCheck::ParametersClock, clock, words!("found-set"), || {
        words!("run-clock-not-set")
    });
    let deterministic = determinism::is_deterministic(scope);
    checks.at(L1).require_there(
        RunCheck::ParametersDeterministic,
        deterministic,
        Words::text("true"),
        || words!("run-not-deterministic"),
    );
    let derives = determinism::derives_run_id(run);
    checks.at(L1).require(
        RunCheck::RunIdDerived,
        derives,
        words!("found-derived"),
        || words!("run-id-not-derived", id = ?run.run_id().unwrap_or("nothing")),
    );
}

/// L5: the four Merkle roots, the leaf count and the algorithm.
pub(crate) fn check_commitments(checks: &mut Checks, evidence: &Evidence<'_>) {
    let Ok(run) = evidence.run else {
        checks.at(L5).unreadable(CommitmentCheck::Present, words!("commitments-unreadable"));
        return;
    };
    let Some(commitments) = determinism::commitments(run) else {
        checks.at(L5).missing(CommitmentCheck::Present, words!("commitments-missing"));
        return;
    };
    checks.at(L5).pass(CommitmentCheck::Present, words!("found-there"));
    let mut count = 0;
    for (list, field) in merkle::LISTS {
        let computed = merkle::root_of(run.hash_scope(), list);
        count += computed.as_ref().map_or(0, |(_, leaves)| *leaves);
        let recorded = commitments.get(field);
        let holds =
            recorded.is_some_and(|recorded| computed.is_some_and(|(root, _)| recorded.is(&root)));
        let id = match list {
            "inputs" => CommitmentCheck::InputsRoot,
            "prompts" => CommitmentCheck::PromptsRoot,
            "schemas" => CommitmentCheck::SchemasRoot,
            _ => CommitmentCheck::PoliciesRoot,
        };
        checks
            .at(L5)
            .require(id, holds, words!("found-recomputed"), || words!("commitments-root", list));
    }
    let recorded = commitments.get("leaf_count").and_then(Node::as_count);
    checks.at(L5).require(
        CommitmentCheck::LeafCount,
        recorded == Some(count),
        words!("found-equal"),
        || {
            let recorded = recorded.map_or(Value::None, |recorded| recorded.to_string().into());
            words!("commitments-leaves", recorded, count = count.to_string())
        },
    );
    let algorithm = commitments.get("algorithm");
    checks.at(L5).require(
        CommitmentCheck::Algorithm,
        algorithm.is_some_and(|algorithm| algorithm.is("sha256-merkle")),
        Words::text("sha256-merkle"),
        || words!("commitments-algorithm", found = ?algorithm.map(Node::brief).unwrap_or_default()),
    );
}
