//! The signed keyring: whether a version follows the one before it, by whom it is signed, and whose
//! keys then count (EVIDENCE.md section 5).
//!
//! | question | module |
//! |---|---|
//! | Is a version right by itself: its keys, its administrators, its rules? | [`version`] |
//! | Does it follow the versions before, or is it a rollback or a fork? | [`chain`] |
//! | Does an emergency revocation stand? | [`revocation`] |
//! | What does one version change about another? | [`change`] |
//! | How are its rules written, and what may a station add to them? | [`rules`] |
//!
//! An administrator is a person, whatever number of keys they have; a threshold counts persons. Nothing
//! here concludes anything from the id that a signature names: whose it is, the keys say.

pub mod chain;
pub mod change;
pub mod revocation;
pub mod rules;
pub mod version;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;

use crate::policy::Policy;

pub use chain::{Chain, KeyringRefusal, Step};
pub use change::{Change, ChangeKind, changes};
pub use revocation::{RevocationRefusal, RevocationStanding};
pub use version::{SignedKeyring, VersionFault};

/// What a keyring says of the version that it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedFacts {
    /// The number of the version.
    pub version: u64,
    /// The SHA-256 of its payload.
    pub digest: Digest,
    /// The administrators that signed it, each person once.
    pub people: Vec<String>,
    /// Its requirements, which flags and settings only add to.
    pub policy: Policy,
    /// The refusals that count no more.
    pub overruled: BTreeSet<Digest>,
    /// When it was issued, as it says.
    pub issued_at: Instant,
    /// By when somebody should look at it again.
    pub review_by: Option<Instant>,
    /// What it rests on: the versions up to it and emergency revocations, as files have them, by name. Empty
    /// of a proposal.
    pub documents: Vec<(String, String)>,
}
