//! Problems of the open directory that a person should know of.

use countersign_problem::{Problem, Reason, Words};
use std::path::PathBuf;

use crate::catalogue::CatalogueError;
use countersign_store::watch::WatchError;
use countersign_trust::keyring_file::KeyringFileError;

/// How many files or directories of a kind are named.
pub(super) const NAMED: usize = 3;

/// Something that a person should know of the open directory, until it is settled.
#[derive(Debug, Problem)]
pub enum Trouble {
    /// The directory has disappeared.
    Gone(PathBuf),
    /// Changes in it are not noticed at once.
    Unwatched {
        /// The directory.
        path: PathBuf,
        /// Why not.
        error: WatchError,
        /// Whether the limit of watched directories is the reason.
        limit: bool,
    },
    /// Some directories in it cannot be searched.
    Unsearched {
        /// Some of them, each with the reason.
        named: Words,
    },
    /// Registered runs have disappeared.
    RunsMissing {
        /// Some of them.
        named: Words,
    },
    /// It is not known whether a log is as it was seen.
    LogUnknown {
        /// Why not.
        why: Reason,
    },
    /// The keyring's file cannot be used.
    Keyring {
        /// Why not.
        cause: KeyringFileError,
        /// Whether the keys that it had before stay in force.
        stays: bool,
    },
    /// Not all of the trust folder is in force.
    TrustFolder {
        /// Some of those that are not.
        named: Words,
        /// Whether the rest is.
        others: bool,
    },
    /// The catalogue cannot be used.
    Catalogue {
        /// Why not.
        cause: CatalogueError,
    },
}

/// A log or a ledger that is broken, or not the one that signers saw.
#[derive(Debug, Problem)]
pub enum Unsound {
    /// Its lines do not belong together.
    LogBroken {
        /// The file.
        path: PathBuf,
        /// Log or ledger.
        kind: &'static str,
        /// The reason.
        why: Words,
    },
    /// Its history is not the one that signers saw.
    OtherThanSeen {
        /// The file.
        path: PathBuf,
        /// Who saw what.
        words: Words,
    },
}
