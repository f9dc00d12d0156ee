//! Refusing to sign a run and withdrawing a signature, through the real program: who blocks, who
//! lifts, what is carried, and what is found if it is removed or forged.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::{DsseEnvelope, IN_TOTO};
use countersign_envelope::file_name::refusals_of;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::{MAX_REASON, RefusalsFile};
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_tests::{Case, Outcome, command, finish, home, read_json, signatures_of};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

/// The people of these tests: name, role, key.
const OPERATOR: (&str, &str, u8) = ("mira.k", "operator", 1);
const WITNESS: (&str, &str, u8) = ("j.okafor", "witness", 2);
const OTHER_WITNESS: (&str, &str, u8) = ("ana.p", "witness", 3);
const STRANGER: (&str, &str, u8) = ("j.okafor", "witness", 9);

type Who = (&'static str, &'static str, u8);

fn secret(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> String {
    BASE64.encode(secret(seed).verifying_key().as_bytes())
}

/// The keyring of the station of this test, with everybody but the stranger.
fn keyring() -> PathBuf {
    let keyring = home().join("people.json");
    if !keyring.exists() {
        for (owner, role, seed) in [OPERATOR, WITNESS, OTHER_WITNESS] {
            let id = format!("ds-{owner}");
            let mut add = command();
            add.args(["keys", "add", &public(seed), "--key-id", &id, "--owner", owner]);
            finish(add.args(["--role", role, "--keyring"]).arg(&keyring), b"").ok();
        }
    }
    keyring
}

fn act(verb: &str, run: &Path, (name, role, seed): Who, more: &[&str]) -> Outcome {
    let id = if seed == STRANGER.2 { "ds-stranger".to_owned() } else { format!("ds-{name}") };
    let mut act = command();
    act.args([verb, "--role", role, "--signer", name, "--key-id", &id, "--key-file", "-"]);
    act.args(more).arg("--keyring").arg(keyring()).arg(run);
    finish(&mut act, BASE64.encode([seed; 32]).as_bytes())
}

fn sign(run: &Path, who: Who) -> Outcome {
    act("sign", run, who, &[]).ok()
}

fn refuse(run: &Path, who: Who, reason: &str) -> Outcome {
    act("refuse", run, who, &["--reason", reason])
}

fn status(case: &Case) -> Value {
    let mut status = command();
    status.args(["status", "--json", "--keyring"]).arg(keyring());
    finish(status.arg(case.path()), b"").ok().json_lines().remove(0)
}

fn standing(status: &Value) -> Vec<&str> {
    let refusals = status["refusals"].as_array().unwrap().iter();
    refusals.map(|one| one["standing"].as_str().unwrap()).collect()
}

/// The checks of a name that did not pass, each with whether a level depends on it.
fn failing(status: &Value, id: &str) -> Vec<(String, bool)> {
    let checks = status["checks"].as_array().unwrap().iter();
    let failing = checks.filter(|check| check["id"] == id && check["result"] != "pass");
    let words = |check: &Value| {
        let words = check["detail"].as_str().unwrap().to_owned();
        (words, check["required"].as_bool().unwrap())
    };
    failing.map(words).collect()
}

fn refusals(case: &Case) -> PathBuf {
    case.path().join(refusals_of(&case.run_name))
}

/// A run at L5, signed by operator and witness.
fn co_signed() -> Case {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), OPERATOR);
    sign(&case.run(), OTHER_WITNESS);
    let mut append = command();
    finish(append.args(["log", "append"]).arg(case.run()), b"").ok();
    assert_eq!(status(&case)["level"], 5);
    case
}

/// Puts a payload beside a run that a key has signed, as anybody could.
fn plant(case: &Case, payload: Vec<u8>, seed: u8) {
    let mut envelope = DsseEnvelope {
        payload_type: IN_TOTO.to_owned(),
        payload,
        key_id: String::new(),
        signature: Vec::new(),
        signed_payload: SignedPayload::CanonicalJson,
    };
    envelope.signature = secret(seed).sign(&envelope.message()).to_bytes().to_vec();
    let key = PublicKey::parse(&public(seed)).unwrap();
    let existing = fs::read(refusals(case)).map(|bytes| RefusalsFile::parse(&bytes).unwrap());
    let file = existing.unwrap_or_default();
    let file = file.with(Algorithm::Ed25519, Some(&key), &envelope).unwrap();
    fs::write(refusals(case), file.to_text()).unwrap();
}

/// The payload of the first refusal of a run.
fn payload(case: &Case) -> Vec<u8> {
    let file = RefusalsFile::parse(&fs::read(refusals(case)).unwrap()).unwrap();
    file.entries().next().unwrap().envelope().unwrap().payload
}

fn changed(payload: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(payload).unwrap();
    change(&mut value);
    // The keys of these objects are ASCII, which serde_json sorts as canonical JSON does.
    value.to_string().into_bytes()
}

#[test]
fn a_refusal_is_shown_first_and_keeps_l4_from_holding_until_its_signer_signs() {
    let case = co_signed();
    let reason = "The inputs are not those that I reviewed.";
    let said = refuse(&case.run(), WITNESS, reason).ok();
    assert!(said.stderr.contains("About to refuse to sign"), "{said:?}");
    assert!(said.stdout.contains("Refused to sign") && said.stdout.contains(reason), "{said:?}");

    let after = status(&case);
    assert_eq!((&after["level"], standing(&after)), (&3.into(), vec!["stands"]));
    let sentence = format!("j.okafor refused to sign: {reason}");
    assert_eq!(after["missing"], sentence);
    assert_eq!(after["refusals"][0]["reason"], reason);
    for verb in ["verify", "explain"] {
        let mut show = command();
        let said = finish(show.arg(verb).arg("--keyring").arg(keyring()).arg(case.run()), b"");
        let first = said.stdout.find("j.okafor refused to sign as witness").unwrap();
        assert!(first < said.stdout.find("L0").unwrap(), "{}", said.stdout);
    }
    let mut journal = command();
    let journal = finish(journal.args(["journal", "show"]), b"").ok().stdout;
    assert!(journal.contains("j.okafor refused to sign RUN-"), "{journal}");
    assert!(journal.contains(reason), "{journal}");

    // Signing lifts it, as is said before.
    assert_eq!(failing(&after, "refusal.standing"), [(sentence, true)]);
    let said = sign(&case.run(), WITNESS);
    assert!(said.stderr.contains("lifts   your refusal: j.okafor refused to sign"), "{said:?}");
    let lifted = status(&case);
    assert_eq!((&lifted["level"], standing(&lifted)), (&5.into(), vec!["lifted"]));
}

#[test]
fn another_person_does_not_lift_a_refusal() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), OPERATOR);
    refuse(&case.run(), WITNESS, "Not mine to see.").ok();
    let said = sign(&case.run(), OTHER_WITNESS);
    assert!(!said.stderr.contains("lifts"), "{said:?}");
    let status = status(&case);
    assert_eq!((&status["level"], standing(&status)), (&2.into(), vec!["stands"]));
    assert_eq!(status["counted_signatures"], 2);
}

#[test]
fn a_withdrawn_signature_no_longer_counts_and_its_terms_are_gone() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), OPERATOR);
    let more = ["--threshold", "3", "--require-role", "auditor"];
    act("sign", &case.run(), WITNESS, &more).ok();
    // The file no longer asks for it; the claim of the witness does.
    for file in [case.signatures(), signatures_of(&case.manifest())] {
        let mut envelope = read_json(&file);
        envelope["threshold"] = json!(2);
        envelope["witness_requirements"] = Value::Null;
        fs::write(&file, envelope.to_string()).unwrap();
    }
    let before = status(&case);
    assert_eq!((&before["threshold"], &before["counted_signatures"]), (&3.into(), &2.into()));

    // In the name of the witness, and with a key that nobody knows here.
    let said = act("withdraw", &case.run(), STRANGER, &["--reason", "x"]).ok();
    assert!(said.stderr.contains("blocks nothing here"), "{said:?}");
    assert_eq!(status(&case)["counted_signatures"], 2);
    let nothing = act("withdraw", &case.run(), OTHER_WITNESS, &["--reason", "x"]);
    nothing.refused(&["no signature here that counts"]);
    let said = act("withdraw", &case.run(), WITNESS, &["--reason", "I signed the wrong run."]).ok();
    assert!(said.stderr.contains("withdraws 2 signatures of yours"), "{said:?}");

    let after = status(&case);
    assert_eq!((&after["threshold"], &after["counted_signatures"]), (&2.into(), &1.into()));
    let detail = after["signatures"][1]["detail"].as_str().unwrap();
    assert!(detail.contains("withdrawn by \"j.okafor\": I signed the wrong run"), "{detail}");
    assert_eq!(after["manifest_signatures"][1]["standing"], "not_accepted");
    assert_eq!(after["refusals"][0]["withdraws"], 2);

    // With the key of the withdrawn signature too: its claim says that it was made afterwards.
    sign(&case.run(), WITNESS);
    let again = status(&case);
    let standings = vec!["lifted", "not_accepted"];
    assert_eq!((&again["counted_signatures"], standing(&again)), (&2.into(), standings));
}

#[test]
fn a_signature_that_another_signer_saw_may_be_withdrawn_and_made_again() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), OPERATOR);
    sign(&case.run(), WITNESS);
    act("withdraw", &case.run(), OPERATOR, &["--reason", "Too early."]).ok();
    sign(&case.run(), OPERATOR);
    let after = status(&case);
    assert_eq!((&after["counted_signatures"], standing(&after)), (&2.into(), vec!["lifted"]));
}

#[test]
fn copies_with_and_without_the_signature_made_again_come_to_the_same() {
    let case = Case::copy("good_unsigned");
    act("sign", &case.run(), OPERATOR, &["--no-claim"]).ok();
    sign(&case.run(), WITNESS);
    act("withdraw", &case.run(), OPERATOR, &["--reason", "Too early."]).ok();
    let copy = Case::copy("good_unsigned");
    for file in [case.signatures(), signatures_of(&case.manifest()), refusals(&case)] {
        fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
    }
    sign(&case.run(), OPERATOR);
    // The copy that has the withdrawn one comes to the same.
    let mut merge = command();
    merge.arg("merge").arg("--keyring").arg(keyring()).args([copy.path(), case.path()]);
    finish(&mut merge, b"");
    let merged = status(&copy);
    assert_eq!((&merged["counted_signatures"], standing(&merged)), (&2.into(), vec!["lifted"]));
}

#[test]
fn nobody_withdraws_the_signature_of_someone_else() {
    let case = co_signed();
    refuse(&case.run(), WITNESS, "No.").ok();
    let theirs = read_json(&case.signatures())["signatures"][1].clone();
    let raw = BASE64.decode(theirs["signature"].as_str().unwrap()).unwrap();
    let forged = changed(&payload(&case), |payload| {
        payload["predicate"]["withdraws"] = json!([Digest::of(&raw).hex()]);
    });
    fs::remove_file(refusals(&case)).unwrap();
    plant(&case, forged, WITNESS.2);
    let status = status(&case);
    assert_eq!(status["counted_signatures"], 2);
    let named = failing(&status, "refusal.withdraws");
    assert!(named[0].0.contains("only \"ana.p\" can withdraw"), "{named:?}");
}

#[test]
fn what_a_stranger_forges_is_shown_and_blocks_nothing() {
    let case = co_signed();
    refuse(&case.run(), WITNESS, "No.").ok();
    let genuine = payload(&case);
    let key = |seed: u8| {
        let der = PublicKey::parse(&public(seed)).unwrap().to_der();
        json!(Digest::of(&der).hex())
    };
    let by_stranger =
        changed(&genuine, |payload| payload["predicate"]["keySha256"] = key(STRANGER.2));
    let of_manifest = changed(&genuine, |payload| {
        payload["subject"][0]["annotations"]["type"] = json!("manifest");
    });
    let without_type = changed(&genuine, |payload| {
        payload["subject"][0].as_object_mut().unwrap().remove("annotations");
    });
    let before_the_run = changed(&genuine, |payload| {
        payload["predicate"]["refusedAt"] = json!("2001-01-01T00:00:00Z");
    });
    let as_auditor = changed(&genuine, |payload| payload["predicate"]["role"] = json!("auditor"));
    let too_long = changed(&genuine, |payload| {
        payload["predicate"]["reason"] = json!("x".repeat(MAX_REASON + 1));
    });
    let mut spaced = genuine.clone();
    spaced.push(b' ');
    let claim = read_json(&case.signatures())["signatures"][1]["claim"]["payload"].clone();
    let claim = BASE64.decode(claim.as_str().unwrap()).unwrap();
    for (what, payload, seed, expected) in [
        ("another key in the name of the witness", by_stranger, STRANGER.2, "not_accepted"),
        ("the payload of the witness under another key", genuine.clone(), STRANGER.2, "invalid"),
        ("about the manifest", of_manifest, WITNESS.2, "invalid"),
        ("about a file of no type", without_type, WITNESS.2, "invalid"),
        ("dated before the run", before_the_run, WITNESS.2, "not_accepted"),
        ("in a role not held", as_auditor, WITNESS.2, "not_accepted"),
        ("with too long a reason", too_long, WITNESS.2, "invalid"),
        ("not in canonical form", spaced, WITNESS.2, "invalid"),
        ("a claim instead of a refusal", claim, OTHER_WITNESS.2, "invalid"),
    ] {
        fs::remove_file(refusals(&case)).unwrap();
        plant(&case, payload, seed);
        let status = status(&case);
        assert_eq!((standing(&status), &status["level"]), (vec![expected], &5.into()), "{what}");
    }
}

#[test]
fn a_refusal_is_no_claim() {
    let case = co_signed();
    refuse(&case.run(), OTHER_WITNESS, "No.").ok();
    let envelope = read_json(&refusals(&case))["refusals"][0]["envelope"].clone();
    fs::remove_file(refusals(&case)).unwrap();
    let mut file = read_json(&case.signatures());
    file["signatures"][1]["claim"] = envelope;
    fs::write(case.signatures(), file.to_string()).unwrap();
    let status = status(&case);
    let detail = status["signatures"][1]["detail"].as_str().unwrap();
    assert!(detail.contains("urn:countersign:refusal:1"), "{detail}");
    assert_eq!(status["counted_signatures"], 1);
}

#[test]
fn a_refusal_that_a_signer_saw_and_that_is_gone_is_missed() {
    let case = co_signed();
    refuse(&case.run(), WITNESS, "No.").ok();
    sign(&case.run(), WITNESS);
    let kept = fs::read(refusals(&case)).unwrap();
    assert_eq!(status(&case)["level"], 5);
    fs::remove_file(refusals(&case)).unwrap();
    let gone = status(&case);
    assert_eq!(gone["level"], 3);
    let why = failing(&gone, "refusal.seen");
    assert!(why[0].0.starts_with("\"j.okafor\" saw a refusal") && why[0].1, "{why:?}");
    // A damaged entry with the same payload does not stand in for it.
    let mut damaged: Value = serde_json::from_slice(&kept).unwrap();
    damaged["refusals"][0]["envelope"]["signatures"][0]["sig"] = json!(BASE64.encode([0; 64]));
    fs::write(refusals(&case), damaged.to_string()).unwrap();
    assert_eq!(status(&case)["level"], 3);
    fs::write(refusals(&case), b"{").unwrap();
    let unreadable = status(&case);
    assert_eq!(unreadable["level"], 3);
    assert_eq!(failing(&unreadable, "refusal.form").len(), 1);
}

#[test]
fn a_refusal_of_another_sealing_is_a_note() {
    let (case, other) = (co_signed(), co_signed());
    let mut run = read_json(&other.run());
    run["observed_at"] = json!("2026-11-25T00:00:00Z");
    run["hash"] = json!("");
    let bytes = run.to_string();
    let artifact = countersign_envelope::artifact::Artifact::parse(bytes.as_bytes()).unwrap();
    run["hash"] = json!(artifact.canonical().digest().to_string());
    fs::write(other.run(), run.to_string()).unwrap();
    for file in [other.signatures(), signatures_of(&other.manifest())] {
        fs::remove_file(file).unwrap();
    }
    refuse(&other.run(), WITNESS, "Sealed from the wrong inputs.").ok();
    fs::copy(refusals(&other), refusals(&case)).unwrap();
    let status = status(&case);
    assert_eq!((standing(&status), &status["level"]), (vec!["other_sealing"], &5.into()));
    let note = failing(&status, "refusal.standing");
    assert!(note[0].0.contains("refused another sealing of this run"), "{note:?}");
}

#[test]
fn refusals_are_merged_exported_imported_and_packed() {
    let case = co_signed();
    let copy = Case::copy("good_unsigned");
    refuse(&copy.run(), WITNESS, "No.").ok();
    let stranger = changed(&payload(&copy), |payload| {
        let der = PublicKey::parse(&public(STRANGER.2)).unwrap().to_der();
        payload["predicate"]["keySha256"] = json!(Digest::of(&der).hex());
    });
    plant(&copy, stranger, STRANGER.2);

    // Only the refusal by an accepted key comes in, once.
    let merge = |more: &[&str]| {
        let mut merge = command();
        merge.arg("merge").args(more).arg("--keyring").arg(keyring());
        finish(merge.arg(case.run()).arg(copy.path()), b"")
    };
    let outcome = merge(&["--json"]);
    assert_eq!(outcome.code, 1, "something was left out: {outcome:#?}");
    let merged = outcome.json_lines().remove(0);
    assert_eq!(merged["refusals"][0]["signer_id"], "j.okafor");
    let why = merged["left_out"][0]["why"].as_str().unwrap();
    assert!(
        why.contains("a refusal that is not accepted here: the keyring has another public key"),
        "{merged:#}"
    );
    assert_eq!(standing(&status(&case)), ["stands"]);
    let before = case.snapshot();
    assert!(merge(&[]).stdout.contains("nothing to write"));
    assert_eq!(case.snapshot(), before);

    let place = tempfile::tempdir().unwrap();
    let archive = place.path().join("runs.zip");
    finish(command().arg("export").arg(case.run()).arg("--out").arg(&archive), b"").ok();
    let target = place.path().join("target");
    fs::create_dir(&target).unwrap();
    let mut import = command();
    import.env("COUNTERSIGN_LOG_HEADS", place.path().join("heads"));
    import.arg("import").arg(&archive).arg(&target).arg("--keyring").arg(keyring());
    let said = finish(&mut import, b"").ok();
    assert!(said.stdout.contains("j.okafor"), "{said:?}");
    let name = refusals_of(&case.run_name);
    assert_eq!(read_json(&target.join(&name)), read_json(&refusals(&case)));

    let pack = place.path().join("pack");
    let mut make = command();
    make.arg("pack").arg(case.run()).arg("--out").arg(&pack).arg("--keyring").arg(keyring());
    finish(&mut make, b"").ok();
    assert_eq!(fs::read(pack.join(&name)).unwrap(), fs::read(refusals(&case)).unwrap());
    let report = fs::read_dir(&pack).unwrap().map(|entry| entry.unwrap().path());
    let report = report.filter(|path| path.extension().is_some_and(|end| end == "html"));
    let report = fs::read_to_string(report.last().unwrap()).unwrap();
    assert!(report.contains("j.okafor refused to sign as witness"), "the printed report says so");
    let mut verify = command();
    let said = finish(verify.args(["verify", "--pack-keys", "--level", "L4"]).arg(&pack), b"");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains("j.okafor refused to sign"), "{said:?}");
}

#[test]
fn a_refusal_needs_a_reason_of_its_own_length_and_a_key_of_a_person() {
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    for reason in ["", "   ", &"ä".repeat(MAX_REASON + 1)] {
        refuse(&case.run(), WITNESS, reason).refused(&["1 to 2000"]);
    }
    let mut shared = command();
    shared.args(["refuse", "--reason", "x", "--role", "witness", "--signer", "w"]);
    shared.args(["--key-id", "k", "--algo", "hmac", "--key-file", "-"]).arg(case.run());
    finish(&mut shared, BASE64.encode([7; 32]).as_bytes()).refused(&["shared key"]);
    assert_eq!(case.snapshot(), before);
    refuse(&case.run(), WITNESS, &"ä".repeat(MAX_REASON)).ok();
    let mut damaged = fs::read_to_string(refusals(&case)).unwrap();
    damaged = damaged.replacen('{', "{\"x\": 1, \"x\": 2,", 1);
    fs::write(refusals(&case), &damaged).unwrap();
    refuse(&case.run(), WITNESS, "Again.").refused(&["given twice"]);
    assert_eq!(fs::read_to_string(refusals(&case)).unwrap(), damaged);
}
