//! Nothing is lost, whatever fails: the real program is killed at, and lied to by, every system call
//! with which it touches files, and two of them write the same files at once. Without the feature
//! `long` that is every ninth call.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{
    Case, Outcome, binary, command, each, finish, home, read_json, signatures_of,
};
use serde_json::Value;
use tempfile::TempDir;

/// Where the heads of logs are remembered.
const LOG_HEADS: &str = "COUNTERSIGN_LOG_HEADS";
/// Of how many calls and faults one is tried.
const STRIDE: usize = if cfg!(feature = "long") { 1 } else { 9 };

/// One system call of a program: its name, which one of that name it is, from 1, and how `strace`
/// writes it.
#[derive(Debug, Clone)]
struct Call {
    name: String,
    nth: usize,
    text: String,
}

/// An act of the program on the files of one envelope, and what it is to come to.
struct Act {
    case: Case,
    /// Outside the envelope's directory: the journal, and what the act only reads.
    beside: TempDir,
    /// What follows `countersign`.
    arguments: Vec<String>,
    /// What it is given on standard input.
    input: String,
    /// Who has signed run and manifest once it is done.
    signers: &'static [&'static str],
    /// The files as they were.
    before: Vec<(String, Vec<u8>)>,
}

/// Makes a home one in which the program has been before: what it does at its first start alone is
/// no part of an act, whose calls are counted.
fn settle(home: &Path) {
    let state = home.join(".local").join("state").join("countersign");
    let made = state.join("made-private");
    if !made.exists() {
        fs::create_dir_all(&state).unwrap();
        for directory in [home.join(".local"), home.join(".local").join("state"), state] {
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::write(made, "").unwrap();
    }
}

impl Act {
    fn new(case: Case, arguments: &[&str], input: &str, signers: &'static [&'static str]) -> Self {
        settle(&home());
        let beside = tempfile::tempdir().unwrap();
        let journal = beside.path().join("journal.ndjson");
        let mut arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        arguments.extend(["--journal".to_owned(), journal.display().to_string()]);
        let before = case.snapshot();
        Self { case, beside, arguments, input: input.to_owned(), signers, before }
    }

    fn run(&self) -> Outcome {
        let mut program = command();
        program.env(LOG_HEADS, self.beside.path().join("log-heads"));
        finish(program.args(&self.arguments), self.input.as_bytes())
    }

    /// Runs it under `strace` with these options.
    fn traced(&self, options: &[&str]) -> std::process::Output {
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "-o"])
            .arg(self.trace())
            .args(options)
            .arg(binary())
            .args(&self.arguments);
        strace.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        strace.env("HOME", home()).env(LOG_HEADS, self.beside.path().join("log-heads"));
        let input = self.beside.path().join("input");
        fs::write(&input, &self.input).unwrap();
        strace.stdin(fs::File::open(input).unwrap()).stdout(Stdio::piped());
        let output = strace.stderr(Stdio::piped()).output();
        output.expect("strace is needed: apt-get install strace")
    }

    fn trace(&self) -> PathBuf {
        self.beside.path().join("trace")
    }

    /// Runs it, and something happens to it at a call.
    fn injected(&self, call: &Call, what: &str) -> std::process::Output {
        let trace = format!("trace={}", call.name);
        let inject = format!("inject={}:{what}:when={}", call.name, call.nth);
        self.traced(&["-e", &trace, "-e", &inject])
    }

    /// Every call with which it touches files, from the first that opens something of the envelope
    /// or the journal.
    fn calls(&self) -> Vec<Call> {
        let output = self.traced(&["-s", "512", "-e", "trace=%file,%desc"]);
        assert!(output.status.success(), "{output:?}");
        let (case, beside) = (self.case.path().display(), self.beside.path().display());
        let places = [format!("\"{case}"), format!("\"{beside}")];
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut calls: Vec<Call> = Vec::new();
        for line in fs::read_to_string(self.trace()).unwrap().lines() {
            let text = line.split_once(' ').unwrap().1.trim();
            let Some((name, _)) = text.split_once('(') else { continue };
            let nth = counts.entry(name.to_owned()).and_modify(|n| *n += 1).or_insert(1);
            let ours = places.iter().any(|place| text.contains(place));
            if (!calls.is_empty() || ours) && !["execve", "mmap"].contains(&name) {
                calls.push(Call { name: name.to_owned(), nth: *nth, text: text.to_owned() });
            }
        }
        calls
    }

    /// A file of the envelope as it was.
    fn was(&self, name: &str) -> Option<&[u8]> {
        self.before.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.as_slice())
    }

    /// Whatever happened: nothing that is not written to changed, and what is written to is the old
    /// or the new whole. Says whether all is as it was.
    #[track_caller]
    fn assert_whole(&self, what: &str) -> bool {
        let mut as_it_was = true;
        let now = self.case.snapshot();
        for (name, bytes) in &self.before {
            let still = now.iter().find(|(known, _)| known == name);
            let (_, now) = still.unwrap_or_else(|| panic!("{what}: {name} is lost"));
            let written_to = name.ends_with(".sig.json")
                || name.contains("LOG_HEAD")
                || name.ends_with(".ndjson");
            assert!(now == bytes || written_to, "{what}: {name} changed");
        }
        for (name, bytes) in now.iter().filter(|(name, bytes)| self.was(name) != Some(bytes)) {
            if name.starts_with(".countersign-") {
                continue;
            }
            as_it_was = false;
            let old = self.was(name).unwrap_or_default();
            if name.ends_with(".ndjson") {
                assert!(bytes.starts_with(old), "{what}: {name} lost entries");
                let path = self.case.path().join(name);
                let mut verify = command();
                verify.env(LOG_HEADS, self.beside.path().join("log-heads"));
                finish(verify.args(["log", "verify"]).arg(path), b"").ok();
                continue;
            }
            let new: Value = serde_json::from_slice(bytes)
                .unwrap_or_else(|error| panic!("{what}: {name} is half written: {error}"));
            if name.ends_with(".sig.json") {
                assert_eq!(signers(&new), self.signers, "{what}: {name}");
            }
        }
        // All signatures that stand are valid.
        let status = self.case.status();
        for list in ["signatures", "manifest_signatures"] {
            for signature in status[list].as_array().unwrap() {
                assert_eq!(signature["standing"], "valid", "{what}: {signature}");
            }
        }
        as_it_was
    }

    /// Done once more, without hindrance, it comes to what it is to come to, and nothing of the
    /// first attempt is left about.
    #[track_caller]
    fn assert_completes(&self, what: &str) {
        let again = self.run();
        let done = again.code == 0 || again.stderr.contains("signed already with this key");
        assert!(done, "{what}: {again:?}");
        self.assert_whole(what);
        for path in [self.case.signatures(), signatures_of(&self.case.manifest())] {
            assert_eq!(signers(&read_json(&path)), self.signers, "{what}: {}", path.display());
        }
        let left = |path: &Path| {
            let names = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name());
            names.filter(|name| name.to_string_lossy().starts_with(".countersign-")).count()
        };
        assert_eq!(left(self.case.path()) + left(self.beside.path()), 0, "{what}: left about");
        let journal = self.beside.path().join("journal.ndjson");
        if journal.exists() {
            finish(command().args(["journal", "verify"]).arg(journal), b"").ok();
        }
    }
}

fn signers(file: &Value) -> Vec<&str> {
    match file["signatures"].as_array() {
        Some(list) => list.iter().map(|one| one["signer_id"].as_str().unwrap()).collect(),
        None => vec![file["signer_id"].as_str().unwrap()],
    }
}

fn key(seed: u8) -> String {
    BASE64.encode([seed; 32])
}

fn sign_arguments<'a>(run: &'a str, role: &'a str, signer: &'a str) -> Vec<&'a str> {
    vec!["sign", "--role", role, "--signer", signer, "--key-id", signer, "--key-file", "-", run]
}

fn sign(run: &Path, role: &str, signer: &str, seed: u8) -> Outcome {
    let run = run.to_str().unwrap();
    finish(command().args(sign_arguments(run, role, signer)), key(seed).as_bytes())
}

fn first_signature() -> Act {
    let case = Case::copy("good_unsigned");
    let run = case.run().display().to_string();
    Act::new(case, &sign_arguments(&run, "operator", "mira.k"), &key(1), &["mira.k"])
}

fn co_signature() -> Act {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    let run = case.run().display().to_string();
    Act::new(case, &sign_arguments(&run, "witness", "jon.b"), &key(2), &["mira.k", "jon.b"])
}

fn registration() -> Act {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1).ok();
    // Another run stands in the log already.
    let other = Case::copy("good_ed25519");
    let log = case.path().join("transparency_log.ndjson");
    // By a station of its own: many of these logs begin in the same second with the same entry.
    let heads = tempfile::tempdir().unwrap();
    let mut append = command();
    append.env(LOG_HEADS, heads.path()).args(["log", "append"]);
    finish(append.arg(other.run()).arg("--log").arg(&log), b"").ok();
    let run = case.run().display().to_string();
    Act::new(case, &["log", "append", &run], "", &["mira.k"])
}

fn merging() -> Act {
    let (case, other) = (Case::copy("good_unsigned"), Case::copy("good_unsigned"));
    sign(&case.run(), "operator", "mira.k", 1).ok();
    for artifact in [case.run(), case.manifest()] {
        let to = signatures_of(&other.path().join(artifact.file_name().unwrap()));
        fs::copy(signatures_of(&artifact), to).unwrap();
    }
    sign(&other.run(), "witness", "jon.b", 2).ok();
    let run = case.run().display().to_string();
    let mut act = Act::new(case, &[], "", &["mira.k", "jon.b"]);
    let source = act.beside.path().join("stick");
    fs::create_dir(&source).unwrap();
    for (name, bytes) in other.snapshot() {
        fs::write(source.join(name), bytes).unwrap();
    }
    let mut arguments = ["merge", &run, source.to_str().unwrap()].map(str::to_owned).to_vec();
    arguments.append(&mut act.arguments);
    act.arguments = arguments;
    act
}

fn killed_at_every_call(begin: impl Fn() -> Act + Sync) {
    let calls = begin().calls();
    assert!(calls.iter().any(|call| call.name.starts_with("rename")), "{calls:#?}");
    let calls: Vec<&Call> = calls.iter().step_by(STRIDE).collect();
    let (old, new) = (AtomicUsize::new(0), AtomicUsize::new(0));
    each(&calls, |call| {
        let act = begin();
        let output = act.injected(call, "signal=KILL");
        let what = format!("killed at {}", call.text);
        assert_eq!(output.status.signal(), Some(9), "{what}: {output:?}");
        let counter = if act.assert_whole(&what) { &old } else { &new };
        counter.fetch_add(1, Ordering::Relaxed);
        act.assert_completes(&what);
    });
    let counts = (old.into_inner() * STRIDE, new.into_inner() * STRIDE);
    assert!(counts.0 > 20 && counts.1 > 3, "killed before and after writing: {counts:?}");
}

#[test]
fn killed_at_every_call_of_a_first_signature() {
    killed_at_every_call(first_signature);
}

#[test]
fn killed_at_every_call_of_a_co_signature() {
    killed_at_every_call(co_signature);
}

#[test]
fn killed_at_every_call_of_a_registration() {
    killed_at_every_call(registration);
}

#[test]
fn killed_at_every_call_of_a_merge() {
    killed_at_every_call(merging);
}

/// What a disk or a system can say to a call; nothing where a failure of it would not be one.
fn faults(call: &Call) -> &'static [&'static str] {
    // The terminal is no file of the envelope's.
    let to_terminal = ["write(1,", "write(2,"].iter().any(|call_to| call.text.starts_with(call_to));
    match call.name.as_str() {
        _ if to_terminal => &[],
        // A descriptor is closed whatever the system says, which an injected fault forgets.
        "close" | "fcntl" | "ioctl" | "poll" => &[],
        "openat" | "mkdir" | "mkdirat" | "unlink" | "unlinkat" | "rename" | "renameat"
        | "renameat2" | "write" | "fsync" | "fdatasync" | "fchmod" | "chmod" | "ftruncate"
        | "linkat" => &["ENOSPC", "EIO", "EACCES", "EROFS"],
        _ => &["EIO"],
    }
}

fn faults_at_every_call(begin: impl Fn() -> Act + Sync) {
    let calls = begin().calls();
    let faults: Vec<(&Call, &str)> = calls
        .iter()
        .flat_map(|call| faults(call).iter().map(move |&fault| (call, fault)))
        .step_by(STRIDE)
        .collect();
    let (refused, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    each(&faults, |(call, fault)| {
        let act = begin();
        let output = act.injected(call, &format!("error={fault}"));
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let what = format!("{fault} of {}: {said:?}", call.text);
        let as_it_was = act.assert_whole(&what);
        let places = [act.case.path(), act.beside.path()].map(|path| path.display().to_string());
        // The person's own keyring is read, with what stands beside it and the signed one, and the key
        // comes by standard input.
        let elsewhere = ["keyring.json", "/log-policy", "/signed-keyring", "standard input"];
        let elsewhere = elsewhere.map(str::to_owned);
        let named = places.iter().chain(&elsewhere).any(|place| said.contains(place));
        match output.status.code() {
            Some(0) => {
                done.fetch_add(1, Ordering::Relaxed);
                assert!(!as_it_was, "{what}: said to be done, and nothing is");
            }
            // Of what was merged, not everything came in.
            Some(1) => assert!(named, "{what}: no file is named"),
            Some(2) => {
                refused.fetch_add(1, Ordering::Relaxed);
                assert!(said.contains("error:") && named, "{what}: no file is named");
                assert!(as_it_was || !said.contains("nothing was"), "{what}: something was");
            }
            other => panic!("{what}: exit code {other:?}"),
        }
        act.assert_completes(&what);
    });
    assert!(refused.into_inner() * STRIDE > 40);
}

#[test]
fn faults_at_every_call_of_a_first_signature() {
    faults_at_every_call(first_signature);
}

#[test]
fn faults_at_every_call_of_a_co_signature() {
    faults_at_every_call(co_signature);
}

#[test]
fn faults_at_every_call_of_a_registration() {
    faults_at_every_call(registration);
}

#[test]
fn faults_at_every_call_of_a_merge() {
    faults_at_every_call(merging);
}

/// Two processes at a time, let go at the same moment, co-sign one envelope: again and again, over
/// some envelopes, since every signature makes the files longer.
#[test]
fn two_processes_co_signing_the_same_envelope_lose_nothing() {
    const SIDES: [&str; 2] = ["left", "right"];
    const ENVELOPES: usize = if cfg!(feature = "long") { 20 } else { 3 };
    const EACH: usize = 25;
    for envelope in 0..ENVELOPES {
        let case = Case::copy("good_unsigned");
        let run = case.run();
        sign(&run, "operator", "mira.k", 1).ok();
        let (together, failed) = (Barrier::new(SIDES.len()), Mutex::new(Vec::new()));
        let co_sign = |side: usize| {
            for number in 0..EACH {
                let signer = format!("{}.{number}", SIDES[side]);
                let mut seed = [2; 32];
                seed[..3].copy_from_slice(&[envelope, side, number].map(|part| part as u8));
                let arguments = sign_arguments(run.to_str().unwrap(), "witness", &signer);
                together.wait();
                let outcome = finish(command().args(arguments), BASE64.encode(seed).as_bytes());
                if outcome.code != 0 {
                    failed.lock().unwrap().push(outcome);
                }
            }
        };
        std::thread::scope(|scope| {
            let co_sign = &co_sign;
            (0..SIDES.len()).for_each(|side| drop(scope.spawn(move || co_sign(side))));
        });
        assert!(failed.lock().unwrap().is_empty(), "{failed:?}");
        let mut expected = vec!["mira.k".to_owned()];
        for side in SIDES {
            expected.extend((0..EACH).map(|number| format!("{side}.{number}")));
        }
        expected.sort();
        let status = case.status();
        for list in ["signatures", "manifest_signatures"] {
            let list = status[list].as_array().unwrap();
            assert!(list.iter().all(|one| one["standing"] == "valid"), "{list:?}");
            let found = list.iter().map(|one| one["signer_id"].as_str().unwrap().to_owned());
            let mut found: Vec<String> = found.collect();
            found.sort();
            assert_eq!(found, expected);
        }
        assert_eq!(fs::read_dir(case.path()).unwrap().count(), 4, "nothing is left about");
    }
}
