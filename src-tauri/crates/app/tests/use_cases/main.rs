//! The use cases of a station against real files: what each does, what it journals, and what it
//! refuses.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod checked_log;
mod evidence;
mod keys;
mod log_head;
mod new_file;
mod open_directory;
mod packs;
mod proof;
mod settings;
mod signers;
mod station;
mod workspace;
