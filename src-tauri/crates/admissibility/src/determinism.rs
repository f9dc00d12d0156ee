//! The determinism audit: whether a run says how it can be made again, and has nothing random in it.
//! Names, order and verdicts are those of the reference's `determinism_audit.py`. The rules that L0, L1
//! and L5 ask for as well are defined once, here.
//!
//! Where a verdict differs from the reference's, it is the stricter one:
//! - a clock that is set to nothing (`""`, `0`, `false`) is not set; the reference asks only that it
//!   is not null;
//! - a UUID that is written with JSON escapes is found as well;
//! - a commit hash in another form than `sha256:` and 64 hex digits gives no run id;
//! - where the reference stops with an error, because a part is not an object, the check fails.

use countersign_envelope::digest::{Digest, brief};
use countersign_envelope::json::Node;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::vocabulary;
use countersign_problem::{Words, words};

use crate::check::{NamedCheck, Outcome};

vocabulary! {
    /// The checks of the determinism audit, by the reference's names.
    DeterminismCheck {
        /// The hash scope is there. Without it nothing else is checked.
        ScopePresent = "hash_scope.present",
        /// The run's clock is set.
        ClockFixed = "hash_scope.clock_fixed",
        /// The run was deterministic.
        DeterministicFlag = "hash_scope.deterministic_flag",
        /// The scope excludes `observed_at`.
        ObservedAt = "exclusions.observed_at",
        /// The run id is derived from the commit hash.
        RunId = "ids.run_id_deterministic",
        /// Nothing in the run looks like a random UUID.
        NoUuid = "ids.no_uuid",
        /// The authority took effect at the time of the clock. Not checked without a clock.
        CommittedAt = "timestamps.committed_at_matches_clock",
        /// The input commitments are there.
        Commitments = "commitments.present",
        /// The content hash is that of the canonical form.
        Canonical = "canonical.json_valid",
    }
}

/// The audit of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Its checks, in the order of the reference.
    pub checks: Vec<NamedCheck<DeterminismCheck>>,
}

impl Audit {
    /// How it came out: the worst of its checks.
    pub fn outcome(&self) -> Outcome {
        let has = |outcome: &Outcome| self.checks.iter().any(|check| check.outcome == *outcome);
        [Outcome::Fail, Outcome::Warn].into_iter().find(has).unwrap_or(Outcome::Pass)
    }

    fn add(&mut self, id: DeterminismCheck, found: Result<Words, (Outcome, Words)>) {
        let (outcome, detail) = match found {
            Ok(detail) => (Outcome::Pass, detail),
            Err(found) => found,
        };
        self.checks.push(NamedCheck { id, outcome, detail });
    }

    fn ask(
        &mut self,
        id: DeterminismCheck,
        (holds, found): (bool, Words),
        otherwise: (Outcome, Words),
    ) {
        self.add(id, if holds { Ok(found) } else { Err(otherwise) });
    }
}

/// Audits a run. `strict` makes a clock that is not set, a run that was not deterministic, and missing
/// commitments violations; otherwise they are warnings.
pub fn audit(run: &SealedRun, strict: bool) -> Audit {
    use DeterminismCheck as C;
    let lenient = if strict { Outcome::Fail } else { Outcome::Warn };
    let mut audit = Audit { checks: Vec::with_capacity(C::ALL.len()) };
    let Some(scope) = run.hash_scope() else {
        audit.add(C::ScopePresent, Err((Outcome::Fail, words!("run-before-scope"))));
        return audit;
    };
    audit.add(C::ScopePresent, Ok(words!("found-there")));
    let clock = clock(scope);
    audit.ask(
        C::ClockFixed,
        (clock.is_some(), words!("found-set")),
        (lenient, words!("run-clock-not-set")),
    );
    audit.ask(
        C::DeterministicFlag,
        (is_deterministic(scope), Words::text("true")),
        (lenient, words!("run-not-deterministic")),
    );
    audit.ask(
        C::ObservedAt,
        (excludes_observed_at(scope), words!("found-excluded")),
        (Outcome::Fail, words!("run-scope-observed-at")),
    );
    let given = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
    let run_id = match given(run.artifact().commit_hash()) && given(run.run_id()) {
        true if derives_run_id(run) => Ok(words!("found-derived")),
        true => {
            let id = run.run_id().unwrap_or_default();
            Err((Outcome::Fail, words!("run-id-not-derived", ?id)))
        }
        false => Err((Outcome::Warn, words!("audit-no-run-id"))),
    };
    audit.add(C::RunId, run_id);
    let uuid = random_uuid(run.artifact().canonical().text().bytes())
        .or_else(|| random_uuid(&run.artifact().canonical().bytes()));
    audit.add(
        C::NoUuid,
        match uuid {
            None => Ok(words!("audit-found-no-uuid")),
            Some(uuid) => Err((Outcome::Fail, words!("audit-uuid", uuid))),
        },
    );
    if let Some(clock) = clock {
        let committed = run.at(&["authority_envelope", "authority", "effective_at"]);
        let same = match (committed.and_then(Node::as_str), clock.as_str()) {
            (Some(committed), Some(clock)) => committed == clock,
            _ => false,
        };
        let committed = committed.map_or_else(|| "nothing".into(), Node::brief);
        let otherwise = words!("audit-committed-at", ?committed, clock = ?clock.brief());
        audit.ask(C::CommittedAt, (same, words!("found-equal")), (Outcome::Warn, otherwise));
    }
    audit.ask(
        C::Commitments,
        (commitments(run).is_some(), words!("found-there")),
        (lenient, words!("commitments-missing")),
    );
    let canonical = match content_hash(run) {
        Some((recorded, computed)) if computed.is(recorded) => Ok(words!("found-recomputed")),
        Some((recorded, computed)) => {
            let (computed, recorded) = (brief(&computed.to_string()), brief(recorded));
            Err((Outcome::Fail, words!("run-content-changed", computed, recorded)))
        }
        None => Err((Outcome::Fail, words!("run-no-content-hash"))),
    };
    audit.add(C::Canonical, canonical);
    audit
}

/// Whether each input file that a run refers to is there, as the reference's `replay_sealed_run.py
/// --strict-files` asks: named `strict.file[path]`, in the order of the run. It says nothing about
/// what is in the file. `is_there` looks a path up.
pub fn judge_files(run: &SealedRun, is_there: impl Fn(&str) -> bool) -> Vec<NamedCheck<String>> {
    let files = run.at(&["inputs_snapshot", "files"]).and_then(Node::items).into_iter().flatten();
    let check = |file: Node<'_>| {
        let path = file.text("path").unwrap_or_default();
        let (outcome, detail) = match is_there(&path) {
            true => (Outcome::Pass, words!("found-file")),
            false => (Outcome::Fail, words!("audit-no-file", ?path)),
        };
        NamedCheck { id: format!("strict.file[{path}]"), outcome, detail }
    };
    files.map(check).collect()
}

/// The clock of a run, if it is set.
pub(crate) fn clock(scope: Node<'_>) -> Option<Node<'_>> {
    scope.at(&["parameters", "clock"]).filter(|clock| clock.is_truthy())
}

/// Whether a scope says that its run was deterministic.
pub(crate) fn is_deterministic(scope: Node<'_>) -> bool {
    scope.at(&["parameters", "deterministic"]).and_then(Node::as_bool) == Some(true)
}

/// Whether a scope excludes `observed_at`.
pub(crate) fn excludes_observed_at(scope: Node<'_>) -> bool {
    let exclusions = scope.get("exclusions").and_then(Node::items);
    exclusions.is_some_and(|mut all| all.any(|name| name.is("observed_at")))
}

/// Whether the id of a run is the one that its commit hash gives.
pub(crate) fn derives_run_id(run: &SealedRun) -> bool {
    let derived = run.artifact().commit_hash().and_then(SealedRun::derived_run_id);
    derived.is_some() && derived.as_deref() == run.run_id()
}

/// The input commitments of a run, unless they are null.
pub(crate) fn commitments(run: &SealedRun) -> Option<Node<'_>> {
    run.at(&["inputs_commitments"]).filter(|commitments| !commitments.is_null())
}

/// The content hash as recorded and recomputed; `None` if there is none.
pub(crate) fn content_hash(run: &SealedRun) -> Option<(&str, Digest)> {
    let recorded = run.recorded_hash().filter(|hash| !hash.is_empty())?;
    Some((recorded, run.content_hash()?))
}

/// The first random UUID in a text (RFC 9562, version 4), wherever it stands.
fn random_uuid(text: &[u8]) -> Option<String> {
    const LENGTH: usize = 36;
    let is_at = |at: usize, byte: u8| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'4',
        19 => matches!(byte, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
        _ => byte.is_ascii_hexdigit(),
    };
    let mut hyphens = text.iter().enumerate().filter(|(_, byte)| **byte == b'-');
    hyphens.find_map(|(hyphen, _)| {
        let start = hyphen.checked_sub(8)?;
        let found = text.get(start..start + LENGTH)?;
        let is_uuid = found.iter().enumerate().all(|(at, byte)| is_at(at, *byte));
        is_uuid.then(|| String::from_utf8_lossy(found).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{files, replaced};

    fn outcomes(run: &[u8], strict: bool) -> Vec<(&'static str, Outcome)> {
        let audit = audit(&SealedRun::parse(run).unwrap(), strict);
        let bad = audit.checks.iter().filter(|check| check.outcome != Outcome::Pass);
        bad.map(|check| (check.id.as_str(), check.outcome)).collect()
    }

    /// By name, order and verdict.
    #[test]
    fn each_check_of_the_reference_comes_out_as_it_does_there() {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance");
        let reference = std::fs::read(format!("{fixtures}/audit.json")).unwrap();
        let reference: serde_json::Value = serde_json::from_slice(&reference).unwrap();
        let cases = reference["determinism_audit"].as_object().unwrap();
        assert_eq!(cases.len(), 86);
        for (name, wanted) in cases {
            let run = SealedRun::parse(&std::fs::read(format!("{fixtures}/runs/{name}")).unwrap());
            let Ok(run) = run else {
                assert_eq!(wanted["error"], "JSONDecodeError", "{name}");
                continue;
            };
            let ours = audit(&run, true).checks.into_iter().map(|check| {
                let result =
                    if check.outcome == Outcome::Pass { "ok" } else { check.outcome.as_str() };
                serde_json::json!({"check": check.id.as_str(), "result": result})
            });
            assert_eq!(serde_json::Value::from_iter(ours), *wanted, "{name}");
        }
    }

    #[test]
    fn only_some_warnings_become_violations() {
        let run = files().run;
        assert_eq!(outcomes(&run, true), []);
        let open = replaced(&run, "\"deterministic\": true", "\"deterministic\": 1");
        for (strict, outcome) in [(false, Outcome::Warn), (true, Outcome::Fail)] {
            let found = outcomes(&open, strict);
            assert!(found.contains(&("hash_scope.deterministic_flag", outcome)), "{found:?}");
        }
        let later = replaced(&run, "\"effective_at\": \"2026", "\"effective_at\": \"2025");
        let warned = ("timestamps.committed_at_matches_clock", Outcome::Warn);
        assert!(outcomes(&later, true).contains(&warned));
    }

    #[test]
    fn a_clock_that_is_set_to_nothing_is_not_set() {
        let run = replaced(&files().run, "\"clock\": \"2026-05-06T07:08:09Z\"", "\"clock\": \"\"");
        let found = outcomes(&run, true);
        assert!(found.contains(&("hash_scope.clock_fixed", Outcome::Fail)), "{found:?}");
        assert!(found.iter().all(|(id, _)| *id != "timestamps.committed_at_matches_clock"));
    }

    #[test]
    fn a_random_uuid_is_found_however_it_is_written() {
        let uuid = "F47AC10B-58cc-4372-a567-0e02b2c3d479";
        let in_note = |text: &str| {
            let with = format!("\"schema_version\": \"1.0\", \"note\": \"x{text}\"");
            replaced(&files().run, "\"schema_version\": \"1.0\"\n}", &format!("{with}\n}}"))
        };
        let fails = |text: &str| {
            let found = outcomes(&in_note(text), true);
            found.contains(&("ids.no_uuid", Outcome::Fail))
        };
        assert!(fails(uuid));
        assert!(fails(&uuid.replacen('4', "\\u0034", 1)));
        assert!(fails(&format!("-a-{uuid}")));
        for other in [uuid.replace("-4372", "-1372"), uuid.replace("-a567", "-c567")] {
            assert!(!fails(&other), "{other}");
        }
    }
}
