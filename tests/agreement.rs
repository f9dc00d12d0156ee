//! The program and `verify.py` share nothing, so they must agree on whatever is put before them: packs
//! altered at random but always in the same way, as somebody does who cannot sign and as somebody does
//! who repairs all that can be repaired.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use countersign_tests::{
    VERIFIER, command, conformance, each, finish, verifier_of_companions, verifier_tool,
};
use serde_json::Value;

const PACKS: usize = if cfg!(feature = "long") { 1000 } else { 150 };
const SEED: &str = "14";
/// The policies, one pack after the other.
const POLICIES: [&[&str]; 5] = [
    &["--trust", "embedded", "--assurance", "claimed"],
    &["--trust", "pinned", "--assurance", "claimed"],
    &["--trust", "pinned", "--assurance", "pinned"],
    &["--trust", "pinned", "--assurance", "claimed", "--claims", "required"],
    &["--trust", "pinned", "--require-attested", "witness:touch=always"],
];

/// What both say of a pack, as far as they have to agree.
#[derive(Debug, PartialEq, Default)]
struct Verdict {
    level: i64,
    /// The checks that pass, and those that do not, by name.
    checks: BTreeMap<String, bool>,
    /// Which signatures count.
    counting: Vec<bool>,
    /// The checks of the reference of an authority boundary, with their results; none if there is none.
    boundary: Vec<(String, String)>,
    /// How the files that the run was made from stand; null if the pack carries none.
    inputs: Value,
}

impl Verdict {
    fn of(row: &Value) -> Self {
        let mut verdict = Self {
            level: row["level"].as_i64().unwrap_or(-1),
            inputs: row["inputs"]["standing"].clone(),
            ..Self::default()
        };
        // The program has them in an object with its own, which the script does not have.
        let checks = row["boundary"]["checks"].as_array().or_else(|| row["boundary"].as_array());
        for check in checks.into_iter().flatten() {
            let text = |key: &str| check[key].as_str().unwrap().to_owned();
            if text("id").starts_with("abp.") {
                verdict.boundary.push((text("id"), text("result")));
            }
        }
        for check in row["checks"].as_array().unwrap() {
            let passes = matches!(check["result"].as_str().unwrap(), "pass" | "warn");
            let id = check["id"].as_str().unwrap().to_owned();
            *verdict.checks.entry(id).or_insert(true) &= passes;
        }
        for part in ["signatures", "manifest_signatures"] {
            let signatures = row[part].as_array().into_iter().flatten();
            verdict.counting.extend(signatures.map(|one| one["standing"] == "valid"));
        }
        verdict
    }

    /// Checks by the same name come out the same. Which checks follow one that fails, and how often
    /// a list of files is named, is each one's own affair.
    fn agrees(&self, script: &Self, altered: &str) -> Result<(), String> {
        if is_malformed_seen(altered) {
            return Ok(());
        }
        for (id, program) in &self.checks {
            let Some(script) = script.checks.get(id).filter(|script| *script != program) else {
                continue;
            };
            if !self.is_explained(id) {
                return Err(format!("{id}: {program} and {script}"));
            }
        }
        if self.boundary != script.boundary {
            return Err(format!("{:?} and {:?}", self.boundary, script.boundary));
        }
        if self.inputs != script.inputs {
            return Err(format!("inputs {} and {}", self.inputs, script.inputs));
        }
        match self.level == script.level && self.counting == script.counting {
            true => Ok(()),
            false => Err(format!(
                "L{} {:?} and L{} {:?}",
                self.level, self.counting, script.level, script.counting
            )),
        }
    }

    fn passes(&self, id: &str) -> bool {
        self.checks.get(id).copied().unwrap_or(false)
    }

    /// Differences in one check that change no level.
    fn is_explained(&self, id: &str) -> bool {
        match id {
            // A hash scope that is not an object: the program finds empty trees in it, the script none.
            "commitments.inputs_root"
            | "commitments.prompts_root"
            | "commitments.schemas_root"
            | "commitments.policies_root"
            | "commitments.leaf_count" => !self.passes("hash_scope.keys"),
            // A claim that was seen and is gone: the program says so at the signature alone.
            "claim.seen" => true,
            _ => false,
        }
    }
}

/// The program takes a `seen` of a claim that is not an object for one that is empty; the script does
/// not read such a claim.
fn is_malformed_seen(altered: &str) -> bool {
    altered.contains("predicate/seen = ")
}

/// Both find the files of the pack as its list has them, or both do not. (Of the copies in a pack the
/// script compares each, the program those whose signature file it can read.)
fn same_list(program: &Value, script: &Value) -> Result<(), String> {
    let faults = program["pack"]["faults"].as_array().unwrap();
    let against = |fault: &Value| {
        let why = fault["why"].as_str().unwrap();
        why.contains("SHA256SUMS") || why.contains("line ends")
    };
    let program = faults.iter().any(against);
    let sums = |check: &&Value| check["id"] == "pack.sums" && check["result"] == "fail";
    let script = script["checks"].as_array().unwrap().iter().any(|check| sums(&check));
    if program == script { Ok(()) } else { Err(format!("faults: {faults:?}")) }
}

fn pack(run: &Path, out: &Path, more: &[&str]) -> bool {
    finish(command().arg("pack").arg(run).arg("--out").arg(out).args(more), b"").code == 0
}

/// Packs of the reference's runs, and of a station of version 0.1.
fn bases(place: &Path) -> usize {
    fs::create_dir(place).unwrap();
    let mut made = 0;
    for case in fs::read_dir(conformance().join("runs")).unwrap() {
        let case = case.unwrap().path();
        let Ok(files) = fs::read_dir(&case) else { continue };
        let names = files.map(|file| file.unwrap().path());
        let is_run = |path: &PathBuf| {
            countersign_envelope::file_name::is_sealed_run(
                &path.file_name().unwrap().to_string_lossy(),
            )
        };
        let run = names.into_iter().find(is_run).unwrap();
        made += usize::from(pack(&run, &place.join(case.file_name().unwrap()), POLICIES[0]));
    }
    let home = conformance().join("..").join("home-0.1");
    let keyring = home.join("config/countersign/keyring.json");
    let keyring = ["--keyring", keyring.to_str().unwrap()];
    for (number, run) in fs::read_dir(home.join("runs")).unwrap().enumerate() {
        let run = run.unwrap().path();
        if countersign_envelope::file_name::is_sealed_run(
            &run.file_name().unwrap().to_string_lossy(),
        ) {
            made += usize::from(pack(&run, &place.join(format!("home-{number}")), &keyring));
        }
    }
    made + bounded_bases(place) + claimed_bases(place)
}

/// Packs with an authority boundary and the ledger that it stands under, and with the files that their runs
/// were made from.
fn bounded_bases(place: &Path) -> usize {
    let cases = tempfile::tempdir().unwrap();
    let runs = conformance().join("runs");
    let audit = conformance().join("audit.json");
    verifier_tool("bounded.py", &[Path::new(VERIFIER), &runs, &audit, cases.path()]);
    let mut made = 0;
    for case in fs::read_dir(cases.path()).unwrap() {
        let case = case.unwrap().path();
        let files = fs::read_dir(&case).unwrap().map(|file| file.unwrap().path());
        let run = files.into_iter().find(|path| {
            countersign_envelope::file_name::is_sealed_run(
                &path.file_name().unwrap().to_string_lossy(),
            )
        });
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let inputs = case.join("files");
        let more = [POLICIES[0], &["--with-inputs", inputs.to_str().unwrap()]].concat();
        made += usize::from(pack(&run.unwrap(), &place.join(format!("bounded-{name}")), &more));
    }
    assert!(made >= 28, "only {made} packs with a boundary");
    made
}

/// Packs with claims, refusals and time stamps, as their keyring has them.
fn claimed_bases(place: &Path) -> usize {
    let cases = tempfile::tempdir().unwrap();
    let runs = conformance().join("runs");
    verifier_tool("evidence.py", &[Path::new(VERIFIER), &runs, cases.path()]);
    let journal = fs::read_to_string(cases.path().join("cases.ndjson")).unwrap();
    let mut made = 0;
    for case in journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let arguments = case["arguments"].as_array().unwrap();
        let mut options: Vec<String> = Vec::new();
        for pair in
            arguments.chunks(2).map(|pair| [&pair[0], &pair[1]].map(|one| one.as_str().unwrap()))
        {
            match pair {
                ["--keyring", file] => options.extend(["--keyring".to_owned(), file.to_owned()]),
                ["--tsa-root", file] => {
                    // The script takes roots in a file, the program in a folder.
                    let folder = Path::new(file).with_extension("roots");
                    let _ = fs::create_dir(&folder);
                    fs::copy(file, folder.join("roots.pem")).unwrap();
                    options.extend(["--tsa-roots".to_owned(), folder.display().to_string()]);
                }
                ["--roots", file] => {
                    let folder = Path::new(file).with_extension("roots");
                    let _ = fs::create_dir(&folder);
                    fs::copy(file, folder.join("roots.pem")).unwrap();
                    let folder = folder.display().to_string();
                    options.extend(["--attestation-roots".to_owned(), folder]);
                }
                _ => {}
            }
        }
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let out = place.join(format!("claimed-{}", case["case"].as_str().unwrap()));
        made += usize::from(pack(Path::new(case["run"].as_str().unwrap()), &out, &options));
    }
    assert!(made > 80, "only {made} packs with claims");
    made
}

#[test]
fn the_program_and_the_independent_verifier_agree_on_altered_packs() {
    let place = tempfile::tempdir().unwrap();
    let (from, out) = (place.path().join("bases"), place.path().join("altered"));
    assert!(bases(&from) > 160);
    let count = PACKS.to_string();
    verifier_tool(
        "alter.py",
        &[Path::new(VERIFIER), &from, &out, Path::new(&count), Path::new(SEED)],
    );
    let journal = fs::read_to_string(out.join("altered.ndjson")).unwrap();
    let altered: Vec<Value> =
        journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(altered.len(), PACKS);

    let (disagreements, levels) = (Mutex::new(Vec::new()), Mutex::new(BTreeSet::new()));
    let policies: Vec<usize> = (0..POLICIES.len()).collect();
    each(&policies, |&which| {
        let mine: Vec<&Value> = altered.iter().skip(which).step_by(POLICIES.len()).collect();
        let folder = |one: &Value| out.join(one["pack"].as_str().unwrap());
        let list = place.path().join(format!("list-{which}"));
        let paths: Vec<String> = mine.iter().map(|one| folder(one).display().to_string()).collect();
        fs::write(&list, paths.join("\n")).unwrap();
        let mut script = verifier_of_companions();
        script.args(["--json", "--targets-from"]).arg(&list).args(POLICIES[which]);
        let script = finish(&mut script, b"");
        assert_eq!(script.stderr, "");
        let rows = script.json_lines();
        assert_eq!(rows.len(), mine.len());
        for (one, row) in mine.iter().zip(rows) {
            assert!(!row.to_string().contains("it cannot be judged"), "a crash: {one} {row}");
            let heads = tempfile::tempdir().unwrap();
            let mut program = command();
            program.args(["verify", "--pack-keys", "--json", "--log-heads"]).arg(heads.path());
            let said = finish(program.args(POLICIES[which]).arg(folder(one)), b"");
            // What the program does not open as a pack, the script finds broken. Otherwise both
            // compare a pack's files with its list alike.
            let Some(program) = said.json_lines().pop() else {
                assert_ne!(row["pack"]["holds"], true, "{one}: {said:?} {row}");
                continue;
            };
            let verdict = Verdict::of(&program);
            let agreed = verdict.agrees(&Verdict::of(&row), &one["altered"].to_string());
            levels.lock().unwrap().insert(verdict.level);
            for result in [same_list(&program, &row), agreed] {
                let Err(why) = result else { continue };
                disagreements.lock().unwrap().push(format!("{one}: {why}"));
            }
        }
    });
    let (disagreements, levels) =
        (disagreements.into_inner().unwrap(), levels.into_inner().unwrap());
    assert!(disagreements.is_empty(), "{}\n{disagreements:#?}", disagreements.len());
    assert!(levels.len() >= 8, "the packs do not reach every kind of level: {levels:?}");
}
