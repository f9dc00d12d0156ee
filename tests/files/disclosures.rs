//! Disclosures through the real binary: made from signed runs, checked here and by `verify.py`.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use countersign_tests::{Case, Outcome, command, finish, read_json, sign_with, verifier};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Disclosing {
    place: TempDir,
    case: Case,
}

impl Disclosing {
    /// A run that operator and witness have signed, with both keys in a keyring.
    fn new() -> Self {
        let (case, place) = (Case::copy("good_unsigned"), tempfile::tempdir().unwrap());
        sign_with(&case.run(), "operator", "o", 1, &[]).ok();
        sign_with(&case.run(), "witness", "w", 2, &[]).ok();
        let signatures = read_json(&case.signatures());
        let keys: Vec<Value> = signatures["signatures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                json!({
                    "key_id": one["signing_key_id"], "key_type": "ed25519", "public_key": one["public_key"],
                    "owner": one["signer_id"], "roles": [one["role"]], "kind": "software"
                })
            })
            .collect();
        let keyring = json!({ "keyring_version": "1.0", "keys": keys });
        fs::write(place.path().join("keyring.json"), keyring.to_string()).unwrap();
        Self { place, case }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn disclose(&self, run: &Path, option: &str, path: &str, out: &str) -> Outcome {
        let mut act = command();
        act.arg("disclose").arg(run).args([option, path, "--out"]).arg(self.path(out));
        finish(&mut act, b"")
    }

    fn check(&self, name: &str, more: &[&str]) -> (i32, Value) {
        let mut act = command();
        act.arg("check-disclosure").arg(self.path(name)).arg("--json").args(more);
        let outcome = finish(act.arg("--keyring").arg(self.path("keyring.json")), b"");
        (outcome.code, outcome.json_lines().first().cloned().unwrap_or_default())
    }

    /// What `verify.py` says of a disclosure.
    fn script(&self, name: &str, more: &[&str]) -> (i32, Value) {
        let mut act = verifier();
        act.arg("--json").arg("--disclosure").arg(self.path(name)).args(more);
        let outcome = finish(act.arg("--keyring").arg(self.path("keyring.json")), b"");
        (outcome.code, outcome.json_lines().first().cloned().unwrap_or_default())
    }
}

#[test]
fn every_entry_of_a_run_is_shown_without_it_and_two_programs_agree() {
    let test = Disclosing::new();
    let run = read_json(&test.case.run());
    let lists = [
        ("inputs", "--input"),
        ("prompts", "--prompt"),
        ("schemas", "--schema"),
        ("policies", "--policy"),
    ];
    let mut shown = 0;
    for (list, option) in lists {
        let entries = run["hash_scope"][list].as_array().unwrap();
        for (position, entry) in entries.iter().enumerate() {
            let (path, name) = (entry["path"].as_str().unwrap(), format!("{list}-{position}.json"));
            test.disclose(&test.case.run(), option, path, &name).ok();
            // Nothing of the run is in it but this one entry, digests, and what its signers claim.
            let text = fs::read_to_string(test.path(&name)).unwrap();
            for (_, other) in entries.iter().enumerate().filter(|(at, _)| *at != position) {
                assert!(!text.contains(other["path"].as_str().unwrap()), "{text}");
            }
            let (code, judged) = test.check(&name, &[]);
            assert_eq!((code, &judged["standing"]), (0, &json!("proven")), "{judged}");
            assert_eq!(judged["position"], position);
            assert_eq!(judged["sha256"], entry["sha256"]);
            let who: Vec<&Value> =
                judged["claims"].as_array().unwrap().iter().map(|one| &one["signer"]).collect();
            assert_eq!(who, ["o", "w"]);
            let (code, by_script) = test.script(&name, &[]);
            assert_eq!((code, &by_script["standing"]), (0, &json!("proven")), "{by_script}");
            shown += 1;
        }
    }
    assert!(shown >= 4, "{shown}");
    // Another file is not the one that was disclosed.
    let other = test.path("keyring.json");
    for (code, judged) in [
        test.check("inputs-0.json", &["--file", other.to_str().unwrap()]),
        test.script("inputs-0.json", &["--file", other.to_str().unwrap()]),
    ] {
        assert_eq!((code, &judged["standing"]), (1, &json!("invalid")), "{judged}");
    }
}

#[test]
fn a_run_says_whether_a_disclosure_is_about_it_and_what_it_calls_the_entry() {
    let test = Disclosing::new();
    let entry = read_json(&test.case.run())["hash_scope"]["inputs"][0]["path"].clone();
    test.disclose(&test.case.run(), "--input", entry.as_str().unwrap(), "shown.json").ok();
    let run = test.case.run();
    let outcome = |checks: &Value, id: &str| {
        let mut checks = checks["checks"].as_array().unwrap().iter();
        checks.find(|one| one["id"] == id).map(|one| one["result"].clone())
    };
    let (code, own) = test.check("shown.json", &["--run", run.to_str().unwrap()]);
    assert_eq!((code, &own["standing"]), (0, &json!("proven")), "{own}");
    assert_eq!(outcome(&own, "disclosure.path"), Some(json!("pass")));
    // The path is not signed: only the run at hand contradicts another one.
    let mut renamed = read_json(&test.path("shown.json"));
    renamed["path"] = json!("data/other.csv");
    fs::write(test.path("renamed.json"), renamed.to_string()).unwrap();
    assert_eq!(test.check("renamed.json", &[]).0, 0);
    let (code, judged) = test.check("renamed.json", &["--run", run.to_str().unwrap()]);
    assert_eq!((code, outcome(&judged, "disclosure.path")), (1, Some(json!("fail"))), "{judged}");
    let other = Case::copy("good_authority");
    let (code, judged) = test.check("shown.json", &["--run", other.run().to_str().unwrap()]);
    assert_eq!((code, outcome(&judged, "disclosure.run")), (1, Some(json!("fail"))), "{judged}");
    assert_eq!(outcome(&judged, "disclosure.path"), None);
}

#[test]
fn two_programs_refuse_what_was_altered() {
    let test = Disclosing::new();
    let run = read_json(&test.case.run());
    let (list, option, entries) =
        [("prompts", "--prompt"), ("inputs", "--input"), ("schemas", "--schema")]
            .into_iter()
            .map(|(list, option)| {
                (list, option, run["hash_scope"][list].as_array().unwrap().clone())
            })
            .max_by_key(|(.., entries)| entries.len())
            .unwrap();
    assert!(entries.len() > 1, "a list with several entries");
    test.disclose(&test.case.run(), option, entries[0]["path"].as_str().unwrap(), "whole.json")
        .ok();
    let whole = read_json(&test.path("whole.json"));
    let other = entries[1]["sha256"].clone();
    let position = entries.len() - 1;
    let altered: Vec<(&str, Value, &str)> = vec![
        ("/sha256", other.clone(), "invalid"),
        ("/position", json!(position), "invalid"),
        ("/position", json!(entries.len()), "invalid"),
        ("/leaves", json!(entries.len() + 1), "invalid"),
        ("/siblings", json!([]), "invalid"),
        ("/list", json!("policies"), "invalid"),
        ("/claims", json!([]), "invalid"),
        ("/claims/0/public_key", whole["claims"][1]["public_key"].clone(), "proven"),
        (
            "/claims/0/claim/signatures/0/sig",
            whole["claims"][1]["claim"]["signatures"][0]["sig"].clone(),
            "proven",
        ),
        ("/path", json!("another name"), "proven"),
    ];
    for (field, value, wanted) in altered {
        let mut changed = whole.clone();
        *changed.pointer_mut(field).unwrap() = value;
        fs::write(test.path("changed.json"), changed.to_string()).unwrap();
        for (code, judged) in [test.check("changed.json", &[]), test.script("changed.json", &[])] {
            assert_eq!(judged["standing"], wanted, "{list} {field}: {judged}");
            assert_eq!(code, i32::from(wanted != "proven"), "{field}");
        }
        if field.starts_with("/claims/0") {
            let (_, judged) = test.check("changed.json", &[]);
            assert_eq!(judged["claims"][0]["standing"], "invalid", "{judged}");
            let (_, judged) = test.script("changed.json", &[]);
            assert_eq!(judged["claims"][0]["standing"], "invalid", "{judged}");
        }
    }
    // Two readers of one text must not see two things.
    let twice = whole.to_string().replacen('{', "{\"leaves\":1,", 1);
    fs::write(test.path("twice.json"), twice).unwrap();
    let refused = [test.check("twice.json", &[]).0, test.script("twice.json", &[]).0];
    assert_eq!(refused, [2, 2]);
    // The claims of another run do not speak for this one.
    let another = Disclosing::new();
    let run = Case::copy("good_multisig");
    sign_with(&run.run(), "auditor", "o", 1, &[]).ok();
    let entry =
        read_json(&run.run())["hash_scope"]["inputs"][0]["path"].as_str().unwrap().to_owned();
    another.disclose(&run.run(), "--input", &entry, "another.json").ok();
    let mut changed = whole;
    changed["claims"] = read_json(&another.path("another.json"))["claims"].clone();
    fs::write(test.path("changed.json"), changed.to_string()).unwrap();
    for (code, judged) in [test.check("changed.json", &[]), test.script("changed.json", &[])] {
        assert_eq!((code, &judged["standing"]), (1, &json!("invalid")), "{judged}");
    }
}

#[test]
fn what_nobody_signed_or_is_not_there_is_not_disclosed() {
    let test = Disclosing::new();
    let run = read_json(&test.case.run());
    let entry = run["hash_scope"]["inputs"][0]["path"].as_str().unwrap();
    let unsigned = Case::copy("good_unsigned");
    test.disclose(&unsigned.run(), "--input", entry, "no.json").refused(&["nobody has signed"]);
    sign_with(&unsigned.run(), "operator", "o", 1, &["--no-claim"]).ok();
    test.disclose(&unsigned.run(), "--input", entry, "no.json").refused(&["nobody has signed"]);
    let missing = test.disclose(&test.case.run(), "--input", "no/such/file", "no.json");
    missing.refused(&["no entry", "no/such/file"]);
    assert!(!test.path("no.json").exists());
    test.disclose(&test.case.run(), "--input", entry, "once.json").ok();
    let before = fs::read(test.path("once.json")).unwrap();
    test.disclose(&test.case.run(), "--input", entry, "once.json").refused(&["once.json"]);
    assert_eq!(fs::read(test.path("once.json")).unwrap(), before);
    // By a key that nobody here knows.
    fs::write(test.path("keyring.json"), r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
    for (code, judged) in [test.check("once.json", &[]), test.script("once.json", &[])] {
        assert_eq!((code, &judged["standing"]), (1, &json!("not_accepted")), "{judged}");
    }
}
