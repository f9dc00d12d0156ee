//! Files that a person names by mistake: evidence, logs and keys are never overwritten, added to or
//! moved aside because another command was given their name.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish, read_json, signatures_of, snapshot};

/// A signed and registered run, with a keyring beside it.
fn case() -> Case {
    let case = Case::copy("good_authority");
    fs::write(case.path().join("keyring.json"), KEYRING).unwrap();
    fs::write(case.path().join("notes.txt"), "notes\n").unwrap();
    fs::write(case.path().join("notes.json"), "{\"notes\": 1}\n").unwrap();
    case
}

const KEYRING: &str = "{\"keyring_version\": \"1.0\", \"keys\": []}\n";

/// Files that no command may write over: those that are there, and names of evidence that are not.
fn precious(case: &Case) -> Vec<PathBuf> {
    let names = [
        "transparency_log.ndjson",
        "authority_ledger.ndjson",
        "keyring.json",
        "notes.txt",
        "notes.json",
        "new.sig.json",
        "new.manifest.json",
        "RUN-00000000_20260101T000000Z.json",
    ];
    let files = [case.run(), case.manifest(), case.signatures(), signatures_of(&case.manifest())];
    files.into_iter().chain(names.map(|name| case.path().join(name))).collect()
}

fn run(arguments: &[&str], path: &Path, input: &[u8]) -> Outcome {
    finish(command().args(arguments).arg(path), input)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_proof_and_a_head_replace_only_a_proof_and_a_head() {
    let case = case();
    let before = case.snapshot();
    let sealed = case.run();
    let log = case.path().join("transparency_log.ndjson");
    let prove = ["log", "prove", text(&sealed), "--out"];
    let head = ["log", "head", "--log", text(&log), "--out"];
    for path in precious(&case) {
        for command in [&prove[..], &head] {
            run(command, &path, b"").refused(&[text(&path), "nothing was changed"]);
        }
    }
    assert_eq!(case.snapshot(), before);
    // One of the same kind is replaced, one of the other is not.
    let (a_proof, a_head) = (case.path().join("a.json"), case.path().join("b.json"));
    for _ in 0..2 {
        run(&prove, &a_proof, b"").ok();
        run(&head, &a_head, b"").ok();
    }
    run(&prove, &a_head, b"").refused(&["is not a proof of inclusion"]);
    run(&head, &a_proof, b"").refused(&["is not the head of a log"]);
    run(&head, &case.path().join("LOG_HEAD.json"), b"").ok();
    // The head of a ledger would stand where that of the log does.
    let ledger = case.path().join("authority_ledger.ndjson");
    run(&["log", "head", "--log"], &ledger, b"").refused(&["authority ledger"]);
}

#[test]
fn keys_packs_exports_and_signatures_take_no_name_of_evidence() {
    let case = case();
    let before = case.snapshot();
    let sealed = case.run();
    let generate = ["keys", "generate", "--key-id", "k", "--owner", "o", "--role", "operator"];
    let generate = [&generate[..], &["--passphrase-fd", "0", "--out"]].concat();
    let sign = ["sign", "--role", "reviewer", "--signer", "r", "--key-id", "r", "--key-file", "-"];
    let sign = [&sign[..], &[text(&sealed), "--out"]].concat();
    let key = BASE64.encode([7; 32]);
    for path in precious(&case) {
        run(&["pack", text(&sealed), "--out"], &path, b"").refused(&[text(&path)]);
        run(&["export", text(case.path()), "--out"], &path, b"").refused(&[text(&path)]);
        run(&generate, &path, b"passphrase\n").refused(&[text(&path)]);
        if !text(&path).ends_with(".sig.json") {
            run(&sign, &path, key.as_bytes()).refused(&[text(&path)]);
        }
    }
    assert_eq!(case.snapshot(), before);
    // No key is made if its keyring cannot be.
    let elsewhere = tempfile::tempdir().unwrap();
    let out = elsewhere.path().join("k.pem");
    let named = [&generate[..], &[text(&out), "--keyring"]].concat();
    let refused = run(&named, &elsewhere.path().join("new.sig.json"), b"passphrase\n");
    refused.refused(&["new.sig.json", "a signature file"]);
    assert!(snapshot(elsewhere.path()).is_empty());
}

#[test]
fn a_journal_is_never_begun_in_a_file_that_is_something_else() {
    let case = case();
    let sealed = case.run();
    let other = tempfile::tempdir().unwrap();
    let sign = ["sign", "--role", "reviewer", "--signer", "r", "--key-id", "r", "--key-file", "-"];
    let sign = [&sign[..], &[text(&sealed)]].concat();
    let key = BASE64.encode([7; 32]);
    let out = other.path().join("out.zip");
    let commands: [(&[&str], &[u8]); 8] = [
        (&sign, key.as_bytes()),
        (&["log", "append", text(&sealed)], b""),
        (&["log", "verify", text(case.path())], b""),
        (&["merge", text(&sealed)], b""),
        (&["export", text(&sealed), "--out", text(&out)], b""),
        (&["pack", text(&sealed), "--out", text(&out)], b""),
        (&["keys", "revoke", "k", "--reason", "r"], b""),
        (&["signers", "remove", "s"], b""),
    ];
    let before = case.snapshot();
    for path in precious(&case) {
        for (arguments, input) in commands {
            let mut named = command();
            finish(named.args(arguments).arg("--journal").arg(&path), input)
                .refused(&[text(&path), "nothing was changed"]);
        }
        let mut by_variable = command();
        finish(by_variable.args(&sign).env("COUNTERSIGN_JOURNAL", &path), key.as_bytes())
            .refused(&[text(&path), "nothing was changed"]);
    }
    assert_eq!(case.snapshot(), before);
    // A journal whose lines were tampered with is kept aside, as ever.
    let journal = other.path().join("journal.ndjson");
    let signing = |command: &mut Command| {
        finish(command.args(&sign).arg("--journal").arg(&journal), key.as_bytes())
    };
    signing(&mut command()).ok();
    let tampered = fs::read_to_string(&journal).unwrap().replace("reviewer", "operator");
    fs::write(&journal, &tampered).unwrap();
    signing(&mut command());
    let kept = other.path().join("journal.broken-000001.ndjson");
    assert_eq!(fs::read_to_string(kept).unwrap(), tampered);
}

#[test]
fn what_is_remembered_of_logs_goes_into_no_file_and_among_no_runs() {
    let case = case();
    let before = case.snapshot();
    for path in [case.path().to_owned(), case.signatures(), case.path().join("notes.txt")] {
        for arguments in [&["status"][..], &["log", "verify"], &["history"]] {
            let mut named = command();
            finish(named.args(arguments).arg(case.path()).arg("--log-heads").arg(&path), b"")
                .refused(&[text(&path), "nothing was changed"]);
            let mut by_variable = command();
            by_variable.args(arguments).arg(case.path()).env("COUNTERSIGN_LOG_HEADS", &path);
            finish(&mut by_variable, b"").refused(&[text(&path), "nothing was changed"]);
        }
    }
    assert_eq!(case.snapshot(), before);
}

#[test]
fn a_run_is_registered_in_no_file_that_is_not_a_log() {
    let case = Case::copy("good_unsigned");
    let sealed = case.run();
    let place = tempfile::tempdir().unwrap();
    // Chains as well: a ledger under any name, and the journal.
    let authority = Case::copy("good_authority");
    let ledger = fs::read(authority.path().join("authority_ledger.ndjson")).unwrap();
    fs::write(place.path().join("copy.ndjson"), &ledger).unwrap();
    fs::write(place.path().join("authority_ledger.ndjson"), &ledger).unwrap();
    let journal = place.path().join("journal.ndjson");
    let mut refused = command();
    refused.args(["log", "append", "missing.json", "--journal"]).arg(&journal);
    finish(&mut refused, b"").refused(&[]);
    let before = snapshot(place.path());
    for name in ["copy.ndjson", "authority_ledger.ndjson", "journal.ndjson"] {
        let log = place.path().join(name);
        run(&["log", "append", text(&sealed), "--log"], &log, b"").refused(&[text(&log)]);
    }
    assert_eq!(snapshot(place.path()), before);
}

#[test]
fn settings_and_keyring_are_kept_in_no_file_that_is_something_else() {
    let case = case();
    let before = case.snapshot();
    let module = case.path().join("notes.txt");
    let signed = read_json(&case.signatures());
    let public = signed["signatures"][0]["public_key"].as_str().unwrap();
    let start = ["modules", "start", text(&module), "--module-init", "x", "--settings"];
    let signer = ["signers", "add", "s", "--command", "true", "--key-id", "k", "--signer", "s"];
    let add = [&signer[..], &["--public-key", public, "--no-probe", "--settings"]].concat();
    let keys = ["keys", "add", public, "--key-id", "k", "--owner", "o", "--role", "operator"];
    let keys = [&keys[..], &["--keyring"]].concat();
    for path in precious(&case) {
        run(&start, &path, b"").refused(&[text(&path)]);
        run(&add, &path, b"").refused(&[text(&path)]);
        if !text(&path).ends_with("keyring.json") {
            run(&keys, &path, b"").refused(&[text(&path)]);
        }
    }
    assert_eq!(case.snapshot(), before);
    // Settings are changed, and what this version does not know of them stays.
    let settings = case.path().join("settings.json");
    fs::write(&settings, "{\"theme\": \"dark\", \"of_a_later_version\": 1}").unwrap();
    run(&start, &settings, b"").ok();
    let written = read_json(&settings);
    assert_eq!((&written["theme"], &written["of_a_later_version"]), (&"dark".into(), &1.into()));
}
