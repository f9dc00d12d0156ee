//! Several users on one machine, and file systems that do not offer everything: the real program
//! keeps what others may read, trusts nothing that others can write, and says what it waits for.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{
    Case, Outcome, binary, command, copy_binary, finish, home, read_json, signatures_of, snapshot,
};
use serde_json::Value;
use tempfile::TempDir;

/// The group of people who sign together.
const WITNESSES: u32 = 52_000;
/// Two people in it, and one who is not.
const ANA: u32 = 52_001;
const BEN: u32 = 52_002;
const EVE: u32 = 52_003;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode_of(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

fn key(seed: u8) -> String {
    BASE64.encode([seed; 32])
}

fn signing(mut command: Command, run: &Path, role: &str, signer: &str) -> Command {
    command.args(["sign", "--role", role, "--signer", signer, "--key-id", signer]);
    command.args(["--key-file", "-"]).arg(run);
    command
}

fn sign(run: &Path, role: &str, signer: &str, seed: u8) -> Outcome {
    finish(&mut signing(command(), run, role, signer), key(seed).as_bytes())
}

/// A directory that several users share, and a copy of the program that all of them can run.
struct Shared {
    place: TempDir,
    case: Case,
}

impl Shared {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().metadata().unwrap().uid() == 0;
        assert!(root, "this test runs the program as several users: run it as root");
        mode(place.path(), 0o755);
        copy_binary(&place.path().join("countersign"));
        for user in [ANA, BEN, EVE] {
            let home = place.path().join(user.to_string());
            fs::create_dir(&home).unwrap();
            chown(&home, Some(user), Some(user)).unwrap();
        }
        let case = Case::copy("good_unsigned");
        chown(case.path(), None, Some(WITNESSES)).unwrap();
        mode(case.path(), 0o770);
        for file in [case.run(), case.manifest()] {
            chown(&file, Some(ANA), Some(WITNESSES)).unwrap();
            mode(&file, 0o660);
        }
        Self { place, case }
    }

    /// The program as one of the users, with this umask.
    fn user(&self, user: u32, umask: &str) -> Command {
        let mut setpriv = Command::new("setpriv");
        setpriv.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        setpriv.env("HOME", self.place.path().join(user.to_string()));
        let groups = if user == EVE { user } else { WITNESSES };
        setpriv.args([format!("--reuid={user}"), format!("--regid={user}")]);
        setpriv.args([format!("--groups={groups}"), "--".to_owned(), "sh".to_owned()]);
        setpriv.args(["-c", &format!("umask {umask}; exec \"$@\""), "sh"]);
        setpriv.arg(self.place.path().join("countersign"));
        setpriv
    }

    fn sign(&self, user: u32, role: &str, umask: &str) -> Outcome {
        let signing = signing(self.user(user, umask), &self.case.run(), role, &user.to_string());
        finish(&mut { signing }, key(user as u8).as_bytes())
    }

    fn journal(&self, user: u32) -> String {
        let journal = self.place.path().join(user.to_string());
        let journal = journal.join(".local/state/countersign/journal.ndjson");
        fs::read_to_string(journal).unwrap_or_default()
    }
}

fn signers(file: &Path) -> Vec<String> {
    let file = read_json(file);
    match file["signatures"].as_array() {
        Some(all) => all.iter().map(|one| one["signer_id"].as_str().unwrap().to_owned()).collect(),
        None => vec![file["signer_id"].as_str().unwrap().to_owned()],
    }
}

/// The first signature is as readable as the run, whatever the umask; a co-signature by another
/// member of the group leaves it so.
#[test]
fn signatures_stay_readable_to_the_group() {
    let shared = Shared::new();
    let files = [shared.case.signatures(), signatures_of(&shared.case.manifest())];
    let assert_shared = || {
        for file in &files {
            let meta = fs::metadata(file).unwrap();
            assert_eq!((meta.gid(), mode_of(file)), (WITNESSES, 0o660), "{}", file.display());
        }
    };
    shared.sign(ANA, "operator", "077").ok();
    assert_shared();
    shared.sign(BEN, "witness", "077").ok();
    assert_shared();
    let mut status = shared.user(ANA, "022");
    status.args(["status", "--json", "--trust", "embedded"]).arg(shared.case.path());
    let status = finish(&mut status, b"").ok().json_lines();
    assert_eq!(status[0]["signatures"].as_array().unwrap().len(), 2, "{status:?}");
}

/// Whoever cannot keep the group signs nothing, and is told how it is done.
#[test]
fn a_group_that_cannot_be_kept_is_refused_before_signing() {
    let shared = Shared::new();
    shared.sign(ANA, "operator", "022").ok();
    mode(shared.case.path(), 0o777);
    for file in [shared.case.run(), shared.case.manifest()] {
        mode(&file, 0o644);
        mode(&signatures_of(&file), 0o664);
    }
    let before = shared.case.snapshot();
    shared.sign(EVE, "witness", "022").refused(&["group 52000", "chmod g+s"]);
    assert_eq!(shared.case.snapshot(), before);
    let journal = shared.journal(EVE);
    assert!(journal.contains("\"refused\"") && !journal.contains("signing_attempted"), "{journal}");
    // With what the message asks for, it goes through.
    mode(shared.case.path(), 0o2777);
    shared.sign(EVE, "witness", "022").ok();
    assert_eq!(fs::metadata(shared.case.signatures()).unwrap().gid(), WITNESSES);
}

#[test]
fn in_a_sticky_directory_what_cannot_be_replaced_is_refused_before_signing() {
    let shared = Shared::new();
    shared.sign(ANA, "operator", "022").ok();
    mode(shared.case.path(), 0o1770);
    let before = shared.case.snapshot();
    shared.sign(BEN, "witness", "022").refused(&["sticky", "chmod -t"]);
    assert_eq!(shared.case.snapshot(), before);
    assert!(!shared.journal(BEN).contains("signing_attempted"));
}

/// An access control list with an entry for one user (acl(5)).
fn acl(user: u32) -> Vec<u8> {
    let entries: [(u16, u16, u32); 5] = [
        (1, 6, u32::MAX),
        (2, 4, user),
        (4, 0, u32::MAX),
        (0x10, 4, u32::MAX),
        (0x20, 0, u32::MAX),
    ];
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, allowed, id) in entries {
        bytes.extend([tag.to_le_bytes(), allowed.to_le_bytes()].concat());
        bytes.extend(id.to_le_bytes());
    }
    bytes
}

fn acl_of(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 1 << 16];
    let length = rustix::fs::getxattr(path, "system.posix_acl_access", &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

fn set_acl(path: &Path, name: &str, bytes: &[u8]) {
    rustix::fs::setxattr(path, name, bytes, rustix::fs::XattrFlags::empty())
        .expect("a file system with access control lists under the temporary directory");
}

#[test]
fn access_control_lists_are_kept_and_inherited() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    set_acl(&case.signatures(), "system.posix_acl_access", &acl(ANA));
    sign(&case.run(), "witness", "jon.b", 2).ok();
    assert_eq!(acl_of(&case.signatures()), Some(acl(ANA)));
    assert_eq!(acl_of(&signatures_of(&case.manifest())), None);
    // A list that the directory gives to new files reaches the new, and does not open the old.
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    set_acl(case.path(), "system.posix_acl_default", &acl(BEN));
    sign(&case.run(), "witness", "jon.b", 2).ok();
    assert_eq!(acl_of(&case.signatures()), None);
    let case = Case::copy("good_unsigned");
    set_acl(case.path(), "system.posix_acl_default", &acl(BEN));
    sign(&case.run(), "operator", "mira.k", 1).ok();
    assert_eq!(acl_of(&case.signatures()), Some(acl(BEN)));
}

/// A keyring with one key, in a private directory.
struct Trust {
    place: TempDir,
    case: Case,
}

impl Trust {
    fn new() -> Self {
        let trust = Self { place: tempfile::tempdir().unwrap(), case: Case::copy("good_ed25519") };
        let mut generate = command();
        generate.args(["keys", "generate", "--out"]).arg(trust.place.path().join("key.pem"));
        generate.args(["--key-id", "k", "--owner", "o", "--role", "operator"]);
        generate.args(["--passphrase-fd", "0", "--keyring"]).arg(trust.keyring());
        finish(&mut generate, b"passphrase").ok();
        trust
    }

    fn keyring(&self) -> PathBuf {
        self.place.path().join("trust").join("keyring.json")
    }

    /// What judges, signs or changes by the keyring.
    fn commands(&self) -> Vec<Command> {
        let of = |arguments: &[&str]| {
            let mut command = command();
            command.args(arguments).arg("--keyring").arg(self.keyring());
            command
        };
        let run = self.case.run();
        let run = run.to_str().unwrap();
        let sign =
            ["sign", "--role", "witness", "--signer", "w", "--key-id", "w", "--key-file", "-", run];
        vec![
            of(&["verify", run]),
            of(&["status", run]),
            of(&["explain", run]),
            of(&["history", run]),
            of(&["keys", "list"]),
            of(&["keys", "revoke", "k", "--reason", "lost"]),
            of(&sign),
        ]
    }

    #[track_caller]
    fn refused(&self, words: &[&str]) {
        let before = (self.case.snapshot(), fs::read(self.keyring()).unwrap());
        for mut command in self.commands() {
            finish(&mut command, key(3).as_bytes()).refused(words);
        }
        assert_eq!(before, (self.case.snapshot(), fs::read(self.keyring()).unwrap()));
    }
}

#[test]
fn a_keyring_that_others_can_write_is_named_and_not_used() {
    let trust = Trust::new();
    let (keyring, folder) = (trust.keyring(), trust.keyring().parent().unwrap().to_owned());
    assert_eq!((mode_of(&keyring), mode_of(&folder)), (0o600, 0o700));
    let command = |bits: &str, path: &Path| format!("chmod {bits} {}", path.display());
    mode(&keyring, 0o666);
    trust.refused(&["keyring.json", "every user", &command("go-w", &keyring)]);
    mode(&keyring, 0o664);
    trust.refused(&["its group", &command("g-w", &keyring)]);
    mode(&keyring, 0o644);
    mode(&folder, 0o777);
    trust.refused(&["every user", &command("go-w", &folder)]);
    mode(&folder, 0o700);
    finish(&mut trust.commands()[4], b"").ok();
    // One that another user owns, or that is reached through what they own.
    chown(&keyring, Some(EVE), None).expect("this test gives a file away: run it as root");
    trust.refused(&["user 52003", &format!("chown 0 {}", keyring.display())]);
    chown(&keyring, Some(0), None).unwrap();
    chown(&folder, Some(EVE), None).unwrap();
    trust.refused(&["user 52003", &format!("chown 0 {}", folder.display())]);
    chown(&folder, Some(0), None).unwrap();
    finish(&mut trust.commands()[4], b"").ok();
}

#[test]
fn trust_folder_settings_journal_and_memory_that_others_can_write_are_not_used() {
    let place = tempfile::tempdir().unwrap();
    let open = place.path().join("open");
    fs::create_dir(&open).unwrap();
    mode(&open, 0o777);
    let chmod = format!("chmod go-w {}", open.display());
    let case = Case::copy("good_unsigned");
    let run = case.run();
    let before = case.snapshot();

    let mut explain = command();
    explain.arg("explain").arg(&run).arg("--attestation-roots").arg(&open);
    finish(&mut explain, b"").refused(&[&chmod]);
    let mut signers = command();
    signers.args(["signers", "list", "--settings"]).arg(open.join("settings.json"));
    finish(&mut signers, b"").refused(&[&chmod]);
    let mut signing = signing(command(), &run, "operator", "mira.k");
    signing.arg("--journal").arg(open.join("journal.ndjson"));
    finish(&mut signing, key(1).as_bytes()).refused(&[&chmod, "nothing was signed"]);
    let mut append = command();
    append.args(["log", "append"]).arg(&run).arg("--log-heads").arg(&open);
    finish(&mut append, b"").refused(&[&chmod]);
    assert_eq!(case.snapshot(), before);

    // One file of a folder that is not open: the others count.
    let folder = place.path().join("roots");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("root.pem"), "").unwrap();
    mode(&folder.join("root.pem"), 0o666);
    let mut list = command();
    list.args(["roots", "list", "--attestation-roots"]).arg(&folder);
    let listed = finish(&mut list, b"").ok();
    assert!(listed.stderr.contains("chmod go-w"), "{listed:?}");
}

/// Every file of a directory with its mode, deepest last.
fn modes(directory: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = vec![(directory.to_owned(), mode_of(directory))];
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(modes(&path)),
            false => found.push((path.clone(), mode_of(&path))),
        }
    }
    found
}

#[test]
fn the_station_s_own_files_are_private_whatever_the_umask() {
    let run = |arguments: &[&str], input: &[u8]| {
        let mut open = Command::new("sh");
        open.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home());
        open.args(["-c", "umask 000; exec \"$@\"", "sh"]).arg(binary()).args(arguments);
        finish(&mut open, input).ok()
    };
    let key_file = home().join("key.pem");
    let generate = ["keys", "generate", "--out", key_file.to_str().unwrap(), "--key-id", "k"];
    let holder = ["--owner", "o", "--role", "operator", "--passphrase-fd", "0"];
    run(&[generate, holder].concat(), b"passphrase");
    let case = Case::copy("good_unsigned");
    let file = case.run();
    let file = file.to_str().unwrap();
    let signing =
        ["sign", "--role", "operator", "--signer", "o", "--key-id", "x", "--key-file", "-", file];
    run(&signing, key(1).as_bytes());
    run(&["log", "append", file], b"");
    let found: Vec<_> =
        [".config", ".local"].iter().flat_map(|one| modes(&home().join(one))).collect();
    assert!(found.len() > 8, "{found:?}");
    for (path, mode) in found {
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
}

#[test]
fn what_an_earlier_version_left_open_is_closed_once_named_and_journalled() {
    let config = home().join(".config/countersign");
    let heads = home().join(".local/state/countersign/log-heads");
    fs::create_dir_all(&heads).unwrap();
    fs::create_dir_all(&config).unwrap();
    let keyring = config.join("keyring.json");
    fs::write(&keyring, r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
    fs::write(config.join("settings.json"), "{}").unwrap();
    mode(&keyring, 0o664);
    mode(&config.join("settings.json"), 0o644);
    for folder in [&config, config.parent().unwrap(), &heads, heads.parent().unwrap()] {
        mode(folder, 0o775);
    }
    let listed = finish(command().args(["keys", "list"]), b"").ok();
    for path in [&keyring, &config, &heads] {
        assert!(listed.stderr.contains(path.to_str().unwrap()), "{listed:?}");
    }
    assert!(!listed.stderr.contains("settings.json"), "{listed:?}");
    for (path, mode) in [&config, &heads].into_iter().flat_map(|folder| modes(folder)) {
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    assert_eq!(mode_of(&home().join(".config")), 0o755);
    let journal = finish(command().args(["journal", "show", "--json"]), b"").ok().json_lines();
    assert_eq!(journal[1]["event"], "made_private");
    let files = journal[1]["files"].as_array().unwrap();
    assert!(files.contains(&Value::from(keyring.to_str().unwrap())), "{files:?}");
    // Whoever opens it later is not covered up.
    mode(&keyring, 0o664);
    finish(command().args(["keys", "list"]), b"")
        .refused(&["chmod g-w", keyring.to_str().unwrap()]);
    assert_eq!(mode_of(&keyring), 0o664);
}

/// The first start after an earlier version: what it left open to the group is closed; what every
/// user can write was never its doing.
#[test]
fn what_every_user_can_write_is_not_taken_over_at_the_first_start_either() {
    const KEYRING: &str = r#"{"keyring_version": "1.0", "keys": []}"#;
    for open in [".config/countersign/keyring.json", ".config/countersign", ".config"] {
        for bits in [0o002, 0o022] {
            let place = tempfile::tempdir().unwrap();
            let at = |name: &str| place.path().join(name);
            fs::create_dir_all(at(".config/countersign/attestation-roots")).unwrap();
            fs::create_dir_all(at(".local/state/countersign/log-heads")).unwrap();
            let keyring = at(".config/countersign/keyring.json");
            fs::write(&keyring, KEYRING).unwrap();
            mode(&keyring, 0o664);
            let is_folder = at(open).is_dir();
            mode(&at(open), if is_folder { 0o755 | bits } else { 0o644 | bits });
            let mode_before = (mode_of(&keyring), mode_of(&at(open)));
            for _ in 0..2 {
                let mut list = command();
                list.env("HOME", place.path()).args(["keys", "list"]);
                let change = if bits == 0o002 { "o-w" } else { "go-w" };
                let chmod = format!("chmod {change} {}", at(open).display());
                finish(&mut list, b"").refused(&["not used", "every user", &chmod]);
                assert_eq!((mode_of(&keyring), mode_of(&at(open))), mode_before, "{open}");
            }
        }
    }
}

#[test]
fn state_that_every_user_can_write_is_not_taken_over_at_the_first_start_either() {
    let case = Case::copy("good_authority");
    let run = case.run();
    let run = run.to_str().unwrap();
    let state = home().join(".local/state/countersign");
    let config = home().join(".config/countersign");
    // What stands in the memory of logs after it was used once.
    finish(command().args(["status"]).arg(case.path()), b"").ok();
    let heads: Vec<PathBuf> = snapshot(&state.join("log-heads"))
        .into_iter()
        .map(|(name, _)| state.join("log-heads").join(name))
        .collect();
    assert!(heads.iter().any(|head| head.extension().is_some_and(|kind| kind == "runs")));
    for head in heads {
        let _ = fs::remove_file(state.join("made-private"));
        mode(&head, 0o666);
        let said = finish(command().args(["status"]).arg(case.path()), b"");
        let chmod = format!("chmod go-w {}", head.display());
        assert!(said.stdout.contains(&chmod) || said.stderr.contains(&chmod), "{head:?}: {said:?}");
        assert_eq!(mode_of(&head), 0o666);
        mode(&head, 0o600);
    }
    // A journal that every user can write takes nothing, and nothing is closed unjournalled.
    fs::create_dir_all(&config).unwrap();
    let settings = config.join("settings.json");
    fs::write(&settings, "{}").unwrap();
    mode(&settings, 0o664);
    let journal = state.join("journal.ndjson");
    fs::write(&journal, "").unwrap();
    mode(&journal, 0o666);
    let _ = fs::remove_file(state.join("made-private"));
    let append = ["log", "append", run];
    let chmod = format!("chmod go-w {}", journal.display());
    finish(command().args(append), b"").refused(&[&chmod]);
    assert_eq!((mode_of(&journal), mode_of(&settings)), (0o666, 0o664));
    // Once the person has closed it, the rest is closed, journalled and named.
    mode(&journal, 0o600);
    let closed = finish(command().args(["signers", "list"]), b"").ok();
    assert!(closed.stderr.contains(settings.to_str().unwrap()), "{closed:?}");
    assert_eq!(mode_of(&settings), 0o600);
    let shown = finish(command().args(["journal", "show", "--json"]), b"").ok();
    assert!(shown.stdout.contains("made_private"), "{shown:?}");
}

#[test]
fn what_another_user_left_in_the_station_s_folder_is_not_taken_over() {
    let config = home().join(".config/countersign");
    fs::create_dir_all(&config).unwrap();
    let keyring = config.join("keyring.json");
    fs::write(&keyring, r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
    mode(&config, 0o775);
    chown(&keyring, Some(EVE), None).expect("this test gives a file away: run it as root");
    finish(command().args(["keys", "list"]), b"").refused(&["user 52003", "chown 0"]);
    assert_eq!(fs::metadata(&keyring).unwrap().uid(), EVE);
}

#[test]
fn without_a_home_directory_what_writes_is_refused_and_what_reads_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let case = Case::copy("good_ed25519");
    let (run, out) = (case.run(), place.path().join("out.zip"));
    let (run, out) = (run.to_str().unwrap(), out.to_str().unwrap());
    let homeless = |arguments: &[&str]| {
        let mut command = command();
        command.env("HOME", "/nonexistent").args(arguments);
        command
    };
    let sign =
        ["sign", "--role", "witness", "--signer", "w", "--key-id", "w", "--key-file", "-", run];
    let writes: [&[&str]; 6] = [
        &sign,
        &["log", "append", run],
        &["merge", run],
        &["export", run, "--out", out],
        &["pack", run, "--out", out],
        &["import", out, place.path().to_str().unwrap()],
    ];
    let before = case.snapshot();
    for arguments in writes {
        finish(&mut homeless(arguments), key(2).as_bytes()).refused(&["--journal FILE"]);
    }
    assert_eq!(case.snapshot(), before);
    assert_eq!(snapshot(place.path()), []);
    for reads in ["verify", "status", "explain", "history"] {
        let of = case.path().to_str().unwrap();
        let of = if ["status", "history"].contains(&reads) { of } else { run };
        let read = finish(&mut homeless(&[reads, of]), b"");
        assert!(read.code < 2, "{read:?}");
        assert!(read.stderr.contains("memory of logs was not consulted"), "{read:?}");
    }
    // With a journal it goes through, and logs are remembered beside it.
    let journal = place.path().join("journal.ndjson");
    let journal = ["--journal", journal.to_str().unwrap()];
    finish(&mut homeless(&[&sign[..], &journal].concat()), key(2).as_bytes()).ok();
    finish(&mut homeless(&[&["log", "append", run][..], &journal].concat()), b"").ok();
    assert!(place.path().join("log-heads").is_dir());
    assert!(!Path::new("/nonexistent").exists());
}

/// A program that is running, and the lines that it writes on standard error.
struct Running {
    child: std::process::Child,
    errors: BufReader<std::process::ChildStderr>,
}

impl Running {
    fn new(command: &mut Command, input: &str) -> Self {
        let mut key = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut key, input.as_bytes()).unwrap();
        std::io::Seek::rewind(&mut key).unwrap();
        let piped = command.stdin(key).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { child, errors }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.errors.read_line(&mut line).unwrap();
        line
    }

    fn end(mut self) -> (i32, String) {
        let mut rest = String::new();
        self.errors.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap(), rest)
    }
}

#[test]
fn a_lock_is_waited_for_aloud_and_given_up_after_thirty_seconds() {
    let case = Case::copy("good_unsigned");
    let held = File::open(case.path()).unwrap();
    held.lock().unwrap();
    let waiting = |case: &Case| {
        let mut running =
            Running::new(&mut signing(command(), &case.run(), "operator", "mira.k"), &key(1));
        let mut line = running.line();
        while ["About to sign", "  manifest", "  claim"].iter().any(|said| line.starts_with(said)) {
            line = running.line();
        }
        for word in
            ["waiting up to 30 seconds for the lock", case.path().to_str().unwrap(), "process "]
        {
            assert!(line.contains(word), "no {word:?} in {line}");
        }
        running
    };
    let before = case.snapshot();
    let (code, said) = waiting(&case).end();
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("locked for 30 seconds") && said.contains("try again"), "{said}");
    assert_eq!(case.snapshot(), before);
    // Released in time, it goes on.
    let running = waiting(&case);
    drop(held);
    let (code, said) = running.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(signers(&case.signatures()), ["mira.k"]);
}

/// Signs under `strace`, with system calls that fail.
fn injected(case: &Case, faults: &[&str]) -> Outcome {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o", "/dev/null"]);
    for fault in faults {
        strace.args(["-e", &format!("inject={fault}")]);
    }
    strace.arg(binary()).env_clear().env("HOME", home());
    strace.env("PATH", std::env::var_os("PATH").unwrap());
    finish(&mut signing(strace, &case.run(), "witness", "jon.b"), key(2).as_bytes())
}

fn last_event() -> Value {
    let shown = finish(command().args(["journal", "show", "--json"]), b"").ok().json_lines();
    shown.last().unwrap()["event"].clone()
}

/// FUSE, CIFS and shared folders of virtual machines answer so.
#[test]
fn what_a_file_system_does_not_offer_stops_no_signature() {
    for (faults, said) in [
        (&["fsync:error=EINVAL"][..], Some("cannot confirm that files are on the disk")),
        (
            &["fsync:error=ENOSYS", "fdatasync:error=EOPNOTSUPP"],
            Some("cannot confirm that files are on the disk"),
        ),
        (&["flock:error=ENOLCK"], None),
        (&["flock:error=EOPNOTSUPP"], None),
        (&["flock:error=EBADF"], None),
        (&["fchmod:error=EPERM"], None),
        (&["fgetxattr,lgetxattr:error=EOPNOTSUPP"], None),
        (&["renameat2,linkat:error=EINVAL"], None),
    ] {
        let case = Case::copy("good_unsigned");
        sign(&case.run(), "operator", "mira.k", 1).ok();
        let signed = injected(&case, faults).ok();
        match said {
            Some(words) => assert!(signed.stderr.contains(words), "{signed:?}"),
            None => assert!(!signed.stderr.contains("warning"), "{faults:?}: {signed:?}"),
        }
        for file in [case.signatures(), signatures_of(&case.manifest())] {
            assert_eq!(signers(&file), ["mira.k", "jon.b"], "{faults:?}");
        }
        assert_eq!(last_event(), "signed", "{faults:?}");
    }
}

#[test]
fn permissions_that_cannot_be_set_are_refused_only_if_somebody_could_not_read_any_more() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    for file in [case.signatures(), signatures_of(&case.manifest())] {
        mode(&file, 0o664);
    }
    let signed = injected(&case, &["fchmod:error=EOPNOTSUPP"]).ok();
    assert!(signed.stderr.contains("644") && signed.stderr.contains("664"), "{signed:?}");

    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    let before = case.snapshot();
    let mut strict = Command::new("sh");
    strict.args(["-c", "umask 077; exec \"$@\"", "sh", "strace", "-f", "-o", "/dev/null"]);
    strict.args(["-e", "inject=fchmod:error=EPERM"]).arg(binary()).env_clear();
    strict.env("HOME", home()).env("PATH", std::env::var_os("PATH").unwrap());
    finish(&mut signing(strict, &case.run(), "witness", "jon.b"), key(2).as_bytes()).refused(&[
        "644",
        "600",
        "wider umask",
    ]);
    assert_eq!(case.snapshot(), before);
}

/// The files are in place when the disk reports an error: the signatures stand, and so it is said.
#[test]
fn an_error_after_the_act_does_not_deny_it() {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    // The journal is there, and nothing but this act flushes.
    finish(command().args(["journal", "verify"]), b"").ok();
    // The last flush is that of the directory.
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut count = Command::new("strace");
    count.args(["-f", "-e", "trace=fsync", "-o"]).arg(trace.path()).arg(binary()).env_clear();
    count.env("HOME", home()).env("PATH", std::env::var_os("PATH").unwrap());
    finish(&mut signing(count, &case.run(), "witness", "ada.w"), key(4).as_bytes()).ok();
    let flushes = fs::read_to_string(trace.path()).unwrap().matches("fsync(").count();

    let signed = injected(&case, &[&format!("fsync:error=EIO:when={flushes}")]).ok();
    assert!(signed.stderr.contains("is written and stands"), "{signed:?}");
    assert_eq!(signers(&case.signatures()), ["mira.k", "ada.w", "jon.b"]);
    assert_eq!(last_event(), "signed");

    // If only the run's signatures could be put in place, the journal says which.
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    injected(&case, &["rename,renameat:error=EIO:when=2"]).refused(&["is written and stands"]);
    assert_eq!(last_event(), "signed_partly");
}
