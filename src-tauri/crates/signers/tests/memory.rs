//! What a station that runs for months keeps of what it no longer needs.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::sync::mpsc;

use countersign_signers::key_file;
use secrecy::SecretString;

/// Memory of this program that is in no file, in MiB.
fn held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn a_key_is_unlocked_on_any_thread_and_its_derivation_is_kept_in_memory_once() {
    let passphrase = SecretString::from("demo");
    let (_, pem) = key_file::generate(&mut key_file::system_random(), &passphrase).unwrap();
    let text = SecretString::from(pem.as_str());
    let before = held();
    std::thread::scope(|scope| {
        // One after the other, and all of them are there until the last has done it.
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (go, may_go) = mpsc::channel::<()>();
                let (done, is_done) = mpsc::channel();
                let (text, passphrase) = (&text, &passphrase);
                scope.spawn(move || {
                    may_go.recv().unwrap();
                    done.send(key_file::open(text, Some(passphrase)).is_ok()).unwrap();
                    // Until the sender is dropped.
                    assert!(may_go.recv().is_err());
                });
                (go, is_done)
            })
            .collect();
        for (go, is_done) in &threads {
            go.send(()).unwrap();
            assert!(is_done.recv().unwrap());
        }
        let grown = held().saturating_sub(before);
        assert!(grown < 48, "{grown} MiB more than before, for eight derivations of 16 MiB");
    });
}
