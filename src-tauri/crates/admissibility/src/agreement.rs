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

use crate::check::{CheckId, ManifestCheck, RunCheck};

/// One rule, applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which check it is.
    pub id: CheckId,
    /// What was found, or the contradiction as a sentence.
    pub outcome: Result<String, String>,
}

fn rule(
    id: impl Into<CheckId>,
    holds: bool,
    found: impl Into<String>,
    otherwise: impl FnOnce() -> String,
) -> Agreement {
    Agreement { id: id.into(), outcome: if holds { Ok(found.into()) } else { Err(otherwise()) } }
}

/// That a run has no keys of a manifest.
pub fn run_kind(run: &SealedRun) -> Agreement {
    let foreign = run.manifest_keys();
    rule(RunCheck::Kind, foreign.is_empty(), "no key of a manifest", || {
        format!("This is not a sealed run alone: it also has {} of a manifest.", keys(&foreign))
    })
}

/// That the name of a run's file has the run's id.
pub fn file_name(run: &SealedRun, file_name: &str) -> Agreement {
    let id = run.run_id().unwrap_or("");
    let named = run_id_of(file_name);
    rule(RunCheck::RunIdFileName, named == Some(id), "has the run id", || {
        format!("The file is named {file_name:?}, and the run in it has the id {id:?}.")
    })
}

/// That a manifest belongs to a run: each rule, the most telling first.
pub fn manifest(run: &SealedRun, run_file: &str, manifest: &Manifest) -> Vec<Agreement> {
    let foreign = manifest.run_keys();
    let commit = run.artifact().commit_hash();
    let mut rules = vec![
        rule(ManifestCheck::Kind, foreign.is_empty(), "no key of a sealed run", || {
            format!("This is not a manifest alone: it also has {} of a sealed run.", keys(&foreign))
        }),
        rule(
            ManifestCheck::CommitHash,
            commit == manifest.artifact().commit_hash(),
            "that of the run",
            || "The manifest has another commit hash than the run.".to_owned(),
        ),
        rule(
            ManifestCheck::RunId,
            run.run_id().is_some() && run.run_id() == manifest.run_id(),
            "that of the run",
            || format!("The manifest is about run {:?}.", manifest.run_id().unwrap_or("nothing")),
        ),
        rule(
            ManifestCheck::SealedRun,
            manifest.sealed_run() == Some(run_file),
            "this file",
            || {
                let named = manifest.sealed_run().unwrap_or("nothing");
                format!("The manifest names another file: {named:?}.")
            },
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
        "policy version",
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
    what: &str,
    manifest: Option<Node<'_>>,
    run: Option<Node<'_>>,
) -> Option<Agreement> {
    let given = manifest?;
    Some(rule(id, run.map(digest_of) == Some(digest_of(given)), "that of the run", || {
        let run = run.map_or_else(|| "nothing".into(), Node::brief);
        format!("The manifest says {what} {:?}, the run says {run:?}.", given.brief())
    }))
}

/// The manifest's own copy of the scope is the one that its commit hash is taken over.
fn hash_scope(manifest: &Manifest) -> Option<Agreement> {
    let computed = manifest.scope_hash()?;
    let recorded = manifest.artifact().commit_hash().unwrap_or("");
    Some(rule(ManifestCheck::HashScope, computed.is(recorded), "that of the commit hash", || {
        "The manifest lists other inputs, prompts, policies or schemas than its commit hash covers."
            .to_owned()
    }))
}

/// The manifest is the one that was sealed, if the run records its digest.
fn sealed_digest(run: &SealedRun, manifest: &Manifest) -> Option<Agreement> {
    let mut sealed = run.sealed_manifests();
    let first = sealed.next()?;
    let found = format!("the digest that the run records for {:?}", first.name());
    let same = |one: &EmittedArtifact<'_>| {
        one.sha256.as_deref().is_some_and(|recorded| manifest.file_has_digest(recorded))
    };
    let differs = std::iter::once(first).chain(sealed).find(|one| !same(one));
    Some(rule(ManifestCheck::SealedDigest, differs.is_none(), found, || {
        let recorded = differs.and_then(|one| one.sha256).unwrap_or("no digest".into());
        format!(
            "This is not the manifest that was sealed: the run records {} for it.",
            brief(&recorded)
        )
    }))
}

/// `the key "a"`, `the keys "a", "b"`.
fn keys(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
    format!("the key{} {}", if keys.len() == 1 { "" } else { "s" }, quoted.join(", "))
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
        let why = run_kind(&both).outcome.unwrap_err();
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
            let why = file_name(&run(""), name).outcome.unwrap_err();
            assert!(why.contains("RUN-0a0a0a0a"), "{why}");
        }
    }
}
