//! What a station asks for before it calls an envelope admissible.

use countersign_envelope::signature::Role;
use countersign_envelope::vocabulary;

vocabulary! {
    /// Which keys are accepted.
    Trust {
        /// Only keys in the keyring, for their owner and roles, in force and not revoked.
        Pinned = "pinned",
        /// Any key that verifies.
        Embedded = "embedded",
    }
}

vocabulary! {
    /// How well it is known that a key is held by hardware or by an external signer.
    Assurance {
        /// The signature file says so.
        Claimed = "claimed",
        /// The keyring says so.
        Pinned = "pinned",
        /// An attestation of this very key verifies to a trusted root.
        Attested = "attested",
    }
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Which keys are accepted.
    pub trust: Trust,
    /// The fewest signatures for L4; below 2 counts as 2.
    pub min_threshold: u64,
    /// Roles that L4 asks for beyond operator, witness and those in the envelope.
    pub required_roles: Vec<Role>,
    /// The least assurance for L6.
    pub assurance: Assurance,
    /// By how many seconds two clocks may differ: a signature dated more than that before its run
    /// does not count.
    pub clock_tolerance: u32,
}

/// The clock tolerance of a policy that sets none, in seconds.
pub const CLOCK_TOLERANCE: u32 = 300;

impl Default for Policy {
    /// The station's: pinned keys, two signatures, and a keyring that vouches for the hardware.
    fn default() -> Self {
        Self {
            trust: Trust::Pinned,
            min_threshold: 2,
            required_roles: Vec::new(),
            assurance: Assurance::Pinned,
            clock_tolerance: CLOCK_TOLERANCE,
        }
    }
}
