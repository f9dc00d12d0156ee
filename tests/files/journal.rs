//! The journal through the real binary: what leaves which lines, and what survives tampering,
//! other processes and kills.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish};
use serde_json::Value;
use tempfile::TempDir;
use virtual_yubikey::{Algorithm, Card, Options, Pcscd, SlotOptions};

/// Long enough for a slow machine; nothing waits for it where all is well.
const LIMIT: Duration = Duration::from_secs(60);

/// A journal in a directory of its own.
struct Journal(TempDir);

impl Journal {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("journal.ndjson")
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `countersign` with this journal.
    fn command(&self) -> Command {
        let mut command = command();
        command.env("COUNTERSIGN_JOURNAL", self.path());
        command
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn verify(&self) -> Outcome {
        finish(self.command().args(["journal", "verify"]), b"")
    }

    /// The entries through all files, once the whole chain holds.
    #[track_caller]
    fn entries(&self) -> Vec<Value> {
        self.verify().ok();
        finish(self.command().args(["journal", "show", "--json"]), b"").ok().json_lines()
    }

    #[track_caller]
    fn events(&self) -> Vec<String> {
        self.entries().iter().map(|entry| entry["event"].as_str().unwrap().to_owned()).collect()
    }
}

/// A command that signs, with a key on standard input.
fn signing(mut command: Command, run: &Path, signer: &str) -> Command {
    command.args(["sign", "--role", "operator", "--signer", signer, "--key-file", "-"]);
    command.args(["--key-id", "ds-test-o"]).arg(run);
    command
}

fn key(byte: u8) -> String {
    BASE64.encode([byte; 32])
}

/// A command that is refused as many times as it names files: two lines each.
fn refused_often(journal: &Journal, name: &str, times: usize) -> Command {
    let mut sign = journal.command();
    sign.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "k", "--key-file"]);
    let key_file = journal.beside("key");
    fs::write(&key_file, key(1)).unwrap();
    sign.arg(key_file).args((0..times).map(|n| format!("/nonexistent/{name}-{n}.json")));
    sign.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sign
}

/// Waits for a condition.
#[track_caller]
fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LIMIT, "never: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_signature_and_a_refusal_leave_their_lines() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    finish(&mut signing(journal.command(), &case.run(), "o"), key(1).as_bytes()).ok();
    finish(&mut signing(journal.command(), &case.run(), "w"), key(1).as_bytes())
        .refused(&["signed already with this key"]);
    finish(journal.command().args(["log", "append"]).arg(case.run()), b"").ok();
    let entries = journal.entries();
    assert_eq!(
        journal.events(),
        [
            "journal_begun",
            "ceremony_begun",
            "key_chosen",
            "signing_attempted",
            "signed",
            "ceremony_begun",
            "key_chosen",
            "refused",
            "registered",
        ]
    );
    let signed = &entries[4];
    assert_eq!((&signed["signer_id"], &signed["role"]), (&"o".into(), &"operator".into()));
    assert_eq!(
        (&signed["key_id"], &signed["signer_type"]),
        (&"ds-test-o".into(), &"software".into())
    );
    assert_eq!(signed["ceremony"], entries[1]["entry_hash"].as_str().unwrap()[7..15]);
    assert_eq!(signed["files"][0], case.signatures().display().to_string());
    let block = countersign_tests::read_json(&case.signatures());
    assert_eq!(signed["artifacts"][0]["payload_bytes_sha256"], block["payload_bytes_sha256"]);
    assert_eq!(signed["artifacts"][1]["payload_type"], "manifest");
    assert_eq!(signed["artifacts"], entries[3]["artifacts"]);
    assert_eq!(entries[7]["code"], "same_key");
    assert_ne!(entries[7]["ceremony"], signed["ceremony"]);
    assert!(!journal.text().contains(&key(1)));
    let shown = finish(journal.command().args(["journal", "show"]), b"").ok().stdout;
    assert!(
        shown.contains("  o signed ") && shown.contains(" and its manifest as operator with the "),
        "{shown}"
    );
}

#[test]
fn a_wrong_passphrase_leaves_its_line_and_not_itself() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    let key_file = journal.beside("o.key.pem");
    let mut generate = journal.command();
    generate.args(["keys", "generate", "--no-keyring", "--key-id", "ds-test-o", "--owner", "o"]);
    generate.args(["--role", "operator", "--passphrase-fd", "0", "--out"]).arg(&key_file);
    finish(&mut generate, b"correct-h0rse\n").ok();
    let sign = |passphrase: &str| {
        let mut sign = journal.command();
        sign.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "ds-test-o"]);
        sign.args(["--passphrase-fd", "0", "--key-file"]).arg(&key_file).arg(case.run());
        finish(&mut sign, passphrase.as_bytes())
    };
    sign("incorrect-h0rse").refused(&["the passphrase is wrong"]);
    sign("correct-h0rse").ok();
    let events = journal.events();
    let before = ["ceremony_begun", "key_chosen", "secret_asked"];
    assert_eq!(events[..2], ["journal_begun", "key_created"]);
    assert_eq!(events[2..5], before);
    assert_eq!(events[5..7], ["secret_not_taken", "broken_off"]);
    assert_eq!(events[7..10], before);
    assert_eq!(events[10..], ["key_opened", "signing_attempted", "signed"]);
    assert!(!journal.text().contains("h0rse"));
}

/// What an external command says may hold anything; the person is told, the journal is not.
#[test]
fn what_a_command_says_is_shown_and_not_kept() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    // RFC 8032 section 7.1, test 1.
    let public = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let mut sign = journal.command();
    sign.args([
        "sign",
        "--role",
        "operator",
        "--signer",
        "o",
        "--key-id",
        "k",
        "--public-key",
        public,
    ]);
    sign.args(["--external-signer-cmd", "sh -c 'echo session t0ken >&2; exit 3'"]).arg(case.run());
    finish(&mut sign, b"").refused(&["t0ken"]);
    assert_eq!(journal.events().last().map(String::as_str), Some("refused"));
    assert!(!journal.text().contains("t0ken"));
}

#[test]
fn a_line_that_was_changed_is_named_and_the_file_kept() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    let sign = || finish(&mut signing(journal.command(), &case.run(), "o"), key(1).as_bytes());
    sign().ok();
    let last_hash = journal.entries().last().unwrap()["entry_hash"].clone();
    let tampered = journal.text().replacen("\"signer_id\": \"o\"", "\"signer_id\": \"p\"", 1);
    fs::write(journal.path(), &tampered).unwrap();
    let found = journal.verify();
    assert_eq!(found.code, 1);
    assert!(found.stdout.contains("broken: line 3: the entry was changed"), "{found:?}");
    assert_eq!(journal.text(), tampered, "verifying changes nothing");

    let said = sign().refused(&["signed already", "was broken, line 3"]);
    assert!(said.stderr.contains("journal.broken-000001.ndjson"), "{said:?}");
    let kept = fs::read_to_string(journal.beside("journal.broken-000001.ndjson")).unwrap();
    assert_eq!(kept, tampered);
    let entries = journal.entries();
    assert_eq!(entries[0]["event"], "journal_broken");
    assert_eq!(entries[0]["last_hash"], last_hash);
    assert!(entries[0]["why"].as_str().unwrap().starts_with("line 3: "));
    assert_eq!(entries.last().unwrap()["event"], "refused");
}

#[test]
fn processes_that_write_at_once_lose_no_line() {
    let journal = Journal::new();
    let processes: Vec<_> = ["a", "b"]
        .map(|name| refused_often(&journal, name, 100).spawn().expect("the command starts"))
        .into_iter()
        .collect();
    for mut process in processes {
        assert_eq!(process.wait().unwrap().code(), Some(2));
    }
    let entries = journal.entries();
    assert_eq!(entries.len(), 1 + 2 * 200);
    for name in ["a", "b"] {
        for n in 0..100 {
            let file = format!("/nonexistent/{name}-{n}.json");
            let begun: Vec<_> = entries.iter().filter(|entry| entry["file"] == file).collect();
            assert_eq!(begun.len(), 1, "{file}");
            let ceremony = &begun[0]["entry_hash"].as_str().unwrap()[7..15];
            let ended = entries.iter().filter(|entry| entry["ceremony"] == ceremony);
            assert_eq!(ended.count(), 1, "{file}");
        }
    }
}

/// Killed at any moment, and the machine's half line: what was whole stays whole.
#[test]
fn a_kill_leaves_a_journal_that_can_be_read_and_added_to() {
    let journal = Journal::new();
    let mut least = 0;
    for round in 1..=5u64 {
        let mut process = refused_often(&journal, "killed", 5000).spawn().unwrap();
        let wanted = least + round * 5000;
        until("more is written", || {
            fs::metadata(journal.path()).is_ok_and(|meta| meta.len() >= wanted)
        });
        process.kill().unwrap();
        assert!(!process.wait().unwrap().success());
        least = fs::metadata(journal.path()).unwrap().len();
        assert!(journal.entries().len() > 1);
    }
    let before = journal.entries().len();
    let half = r#"{"ceremony": "0123"#;
    fs::write(journal.path(), journal.text() + half).unwrap();
    assert!(journal.verify().ok().stdout.contains("the last line is incomplete (18 bytes)"));
    let said = finish(refused_often(&journal, "after", 1).stderr(Stdio::piped()), b"");
    assert!(said.stderr.contains("journal.torn-000001.ndjson"), "{said:?}");
    assert_eq!(fs::read_to_string(journal.beside("journal.torn-000001.ndjson")).unwrap(), half);
    let events = journal.events();
    assert_eq!(events[before..], ["journal_torn", "ceremony_begun", "refused"]);
}

#[test]
fn a_full_journal_goes_on_in_the_next() {
    let journal = Journal::new();
    let mut often = refused_often(&journal, "full", 40);
    assert_eq!(often.env("COUNTERSIGN_JOURNAL_BYTES", "4096").status().unwrap().code(), Some(2));
    let events = journal.events();
    assert_eq!(events.iter().filter(|event| *event == "refused").count(), 40);
    let rotated = events.iter().filter(|event| *event == "journal_rotated").count();
    assert!(rotated >= 3, "{rotated}");
    assert!(journal.beside(&format!("journal.{rotated:06}.ndjson")).exists());
    // Nor can the first of them be taken out.
    let first = journal.beside("journal.000001.ndjson");
    let away = fs::read(&first).unwrap();
    fs::remove_file(&first).unwrap();
    let found = journal.verify();
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.stdout.contains("journal.000001.ndjson: is missing; restore it"), "{found:?}");
    fs::write(&first, away).unwrap();
    // A line of an old file counts as one of the new.
    let old = journal.beside("journal.000002.ndjson");
    let text = fs::read_to_string(&old).unwrap();
    fs::write(&old, text.lines().map(|line| format!("{line}\n")).skip(1).collect::<String>())
        .unwrap();
    let found = journal.verify();
    assert_eq!(found.code, 1);
    assert!(found.stdout.contains("journal.000002.ndjson: "), "{found:?}");
    assert!(found.stdout.contains("broken: line 1: "), "{found:?}");
}

#[test]
fn nothing_is_signed_that_cannot_be_journalled() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    fs::create_dir(journal.path()).unwrap();
    let before = case.snapshot();
    finish(&mut signing(journal.command(), &case.run(), "o"), key(1).as_bytes()).refused(&[
        "cannot be written to the journal",
        "move it aside",
        "nothing was signed",
    ]);
    assert_eq!(case.snapshot(), before);
    // A refusal is said as ever.
    finish(&mut signing(journal.command(), &case.path().join("no.json"), "o"), key(1).as_bytes())
        .refused(&["no.json: no such file"]);
}

/// A disk that is full, as the limit of a file's size makes it: the line that did not fit is cut off.
#[test]
fn a_full_disk_leaves_the_journal_whole_and_signs_nothing() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    let before = case.snapshot();
    let sign = signing(journal.command(), &case.run(), "o");
    let limited = |sign: &Command| {
        // In blocks of 512 bytes (POSIX ulimit); the signal that goes with it is ignored.
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"]);
        limited.arg(countersign_tests::binary()).args(sign.get_args());
        for (name, value) in sign.get_envs() {
            limited.env(name, value.unwrap_or_default());
        }
        limited
    };
    let mut refused = 0;
    loop {
        let none = signing(journal.command(), &case.path().join("no.json"), "o");
        finish(&mut limited(&none), key(1).as_bytes()).refused(&["no.json: no such file"]);
        let entries = journal.entries().len();
        if entries == refused {
            break;
        }
        refused = entries;
        assert!(refused < 100, "the disk is never full");
    }
    assert!(!journal.verify().ok().stdout.contains("half"));
    finish(&mut limited(&sign), key(1).as_bytes())
        .refused(&["cannot be written to the journal", "nothing was signed"]);
    assert_eq!(case.snapshot(), before);
}

#[test]
fn the_own_journal_is_at_home_and_nowhere_without_one() {
    let case = Case::copy("good_unsigned");
    let homeless = || {
        let mut command = command();
        command.env("HOME", "/nonexistent");
        command
    };
    let before = case.snapshot();
    finish(&mut signing(homeless(), &case.run(), "o"), key(1).as_bytes())
        .refused(&["no home directory", "--journal FILE"]);
    assert_eq!(case.snapshot(), before);
    assert!(!Path::new("/nonexistent").exists());
    finish(homeless().args(["journal", "show"]), b"").refused(&["name the file"]);

    let home = tempfile::tempdir().unwrap();
    let mut at_home = command();
    at_home.env("HOME", home.path());
    finish(&mut signing(at_home, &case.run(), "w"), key(2).as_bytes()).ok();
    let mut verify = command();
    verify.env("HOME", home.path()).args(["journal", "verify"]);
    let verified = finish(&mut verify, b"").ok();
    assert!(verified.stdout.contains("countersign/journal.ndjson: 5 entries"), "{verified:?}");
}

fn yubikey() -> Card {
    let slots = vec![SlotOptions::new(0x9c, Algorithm::P256)];
    Card::new(Options { slots, ..Options::default() })
}

#[test]
fn what_is_plugged_in_and_what_its_pin_costs_are_written_down() {
    let (journal, case) = (Journal::new(), Case::copy("good_unsigned"));
    let pcscd = Pcscd::start().unwrap();
    let command = || {
        let mut command = journal.command();
        command.env("PCSCLITE_CSOCK_NAME", pcscd.socket());
        command
    };
    let mut watch = command();
    let mut watch =
        watch.args(["devices", "--watch"]).stdout(Stdio::null()).spawn().expect("it starts");
    let there = |event: &str| {
        fs::read_to_string(journal.path()).is_ok_and(|text| text.contains(&format!("\"{event}\"")))
    };
    let plug = yubikey().plug(pcscd.port(0)).unwrap();
    until("the arrival is written down", || there("device_arrived"));

    let sign = |pin: &str| {
        let mut sign = command();
        sign.args(["sign", "--role", "witness", "--piv", "--slot", "9c", "--signer", "w"]);
        sign.args(["--key-id", "ds-test-w", "--pin-fd", "0"]).arg(case.run());
        finish(&mut sign, format!("{pin}\n").as_bytes())
    };
    sign("864209").refused(&["PIN"]);
    sign("123456").ok();
    drop(plug.pull());
    until("the removal is written down", || there("device_removed"));
    watch.kill().unwrap();
    watch.wait().unwrap();

    let entries = journal.entries();
    let the = |event: &str| {
        let found: Vec<_> = entries.iter().filter(|entry| entry["event"] == event).collect();
        assert_eq!(found.len(), 1, "{event}");
        found[0]
    };
    let arrived = the("device_arrived");
    assert_eq!(arrived["serial"], 99_000_001);
    assert!(arrived["firmware"].as_str().unwrap().starts_with("5."), "{arrived}");
    assert!(arrived["reader"].as_str().unwrap().starts_with("Virtual PCD"), "{arrived}");
    assert_eq!(the("device_removed")["serial"], 99_000_001);
    assert_eq!(the("secret_not_taken")["tries_left"], 2);
    let signed = the("signed");
    assert_eq!(signed["signer_type"], "hardware");
    assert_eq!(signed["fingerprint"], the("key_opened")["fingerprint"]);
    let chosen = entries.iter().find(|entry| entry["event"] == "key_chosen").unwrap();
    assert!(chosen["locked"].as_str().unwrap().contains("99000001"), "{chosen}");
    assert!(!journal.text().contains("864209") && !journal.text().contains("\"123456\""));
}

/// A journal with a keyring, trusted roots and settings of its own beside it.
impl Journal {
    fn trusting(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut command = self.command();
        command.env("COUNTERSIGN_KEYRING", self.beside("keyring.json"));
        command.env("COUNTERSIGN_SETTINGS", self.beside("settings.json"));
        command.current_dir(self.0.path());
        finish(command.args(arguments), input)
    }
}

const GENERATE: &[&str] = &[
    "keys",
    "generate",
    "--out",
    "mira.pem",
    "--passphrase-fd",
    "0",
    "--key-id",
    "ds-test-1",
    "--owner",
    "mira",
    "--role",
    "operator",
];

#[test]
fn every_change_of_trust_is_journalled_and_shown_as_a_sentence() {
    let journal = Journal::new();
    fs::write(journal.beside("root.pem"), virtual_yubikey::test_roots_pem().unwrap()).unwrap();
    journal.trusting(GENERATE, b"four words make sense").ok();
    let add = ["keys", "add", "-", "--key-id", "ds-test-2", "--owner", "jon", "--role", "witness"];
    journal.trusting(&add, key(9).as_bytes()).ok();
    journal
        .trusting(
            &["keys", "revoke", "ds-test-2", "--reason", "lost", "--at", "2026-01-02T03:04:05Z"],
            b"",
        )
        .ok();
    // Refused changes are no changes.
    journal
        .trusting(&["keys", "revoke", "ds-test-2", "--reason", "again"], b"")
        .refused(&["revoked"]);
    let offered = journal.trusting(&["roots", "add", "root.pem"], b"");
    let sha256 = offered.stdout.split("SHA-256  ").nth(1).unwrap()[..64].to_owned();
    journal.trusting(&["roots", "add", "root.pem", "--sha256", &sha256], b"").ok();
    journal.trusting(&["roots", "remove", &sha256], b"").ok();
    let secret = "sign --password hunter2";
    let signer = ["signers", "add", "hsm", "--command", secret, "--no-probe", "--key-id", "k"];
    journal
        .trusting(&[&signer[..], &["--signer", "sam", "--public-key", &key(9)]].concat(), b"")
        .ok();
    journal.trusting(&["signers", "remove", "hsm"], b"").ok();

    let events = journal.events();
    let trust = [
        "key_created",
        "key_added",
        "key_added",
        "key_revoked",
        "root_trusted",
        "root_removed",
        "setting_changed",
        "setting_changed",
    ];
    assert_eq!(events[1..], trust);
    assert!(!journal.text().contains("hunter2"));
    let shown = finish(journal.command().args(["journal", "show"]), b"").ok().stdout;
    for sentence in [
        "Created a private key in mira.pem, sha256:",
        "Added ds-test-1 of mira to the keyring, software, as operator",
        "Revoked ds-test-2 of jon from 2026-01-02T03:04:05Z: lost",
        &format!("SHA-256 {sha256}"),
        "Added the signer hsm: command sign, key k of sam, profile ",
        "Removed the signer hsm: command sign",
    ] {
        assert!(shown.contains(sentence), "no {sentence:?} in {shown}");
    }
}

#[test]
fn a_change_of_trust_that_cannot_be_journalled_is_not_made() {
    let journal = Journal::new();
    fs::create_dir(journal.path()).unwrap();
    fs::write(journal.beside("root.pem"), virtual_yubikey::test_roots_pem().unwrap()).unwrap();
    journal.trusting(GENERATE, b"four words make sense").refused(&["journal.ndjson"]);
    let add = ["keys", "add", "-", "--key-id", "ds-test-2", "--owner", "jon", "--role", "witness"];
    journal.trusting(&add, key(9).as_bytes()).refused(&["journal.ndjson"]);
    let offered = journal.trusting(&["roots", "add", "root.pem"], b"");
    let sha256 = offered.stdout.split("SHA-256  ").nth(1).unwrap()[..64].to_owned();
    journal
        .trusting(&["roots", "add", "root.pem", "--sha256", &sha256], b"")
        .refused(&["journal.ndjson"]);
    let signer = ["signers", "add", "hsm", "--command", "sign", "--no-probe", "--key-id", "k"];
    journal
        .trusting(&[&signer[..], &["--signer", "sam", "--public-key", &key(9)]].concat(), b"")
        .refused(&["journal.ndjson"]);
    for name in ["mira.pem", "keyring.json", "attestation-roots", "settings.json"] {
        assert!(!journal.beside(name).exists(), "{name}");
    }
}
