//! Second versions of a log, as synchronising programs and git leave them. Logs are not merged:
//! the remedy is named.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use countersign_problem::Problem;

use crate::reading::{self, directory_of, name_of};

/// Why a log may not be the only one.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "log-copy")]
pub enum LogCopyWarning {
    /// Another file may be a version of it.
    SecondVersion {
        /// The other file.
        copy: PathBuf,
        /// The log.
        log: PathBuf,
    },
    /// Two versions are in one file, with git's conflict markers between them.
    ConflictMarkers(PathBuf),
}

/// Why a log may not be the only one.
pub fn warnings(log: &Path) -> Vec<LogCopyWarning> {
    let second = |copy| LogCopyWarning::SecondVersion { copy, log: log.to_owned() };
    let copies = beside(log).into_iter().map(second);
    let markers =
        has_conflict_markers(log).then(|| LogCopyWarning::ConflictMarkers(log.to_owned()));
    markers.into_iter().chain(copies).collect()
}

/// The files beside a log whose names were made of its name.
fn beside(log: &Path) -> Vec<PathBuf> {
    let own = name_of(log);
    let stem = own.strip_suffix(".ndjson").unwrap_or(&own).to_owned();
    let is_copy = |name: &str| {
        let made_of = name.starts_with(&stem) || name.contains(&format!(" {stem}"));
        name != own && made_of && name.contains(".ndjson")
    };
    let entries = std::fs::read_dir(directory_of(log)).into_iter().flatten().flatten();
    let mut copies: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_copy))
        .map(|entry| entry.path())
        .collect();
    copies.sort();
    copies
}

/// Reads no more of a line than it takes to know it: a log may be of any size.
fn has_conflict_markers(log: &Path) -> bool {
    const LEAST: usize = 7;
    let Ok(file) = reading::open(log, directory_of(log)) else { return false };
    let mut source = BufReader::new(file);
    // How many `<` the line has so far, up to the least; `None` once it has something else.
    let mut matched = Some(0);
    loop {
        let Ok(piece) = source.fill_buf() else { return false };
        if piece.is_empty() {
            return false;
        }
        for byte in piece {
            matched = match matched {
                _ if *byte == b'\n' => Some(0),
                Some(count) if *byte == b'<' => Some(LEAST.min(count + 1)),
                Some(LEAST) if *byte == b' ' => return true,
                _ => None,
            };
        }
        let length = piece.len();
        source.consume(length);
    }
}
