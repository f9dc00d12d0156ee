//! The reference's vectors, through the real binary: canonical JSON, and the level and every check
//! of its 86 runs.

use std::collections::HashMap;
use std::fs;

use countersign_tests::{Case, SECTIONS, command, conformance, finish, read_json};
use serde_json::Value;

#[test]
fn canonical_json_is_the_reference_s_byte_for_byte() {
    let vectors = fs::read(conformance().join("canonical.jsonl")).unwrap();
    let outcome = finish(command().args(["canonical", "--jsonl"]), &vectors).ok();
    let answers = outcome.json_lines();
    let vectors = vectors.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    let vectors: Vec<Value> = vectors.map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert_eq!(vectors.len(), 2500);
    assert_eq!(answers.len(), vectors.len());
    for (vector, answer) in vectors.iter().zip(&answers) {
        assert_eq!(answer["sha256"], vector["sha256"], "{vector}");
        assert_eq!(answer["error"].is_string(), vector["error"] == true, "{vector} {answer}");
    }
}

#[test]
fn canonical_prints_the_bytes_and_nothing_else() {
    let input = "{\"b\": 1.50, \"a\": \"2026-02-21T02:30:00+02:30\"}";
    let outcome = finish(command().arg("canonical"), input.as_bytes()).ok();
    assert_eq!(outcome.stdout, r#"{"a":"2026-02-21T00:00:00Z","b":1.5}"#);
}

/// Every case reaches the level that the rules give, and every check that has a name of the
/// reference's comes out as it does there.
#[test]
fn every_run_reaches_its_level_by_the_reference_s_checks() {
    let expected = read_json(&conformance().join("runs").join("expected.json"));
    let key = tempfile::NamedTempFile::new().unwrap();
    fs::write(key.path(), expected["hmac_key"].as_str().unwrap()).unwrap();
    let policy = ["--trust", "embedded", "--min-threshold", "2", "--assurance", "claimed"];
    let mut status = command();
    status.args(["status", "--json"]).args(policy).arg("--hmac-key-file").arg(key.path());
    let rows = finish(status.arg(conformance().join("runs")), b"").ok().json_lines();
    let rows: HashMap<String, Value> = rows
        .into_iter()
        .map(|row| (row["path"].as_str().unwrap().split('/').next().unwrap().to_owned(), row))
        .collect();
    let cases = expected["cases"].as_object().unwrap();
    assert_eq!(cases.len(), 86);
    assert_eq!(rows.len(), 86);
    let mut compared = 0;
    for (name, case) in cases {
        let row = &rows[name];
        assert_eq!(row["level"], case["level"], "{name}: {}", row["missing"]);
        assert_eq!(row["missing"].is_null(), case["level"] == 7, "{name}");
        let ours: HashMap<&str, &str> = row["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|check| (check["id"].as_str().unwrap(), check["result"].as_str().unwrap()))
            .collect();
        for (section, prefix) in SECTIONS {
            let checks = case[section].get("checks").unwrap_or(&case[section]);
            for check in checks.as_array().into_iter().flatten() {
                let id = format!("{prefix}{}", check[0].as_str().unwrap());
                let Some(ours) = ours.get(id.as_str()) else { continue };
                assert_eq!(*ours == "pass", check[1] == true, "{name}: {id} is {ours}");
                compared += 1;
            }
        }
    }
    assert!(compared > 4000, "only {compared} checks have the reference's names");
}

/// Every check of the determinism audit comes out as the reference's does with `--strict`.
#[test]
fn every_run_is_audited_as_by_the_reference() {
    let reference = read_json(&conformance().join("audit.json"));
    let reference = reference["determinism_audit"].as_object().unwrap();
    let root = conformance().join("runs");
    let said = finish(command().args(["audit", "--strict", "--json"]).arg(&root), b"");
    assert_eq!(said.code, 2, "one of them is no JSON");
    let rows = said.json_lines();
    assert_eq!((rows.len(), reference.len()), (86, 86));
    for row in rows {
        let name = row["path"].as_str().unwrap().strip_prefix(root.to_str().unwrap()).unwrap();
        let wanted = &reference[name.trim_start_matches('/')];
        if wanted["error"].is_string() {
            assert!(row["error"].is_string() && row["result"].is_null(), "{row}");
            continue;
        }
        let ours = row["checks"].as_array().unwrap().iter().map(|check| {
            let result = check["result"].as_str().unwrap().replace("pass", "ok");
            serde_json::json!({"check": check["id"], "result": result})
        });
        assert_eq!(Value::from_iter(ours), *wanted, "{name}");
    }

    // Its input files are there or not; a path or a link that leads out of the directory is not.
    let case = Case::copy("good_ed25519");
    let paths = read_json(&case.run())["inputs_snapshot"]["files"].clone();
    let paths: Vec<String> = paths
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap().to_owned())
        .collect();
    let inputs = tempfile::tempdir().unwrap();
    let files = || {
        let mut audit = command();
        audit.args(["audit", "--json", "--strict-files"]).arg(inputs.path()).arg(case.run());
        let said = finish(&mut audit, b"");
        let row = said.json_lines().remove(0);
        let of = |one: &Value| (one["id"].as_str().unwrap().to_owned(), one["result"] == "pass");
        (said.code, row["files"].as_array().unwrap().iter().map(of).collect::<Vec<_>>())
    };
    let named =
        |there: bool| paths.iter().map(|path| (format!("strict.file[{path}]"), there)).collect();
    assert_eq!(files(), (1, named(false)));
    let outside = tempfile::tempdir().unwrap();
    for path in &paths {
        let place = outside.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, "").unwrap();
    }
    let data = paths[0].split('/').next().unwrap();
    std::os::unix::fs::symlink(outside.path().join(data), inputs.path().join(data)).unwrap();
    assert_eq!(files(), (1, named(false)));
    fs::remove_file(inputs.path().join(data)).unwrap();
    fs::rename(outside.path().join(data), inputs.path().join(data)).unwrap();
    assert_eq!(files(), (0, named(true)));

    // A run that was not deterministic is a warning without `--strict`, and fails with it.
    let run = root.join("not_deterministic").join("RUN-67d95217_20260506T070809Z.json");
    let said = finish(command().arg("audit").arg(&run), b"").ok();
    assert!(said.stdout.contains("warn      hash_scope.deterministic_flag"), "{said:?}");
    assert_eq!(finish(command().args(["audit", "--strict"]).arg(&run), b"").code, 1);
}

/// Without a keyring the station accepts nobody's key.
#[test]
fn a_key_that_nobody_pinned_counts_only_where_any_key_does() {
    let directory = conformance().join("runs").join("good_multisig");
    let rows = finish(command().args(["status", "--json"]).arg(&directory), b"").ok().json_lines();
    assert_eq!(rows[0]["level"], 1);
    assert_eq!(rows[0]["valid_signatures"], 0);
    assert!(rows[0]["missing"].as_str().unwrap().contains("the key is unknown"), "{rows:?}");
}

#[test]
fn hmac_without_the_key_is_not_called_invalid() {
    let directory = conformance().join("runs").join("good_hmac");
    let arguments = ["status", "--json", "--trust", "embedded"];
    let rows = finish(command().args(arguments).arg(&directory), b"").ok().json_lines();
    assert_eq!(rows[0]["level"], 1);
    assert_eq!(rows[0]["signatures"][0]["standing"], "unchecked");
    assert!(rows[0]["missing"].as_str().unwrap().contains("cannot be checked here"), "{rows:?}");
}
