//! What is known of a log beyond its own chain.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::continuation::ForkPoint;
use countersign_admissibility::{BesideLog, ChainStanding, Continuity};
use countersign_envelope::chain::ChainKind;
use countersign_envelope::digest::Digest;
use countersign_problem::{Problem, Reason, Words};

use crate::log_memory::{LogMemory, Rewritten};
use crate::reading;

/// What is known of a log or a ledger beyond its own chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Why it is undecided which of several counts.
    pub undecided: Option<Reason>,
    /// How it fails to go on from what the station remembers.
    pub rewritten: Option<Rewritten>,
    /// Whether a person allows for now that its history was rewritten.
    pub is_allowed: bool,
    /// Why it is not known whether it goes on from what the station remembers.
    pub unknown: Option<Reason>,
    /// What holds and yet should be known.
    pub notes: Vec<Words>,
    /// Where a person accepted that its history is not the one that a signer saw.
    pub accepted: Vec<ForkPoint>,
    /// What stands beside it as its checkpoints.
    pub checkpoints: Arc<[BesideLog]>,
    /// Whether a person accepted that entries of it are gone, or that it is not what a signer saw.
    pub is_accepted: bool,
    /// The same as a reason.
    pub(super) why_rewritten: Option<Reason>,
}

impl Standing {
    /// As a judgement takes it.
    pub fn view(&self) -> ChainStanding<'_> {
        let rewritten = self.why_rewritten.as_ref().filter(|_| self.rewritten.is_some());
        let continuity = match (&self.unknown, rewritten) {
            (_, Some(why)) if self.is_allowed => Continuity::Allowed(why),
            (_, Some(why)) => Continuity::Rewritten(why),
            (Some(why), None) => Continuity::Unknown(why),
            (None, None) => Continuity::Holds,
        };
        ChainStanding {
            undecided: self.undecided.as_ref(),
            continuity,
            notes: &self.notes,
            allows_rewriting: self.is_allowed,
            accepted: &self.accepted,
            checkpoints: &self.checkpoints,
        }
    }

    /// Whether it counts only since a person accepted it, or allows it for now.
    pub fn counts_by_a_person(&self) -> bool {
        self.is_accepted || matches!(self.view().continuity, Continuity::Allowed(_))
    }

    /// Looks up what a person accepted: that the chain is not the one that a signer saw, or that
    /// entries of it are gone. The latter is noted wherever the chain counts.
    pub(super) fn look_up_accepted(
        &mut self,
        kind: ChainKind,
        first: Option<Digest>,
        memory: Option<&LogMemory>,
    ) {
        let (Some(first), Some(memory)) = (first, memory) else { return };
        let read = memory.accepted_forks(first);
        match read.and_then(|forks| Ok((forks, memory.accepted_losses(first)?))) {
            Ok((forks, losses)) => {
                self.is_accepted = !forks.is_empty() || !losses.is_empty();
                self.notes.extend(losses.iter().map(|loss| loss.words(kind)));
                self.accepted = forks;
            }
            Err(error) => {
                self.unknown.get_or_insert(error.into());
            }
        }
    }

    /// Takes the log at a path as it is, and what signers saw that is not in the one that counts.
    pub(super) fn accept(&mut self, log: &Path, forks: &[ForkPoint]) {
        let is_it = |rewritten: &Rewritten| reading::resolved(&rewritten.seen().log) == log;
        if self.rewritten.as_ref().is_some_and(is_it) {
            self.rewritten = None;
        }
        self.accepted.extend(forks.iter().cloned());
    }

    pub(super) fn set_rewritten(&mut self, rewritten: Rewritten) {
        self.why_rewritten = Some(rewritten.clone().into());
        self.rewritten = Some(rewritten);
    }
}

/// Why no log or ledger counts for a directory.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
pub enum LogPlaceError {
    /// Two could count.
    Several {
        /// Log or ledger.
        kind: &'static str,
        /// One of them.
        one: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// There is no place where one could be made.
    None {
        /// Log or ledger.
        kind: &'static str,
    },
}
