//! What the program says of itself, and releases through the real binary: signed by two people, checked
//! by `countersign self`, and verified by `securesystemslib`.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_tests::{Outcome, command, finish, read_json, seed};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Release {
    place: TempDir,
}

fn public(key: u8) -> PublicKey {
    let key = SigningKey::from_bytes(&[key; 32]);
    PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap()
}

impl Release {
    /// A keyring with the keys of two people, 7 and 8, and a second key of the first, 9.
    fn new() -> Self {
        let release = Self { place: tempfile::tempdir().unwrap() };
        let key = |key: u8, owner: &str| {
            json!({
                "key_id": format!("key-{key}"), "key_type": "ed25519", "owner": owner,
                "public_key": public(key).to_text(), "roles": ["operator"], "kind": "software",
            })
        };
        let keys = [key(7, "mira.k"), key(8, "j.okafor"), key(9, "mira.k")];
        let keyring = json!({ "keyring_version": "1.0", "keys": keys });
        fs::write(release.path("keyring.json"), keyring.to_string()).unwrap();
        for name in ["one.deb", "two.deb"] {
            fs::write(release.path(name), name).unwrap();
        }
        release
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn sign(&self, key: u8, files: &[&Path]) -> Outcome {
        let mut act = command();
        act.args(["release", "sign", "--key-file", "-", "--key-id", &format!("key-{key}")]);
        act.arg("--keyring").arg(self.path("keyring.json"));
        act.arg(self.path("a.release.json")).args(files);
        finish(&mut act, seed(key).as_bytes())
    }

    fn verify(&self, files: &[&Path]) -> (i32, Value) {
        let mut act = command();
        act.args(["release", "verify", "--json", "--keyring"]).arg(self.path("keyring.json"));
        act.arg(self.path("a.release.json")).args(files);
        judged(&finish(&mut act, b""))
    }

    fn confirm_self(&self, more: &[&str]) -> (i32, Value) {
        let mut act = command();
        act.args(["self", "--json", "--keyring"]).arg(self.path("keyring.json"));
        act.arg("--release").arg(self.path("a.release.json")).args(more);
        judged(&finish(&mut act, b""))
    }
}

fn judged(outcome: &Outcome) -> (i32, Value) {
    (outcome.code, outcome.json_lines().remove(0))
}

/// The program that is tested, as it stands on disk.
fn program() -> PathBuf {
    PathBuf::from(command().get_program())
}

#[test]
fn the_program_says_what_it_is() {
    let said = finish(command().args(["self", "--json"]), b"").ok().json_lines().remove(0);
    let running = &said["programs"][0];
    let own = Digest::of(&fs::read(program()).unwrap());
    assert_eq!(running["sha256"], own.hex());
    assert_eq!((&running["runs"], &running["in_place"]), (&json!(true), &json!("same")));
    assert_eq!(running["words"].as_str().unwrap().split(' ').count(), 32);
    assert_eq!(said["version"], env!("CARGO_PKG_VERSION"));
    let libraries = said["libraries"].as_array().unwrap();
    assert!(libraries.iter().any(|one| one["name"] == "ed25519-dalek"), "{libraries:?}");
    assert!(said["state"]["journal"].as_str().unwrap().ends_with("journal.ndjson"));

    let text = finish(command().arg("self"), b"").ok().stdout;
    assert!(text.contains(&own.grouped()), "{text}");
}

/// `/proc/self/exe` is what runs, whatever stands at its place.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_was_replaced_while_it_runs_says_so() {
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("countersign");
    fs::copy(program(), &copy).unwrap();
    // It waits until it is exchanged, and then becomes the program that was.
    let script = format!(
        "exec 9<{0}; rm {0}; {1} >{0}; exec /proc/self/fd/9 self --json",
        copy.display(),
        "echo other"
    );
    let out = Command::new("sh").args(["-c", &script]).env("HOME", place.path()).output().unwrap();
    let said: Value = serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&out.stderr)));
    let own = Digest::of(&fs::read(program()).unwrap());
    assert_eq!(said["programs"][0]["sha256"], own.hex());
    assert_ne!(said["programs"][0]["in_place"], "same");
}

#[test]
fn two_people_confirm_the_program_that_runs() {
    let release = Release::new();
    let program = program();
    release.sign(7, &[&program]).ok();
    let (code, said) = release.confirm_self(&[]);
    assert_eq!((code, &said["standing"]), (1, &json!("not_confirmed")), "{said:#}");
    release.sign(8, &[&program]).ok();
    let (code, said) = release.confirm_self(&[]);
    // The window stands beside the program where all are built, and is not in this release.
    let beside = program.with_file_name("countersign-station").exists();
    match beside {
        true => assert_eq!((code, &said["standing"]), (1, &json!("not_confirmed")), "{said:#}"),
        false => assert_eq!((code, &said["standing"]), (0, &json!("confirmed")), "{said:#}"),
    }
    let (code, said) = release.confirm_self(&["--file", program.to_str().unwrap()]);
    assert_eq!((code, &said["standing"]), (0, &json!("confirmed")), "{said:#}");
    assert_eq!(said["people"], json!(["mira.k", "j.okafor"]));
}

#[test]
fn a_release_is_added_to_by_who_has_compared_every_file() {
    let release = Release::new();
    let (one, two) = (release.path("one.deb"), release.path("two.deb"));
    release.sign(7, &[&one, &two]).ok();
    assert_eq!(release.verify(&[&one]).0, 1);

    // What it is of, whoever begins it says: the program that signs is another.
    let said = release.verify(&[&one]).1;
    assert_eq!(
        (&said["version"], &said["commit"]),
        (&json!(env!("CARGO_PKG_VERSION")), &json!(null))
    );
    // A file that is left out, or is another one, is not vouched for.
    let left_out = release.sign(8, &[&one]);
    assert!(left_out.code == 2 && left_out.stderr.contains("two.deb"), "{left_out:#?}");
    fs::write(&two, "changed").unwrap();
    let other = release.sign(8, &[&one, &two]);
    assert!(other.code == 2 && other.stderr.contains("two.deb"), "{other:#?}");
    fs::write(&two, "two.deb").unwrap();

    // The same person does not count twice, with whatever key.
    for key in [7, 9] {
        let again = release.sign(key, &[&one, &two]);
        assert!(again.code == 2 && again.stderr.contains("mira.k"), "{again:#?}");
    }
    assert_eq!(
        read_json(&release.path("a.release.json"))["signatures"].as_array().unwrap().len(),
        1
    );

    release.sign(8, &[&two, &one]).ok();
    let (code, said) = release.verify(&[&one, &two]);
    assert_eq!((code, &said["standing"]), (0, &json!("confirmed")), "{said:#}");
    let journal = finish(command().args(["journal", "verify"]), b"");
    assert_ne!(journal.code, 1, "{journal:#?}");
}

#[test]
fn whoever_begins_a_release_says_what_it_is_of() {
    let release = Release::new();
    let (one, commit) = (release.path("one.deb"), "AB".repeat(20));
    let mut act = command();
    act.args(["release", "sign", "--key-file", "-", "--key-id", "key-7", "--of-version", "9.1"]);
    act.args(["--commit", &commit]).arg("--keyring").arg(release.path("keyring.json"));
    let signed = finish(act.arg(release.path("a.release.json")).arg(&one), seed(7).as_bytes()).ok();
    assert!(signed.stderr.contains("version 9.1, commit abab"), "{signed:#?}");
    release.sign(8, &[&one]).ok();
    let said = release.verify(&[&one]).1;
    assert_eq!((&said["version"], &said["commit"]), (&json!("9.1"), &json!(commit.to_lowercase())));
    // It is not of the program that runs here, whatever files it has.
    let program = program();
    let of_program = Release::new();
    let mut act = command();
    act.args(["release", "sign", "--key-file", "-", "--key-id", "key-7", "--of-version", "9.1"]);
    act.arg("--keyring").arg(of_program.path("keyring.json"));
    finish(act.arg(of_program.path("a.release.json")).arg(&program), seed(7).as_bytes()).ok();
    of_program.sign(8, &[&program]).ok();
    assert_eq!(of_program.confirm_self(&[]).1["standing"], "contradicted");
}

#[test]
fn what_two_people_signed_cannot_be_changed() {
    let release = Release::new();
    let (one, two) = (release.path("one.deb"), release.path("two.deb"));
    release.sign(7, &[&one, &two]).ok();
    release.sign(8, &[&one, &two]).ok();
    let path = release.path("a.release.json");
    let whole = read_json(&path);
    fs::write(&two, "evil").unwrap();
    assert_eq!(release.verify(&[&two]).1["standing"], "contradicted");
    fs::rename(&one, release.path("renamed.deb")).unwrap();
    assert_eq!(release.verify(&[&release.path("renamed.deb")]).1["standing"], "contradicted");

    let payload = BASE64.decode(whole["payload"].as_str().unwrap()).unwrap();
    let text = String::from_utf8(payload).unwrap();
    let altered = text.replace(&Digest::of(b"two.deb").hex(), &Digest::of(b"evil").hex());
    assert_ne!(text, altered);
    let mut swapped = whole.clone();
    swapped["payload"] = BASE64.encode(&altered).into();
    fs::write(&path, swapped.to_string()).unwrap();
    let (code, said) = release.verify(&[&two]);
    assert_eq!((code, &said["standing"]), (1, &json!("contradicted")), "{said:#}");
    assert_eq!(said["people"], json!([]));

    // Other forms of the same content are no release at all.
    for (field, value) in [
        ("payloadType", json!("text/plain")),
        ("payload", json!(BASE64.encode(text.replacen(':', ": ", 1)))),
        ("payload", json!(BASE64.encode(text.replace("release:1", "release:2")))),
        ("signatures", json!("none")),
    ] {
        let mut other = whole.clone();
        other[field] = value;
        fs::write(&path, other.to_string()).unwrap();
        let mut act = command();
        act.args(["release", "verify"]).arg(&path).arg(&two);
        assert_eq!(finish(&mut act, b"").code, 2, "{field}");
    }
}

#[test]
fn securesystemslib_verifies_each_signature_of_a_release() {
    let release = Release::new();
    let one = release.path("one.deb");
    release.sign(7, &[&one]).ok();
    release.sign(8, &[&one]).ok();
    for key in [7, 8] {
        fs::write(release.path(&format!("key-{key}.pem")), public(key).to_pem()).unwrap();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("../target/tools/evidence/bin/python");
    assert!(python.exists(), "securesystemslib is needed: bash scripts/prepare tests");
    let check = |file: &Path| {
        let mut act = Command::new(&python);
        act.arg(root.join("evidence/release.py")).arg(file).arg(release.place.path());
        finish(&mut act, b"")
    };
    let path = release.path("a.release.json");
    assert_eq!(check(&path).ok().stdout.trim(), "key-7 key-8");
    let altered = release.path("altered.json");
    let mut whole = read_json(&path);
    whole["payload"] = BASE64.encode(b"{}").into();
    fs::write(&altered, whole.to_string()).unwrap();
    assert_ne!(check(&altered).code, 0);
}
