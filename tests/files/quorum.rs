//! Who counts, in which role, and who keeps whom from signing: files edited by hand, through the real
//! binary, with a keyring that accepts a few keys.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_tests::{Case, Outcome, command, finish, read_json, signatures_of};
use serde_json::{Value, json};

/// A person, the byte that their key is made of, and the roles that they hold.
type Holder = (&'static str, u8, &'static [&'static str]);

/// One person with two keys, one whose key holds two roles, and two others.
const PEOPLE: &[Holder] = &[
    ("mira", 1, &["operator"]),
    ("mira", 2, &["witness"]),
    ("jon", 3, &["operator", "witness"]),
    ("ana", 4, &["reviewer"]),
    ("eva", 5, &["witness", "reviewer"]),
];

fn key_id(key: u8) -> String {
    format!("ds-test-2026-{key:02}")
}

/// Without claims: labels and terms are the word of the file, as anyone can write it.
fn sign(run: &Path, role: &str, signer: &str, key: u8, more: &[&str]) -> Outcome {
    let mut sign = command();
    sign.args(["sign", "--no-claim", "--role", role, "--signer", signer, "--key-file", "-"]);
    sign.args(["--key-id", &key_id(key)]).args(more).arg(run);
    finish(&mut sign, BASE64.encode([key; 32]).as_bytes())
}

/// The public key of a key, as signatures write it.
fn public_key(key: u8) -> Value {
    let case = Case::copy("good_unsigned");
    let home = tempfile::tempdir().unwrap();
    let mut sign = command();
    sign.env("HOME", home.path());
    sign.args(["sign", "--role", "operator", "--signer", "x", "--key-file", "-"]);
    sign.args(["--key-id", "ds-test-x"]).arg(case.run());
    finish(&mut sign, BASE64.encode([key; 32]).as_bytes()).ok();
    read_json(&case.signatures())["public_key"].clone()
}

/// A run without signatures, and a keyring of these people.
struct Station {
    case: Case,
    keyring: PathBuf,
}

impl Station {
    fn new(people: &[Holder]) -> Self {
        let case = Case::copy("good_unsigned");
        let keyring = countersign_tests::home().join("keyring.json");
        let keys: Vec<Value> = people
            .iter()
            .map(|(owner, key, roles)| {
                json!({
                    "key_id": key_id(*key), "key_type": "ed25519", "public_key": public_key(*key),
                    "owner": owner, "roles": roles, "kind": "software",
                })
            })
            .collect();
        let text = json!({ "keyring_version": "1.0", "keys": keys }).to_string();
        fs::write(&keyring, text).unwrap();
        Self { case, keyring }
    }

    fn sign(&self, role: &str, signer: &str, key: u8) -> Outcome {
        self.sign_with(role, signer, key, &[])
    }

    fn sign_with(&self, role: &str, signer: &str, key: u8, more: &[&str]) -> Outcome {
        let keyring = ["--keyring", self.keyring.to_str().unwrap()];
        sign(&self.case.run(), role, signer, key, &[&keyring[..], more].concat())
    }

    fn status(&self) -> Value {
        let mut status = command();
        status.args(["status", "--json", "--keyring"]).arg(&self.keyring).arg(self.case.path());
        finish(&mut status, b"").ok().json_lines().remove(0)
    }

    /// How a check of L4 came out.
    fn check(&self, id: &str) -> Value {
        let status = self.status();
        let checks = status["checks"].as_array().unwrap();
        checks.iter().find(|check| check["id"] == id).map_or(Value::Null, |it| it["result"].clone())
    }

    /// Whether the log is all that L4 waits for.
    fn meets_l4(&self) -> bool {
        let roles = ["roles.operator", "roles.witness", "threshold.met"];
        roles.iter().all(|id| self.check(id) == "pass")
    }

    /// Changes the signatures of run and manifest alike.
    fn edit(&self, change: impl Fn(&mut Value)) {
        for artifact in [self.case.run(), self.case.manifest()] {
            let path = signatures_of(&artifact);
            let mut file = read_json(&path);
            change(&mut file);
            fs::write(path, file.to_string()).unwrap();
        }
    }
}

/// The signatures of a file as an envelope.
fn as_envelope(file: &mut Value) {
    if file.get("signatures").is_none() {
        *file = json!({
            "multisig_version": "1.0", "artifact_hash": file["payload_bytes_sha256"],
            "threshold": 2, "witness_requirements": null, "signatures": [file],
        });
    }
}

/// Adds the signatures that a key makes of another copy of the run.
fn add_from_elsewhere(station: &Station, role: &str, signer: &str, key: u8) {
    let other = Case::copy("good_unsigned");
    sign(&other.run(), role, signer, key, &[]).ok();
    for (own, copied) in
        [(station.case.run(), other.run()), (station.case.manifest(), other.manifest())]
    {
        let mut file = read_json(&signatures_of(&own));
        as_envelope(&mut file);
        let signatures = file["signatures"].as_array_mut().unwrap();
        signatures.push(read_json(&signatures_of(&copied)));
        fs::write(signatures_of(&own), file.to_string()).unwrap();
    }
}

#[test]
fn one_person_with_two_keys_is_operator_or_witness_and_not_both() {
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    // The program refuses it; put together by hand it does not count.
    station.sign("witness", "mira", 2).refused(&["mira", "has signed already"]);
    add_from_elsewhere(&station, "witness", "mira", 2);
    station.sign("reviewer", "ana", 4).ok();
    let status = station.status();
    assert_eq!(status["valid_signatures"], 3, "{status:#}");
    assert_eq!(status["counted_signatures"], 2);
    assert_eq!(station.check("roles.witness"), "fail");
    let explained = finish(
        command().arg("explain").arg("--keyring").arg(&station.keyring).arg(station.case.run()),
        b"",
    );
    assert!(explained.stdout.contains("the same person counts as"), "{explained:?}");
    station.sign("witness", "jon", 3).ok();
    assert!(station.meets_l4());
}

#[test]
fn one_signature_entered_twice_fills_no_role_and_both_labels_are_named() {
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    station.sign("witness", "jon", 3).ok();
    station.sign("reviewer", "ana", 4).ok();
    assert!(station.meets_l4());
    // Jon holds both roles: which of the two he signed in, nobody can tell.
    let twice = |change: &dyn Fn(&mut Value)| {
        station.edit(|file| {
            let signatures = file["signatures"].as_array_mut().unwrap();
            signatures.truncate(3);
            let mut twin = signatures[1].clone();
            change(&mut twin);
            signatures.push(twin);
        });
    };
    let as_operator = |twin: &mut Value| twin["role"] = json!("operator");
    let earlier = |twin: &mut Value| twin["signed_at"] = json!("2026-05-06T08:00:00Z");
    // White space around base64 makes no other signature.
    let spelled = |twin: &mut Value| {
        twin["role"] = json!("operator");
        twin["signature"] = json!(format!(" {}\n", twin["signature"].as_str().unwrap()));
    };
    for (name, change) in
        [("role", &as_operator as &dyn Fn(&mut Value)), ("time", &earlier), ("spelling", &spelled)]
    {
        twice(change);
        assert!(!station.meets_l4(), "{name}");
        let status = station.status();
        assert_eq!(status["counted_signatures"], 2, "{name}: {status:#}");
        let warnings = status["warnings"].to_string();
        assert!(warnings.contains("neither name nor role"), "{name}: {warnings}");
    }
    // Labels that the keyring rejects are dropped, and so is what does not verify.
    twice(&|twin| twin["signer_id"] = json!("eva"));
    assert!(station.meets_l4());
    twice(&|twin| twin["role"] = json!("auditor"));
    assert!(station.meets_l4());
    twice(&|twin| twin["algorithm"] = json!("hmac-sha256"));
    assert!(station.meets_l4());
    // The very same entry again is one signature.
    twice(&|_| {});
    assert!(station.meets_l4());
    assert_eq!(station.status()["counted_signatures"], 3);
}

#[test]
fn terms_in_the_file_bind_as_far_as_people_can_meet_them() {
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    station.sign("witness", "jon", 3).ok();
    let ask = |threshold: Value, roles: Value| {
        station.edit(|file| {
            file["threshold"] = threshold.clone();
            file["witness_requirements"] = roles.clone();
        });
        station.status()
    };
    // A role twice is a role; one that does not exist blocks nobody, and is named.
    let status = ask(json!(2), json!(["witness", "witness", "emperor", "emperor", 7]));
    assert!(station.meets_l4(), "{status:#}");
    let warnings = status["warnings"].to_string();
    assert!(warnings.contains("emperor"), "{warnings}");
    assert_eq!(warnings.matches("emperor").count(), 1, "{warnings}");
    // The keyring has four people.
    let status = ask(json!(1_000_000), json!(null));
    assert_eq!(status["threshold"], 4);
    assert!(status["warnings"].to_string().contains("more than there are people in the keyring"));
    station.sign("reviewer", "ana", 4).ok();
    station.sign("witness", "eva", 5).ok();
    assert!(station.meets_l4());
    // A known role binds.
    ask(json!(2), json!(["auditor"]));
    assert_eq!(station.check("roles.auditor"), "fail");
    // What is no number asks for nothing.
    let status = ask(json!("many"), json!("all"));
    assert_eq!(status["threshold"], 2);
    assert!(station.meets_l4());
}

#[test]
fn only_a_signature_that_counts_keeps_anyone_from_signing() {
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    // By a foreign key in the witness's name, and a made-up HMAC.
    add_from_elsewhere(&station, "witness", "jon", 9);
    station.edit(|file| {
        let signatures = file["signatures"].as_array_mut().unwrap();
        signatures.push(json!({
            "signer_id": "jon", "role": "witness", "algorithm": "hmac-sha256",
            "signing_key_id": "ds-test-2026-03", "signed_at": "2026-05-06T08:00:00Z",
            "signature": BASE64.encode([7; 32]), "public_key": null,
        }));
    });
    station.sign("witness", "jon", 3).ok();
    assert!(station.meets_l4());
    station.sign("witness", "jon", 3).refused(&["signed already with this key", "jon", "witness"]);

    // One's own signature under another's name counts for nobody: one may sign again.
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    station.sign("witness", "jon", 3).ok();
    station.edit(|file| file["signatures"][1]["signer_id"] = json!("mallory"));
    assert!(!station.meets_l4());
    station.sign("witness", "jon", 3).ok();
    assert!(station.meets_l4());
}

#[test]
fn terms_that_came_with_foreign_entries_are_set_anew_by_the_first_that_counts() {
    let station = Station::new(PEOPLE);
    let foreign = Case::copy("good_unsigned");
    sign(&foreign.run(), "operator", "mallory", 9, &[]).ok();
    for (own, copied) in
        [(station.case.run(), foreign.run()), (station.case.manifest(), foreign.manifest())]
    {
        let mut file = read_json(&signatures_of(&copied));
        as_envelope(&mut file);
        file["threshold"] = json!(4);
        file["witness_requirements"] = json!(["auditor"]);
        fs::write(signatures_of(&own), file.to_string()).unwrap();
    }
    let said = station.sign("operator", "mira", 1).ok();
    assert!(
        said.stdout.contains("asks    2 signatures, among them operator, witness\n"),
        "{said:?}"
    );
    let file = read_json(&station.case.signatures());
    assert_eq!((&file["threshold"], file["signatures"].as_array().unwrap().len()), (&json!(2), 2));
    // From here on they stand.
    let said = station.sign_with("witness", "jon", 3, &["--threshold", "3"]).ok();
    assert!(said.stdout.contains("asks    2 signatures"), "{said:?}");
    assert!(station.meets_l4());
}

/// A copy of the station's run with its signatures.
fn copy_of(station: &Station) -> Case {
    let copy = Case::copy("good_unsigned");
    for artifact in [station.case.run(), station.case.manifest()] {
        let to = signatures_of(&copy.path().join(artifact.file_name().unwrap()));
        fs::copy(signatures_of(&artifact), to).unwrap();
    }
    copy
}

/// Merges a copy whose signatures were changed, and gives the exit code and what was left out.
fn merge_changed(
    station: &Station,
    copy: &Case,
    change: impl Fn(&mut Value),
) -> (i32, Vec<String>) {
    for artifact in [copy.run(), copy.manifest()] {
        let path = signatures_of(&artifact);
        let mut file = read_json(&path);
        change(&mut file);
        fs::write(path, file.to_string()).unwrap();
    }
    let mut merge = command();
    merge.args(["merge", "--json", "--keyring"]).arg(&station.keyring);
    let said = finish(merge.arg(station.case.run()).arg(copy.path()), b"");
    let report = said.json_lines().remove(0);
    let left_out = report["left_out"].as_array().unwrap().iter();
    (said.code, left_out.map(|one| one["why"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn a_merged_copy_relabels_nothing() {
    let station = Station::new(PEOPLE);
    // Ana and Eva reviewed; the copy says that they are operator and witness.
    station.sign("operator", "jon", 3).ok();
    station.sign("reviewer", "eva", 5).ok();
    let before = station.case.snapshot();
    let copy = copy_of(&station);
    let (code, left_out) = merge_changed(&station, &copy, |file| {
        file["signatures"][0]["role"] = json!("witness");
        file["signatures"][1]["role"] = json!("witness");
    });
    assert_eq!((code, left_out.len()), (1, 4), "{left_out:?}");
    assert!(left_out.iter().all(|why| why.contains("the one here is kept")), "{left_out:?}");
    assert_eq!(station.case.snapshot(), before);
    // A second key of one person comes in, and is no second person.
    let copy = copy_of(&station);
    add_to(&copy, "witness", "mira", 2);
    merge_changed(&station, &copy, |_| {});
    let copy = copy_of(&station);
    add_to(&copy, "operator", "mira", 1);
    merge_changed(&station, &copy, |_| {});
    let status = station.status();
    assert_eq!(
        (&status["valid_signatures"], &status["counted_signatures"]),
        (&json!(4), &json!(3))
    );
}

/// Signs a copy by hand, where the program would refuse.
fn add_to(copy: &Case, role: &str, signer: &str, key: u8) {
    let other = Case::copy("good_unsigned");
    sign(&other.run(), role, signer, key, &[]).ok();
    for (own, copied) in [(copy.run(), other.run()), (copy.manifest(), other.manifest())] {
        let mut file = read_json(&signatures_of(&own));
        as_envelope(&mut file);
        file["signatures"].as_array_mut().unwrap().push(read_json(&signatures_of(&copied)));
        fs::write(signatures_of(&own), file.to_string()).unwrap();
    }
}

#[test]
fn a_label_that_the_keyring_rejects_does_not_come_in_and_so_blocks_nothing() {
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    let copy = copy_of(&station);
    add_to(&copy, "witness", "jon", 3);
    let (code, left_out) = merge_changed(&station, &copy, |file| {
        file["signatures"][1]["signer_id"] = json!("mallory")
    });
    assert_eq!(code, 1);
    assert!(left_out[0].contains("the keyring rejects it"), "{left_out:?}");
    let (code, _) =
        merge_changed(&station, &copy, |file| file["signatures"][1]["signer_id"] = json!("jon"));
    assert_eq!(code, 0);
    assert!(station.meets_l4());
}

#[test]
fn terms_of_a_copy_come_with_a_new_signature_that_counts_and_not_beyond_reach() {
    let station = Station::new(PEOPLE);
    station.sign("operator", "mira", 1).ok();
    station.sign("witness", "jon", 3).ok();
    let before = station.case.snapshot();
    let high = |file: &mut Value| {
        file["threshold"] = json!(1_000_000);
        file["witness_requirements"] = json!(["emperor", "reviewer", "reviewer"]);
    };
    // Nothing new: nothing of it.
    let copy = copy_of(&station);
    let (code, left_out) = merge_changed(&station, &copy, high);
    assert_eq!(code, 1);
    for words in ["1000000 signatures without", "reviewer without", "\"emperor\""] {
        assert!(left_out.iter().any(|why| why.contains(words)), "{words}: {left_out:?}");
    }
    assert_eq!(station.case.snapshot(), before);
    // A signature by a foreign key comes in, and brings none.
    let copy = copy_of(&station);
    add_to(&copy, "witness", "mallory", 9);
    let (code, _) = merge_changed(&station, &copy, high);
    assert_eq!(code, 1);
    let file = read_json(&station.case.signatures());
    assert_eq!((&file["threshold"], file["signatures"].as_array().unwrap().len()), (&json!(2), 3));
    assert!(station.meets_l4());
    // One that counts brings known roles, and a threshold that the people here can meet.
    let copy = copy_of(&station);
    add_to(&copy, "reviewer", "ana", 4);
    let (code, left_out) = merge_changed(&station, &copy, high);
    assert_eq!(code, 1);
    assert!(left_out.iter().any(|why| why.contains("emperor")), "{left_out:?}");
    assert!(left_out.iter().any(|why| why.contains("people in the keyring")), "{left_out:?}");
    let file = read_json(&station.case.signatures());
    assert_eq!(file["threshold"], 4);
    assert_eq!(file["witness_requirements"], json!(["operator", "reviewer", "witness"]));
    station.sign("witness", "eva", 5).ok();
    assert!(station.meets_l4());
}

/// The two values of an ECDSA signature are one signature.
#[test]
fn the_other_value_of_an_ecdsa_signature_is_no_other_signature() {
    use countersign_envelope::signature::signature_value;
    let case = Case::copy("good_unsigned");
    let message = fs::read(case.run()).unwrap();
    let algorithm = countersign_envelope::signature::Algorithm::EcdsaP256Sha256;
    let scratch = tempfile::tempdir().unwrap();
    let (public, made) = countersign_tests::sign_elsewhere(algorithm, &message, scratch.path());
    let other = mirrored(&made);
    let public: PublicKey = public.unwrap();
    for value in [&made, &other] {
        let text = BASE64.encode(value);
        countersign_envelope::verification::verify(&public, algorithm, &message, &text).unwrap();
    }
    assert_ne!(made, other);
    assert_eq!(signature_value(&BASE64.encode(&made)), signature_value(&BASE64.encode(&other)));
}

/// The signature (r, n-s) of (r, s), in DER.
fn mirrored(der: &[u8]) -> Vec<u8> {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order: Vec<u8> =
        (0..64).step_by(2).map(|at| u8::from_str_radix(&ORDER[at..at + 2], 16).unwrap()).collect();
    let r_length = usize::from(der[3]);
    let s = &der[6 + r_length..];
    let s = [vec![0; 33 - s.len()], s.to_vec()].concat();
    let mut borrow = 0;
    let mut left = vec![0; 32];
    for at in (0..32).rev() {
        let digit = i16::from(order[at]) - i16::from(s[at + 1]) - borrow;
        borrow = i16::from(digit < 0);
        left[at] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    let mut left: Vec<u8> = left.into_iter().skip_while(|digit| *digit == 0).collect();
    if left[0] >= 0x80 {
        left.insert(0, 0);
    }
    let r = &der[2..4 + r_length];
    let body = [r, &[2, u8::try_from(left.len()).unwrap()], &left].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

#[test]
fn the_reference_s_verdict_on_ecdsa_is_said_when_such_a_key_co_signs() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira", 1, &[]).ok();
    let scratch = tempfile::tempdir().unwrap();
    let curve =
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem"];
    countersign_tests::openssl(&curve, scratch.path()).ok();
    countersign_tests::openssl(
        &["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"],
        scratch.path(),
    )
    .ok();
    let script = scratch.path().join("sign.sh");
    let key = scratch.path().join("key.pem");
    let text = format!(
        "xxd -r -p \"$1\" > \"$1.bin\"; openssl pkeyutl -sign -inkey {} -in \"$1.bin\" | base64 -w0; rm -f \"$1.bin\"",
        key.display()
    );
    fs::write(&script, text).unwrap();
    let mut sign = command();
    sign.args(["sign", "--role", "witness", "--signer", "jon", "--key-id", "ds-test-jon"]);
    sign.args([
        "--algo",
        "ecdsa-p256-sha256",
        "--signed-payload",
        "canonical_json",
        "--public-key",
    ]);
    sign.arg(scratch.path().join("public.pem")).arg("--external-signer-cmd");
    sign.arg(format!("sh {}", script.display())).arg(case.run());
    let said = finish(&mut sign, b"").ok();
    assert!(
        said.stdout.contains("the reference tool does not support ecdsa-p256-sha256"),
        "{said:?}"
    );
}

/// A station whose envelope has an operator and a witness, and another in which the witness has yet
/// to sign.
fn signed(people: &[Holder]) -> Station {
    let station = Station::new(people);
    station.sign("operator", "mira", 1).ok();
    station.sign("witness", "jon", 3).ok();
    station
}

/// An entry that nobody checked, with somebody's public key in it, keeps that person from nothing.
#[test]
fn a_made_up_entry_with_a_person_s_public_key_does_not_keep_them_from_signing() {
    let station = signed(PEOPLE);
    station.edit(|file| {
        let mut made_up = file["signatures"][1].clone();
        made_up["algorithm"] = json!("hmac-sha256");
        made_up["signature"] = json!(BASE64.encode([b'y'; 64]));
        file["signatures"][1] = made_up;
    });
    assert!(!station.meets_l4());
    station.sign("witness", "jon", 3).ok();
    assert!(station.meets_l4());
}

/// One signature under two times counts for nobody; whoever holds the key settles it.
#[test]
fn whoever_holds_the_key_settles_two_labels_of_one_signature() {
    let station = signed(PEOPLE);
    let copy = tempfile::tempdir().unwrap();
    for artifact in [station.case.run(), station.case.manifest()] {
        let from = signatures_of(&artifact);
        fs::copy(&from, copy.path().join(from.file_name().unwrap())).unwrap();
    }
    station.edit(|file| {
        let mut twin = file["signatures"][0].clone();
        twin["signed_at"] = json!("2026-11-24T11:05:42Z");
        file["signatures"].as_array_mut().unwrap().insert(0, twin);
    });
    assert!(!station.meets_l4());
    // A clean copy brings nothing, and the reason is said.
    let mut merge = command();
    merge.args(["merge", "--keyring"]).arg(&station.keyring);
    let merged = finish(merge.arg(station.case.path()).arg(copy.path()), b"").ok();
    assert!(merged.stdout.contains("does not count for L4"), "{merged:?}");
    let signed = station.sign("operator", "mira", 1).ok();
    assert!(signed.stderr.contains("the new entry replaces it"), "{signed:?}");
    assert!(station.meets_l4());
    assert_eq!(read_json(&station.case.signatures())["signatures"].as_array().unwrap().len(), 2);
}

/// What cannot be read is not written over.
#[test]
fn signatures_that_are_no_list_are_not_lost_to_the_next_signer() {
    let station = signed(PEOPLE);
    station.edit(|file| {
        let entries = file["signatures"].as_array().unwrap().clone();
        file["signatures"] = json!({ "0": entries[0], "1": entries[1] });
    });
    let before = station.case.snapshot();
    station.sign("reviewer", "ana", 4).refused(&["signatures", "would be lost"]);
    assert_eq!(station.case.snapshot(), before);
}

/// A merge names a label that stands here otherwise, whichever field differs, and puts an entry that
/// verifies in the place of one that cannot be checked.
#[test]
fn a_merge_names_every_field_in_which_a_label_differs() {
    let station = signed(PEOPLE);
    let copy = tempfile::tempdir().unwrap();
    for artifact in [station.case.run(), station.case.manifest()] {
        let from = signatures_of(&artifact);
        fs::copy(&from, copy.path().join(from.file_name().unwrap())).unwrap();
    }
    let merge = || {
        let mut merge = command();
        merge.args(["merge", "--keyring"]).arg(&station.keyring);
        finish(merge.arg(station.case.path()).arg(copy.path()), b"")
    };
    station.edit(|file| file["signatures"][0]["signing_key_id"] = json!("ds-x-2026-01"));
    let said = merge();
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("key \"ds-x-2026-01\""), "{said:?}");
    assert!(said.stdout.contains("key \"ds-test-2026-01\""), "{said:?}");

    station.edit(|file| {
        file["signatures"][0]["signing_key_id"] = json!("ds-test-2026-01");
        file["signatures"][0]["algorithm"] = json!("hmac-sha256");
    });
    assert!(!station.meets_l4());
    merge().ok();
    assert!(station.meets_l4(), "the entry that verifies came in");
}

/// A role that nobody in the keyring has would keep L4 from ever holding.
#[test]
fn a_role_that_nobody_holds_is_left_out_of_a_merge_and_named() {
    let station = signed(PEOPLE);
    let copy = tempfile::tempdir().unwrap();
    let apart = signed(PEOPLE);
    apart.sign("reviewer", "ana", 4).ok();
    apart.edit(|file| file["witness_requirements"] = json!(["operator", "witness", "auditor"]));
    for artifact in [apart.case.run(), apart.case.manifest()] {
        let from = signatures_of(&artifact);
        fs::copy(&from, copy.path().join(from.file_name().unwrap())).unwrap();
    }
    let mut merge = command();
    merge.args(["merge", "--keyring"]).arg(&station.keyring);
    let said = finish(merge.arg(station.case.path()).arg(copy.path()), b"");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("auditor, which nobody in the keyring has"), "{said:?}");
    assert!(station.meets_l4());
    // In a file that asks for it anyway, the reason is said.
    station.edit(|file| file["witness_requirements"] = json!(["auditor"]));
    let status = station.status();
    let missing = status["missing"].as_str().unwrap();
    let checks = status["checks"].as_array().unwrap();
    let auditor = checks.iter().find(|check| check["id"] == "roles.auditor").unwrap();
    assert!(auditor["detail"].as_str().unwrap().contains("nobody in the keyring"), "{missing}");
}

/// What the manifest alone says is the word of those who signed it.
#[test]
fn a_manifest_that_those_who_count_did_not_sign_is_warned_of() {
    let station = signed(PEOPLE);
    let warned = |station: &Station| station.check("manifest.signers");
    assert_eq!(warned(&station), Value::Null);
    let manifest = signatures_of(&station.case.manifest());
    fs::remove_file(&manifest).unwrap();
    let keyring = ["--keyring", station.keyring.to_str().unwrap()];
    let out = ["--out", manifest.to_str().unwrap()];
    sign(&station.case.manifest(), "reviewer", "ana", 4, &[&keyring[..], &out].concat()).ok();
    assert_eq!(warned(&station), "warn");
    assert!(station.meets_l4());
}

/// The history counts as the verdict does.
#[test]
fn the_history_counts_no_signature_that_the_verdict_does_not() {
    let station = signed(PEOPLE);
    station.edit(|file| {
        let mut twin = file["signatures"][0].clone();
        twin["signed_at"] = json!("2026-11-24T11:05:42Z");
        file["signatures"].as_array_mut().unwrap().insert(0, twin);
    });
    let mut history = command();
    history.args(["history", "--keyring"]).arg(&station.keyring).arg(station.case.path());
    let said = finish(&mut history, b"").ok();
    assert!(said.stdout.contains("3 signatures by 2 people"), "{said:?}");
    assert!(said.stdout.contains("2 do not count"), "{said:?}");
}

/// A key that the keyring does not know signs, and the signer is told that this does not count.
#[test]
fn a_signer_whose_key_the_keyring_does_not_know_is_told() {
    let station = Station::new(PEOPLE);
    let signed = station.sign("reviewer", "stranger", 9);
    let said = format!("{}{}", signed.stdout, signed.stderr);
    assert!(said.contains("the key \"ds-test-2026-09\" is not in the keyring"), "{signed:?}");
}
