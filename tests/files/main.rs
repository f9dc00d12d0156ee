//! The command line on files: what it signs, verifies, refuses, remembers and carries.

mod attestation;
mod carrying;
mod claims;
mod command_line;
mod conformance;
mod from_0_1;
mod history;
mod journal;
mod key_files;
mod keyring;
mod log_memory;
mod merge;
mod named_files;
mod openssl;
mod packs;
mod quorum;
mod refusals;
mod refusing;
mod resources;
mod run_and_manifest;
mod shared_machine;
mod signing;
mod terms;
mod time_stamps;
mod transparency_log;
mod verifier;
