//! What a station remembers of logs and ledgers, which one counts, and what it takes to read one,
//! through the real binary.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_envelope::digest::Digest;
use countersign_tests::{Case, Outcome, binary, command, finish, read_json};
use serde_json::{Value, json};
use tempfile::TempDir;

const LOG: &str = "transparency_log.ndjson";
const LEDGER: &str = "authority_ledger.ndjson";

/// Any key that verifies: what is tried here is the logs.
const POLICY: [&str; 4] = ["--trust", "embedded", "--assurance", "claimed"];

/// A directory of runs, and a station with a memory.
struct Station {
    place: TempDir,
}

impl Station {
    fn new() -> Self {
        let station = Self { place: tempfile::tempdir().unwrap() };
        fs::create_dir(station.runs()).unwrap();
        station
    }

    fn runs(&self) -> PathBuf {
        self.place.path().join("runs")
    }

    /// Copies the files of a case of the reference into a directory; its run.
    fn add(&self, case: &str, directory: &Path) -> PathBuf {
        let case = Case::copy(case);
        fs::create_dir_all(directory).unwrap();
        for (name, bytes) in case.snapshot() {
            fs::write(directory.join(name), bytes).unwrap();
        }
        directory.join(&case.run_name)
    }

    fn countersign<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Outcome {
        let mut program = command();
        program.env("COUNTERSIGN_LOG_HEADS", self.place.path().join("log-heads"));
        program.env("COUNTERSIGN_JOURNAL", self.place.path().join("journal.ndjson"));
        finish(program.args(arguments).current_dir(self.place.path()), b"")
    }

    fn status(&self, directory: &Path) -> Vec<Value> {
        let mut arguments = vec!["status".into(), "--json".into(), directory.into()];
        arguments.extend(POLICY.map(std::ffi::OsString::from));
        self.countersign(arguments).ok().json_lines()
    }

    /// The only row, or the one whose path has a word in it.
    fn row(&self, directory: &Path, word: &str) -> Value {
        let rows = self.status(directory);
        let found = rows.into_iter().find(|row| row["path"].as_str().unwrap().contains(word));
        found.unwrap()
    }

    fn append(&self, run: &Path) -> Outcome {
        self.countersign([OsStr::new("log"), OsStr::new("append"), run.as_os_str()])
    }
}

/// How a check of a row came out, with what it says.
fn check(row: &Value, id: &str) -> (String, String) {
    let checks = row["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["id"] == id);
    let text = |key: &str| found.map(|check| check[key].as_str().unwrap().to_owned());
    (text("result").unwrap_or_default(), text("detail").unwrap_or_default())
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn cut(path: &Path, count: usize) {
    let text: String = lines(path).iter().take(count).map(|line| format!("{line}\n")).collect();
    fs::write(path, text).unwrap();
}

#[test]
fn a_cut_log_fails_every_run_until_it_is_accepted_and_names_what_is_gone() {
    let station = Station::new();
    let run = station.add("good_log_of_many", &station.runs());
    assert_eq!(station.row(&station.runs(), "")["levels"][3], "pass");
    let log = station.runs().join(LOG);
    let whole = lines(&log);
    let last: Value = serde_json::from_str(whole.last().unwrap()).unwrap();
    cut(&log, whole.len() - 1);

    let row = station.row(&station.runs(), "");
    let (result, detail) = check(&row, "transparency.continuity");
    assert_eq!((result.as_str(), &row["levels"][3]), ("fail", &json!("fail")));
    for word in [last["entry_id"].as_str().unwrap(), last["run_id"].as_str().unwrap()] {
        assert!(detail.contains(word), "no {word} in {detail}");
    }
    let verify = |more: &[&str]| {
        let base = ["verify", "--level", "L3", "runs"];
        station.countersign(base.iter().chain(&POLICY).chain(more))
    };
    assert_eq!(verify(&[]).code, 1);
    let explained = station.countersign([OsStr::new("explain"), run.as_os_str()]).ok();
    assert!(explained.stdout.contains("was truncated"), "{explained:?}");
    let listed = station.countersign(["log", "verify", "runs"]);
    assert!(listed.code == 1 && listed.stdout.contains("missing  TLE-"), "{listed:?}");

    station.countersign(["log", "accept", "runs", "--reason", "a test entry"]).ok();
    let row = station.row(&station.runs(), "");
    assert_eq!(check(&row, "transparency.continuity").0, "");
    let weaker = row["weaker_policy"].as_array().unwrap();
    assert!(weaker.contains(&json!("accepted_log")), "programs are told, too: {weaker:?}");
    // What was accepted is what is remembered from then on.
    cut(&log, whole.len() - 2);
    assert_eq!(check(&station.row(&station.runs(), ""), "transparency.continuity").0, "fail");
}

/// What a person accepted in one directory is no weakness of the envelopes of another.
#[test]
fn an_accepted_log_is_a_weakness_of_its_own_envelopes_alone() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs().join("one"));
    station.add("good_unsigned", &station.runs().join("other"));
    assert_eq!(station.row(&station.runs(), "one/")["levels"][3], "pass");
    let log = station.runs().join("one").join(LOG);
    cut(&log, lines(&log).len() - 1);
    station.countersign(["log", "accept", "runs/one", "--reason", "a test entry"]).ok();
    for (place, weaker) in [("one/", true), ("other/", false)] {
        let row = station.row(&station.runs(), place);
        let named = row["weaker_policy"].as_array().unwrap().contains(&json!("accepted_log"));
        assert_eq!(named, weaker, "{place}: {row}");
    }
}

#[test]
fn a_renamed_directory_is_still_remembered() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs());
    station.status(&station.runs());
    let renamed = station.place.path().join("renamed");
    fs::rename(station.runs(), &renamed).unwrap();
    assert_eq!(station.row(&renamed, "")["levels"][3], "pass");
    let again = station.place.path().join("again");
    fs::rename(&renamed, &again).unwrap();
    cut(&again.join(LOG), 1);
    let (result, detail) = check(&station.row(&again, ""), "transparency.continuity");
    assert_eq!(result, "fail", "{detail}");
}

#[test]
fn of_two_logs_that_differ_neither_counts_and_of_a_prefix_the_longer_does() {
    let station = Station::new();
    let runs = station.runs();
    station.add("good_logged", &runs);
    let reference = station.place.path().join("transparency_log").join("log.ndjson");
    fs::create_dir(reference.parent().unwrap()).unwrap();
    // The real log has more in it.
    let other = Station::new();
    other.add("good_log_of_many", &other.runs());
    fs::copy(other.runs().join(LOG), &reference).unwrap();
    let row = station.row(&runs, "");
    let (result, detail) = check(&row, "transparency.one_log");
    assert_eq!((result.as_str(), &row["levels"][3]), ("unchecked", &json!("unchecked")));
    assert!(detail.contains("two logs") && detail.contains("log.ndjson"), "{detail}");

    // A configured one decides, and the others are named.
    let named = ["status", "--json", "runs", "--log", "runs/transparency_log.ndjson"];
    let row = station.countersign(named.iter().chain(&POLICY)).ok().json_lines().remove(0);
    assert_eq!(row["levels"][3], "pass");
    assert!(row["warnings"].to_string().contains("does not count"), "{}", row["warnings"]);

    // One that the other goes on from is older.
    let station = Station::new();
    let runs = station.runs();
    station.add("good_log_of_many", &runs);
    let reference = station.place.path().join("transparency_log").join("log.ndjson");
    fs::create_dir(reference.parent().unwrap()).unwrap();
    fs::write(&reference, lines(&runs.join(LOG))[0].clone() + "\n").unwrap();
    let run = Case::copy("good_log_of_many").run_name;
    let row = station.row(&runs, run.trim_end_matches(".json"));
    assert_eq!(row["levels"][3], "pass", "{row}");
    assert!(row["warnings"].to_string().contains("older copy"), "{}", row["warnings"]);
}

#[test]
fn a_log_of_a_sub_directory_does_not_hide_the_one_above() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs());
    let below = station.runs().join("below");
    let run = station.add("good_multisig", &below);
    fs::remove_file(below.join(LOG)).unwrap();
    // A log of one's own making, with the run in it.
    let other = Station::new();
    let made = other.add("good_multisig", &other.runs());
    fs::remove_file(other.runs().join(LOG)).unwrap();
    other.append(&made).ok();
    fs::copy(other.runs().join(LOG), below.join(LOG)).unwrap();
    let row = station.row(&station.runs(), "below");
    assert_eq!(row["levels"][3], "unchecked", "{row}");
    let book = ["log", "append", "--log", "runs/transparency_log.ndjson"];
    let appended = station.countersign(book.iter().map(OsStr::new).chain([run.as_os_str()]));
    appended.ok();
    fs::remove_file(below.join(LOG)).unwrap();
    // The gone one was remembered at its place.
    let row = station.row(&station.runs(), "below");
    assert_eq!(check(&row, "transparency.continuity").0, "fail", "{row}");
    station.countersign(["log", "accept", "runs/below", "--reason", "never belonged here"]).ok();
    assert_eq!(station.row(&station.runs(), "below")["levels"][3], "pass");
}

#[test]
fn a_ledger_that_was_cut_before_its_revocation_fails() {
    let station = Station::new();
    station.add("authority_revoked", &station.runs());
    let row = station.row(&station.runs(), "");
    assert_eq!(check(&row, "authority.not_revoked").0, "fail");
    cut(&station.runs().join(LEDGER), 1);
    let row = station.row(&station.runs(), "");
    assert_eq!(check(&row, "authority.not_revoked").0, "pass");
    let (result, detail) = check(&row, "authority.continuity");
    assert_eq!((result.as_str(), &row["levels"][7]), ("fail", &json!("fail")));
    assert!(detail.contains("the ledger was truncated"), "{detail}");
    let verify = ["verify", "--level", "L7", "runs"];
    assert_eq!(station.countersign(verify.iter().chain(&POLICY)).code, 1);
    assert_eq!(station.countersign(["log", "verify", "runs"]).code, 1);
}

#[test]
fn a_revocation_is_no_grant_and_another_actor_is_warned_about() {
    let station = Station::new();
    let run = station.add("authority_revoked_later", &station.runs());
    let row = station.row(&station.runs(), "");
    assert_eq!(check(&row, "authority.is_grant").0, "pass");
    assert_eq!(check(&row, "authority.actor").0, "warn", "{row}");
    // The run refers to the revocation instead.
    let entry: Value = serde_json::from_str(&lines(&station.runs().join(LEDGER))[1]).unwrap();
    let mut sealed = read_json(&run);
    sealed["authority_ledger_ref"]["authority_entry_id"] = entry["entry_id"].clone();
    sealed["authority_ledger_ref"]["authority_entry_hash"] = entry["entry_hash"].clone();
    fs::write(&run, sealed.to_string()).unwrap();
    let row = station.row(&station.runs(), "");
    assert_eq!(check(&row, "authority.is_grant").0, "fail", "{row}");
}

#[test]
fn a_pack_with_an_older_log_holds_and_one_with_a_fork_does_not() {
    let station = Station::new();
    let run = station.add("good_logged", &station.runs());
    let pack = |name: &str| {
        let out = station.place.path().join(name);
        let pack = [OsStr::new("pack"), run.as_os_str(), OsStr::new("--out"), out.as_os_str()];
        station.countersign(pack).ok();
        out
    };
    let older = pack("older");
    let second = station.add("good_log_of_many", &station.place.path().join("elsewhere"));
    let second = {
        let to = station.runs().join(second.file_name().unwrap());
        fs::copy(&second, &to).unwrap();
        let manifest = |run: &Path| run.with_extension("manifest.json");
        fs::copy(manifest(&second), manifest(&to)).unwrap();
        to
    };
    station.append(&second).ok();
    let verify = |pack: &Path| {
        let verify = [OsStr::new("verify"), OsStr::new("--json"), pack.as_os_str()];
        let policy = POLICY.iter().map(OsStr::new);
        station.countersign(verify.into_iter().chain(policy)).json_lines().remove(0)
    };
    let row = verify(&older);
    assert_eq!(row["levels"][3], "pass", "{row}");
    assert!(row["warnings"].to_string().contains("older than remembered"), "{row}");

    // The same log with another second entry.
    let forked = Station::new();
    let run_there = forked.add("good_logged", &forked.runs());
    let third = forked.add("good_multisig", &forked.place.path().join("elsewhere"));
    let to = forked.runs().join(third.file_name().unwrap());
    fs::copy(&third, &to).unwrap();
    fs::copy(third.with_extension("manifest.json"), to.with_extension("manifest.json")).unwrap();
    forked.append(&to).ok();
    let out = forked.place.path().join("forked");
    let make = [OsStr::new("pack"), run_there.as_os_str(), OsStr::new("--out"), out.as_os_str()];
    forked.countersign(make).ok();
    let row = verify(&out);
    assert_eq!(check(&row, "transparency.continuity").0, "fail", "{row}");
    assert_eq!(row["levels"][3], "fail");
}

#[test]
fn nothing_is_imported_beside_a_log_that_was_cut_in_a_sub_directory() {
    let station = Station::new();
    let below = station.runs().join("below");
    let run = station.add("good_log_of_many", &below);
    station.status(&station.runs());
    let export = station.place.path().join("export.zip");
    let arguments = [OsStr::new("export"), OsStr::new("runs"), OsStr::new("--out")];
    station.countersign(arguments.into_iter().chain([export.as_os_str()])).ok();
    cut(&below.join(LOG), 1);
    let before = fs::read(below.join(LOG)).unwrap();
    let import = [OsStr::new("import"), export.as_os_str(), OsStr::new("runs")];
    station.countersign(import).refused(&["was truncated", "nothing was imported"]);
    assert_eq!(fs::read(below.join(LOG)).unwrap(), before);
    let allowed = import.into_iter().chain([OsStr::new("--allow-rewritten-log")]);
    station.countersign(allowed).ok();
    assert!(fs::read(below.join(LOG)).unwrap().len() > before.len());
    assert!(run.exists());
}

#[test]
fn a_registered_run_that_is_gone_and_signatures_without_a_run_are_named() {
    let station = Station::new();
    let run = station.add("good_logged", &station.runs());
    station.add("good_multisig", &station.runs().join("other"));
    station.status(&station.runs());
    let name = run.file_name().unwrap().to_str().unwrap().to_owned();
    fs::rename(&run, run.with_file_name("RUN-00000000_20260506T070809Z.json")).unwrap();
    for command in [["status", "runs"].as_slice(), &["log", "verify", "runs"]] {
        let said = station.countersign(command).ok();
        assert!(said.stderr.contains("registered run"), "{said:?}");
        assert!(said.stderr.contains(&name), "{said:?}");
        assert!(said.stderr.contains("without the file that it signs"), "{said:?}");
        assert!(said.stderr.contains(&format!("{name}.sig.json")), "{said:?}");
    }
    station.countersign(["log", "accept", "runs", "--reason", "renamed by hand"]).ok();
    let said = station.countersign(["status", "runs"]).ok();
    assert!(!said.stderr.contains("registered run"), "{said:?}");
}

#[test]
fn the_head_that_version_0_1_kept_is_read_and_replaced() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs());
    let log = station.runs().canonicalize().unwrap().join(LOG);
    let all = lines(&log);
    let last: Value = serde_json::from_str(all.last().unwrap()).unwrap();
    let heads = station.place.path().join("log-heads");
    fs::create_dir(&heads).unwrap();
    let name = &Digest::of(log.to_str().unwrap().as_bytes()).hex()[..16];
    let head = heads.join(format!("{name}.json"));
    let seen = json!({
        "log": log, "entries": all.len(), "last_hash": last["entry_hash"],
        "seen_at": "2026-11-01T00:00:00Z",
    });
    fs::write(&head, seen.to_string()).unwrap();
    let text = fs::read_to_string(&log).unwrap();
    cut(&log, all.len() - 1);
    let (result, detail) = check(&station.row(&station.runs(), ""), "transparency.continuity");
    assert_eq!(result, "fail");
    assert!(detail.contains(&format!("had {} entries on 2026-11-01", all.len())), "{detail}");
    // Put back, it is taken into the new form: by its first entry, wherever it stands.
    fs::write(&log, text).unwrap();
    assert_eq!(station.row(&station.runs(), "")["levels"][3], "pass");
    let first: Value = serde_json::from_str(&all[0]).unwrap();
    assert_eq!(read_json(&head)["first"], first["entry_hash"]);
}

#[test]
fn memory_that_is_damaged_makes_the_level_not_checkable() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs());
    station.status(&station.runs());
    let heads = station.place.path().join("log-heads");
    let entries = fs::read_dir(&heads).unwrap().flatten().map(|entry| entry.path());
    for path in entries.filter(|path| path.extension().is_some_and(|end| end == "entries")) {
        File::options().write(true).open(path).unwrap().set_len(10).unwrap();
    }
    let row = station.row(&station.runs(), "");
    assert_eq!(row["levels"][3], "unchecked", "{row}");
    assert_eq!(check(&row, "transparency.continuity").0, "unchecked");
}

#[test]
fn a_file_that_is_no_run_has_no_level_that_holds() {
    let station = Station::new();
    let run = station.add("good_logged", &station.runs());
    fs::write(&run, "[1,2,3]").unwrap();
    let row = station.row(&station.runs(), "");
    let levels = row["levels"].as_array().unwrap();
    assert!(!levels.iter().any(|level| level == "pass"), "{levels:?}");
    assert_eq!((&levels[0], &levels[3]), (&json!("fail"), &json!("unchecked")));
}

#[test]
fn dates_that_run_backwards_and_keys_given_twice_are_warned_about() {
    let station = Station::new();
    let run = station.add("good_logged", &station.runs());
    let log = station.runs().join(LOG);
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text.replacen('{', "{\"run_id\": \"RUN-00000000\", ", 1)).unwrap();
    let row = station.row(&station.runs(), "");
    assert!(row["warnings"].to_string().contains("is given twice"), "{}", row["warnings"]);
    assert_eq!(row["levels"][3], "pass");
    fs::write(&log, text).unwrap();

    // The clock of the registering machine went back by years.
    let second = station.add("good_multisig", &station.place.path().join("elsewhere"));
    let to = station.runs().join(second.file_name().unwrap());
    fs::copy(&second, &to).unwrap();
    fs::copy(second.with_extension("manifest.json"), to.with_extension("manifest.json")).unwrap();
    station.append(&to).ok();
    let mut entry: Value = serde_json::from_str(&lines(&log)[1]).unwrap();
    entry["observed_at"] = json!("2020-01-01T00:00:00Z");
    entry["entry_hash"] = json!("");
    let canonical = finish(command().arg("canonical"), entry.to_string().as_bytes()).ok().stdout;
    entry["entry_hash"] = json!(Digest::of(canonical.as_bytes()).to_string());
    fs::write(&log, format!("{}\n{entry}\n", lines(&log)[0])).unwrap();
    // It is a fork of what was seen as well; that is another matter.
    let verified = station.countersign(["log", "verify", "runs"]);
    assert!(verified.stderr.contains("is dated 2020-01-01T00:00:00Z, before"), "{verified:?}");
    assert!(run.exists());
}

#[test]
fn an_entry_says_who_signed_and_the_journal_has_whole_paths() {
    let station = Station::new();
    let run = station.add("good_multisig", &station.runs());
    fs::remove_file(station.runs().join(LOG)).unwrap();
    station.append(&run).ok();
    let entry: Value = serde_json::from_str(&lines(&station.runs().join(LOG))[0]).unwrap();
    assert_eq!(entry["artifact_path"], run.file_name().unwrap().to_str().unwrap());
    assert!(entry["signing_key_id"].is_string() && entry["witness_key_id"].is_string(), "{entry}");
    let journal = lines(&station.place.path().join("journal.ndjson"));
    let registered = journal.iter().find(|line| line.contains("\"registered\"")).unwrap();
    let registered: Value = serde_json::from_str(registered).unwrap();
    for key in ["file", "log"] {
        assert!(Path::new(registered[key].as_str().unwrap()).is_absolute(), "{registered}");
    }
}

/// Runs the binary with so little memory that no log fits into it.
fn in_little_memory(station: &Station, arguments: &[&str]) -> Outcome {
    let mut shell = Command::new("sh");
    shell.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    shell.env("HOME", station.place.path()).current_dir(station.place.path());
    shell.args(["-c", "ulimit -d 262144 && exec \"$@\"", "sh"]).arg(binary()).args(arguments);
    finish(&mut shell, b"")
}

/// Writes a file that cannot be read as a log.
fn hostile(path: &Path, write: impl FnOnce(&mut BufWriter<File>)) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    write(&mut file);
    file.flush().unwrap();
}

#[test]
fn the_first_bad_line_ends_a_log_of_any_size_in_little_memory() {
    let station = Station::new();
    station.add("good_authority", &station.runs());
    for name in [LOG, LEDGER] {
        let path = station.runs().join(name);
        let sound = fs::read(&path).unwrap();
        let sparse =
            |length: u64| move |file: &mut BufWriter<File>| file.get_mut().set_len(length).unwrap();
        let assert_ends = |word: &str| {
            for arguments in [["status", "--json", "runs"], ["log", "verify", "runs"]].iter() {
                let said = in_little_memory(&station, arguments);
                assert!(said.code == 0 || said.code == 1, "{word}: {said:?}");
                let all = said.stdout + &said.stderr;
                assert!(all.contains(word), "{word}: {all}");
            }
        };
        // One line of 300 MiB, and 1 GiB of nothing.
        hostile(&path, sparse(300 << 20));
        assert_ends("line 1: longer than 1 MiB");
        hostile(&path, sparse(1 << 30));
        assert_ends("line 1: longer than 1 MiB");
        hostile(&path, |file| {
            let many = b"{}\n".repeat(1_000_000);
            (0..63).for_each(|_| file.write_all(&many).unwrap());
        });
        assert_ends("line 1: the entry was changed");
        // After what holds, and after many blank lines.
        hostile(&path, |file| {
            file.write_all(&sound).unwrap();
            (0..64).for_each(|_| file.write_all(&b"\n".repeat(1 << 20)).unwrap());
            file.write_all(b"{}\n").unwrap();
        });
        assert_ends("the entry was changed");
        fs::write(&path, sound).unwrap();
    }
}

/// Names of directories that a line of text cannot hold, or that are not Unicode.
#[cfg(unix)]
fn odd_names() -> [std::ffi::OsString; 3] {
    use std::os::unix::ffi::OsStringExt as _;
    [b"q3\nfinal".to_vec(), b"caf\xe9".to_vec(), b"\"quoted".to_vec()]
        .map(std::ffi::OsString::from_vec)
}

#[test]
#[cfg(unix)]
fn runs_and_logs_in_directories_with_odd_names_are_remembered() {
    for name in odd_names() {
        let station = Station::new();
        let directory = station.runs().join(&name);
        let run = station.add("good_log_of_many", &directory);
        station.status(&station.runs());
        let said = station.countersign(["verify", "runs"]);
        assert!(!said.stderr.contains("missing"), "{name:?}: {said:?}");
        assert!(!said.stderr.contains("cannot be"), "{name:?}: {said:?}");
        // What is gone is missed, and can be accepted.
        fs::remove_file(&run).unwrap();
        cut(&directory.join(LOG), 1);
        let said = station.countersign(["log", "verify", "runs"]);
        assert!(said.code == 1 && said.stderr.contains("was truncated"), "{name:?}: {said:?}");
        assert!(said.stderr.contains("registered run"), "{name:?}: {said:?}");
        let accept = [OsStr::new("log"), OsStr::new("accept"), directory.as_os_str()];
        let reason = ["--reason", "a test"].map(OsStr::new);
        station.countersign(accept.into_iter().chain(reason)).ok();
        let said = station.countersign(["log", "verify", "runs"]).ok();
        assert!(!said.stderr.contains("registered run"), "{name:?}: {said:?}");
    }
}

/// Where the registered runs of a directory are remembered.
fn runs_file(station: &Station, directory: &Path) -> PathBuf {
    let directory = directory.canonicalize().unwrap();
    let name = &Digest::of(directory.as_os_str().as_encoded_bytes()).hex()[..16];
    station.place.path().join("log-heads").join(format!("{name}.runs"))
}

#[test]
#[cfg(unix)]
fn runs_that_an_earlier_version_remembered_are_read_and_wrong_directories_are_set_right() {
    let station = Station::new();
    let run = station.add("good_logged", &station.runs());
    station.status(&station.runs());
    let file = runs_file(&station, &station.runs());
    let names: String = lines(&file).iter().skip(1).map(|name| format!("{name}\n")).collect();
    let directory = station.runs().canonicalize().unwrap();
    fs::write(&file, format!("{}\n{names}", directory.display())).unwrap();
    let aside = station.place.path().join("aside.json");
    fs::rename(&run, &aside).unwrap();
    let missing = |station: &Station| {
        station.countersign(["status", "runs"]).ok().stderr.contains("registered run")
    };
    assert!(missing(&station));
    fs::rename(&aside, &run).unwrap();
    assert!(!missing(&station));

    for name in odd_names().into_iter().take(2) {
        let station = Station::new();
        let directory = station.runs().join(&name);
        let run = station.add("good_logged", &directory);
        station.status(&station.runs());
        let file = runs_file(&station, &directory);
        let shown = directory.canonicalize().unwrap().display().to_string();
        let name = run.file_name().unwrap().to_str().unwrap();
        fs::write(&file, format!("{shown}\n{name}\n")).unwrap();
        assert!(!missing(&station), "{directory:?}");
        fs::remove_file(&run).unwrap();
        assert!(missing(&station), "{directory:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_directory_whose_name_cannot_be_carried_is_not_exported_under_another() {
    for name in odd_names() {
        let station = Station::new();
        station.add("good_logged", &station.runs().join(&name));
        let refused = station.countersign(["export", "runs", "--out", "export.zip"]);
        refused.refused(&["the name", "give the file or folder another"]);
        assert!(!station.place.path().join("export.zip").exists(), "{name:?}");
    }
}

/// Adds an entry that an attacker made up, after what a log has.
fn make_up(log: &Path, run_id: &str) {
    let mut entry: Value = serde_json::from_str(lines(log).last().unwrap()).unwrap();
    entry["prev_entry_hash"] = entry["entry_hash"].clone();
    for (key, value) in [("run_id", run_id), ("entry_id", "TLE-00000000"), ("entry_hash", "")] {
        entry[key] = json!(value);
    }
    for key in ["commit_hash", "artifact_bytes_sha256"] {
        entry[key] = json!(Digest::of(run_id.as_bytes()).to_string());
    }
    let canonical = finish(command().arg("canonical"), entry.to_string().as_bytes()).ok().stdout;
    entry["entry_hash"] = json!(Digest::of(canonical.as_bytes()).to_string());
    let text = fs::read_to_string(log).unwrap();
    fs::write(log, format!("{}\n{entry}\n", text.trim_end())).unwrap();
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Copies one more run of the reference into a directory, to be registered there.
fn add_run(station: &Station, case: &str, to: &Path) -> PathBuf {
    let run = station.add(case, &station.place.path().join("elsewhere").join(case));
    let copy = to.join(run.file_name().unwrap());
    fs::copy(&run, &copy).unwrap();
    fs::copy(run.with_extension("manifest.json"), copy.with_extension("manifest.json")).unwrap();
    copy
}

#[test]
fn what_is_added_to_a_copy_is_not_missed_in_the_log_itself() {
    for look in ["status", "log verify", "verify", "verify pack", "verify pack --log", "explain"] {
        let station = Station::new();
        let run = station.add("good_logged", &station.runs());
        station.status(&station.runs());
        let stick = station.place.path().join("stick");
        copy_directory(&station.runs(), &stick);
        let run_there = stick.join(run.file_name().unwrap());
        // Whoever has the copy adds to it, on a station of their own.
        make_up(&stick.join(LOG), "RUN-00000001");
        if stick.join(LEDGER).exists() {
            make_up(&stick.join(LEDGER), "RUN-00000001");
        }
        let pack = station.place.path().join("pack");
        let other = Station::new();
        let make =
            [OsStr::new("pack"), run_there.as_os_str(), OsStr::new("--out"), pack.as_os_str()];
        other.countersign(make).ok();
        let row = match look {
            "status" => Some(station.row(&stick, "")),
            "log verify" => {
                let said = station.countersign(["log", "verify", "stick"]).ok();
                assert!(said.stderr.contains("a copy of the log"), "{said:?}");
                None
            }
            "verify" => {
                station.countersign(["verify", "stick"]);
                None
            }
            "verify pack" => {
                station.countersign(["verify", "pack", "--level", "L3"]);
                None
            }
            "verify pack --log" => {
                let log = "runs/transparency_log.ndjson";
                station.countersign(["verify", "pack", "--level", "L3", "--log", log]);
                None
            }
            _ => {
                station.countersign([OsStr::new("explain"), run_there.as_os_str()]);
                None
            }
        };
        if let Some(row) = row {
            assert_eq!(row["levels"][3], "pass", "{row}");
            assert!(row["warnings"].to_string().contains("a copy of the log"), "{row}");
        }
        let row = station.row(&station.runs(), "");
        assert_eq!(row["levels"][3], "pass", "{look}: {row}");
        let second = add_run(&station, "good_multisig", &station.runs());
        station.append(&second).ok();
        // The copy is a fork now, and a cut below what was seen there would be found as well.
        let row = station.row(&stick, "");
        assert_eq!(check(&row, "transparency.continuity").0, "fail", "{look}: {row}");
        assert_eq!(station.countersign(["log", "verify", "runs"]).code, 0);
    }
}

#[test]
fn a_copy_that_is_cut_to_what_the_log_has_is_found() {
    let station = Station::new();
    station.add("good_logged", &station.runs());
    station.status(&station.runs());
    let copy = station.place.path().join("copy");
    copy_directory(&station.runs(), &copy);
    make_up(&copy.join(LOG), "RUN-00000001");
    make_up(&copy.join(LOG), "RUN-00000002");
    assert_eq!(station.row(&copy, "")["levels"][3], "pass");
    let text = fs::read(copy.join(LOG)).unwrap();
    cut(&copy.join(LOG), 1);
    let (result, detail) = check(&station.row(&copy, ""), "transparency.continuity");
    assert_eq!(result, "fail", "{detail}");
    // As many entries, and others.
    make_up(&copy.join(LOG), "RUN-00000003");
    make_up(&copy.join(LOG), "RUN-00000004");
    let (result, detail) = check(&station.row(&copy, ""), "transparency.continuity");
    assert!(result == "fail" && detail.contains("forked"), "{detail}");
    fs::write(copy.join(LOG), &text).unwrap();
    assert_eq!(station.row(&copy, "")["levels"][3], "pass");

    // Found as well if only what follows the verified beginning is read, to register.
    fs::copy(station.runs().join(LOG), copy.join(LOG)).unwrap();
    for run_id in ["RUN-00000005", "RUN-00000006"] {
        make_up(&station.runs().join(LOG), run_id);
    }
    station.status(&station.runs());
    fs::copy(station.runs().join(LOG), copy.join(LOG)).unwrap();
    let run = add_run(&station, "good_multisig", &copy);
    station.append(&run).refused(&["was forked"]);
}

#[test]
fn an_older_copy_that_is_accepted_as_gone_leaves_the_log_remembered() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs());
    station.status(&station.runs());
    let copy = station.place.path().join("copy");
    copy_directory(&station.runs(), &copy);
    station.status(&copy);
    fs::remove_file(copy.join(LOG)).unwrap();
    station.countersign(["log", "accept", "copy", "--reason", "not needed there"]).ok();
    cut(&station.runs().join(LOG), 1);
    let row = station.row(&station.runs(), "");
    assert_eq!(check(&row, "transparency.continuity").0, "fail", "{row}");
}

#[test]
fn a_decoy_at_the_place_of_a_log_hides_no_cut() {
    let station = Station::new();
    station.add("good_logged", &station.runs());
    station.status(&station.runs());
    let moved = station.place.path().join("moved");
    fs::rename(station.runs(), &moved).unwrap();
    copy_directory(&moved, &station.runs());
    // This station registers in what is a copy by its place.
    let run = add_run(&station, "good_multisig", &moved);
    station.append(&run).ok();
    assert_eq!(station.row(&moved, "")["levels"][3], "pass");
    let again = station.place.path().join("again");
    fs::rename(&moved, &again).unwrap();
    let text = fs::read(again.join(LOG)).unwrap();
    cut(&again.join(LOG), 1);
    let (result, detail) = check(&station.row(&again, ""), "transparency.continuity");
    assert!(result == "fail" && detail.contains("was truncated"), "{detail}");
    make_up(&again.join(LOG), "RUN-00000009");
    let (result, detail) = check(&station.row(&again, ""), "transparency.continuity");
    assert!(result == "fail" && detail.contains("was forked"), "{detail}");
    fs::write(again.join(LOG), text).unwrap();
    let row = station.row(&again, run.file_stem().unwrap().to_str().unwrap());
    assert_eq!(row["levels"][3], "pass", "{row}");
    // The log at its own place is still held against all that was seen of it.
    fs::remove_dir_all(station.runs()).unwrap();
    station.status(&again);
    cut(&again.join(LOG), 1);
    assert_eq!(check(&station.row(&again, ""), "transparency.continuity").0, "fail");
}

#[test]
fn a_run_that_was_registered_in_a_log_that_was_replaced_is_noted() {
    let station = Station::new();
    let first = station.runs().join("first");
    let run = station.add("good_logged", &first);
    assert_eq!(station.row(&station.runs(), "")["levels"][3], "pass");
    let entry: Value = serde_json::from_str(&lines(&first.join(LOG))[0]).unwrap();
    // Renamed, and the log written again from its first entry on.
    let renamed = station.runs().join("renamed");
    fs::rename(&first, &renamed).unwrap();
    fs::remove_file(renamed.join(LOG)).unwrap();
    let other = Station::new();
    let copy = other.add("good_logged", &other.runs());
    fs::remove_file(other.runs().join(LOG)).unwrap();
    let is_noted = |row: &Value, word: &str| {
        let (result, detail) = check(row, "transparency.seen_elsewhere");
        let id = entry["entry_id"].as_str().unwrap();
        result == "warn" && detail.contains(id) && detail.contains(word)
    };
    let row = station.row(&station.runs(), "renamed");
    assert!(is_noted(&row, "first/transparency_log.ndjson, which is gone"), "{row}");
    other.append(&copy).ok();
    fs::copy(other.runs().join(LOG), renamed.join(LOG)).unwrap();
    let row = station.row(&station.runs(), "renamed");
    assert!(is_noted(&row, "first/transparency_log.ndjson, which is gone"), "{row}");
    assert_eq!(row["levels"][3], "pass");
    let run = renamed.join(run.file_name().unwrap());
    let explained = station.countersign([OsStr::new("explain"), run.as_os_str()]).ok();
    assert!(explained.stdout.contains("which is gone"), "{explained:?}");
    let pack = station.place.path().join("pack");
    let make = [OsStr::new("pack"), run.as_os_str(), OsStr::new("--out"), pack.as_os_str()];
    station.countersign(make).ok();
    let said = station.countersign(["verify", "--level", "L3", "pack"]);
    assert!(said.stdout.contains("which is gone"), "{said:?}");

    // A decoy with the same first entry, and others after it.
    fs::create_dir(&first).unwrap();
    fs::write(first.join(LOG), format!("{entry}\n")).unwrap();
    let row = station.row(&renamed, "");
    assert_eq!(check(&row, "transparency.seen_elsewhere").0, "", "{row}");
    let mut forged = entry.clone();
    forged["observed_at"] = json!("2026-05-06T07:08:10Z");
    fs::write(first.join(LOG), format!("{forged}\n")).unwrap();
    let row = station.row(&renamed, "");
    assert!(is_noted(&row, "which has other entries now"), "{row}");
    fs::remove_dir_all(&first).unwrap();
    let log = first.join(LOG);
    let accept = [OsStr::new("log"), OsStr::new("accept"), log.as_os_str()];
    let reason = ["--reason", "moved by hand"].map(OsStr::new);
    station.countersign(accept.into_iter().chain(reason)).ok();
    let row = station.row(&station.runs(), "renamed");
    assert_eq!(check(&row, "transparency.seen_elsewhere").0, "", "{row}");
}

#[test]
fn two_logs_that_stand_where_they_were_seen_are_not_noted() {
    let station = Station::new();
    let (one, other) = (station.runs().join("one"), station.runs().join("other"));
    station.add("good_logged", &one);
    let run = station.add("good_logged", &other);
    fs::remove_file(other.join(LOG)).unwrap();
    station.append(&run).ok();
    for _ in 0..2 {
        for row in station.status(&station.runs()) {
            assert_eq!(check(&row, "transparency.seen_elsewhere").0, "", "{row}");
        }
    }
    // One that was accepted in the place of another has taken over from it.
    fs::copy(other.join(LOG), one.join(LOG)).unwrap();
    assert_eq!(check(&station.row(&one, ""), "transparency.continuity").0, "fail");
    station.countersign(["log", "accept", "runs/one", "--reason", "registered again"]).ok();
    for row in station.status(&station.runs()) {
        assert_eq!(row["levels"][3], "pass", "{row}");
        assert_eq!(check(&row, "transparency.seen_elsewhere").0, "", "{row}");
    }
}

#[test]
fn an_export_of_a_log_and_a_ledger_that_were_cut_says_so_and_is_journalled_once() {
    let station = Station::new();
    station.add("authority_revoked", &station.runs());
    make_up(&station.runs().join(LOG), "RUN-00000001");
    station.status(&station.runs());
    cut(&station.runs().join(LOG), 1);
    cut(&station.runs().join(LEDGER), 1);
    let words = ["the log was truncated", "the ledger was truncated"];
    for out in ["one.zip", "two.zip"] {
        let said = station.countersign(["export", "runs", "--out", out, "--json"]).ok();
        let report: Value = serde_json::from_str(&said.stdout).unwrap();
        for word in words {
            assert!(said.stderr.contains(word), "{said:?}");
            assert!(report["warnings"].to_string().contains(word), "{report}");
        }
    }
    let journalled = |word: &str| {
        let journal = lines(&station.place.path().join("journal.ndjson"));
        journal.iter().filter(|line| line.contains(word)).count()
    };
    assert_eq!(words.map(journalled), [1, 1]);
    // A pack that is made later finds nothing new.
    let run = station.runs().join(Case::copy("authority_revoked").run_name);
    let make = [OsStr::new("pack"), run.as_os_str(), OsStr::new("--out"), OsStr::new("pack.zip")];
    let said = station.countersign(make).ok();
    assert!(said.stderr.contains(words[0]), "{said:?}");
    assert_eq!(words.map(journalled), [1, 1]);
}

#[test]
fn a_cut_copy_that_is_accepted_leaves_the_log_itself_remembered() {
    let station = Station::new();
    station.add("good_log_of_many", &station.runs());
    station.status(&station.runs());
    let whole = lines(&station.runs().join(LOG)).len();
    let copy = station.place.path().join("copy");
    copy_directory(&station.runs(), &copy);
    cut(&copy.join(LOG), 2);
    assert_eq!(check(&station.row(&copy, ""), "transparency.continuity").0, "fail");
    station.countersign(["log", "accept", "copy", "--reason", "an old copy"]).ok();
    for _ in 0..2 {
        assert_eq!(check(&station.row(&copy, ""), "transparency.continuity").0, "");
    }
    // What was accepted is what is remembered at that path.
    cut(&copy.join(LOG), 1);
    assert_eq!(check(&station.row(&copy, ""), "transparency.continuity").0, "fail");
    // The log itself is still held against all its entries, wherever it is moved.
    let moved = station.place.path().join("moved");
    fs::rename(station.runs(), &moved).unwrap();
    cut(&moved.join(LOG), whole - 1);
    assert_eq!(check(&station.row(&moved, ""), "transparency.continuity").0, "fail");
}
