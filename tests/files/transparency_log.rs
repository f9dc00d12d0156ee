//! The transparency log through the real binary: its head, the proof that a run stands in it, and
//! what is said of a log that was cut, forked or removed since it was seen here.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use countersign_tests::{Case, Outcome, command, finish, read_json};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The head of a log that is not there, as the reference writes it; its time is put in.
const NO_HEAD: &str = "{\n  \"chain_head_hash\": null,\n  \"entry_count\": 0,\n  \"generated_at\": \
                       \"AT\",\n  \"head_version\": \"1.0\",\n  \"latest_entry_hash\": null,\n  \
                       \"latest_entry_id\": null\n}\n";

/// Three different runs of the reference in one directory, and a station with a memory.
struct Station {
    runs: TempDir,
    own: TempDir,
}

impl Station {
    const CASES: [&str; 3] = ["good_unsigned", "good_ed25519", "good_multisig"];

    fn new() -> Self {
        let runs = tempfile::tempdir().unwrap();
        for name in Self::CASES {
            for (file, bytes) in Case::copy(name).snapshot() {
                if !file.ends_with(".ndjson") {
                    fs::write(runs.path().join(file), bytes).unwrap();
                }
            }
        }
        Self { runs, own: tempfile::tempdir().unwrap() }
    }

    fn run(&self, number: usize) -> PathBuf {
        self.runs.path().join(Case::copy(Self::CASES[number]).run_name)
    }

    fn log(&self) -> PathBuf {
        self.runs.path().join("transparency_log.ndjson")
    }

    fn head(&self) -> PathBuf {
        self.runs.path().join("LOG_HEAD.json")
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.own.path().join("journal.ndjson")).unwrap_or_default()
    }

    fn countersign<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Outcome {
        let mut program = command();
        program.env("COUNTERSIGN_LOG_HEADS", self.own.path().join("log-heads"));
        program.env("COUNTERSIGN_JOURNAL", self.own.path().join("journal.ndjson"));
        finish(program.args(arguments).current_dir(self.runs.path()), b"")
    }

    fn status(&self) -> Vec<Value> {
        let policy = ["--trust", "embedded", "--assurance", "claimed"];
        let status = ["status", "--json", "."];
        self.countersign(status.iter().chain(&policy)).ok().json_lines()
    }

    fn log_command<A: AsRef<Path>>(&self, what: &str, path: A) -> Outcome {
        self.countersign([OsStr::new("log"), OsStr::new(what), path.as_ref().as_os_str()])
    }

    fn append(&self, number: usize) -> Outcome {
        self.log_command("append", self.run(number))
    }

    fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.log()).unwrap().lines().map(str::to_owned).collect()
    }

    fn write(&self, lines: &[String]) {
        fs::write(self.log(), lines.join("\n") + "\n").unwrap();
    }
}

/// How a check of a row came out.
fn check(row: &Value, id: &str) -> String {
    let checks = row["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["id"] == id);
    found.map(|check| check["result"].as_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn registering_keeps_the_head_beside_the_log() {
    let station = Station::new();
    station.append(0).ok();
    station.append(1).ok();
    let head = read_json(&station.head());
    let last: Value = serde_json::from_str(&station.lines()[1]).unwrap();
    assert_eq!(head["entry_count"], 2);
    assert_eq!(head["latest_entry_id"], last["entry_id"]);
    assert_eq!(head["latest_entry_hash"], last["entry_hash"]);
    let text = countersign_envelope::digest::Digest::of(&fs::read(station.log()).unwrap());
    assert_eq!(head["chain_head_hash"], text.to_string());

    // It is no run, and the directory is judged as before.
    let status = station.countersign(["status", "--json", "."]).ok();
    assert_eq!(status.json_lines().len(), 3);
    assert_eq!(status.stderr, "");

    // One that is lost or says something else is written again with the next registration.
    fs::write(station.head(), "{}").unwrap();
    let again = station.append(1).ok();
    assert!(again.stdout.contains("Registered already"), "{again:?}");
    assert_eq!(read_json(&station.head())["entry_count"], 2);
    let printed = station.countersign(["log", "head", "--out", "-"]).ok().stdout;
    let (stands, mut printed) =
        (read_json(&station.head()), serde_json::from_str::<Value>(&printed).unwrap());
    printed["generated_at"] = stands["generated_at"].clone();
    assert_eq!(printed, stands);
}

#[test]
fn a_head_that_cannot_be_written_leaves_the_registration_standing() {
    let station = Station::new();
    fs::create_dir(station.head()).unwrap();
    let outcome = station.append(0).ok();
    assert!(outcome.stderr.contains("the run is registered, but"), "{outcome:?}");
    assert!(outcome.stderr.contains("LOG_HEAD.json"), "{outcome:?}");
    assert_eq!(station.lines().len(), 1);
}

#[test]
fn an_empty_log_has_the_head_of_the_reference() {
    let station = Station::new();
    fs::write(station.log(), "").unwrap();
    station.countersign(["log", "head"]).ok();
    let text = fs::read_to_string(station.head()).unwrap();
    let at = read_json(&station.head())["generated_at"].as_str().unwrap().to_owned();
    assert_eq!(text, NO_HEAD.replace("AT", &at));
}

#[test]
fn a_log_that_does_not_exist_has_no_head() {
    let station = Station::new();
    let refused = station.countersign(["log", "head"]).refused(&["there is no log at"]);
    assert!(refused.stderr.contains("--log FILE"), "{refused:?}");
    station.countersign(["log", "head", "--out", "-"]).refused(&["there is no log at"]);
    assert!(!station.head().exists());
}

#[test]
fn a_proof_needs_neither_the_log_nor_this_station() {
    let station = Station::new();
    (0..3).for_each(|number| drop(station.append(number).ok()));
    let elsewhere = tempfile::tempdir().unwrap();
    let proof = elsewhere.path().join("proof.json");
    let made = finish(
        command()
            .args(["log", "prove", "--json", "--out"])
            .arg(&proof)
            .args([station.run(1), station.run(2)]),
        b"",
    );
    let positions: Vec<Value> =
        made.ok().json_lines().iter().map(|line| line["position"].clone()).collect();
    assert_eq!(positions, [json!(2), json!(3)]);

    let (runs, head) = (elsewhere.path().join("runs"), elsewhere.path().join("LOG_HEAD.json"));
    fs::create_dir(&runs).unwrap();
    let copies = [0, 1, 2].map(|number| {
        let to = runs.join(station.run(number).file_name().unwrap());
        fs::copy(station.run(number), &to).unwrap();
        to
    });
    fs::copy(station.head(), &head).unwrap();
    let hash = read_json(&head)["latest_entry_hash"].as_str().unwrap().to_owned();
    drop(station);

    let check = |proof: &Path, run: &Path, head: Option<&str>| {
        let mut check = command();
        check.args(["log", "check-proof"]).arg(proof).arg("--run").arg(run);
        finish(check.args(head.iter().flat_map(|head| ["--head", head])), b"")
    };
    let head = head.to_str().unwrap();
    for run in &copies[1..] {
        let said = check(&proof, run, Some(head)).ok();
        assert!(said.stdout.contains("of 3"), "{said:?}");
        check(&proof, run, Some(&hash)).ok();
        let untold = check(&proof, run, None).ok();
        assert!(untold.stdout.contains("Compare this head"), "{untold:?}");
    }

    #[track_caller]
    fn refused(outcome: Outcome, words: &str) {
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.stderr.contains(words), "{outcome:?}");
        assert_eq!(outcome.stdout, "");
    }
    refused(check(&proof, &copies[0], Some(head)), "has no entry there");
    let other = hash.replace(&hash[10..14], "0000");
    refused(check(&proof, &copies[1], Some(&other)), "leads to the head");
    let text = fs::read_to_string(&proof).unwrap();
    let altered = elsewhere.path().join("altered.json");
    fs::write(&altered, text.replacen("\"run_id\": \"RUN-", "\"run_id\": \"RUM-", 1)).unwrap();
    refused(check(&altered, &copies[1], Some(head)), "entry 2 of the proof was altered");
    let text = fs::read_to_string(&copies[1]).unwrap();
    fs::write(&copies[1], text.replacen("\"title\": \"", "\"title\": \"Never mind: ", 1)).unwrap();
    refused(check(&proof, &copies[1], Some(head)), "the run was modified after it was sealed");
    check(&proof, &copies[2], Some("LOG_HEAD.gone")).refused(&["LOG_HEAD.gone", "no such file"]);
}

/// What every reading says of a log that was rewritten, that nothing is registered in it, and that it
/// can be accepted.
#[track_caller]
fn assert_noticed_until_accepted(station: &Station, words: &[&str]) {
    let says = |outcome: &Outcome| {
        for word in words {
            assert!(outcome.stderr.contains(word), "no {word:?} in {outcome:?}");
        }
    };
    let before = fs::read(station.log()).ok();
    says(&station.countersign(["status", "."]).ok());
    says(&station.countersign([OsStr::new("explain"), station.run(0).as_os_str()]).ok());
    let verified = station.countersign(["verify", "--level", "L0", "."]);
    says(&verified);
    let verified = station.log_command("verify", ".");
    assert_eq!(verified.code, 1, "{verified:?}");
    says(&verified);
    let rows = station.status();
    for row in &rows {
        assert_eq!(check(row, "transparency.continuity"), "fail", "{row}");
        assert_eq!(row["levels"][3], "fail", "{row}");
    }
    let allowed = station.countersign(["status", "--json", "--allow-rewritten-log", "."]).ok();
    for row in allowed.json_lines() {
        assert_eq!(check(&row, "transparency.continuity"), "warn", "{row}");
    }
    says(&station.append(0).refused(&["nothing was registered"]));
    says(&station.countersign(["history", "."]).ok());
    let place = tempfile::tempdir().unwrap();
    let pack = place.path().join("pack.zip");
    let run = station.run(0);
    says(
        &station
            .countersign([
                OsStr::new("pack"),
                run.as_os_str(),
                OsStr::new("--out"),
                pack.as_os_str(),
            ])
            .ok(),
    );
    // Its head is not rewritten, and no other log is imported in its place.
    let head = fs::read(station.head()).ok();
    says(&station.countersign(["log", "head"]).refused(&["no head was written"]));
    assert_eq!(fs::read(station.head()).ok(), head);
    let other = Station::new();
    [1, 0, 2].iter().for_each(|&number| drop(other.append(number).ok()));
    let export = place.path().join("export.zip");
    let out = [OsStr::new("export"), OsStr::new("."), OsStr::new("--out"), export.as_os_str()];
    other.countersign(out).ok();
    let import = [OsStr::new("import"), export.as_os_str(), OsStr::new(".")];
    says(&station.countersign(import).refused(&["nothing was imported"]));
    assert_eq!(fs::read(station.log()).ok(), before, "nothing was added");
    let found = station.journal().matches("\"log_rewritten\"").count();
    assert_eq!(found, 1, "journalled once: {}", station.journal());

    station.log_command("accept", ".").refused(&["--reason"]);
    station.countersign(["log", "accept", ".", "--reason", "restored by the auditor"]).ok();
    assert_eq!(station.journal().matches("\"log_accepted\"").count(), 1);
    assert!(station.journal().contains("\"restored by the auditor\""), "{}", station.journal());
    assert_eq!(station.countersign(["status", "."]).ok().stderr, "");
    station.append(0).ok();
    station.log_command("verify", ".").ok();
}

#[test]
fn a_log_that_was_cut_is_noticed() {
    let station = Station::new();
    (0..3).for_each(|number| drop(station.append(number).ok()));
    station.write(&station.lines()[..1]);
    assert_noticed_until_accepted(&station, &["truncated", "had 3 entries on 20", "has 1"]);
}

#[test]
fn a_log_that_is_gone_is_noticed() {
    let station = Station::new();
    (0..2).for_each(|number| drop(station.append(number).ok()));
    fs::remove_file(station.log()).unwrap();
    assert_noticed_until_accepted(&station, &["the log is gone", "had 2 entries"]);
}

#[test]
fn a_log_with_another_history_is_noticed() {
    let station = Station::new();
    (0..2).for_each(|number| drop(station.append(number).ok()));
    // Another station registers the same runs the other way round, and one more; its chain holds.
    let other = Station::new();
    [1, 0, 2].iter().for_each(|&number| drop(other.append(number).ok()));
    fs::copy(other.log(), station.log()).unwrap();
    assert_noticed_until_accepted(
        &station,
        &["forked", "entry 1 is not the one seen", "missing: TLE-"],
    );
}

#[test]
fn a_log_that_only_grew_is_taken() {
    let station = Station::new();
    station.append(0).ok();
    // Another station, with a memory of its own, registers in the same log.
    let other = Station { runs: station.runs, own: tempfile::tempdir().unwrap() };
    other.append(1).ok();
    let station = Station { runs: other.runs, own: station.own };
    assert_eq!(station.countersign(["status", "."]).ok().stderr, "");
    // What was seen then is what is remembered.
    station.write(&station.lines()[..1]);
    let verified = station.log_command("verify", ".");
    assert_eq!(verified.code, 1);
    assert!(verified.stderr.contains("had 2 entries"), "{verified:?}");
}

/// Two stations that append to one synchronised log leave two versions of it.
#[test]
fn a_second_version_of_a_log_is_named_with_the_way_out() {
    let case = Case::copy("good_logged");
    let log = case.path().join("transparency_log.ndjson");
    let verify = || finish(command().args(["log", "verify"]).arg(case.path()), b"");
    assert_eq!(verify().ok().stderr, "");
    for name in [
        "transparency_log (conflicted copy 2026-11-25 072401).ndjson",
        "transparency_log.sync-conflict-20261125-072401-ABCDEFG.ndjson",
        "transparency_log.ndjson.orig",
        "Copy of transparency_log.ndjson",
    ] {
        let copy = case.path().join(name);
        fs::copy(&log, &copy).unwrap();
        let said = verify().ok();
        for words in [name, "second version", "register the runs"] {
            assert!(said.stderr.contains(words), "no {words:?} in {said:?}");
        }
        fs::remove_file(copy).unwrap();
    }
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> theirs\n")).unwrap();
    let said = verify();
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.contains("restore one side"), "{said:?}");
}
