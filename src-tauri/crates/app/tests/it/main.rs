//! The use cases on real directories, keys and files: what each does, what it journals, and what it
//! refuses.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod act_over_one;
mod act_over_several;
mod attestation;
mod ceremony;
mod checked_log;
mod companion;
mod evidence;
mod finding;
mod history;
mod journal;
mod keys;
mod log_acceptance;
mod log_head;
mod new_file;
mod open_directory;
mod packs;
mod proof;
mod queue;
mod review;
mod settings;
mod sign;
mod signed_keyring;
mod signer_probe;
mod signers;
mod signing;
mod station;
mod time_stamps;
mod trust_change;
mod tsa_roots;
mod workspace;
