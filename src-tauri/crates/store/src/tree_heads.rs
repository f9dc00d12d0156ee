//! Which trees this station has signed, as a log or as a witness: the last of each, so that it never
//! signs one that does not go on from there (c2sp.org/tlog-witness). In the memory of logs.

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::vocabulary;
use countersign_problem::Problem;
use serde::{Deserialize, Serialize};

use crate::log_memory::{LogMemory, LogMemoryError};

vocabulary! {
    /// As what a station signs trees.
    TreeRole {
        /// As the log itself.
        Log = "log",
        /// As a witness of a log.
        Witness = "witness",
    }
}

/// A tree that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeHead {
    /// The origin of the log.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// Their root.
    pub root: Digest,
    /// When, by this station's clock.
    pub at: Instant,
}

/// Why a tree is not to be signed.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum TreeHeadError {
    /// What was signed last cannot be read or remembered.
    #[problem(transparent)]
    Memory(#[from] LogMemoryError),
    /// Meanwhile another tree was signed here.
    Meanwhile {
        /// The origin of the log.
        origin: String,
    },
}

/// The last tree of a log that this station signed; `None` if it remembers none.
///
/// # Errors
/// If that cannot be read, or is about another log: then it is not known what was signed of this one.
pub fn last(
    memory: &LogMemory,
    role: TreeRole,
    origin: &str,
) -> Result<Option<TreeHead>, LogMemoryError> {
    let name = name(role, origin);
    match memory.read_named::<TreeHead>(&name)? {
        Some(other) if other.origin != origin => Err(memory.damaged(&name)),
        head => Ok(head),
    }
}

/// Remembers a tree in the place of the one that `before` was read as: before a signature over it leaves
/// this station.
///
/// # Errors
/// If another was remembered meanwhile, or it cannot be.
pub fn advance(
    memory: &LogMemory,
    role: TreeRole,
    before: Option<&TreeHead>,
    head: &TreeHead,
) -> Result<(), TreeHeadError> {
    let _lock = memory.lock()?;
    match last(memory, role, &head.origin)?.as_ref() == before {
        true => Ok(memory.write_named(&name(role, &head.origin), head)?),
        false => Err(TreeHeadError::Meanwhile { origin: head.origin.clone() }),
    }
}

fn name(role: TreeRole, origin: &str) -> String {
    format!("{}.{role}-tree", Digest::of(origin.as_bytes()).hex())
}
