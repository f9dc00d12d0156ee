//! `countersign history` through the real binary.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use countersign_tests::{Outcome, countersign, read_json, signatures_of};
use serde_json::Value;
use tempfile::TempDir;

/// A demonstration of nine runs.
struct Demo(TempDir);

impl Demo {
    fn new() -> Self {
        let demo = Self(tempfile::tempdir().unwrap());
        countersign(["demo".as_ref(), demo.path().as_os_str()]).ok();
        demo
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("sealed")
    }

    fn history(&self, arguments: &[&str]) -> Outcome {
        let path = self.path();
        let keyring = path.join("keyring.json");
        let place = ["history", path.to_str().unwrap(), "--keyring", keyring.to_str().unwrap()];
        countersign(place.iter().chain(arguments))
    }

    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let arguments: Vec<&str> = arguments.iter().chain(&["--json"]).copied().collect();
        self.history(&arguments).ok().json_lines()
    }

    fn run_of(&self, decision: &str) -> PathBuf {
        let record = self.json(&[]).into_iter().find(|record| record["decision_id"] == decision);
        self.path().join(record.unwrap()["file"].as_str().unwrap())
    }
}

/// Lets text be written into a signature that nothing vouches for.
fn rename_signer(run: &Path, name: &str) {
    let path = signatures_of(run);
    let mut file = read_json(&path);
    file["signer_id"] = name.into();
    fs::write(path, serde_json::to_vec(&file).unwrap()).unwrap();
}

#[test]
fn everybody_s_signatures_are_told_as_a_table_csv_and_json() {
    let demo = Demo::new();
    let table = demo.history(&[]).ok().stdout;
    assert!(table.contains("SIGNED"), "{table}");
    assert!(table.contains("33 signatures by 3 people on 21 envelopes; all count"), "{table}");
    let json = demo.json(&[]);
    assert_eq!(json.len(), 33);
    assert!(json.is_sorted_by_key(|record| record["signed_at"].as_str().unwrap().to_owned()));
    let csv = demo.history(&["--csv"]).ok().stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 34);
    let names: Vec<&str> = lines[0].split(',').collect();
    let fields: Vec<&String> = json[0].as_object().unwrap().keys().collect();
    assert_eq!(names.len(), fields.len());
    assert!(names.iter().all(|name| fields.iter().any(|field| field == name)), "{names:?}");
}

#[test]
fn filters_go_by_person_role_key_kind_level_and_time() {
    let demo = Demo::new();
    let count = |arguments: &[&str]| demo.json(arguments).len();
    assert_eq!(count(&["--person", "w.witness"]), 6);
    assert_eq!(count(&["--person", "w.witness", "--person", "demo.hardware-witness"]), 12);
    assert_eq!(count(&["--role", "witness", "--kind", "hardware"]), 6);
    assert_eq!(count(&["--key", "ds-demo-2026-02"]), 6);
    assert_eq!(count(&["--level", "L7"]), 6);
    assert_eq!(count(&["--level", "none", "--level", "2"]), 6);
    assert_eq!(count(&["--since", "2026-01-05", "--until", "2026-01-05"]), 33);
    assert_eq!(count(&["--since", "2026-01-06"]), 0);
    assert_eq!(count(&["--until", "2026-01-05T08:05:00Z"]), 5);
    assert_eq!(count(&["--standing", "invalid"]), 0);
    let none = demo.history(&["--person", "nobody"]).ok().stdout;
    assert!(none.contains("No signature"), "{none}");
    assert_eq!(demo.history(&["--csv", "--person", "nobody"]).ok().stdout.lines().count(), 1);
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason() {
    let demo = Demo::new();
    demo.history(&["--since", "May"]).refused(&["is neither a day like 2026-05-06"]);
    demo.history(&["--level", "L9"]).refused(&["is no level from L0 to L7, nor none"]);
    demo.history(&["--kind", "wet"]).refused(&["software, hardware, external"]);
    demo.history(&["--csv", "--json"]).refused(&["cannot be used with"]);
    countersign(["history", "/nonexistent"]).refused(&["/nonexistent"]);
}

#[test]
fn nothing_from_a_file_is_a_formula_or_hides_in_the_output() {
    let demo = Demo::new();
    let run = demo.run_of("DEC-004");
    rename_signer(&run, "=HYPERLINK(\"http://x\",\"y\")\u{202e}\n\u{1b}[2J");
    let csv = demo.history(&["--csv", "--level", "L1"]).ok().stdout;
    let row = csv.lines().nth(1).unwrap();
    assert!(row.contains("\"'=HYPERLINK(\"\"http://x\"\""), "{row}");
    for output in
        [csv.clone(), demo.history(&[]).ok().stdout, demo.history(&["--json"]).ok().stdout]
    {
        assert!(!output.contains(['\u{202e}', '\u{1b}']), "{output:?}");
        assert!(output.contains("⟨U+202E⟩"), "{output}");
    }
    // The names, it, and the one on the manifest that it was not changed in.
    assert_eq!(csv.lines().count(), 3);
    // Nobody by this name holds the key.
    let json = demo.json(&["--standing", "not_accepted"]);
    assert_eq!(json.len(), 1);
    assert_eq!(json[0]["decision_id"], "DEC-004");
}

#[test]
fn the_demonstration_makes_years_of_signatures() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("years");
    let made = countersign(["demo", path.to_str().unwrap(), "--history", "200"]).ok().stdout;
    assert!(made.contains("made-up envelopes with 20"), "{made}");
    let keyring = path.join("keyring.json");
    let arguments =
        ["history", path.to_str().unwrap(), "--keyring", keyring.to_str().unwrap(), "--json"];
    let records = countersign(arguments).ok().json_lines();
    assert!(records.len() >= 200);
    countersign(["log", "verify", path.to_str().unwrap()]).ok();
}
