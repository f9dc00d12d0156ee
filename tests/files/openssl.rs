//! Someone who has no Countersign: `verification_instructions` in a shell with OpenSSL alone, for
//! every algorithm; and OpenSSL as an independent signer whose signatures are judged here.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact};
use countersign_envelope::verification::signed_bytes;
use countersign_tests::{
    Case, SHARED_KEY, finish, openssl, paste, read_json, sign_elsewhere, signatures_of,
};

#[test]
fn the_instructions_work_for_every_algorithm_and_payload() {
    let shared = BASE64.encode(SHARED_KEY);
    for algorithm in &Algorithm::of_signatures().collect::<Vec<_>>() {
        for payload in SignedPayload::ALL {
            let case = Case::copy("good_unsigned");
            let scratch = tempfile::tempdir().unwrap();
            let bytes = fs::read(case.run()).unwrap();
            let artifact = Artifact::parse(&bytes).unwrap();
            let message = signed_bytes(artifact.canonical(), *payload);
            let (public_key, signature) = sign_elsewhere(*algorithm, &message, scratch.path());
            let new = NewSignature {
                algorithm: *algorithm,
                signed_payload: *payload,
                key_id: "ds-test-2026-01",
                signer_id: "o'brien; $(touch pwned)",
                role: Role::Operator,
                signer_type: SignerType::Software,
                signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
                public_key: public_key.as_ref(),
                signature: &BASE64.encode(&signature),
                key_attestation: None,
                claim: None,
                companion: None,
            };
            let block = new.block(SignedArtifact {
                artifact: &artifact,
                payload_type: PayloadType::SealedRun,
                file_name: &case.run_name,
                file_bytes: &bytes,
            });
            fs::write(case.signatures(), SignatureFile::Block(block).to_text()).unwrap();
            let name = format!("{algorithm} over {payload}");
            if *algorithm != Algorithm::HmacSha256 {
                assert_eq!(case.status()["valid_signatures"], 1, "{name}");
            }

            let written = read_json(&case.signatures());
            let command = written["verification_instructions"].as_str().unwrap();
            for shell in ["sh", "bash"] {
                let outcome = paste(shell, command, case.path(), &shared).ok();
                assert!(outcome.stdout.contains("file as signed"), "{name}: {outcome:?}");
                paste(shell, command, scratch.path(), &shared).ok();
            }
            assert_eq!(fs::read_dir(case.path()).unwrap().count(), 3, "nothing is left behind");

            // A wrong key, another signature, another file: each is found.
            if *algorithm == Algorithm::HmacSha256 {
                let wrong = paste("sh", command, case.path(), &BASE64.encode([8; 32]));
                assert_ne!(wrong.code, 0, "{name}");
            }
            let mut flipped = signature.clone();
            flipped[20] ^= 1;
            let flipped = command.replace(&BASE64.encode(&signature), &BASE64.encode(flipped));
            assert_ne!(paste("sh", &flipped, case.path(), &shared).code, 0, "{name}");
            fs::write(case.run(), [&bytes[..], b" "].concat()).unwrap();
            let changed = paste("sh", command, case.path(), &shared);
            assert!(changed.code != 0 && changed.stderr.contains("differs"), "{name}: {changed:?}");
        }
    }
}

/// What the command line signs is what OpenSSL verifies, file by file.
#[test]
fn what_the_command_line_signs_verifies_with_openssl() {
    let case = Case::copy("good_unsigned");
    for (byte, role) in [(1, "operator"), (2, "witness")] {
        let mut sign = countersign_tests::command();
        sign.args(["sign", "--key-file", "-", "--role", role, "--signer", role, "--key-id", role]);
        finish(sign.arg(case.run()), BASE64.encode([byte; 32]).as_bytes()).ok();
    }
    for artifact in [case.run(), case.manifest()] {
        let envelope = read_json(&signatures_of(&artifact));
        for signature in envelope["signatures"].as_array().unwrap() {
            let command = signature["verification_instructions"].as_str().unwrap();
            paste("sh", command, case.path(), "").ok();
        }
    }
}

/// PKCS#8 under PBES2 is no format of our own.
#[test]
fn a_key_file_of_ours_opens_with_openssl() {
    let directory = tempfile::tempdir().unwrap();
    let mut generate = countersign_tests::command();
    generate.args(["keys", "generate", "--key-id", "k", "--owner", "o", "--role", "operator"]);
    generate.args(["--no-keyring", "--passphrase-fd", "0", "--out"]);
    let made = finish(generate.arg(directory.path().join("k.pem")), b"correct horse").ok();
    let public = openssl(
        &["pkey", "-in", "k.pem", "-passin", "pass:correct horse", "-pubout"],
        directory.path(),
    );
    let public = PublicKey::parse(&public.ok().stdout).unwrap().to_text();
    assert!(made.stdout.contains(&public), "{made:?} {public}");
}
