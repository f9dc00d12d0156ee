//! Why nothing was exported or imported.

use std::path::PathBuf;

use countersign_envelope::digest::Digest;
use countersign_journal::JournalError;
use countersign_problem::{Problem, Reason, Words};
use countersign_store::archive::{ArchiveError, Fault};
use countersign_store::directory::DirectoryError;
use countersign_store::log_memory::Rewritten;
use countersign_store::reading::ReadError;

/// Why nothing was carried.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum CarryError {
    /// A run that was named cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A directory cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// The file that carries them cannot be read or written.
    #[problem(transparent)]
    Archive(#[from] ArchiveError),
    /// There is nothing to carry.
    Nothing,
    /// Two files of one name.
    Clash(String),
    /// A name that does not travel.
    Name {
        /// The name.
        name: String,
        /// The reason.
        why: Words,
    },
    /// The file has another digest than the expected one.
    #[arg(faults = list(faults))]
    Faults {
        /// The file.
        path: PathBuf,
        /// What differs.
        faults: Vec<Fault>,
    },
    /// It has another digest than the one that was passed on.
    #[arg(found = found.grouped(), expected = expected.grouped())]
    OtherDigest {
        /// The file.
        path: PathBuf,
        /// Its digest.
        found: Digest,
        /// The one that was passed on.
        expected: Digest,
    },
    /// There is no envelope in it.
    NoRun(PathBuf),
    /// A log does not go on from what this station remembers of it.
    Rewritten(Box<Rewritten>),
    /// A log is broken, or what is remembered of it cannot be read.
    Log {
        /// Which, and what is wrong with it.
        why: Words,
    },
    /// It is not known whether the log here is as it was seen.
    LogUnknown {
        /// Why not.
        why: Reason,
    },
    /// The files could not be put aside for reading.
    Temporary(std::io::Error),
    /// The act could not be journalled, and so was not done.
    Journal(#[from] JournalError),
}

/// Some of the faults, in words.
fn list(faults: &[Fault]) -> String {
    const MOST: usize = 5;
    let mut list: Vec<String> = faults.iter().take(MOST).map(ToString::to_string).collect();
    if faults.len() > MOST {
        list.push(format!("{} more", faults.len() - MOST));
    }
    list.join(", ")
}
