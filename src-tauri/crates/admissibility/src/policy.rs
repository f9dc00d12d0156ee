//! What a station asks for before it calls an envelope admissible.

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
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

vocabulary! {
    /// Whose word the time of a signature is.
    TimeKind {
        /// Of whoever can write the file.
        Claimed = "claimed",
        /// Of the key of the signature, in its claim.
        Signed = "signed",
        /// Of a trusted time-stamping authority.
        Trusted = "trusted",
    }
}

vocabulary! {
    /// In what a policy is weaker than the default. Levels under such a policy say less than they
    /// seem to.
    Weakness {
        /// Any key that verifies counts.
        AnyKey = "any_key",
        /// A file's own claim counts as a hardware key.
        ClaimedHardware = "claimed_hardware",
        /// Signatures may be dated longer before their run than the default allows.
        LooseClock = "loose_clock",
    }
}

impl Weakness {
    /// How a level is marked with it, in a word or two.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::AnyKey => "any key",
            Self::ClaimedHardware => "claimed hardware",
            Self::LooseClock => "loose clock",
        }
    }

    /// What that means for whoever reads a level.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::AnyKey => {
                "Any key that verifies counts: a level says that nothing was changed since it was signed, not who signed."
            }
            Self::ClaimedHardware => {
                "The file's own claim counts as a hardware key: L6 says nothing about where a key is kept."
            }
            Self::LooseClock => {
                "A signature may be dated longer before its run than by default: a key may have expired or been revoked in between."
            }
        }
    }
}

vocabulary! {
    /// Whether a signature counts whose name, role and time only the file says.
    Claims {
        /// It counts, and is marked as claimed by the file.
        Preferred = "preferred",
        /// It counts only with a claim by its own key.
        Required = "required",
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
    /// Whether a signature needs a claim to count.
    pub claims: Claims,
    /// The signatures that counted before claims were required, by the SHA-256 of their raw bytes.
    /// They go on counting.
    pub exempt: BTreeSet<Digest>,
    /// Whose word the time of a signature must at least be for it to count.
    pub time: TimeKind,
}

/// The clock tolerance of a policy that sets none, in seconds.
pub const CLOCK_TOLERANCE: u32 = 300;

impl Policy {
    /// In what it is weaker than the default.
    pub fn weaknesses(&self) -> Vec<Weakness> {
        let default = Self::default();
        let any_key = (self.trust != default.trust).then_some(Weakness::AnyKey);
        let claimed = self.assurance == Assurance::Claimed;
        let claimed = claimed.then_some(Weakness::ClaimedHardware);
        let loose = self.clock_tolerance > default.clock_tolerance;
        let loose = loose.then_some(Weakness::LooseClock);
        any_key.into_iter().chain(claimed).chain(loose).collect()
    }
}

impl Default for Policy {
    /// The station's: pinned keys, two signatures, and a keyring that vouches for the hardware.
    fn default() -> Self {
        Self {
            trust: Trust::Pinned,
            min_threshold: 2,
            required_roles: Vec::new(),
            assurance: Assurance::Pinned,
            clock_tolerance: CLOCK_TOLERANCE,
            claims: Claims::Preferred,
            exempt: BTreeSet::new(),
            time: TimeKind::Claimed,
        }
    }
}
