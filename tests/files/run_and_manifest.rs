//! No file passes for both a run and a manifest, and no signature is older than its run: when
//! signing and when judging, through the real program.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact};
use countersign_tests::{Case, Outcome, command, finish, read_json, signatures_of};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

/// Writes a run, sealed again: its content hash is that of its content.
fn seal(path: &Path, run: &Value) {
    let mut run = run.clone();
    run["hash"] = json!("");
    let canonical = Artifact::parse(run.to_string().as_bytes()).unwrap();
    run["hash"] = json!(canonical.canonical().digest().to_string());
    fs::write(path, serde_json::to_string_pretty(&run).unwrap()).unwrap();
}

/// Changes the run of a case, and seals it again.
fn reseal(case: &Case, change: impl FnOnce(&mut Value)) {
    let mut run = read_json(&case.run());
    change(&mut run);
    seal(&case.run(), &run);
}

/// Signs a file as somebody would who uses no Countersign.
fn sign_elsewhere(path: &Path, payload_type: PayloadType, signed_at: &str) {
    let bytes = fs::read(path).unwrap();
    let artifact = Artifact::parse(&bytes).unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    let public =
        countersign_envelope::public_key::PublicKey::Ed25519(Box::new(key.verifying_key()));
    let signature = BASE64.encode(key.sign(&artifact.canonical().bytes()).to_bytes());
    let new = NewSignature {
        algorithm: Algorithm::Ed25519,
        signed_payload: SignedPayload::CanonicalJson,
        key_id: "ds-test-2026-05",
        signer_id: "mira",
        role: Role::Operator,
        signer_type: SignerType::Software,
        signed_at: Instant::parse("2026-05-06T07:08:09Z").unwrap(),
        public_key: Some(&public),
        signature: &signature,
        key_attestation: None,
        claim: None,
        companion: None,
    };
    let file_name = path.file_name().unwrap().to_string_lossy().into_owned();
    let signed = SignedArtifact {
        artifact: &artifact,
        payload_type,
        file_name: &file_name,
        file_bytes: &bytes,
    };
    let text = SignatureFile::Block(new.block(signed)).to_text();
    let mut block: Value = serde_json::from_str(&text).unwrap();
    block["signed_at"] = json!(signed_at);
    fs::write(signatures_of(path), block.to_string()).unwrap();
}

fn sign_both(case: &Case) {
    sign_elsewhere(&case.run(), PayloadType::SealedRun, "2026-05-06T07:08:09Z");
    sign_elsewhere(&case.manifest(), PayloadType::Manifest, "2026-05-06T07:08:09Z");
}

fn sign(path: &Path) -> Outcome {
    let mut command = command();
    command.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "ds-o-2026-01"]);
    command.env("DEEPSIGMA_SIGNING_KEY", BASE64.encode([1; 32]));
    finish(command.arg(path), b"")
}

/// The level, or -1 if not even L0 holds.
fn level(case: &Case) -> i64 {
    case.status()["level"].as_i64().unwrap_or(-1)
}

/// The failing check of this name, and what it says.
#[track_caller]
fn failing(case: &Case, id: &str) -> String {
    let status = case.status();
    let checks = status["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("{id}"));
    assert_ne!(check["result"], "pass", "{check}");
    check["detail"].as_str().unwrap().to_owned()
}

/// A whole second run, as the manifest of the first.
fn second_run_as_manifest(case: &Case) -> Value {
    let mut evil = read_json(&case.run());
    let manifest = read_json(&case.manifest());
    for (key, value) in manifest.as_object().unwrap() {
        evil[key] = value.clone();
    }
    evil["decision_state"]["title"] = json!("Pay twice");
    seal(&case.manifest(), &evil);
    read_json(&case.manifest())
}

#[test]
fn a_manifest_that_is_a_second_run_is_neither_signed_nor_believed() {
    let case = Case::copy("good_unsigned");
    second_run_as_manifest(&case);
    let before = case.snapshot();
    sign(&case.run()).refused(&[
        "not a manifest alone",
        "\"authority_envelope\"",
        "Nothing was signed",
    ]);
    sign(&case.manifest()).refused(&["not a manifest alone"]);
    assert!(case.snapshot() == before);

    // Signed by a program that does not ask: as a manifest it fails L2, as the run L0.
    sign_both(&case);
    assert_eq!(level(&case), 1);
    assert!(failing(&case, "manifest.kind").contains("of a sealed run"));
    fs::copy(case.manifest(), case.run()).unwrap();
    let mut block = read_json(&signatures_of(&case.manifest()));
    block["payload_type"] = json!("sealed_run");
    fs::write(case.signatures(), block.to_string()).unwrap();
    assert_eq!(level(&case), -1);
    assert!(failing(&case, "sealed_run.kind").contains("of a manifest"));
    sign(&case.run()).refused(&["not a sealed run alone"]);
}

#[test]
fn a_manifest_of_another_decision_policy_or_scope_is_neither_signed_nor_believed() {
    for (key, value, id) in [
        ("decision_id", json!("DEC-999"), "manifest.decision_id"),
        ("policy_version", json!("GOV-9"), "manifest.policy_version"),
        ("hash_scope", json!({"inputs": []}), "manifest.hash_scope"),
    ] {
        let case = Case::copy("good_unsigned");
        let mut manifest = read_json(&case.manifest());
        manifest[key] = value;
        fs::write(case.manifest(), manifest.to_string()).unwrap();
        sign(&case.run()).refused(&["does not belong", "Nothing was signed"]);
        // What is missing is the right manifest, and no signature.
        let missing = case.status()["missing"].as_str().unwrap().to_owned();
        assert!(missing.starts_with("The manifest "), "{missing}");
        sign_both(&case);
        assert_eq!(level(&case), 1, "{key}");
        failing(&case, id);
        // What the manifest does not say contradicts nothing.
        manifest.as_object_mut().unwrap().remove(key);
        fs::write(case.manifest(), manifest.to_string()).unwrap();
        sign_both(&case);
        assert_eq!(level(&case), 2, "{key}");
    }
}

#[test]
fn the_manifest_is_the_one_whose_digest_the_run_records() {
    let case = Case::copy("good_unsigned");
    let name = case.manifest().file_name().unwrap().to_string_lossy().into_owned();
    let sealed = serde_json::to_string_pretty(&read_json(&case.manifest())).unwrap();
    reseal(&case, |run| {
        run["artifacts_emitted"] = json!([
            {"path": format!("/var/out/{}", case.run_name), "sha256": "sha256:00"},
            {"path": format!("/var/out/{name}"), "sha256": Digest::of(sealed.as_bytes()).to_string()},
        ]);
    });
    for text in [sealed.clone(), sealed.replace('\n', "\r\n")] {
        fs::write(case.manifest(), text).unwrap();
        sign_both(&case);
        assert_eq!(level(&case), 2);
        for path in [case.run(), case.manifest()] {
            fs::remove_file(signatures_of(&path)).unwrap();
        }
        sign(&case.run()).ok();
    }
    // The same content written otherwise is another file.
    fs::write(case.manifest(), read_json(&case.manifest()).to_string()).unwrap();
    sign_both(&case);
    assert_eq!(level(&case), 1);
    assert!(failing(&case, "manifest.sealed_digest").contains("not the manifest that was sealed"));
    fs::remove_file(signatures_of(&case.manifest())).unwrap();
    sign(&case.run()).refused(&["not the manifest that was sealed"]);
}

#[test]
fn a_run_under_another_name_is_neither_signed_nor_believed() {
    let case = Case::copy("good_unsigned");
    let name = format!("RUN-00000000{}", &case.run_name["RUN-00000000".len()..]);
    let renamed = case.path().join(&name);
    fs::rename(case.run(), &renamed).unwrap();
    let mut manifest = read_json(&case.manifest());
    manifest["sealed_run"] = json!(name);
    let manifest_path = renamed.with_file_name(name.replace(".json", ".manifest.json"));
    fs::remove_file(case.manifest()).unwrap();
    fs::write(&manifest_path, manifest.to_string()).unwrap();
    sign(&renamed).refused(&["The file is named", "give the file its own name back"]);
    sign_elsewhere(&renamed, PayloadType::SealedRun, "2026-05-06T07:08:09Z");
    sign_elsewhere(&manifest_path, PayloadType::Manifest, "2026-05-06T07:08:09Z");
    assert_eq!(level(&case), 0);
    failing(&case, "run_id.file_name");
}

#[test]
fn a_signature_dated_before_its_run_does_not_count() {
    let case = Case::copy("good_unsigned");
    reseal(&case, |run| {
        run["authority_envelope"]["provenance"]["created_at"] = json!("2026-05-06T08:00:00Z");
    });
    for (at, expected, says) in [
        ("2026-05-06T08:00:00Z", 2, None),
        ("2026-05-06T10:00:00+02:00", 2, None),
        ("2026-05-06T07:55:00Z", 2, Some(("time.before_run", "shortly before"))),
        ("2026-05-06T07:54:59Z", 1, Some(("signature.accepted", "before the run was made"))),
        ("2020-01-01T00:00:00Z", 1, Some(("signature.accepted", "before the run was made"))),
        ("yesterday", 1, Some(("signature.accepted", "cannot be dated"))),
        ("2026-05-06 08:00:00", 1, Some(("signature.accepted", "cannot be dated"))),
    ] {
        sign_elsewhere(&case.run(), PayloadType::SealedRun, at);
        sign_elsewhere(&case.manifest(), PayloadType::Manifest, at);
        assert_eq!(level(&case), expected, "{at}");
        if let Some((id, words)) = says {
            assert!(failing(&case, id).contains(words), "{at}: {}", failing(&case, id));
        }
    }
    // A policy may be stricter, or allow for clocks that differ more.
    for (tolerance, at, code) in
        [("0", "2026-05-06T07:59:59Z", 1), ("7200", "2026-05-06T06:00:00Z", 0)]
    {
        sign_elsewhere(&case.run(), PayloadType::SealedRun, at);
        sign_elsewhere(&case.manifest(), PayloadType::Manifest, at);
        let mut verify = command();
        verify.args([
            "verify",
            "--trust",
            "embedded",
            "--level",
            "L2",
            "--clock-tolerance",
            tolerance,
        ]);
        assert_eq!(finish(verify.arg(case.path()), b"").code, code, "{tolerance}");
    }
}

#[test]
fn a_run_without_a_readable_date_dates_no_signature() {
    let case = Case::copy("good_unsigned");
    reseal(&case, |run| {
        run["authority_envelope"]["provenance"]["created_at"] = json!("in May");
    });
    sign_both(&case);
    assert_eq!(level(&case), 1);
    let status = case.status();
    let accepted =
        status["checks"].as_array().unwrap().iter().find(|c| c["id"] == "signature.accepted");
    assert_eq!(accepted.unwrap()["result"], "unchecked");
    fs::remove_file(case.signatures()).unwrap();
    sign(&case.run()).refused(&["does not say when it was made", "sealed again"]);
}

#[test]
fn nobody_signs_while_the_clock_is_before_the_run() {
    let case = Case::copy("good_unsigned");
    reseal(&case, |run| {
        run["authority_envelope"]["provenance"]["created_at"] = json!("2099-01-01T00:00:00Z");
    });
    let before = case.snapshot();
    sign(&case.run()).refused(&["2099-01-01T00:00:00Z", "set the clock", "Nothing was signed"]);
    assert!(case.snapshot() == before);
}

#[test]
fn what_two_readers_may_read_differently_is_warned_of() {
    let case = Case::copy("good_unsigned");
    sign_both(&case);
    let text = fs::read_to_string(case.signatures()).unwrap();
    fs::write(case.signatures(), text.replacen('{', "{\"role\": \"witness\", ", 1)).unwrap();
    assert!(failing(&case, "json.duplicate_key").contains("signature file of the run"));

    // A Cyrillic і makes another name that looks the same.
    let other = tempfile::tempdir().unwrap();
    let (keyring, public) = (other.path().join("keyring.json"), other.path().join("key.txt"));
    let add = |byte: u8, owner: &str| {
        let key = SigningKey::from_bytes(&[byte; 32]).verifying_key().to_bytes();
        fs::write(&public, BASE64.encode(key)).unwrap();
        let mut add = command();
        add.args(["keys", "add", "--role", "witness", "--owner", owner, "--key-id"]);
        finish(
            add.arg(format!("ds-x-2026-{byte:02}")).arg("--keyring").arg(&keyring).arg(&public),
            b"",
        )
        .ok()
    };
    assert!(!add(9, "mіra").stderr.contains("look alike"));
    let mut status = command();
    status.args(["status", "--json", "--trust", "embedded", "--keyring"]).arg(&keyring);
    let outcome = finish(status.arg(case.path()), b"").ok();
    let checks = outcome.json_lines()[0]["checks"].as_array().unwrap().clone();
    let alike = checks.iter().find(|check| check["id"] == "signer.confusable").unwrap();
    assert!(alike["detail"].as_str().unwrap().contains("look alike"), "{alike}");
    let added = add(10, "mira");
    assert!(added.stderr.contains("look alike"), "{added:?}");
}

/// Run and manifest are signed in one act; a date that was changed in one of the two files shows.
#[test]
fn dates_in_the_manifest_s_signature_file_are_looked_at_too() {
    let case = Case::copy("good_unsigned");
    for (manifest_at, id, words) in [
        ("2099-01-01T00:00:00Z", "time.future", "on the manifest is dated in the future"),
        (
            "2026-05-06T09:00:00Z",
            "time.apart",
            "on the run and 2026-05-06T09:00:00Z on the manifest",
        ),
    ] {
        sign_elsewhere(&case.run(), PayloadType::SealedRun, "2026-05-06T08:00:00Z");
        sign_elsewhere(&case.manifest(), PayloadType::Manifest, manifest_at);
        assert!(failing(&case, id).contains(words), "{}", failing(&case, id));
    }
}
