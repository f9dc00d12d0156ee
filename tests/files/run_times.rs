//! The time stamp of a run itself, in the reference's layout, through the real binary and a real
//! authority: asked for, brought back, judged by program and script alike, carried, and attacked.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::run_time_stamp::name_for;
use countersign_envelope::sealed_run::SealedRun;
use countersign_tests::{Case, Outcome, command, finish, read_json, verifier};
use serde_json::Value;
use tempfile::TempDir;
use time_authority::{Making, TimeAuthority};

const ANY_KEY: [&str; 4] = ["--trust", "embedded", "--assurance", "claimed"];

/// A run of the reference's at some level, and an authority that is trusted, by a folder of roots.
struct Desk {
    case: Case,
    authority: TimeAuthority,
    place: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            case: Case::copy("good_authority"),
            authority: TimeAuthority::default(),
            place: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(desk.path("roots")).unwrap();
        fs::copy(desk.authority.root(), desk.path("roots/root.pem")).unwrap();
        desk
    }

    /// The same with the time stamp of the run.
    fn stamped() -> Self {
        let desk = Self::new();
        desk.stamp();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn run(&self, arguments: &[&str], path: &Path) -> Outcome {
        let mut one = command();
        one.args(arguments).arg("--tsa-roots").arg(self.path("roots")).arg(path);
        finish(&mut one, b"")
    }

    fn ask(&self) -> Outcome {
        let asked = self.path("asked");
        let request = ["time", "request", "--reference-layout", "--out", asked.to_str().unwrap()];
        self.run(&request, self.case.path())
    }

    fn answer(&self, authority: &TimeAuthority) {
        for request in fs::read_dir(self.path("asked")).unwrap().map(|entry| entry.unwrap().path())
        {
            if request.extension().is_some_and(|extension| extension == "tsq") {
                let answer = authority.answer(&fs::read(&request).unwrap());
                fs::write(request.with_extension("tsr"), answer).unwrap();
            }
        }
    }

    fn import(&self) -> Outcome {
        let url = "https://tsa.example/";
        let import = ["time", "import", "--reference-layout", "--tsa-url", url];
        self.run(&import, &self.path("asked"))
    }

    fn stamp(&self) {
        self.ask().ok();
        self.answer(&self.authority);
        self.import().ok();
    }

    fn sealed(&self) -> SealedRun {
        SealedRun::parse(&fs::read(self.case.run()).unwrap()).unwrap()
    }

    fn file(&self) -> PathBuf {
        self.case.path().join(name_for(&self.sealed()))
    }

    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut file = read_json(&self.file());
        change(&mut file);
        fs::write(self.file(), file.to_string()).unwrap();
    }

    fn status(&self) -> Value {
        let status = [&["status", "--json"][..], &ANY_KEY].concat();
        self.run(&status, self.case.path()).ok().json_lines().remove(0)
    }

    /// What program and script say of a path: the results of `time.run`, and the levels.
    #[track_caller]
    fn judged(&self, path: &Path, root: Option<&Path>) -> (String, i64) {
        let none = self.path("none");
        let _ = fs::create_dir(&none);
        let roots = if root.is_some() { self.path("roots") } else { none };
        let mut program = command();
        program.args(["verify", "--json"]).args(ANY_KEY).arg("--tsa-roots").arg(roots).arg(path);
        let program = finish(&mut program, b"").json_lines().remove(0);
        let mut script = verifier();
        script.arg("--json").args(ANY_KEY);
        if let Some(root) = root {
            script.arg("--tsa-root").arg(root);
        }
        let script = finish(script.arg(path), b"").json_lines().remove(0);
        let said = (result(&program), program["level"].as_i64().unwrap());
        assert_eq!(said, (result(&script), script["level"].as_i64().unwrap()), "{script:#}");
        said
    }
}

fn result(row: &Value) -> String {
    let checks = row["checks"].as_array().unwrap().iter();
    let mut found = checks.filter(|check| check["id"] == "time.run");
    let check = found.next().unwrap_or_else(|| panic!("no time.run in {row:#}"));
    assert_eq!((check["required"].as_bool(), check["level"].as_i64()), (Some(false), Some(3)));
    check["result"].as_str().unwrap().to_owned()
}

fn decoded(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn a_run_gets_the_time_stamp_that_was_asked_for_it_as_the_reference_lays_it_out() {
    let desk = Desk::stamped();
    let log = fs::read_to_string(desk.case.path().join("transparency_log.ndjson")).unwrap();
    let entry = desk.file().file_name().unwrap().to_str().unwrap().replace(".tsa.json", "");
    assert!(log.contains(&entry), "{entry} is the run's entry in {log}");
    let file = read_json(&desk.file());
    assert_eq!(file["tsa_version"], "1.0");
    assert_eq!(file["tsa_url"], "https://tsa.example/");
    let canonical = desk.sealed().artifact().canonical().bytes().into_owned();
    assert_eq!(file["payload_bytes_sha256"], Digest::of(&canonical).to_string());
    assert!(file["requested_at"].as_str().unwrap().ends_with('Z'));
    // OpenSSL takes the response for one about the canonical bytes, for the same request.
    let request = fs::read_dir(desk.path("asked")).unwrap().map(|entry| entry.unwrap().path());
    let request = request.into_iter().find(|path| path.extension().is_some_and(|e| e == "tsq"));
    let request = fs::read(request.unwrap()).unwrap();
    assert!(desk.authority.verifies_answer(&decoded(&file["tsa_response_b64"]), &request));

    // Shown beside the run, wherever its times are.
    let shown = desk.run(&["time", "show", "--trust", "embedded"], &desk.case.run()).ok().stdout;
    assert!(shown.contains("the run itself") && shown.contains("existed  2"), "{shown}");
    let lines = desk.run(&["time", "show", "--json", "--trust", "embedded"], &desk.case.run());
    let line = lines.ok().json_lines().remove(0);
    assert_eq!((&line["on"], &line["result"]), (&"run_itself".into(), &"pass".into()));
    assert_eq!(line["existed"]["authority"], "CN=Test_TSA,O=Test");
    let explained = desk.run(&["explain", "--trust", "embedded"], &desk.case.run()).ok().stdout;
    assert!(explained.contains("The run existed at 2"), "{explained}");
    let journal = fs::read_to_string(
        countersign_tests::home().join(".local/state/countersign/journal.ndjson"),
    );
    assert_eq!(journal.unwrap().matches("run_time_stamp_added").count(), 1);

    // Nothing is asked or written twice.
    fs::rename(desk.path("asked"), desk.path("before")).unwrap();
    desk.ask().refused(&["needs a time stamp"]);
    fs::rename(desk.path("before"), desk.path("asked")).unwrap();
    let before = fs::read(desk.file()).unwrap();
    let said = desk.import().ok();
    assert!(said.stdout.contains("already there"), "{said:?}");
    assert_eq!(fs::read(desk.file()).unwrap(), before);
    desk.answer(&desk.authority);
    let said = desk.import();
    assert!(said.code == 1 && said.stdout.contains("has another time stamp"), "{said:?}");
}

#[test]
fn it_is_written_and_read_beside_the_log_where_the_reference_keeps_it() {
    let desk = Desk::new();
    let (runs, log) = (desk.path("sealed_runs"), desk.path("transparency_log"));
    fs::create_dir(&runs).unwrap();
    fs::create_dir(&log).unwrap();
    for (name, bytes) in desk.case.snapshot() {
        let to = match name.as_str() {
            "transparency_log.ndjson" => log.join("log.ndjson"),
            _ => runs.join(&name),
        };
        fs::write(to, bytes).unwrap();
    }
    let run = runs.join(&desk.case.run_name);
    let asked = desk.path("asked");
    let request = ["time", "request", "--reference-layout", "--out", asked.to_str().unwrap()];
    desk.run(&request, &run).ok();
    desk.answer(&desk.authority);
    desk.import().ok();
    assert!(log.join(name_for(&desk.sealed())).is_file());
    assert!(!runs.join("timestamps").exists());
    let show = ["time", "show", "--json", "--trust", "embedded"];
    let line = desk.run(&show, &run).ok().json_lines().remove(0);
    assert_eq!(line["result"], "pass", "{line}");
    // A pack has it beside the run.
    let pack = desk.path("pack");
    let make = [&["pack", "--out", pack.to_str().unwrap()][..], &ANY_KEY].concat();
    desk.run(&make, &run).ok();
    assert_eq!(desk.judged(&pack, Some(&desk.authority.root())).0, "pass");
}

#[test]
fn it_says_since_when_the_run_existed_and_dates_no_signature() {
    let desk = Desk::stamped();
    let root = desk.authority.root();
    assert_eq!(desk.judged(&desk.case.run(), Some(&root)), ("pass".to_owned(), 7));
    // Whose authority is not known here is neither right nor wrong.
    assert_eq!(desk.judged(&desk.case.run(), None), ("unchecked".to_owned(), 7));
    let stranger = TimeAuthority::new(Making { name: "Stranger", ..Making::default() });
    fs::remove_file(desk.file()).unwrap();
    fs::remove_dir_all(desk.path("asked")).unwrap();
    desk.ask().ok();
    desk.answer(&stranger);
    let said = desk.import();
    assert!(said.code == 1 && said.stdout.contains("unknown time-stamping authority"), "{said:?}");
    assert!(!desk.file().exists());

    // Policy that asks for trusted times of signatures is not met by it.
    let desk = Desk::stamped();
    let status = [&["status", "--json", "--time", "trusted"][..], &ANY_KEY].concat();
    let row = desk.run(&status, desk.case.path()).ok().json_lines().remove(0);
    assert_eq!(row["level"], 1, "{row:#}");
    assert_eq!(result(&row), "pass");
    assert_eq!(row["valid_signatures"], 0);
}

/// Whoever can write the directory can put anything there: it is named, and takes no level away.
#[test]
fn one_that_contradicts_the_run_fails_and_changes_no_level() {
    let root = |desk: &Desk| desk.authority.root();
    let contradicts = |words: &str, change: &dyn Fn(&Desk)| {
        let desk = Desk::stamped();
        change(&desk);
        let said = desk.judged(&desk.case.run(), Some(&root(&desk)));
        assert_eq!(said, ("fail".to_owned(), 7), "{words}");
        let warnings = desk.status()["warnings"].to_string();
        assert!(warnings.contains(words), "{words:?} in {warnings}");
    };
    contradicts("about something else", &|desk| {
        desk.edit(|file| {
            file["payload_bytes_sha256"] = Digest::of(b"another run").to_string().into();
        });
    });
    // Of another run, which the file pretends to be about this one.
    contradicts("about something else", &|desk| {
        let asked = desk.authority.ask(b"another run", "");
        let answer = BASE64.encode(desk.authority.answer(&asked));
        desk.edit(|file| file["tsa_response_b64"] = answer.into());
    });
    // The authority's refusal.
    contradicts("refused", &|desk| {
        let answer = BASE64.encode(desk.authority.answer(b"no request"));
        desk.edit(|file| file["tsa_response_b64"] = answer.into());
    });
    contradicts("not signed by the key", &|desk| {
        let mut response = decoded(&read_json(&desk.file())["tsa_response_b64"]);
        *response.last_mut().unwrap() ^= 1;
        desk.edit(|file| file["tsa_response_b64"] = BASE64.encode(response).into());
    });
    contradicts("no text under", &|desk| {
        desk.edit(|file| file["tsa_response_b64"] = Value::Null);
    });
    contradicts("version", &|desk| desk.edit(|file| file["tsa_version"] = "9".into()));
    contradicts("cannot be read", &|desk| fs::write(desk.file(), "{").unwrap());
    contradicts("cannot be read", &|desk| {
        fs::write(desk.file(), vec![b' '; 300 << 10]).unwrap();
    });
    // A link leads no further than the directory.
    contradicts("cannot be read", &|desk| {
        fs::rename(desk.file(), desk.path("elsewhere")).unwrap();
        std::os::unix::fs::symlink(desk.path("elsewhere"), desk.file()).unwrap();
    });
}

#[test]
fn a_run_that_says_it_was_made_after_it_was_seen_contradicts_its_time_stamp() {
    let desk = Desk::new();
    // Sealed in the future, by its own account.
    let text = fs::read_to_string(desk.case.run()).unwrap();
    let created = desk.sealed().created_at().unwrap().to_string();
    assert!(text.contains(&created), "{created}");
    fs::write(desk.case.run(), text.replace(&created, "2090-01-01T00:00:00Z")).unwrap();
    desk.ask().ok();
    desk.answer(&desk.authority);
    let said = desk.import();
    assert!(said.code == 1 && said.stdout.contains("2090-01-01"), "{said:?}");
    // Put there by hand.
    let response = fs::read_dir(desk.path("asked")).unwrap().map(|entry| entry.unwrap().path());
    let response = response.into_iter().find(|path| path.extension().is_some_and(|e| e == "tsr"));
    let file = serde_json::json!({
        "tsa_version": "1.0", "tsa_url": null,
        "tsa_response_b64": BASE64.encode(fs::read(response.unwrap()).unwrap()),
        "payload_bytes_sha256": desk.sealed().artifact().canonical().digest().to_string(),
    });
    fs::create_dir(desk.case.path().join("timestamps")).unwrap();
    fs::write(desk.file(), file.to_string()).unwrap();
    assert_eq!(desk.judged(&desk.case.run(), Some(&desk.authority.root())).0, "fail");
}

#[test]
fn packs_exports_and_merges_carry_it() {
    let desk = Desk::stamped();
    let own = fs::read(desk.file()).unwrap();
    let name = name_for(&desk.sealed());
    let pack = desk.path("pack.zip");
    let make = [&["pack", "--out", pack.to_str().unwrap()][..], &ANY_KEY].concat();
    desk.run(&make, &desk.case.run()).ok();
    assert_eq!(desk.judged(&pack, Some(&desk.authority.root())), ("pass".to_owned(), 7));

    let (parcel, there) = (desk.path("parcel.zip"), desk.path("there"));
    let export = [desk.case.path(), Path::new("--out"), &parcel];
    finish(command().arg("export").args(export), b"").ok();
    fs::create_dir(&there).unwrap();
    finish(command().arg("import").arg(&parcel).arg(&there), b"").ok();
    assert_eq!(fs::read(there.join(&name)).unwrap(), own);

    // A copy from before the time stamp gets it by merging, and what contradicts the run never comes in.
    fs::remove_file(there.join(&name)).unwrap();
    let run = there.join(&desk.case.run_name);
    let merge = |from: &Path| finish(command().arg("merge").arg(&run).arg(from), b"");
    merge(desk.case.path()).ok();
    assert_eq!(fs::read(there.join(&name)).unwrap(), own);
    merge(&desk.case.run()).ok();
    assert_eq!(fs::read(there.join(&name)).unwrap(), own);
    fs::remove_file(there.join(&name)).unwrap();
    desk.edit(|file| file["payload_bytes_sha256"] = Digest::of(b"another run").to_string().into());
    let said = merge(&desk.case.run());
    assert!(said.stdout.contains("about something else"), "{said:?}");
    assert!(!there.join(&name).exists());
    let export = desk.path("bad.zip");
    let arguments = [desk.case.path(), Path::new("--out"), &export];
    finish(command().arg("export").args(arguments), b"").ok();
    let said = finish(command().arg("import").arg(&export).arg(&there), b"");
    assert!(said.code == 1 && said.stdout.contains("about something else"), "{said:?}");
    assert!(!there.join(&name).exists());
}
