//! Authority boundaries through the real binary and the independent verifier: each check of the
//! reference comes out as it does there, and a boundary goes where its run goes.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use countersign_envelope::{canonical, json};
use countersign_tests::{Case, Outcome, command, conformance, each, finish, read_json, verifier};
use serde_json::{Value, json};

const ANY_KEY: [&str; 4] = ["--trust", "embedded", "--assurance", "claimed"];
const ABP: &str = "abp_v1.json";
const LEDGER: &str = "authority_ledger.ndjson";

fn verify(path: &Path, more: &[&str]) -> Outcome {
    finish(command().arg("verify").arg(path).args(ANY_KEY).args(more), b"")
}

fn row(path: &Path) -> Value {
    verify(path, &["--json"]).json_lines().remove(0)
}

/// What the independent verifier says, by the results of the checks.
fn by_script(path: &Path) -> Vec<(String, String)> {
    let mut script = verifier();
    let row = finish(script.arg("--json").args(ANY_KEY).arg(path), b"").json_lines().remove(0);
    named(row["boundary"].as_array().unwrap())
}

fn named(checks: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    checks.iter().map(|check| (text(&check["id"]), text(&check["result"]))).collect()
}

/// The checks of the reference among those of the program.
fn of_reference(row: &Value) -> Vec<(String, String)> {
    let mut checks = named(row["boundary"]["checks"].as_array().unwrap());
    checks.retain(|(id, _)| id.starts_with("abp."));
    checks
}

fn digest(value: &Value) -> String {
    canonical::digest(&json::parse(value.to_string().as_bytes()).unwrap().value).to_string()
}

/// A boundary that stands under the authority of a run, and lets its actor read its inputs.
fn boundary_of(case: &Case) -> Value {
    let run = read_json(&case.run());
    let reference = &run["authority_ledger_ref"];
    let mut abp = read_json(&conformance().join("audit.json"))["abp"][0]["abp"].clone();
    abp["authority_ref"] = json!({
        "authority_entry_id": reference["authority_entry_id"],
        "authority_entry_hash": reference["authority_entry_hash"],
        "authority_ledger_path": LEDGER,
    });
    abp["scope"]["contract_id"] = run["decision_state"]["decision_id"].clone();
    abp["data"]["permissions"][0]["resource"] = json!("data/*");
    for (key, value) in
        [("created_at", "2026-03-01T00:00:00Z"), ("effective_at", "2026-03-01T00:00:00Z")]
    {
        abp[key] = json!(value);
    }
    let seed = json!({"scope": abp["scope"], "authority_ref": abp["authority_ref"],
        "created_at": abp["created_at"]});
    abp["abp_id"] = json!(format!("ABP-{}", &digest(&seed)["sha256:".len()..][..8]));
    abp["hash"] = json!("");
    abp["hash"] = json!(digest(&abp));
    abp
}

/// A case with a boundary beside its run.
fn bounded() -> Case {
    let case = Case::copy("good_authority");
    fs::write(case.path().join(ABP), boundary_of(&case).to_string()).unwrap();
    case
}

#[test]
fn each_check_of_the_reference_comes_out_as_it_does_there() {
    let cases = read_json(&conformance().join("audit.json"))["abp"].as_array().unwrap().clone();
    assert_eq!(cases.len(), 28);
    let before = row(&Case::copy("good_multisig").run())["level"].clone();
    each(&cases, |one| {
        let case = Case::copy("good_multisig");
        fs::write(case.path().join(ABP), one["abp"].to_string()).unwrap();
        let ledger = one["ledger"].as_array();
        if let Some(entries) = ledger {
            let lines: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
            fs::write(case.path().join(LEDGER), lines).unwrap();
        }
        let row = row(&case.run());
        let wanted = one["checks"].as_array().unwrap().iter().map(|check| {
            let result = match check["passed"] == true {
                // The reference passes what it cannot check.
                true if ledger.is_none()
                    && check["check"].as_str().unwrap().contains(".authority_") =>
                {
                    "unchecked"
                }
                true => "pass",
                false => "fail",
            };
            (check["check"].as_str().unwrap().to_owned(), result.to_owned())
        });
        let wanted: Vec<_> = wanted.collect();
        assert_eq!(of_reference(&row), wanted, "{}", one["name"]);
        assert_eq!(by_script(&case.run()), wanted, "{}", one["name"]);
        assert_eq!(row["level"], before, "no level depends on it");
    });
}

#[test]
fn what_is_no_boundary_is_named_by_both_and_changes_no_level() {
    let case = bounded();
    let level = row(&case.run())["level"].clone();
    let twice = boundary_of(&case).to_string().replacen('{', "{\"hash\": \"x\", ", 1);
    let large = format!("{}{}", boundary_of(&case), " ".repeat(1 << 20));
    for bytes in [
        &b"{"[..],
        b"[]",
        b"{\"hash\": NaN}",
        b"{\"hash\": \"\xff\"}",
        twice.as_bytes(),
        large.as_bytes(),
    ] {
        fs::write(case.path().join(ABP), bytes).unwrap();
        let row = row(&case.run());
        let wanted = [("abp.json_valid".to_owned(), "fail".to_owned())];
        assert_eq!(of_reference(&row), wanted);
        assert_eq!(by_script(&case.run()), wanted);
        assert_eq!((&row["level"], &row["boundary"]["validity"]), (&level, &json!("fail")));
        assert_eq!(verify(&case.run(), &["--require-abp"]).code, 1);
    }
}

#[test]
fn a_boundary_is_required_only_where_somebody_asks_for_it() {
    let case = Case::copy("good_authority");
    verify(&case.run(), &[]).ok();
    let said = verify(&case.run(), &["--require-abp"]);
    assert!(said.code == 1 && said.stdout.contains("There is no authority boundary"), "{said:?}");

    let elsewhere = tempfile::tempdir().unwrap();
    let named = elsewhere.path().join("boundary.json");
    fs::write(&named, boundary_of(&case).to_string()).unwrap();
    let abp = ["--require-abp", "--abp", named.to_str().unwrap()];
    let said = verify(&case.run(), &abp).ok();
    for text in [
        "pass      --  abp.hash_integrity",
        "pass      --  boundary.data",
        "The authority boundary",
    ] {
        assert!(said.stdout.contains(text), "no {text} in {}", said.stdout);
    }

    let case = bounded();
    let row = row(&case.run());
    assert_eq!(row["boundary"]["validity"], "pass", "{:#}", row["boundary"]);
    // The run does not say which tools were used.
    assert_eq!(row["boundary"]["inside"], "unchecked");
    verify(&case.run(), &["--require-abp"]).ok();
    // Of a directory, every run is within one.
    verify(case.path(), &["--require-abp"]).ok();
    fs::remove_file(case.path().join(LEDGER)).unwrap();
    assert_eq!(verify(&case.run(), &["--require-abp"]).code, 1, "without a ledger nobody can tell");
}

#[test]
fn a_boundary_goes_where_its_run_goes() {
    let case = bounded();
    let place = tempfile::tempdir().unwrap();
    let pack = place.path().join("pack");
    let mut packing = command();
    packing.arg("pack").arg(case.run()).arg("--out").arg(&pack).args(ANY_KEY);
    finish(&mut packing, b"").ok();
    verify(&pack, &["--require-abp"]).ok();
    assert_eq!(of_reference(&row(&pack)), by_script(&pack));
    let mut script = verifier();
    finish(script.arg("--require-abp").args(ANY_KEY).arg(&pack), b"").ok();
    let report = fs::read_to_string(pack.join("report.html")).unwrap();
    assert!(report.contains("Authority boundary") && report.contains("boundary.tools"), "{report}");
    // One that is named decides, whatever the pack brings.
    let other = place.path().join("other.json");
    fs::write(&other, "{}").unwrap();
    assert_eq!(verify(&pack, &["--require-abp", "--abp", other.to_str().unwrap()]).code, 1);

    // Merged from another directory: it comes in where there is none, and another one stays out.
    let own = Case::copy("good_authority");
    let merge = |from: &Case| finish(command().arg("merge").arg(own.run()).arg(from.run()), b"");
    let said = merge(&case).ok();
    assert!(said.stdout.contains("authority boundary added"), "{said:?}");
    let text = fs::read(own.path().join(ABP)).unwrap();
    assert_eq!(text, fs::read(case.path().join(ABP)).unwrap());
    merge(&case).ok();
    fs::write(case.path().join(ABP), boundary_of(&case).to_string() + "\n").unwrap();
    let said = merge(&case);
    assert!(said.code == 1 && said.stdout.contains("another authority boundary"), "{said:?}");
    assert_eq!(fs::read(own.path().join(ABP)).unwrap(), text);
    let altered = boundary_of(&case).to_string().replace("data/*", "*");
    fs::write(case.path().join(ABP), altered).unwrap();
    fs::remove_file(own.path().join(ABP)).unwrap();
    let said = merge(&case);
    assert!(said.code == 1 && said.stdout.contains("its hash is not right"), "{said:?}");
    assert!(!own.path().join(ABP).exists());
}
