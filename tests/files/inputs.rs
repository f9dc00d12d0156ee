//! The files that a run was made from, compared through the real binary with those of a directory.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use countersign_envelope::digest::Digest;
use countersign_tests::{Case, Outcome, command, finish, read_json};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A run whose hash scope names files that this test can write.
fn case() -> (Case, TempDir) {
    let (case, place) = (Case::copy("good_unsigned"), tempfile::tempdir().unwrap());
    let mut run = read_json(&case.run());
    let files = [
        ("inputs", "data/a.csv", "a"),
        ("prompts", "prompts/p.md", "p"),
        ("schemas", "s.json", "s"),
    ];
    for (list, path, content) in files {
        let digest = Digest::of(content.as_bytes()).to_string();
        run["hash_scope"][list] = json!([{ "path": path, "sha256": digest }]);
        let file = place.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    run["hash_scope"]["policies"] = json!([]);
    fs::write(case.run(), run.to_string()).unwrap();
    (case, place)
}

fn verify(case: &Case, directory: &Path, more: &[&str]) -> Outcome {
    let mut verify = command();
    verify.args(["verify", "--level", "L0"]).arg("--inputs").arg(directory).args(more);
    finish(verify.arg(case.run()), b"")
}

fn inputs(case: &Case, directory: &Path) -> Value {
    verify(case, directory, &["--json"]).json_lines()[0]["inputs"].clone()
}

#[test]
fn files_are_reproduced_missing_changed_or_additional_by_name() {
    let (case, place) = case();
    let plain = finish(command().args(["verify", "--json"]).arg(case.run()), b"").json_lines();
    assert_eq!(plain[0]["inputs"], Value::Null);
    let all = inputs(&case, place.path());
    assert_eq!(all["standing"], "reproduced", "{all}");
    fs::write(place.path().join("data/more.csv"), "more").unwrap();
    let more = inputs(&case, place.path());
    assert_eq!(more["standing"], "reproduced");
    assert_eq!(more["additional"], json!(["data/more.csv"]));
    fs::remove_file(place.path().join("s.json")).unwrap();
    let missing = inputs(&case, place.path());
    assert_eq!(missing["standing"], "not_available");
    assert_eq!(missing["files"][2]["standing"], "missing");
    // What is not available changes no level and no exit code.
    let level = |of: &Outcome| of.json_lines()[0]["level"].clone();
    let mut without = command();
    without.args(["verify", "--level", "L0", "--json"]).arg(case.run());
    let without = finish(&mut without, b"");
    let with = verify(&case, place.path(), &["--json"]);
    assert_eq!((with.code, level(&with)), (without.code, level(&without)));
    // What contradicts does not go unnoticed.
    fs::write(place.path().join("data/a.csv"), "another").unwrap();
    let changed = verify(&case, place.path(), &[]);
    assert_eq!(changed.code, 1);
    for words in ["contradicted: the file data/a.csv has another content", "missing", "not named"] {
        assert!(changed.stdout.contains(words), "{changed:?}");
    }
}

#[test]
fn no_path_of_a_run_reads_what_is_elsewhere() {
    let (case, place) = case();
    let secret = place.path().join("secret");
    fs::write(&secret, "a").unwrap();
    let inside = place.path().join("inside");
    fs::create_dir(&inside).unwrap();
    symlink(&secret, inside.join("link")).unwrap();
    symlink(place.path(), inside.join("up")).unwrap();
    let mut run = read_json(&case.run());
    let entry = run["hash_scope"]["inputs"][0].clone();
    for path in ["../secret", secret.to_str().unwrap(), "link", "up/secret", "/dev/null", ""] {
        let mut entry = entry.clone();
        entry["path"] = json!(path);
        run["hash_scope"]["inputs"] = json!([entry]);
        fs::write(case.run(), run.to_string()).unwrap();
        let found = inputs(&case, &inside);
        assert_eq!(found["files"][0]["standing"], "not_read", "{path}: {found}");
        assert_eq!(found["files"][0]["found_sha256"], Value::Null);
        assert_eq!(found["standing"], "not_available");
    }
}

#[test]
fn a_directory_that_is_not_there_or_several_runs_are_refused() {
    let (case, place) = case();
    verify(&case, &place.path().join("none"), &[]).refused(&["no such directory"]);
    let mut several = command();
    several.arg("verify").arg("--inputs").arg(place.path()).arg(case.path());
    finish(&mut several, b"").refused(&["several runs"]);
}
