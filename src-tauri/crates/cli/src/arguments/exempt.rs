//! The list of signatures that need no claim.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_problem::Problem;
use countersign_store::reading::{self, directory_of};

use crate::stopped::Stopped;

/// The longest list that is read, in bytes (16 MiB, about 250,000 signatures).
const MAX_BYTES: u64 = 16 << 20;

/// Why a list of exempt signatures cannot be used.
#[derive(Debug, Problem)]
enum ExemptError {
    /// A line that is not a digest.
    Line {
        /// The list.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
}

/// Reads a list: the first word of each line is the SHA-256 of a raw signature.
pub fn read(path: &Path) -> Result<BTreeSet<Digest>, Stopped> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let read = lines.map(|(line, number)| {
        let unreadable = || ExemptError::Line { path: path.to_owned(), line: number };
        let word = line.split_whitespace().next().unwrap_or_default();
        Digest::parse_hex(word).ok_or_else(unreadable)
    });
    Ok(read.collect::<Result<_, _>>()?)
}
