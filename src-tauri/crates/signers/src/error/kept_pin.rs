//! Why a PIN that is kept for use without a person is not used. No attempt is lost by any of these.

use std::path::PathBuf;

use countersign_problem::{Problem, Words};

/// Why a kept PIN is not used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum KeptPinError {
    /// The PIN of the token was wrong since it was last right, or one attempt is left.
    WrongBefore(PathBuf),
    /// Others may read the file, or it may be run.
    Mode {
        /// The file.
        path: PathBuf,
        /// Its mode, in octal.
        mode: String,
    },
    /// Others may change or replace it: which file, who, and how.
    Open(Words),
    /// Neither a file nor a descriptor of one.
    NotAFile(PathBuf),
    /// It cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// There is nothing in it.
    Empty(PathBuf),
    /// The token takes its PIN on a pad of its own.
    OwnPad(PathBuf),
    /// Its first line is no PIN as it stands.
    Line {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: Words,
    },
}
