//! Whatever reads what others wrote, given any bytes.
//!
//! Each target asserts what holds for all input: nothing panics, what is refused says why, what is read
//! and written is read again as the same, and a verdict is the same the second time. It is tried with
//! new input by LLVM's fuzzer (`scripts/fuzz`, the program in `main.rs`), and with what is kept in
//! `corpus` by the tests.
//!
//! | question | module |
//! |---|---|
//! | Runs, manifests, and what else is JSON alone? | [`artifacts`] |
//! | What people sign, and how it is kept? | [`signatures`] |
//! | What devices, clouds and authorities state? | [`evidence`] |
//! | Hash-chained logs, and proofs from them? | [`logs`] |
//! | Whose keys count, and what a person sets? | [`station`] |
//! | What cards, agents and modules answer? | [`devices`] |
#![allow(clippy::expect_used, clippy::panic)]

pub mod artifacts;
pub mod devices;
pub mod evidence;
pub mod logs;
pub mod signatures;
pub mod station;

use std::alloc::System;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use cap::Cap;
use countersign_envelope::instant::Instant;
use countersign_problem::Explain;

/// Most memory that the targets may hold at a time, in bytes. Whatever they read is at most a megabyte
/// here, and reading takes a multiple of it; an allocation above the limit fails, which ends the
/// program.
pub const MEMORY: usize = 512 << 20;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MEMORY);

/// What reads a kind of input.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, also of its folder in `corpus`.
    pub name: &'static str,
    /// Reads any bytes.
    pub read: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "canonical", read: artifacts::canonical },
    Target { name: "sealed_run", read: artifacts::sealed_run },
    Target { name: "manifest", read: artifacts::manifest },
    Target { name: "authority_boundary", read: artifacts::authority_boundary },
    Target { name: "signature_file", read: signatures::signature_file },
    Target { name: "claim", read: signatures::claim },
    Target { name: "refusals", read: signatures::refusals },
    Target { name: "finding", read: signatures::finding },
    Target { name: "disclosure", read: signatures::disclosure },
    Target { name: "time_stamp", read: evidence::time_stamp },
    Target { name: "time_response", read: evidence::time_response },
    Target { name: "run_time_stamp", read: evidence::run_time_stamp },
    Target { name: "key_attestation", read: evidence::key_attestation },
    Target { name: "yubikey", read: evidence::yubikey },
    Target { name: "yubihsm", read: evidence::yubihsm },
    Target { name: "tpm", read: evidence::tpm },
    Target { name: "liquidsecurity", read: evidence::liquidsecurity },
    Target { name: "cloud_kms", read: evidence::cloud_kms },
    Target { name: "certificate", read: evidence::certificate },
    Target { name: "revocation_list", read: evidence::revocation_list },
    Target { name: "log", read: logs::log },
    Target { name: "log_head", read: logs::log_head },
    Target { name: "inclusion", read: logs::inclusion },
    Target { name: "journal", read: logs::journal },
    Target { name: "archive", read: station::archive },
    Target { name: "keyring", read: station::keyring },
    Target { name: "signed_keyring", read: station::signed_keyring },
    Target { name: "trust_folder", read: station::trust_folder },
    Target { name: "public_key", read: station::public_key },
    Target { name: "settings", read: station::settings },
    Target { name: "catalogue", read: station::catalogue },
    Target { name: "piv_card", read: devices::piv_card },
    Target { name: "ssh_agent", read: devices::ssh_agent },
    Target { name: "pkcs11", read: devices::pkcs11 },
];

/// The target of a name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}

/// Where the corpus of a target is kept.
pub fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name)
}

/// What was read; what is refused has a code and words.
fn read<T, E: Explain>(outcome: Result<T, E>) -> Option<T> {
    outcome.map_err(|error| refused(&error)).ok()
}

fn refused(error: &dyn Explain) {
    let problem = error.problem();
    assert!(!problem.code.name().is_empty(), "no code");
    assert!(!problem.message().is_empty(), "{:?} has no words", problem.code);
}

/// What was written is read again as the same.
fn same<T: PartialEq + Debug, E: Debug>(again: Result<T, E>, first: &T) {
    assert_eq!(&again.expect("what was written is read again"), first);
}

/// Some input as several: each begins with its length in two bytes, the most significant first. The last
/// may be cut off.
fn parts(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
        let (part, rest) = rest.split_at(length);
        parts.push(part.to_vec());
        bytes = rest;
    }
    parts
}

/// A time at which the kept attestations and tokens are valid.
fn now() -> Instant {
    Instant::parse("2026-12-01T00:00:00Z").expect("a time")
}
