//! Where a person accepted that a log or a ledger is not the one that a signer saw.

use std::path::PathBuf;

use countersign_admissibility::continuation::ForkPoint;
use countersign_envelope::chain::ChainKind;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_problem::visible::visible;
use countersign_problem::{Words, words};
use serde::{Deserialize, Serialize};

use super::{LogMemory, LogMemoryError};

/// The longest list that is read, in bytes (1 MiB, some 3,000 forks).
const MAX_BYTES: u64 = 1 << 20;

/// How many times a person accepted a loss are remembered of one chain.
const MOST_LOSSES: usize = 100;

/// A person accepted that entries of a log or ledger are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedLoss {
    /// When.
    pub at: Instant,
    /// How many entries that were seen are gone.
    pub lost: usize,
    /// Why, in that person's words.
    pub reason: String,
}

impl AcceptedLoss {
    /// What happened to a log or a ledger, in words without a full stop.
    pub fn words(&self, kind: ChainKind) -> Words {
        let reason = visible(self.reason.trim_end_matches('.'));
        words!("loss-accepted", count = self.lost, kind = kind.word(), at = %self.at, reason)
    }
}

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

    /// How a person accepted that entries of the chain with this first entry are gone, the oldest
    /// first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn accepted_losses(&self, first: Digest) -> Result<Vec<AcceptedLoss>, LogMemoryError> {
        Ok(self.read_json(&self.losses_file(first), MAX_BYTES)?.unwrap_or_default())
    }

    /// Remembers that a person accepted that entries are gone. Of very many such times the oldest are
    /// forgotten; the journal has them all.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn note_loss(&self, first: Digest, loss: AcceptedLoss) -> Result<(), LogMemoryError> {
        let _lock = self.lock()?;
        let mut losses = self.accepted_losses(first)?;
        losses.push(loss);
        let from = losses.len().saturating_sub(MOST_LOSSES);
        self.write_json(&self.losses_file(first), &losses[from..].to_vec())
    }

    fn losses_file(&self, first: Digest) -> PathBuf {
        self.directory.join(format!("{}.losses", first.hex()))
    }

    fn forks_file(&self, first: Digest) -> PathBuf {
        self.directory.join(format!("{}.forks", first.hex()))
    }
}
