//! What the command line says, as snapshots: every help, every refusal of arguments, and the reference
//! in `docs/cli.md`. `SNAPSHOTS=overwrite cargo test -p countersign-cli --test cmd` accepts changes.

// A harness that cannot set up its test fails the test.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod help;
mod reference;
mod refusals;
mod session;
mod tree;

use std::path::{Path, PathBuf};

use snapbox::{Assert, Data};

/// The folder of the snapshots.
fn snapshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("cmd")
}

/// Compares text with a file, or writes it there if changes are accepted.
#[track_caller]
fn assert_is_snapshot(text: String, file: &Path) {
    let expected = Data::read_from(file, Some(snapbox::data::DataFormat::Text));
    Assert::new().action_env("SNAPSHOTS").eq(Data::text(text).raw(), expected.raw());
}
