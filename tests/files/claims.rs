//! Claims, through the real binary: what stands in a signature file is held against what the key
//! signed, whoever changed it and however.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::canonical;
use countersign_envelope::dsse::pae;
use countersign_envelope::json;
use countersign_tests::{
    Case, Outcome, command, finish, read_json, sign_with, signatures_of, verifier,
};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use tempfile::TempDir;

const IN_TOTO: &str = "application/vnd.in-toto+json";
const OPERATOR: u8 = 1;
const WITNESS: u8 = 2;

fn sign(run: &Path, role: &str, signer: &str, byte: u8, more: &[&str]) {
    sign_with(run, role, signer, byte, more).ok();
}

/// A copy of a directory's files, as another station has them.
fn copied(case: &Case) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(case.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// A run that an operator and a witness have signed, with claims.
fn signed() -> Case {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", OPERATOR, &[]);
    sign(&case.run(), "witness", "w", WITNESS, &[]);
    case
}

fn judged(case: &Case, more: &[&str]) -> Value {
    let mut status = command();
    status.args(["status", "--json", "--trust", "embedded"]).args(more).arg(case.path());
    finish(&mut status, b"").ok().json_lines().remove(0)
}

/// On a station that never saw the files before.
fn judged_elsewhere(case: &Case) -> Value {
    let heads = tempfile::tempdir().unwrap();
    judged(case, &["--log-heads", heads.path().to_str().unwrap()])
}

fn result<'a>(row: &'a Value, id: &str) -> Vec<&'a Value> {
    let checks = row["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["id"] == id).map(|check| &check["result"]).collect()
}

/// Changes one signature of the run, by its place.
fn edit(case: &Case, at: usize, change: impl Fn(&mut Value)) {
    let path = signatures_of(&case.run());
    let mut file = read_json(&path);
    change(&mut file["signatures"][at]);
    fs::write(path, file.to_string()).unwrap();
}

fn payload(signature: &Value) -> Value {
    let payload = signature["claim"]["payload"].as_str().unwrap();
    serde_json::from_slice(&BASE64.decode(payload).unwrap()).unwrap()
}

fn canonical_bytes(value: &Value) -> Vec<u8> {
    let value = json::parse(value.to_string().as_bytes()).unwrap().value;
    canonical::to_string(&value).into_bytes()
}

/// A claim that a key signs as it is.
fn claim_over(payload: &[u8], payload_type: &str, byte: u8) -> Value {
    let made = SigningKey::from_bytes(&[byte; 32]).sign(&pae(payload_type, payload));
    let signature = json!({ "keyid": "", "sig": BASE64.encode(made.to_bytes()) });
    json!({ "payloadType": payload_type, "payload": BASE64.encode(payload), "signatures": [signature] })
}

/// Has the witness sign another claim than the one that is there.
fn another_claim(case: &Case, change: impl Fn(&mut Value)) {
    edit(case, 1, |signature| {
        let mut statement = payload(signature);
        change(&mut statement);
        signature["claim"] = claim_over(&canonical_bytes(&statement), IN_TOTO, WITNESS);
    });
}

/// Asserts that the witness's signature does not count, by one failed check, and that the envelope
/// says why in a sentence.
#[track_caller]
fn contradicted(case: &Case, id: &str, words: &str) {
    let row = judged(case, &[]);
    assert_eq!(row["signatures"][1]["labels"], "contradicted", "{row:#}");
    assert_ne!(row["signatures"][1]["standing"], "valid");
    assert!(result(&row, id).contains(&&json!("fail")), "{id} in {row:#}");
    assert_eq!(result(&row, "roles.witness"), ["fail"]);
    let warnings = row["warnings"].as_array().unwrap().iter().filter_map(Value::as_str);
    let told: Vec<&str> = warnings.filter(|warning| warning.contains(words)).collect();
    assert_eq!(told.len(), 1, "{words:?} in {row:#}");
}

#[test]
fn a_claim_says_on_both_files_what_the_key_signed() {
    let case = signed();
    let row = judged(&case, &[]);
    for signature in row["signatures"].as_array().unwrap() {
        assert_eq!(
            (&signature["labels"], &signature["standing"]),
            (&json!("signed"), &json!("valid"))
        );
    }
    assert_eq!(result(&row, "roles.witness"), ["pass"]);
    let (run, manifest) =
        (read_json(&signatures_of(&case.run())), read_json(&signatures_of(&case.manifest())));
    for at in 0..2 {
        assert_eq!(run["signatures"][at]["claim"], manifest["signatures"][at]["claim"]);
    }
    let said = payload(&run["signatures"][1]);
    assert_eq!(said["predicateType"], "urn:countersign:signing-claim:1");
    let predicate = &said["predicate"];
    for (field, value) in [("signer", "w"), ("role", "witness"), ("keyId", "ds-test-2026-02")] {
        assert_eq!(predicate[field], value);
    }
    assert_eq!(predicate["threshold"], 2);
    assert_eq!(predicate["seen"]["signatures"].as_array().unwrap().len(), 1);
    assert_eq!(said["subject"].as_array().unwrap().len(), 2);
}

#[test]
fn without_a_claim_a_signature_counts_unless_claims_are_required() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", OPERATOR, &["--no-claim"]);
    sign(&case.run(), "witness", "w", WITNESS, &[]);
    let row = judged(&case, &[]);
    assert_eq!(row["signatures"][0]["labels"], "claimed");
    assert_eq!(result(&row, "roles.operator"), ["pass"]);
    let row = judged(&case, &["--claims", "required"]);
    assert_eq!(row["signatures"][0]["standing"], "not_accepted");
    assert_eq!(result(&row, "roles.operator"), ["fail"]);
    assert_eq!(result(&row, "roles.witness"), ["pass"]);
    // One that counted before claims were required is exempt.
    let exempt = case.path().join("exempt");
    fs::write(&exempt, row["signatures"][0]["sha256"].as_str().unwrap()).unwrap();
    let list = exempt.to_str().unwrap();
    let row = judged(&case, &["--claims", "required", "--exempt", list]);
    assert_eq!(row["signatures"][0]["standing"], "valid");
}

#[test]
fn what_is_changed_in_the_file_is_named_with_both_values() {
    for (field, value, id, words) in [
        ("role", json!("auditor"), "claim.role", "its claim says witness, the file says auditor"),
        ("signer_id", json!("mallory"), "claim.signer", "its claim says w, the file says mallory"),
        ("signed_at", json!("2026-11-01T00:00:00Z"), "claim.time", "the file says 2026-11-01"),
        ("signing_key_id", json!("ds-x"), "claim.key_id", "the file says ds-x"),
    ] {
        let case = signed();
        edit(&case, 1, |signature| signature[field] = value.clone());
        contradicted(&case, id, words);
    }
}

#[test]
fn what_holds_the_key_is_taken_from_the_claim() {
    let case = signed();
    edit(&case, 1, |signature| signature["signer_type"] = json!("hardware"));
    let row = judged(&case, &["--assurance", "claimed"]);
    assert_eq!(row["signatures"][1]["standing"], "valid");
    assert_eq!(row["signatures"][1]["signer_type"], "software");
    assert_eq!(result(&row, "signer.hardware_or_external"), ["fail"]);
    assert!(result(&row, "claim.signer_type").contains(&&json!("warn")));
}

#[test]
fn terms_that_are_lowered_in_the_file_stay_as_the_signers_saw_them() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", OPERATOR, &[]);
    sign(&case.run(), "witness", "w", WITNESS, &["--threshold", "3", "--require-role", "auditor"]);
    let path = signatures_of(&case.run());
    let mut file = read_json(&path);
    (file["threshold"], file["witness_requirements"]) = (json!(2), Value::Null);
    fs::write(path, file.to_string()).unwrap();
    let row = judged_elsewhere(&case);
    assert_eq!(row["threshold"], 3);
    assert_eq!(result(&row, "roles.auditor"), ["fail"]);
    assert_eq!(result(&row, "terms.lowered"), ["warn"]);
}

/// Writes the last entry of a chain again with another time, so that its history differs.
fn rewrite_last(path: &Path, note: &str) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let last = Value::from(lines.pop().unwrap());
    let mut entry: Value = serde_json::from_str(last.as_str().unwrap()).unwrap();
    (entry["note"], entry["entry_hash"]) = (json!(note), json!(""));
    let hash = countersign_envelope::digest::Digest::of(&canonical_bytes(&entry));
    entry["entry_hash"] = json!(hash.to_string());
    let entry = entry.to_string();
    lines.push(&entry);
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

/// Removes the last entry of a chain.
fn cut_last(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.pop();
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn a_fork_of_the_log_that_a_signer_saw_fails_l3_and_a_shorter_log_is_named() {
    let case = Case::copy("good_log_of_many");
    let log = case.path().join("transparency_log.ndjson");
    sign(&case.run(), "witness", "w", WITNESS, &[]);
    let entries = fs::read_to_string(&log).unwrap().lines().count();
    let last = read_json(&signatures_of(&case.run()))["signatures"].as_array().unwrap().len() - 1;
    let claim = payload(&read_json(&signatures_of(&case.run()))["signatures"][last]);
    assert_eq!(claim["predicate"]["seen"]["log"]["entries"], entries);
    assert!(result(&judged_elsewhere(&case), "claim.log").is_empty());
    cut_last(&log);
    assert_eq!(result(&judged_elsewhere(&case), "claim.log"), ["warn"]);
}

#[test]
fn a_log_rewritten_where_a_signer_saw_it_fails_l3_until_a_person_allows_it() {
    let case = Case::copy("good_log_of_many");
    let log = case.path().join("transparency_log.ndjson");
    sign(&case.run(), "witness", "w", WITNESS, &[]);
    rewrite_last(&log, "another");
    let row = judged_elsewhere(&case);
    assert_eq!(result(&row, "transparency.chain"), ["pass"]);
    assert_eq!(result(&row, "claim.log"), ["fail"]);
    assert!(row["level"].as_i64().unwrap() < 3, "{row:#}");
    let heads = tempfile::tempdir().unwrap();
    let heads = ["--log-heads", heads.path().to_str().unwrap(), "--allow-rewritten-log"];
    assert_eq!(result(&judged(&case, &heads), "claim.log"), ["warn"]);
}

/// Accepts the log of a run as it is, on the station that remembers in `heads`.
fn accept(case: &Case, log: &Path, heads: &Path, reason: &str) -> Outcome {
    let mut accept = command();
    accept.args(["log", "accept", "--reason", reason, "--trust", "embedded"]);
    accept.arg("--log-heads").arg(heads).arg("--journal").arg(case.path().join("journal.ndjson"));
    finish(accept.arg(log), b"")
}

#[test]
fn a_person_accepts_once_and_with_a_reason_that_the_log_is_not_the_one_a_signer_saw() {
    for (name, log, id) in [
        ("good_log_of_many", "transparency_log.ndjson", "claim.log"),
        ("authority_revoked_later", "authority_ledger.ndjson", "claim.ledger"),
    ] {
        let case = Case::copy(name);
        let log = case.path().join(log);
        sign(&case.run(), "witness", "w", WITNESS, &[]);
        rewrite_last(&log, "another");
        let elsewhere = tempfile::tempdir().unwrap();
        let heads = ["--log-heads", elsewhere.path().to_str().unwrap()];
        assert_eq!(result(&judged(&case, &heads), id), ["fail"]);
        accept(&case, &log, elsewhere.path(), " ").refused(&["reason"]);
        let accepted = accept(&case, &log, elsewhere.path(), "the disk was restored").ok();
        assert!(accepted.stdout.contains("is not the one that \"w\" saw"), "{accepted:?}");
        let journal = fs::read_to_string(case.path().join("journal.ndjson")).unwrap();
        assert!(journal.contains("the disk was restored"), "{journal}");
        assert!(journal.contains("is not the one that"), "{journal}");
        // From then on, for this history only.
        let row = judged(&case, &heads);
        assert_eq!(result(&row, id), ["warn"], "{row:#}");
        assert_eq!(result(&judged_elsewhere(&case), id), ["fail"]);
        rewrite_last(&log, "a third");
        assert_eq!(result(&judged(&case, &heads), id), ["fail"]);
    }
}

#[test]
fn a_ledger_shorter_than_a_signer_saw_it_makes_l7_not_checkable() {
    let case = Case::copy("authority_revoked_later");
    let ledger = case.path().join("authority_ledger.ndjson");
    assert!(fs::read_to_string(&ledger).unwrap().lines().count() > 1);
    sign(&case.run(), "witness", "w", WITNESS, &[]);
    assert!(result(&judged_elsewhere(&case), "claim.ledger").is_empty());
    rewrite_last(&ledger, "another");
    assert_eq!(result(&judged_elsewhere(&case), "claim.ledger"), ["fail"]);
    cut_last(&ledger);
    let row = judged_elsewhere(&case);
    assert_eq!(result(&row, "claim.ledger"), ["unchecked"]);
    assert_eq!(row["levels"][7], "unchecked");
}

#[test]
fn stations_that_sign_apart_and_merge_keep_their_levels() {
    let here = Case::copy("good_unsigned");
    sign(&here.run(), "operator", "o", OPERATOR, &[]);
    let there = copied(&here);
    sign(&here.run(), "witness", "w", WITNESS, &[]);
    sign(&there.path().join(&here.run_name), "auditor", "a", 3, &[]);
    finish(command().arg("merge").arg(here.path()).arg(there.path()), b"").ok();
    let row = judged(&here, &["--claims", "required"]);
    assert_eq!(row["counted_signatures"], 3, "{row:#}");
    assert_eq!(result(&row, "roles.witness"), ["pass"]);
    for signature in row["signatures"].as_array().unwrap() {
        assert_eq!(signature["labels"], "signed");
    }
}

#[test]
fn a_merge_restores_the_claims_that_another_program_dropped() {
    let case = signed();
    let drop_all = || {
        for artifact in [case.run(), case.manifest()] {
            let path = signatures_of(&artifact);
            let mut file = read_json(&path);
            for signature in file["signatures"].as_array_mut().unwrap() {
                signature.as_object_mut().unwrap().remove("claim");
            }
            fs::write(path, file.to_string()).unwrap();
        }
    };
    let labels = || {
        let row = judged(&case, &[]);
        [0, 1].map(|at| row["signatures"][at]["labels"].clone())
    };
    let copy = copied(&case);
    drop_all();
    assert_eq!(labels(), ["claimed", "claimed"]);
    // From what this station kept.
    let merged = finish(command().arg("merge").arg(case.path()), b"").ok();
    assert!(merged.stdout.contains("was restored"), "{merged:?}");
    assert_eq!(labels(), ["signed", "signed"]);
    // From a copy that still has them, on a station that kept nothing.
    drop_all();
    let heads = tempfile::tempdir().unwrap();
    let mut merge = command();
    merge.arg("merge").arg(case.path()).arg(copy.path());
    merge.env("COUNTERSIGN_LOG_HEADS", heads.path());
    finish(&mut merge, b"").ok();
    assert_eq!(labels(), ["signed", "signed"]);
}

#[test]
fn a_claim_asks_for_no_more_people_than_there_are() {
    let case = signed();
    let keyring = case.path().join("keyring.json");
    for (byte, role, owner) in [(OPERATOR, "operator", "o"), (WITNESS, "witness", "w")] {
        let public = SigningKey::from_bytes(&[byte; 32]).verifying_key();
        let mut add = command();
        add.args(["keys", "add", "--owner", owner, "--role", role, "--keyring"]).arg(&keyring);
        add.args(["--key-id", &format!("ds-test-2026-{byte:02}"), "-"]);
        finish(&mut add, BASE64.encode(public.as_bytes()).as_bytes()).ok();
    }
    another_claim(&case, |claim| claim["predicate"]["threshold"] = json!(1_000_000));
    let mut status = command();
    status.args(["status", "--json", "--keyring"]).arg(&keyring).arg(case.path());
    let row = finish(&mut status, b"").ok().json_lines().remove(0);
    assert_eq!(row["threshold"], 2, "{row:#}");
    assert_eq!(result(&row, "threshold.met"), ["pass"]);
}

#[test]
fn a_claim_about_anything_else_does_not_count() {
    let other = |change: &dyn Fn(&mut Value)| {
        let case = signed();
        another_claim(&case, change);
        case
    };
    let zero = "0".repeat(64);
    let of_other_run = other(&|claim| claim["subject"][0]["digest"]["sha256"] = json!(zero));
    contradicted(&of_other_run, "claim.subject", "not about this run");
    // The manifest's digest does not make it a claim about the run, nor does one of no kind.
    let of_manifest = other(&|claim| {
        claim["subject"].as_array_mut().unwrap().remove(0);
    });
    contradicted(&of_manifest, "claim.subject", "not about this run");
    let untyped = other(&|claim| {
        claim["subject"][0].as_object_mut().unwrap().remove("annotations");
    });
    contradicted(&untyped, "claim.subject", "not about this run");
    let refused = other(&|claim| claim["predicate"]["act"] = json!("refuse"));
    contradicted(&refused, "claim.act", "not that it was signed");
    let neighbour = other(&|claim| claim["predicate"]["signatures"]["sealed_run"] = json!(zero));
    contradicted(&neighbour, "claim.signed", "about another signature");
    let key = other(&|claim| claim["predicate"]["keySha256"] = json!(zero));
    contradicted(&key, "claim.key", "another key");
    let commitments = other(&|claim| claim["predicate"]["commitments"] = Value::Null);
    contradicted(&commitments, "claim.commitments", "input commitments");
    let refusal = other(&|claim| claim["predicateType"] = json!("urn:countersign:refusal:1"));
    contradicted(&refusal, "claim.form", "statement of the kind");
}

#[test]
fn a_claim_by_another_key_or_of_another_form_does_not_count() {
    let with = |make: &dyn Fn(&Value) -> Value| {
        let case = signed();
        edit(&case, 1, |signature| signature["claim"] = make(signature));
        case
    };
    let same = |signature: &Value| canonical_bytes(&payload(signature));
    let by_other = with(&|signature| claim_over(&same(signature), IN_TOTO, 9));
    contradicted(&by_other, "claim.signature", "not signed by the key");
    let other_type = with(&|signature| claim_over(&same(signature), "application/json", WITNESS));
    contradicted(&other_type, "claim.form", "payload type");
    let spaced = with(&|signature| {
        let text = serde_json::to_string_pretty(&payload(signature)).unwrap();
        claim_over(text.as_bytes(), IN_TOTO, WITNESS)
    });
    contradicted(&spaced, "claim.form", "not in canonical form");
    let twice = with(&|signature| {
        let text = String::from_utf8(same(signature)).unwrap();
        let text = text.replacen("\"role\":", "\"role\":\"auditor\",\"role\":", 1);
        claim_over(text.as_bytes(), IN_TOTO, WITNESS)
    });
    contradicted(&twice, "claim.form", "not in canonical form");
    let huge = with(&|_| claim_over(&vec![b' '; 1 << 20], IN_TOTO, WITNESS));
    contradicted(&huge, "claim.form", "longer than 64 KiB");
    let doubled = with(&|signature| {
        let mut claim = signature["claim"].clone();
        let one = claim["signatures"][0].clone();
        claim["signatures"].as_array_mut().unwrap().push(one);
        claim
    });
    contradicted(&doubled, "claim.form", "2 signatures");
    // The claim of the operator is not the witness's.
    let of_operator = signed();
    let first = read_json(&signatures_of(&of_operator.run()))["signatures"][0]["claim"].clone();
    edit(&of_operator, 1, |signature| signature["claim"] = first.clone());
    contradicted(&of_operator, "claim.signature", "not signed by the key");
}

#[test]
fn what_a_later_signer_saw_and_is_gone_is_noticed_by_a_station_that_never_saw_it() {
    // A claim that was removed.
    let case = signed();
    edit(&case, 0, |signature| {
        signature.as_object_mut().unwrap().remove("claim");
    });
    let row = judged_elsewhere(&case);
    assert_eq!(row["signatures"][0]["standing"], "not_accepted");
    assert!(row["signatures"][0]["detail"].as_str().unwrap().contains("saw a claim"), "{row:#}");
    // Without a later signer nobody knows.
    let case = signed();
    edit(&case, 1, |signature| {
        signature.as_object_mut().unwrap().remove("claim");
    });
    assert_eq!(judged(&case, &[])["signatures"][1]["labels"], "claimed");
    // A signature that was removed.
    let case = signed();
    sign(&case.run(), "reviewer", "r", 3, &[]);
    for artifact in [case.run(), case.manifest()] {
        let path = signatures_of(&artifact);
        let mut file = read_json(&path);
        file["signatures"].as_array_mut().unwrap().remove(1);
        fs::write(path, file.to_string()).unwrap();
    }
    let row = judged_elsewhere(&case);
    assert!(result(&row, "claim.seen").contains(&&json!("fail")), "{row:#}");
}

/// The words on the badge of a demo envelope at L7, each changed in an editor, and what the program
/// says of it. The time stamp of that signature is about the claim, and says nothing more.
#[test]
fn changing_any_word_on_the_badge_is_reported_in_one_sentence_everywhere() {
    let place = tempfile::tempdir().unwrap();
    let demo = place.path().join("demo");
    let mut make = command();
    make.args(["demo", "--runs", "1", "--seed", "1", "--level", "L7"]).arg(&demo);
    finish(&mut make, b"demo\n").ok();
    let mut runs = fs::read_dir(&demo).unwrap().map(|entry| entry.unwrap().path());
    let run = runs.find(|path| path.to_string_lossy().ends_with("Z.json")).unwrap();
    let whole = read_json(&signatures_of(&run));
    let keyring = demo.join("keyring.json");
    let changes = [
        ("signer_id", "j.okafor", "its claim says demo.hardware-witness, the file says j.okafor"),
        ("role", "operator", "its claim says witness, the file says operator"),
        ("signed_at", "2026-01-05T09:00:00Z", "its claim is dated 2026-01-05T08:00:00Z, the file"),
        ("signer_type", "software", "is software, and its claim says hardware"),
        ("timestamps", "", "its content is not what its authority signed"),
    ];
    for (field, value, words) in changes {
        let mut file = whole.clone();
        let signature = &mut file["signatures"][1];
        if field == "timestamps" {
            let token = &mut signature["timestamps"][0]["token"];
            let mut bytes = BASE64.decode(token.as_str().unwrap()).unwrap();
            let time = bytes.windows(8).position(|some| some == b"20260105").unwrap();
            bytes[time + 7] = b'4';
            *token = BASE64.encode(bytes).into();
        } else {
            assert!(signature[field].is_string(), "{field}");
            signature[field] = json!(value);
        }
        fs::write(signatures_of(&run), file.to_string()).unwrap();
        let told = |text: &str| {
            let text = text.replace("&#34;", "\"").replace("&quot;", "\"");
            text.lines().filter(|line| line.contains(words) && line.contains("on the run")).count()
        };
        // JSON and window.
        let mut status = command();
        status.args(["status", "--json", "--keyring"]).arg(&keyring).arg(&demo);
        let row = finish(&mut status, b"").json_lines().remove(0);
        let warnings: Vec<&str> =
            row["warnings"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(warnings.len(), 1, "{field}: {warnings:#?}");
        assert_eq!(told(warnings[0]), 1, "{field}: {warnings:#?}");
        // The command line.
        let mut explain = command();
        explain.arg("explain").arg(&run).arg("--keyring").arg(&keyring);
        let explained = finish(&mut explain, b"").ok();
        assert_eq!(told(&explained.stderr) + told(&explained.stdout), 1, "{field}: {explained:?}");
        // The report.
        let pack = place.path().join(format!("pack-{field}"));
        let mut make = command();
        make.arg("pack").arg(&run).arg("--out").arg(&pack).arg("--keyring").arg(&keyring);
        finish(&mut make, b"").ok();
        let report = fs::read_to_string(pack.join("report.html")).unwrap();
        assert_eq!(told(&report), 1, "{field}: {report}");
        // The independent verifier: one check of the run's signature does not hold.
        let judged = finish(verifier().arg("--json").arg(&pack), b"").json_lines().remove(0);
        let is_told = |check: &&Value| {
            let id = check["id"].as_str().unwrap();
            (id.starts_with("claim.") || id.starts_with("time."))
                && (check["result"] == "fail" || check["result"] == "warn")
        };
        let checks: Vec<&Value> =
            judged["checks"].as_array().unwrap().iter().filter(is_told).collect();
        assert_eq!(checks.len(), 1, "{field}: {checks:#?}");
    }
}
