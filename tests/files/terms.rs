//! What an envelope asks for, through the real binary: set when it begins, never lowered by whoever
//! signs later or edits a file; and one person with one key counts once, however either is written.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_tests::{Case, command, finish, read_json, sign_with as sign, signatures_of};
use serde_json::{Value, json};

fn status(case: &Case, more: &[&str]) -> Value {
    let mut status = command();
    status.args(["status", "--json", "--trust", "embedded"]).args(more).arg(case.path());
    finish(&mut status, b"").ok().json_lines().remove(0)
}

/// Changes the signatures of run and manifest alike.
fn edit(case: &Case, change: impl Fn(&mut Value)) {
    for artifact in [case.run(), case.manifest()] {
        let path = signatures_of(&artifact);
        let mut file = read_json(&path);
        change(&mut file);
        fs::write(path, file.to_string()).unwrap();
    }
}

#[test]
fn the_signature_that_begins_the_envelope_sets_what_no_later_one_lowers() {
    let case = Case::copy("good_unsigned");
    let high = ["--threshold", "3", "--require-role", "auditor"];
    let first = sign(&case.run(), "operator", "o", 1, &high).ok();
    assert!(!first.stdout.contains("asks"), "a block has no place for terms: {first:?}");
    assert!(first.stderr.contains("a first signature has no place for --threshold"), "{first:?}");
    let second = sign(&case.run(), "witness", "w", 2, &high).ok();
    assert!(second.stdout.contains("asks    3 signatures, among them operator, witness, auditor"));
    // Asking for less, or for nothing, changes nothing.
    let third = sign(&case.run(), "reviewer", "r", 3, &["--threshold", "2"]).ok();
    assert!(third.stdout.contains("asks    3 signatures, among them operator, witness, auditor"));
    let fourth = sign(&case.run(), "reviewer", "q", 5, &["--threshold", "5"]).ok();
    assert!(fourth.stderr.contains("was set when it was made"), "{fourth:?}");
    for artifact in [case.run(), case.manifest()] {
        let file = read_json(&signatures_of(&artifact));
        assert_eq!(file["threshold"], 3);
        assert_eq!(file["witness_requirements"], json!(["operator", "witness", "auditor"]));
    }
    let told = status(&case, &[]);
    assert_eq!((&told["counted_signatures"], &told["threshold"]), (&json!(4), &json!(3)));
    assert!(told["missing"].as_str().is_some());
    let roles = |told: &Value| {
        let checks = told["checks"].as_array().unwrap();
        checks.iter().find(|check| check["id"] == "roles.auditor").unwrap()["result"].clone()
    };
    assert_ne!(roles(&told), "pass", "the auditor is still asked for");
    sign(&case.run(), "auditor", "a", 4, &[]).ok();
    assert_eq!(roles(&status(&case, &[])), "pass");
}

#[test]
fn a_threshold_that_is_edited_down_is_not_below_policy_s_nor_below_two() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", 1, &[]).ok();
    sign(&case.run(), "witness", "w", 2, &["--threshold", "3"]).ok();
    let met = |told: &Value| {
        let checks = told["checks"].as_array().unwrap();
        checks.iter().find(|check| check["id"] == "threshold.met").unwrap()["result"] == "pass"
    };
    assert!(!met(&status(&case, &[])));
    edit(&case, |file| {
        file["threshold"] = json!(1);
        file["witness_requirements"] = json!(null);
        file["signatures"].as_array_mut().unwrap().truncate(1);
    });
    let told = status(&case, &[]);
    assert_eq!(told["threshold"], 2);
    assert!(!met(&told), "one signature is never enough");
    sign(&case.run(), "witness", "w", 2, &[]).ok();
    assert!(met(&status(&case, &[])));
    let told = status(&case, &["--min-threshold", "3", "--require-role", "auditor"]);
    assert_eq!(told["threshold"], 3);
    assert!(!met(&told), "policy asks for three, whatever the file says");
}

#[test]
fn one_person_signs_once_however_the_name_is_written() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "J.Okafor", 1, &[]).ok();
    let before = case.snapshot();
    for name in ["J.Okafor", "j.okafor ", "J.OKAFOR", "ｊ.okafor", "j.\u{200B}okafor"] {
        sign(&case.run(), "witness", name, 2, &[]).refused(&["J.Okafor", "has signed already"]);
    }
    assert_eq!(case.snapshot(), before);

    // Put together by hand, they count once.
    sign(&case.run(), "witness", "w", 2, &[]).ok();
    assert_eq!(status(&case, &[])["counted_signatures"], 2);
    for name in ["j.okafor ", "J.OKAFOR", "j.okafor\u{200D}"] {
        edit(&case, |file| file["signatures"][1]["signer_id"] = json!(name));
        let told = status(&case, &[]);
        assert_eq!(told["counted_signatures"], 1, "{name:?}");
    }
}

#[test]
fn one_key_signs_once_under_whatever_id_and_in_whatever_form() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", 1, &["--no-claim"]).ok();
    let before = case.snapshot();
    sign(&case.run(), "witness", "w", 1, &["--key-id", "ds-other-2026-01"])
        .refused(&["signed already with this key", "\"o\""]);
    assert_eq!(case.snapshot(), before);

    // The same key once more, by hand: as another person, under another id, as PEM.
    let other = Case::copy("good_unsigned");
    sign(&other.run(), "witness", "w", 1, &["--no-claim", "--key-id", "ds-other-2026-01"]).ok();
    for (artifact, copied) in [(case.run(), other.run()), (case.manifest(), other.manifest())] {
        let (one, mut two) =
            (read_json(&signatures_of(&artifact)), read_json(&signatures_of(&copied)));
        let public = PublicKey::parse(two["public_key"].as_str().unwrap()).unwrap();
        two["public_key"] = json!(public.to_pem());
        let envelope = json!({
            "multisig_version": "1.0", "artifact_hash": one["payload_bytes_sha256"],
            "threshold": 2, "witness_requirements": null, "signatures": [one, two],
        });
        fs::write(signatures_of(&artifact), envelope.to_string()).unwrap();
    }
    let told = status(&case, &[]);
    assert_eq!(told["signatures"][1]["standing"], "valid", "{told:#}");
    // Ed25519 gives the same value again, under another name and role: it has neither here.
    assert_eq!(told["counted_signatures"], 0);
    let warnings = told["warnings"].to_string();
    assert!(warnings.contains("neither name nor role"), "{warnings}");
    // Whoever holds the key settles the label; it stays one signature.
    let settled = sign(&case.run(), "auditor", "a", 1, &[]).ok();
    assert!(settled.stderr.contains("the new entry replaces it"), "{settled:?}");
    assert_eq!(read_json(&case.signatures())["signatures"].as_array().unwrap().len(), 1);
    sign(&case.run(), "operator", "o", 1, &[]).refused(&["signed already with this key"]);
}

#[test]
fn a_signer_holds_only_the_roles_that_the_keyring_gives() {
    let case = Case::copy("good_unsigned");
    let keyring = case.path().join("keyring.json");
    let with_keyring = ["--keyring", keyring.to_str().unwrap()];
    sign(&case.run(), "witness", "w", 2, &[]).ok();
    let mut add = command();
    add.args(["keys", "add"]).arg(case.signatures()).args(with_keyring);
    finish(&mut add, b"").ok();
    fs::remove_file(case.signatures()).unwrap();
    fs::remove_file(signatures_of(&case.manifest())).unwrap();
    let before = case.snapshot();
    for role in ["operator", "reviewer", "auditor"] {
        sign(&case.run(), role, "w", 2, &with_keyring).refused(&["\"w\"", role, "does not hold"]);
    }
    // Nor with a key that the keyring does not know.
    sign(&case.run(), "auditor", "w", 9, &with_keyring).refused(&["\"w\"", "does not hold"]);
    // Nor under another spelling of the name: whose key it is, the keyring says to the letter.
    sign(&case.run(), "witness", "W", 2, &with_keyring).refused(&["belongs to \"w\""]);
    assert_eq!(case.snapshot(), before);
    sign(&case.run(), "witness", "w", 2, &with_keyring).ok();

    // Written in by hand, another role does not count.
    edit(&case, |file| file["role"] = json!("operator"));
    let mut told = command();
    told.args(["status", "--json"]).args(with_keyring).arg(case.path());
    let told = finish(&mut told, b"").ok().json_lines().remove(0);
    assert_eq!(told["signatures"][0]["standing"], "not_accepted");
}

/// A station that set or saw higher terms names what was lowered, in every command that judges; one
/// that never saw them has nothing to say.
#[test]
fn terms_that_are_lowered_in_the_file_are_noticed_by_the_station_that_set_them() {
    let case = Case::copy("good_unsigned");
    // Without claims, which would keep the terms themselves.
    let high = ["--no-claim", "--threshold", "3", "--require-role", "auditor"];
    sign(&case.run(), "operator", "o", 1, &["--no-claim"]).ok();
    sign(&case.run(), "witness", "w", 2, &high).ok();
    assert!(!says_lowered(&status(&case, &[])), "as they were set");
    edit(&case, |file| {
        file["threshold"] = json!(2);
        file["witness_requirements"] = Value::Null;
    });
    assert!(says_lowered(&status(&case, &[])));
    for arguments in [
        vec!["verify", "--trust", "embedded", "--level", "L0"],
        vec!["explain", "--trust", "embedded"],
    ] {
        let told = finish(command().args(arguments).arg(case.run()), b"").ok();
        assert!(told.stdout.contains("asked for 3 signatures and asks for 2"), "{told:?}");
        assert!(told.stdout.contains("no longer asks for the role auditor"), "{told:?}");
    }
    // Whoever signs next is told before a key is used.
    let signed = sign(&case.run(), "reviewer", "r", 3, &[]).ok();
    assert!(signed.stderr.contains("asked for 3 signatures and asks for 2"), "{signed:?}");
    // The journal says what was set.
    let journal = finish(command().args(["journal", "show", "--json"]), b"").ok();
    assert!(
        journal.json_lines().iter().any(|entry| entry["event"] == "signed"
            && entry["threshold"] == 3
            && entry["required_roles"] == json!(["operator", "witness", "auditor"])),
        "{journal:?}"
    );
    // Another station saw nothing else.
    let elsewhere = tempfile::tempdir().unwrap();
    let mut fresh = command();
    fresh.args(["status", "--json", "--trust", "embedded"]).arg(case.path());
    fresh.arg("--log-heads").arg(elsewhere.path());
    assert!(!says_lowered(&finish(&mut fresh, b"").ok().json_lines().remove(0)));
}

/// Seeing is enough: the station that judged the envelope before it was changed notices as well.
#[test]
fn terms_that_were_only_seen_are_missed_when_they_are_lowered() {
    let case = Case::copy("good_unsigned");
    let memory = tempfile::tempdir().unwrap();
    let high = ["--threshold", "3", "--require-role", "auditor"];
    sign(&case.run(), "operator", "o", 1, &[]).ok();
    sign(&case.run(), "witness", "w", 2, &high).ok();
    let heads = ["--log-heads", memory.path().to_str().unwrap()];
    assert!(!says_lowered(&status(&case, &heads)));
    edit(&case, |file| file["threshold"] = json!("3"));
    assert!(says_lowered(&status(&case, &heads)), "a threshold must be a number");
    // What cannot be read is not taken for nothing seen.
    fs::write(memory.path().join("terms-seen.json"), "{").unwrap();
    let mut damaged = command();
    damaged.args(["status", "--trust", "embedded"]).args(heads).arg(case.path());
    let told = finish(&mut damaged, b"").ok();
    assert!(told.stderr.contains("terms-seen.json"), "{told:?}");
}

/// Terms in a file without a signature that counts are anybody's, and not remembered.
#[test]
fn terms_without_a_signature_that_counts_are_not_remembered() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", 1, &[]).ok();
    sign(&case.run(), "witness", "w", 2, &[]).ok();
    let untouched = read_json(&signatures_of(&case.run()));
    edit(&case, |file| {
        file["threshold"] = json!(7);
        for signature in file["signatures"].as_array_mut().unwrap() {
            signature["signature"] = json!(BASE64.encode([0; 64]));
        }
    });
    status(&case, &[]);
    edit(&case, |file| *file = untouched.clone());
    assert!(!says_lowered(&status(&case, &[])));
}

fn says_lowered(row: &Value) -> bool {
    row["checks"].as_array().unwrap().iter().any(|check| check["id"] == "terms.lowered")
}

/// A signature that was dated before its run counts for nobody, and so keeps nobody from signing.
#[test]
fn a_signature_that_was_backdated_in_the_file_does_not_keep_its_signer_from_signing() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", 1, &[]).ok();
    let again = sign(&case.run(), "operator", "o", 1, &[]);
    assert_eq!(again.code, 2, "{again:?}");
    edit(&case, |file| file["signed_at"] = json!("2020-01-01T00:00:00Z"));
    sign(&case.run(), "operator", "o", 1, &[]).ok();
    let told = status(&case, &[]);
    assert_eq!((&told["valid_signatures"], &told["counted_signatures"]), (&json!(1), &json!(1)));
}
