//! Whether a run and a manifest are of their kind, and belong together (EVIDENCE.md, section 3).
//!
//! A signature covers the bytes of a file, and neither whether it is a run or a manifest nor its
//! name. So these rules are asked twice, by the same code: before anything is signed, and whenever
//! an envelope is judged.

use countersign_envelope::canonical::digest_of;
use countersign_envelope::digest::brief;
use countersign_envelope::file_name::run_id_of;
use countersign_envelope::json::Node;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::sealed_run::{EmittedArtifact, SealedRun};
use countersign_problem::{Words, words};

use crate::check::{CheckId, ManifestCheck, RunCheck};

/// One rule, applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which check it is.
    pub id: CheckId,
    /// What was found, or the contradiction as a sentence.
    pub outcome: Result<Words, Words>,
}

fn rule(
    id: impl Into<CheckId>,
    holds: bool,
    found: Words,
    otherwise: impl FnOnce() -> Words,
) -> Agreement {
    Agreement { id: id.into(), outcome: if holds { Ok(found) } else { Err(otherwise()) } }
}

/// That a run has no keys of a manifest.
pub fn run_kind(run: &SealedRun) -> Agreement {
    let foreign = run.manifest_keys();
    rule(RunCheck::Kind, foreign.is_empty(), words!("found-no-manifest-key"), || {
        words!("run-is-also-manifest", keys = keys(&foreign), count = foreign.len())
    })
}

/// That the name of a run's file has the run's id.
pub fn file_name(run: &SealedRun, file_name: &str) -> Agreement {
    let id = run.run_id().unwrap_or("");
    let named = run_id_of(file_name);
    rule(
        RunCheck::RunIdFileName,
        named == Some(id),
        words!("found-named"),
        || words!("run-other-name", name = ?file_name, ?id),
    )
}

/// That a manifest belongs to a run: each rule, the most telling first.
pub fn manifest(run: &SealedRun, run_file: &str, manifest: &Manifest) -> Vec<Agreement> {
    let foreign = manifest.run_keys();
    let commit = run.artifact().commit_hash();
    let mut rules = vec![
        rule(ManifestCheck::Kind, foreign.is_empty(), words!("found-no-run-key"), || {
            words!("manifest-is-also-run", keys = keys(&foreign), count = foreign.len())
        }),
        rule(
            ManifestCheck::CommitHash,
            commit == manifest.artifact().commit_hash(),
            words!("found-of-run"),
            || words!("manifest-commit-hash"),
        ),
        rule(
            ManifestCheck::RunId,
            run.run_id().is_some() && run.run_id() == manifest.run_id(),
            words!("found-of-run"),
            || words!("manifest-other-run", id = ?manifest.run_id().unwrap_or("nothing")),
        ),
        rule(
            ManifestCheck::SealedRun,
            manifest.sealed_run() == Some(run_file),
            words!("found-this-file"),
            || words!("manifest-other-file", name = ?manifest.sealed_run().unwrap_or("nothing")),
        ),
    ];
    rules.extend(where_given(
        ManifestCheck::DecisionId,
        "decision",
        manifest.decision_id(),
        run.at(&["decision_state", "decision_id"]),
    ));
    rules.extend(where_given(
        ManifestCheck::PolicyVersion,
        "policy-version",
        manifest.policy_version(),
        run.at(&["authority_envelope", "policy_snapshot", "policy_version"]),
    ));
    rules.extend(hash_scope(manifest));
    rules.extend(sealed_digest(run, manifest));
    rules
}

/// What the manifest may leave out, but must not contradict.
fn where_given(
    id: ManifestCheck,
    what: &'static str,
    manifest: Option<Node<'_>>,
    run: Option<Node<'_>>,
) -> Option<Agreement> {
    let given = manifest?;
    Some(rule(id, run.map(digest_of) == Some(digest_of(given)), words!("found-of-run"), || {
        let run = run.map_or_else(|| "nothing".into(), Node::brief);
        words!("manifest-says", what, given = ?given.brief(), ?run)
    }))
}

/// The manifest's own copy of the scope is the one that its commit hash is taken over.
fn hash_scope(manifest: &Manifest) -> Option<Agreement> {
    let computed = manifest.scope_hash()?;
    let recorded = manifest.artifact().commit_hash().unwrap_or("");
    Some(rule(
        ManifestCheck::HashScope,
        computed.is(recorded),
        words!("found-of-commit-hash"),
        || words!("manifest-hash-scope"),
    ))
}

/// The manifest is the one that was sealed, if the run records its digest.
fn sealed_digest(run: &SealedRun, manifest: &Manifest) -> Option<Agreement> {
    let mut sealed = run.sealed_manifests();
    let first = sealed.next()?;
    let found = words!("found-sealed-digest", name = ?first.name());
    let same = |one: &EmittedArtifact<'_>| {
        one.sha256.as_deref().is_some_and(|recorded| manifest.file_has_digest(recorded))
    };
    let differs = std::iter::once(first).chain(sealed).find(|one| !same(one));
    Some(rule(ManifestCheck::SealedDigest, differs.is_none(), found, || {
        let recorded = differs.and_then(|one| one.sha256).unwrap_or("no digest".into());
        words!("manifest-not-sealed", recorded = brief(&recorded))
    }))
}

/// `"a", "b"`.
fn keys(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use countersign_envelope::digest::Digest;

    use super::*;

    const NAME: &str = "RUN-0a0a0a0a_20260506T070809Z.json";

    fn run(fields: &str) -> SealedRun {
        let text = format!(
            r#"{{"authority_envelope": {{"provenance": {{"run_id": "RUN-0a0a0a0a"}}}},
            "commit_hash": "sha256:0a", "decision_state": {{"decision_id": "DEC-1"}}{fields}}}"#
        );
        SealedRun::parse(text.as_bytes()).unwrap()
    }

    fn text(fields: &str) -> String {
        format!(
            "{{\"run_id\": \"RUN-0a0a0a0a\", \"commit_hash\": \"sha256:0a\",\n\"sealed_run\": \"{NAME}\"{fields}}}\n"
        )
    }

    fn differing(run: &SealedRun, text: &str) -> Vec<String> {
        let parsed = Manifest::parse(text.as_bytes()).unwrap();
        let rules = manifest(run, NAME, &parsed);
        rules.iter().filter(|rule| rule.outcome.is_err()).map(|rule| rule.id.to_string()).collect()
    }

    #[test]
    fn no_file_counts_as_both_kinds() {
        let both = run(r#", "sealed_run": "x", "schema_versions": {}"#);
        let why = run_kind(&both).outcome.unwrap_err().to_string();
        assert!(
            why.contains("the keys \"sealed_run\", \"schema_versions\" of a manifest"),
            "{why}"
        );
        run_kind(&run(r#", "sealed_run": null"#)).outcome.unwrap();
        for key in ["hash", "outputs", "decision_state", "replay_instructions"] {
            assert_eq!(differing(&run(""), &text(&format!(r#", "{key}": 1"#))), ["manifest.kind"]);
        }
    }

    #[test]
    fn a_manifest_contradicts_nothing_that_the_run_says() {
        for (fields, differs) in [
            ("", &[][..]),
            (r#", "decision_id": "DEC-1""#, &[]),
            (r#", "decision_id": null, "policy_version": null"#, &[]),
            (r#", "decision_id": "DEC-2""#, &["manifest.decision_id"]),
            (r#", "policy_version": "GOV-1""#, &["manifest.policy_version"]),
            (r#", "hash_scope": {"inputs": []}"#, &["manifest.hash_scope"]),
        ] {
            assert_eq!(differing(&run(""), &text(fields)), differs, "{fields}");
        }
    }

    #[test]
    fn the_manifest_is_the_one_that_was_sealed() {
        let sealed = text("");
        let emitted = |path: &str, sha256: &str| {
            run(&format!(
                r#", "artifacts_emitted": [{{"path": "out/{NAME}", "sha256": "stale"}},
                {{"path": {path:?}, "sha256": "{sha256}"}}]"#
            ))
        };
        let stem = NAME.strip_suffix(".json").unwrap();
        let digest = Digest::of(sealed.as_bytes()).to_string();
        for path in
            [format!("/tmp/x/{stem}.manifest.json"), format!("C:\\out\\{stem}.manifest.json")]
        {
            let run = emitted(&path, &digest);
            assert_eq!(differing(&run, &sealed), [""; 0]);
            assert_eq!(differing(&run, &sealed.replace('\n', "\r\n")), [""; 0]);
            assert_eq!(differing(&run, &text(r#", "note": 1"#)), ["manifest.sealed_digest"]);
            assert_eq!(differing(&run, &sealed.replace('\n', " ")), ["manifest.sealed_digest"]);
        }
        // Under another name of the same run it is compared as well; another run's is not its own.
        let other = emitted("RUN-0a0a0a0a_20200101T000000Z.manifest.json", "sha256:00");
        assert_eq!(differing(&other, &sealed), ["manifest.sealed_digest"]);
        let other = emitted("RUN-0b0b0b0b_20260506T070809Z.manifest.json", "sha256:00");
        assert_eq!(differing(&other, &sealed), [""; 0]);
    }

    #[test]
    fn a_file_is_named_after_its_run() {
        file_name(&run(""), NAME).outcome.unwrap();
        for name in ["RUN-0b0b0b0b_20260506T070809Z.json", "run.json", "RUN-0a0a0a0a.json"] {
            let why = file_name(&run(""), name).outcome.unwrap_err().to_string();
            assert!(why.contains("RUN-0a0a0a0a"), "{why}");
        }
    }
}
