//! Signing and co-signing with software keys, through the real binary.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{
    Case, Outcome, command, conformance, finish, read_json, signatures_of, tool,
};
use serde_json::Value;

fn key(byte: u8) -> String {
    BASE64.encode([byte; 32])
}

/// Where a secret is typed the terminal shows nothing. Whatever ends the program there, it shows again.
#[test]
fn an_interrupted_question_gives_the_terminal_back() {
    use std::io::{Read as _, Write as _};
    use std::os::unix::ffi::OsStrExt as _;
    use std::process::Command;
    use std::time::{Duration, Instant};

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, tcgetattr};

    let directory = tempfile::tempdir().unwrap();
    // Of the signals one that whoever runs the tests does not have ignored (nohup).
    for interrupt in ["Ctrl-C", "TERM"] {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let terminal = || {
            let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
            fs::File::options().read(true).write(true).open(path).unwrap()
        };
        let seen = terminal();
        let shows = || tcgetattr(&seen).unwrap().local_modes.contains(LocalModes::ECHO);
        assert!(shows());

        // setsid(1), of util-linux, makes it the terminal of the program, which keeps its number.
        let mut generate = Command::new("setsid");
        generate.arg("--ctty").arg(countersign_tests::binary());
        generate.args(["keys", "generate", "--key-id", "k", "--owner", "o", "--role", "operator"]);
        generate.arg("--out").arg(directory.path().join("k.pem"));
        generate.arg("--keyring").arg(directory.path().join("keyring.json"));
        generate.stdin(terminal()).stdout(terminal()).stderr(terminal());
        let mut child = generate.spawn().unwrap();
        let begun = Instant::now();
        while shows() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{interrupt}: nothing was asked");
            std::thread::yield_now();
        }

        let mut ours = fs::File::from(ours);
        if interrupt == "Ctrl-C" {
            ours.write_all(b"half a secret\x03").unwrap();
        } else {
            let number = child.id().to_string();
            assert!(
                Command::new("kill").args(["-s", interrupt, &number]).status().unwrap().success()
            );
        }
        let status = child.wait().unwrap();
        assert!(!status.success(), "{interrupt}: {status}");
        assert!(shows(), "{interrupt}: the terminal shows nothing any more");
        let mut said = [0; 4096];
        let length = ours.read(&mut said).unwrap();
        let said = String::from_utf8_lossy(&said[..length]);
        assert!(said.contains("Passphrase of") && !said.contains("secret"), "{interrupt}: {said}");
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 0, "{interrupt}: nothing was made");
    }
}

/// Signs with a key on standard input.
fn sign(run: &Path, role: &str, signer: &str, key: &str, more: &[&str]) -> Outcome {
    let mut sign = command();
    sign.args(["sign", "--role", role, "--signer", signer, "--key-file", "-"]);
    sign.args(["--key-id", &format!("ds-test-{signer}")]).args(more).arg(run);
    finish(&mut sign, key.as_bytes())
}

#[test]
fn operator_and_witness_raise_an_unsigned_run() {
    let case = Case::copy("good_unsigned");
    assert_eq!(case.status()["level"], 1);
    sign(&case.run(), "operator", "o", &key(1), &[]).ok();
    assert_eq!(case.status()["level"], 2);
    let block = read_json(&case.signatures());
    assert_eq!(block["sig_version"], "1.0");
    assert_eq!(block["payload_type"], "sealed_run");
    assert_eq!(block["signer_type"], "software");
    assert_eq!(read_json(&signatures_of(&case.manifest()))["payload_type"], "manifest");

    sign(&case.run(), "witness", "w", &key(2), &[]).ok();
    let envelope = read_json(&case.signatures());
    assert_eq!(envelope["multisig_version"], "1.0");
    assert_eq!(envelope["threshold"], 2);
    assert_eq!(envelope["artifact_hash"], block["payload_bytes_sha256"]);
    assert_eq!(envelope["signatures"][0], block, "the first signature is kept as it was");
    assert_eq!(envelope["signatures"][1]["role"], "witness");

    finish(command().args(["log", "append"]).arg(case.run()), b"").ok();
    let status = case.status();
    assert_eq!((&status["level"], &status["valid_signatures"]), (&5.into(), &2.into()));
}

/// HMAC leaves no choice: the reference's key gives the reference's signature.
#[test]
fn hmac_gives_the_reference_s_own_signature() {
    let expected = read_json(&conformance().join("runs").join("expected.json"));
    let case = Case::copy("good_hmac");
    let (run, manifest) = (signatures_of(&case.run()), signatures_of(&case.manifest()));
    let reference = (read_json(&run), read_json(&manifest));
    fs::remove_file(&run).unwrap();
    fs::remove_file(&manifest).unwrap();
    let shared = expected["hmac_key"].as_str().unwrap();
    sign(&case.run(), "operator", "mira.k", shared, &["--algo", "hmac"]).ok();
    for (ours, theirs) in [(read_json(&run), reference.0), (read_json(&manifest), reference.1)] {
        for field in ["signature", "algorithm", "payload_bytes_sha256", "payload_commit_hash"] {
            assert_eq!(ours[field], theirs[field], "{field}");
        }
    }
}

#[test]
fn every_signed_payload_is_verified_as_what_it_is() {
    for form in ["canonical_json", "sha256", "sha256_hex", "sha256_hex_base64"] {
        let case = Case::copy("good_unsigned");
        sign(&case.run(), "operator", "o", &key(1), &["--signed-payload", form]).ok();
        assert_eq!(case.status()["level"], 2, "{form}");
        let mut block = read_json(&case.signatures());
        let recorded =
            block.get("signed_payload").and_then(Value::as_str).unwrap_or("canonical_json");
        assert_eq!(recorded, form);
        let other = if form == "sha256" { "sha256_hex" } else { "sha256" };
        block["signed_payload"] = other.into();
        fs::write(case.signatures(), block.to_string()).unwrap();
        assert_eq!(case.status()["level"], 1, "{form} read as {other}");
    }
}

#[test]
fn the_same_key_or_person_does_not_sign_twice() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "o", &key(1), &[]).ok();
    let before = case.snapshot();
    sign(&case.run(), "witness", "w", &key(1), &[])
        .refused(&["signed already with this key", "\"o\""]);
    sign(&case.run(), "witness", "o", &key(2), &[]).refused(&["\"o\" has signed already"]);
    assert_eq!(case.snapshot(), before);
}

/// A signature file of a newer program keeps what this one does not know.
#[test]
fn unknown_fields_survive_co_signing() {
    let case = Case::copy("good_multisig");
    let mut envelope = read_json(&case.signatures());
    envelope["future"] = serde_json::json!({ "precise": 1e2, "list": [1, 2] });
    envelope["signatures"][0]["countersigned_by"] = "someone".into();
    fs::write(case.signatures(), envelope.to_string()).unwrap();
    sign(&case.run(), "auditor", "a", &key(3), &[]).ok();
    let after = read_json(&case.signatures());
    assert_eq!(after["future"], envelope["future"]);
    assert_eq!(after["signatures"][0], envelope["signatures"][0]);
    assert_eq!(after["signatures"][1], envelope["signatures"][1]);
    assert_eq!(after["signatures"].as_array().unwrap().len(), 3);
    assert_eq!(
        after["threshold"], envelope["threshold"],
        "a later signer does not change the terms"
    );
}

/// A script that calls the reference for the run and then for the manifest can call this instead.
#[test]
fn the_reference_s_flags_work() {
    let case = Case::copy("good_unsigned");
    let reference = |file: &Path, key: &str, more: &[&str]| {
        let mut sign = command();
        sign.args(["sign", "--algo", "ed25519", "--key-id", "ds-dev-2026-02", "--file"]).arg(file);
        finish(sign.args(["--key", key]).args(more), b"")
    };
    let outcome =
        reference(&case.run(), &key(1), &["--witness", "alice", "--role", "operator"]).ok();
    assert!(outcome.stderr.contains("--key shows the key"), "{outcome:?}");
    reference(&case.manifest(), &key(1), &["--witness", "alice", "--role", "operator"]).ok();
    let block = read_json(&case.signatures());
    assert_eq!((&block["signer_id"], &block["role"]), (&"alice".into(), &"operator".into()));
    reference(&case.run(), &key(2), &["--witness", "bob", "--role", "witness", "--append"]).ok();
    assert_eq!(case.status()["counted_signatures"], 2);

    let elsewhere = case.path().join("elsewhere.json");
    let mut sign = command();
    sign.args(["sign", "--algo", "hmac", "--key-id", "k", "--file"]).arg(case.run());
    sign.arg("--out").arg(&elsewhere).env("DEEPSIGMA_SIGNING_KEY", key(4));
    finish(&mut sign, b"").ok();
    let block = read_json(&elsewhere);
    assert_eq!((&block["algorithm"], &block["role"]), (&"hmac-sha256".into(), &"operator".into()));
    assert_eq!(block["signer_id"], "k", "as the reference names a signer without a name");
}

/// A command that signs with OpenSSL, in a directory whose name wants quoting: each algorithm that
/// signs a digest, and Ed25519 over its hex digits.
#[test]
fn an_external_command_signs() {
    let ed25519 = ["-algorithm", "ed25519"];
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    // The contract's file holds hex digits; a tool that signs digests wants the bytes.
    let digest = r#"printf "$(sed 's/../\\x&/g' "$1")" > d && openssl pkeyutl -sign -pkeyopt digest:sha256 -in d"#;
    let hex = r#"openssl pkeyutl -sign -rawin -in "$1""#;
    for (make, algorithm, payload, sign) in [
        (&ed25519[..], "ed25519", "sha256_hex", hex),
        (&p256[..], "ecdsa-p256-sha256", "canonical_json", digest),
        (&rsa[..], "rsa-pkcs1v15-sha256", "canonical_json", digest),
    ] {
        let case = Case::copy("good_unsigned");
        let vault = tempfile::tempdir().unwrap();
        let vault = vault.path().join("my vault é");
        fs::create_dir(&vault).unwrap();
        let openssl = |arguments: &[&str]| tool("openssl", "openssl", arguments, &vault).ok();
        openssl(&[&["genpkey", "-out", "key.pem"], make].concat());
        openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
        let key = vault.join("key.pem");
        let script = format!("{sign} -inkey '{}' | openssl base64 -A", key.display());
        fs::write(vault.join("sign.sh"), script).unwrap();
        let mut external = command();
        external.args(["sign", "--role", "operator", "--signer", "hsm.operator", "--key-id", "k"]);
        external.args(["--algo", algorithm, "--signed-payload", payload, "--external-signer-cmd"]);
        external.arg(format!("bash '{}'", vault.join("sign.sh").display()));
        external.arg("--public-key").arg(vault.join("public.pem")).arg(case.run());
        finish(&mut external, b"").ok();
        let block = read_json(&case.signatures());
        assert_eq!(block["signer_type"], "external");
        assert_eq!(block["algorithm"], algorithm);
        assert_eq!(case.status()["level"], 2, "{algorithm}");
        let instructions = block["verification_instructions"].as_str().unwrap();
        tool("sh", "dash", &["-c", instructions], case.path()).ok();
    }
}

/// Whatever the command does wrong is said, and every file is as it was.
#[test]
fn an_external_command_that_does_not_sign_changes_nothing() {
    // RFC 8032 section 7.1, test 1.
    let public = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    for (line, words) in [
        ("true", &["printed no signature"][..]),
        ("sh -c 'echo no such slot >&2; exit 3'", &["no such slot", "3"]),
        ("/nonexistent/kms-sign", &["/nonexistent/kms-sign"]),
        ("sh -c 'unbalanced", &["quote"]),
    ] {
        let case = Case::copy("good_unsigned");
        let before = case.snapshot();
        let mut external = command();
        external.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "k"]);
        external.args(["--external-signer-cmd", line, "--public-key", public]).arg(case.run());
        finish(&mut external, b"").refused(words);
        assert!(case.snapshot() == before, "{line}: a file changed");
    }
    let case = Case::copy("good_unsigned");
    let mut external = command();
    external.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "k"]);
    external.args(["--external-signer-cmd", "true"]).arg(case.run());
    finish(&mut external, b"").refused(&["--public-key"]);
}

/// A key of our own is made, kept encrypted and private, and signs with its passphrase alone.
#[test]
fn a_generated_key_signs_under_its_passphrase() {
    let case = Case::copy("good_unsigned");
    let key_file = case.path().join("o.key.pem");
    let keyring = case.path().join("keyring.json");
    let mut generate = command();
    generate.args([
        "keys",
        "generate",
        "--key-id",
        "ds-test-o",
        "--owner",
        "o",
        "--role",
        "operator",
    ]);
    generate.args(["--passphrase-fd", "0", "--out"]).arg(&key_file).arg("--keyring").arg(&keyring);
    finish(&mut generate, b"correct horse\n").ok();
    let pem = fs::read_to_string(&key_file).unwrap();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{pem}");
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&key_file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let sign = |passphrase: &str| {
        let mut sign = command();
        sign.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "ds-test-o"]);
        sign.args(["--passphrase-fd", "0", "--key-file"]).arg(&key_file).arg(case.run());
        finish(&mut sign, passphrase.as_bytes())
    };
    let before = case.snapshot();
    sign("incorrect horse").refused(&["o.key.pem", "the passphrase is wrong"]);
    assert_eq!(case.snapshot(), before);
    sign("correct horse").ok();
    let mut verify = command();
    verify.args(["verify", "--level", "L2", "--keyring"]).arg(&keyring).arg(case.run());
    finish(&mut verify, b"").ok();
    // Never overwritten: the key would be lost.
    finish(&mut generate, b"other\n").refused(&["o.key.pem", "never overwritten"]);
}

/// Signers on several machines or in several windows at once: the directory's lock and the merge
/// keep every signature.
#[test]
fn sixteen_processes_at_once_lose_no_signature() {
    let case = Case::copy("good_unsigned");
    let threads: Vec<_> = (1..=16u8)
        .map(|n| {
            let run = case.run();
            std::thread::spawn(move || sign(&run, "reviewer", &format!("r{n}"), &key(n), &[]).ok())
        })
        .collect();
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
    let status = case.status();
    assert_eq!(status["counted_signatures"], 16);
    assert_eq!(status["manifest_signatures"].as_array().unwrap().len(), 16);
}

#[test]
fn registering_twice_registers_once() {
    let case = Case::copy("good_ed25519");
    let append = || finish(command().args(["log", "append"]).arg(case.run()), b"").ok();
    append();
    let log = fs::read(case.path().join("transparency_log.ndjson")).unwrap();
    assert!(append().stdout.contains("already"));
    assert_eq!(fs::read(case.path().join("transparency_log.ndjson")).unwrap(), log);
    assert_eq!(case.status()["level"], 3);
    let verify = finish(command().args(["log", "verify"]).arg(case.path()), b"").ok();
    assert!(verify.stdout.contains("1 entry, the whole chain holds"), "{verify:?}");
}

#[test]
fn a_broken_log_is_not_added_to() {
    let case = Case::copy("log_reordered");
    let log = case.path().join("transparency_log.ndjson");
    let before = fs::read(&log).unwrap();
    finish(command().args(["log", "append"]).arg(case.run()), b"").refused(&["broken", "line 1"]);
    assert_eq!(fs::read(&log).unwrap(), before);
    let verify = finish(command().args(["log", "verify"]).arg(&log), b"");
    assert_eq!(verify.code, 1, "{verify:?}");
}
