//! A home directory that version 0.1 left behind (`fixtures/home-0.1`) under the program of today:
//! everything in it reads, and the chains go on.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_tests::{Outcome, command, finish};
use serde_json::Value;
use tempfile::TempDir;

/// Where 0.1 had everything while it wrote the files.
const THEN: &str = "/tmp/countersign-0.1";
/// The SHA-256 of each archive's list, as 0.1 printed it.
const PACK: &str = "608e8c29561cdf10c3fd3ee5372e57ebdd13a0212c71160472690e2c6b17dcf1";
const PACK_ZIP: &str = "781717eef7db8ffe1fed02b3c24fcf0ffa4fb696e793c4faa939cca6e4a1d90f";
const EXPORT: &str = "d5c9a0214404ed0540f1b7b08a85ef7c211e79c6c8403d597c64572eedd9993d";

/// The run that a hardware key witnessed, and the one that nobody signed.
const WITNESSED: &str = "RUN-3d699c67_20260105T080000Z.json";
const UNSIGNED: &str = "RUN-d8b627ff_20260105T080100Z.json";

/// A copy of what 0.1 left behind.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let saved = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join("home-0.1");
        for (from, to) in [("config", ".config"), ("state", ".local/state")] {
            copy(&saved.join(from), &home.path(to));
        }
        for name in ["runs", "keys", "bin", "pack"] {
            copy(&saved.join(name), &home.path(name));
        }
        for name in ["pack.zip", "export.zip", "proof.json"] {
            fs::copy(saved.join(name), home.path(name)).unwrap();
        }
        home.relocate();
        home
    }

    /// 0.1 wrote whole paths into the settings and the log heads, and named a head after the path
    /// of its log. The journal keeps them: its lines are chained.
    fn relocate(&self) {
        let here = self.0.path().canonicalize().unwrap().to_string_lossy().into_owned();
        for name in [".config/countersign/settings.json", "bin/sign-elsewhere"] {
            let text = fs::read_to_string(self.path(name)).unwrap();
            fs::write(self.path(name), text.replace(THEN, &here)).unwrap();
        }
        let heads = self.path(".local/state/countersign/log-heads");
        for entry in fs::read_dir(&heads).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap().replace(THEN, &here);
            fs::remove_file(&path).unwrap();
            let head: Value = serde_json::from_str(&text).unwrap();
            let name = Digest::of(head["log"].as_str().unwrap().as_bytes()).hex();
            let path = heads.join(format!("{}.json", &name[..16]));
            fs::write(&path, text).unwrap();
            private(&path);
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, name: &str) -> PathBuf {
        self.path("runs").join(name)
    }

    fn countersign(&self, arguments: &[&str]) -> Outcome {
        self.with_input(arguments, b"")
    }

    fn with_input(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut program = command();
        program.env("HOME", self.0.path()).current_dir(self.0.path()).args(arguments);
        finish(&mut program, input)
    }

    /// The level of each run, by the first letters of its id.
    fn levels(&self, arguments: &[&str]) -> Vec<(String, Option<u64>)> {
        let all = [&["status", "--json"], arguments, &["runs"]].concat();
        let rows = self.countersign(&all).ok().json_lines();
        let level =
            |row: Value| (row["run_id"].as_str().unwrap().to_owned(), row["level"].as_u64());
        let mut levels: Vec<_> = rows.into_iter().map(level).collect();
        levels.sort();
        levels
    }
}

/// Copies a folder with everything below it, none of it open to others whatever the umask.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o755;
            fs::copy(&path, &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
}

fn private(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn levels(of: [Option<u64>; 4]) -> Vec<(String, Option<u64>)> {
    let ids = ["RUN-3d699c67", "RUN-76e871d7", "RUN-c19d1a7e", "RUN-d8b627ff"];
    ids.map(str::to_owned).into_iter().zip(of).collect()
}

#[test]
fn the_keyring_reads_with_revocations_validity_and_attestations() {
    let home = Home::new();
    let listed = home.countersign(&["keys", "list"]).ok();
    for words in [
        "ds-prod-2026-01  mira.k",
        "revoked since 2026-11-28T23:01:35Z: left the company",
        "until 2025-01-01T00:00:00Z",
        "ds-prod-2026-04  ada.w    witness, reviewer  hardware",
        "external",
        "generated on YubiKey 99000001, firmware 5.7.4, PIN once, touch never",
    ] {
        assert!(listed.stdout.contains(words), "no {words:?} in {}", listed.stdout);
    }
    assert_eq!(listed.stderr, "");
    // A change keeps what was there.
    home.countersign(&["keys", "revoke", "ds-prod-2026-02", "--reason", "moved"]).ok();
    let keyring = home.countersign(&["keys", "list", "--json"]).ok();
    let keyring: Value = serde_json::from_str(&keyring.stdout).unwrap();
    assert_eq!(keyring["keys"].as_array().unwrap().len(), 6);
    let roots = home.countersign(&["roots", "list", "--json"]).ok();
    let roots: Value = serde_json::from_str(&roots.stdout).unwrap();
    assert_eq!(roots["roots"].as_array().unwrap().len(), 4);
}

#[test]
fn what_was_signed_has_the_level_it_had() {
    let home = Home::new();
    assert_eq!(home.levels(&[]), levels([Some(6), Some(6), Some(2), Some(1)]));
    // The hardware key's attestation leads to a root that was trusted then; the command's does not.
    let attested = home.levels(&["--assurance", "attested"]);
    assert_eq!(attested, levels([Some(6), Some(5), Some(2), Some(1)]));
}

#[test]
fn the_journal_holds_and_goes_on_through_both_files() {
    let home = Home::new();
    let before = home.countersign(&["journal", "show", "--json"]).ok().json_lines();
    assert_eq!(before.len(), 48);
    let run = home.run(UNSIGNED);
    let sign = ["sign", "--role", "operator", "--signer-profile", "mira", "--passphrase-fd", "0"];
    home.with_input(&[&sign[..], &[run.to_str().unwrap()]].concat(), b"demo").ok();
    home.countersign(&["journal", "verify"]).ok();
    let after = home.countersign(&["journal", "show", "--json"]).ok().json_lines();
    assert_eq!(after[..before.len()], before);
    assert_eq!(after.last().unwrap()["event"], "signed");
    assert!(!home.path(".local/state/countersign/journal.broken-000001.ndjson").exists());
}

#[test]
fn the_signers_read() {
    let home = Home::new();
    let listed = home.countersign(&["signers", "list", "--json"]).ok().stdout;
    assert!(listed.contains("sign-elsewhere") && listed.contains("mira"), "{listed}");
    home.countersign(&["signers", "probe", "hsm"]).ok();
    let settings = fs::read_to_string(home.path(".config/countersign/settings.json")).unwrap();
    let settings: Value = serde_json::from_str(&settings).unwrap();
    assert_eq!(settings["theme"], "dark");
    assert_eq!(settings["policy"]["required_roles"][0], "witness");
}

#[test]
fn a_log_that_was_cut_since_0_1_saw_it_is_noticed() {
    let home = Home::new();
    let verified = home.countersign(&["log", "verify", "runs"]).ok();
    assert_eq!(verified.stderr, "");
    let log = home.run("transparency_log.ndjson");
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text.split_inclusive('\n').take(1).collect::<String>()).unwrap();
    let cut = home.countersign(&["log", "verify", "runs"]);
    assert_ne!(cut.code, 0, "{cut:#?}");
    assert!(format!("{}{}", cut.stdout, cut.stderr).contains("2 entries"), "{cut:#?}");
}

#[test]
fn registering_goes_on_from_the_head_that_0_1_saw() {
    let home = Home::new();
    let run = home.run("RUN-c19d1a7e_20260105T080200Z.json");
    home.countersign(&["log", "append", run.to_str().unwrap()]).ok();
    let verified = home.countersign(&["log", "verify", "runs"]).ok();
    assert!(verified.stdout.contains("3 entries"), "{verified:#?}");
    assert_eq!(verified.stderr, "");
}

#[test]
fn packs_exports_and_proofs_of_0_1_verify() {
    let home = Home::new();
    for (pack, digest) in [("pack", PACK), ("pack.zip", PACK_ZIP)] {
        home.countersign(&["verify", pack, "--level", "L6", "--expect", digest]).ok();
    }
    fs::create_dir(home.path("elsewhere")).unwrap();
    home.countersign(&["import", "export.zip", "elsewhere", "--expect", EXPORT]).ok();
    let elsewhere = home.path("elsewhere");
    for entry in fs::read_dir(home.path("runs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if name.to_string_lossy().starts_with("RUN-") {
            assert_eq!(fs::read(elsewhere.join(name)).unwrap(), fs::read(&path).unwrap());
        }
    }
    let run = home.run(WITNESSED);
    home.countersign(&["log", "check-proof", "proof.json", "--run", run.to_str().unwrap()]).ok();
    // The same once more changes nothing.
    home.countersign(&["import", "export.zip", "runs"]).ok();
    assert_eq!(home.levels(&[]), levels([Some(6), Some(6), Some(2), Some(1)]));
}
