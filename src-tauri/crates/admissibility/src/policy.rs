//! What a station asks for before it calls an envelope admissible.

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
use countersign_envelope::signature::Role;
use countersign_envelope::vocabulary;

use crate::attested::AttestedPolicy;

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
        /// Claims are required, and some signatures count without one.
        Exempt = "exempt",
        /// A log counts although it was cut, removed or forked, because a person accepted or allows it.
        AcceptedLog = "accepted_log",
    }
}

impl Weakness {
    /// How a level is marked with it, in a word or two.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::AnyKey => "any key",
            Self::ClaimedHardware => "claimed hardware",
            Self::LooseClock => "loose clock",
            Self::Exempt => "exempt signatures",
            Self::AcceptedLog => "accepted log",
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
            Self::Exempt => {
                "Claims are required, and some signatures are exempt: their name, role and time are the word of the file."
            }
            Self::AcceptedLog => {
                "A log or ledger counts although it was cut, removed or forked, because a person accepted or allows that: L3 (L7) says nothing about what is gone."
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

vocabulary! {
    /// Whether an envelope needs an authority boundary. No level depends on it.
    BoundaryPolicy {
        /// One that is there is judged and shown.
        Shown = "shown",
        /// There must be one that holds.
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
    /// What is required of keys by their attestations.
    pub attested: AttestedPolicy,
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
    /// Whether an envelope needs an authority boundary.
    pub boundary: BoundaryPolicy,
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
        let exempt = self.claims == Claims::Required && !self.exempt.is_empty();
        let exempt = exempt.then_some(Weakness::Exempt);
        any_key.into_iter().chain(claimed).chain(loose).chain(exempt).collect()
    }

    /// The weaknesses that another policy does not have, or not as much.
    pub fn weaker_than(&self, before: &Self) -> Vec<Weakness> {
        let (mut weaknesses, known) = (self.weaknesses(), before.weaknesses());
        weaknesses.retain(|weakness| match weakness {
            Weakness::LooseClock => self.clock_tolerance > before.clock_tolerance,
            Weakness::Exempt => {
                before.claims == Claims::Required && !self.exempt.is_subset(&before.exempt)
            }
            other => !known.contains(other),
        });
        weaknesses
    }

    /// Whether it asks for less than another policy in anything, the default or not.
    pub fn asks_less_than(&self, before: &Self) -> bool {
        !self.weaker_than(before).is_empty()
            || self.trust > before.trust
            || self.min_threshold < before.min_threshold
            || before.required_roles.iter().any(|role| !self.required_roles.contains(role))
            || self.assurance < before.assurance
            || self.attested.asks_less_than(&before.attested)
            || self.clock_tolerance > before.clock_tolerance
            || self.claims < before.claims
            || self.time < before.time
            || self.boundary < before.boundary
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
            attested: AttestedPolicy::default(),
            clock_tolerance: CLOCK_TOLERANCE,
            claims: Claims::Preferred,
            exempt: BTreeSet::new(),
            time: TimeKind::Claimed,
            boundary: BoundaryPolicy::Shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_asks_for_less_is_named_by_what_it_gives_up() {
        let default = Policy::default();
        let with = |change: fn(&mut Policy)| {
            let mut policy = Policy::default();
            change(&mut policy);
            policy
        };
        let any = with(|policy| policy.trust = Trust::Embedded);
        assert_eq!(any.weaker_than(&default), [Weakness::AnyKey]);
        assert_eq!(any.weaker_than(&any), []);
        assert!(!default.asks_less_than(&any));
        // Less than before, and not less than the default: no permanent mark, and yet asked about.
        let strict = with(|policy| {
            (policy.min_threshold, policy.time) = (3, TimeKind::Trusted);
            policy.required_roles = vec![Role::Auditor];
            policy.attested.all.fips = true;
            policy.claims = Claims::Required;
            policy.boundary = BoundaryPolicy::Required;
        });
        assert_eq!((strict.weaknesses(), default.weaker_than(&strict)), (vec![], vec![]));
        assert!(default.asks_less_than(&strict) && !strict.asks_less_than(&default));
        let loose = with(|policy| policy.clock_tolerance = 3600);
        let looser = with(|policy| policy.clock_tolerance = 7200);
        assert_eq!(looser.weaker_than(&loose), [Weakness::LooseClock]);
        // What counted before claims were required goes on counting: nothing is given up by that.
        let exempt = || [Digest::of(b"a signature")].into_iter().collect();
        let required = Policy { claims: Claims::Required, ..Policy::default() };
        let exempting = Policy { exempt: exempt(), ..required.clone() };
        assert_eq!(exempting.weaknesses(), [Weakness::Exempt]);
        assert!(!exempting.asks_less_than(&default) && exempting.asks_less_than(&required));
    }
}
