//! Where a person accepted that a log or a ledger is not the one that a signer saw.

use std::path::PathBuf;

use countersign_admissibility::continuation::ForkPoint;
use countersign_envelope::digest::Digest;

use super::{LogMemory, LogMemoryError};

/// The longest list that is read, in bytes (1 MiB, some 3,000 forks).
const MAX_BYTES: u64 = 1 << 20;

impl LogMemory {
    /// What was accepted of the chain with this first entry.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn accepted_forks(&self, first: Digest) -> Result<Vec<ForkPoint>, LogMemoryError> {
        Ok(self.read_json(&self.forks_file(first), MAX_BYTES)?.unwrap_or_default())
    }

    /// Remembers that a person accepted these, of the chain with this first entry.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn accept_forks(&self, first: Digest, forks: &[ForkPoint]) -> Result<(), LogMemoryError> {
        let _lock = self.lock()?;
        let mut accepted = self.accepted_forks(first)?;
        let new: Vec<_> = forks.iter().filter(|fork| !accepted.contains(fork)).cloned().collect();
        accepted.extend(new);
        self.write_json(&self.forks_file(first), &accepted)
    }

    fn forks_file(&self, first: Digest) -> PathBuf {
        self.directory.join(format!("{}.forks", first.hex()))
    }
}
