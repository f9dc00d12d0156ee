//! The files that a run was made from, compared through the real binary with those of a directory, and with
//! those that a pack carries.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Cursor, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_envelope::{canonical, json as envelope_json};
use countersign_tests::{Case, Outcome, command, finish, read_json, verifier};
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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
    write_run(&case, run);
    (case, place)
}

/// Writes a run with the content hash that it has to have.
fn write_run(case: &Case, mut run: Value) {
    run["hash"] = json!("");
    let value = envelope_json::parse(run.to_string().as_bytes()).unwrap().value;
    run["hash"] = json!(canonical::digest(&value).to_string());
    fs::write(case.run(), run.to_string()).unwrap();
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
        write_run(&case, run.clone());
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

const ANY_KEY: [&str; 2] = ["--trust", "embedded"];

fn pack(case: &Case, out: &Path, inputs: &Path) -> Outcome {
    let mut pack = command();
    pack.arg("pack").arg(case.run()).arg("--out").arg(out).args(ANY_KEY);
    finish(pack.arg("--with-inputs").arg(inputs).arg("--json"), b"")
}

/// A pack with its inputs, as a folder.
fn packed(case: &Case, place: &TempDir) -> PathBuf {
    let out = place.path().join("packed");
    pack(case, &out, place.path()).ok();
    out
}

fn verify_pack(path: &Path, more: &[&str]) -> Outcome {
    let mut verify = command();
    finish(verify.args(["verify", "--level", "L0"]).args(ANY_KEY).args(more).arg(path), b"")
}

/// What the program says of a pack, with its exit code.
fn row(path: &Path) -> (i32, Value) {
    let said = verify_pack(path, &["--json"]);
    let row = said.json_lines().pop();
    assert!(row.is_some(), "{said:?}");
    (said.code, row.unwrap())
}

/// What the independent verifier says of its inputs, with the results of its checks of them.
fn by_script(path: &Path) -> (i32, Value, Vec<String>) {
    let said = finish(verifier().arg("--json").args(ANY_KEY).arg(path), b"");
    let row = said.json_lines().remove(0);
    let checks = row["checks"].as_array().unwrap().iter();
    let of_inputs = checks.filter(|check| check["id"] == "pack.inputs");
    let results = of_inputs.map(|check| check["result"].as_str().unwrap().to_owned()).collect();
    (said.code, row["inputs"]["standing"].clone(), results)
}

/// The files below a directory, by their names from it.
fn files_of(directory: &Path, inside: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory.join(inside)).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => files.extend(files_of(directory, &format!("{name}/"))),
            false => files.push((name, fs::read(entry.path()).unwrap())),
        }
    }
    files.sort();
    files
}

/// Writes the list of a pack as somebody does who changed it.
fn list_again(pack: &Path) {
    let files = files_of(pack, "").into_iter().filter(|(name, _)| name != "SHA256SUMS");
    let line = |(name, bytes): (String, Vec<u8>)| format!("{}  {name}\n", Digest::of(&bytes).hex());
    fs::write(pack.join("SHA256SUMS"), files.map(line).collect::<String>()).unwrap();
}

fn faults(row: &Value) -> Vec<String> {
    let faults = row["pack"]["faults"].as_array().unwrap().iter();
    faults.map(|fault| format!("{}: {}", fault["file"], fault["why"])).collect()
}

#[test]
fn a_pack_that_carries_the_inputs_says_by_itself_that_they_are_reproduced() {
    let (case, place) = case();
    let (folder, zip) = (packed(&case, &place), place.path().join("packed.zip"));
    let said = pack(&case, &zip, place.path()).ok().json_lines().remove(0);
    assert_eq!(said["inputs"]["standing"], "reproduced", "{said}");
    for path in [&folder, &zip] {
        let (code, row) = row(path);
        assert_eq!(code, 0, "{row}");
        assert_eq!(row["inputs"]["standing"], "reproduced", "{row}");
        assert_eq!(row["pack"]["inputs"], "reproduced", "{row}");
        let text = verify_pack(path, &[]).ok().stdout;
        assert!(text.contains("reproduced here: all 3 files"), "{text}");
        let (_, standing, results) = by_script(path);
        assert_eq!((standing, results), (json!("reproduced"), vec!["pass".to_owned()]));
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(read("report.html").contains("Reproduced here: all 3 files"));
    assert!(read("VERIFY_INSTRUCTIONS.md").contains("`inputs/`"));
    for place in ["inputs/data/a.csv", "inputs/prompts/p.md", "inputs/s.json"] {
        assert!(read("SHA256SUMS").contains(&format!("  {place}\n")), "{place}");
    }
    // The same files of the same run make the same bytes.
    let again = place.path().join("again.zip");
    pack(&case, &again, place.path()).ok();
    assert_eq!(fs::read(&zip).unwrap(), fs::read(&again).unwrap());
    // A pack without them says nothing of them.
    let without = place.path().join("without");
    let mut plain = command();
    plain.arg("pack").arg(case.run()).arg("--out").arg(&without).args(ANY_KEY);
    finish(&mut plain, b"").ok();
    assert_eq!(row(&without).1["inputs"], Value::Null);
    assert_eq!(by_script(&without).1, Value::Null);
    // A directory that is named is compared as well, and decides.
    fs::write(place.path().join("s.json"), "another").unwrap();
    let named = ["--json", "--inputs", place.path().to_str().unwrap()];
    let said = verify_pack(&folder, &named);
    let row = said.json_lines().remove(0);
    assert_eq!((said.code, &row["inputs"]["standing"]), (1, &json!("contradicted")), "{row}");
    assert_eq!(row["pack"]["inputs"], "reproduced");
}

#[test]
fn what_is_missing_is_left_out_by_name_and_what_contradicts_is_not_packed() {
    let (case, place) = case();
    fs::remove_file(place.path().join("s.json")).unwrap();
    symlink(place.path().join("data/a.csv"), place.path().join("s.json")).unwrap();
    fs::remove_file(place.path().join("prompts/p.md")).unwrap();
    let out = place.path().join("packed");
    let said = pack(&case, &out, place.path()).ok().json_lines().remove(0);
    let standings = |row: &Value| {
        let files = row["inputs"]["files"].as_array().unwrap().iter();
        files.map(|file| file["standing"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(standings(&said), ["same", "missing", "not_read"], "{said}");
    assert!(!out.join("inputs/s.json").exists());
    let (code, row) = row(&out);
    assert_eq!((code, standings(&row).join(" ")), (0, "same missing missing".to_owned()), "{row}");
    assert_eq!(row["inputs"]["standing"], "not_available");
    assert_eq!(by_script(&out).1, "not_available");
    assert_eq!(by_script(&out).2, ["unchecked"]);
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    for words in ["prompts/p.md", "s.json", "a link is in its way"] {
        assert!(report.contains(words), "{words}");
    }
    fs::write(place.path().join("data/a.csv"), "another").unwrap();
    let again = place.path().join("again");
    pack(&case, &again, place.path()).refused(&[
        "data/a.csv",
        "another content",
        "nothing was packed",
    ]);
    assert!(!again.exists());
    pack(&case, &again, &place.path().join("none")).refused(&["no such directory"]);
}

#[test]
fn no_path_of_a_run_leads_into_a_pack_what_is_elsewhere_or_what_deceives() {
    let (case, place) = case();
    let secret = place.path().join("secret");
    fs::write(&secret, "a").unwrap();
    let inside = place.path().join("inside");
    fs::create_dir(&inside).unwrap();
    symlink(&secret, inside.join("link")).unwrap();
    let run_name = "RUN-0000abcd_20260101T000000Z.json";
    for name in ["plain", "PLAIN", "a:b", "trailing.", "hidden\u{202e}", run_name] {
        fs::write(inside.join(name), "a").unwrap();
    }
    let mut run = read_json(&case.run());
    let digest = run["hash_scope"]["inputs"][0]["sha256"].clone();
    let paths = [
        "./plain",
        "PLAIN",
        "../secret",
        secret.to_str().unwrap(),
        "link",
        "a:b",
        "trailing.",
        "hidden\u{202e}",
        run_name,
        "/dev/null",
        "",
    ];
    let entries = paths.map(|path| json!({ "path": path, "sha256": digest }));
    run["hash_scope"] = json!({ "inputs": entries });
    write_run(&case, run);
    let out = place.path().join("packed.zip");
    let said = pack(&case, &out, &inside).ok().json_lines().remove(0);
    let files = said["inputs"]["files"].as_array().unwrap();
    let same: Vec<&str> = files
        .iter()
        .filter(|file| file["standing"] == "same")
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    // One of the two that are one on some systems.
    assert_eq!(same, ["PLAIN"], "{said}");
    assert!(
        files.iter().all(|file| file["standing"] == "same" || file["why"].is_string()),
        "{said}"
    );
    let (_, row) = row(&out);
    assert!(faults(&row).is_empty(), "{row}");
    assert_eq!(row["inputs"]["standing"], "not_available");
    assert_eq!(by_script(&out).1, "not_available");
}

#[test]
fn a_pack_whose_inputs_were_changed_added_or_moved_is_named() {
    let (case, place) = case();
    let whole = packed(&case, &place);
    type Change = fn(&Path);
    let changes: [(&str, &str, Change); 3] = [
        ("contradicted", "inputs/data/a.csv", |pack| {
            fs::write(pack.join("inputs/data/a.csv"), "another").unwrap();
        }),
        ("reproduced", "inputs/more/b.csv", |pack| {
            fs::create_dir(pack.join("inputs/more")).unwrap();
            fs::write(pack.join("inputs/more/b.csv"), "b").unwrap();
        }),
        ("not_available", "", |pack| {
            fs::rename(pack.join("inputs/data"), pack.join("data")).unwrap();
        }),
    ];
    for (number, (standing, named, change)) in changes.into_iter().enumerate() {
        let pack = place.path().join(format!("changed-{number}"));
        for (name, bytes) in files_of(&whole, "") {
            fs::create_dir_all(pack.join(&name).parent().unwrap()).unwrap();
            fs::write(pack.join(&name), bytes).unwrap();
        }
        change(&pack);
        // Without a new list that alone is a fault.
        let (code, row_of_old_list) = row(&pack);
        assert_eq!(code, 1, "{row_of_old_list}");
        list_again(&pack);
        let (code, row) = row(&pack);
        assert_eq!(row["inputs"]["standing"], standing, "{row}");
        let (by_code, by_standing, results) = by_script(&pack);
        assert_eq!(by_standing, standing);
        if named.is_empty() {
            assert_eq!((code, results), (0, vec!["unchecked".to_owned()]), "{row}");
            assert_eq!(row["inputs"]["files"][0]["standing"], "missing");
        } else {
            assert!(faults(&row).iter().any(|fault| fault.contains(named)), "{row}");
            assert_eq!((code, by_code, results), (1, 1, vec!["fail".to_owned()]), "{row}");
        }
    }
}

#[test]
fn a_pack_with_a_second_run_or_names_twice_among_its_inputs_is_not_opened() {
    let (case, place) = case();
    let whole = packed(&case, &place);
    let mut files = files_of(&whole, "");
    files.retain(|(name, _)| name != "SHA256SUMS");
    let run = fs::read(case.run()).unwrap();
    let more = [
        ("inputs/DATA/A.csv", &b"a"[..]),
        ("inputs/RUN-0000abcd_20260101T000000Z.json", &run),
        ("inputs/../outside", b"x"),
    ];
    for (name, bytes) in more {
        let mut all = files.clone();
        all.push((name.to_owned(), bytes.to_vec()));
        let sums: String = all
            .iter()
            .map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes).hex()))
            .collect();
        all.push(("SHA256SUMS".to_owned(), sums.into_bytes()));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &all {
            zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let out = place.path().join("hostile.zip");
        fs::write(&out, zip.finish().unwrap().into_inner()).unwrap();
        let said = verify_pack(&out, &["--json"]);
        assert!(said.code == 2 && said.stdout.is_empty(), "{name}: {said:?}");
        let (code, standing, _) = by_script(&out);
        assert_eq!((code, standing), (1, Value::Null), "{name}");
    }
}

#[test]
fn an_import_leaves_the_inputs_in_the_pack_and_names_them() {
    let (case, place) = case();
    let whole = packed(&case, &place);
    let target = tempfile::tempdir().unwrap();
    let mut import = command();
    import.arg("import").arg(&whole).arg(target.path()).arg("--json");
    let said = finish(&mut import, b"");
    let report = said.json_lines().remove(0);
    let not_taken = report["not_taken"].as_array().unwrap();
    for name in ["inputs/data/a.csv", "inputs/prompts/p.md", "inputs/s.json"] {
        assert!(not_taken.contains(&json!(name)), "{said:?}");
    }
    assert!(!target.path().join("inputs").exists());
}
