//! What is refused: each with an error that names the file and the remedy, exit code 2, and every
//! file as it was.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, binary, command, copy_binary, finish, read_json};

fn sign(run: &Path) -> Outcome {
    let mut sign = command();
    sign.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "k"]).arg(run);
    finish(sign.env("DEEPSIGMA_SIGNING_KEY", BASE64.encode([1; 32])), b"")
}

/// Signing is refused with these words, and nothing in the directory changes.
#[track_caller]
fn assert_refused(case: &Case, words: &[&str]) {
    let before = case.snapshot();
    let outcome = sign(&case.run()).refused(words);
    let stem = case.run_name.trim_end_matches(".json");
    assert!(outcome.stderr.contains(stem), "the file is not named: {outcome:?}");
    assert!(case.snapshot() == before, "a file changed");
}

/// Every sealed run of the reference that fails L0, or its own commit hash, is never signed; every
/// other one is, whatever else it lacks.
#[test]
fn what_fails_l0_or_its_commit_hash_is_never_signed() {
    let expected = read_json(&countersign_tests::conformance().join("runs").join("expected.json"));
    let (mut refused, mut signed) = (0, 0);
    for (name, expected) in expected["cases"].as_object().unwrap() {
        let case = Case::copy(name);
        for signatures in [case.signatures(), countersign_tests::signatures_of(&case.manifest())] {
            let _ = fs::remove_file(signatures);
        }
        let checks = expected["replay"]["checks"].as_array().unwrap();
        let commit_wrong = checks.iter().any(|c| c[0] == "commit_hash.integrity" && c[1] == false);
        if expected["level"] == -1 || commit_wrong {
            assert_refused(&case, &["error:", "was signed"]);
            refused += 1;
        } else if name == "manifest_tampered" {
            assert_refused(&case, &["manifest does not belong", "The manifest is about run"]);
        } else if name == "run_id_not_derived" {
            assert_refused(&case, &["The file is named", "the run in it has the id"]);
        } else {
            sign(&case.run()).ok();
            signed += 1;
        }
    }
    assert_eq!((refused, signed), (26, 58));
}

#[test]
fn what_is_no_json_object() {
    for (content, words) in [
        (&b"{\"a\": "[..], "not JSON"),
        (b"[]", "not a JSON object"),
        (b"\xff\xfe{}", "not JSON"),
        (b"", "not JSON"),
        (b"{\"a\": \"\\ud800\"}", "not JSON"),
    ] {
        let case = Case::copy("good_unsigned");
        fs::write(case.run(), content).unwrap();
        assert_refused(&case, &[words, "the run must be sealed again"]);
    }
}

#[test]
fn a_key_given_twice() {
    let case = Case::copy("good_unsigned");
    let text = fs::read_to_string(case.run()).unwrap();
    let twice = text.replacen("\"title\":", "\"title\": \"Pay nobody\", \"title\":", 1);
    assert_ne!(text, twice);
    fs::write(case.run(), twice).unwrap();
    assert_eq!(case.status()["level"], 1, "the last one counts, and it is warned of");
    assert!(case.status()["warnings"][0].as_str().unwrap().contains("duplicate key"));
    assert_refused(&case, &["\"title\" is given twice"]);
}

#[test]
fn nested_a_hundred_thousand_deep() {
    let case = Case::copy("good_unsigned");
    fs::write(case.run(), format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000)))
        .unwrap();
    assert_refused(&case, &["nested deeper than"]);
    assert_eq!(case.status()["level"], -1);
}

#[test]
fn more_than_64_mib() {
    let case = Case::copy("good_unsigned");
    fs::File::create(case.run()).unwrap().set_len((64 << 20) + 1).unwrap();
    let before = fs::metadata(case.run()).unwrap().len();
    sign(&case.run()).refused(&[&case.run_name, "64 MiB"]);
    assert_eq!(fs::metadata(case.run()).unwrap().len(), before);
    assert!(case.status()["missing"].as_str().unwrap().contains("64 MiB"));
}

#[test]
fn a_link_out_of_the_directory() {
    let case = Case::copy("good_unsigned");
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("run.json");
    fs::rename(case.run(), &target).unwrap();
    symlink(&target, case.run()).unwrap();
    sign(&case.run()).refused(&[&case.run_name, "symbolic link out of its directory"]);
    assert!(case.status()["missing"].as_str().unwrap().contains("symbolic link"));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);

    // A signature file that is a link would have signatures written, or read, elsewhere.
    let case = Case::copy("good_unsigned");
    symlink(elsewhere.path().join("sig"), case.signatures()).unwrap();
    sign(&case.run()).refused(&["sig.json"]);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
}

/// A pipe with nobody at the other end would block for ever.
#[test]
fn a_pipe_or_a_directory_in_place_of_the_run() {
    let case = Case::copy("good_unsigned");
    fs::remove_file(case.run()).unwrap();
    let made = Command::new("mkfifo").arg(case.run()).status().expect("mkfifo, of coreutils");
    assert!(made.success());
    sign(&case.run()).refused(&[&case.run_name, "not a regular file"]);
    fs::remove_file(case.run()).unwrap();
    fs::create_dir(case.run()).unwrap();
    sign(&case.run()).refused(&[&case.run_name, "not a regular file"]);
}

#[test]
fn what_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    sign(&directory.path().join("RUN-gone.json")).refused(&["RUN-gone.json", "no such file"]);
    let gone = directory.path().join("gone");
    finish(command().arg("status").arg(&gone), b"").refused(&["gone", "no such directory"]);
    finish(command().arg("verify").arg(directory.path()), b"").refused(&["no sealed run"]);
}

#[test]
fn signatures_that_cannot_be_added_to_are_left_alone() {
    for (content, words) in [
        ("not json", "not JSON"),
        ("{}", "neither a signature block"),
        ("{\"sig_version\": \"1.0\", \"note\": 1, \"note\": 2}", "\"note\" is given twice"),
        ("{\"multisig_version\": \"2.0\", \"signatures\": []}", "version \"2.0\""),
        (
            "{\"multisig_version\": \"1.0\", \"artifact_hash\": \"sha256:00\", \"signatures\": []}",
            "other content",
        ),
    ] {
        let case = Case::copy("good_unsigned");
        fs::write(case.signatures(), content).unwrap();
        let before = case.snapshot();
        sign(&case.run()).refused(&["sig.json", words, "nothing was signed"]);
        assert!(case.snapshot() == before);
    }
}

fn is_root() -> bool {
    // A file of this process belongs to whoever runs it.
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Runs a shell script in a mount namespace of its own, where the disk can be full or read-only:
/// as root, in a user namespace, or by sudo, whichever there is.
#[track_caller]
fn in_own_mounts(script: &str, case: &Case) -> Outcome {
    let mut user_namespace = Command::new("unshare");
    user_namespace.args(["--user", "--map-root-user", "true"]);
    let mut shell = Command::new("unshare");
    if !is_root() && finish(&mut user_namespace, b"").code == 0 {
        shell.args(["--user", "--map-root-user"]);
    } else if !is_root() {
        shell = Command::new("sudo");
        shell.args(["--non-interactive", "--preserve-env", "unshare"]);
    }
    shell.args(["--mount", "sh", "-ec", script]);
    shell.env("DEEPSIGMA_SIGNING_KEY", BASE64.encode([1; 32]));
    shell.env("BIN", binary()).env("DIR", case.path()).env("RUN", case.run());
    let outcome = finish(&mut shell, b"");
    assert!(
        !["unshare:", "mount:", "sudo:"].iter().any(|word| outcome.stderr.contains(word)),
        "this test mounts a file system of its own; run it as root: {outcome:?}"
    );
    outcome
}

const SIGN: &str = "\"$BIN\" sign --role operator --signer o --key-id k \"$RUN\"";

#[test]
fn a_read_only_directory() {
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let script = format!("mount --bind -o ro \"$DIR\" \"$DIR\"\n{SIGN}");
    in_own_mounts(&script, &case).refused(&[
        "sig.json",
        "cannot be written",
        "mount the disk writable",
    ]);
    assert!(case.snapshot() == before);
}

/// The disk takes the run's signatures and is full at the manifest's: neither is written.
#[test]
fn a_full_disk() {
    for spare_kib in [0, 4, 8] {
        let case = Case::copy("good_unsigned");
        let size = 16 + 8 + spare_kib;
        let script = format!(
            "mkdir /tmp/keep.$$; cp \"$DIR\"/* /tmp/keep.$$\n\
             mount -t tmpfs -o size={size}k tmpfs \"$DIR\"\n\
             cp /tmp/keep.$$/* \"$DIR\"; ls -A \"$DIR\" > /tmp/keep.$$.before\n\
             dd if=/dev/zero of=\"$DIR/filler\" bs=1k count=$(( $(df -k --output=avail \"$DIR\" | tail -1) - {spare_kib} )) 2>/dev/null || true\n\
             set +e; {SIGN}; code=$?; rm \"$DIR/filler\"\n\
             ls -A \"$DIR\" | diff /tmp/keep.$$.before - >&2 || code=99\n\
             rm -r /tmp/keep.$$ /tmp/keep.$$.before; exit $code"
        );
        in_own_mounts(&script, &case).refused(&[
            "sig.json",
            "nothing was changed",
            "make room on the disk",
        ]);
    }
}

/// The program, run by somebody who may not read everything: as root, it is nobody, with a copy of
/// the program in a directory that nobody can reach.
fn as_nobody(place: &Path) -> Command {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
    let copy = place.join("countersign");
    copy_binary(&copy);
    if !is_root() {
        return Command::new(&copy);
    }
    let mut setpriv = Command::new("setpriv");
    setpriv.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&copy);
    setpriv
}

/// What was not read was not verified, whatever the rest came to.
#[test]
fn a_directory_of_which_a_part_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = Case::copy("good_multisig");
    let closed = case.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(case.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = tempfile::tempdir().unwrap();
    let run = |command: &str| {
        let mut nobody = as_nobody(program.path());
        nobody.args([command, "--trust", "embedded", "--assurance", "claimed"]);
        nobody
            .env("HOME", "/nonexistent")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME");
        finish(nobody.arg(case.path()), b"")
    };
    for command in ["verify", "status"] {
        assert_ne!(run(command).code, 2, "{command}: all of it can be read");
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    for command in ["verify", "status"] {
        let said = run(command).refused(&["closed", "1 place could not be read", "not judged"]);
        assert!(said.stdout.contains(case.run_name.trim_end_matches(".json")), "{said:?}");
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_that_may_not_be_read() {
    let case = Case::copy("good_unsigned");
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(case.run(), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(case.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = tempfile::tempdir().unwrap();
    let mut nobody = as_nobody(program.path());
    nobody.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "k"]).arg(case.run());
    let home = tempfile::tempdir().unwrap();
    if is_root() {
        std::os::unix::fs::chown(home.path(), Some(65534), Some(65534)).unwrap();
    }
    nobody.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
    nobody.env("DEEPSIGMA_SIGNING_KEY", BASE64.encode([1; 32]));
    finish(&mut nobody, b"").refused(&[
        &case.run_name,
        "Permission denied",
        "check the permissions",
    ]);
}

/// The manifest of another run beside this one.
#[test]
fn a_manifest_of_another_run() {
    let (case, other) = (Case::copy("good_unsigned"), Case::copy("good_ed25519"));
    fs::copy(other.manifest(), case.manifest()).unwrap();
    let before = case.snapshot();
    sign(&case.run()).refused(&["manifest.json", "does not belong", "Nothing was signed"]);
    assert!(case.snapshot() == before);
}
