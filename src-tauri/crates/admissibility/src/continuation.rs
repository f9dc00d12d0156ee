//! Whether the log and the ledger that are here continue those that the signers saw (EVIDENCE.md
//! section 1, "what was seen").
//!
//! A shorter log may be an older copy of it; in a shorter ledger a revocation may be missing. Another
//! entry at a position that a signer saw is a fork, and stays one until a person accepts it.

use countersign_envelope::chain::{ChainKind, EntryHashes};
use countersign_envelope::claim::SeenChain;
use countersign_envelope::digest::{Digest, brief};
use countersign_problem::{Words, words};
use serde::{Deserialize, Serialize};

use crate::check::{Checks, Outcome, SeenCheck};
use crate::evidence::ChainStanding;
use crate::level::Level;

/// How a log or ledger continues one that a signer saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Continuation {
    /// It goes on from it.
    Continues,
    /// It has fewer entries.
    Shorter,
    /// Its history differs.
    Forked,
    /// It is another one.
    Other,
}

impl Continuation {
    /// Compares the entries that are here with those that were seen.
    pub fn of(hashes: &EntryHashes, seen: &SeenChain) -> Self {
        match (hashes.at(1), hashes.at(seen.entries)) {
            (first, _) if first != Some(&seen.first) => Self::Other,
            (_, None) => Self::Shorter,
            (_, Some(hash)) if *hash == seen.entry_hash => Self::Continues,
            (_, Some(_)) => Self::Forked,
        }
    }
}

/// Where a log or a ledger parts from the one that a signer saw. Each hash stands for the whole
/// history before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkPoint {
    /// What the signer saw.
    pub seen: SeenChain,
    /// The hash of the entry that is here at that position.
    pub here: Digest,
}

/// A log or a ledger whose history is not the one that a signer saw, and that no person accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// Log or ledger.
    pub kind: ChainKind,
    /// The signer.
    pub signer_id: String,
    /// Where it parts.
    pub point: ForkPoint,
}

impl Fork {
    /// What happened, in words without a full stop.
    pub fn words(&self) -> Words {
        let Self { kind, signer_id, point } = self;
        let entry = point.seen.entries;
        words!("fork", %entry, kind = kind_word(*kind), who = ?signer_id)
    }
}

/// Log or ledger, as texts choose by it.
fn kind_word(kind: ChainKind) -> &'static str {
    match kind {
        ChainKind::Log => "log",
        ChainKind::Ledger => "ledger",
    }
}

/// Adds how a log or a ledger continues what each signer saw of it, and returns the forks that no
/// person accepted.
pub(crate) fn check(
    checks: &mut Checks,
    (kind, hashes): (ChainKind, &EntryHashes),
    seen: &[(&str, &SeenChain)],
    standing: &ChainStanding<'_>,
) -> Vec<Fork> {
    let (level, id) = match kind {
        ChainKind::Log => (Level::L3, SeenCheck::Log),
        ChainKind::Ledger => (Level::L7, SeenCheck::Ledger),
    };
    let name = kind_word(kind);
    let mut forks = Vec::new();
    for (who, seen) in seen {
        let (outcome, required, detail) = match Continuation::of(hashes, seen) {
            Continuation::Continues => continue,
            Continuation::Other => {
                let first = brief(&seen.first.to_string());
                let detail = words!("seen-another-chain", ?who, kind = name, first);
                (Outcome::Pass, false, detail)
            }
            Continuation::Shorter => {
                let (saw, here) = (seen.entries, hashes.len());
                match kind {
                    ChainKind::Log => {
                        (Outcome::Warn, false, words!("seen-longer-log", ?who, saw, here = %here))
                    }
                    ChainKind::Ledger => {
                        let why = words!("seen-longer-ledger", ?who, saw, here = %here);
                        (Outcome::Unchecked, true, why)
                    }
                }
            }
            Continuation::Forked => {
                let Some(here) = hashes.at(seen.entries) else { continue };
                let point = ForkPoint { seen: (*seen).clone(), here: *here };
                let fork = Fork { kind, signer_id: (*who).to_owned(), point };
                let words = fork.words();
                if standing.allows_rewriting || standing.accepted.contains(&fork.point) {
                    (Outcome::Warn, false, words!("fork-accepted", fork = words))
                } else {
                    forks.push(fork);
                    (Outcome::Fail, true, words!("fork-open", fork = words))
                }
            }
        };
        checks.at(level).add(id, outcome, required, detail);
    }
    forks
}
