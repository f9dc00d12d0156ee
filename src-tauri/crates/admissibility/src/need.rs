//! What an envelope needs next, in one word: what a queue is sorted and read by.

use countersign_envelope::signature::Role;
use countersign_envelope::vocabulary;

use crate::check::{Check, CheckId, Outcome, RunCheck};
use crate::level::Level;
use crate::signatures::JudgedSignature;
use crate::verdict::Verdict;

vocabulary! {
    /// What an envelope needs next.
    Need {
        /// A file that can be read.
        Readable = "readable file",
        /// To be sealed again: nothing that is done to it afterwards can make it right.
        Sealing = "sealing anew",
        /// An answer to a refusal: a person refused to sign, or withdrew a signature.
        Refusal = "refusal",
        /// The operator's signature.
        Operator = "operator",
        /// A witness's signature.
        Witness = "witness",
        /// A reviewer's signature.
        Reviewer = "reviewer",
        /// An auditor's signature.
        Auditor = "auditor",
        /// One more signature, in whichever role.
        CoSigner = "co-signer",
        /// A manifest that is there and signed.
        Manifest = "manifest",
        /// The run's own manifest: the one beside it is about another run, or cannot be read.
        RightManifest = "right manifest",
        /// The key of a signature that is there, in the keyring.
        AcceptedKey = "accepted key",
        /// Its place in the transparency log.
        Log = "log",
        /// A signature by hardware or an external signer.
        Hardware = "hardware key",
        /// An authority in force.
        Authority = "authority",
        /// Nothing.
        Nothing = "nothing",
    }
}

impl Need {
    /// A signature in a role.
    const fn of(role: Role) -> Self {
        match role {
            Role::Operator => Self::Operator,
            Role::Witness => Self::Witness,
            Role::Reviewer => Self::Reviewer,
            Role::Auditor => Self::Auditor,
        }
    }

    /// Whether someone has to sign.
    pub const fn is_signature(self) -> bool {
        matches!(
            self,
            Self::Operator
                | Self::Witness
                | Self::Reviewer
                | Self::Auditor
                | Self::CoSigner
                | Self::Manifest
        )
    }
}

impl Verdict {
    /// Whether the manifest beside the run is about another one or cannot be read, so that nothing
    /// is signed or registered until the right one is there.
    pub fn has_other_manifest(&self) -> bool {
        self.checks.iter().any(Check::shows_other_manifest)
    }

    /// The roles that somebody has yet to sign in.
    pub fn open_roles(&self) -> impl Iterator<Item = Role> {
        self.roles.iter().filter(|role| !role.is_filled()).map(|role| role.role)
    }

    /// Whether a signed run lacks only its entry in the log. A broken or rewritten log accepts none.
    pub fn is_registrable(&self) -> bool {
        let of_log = self.checks.iter().filter(|check| check.level == Level::L3 && check.stops());
        let mut missing = of_log.map(|check| check.outcome == Outcome::Missing).peekable();
        // A run that was altered after it was sealed is never registered.
        self.signatures.iter().any(JudgedSignature::is_valid)
            && self.level.is_some()
            && !self.has_other_manifest()
            && missing.peek().is_some()
            && missing.all(|missing| missing)
    }

    /// What the envelope needs next. Signatures come before the log, though the log is a lower
    /// level: a person can give them at once.
    pub fn need(&self) -> Need {
        let stops = |level: Level| {
            self.checks.iter().filter(move |check| check.level == level && check.stops())
        };
        let unreadable = RunCheck::FileJson.into();
        if self.checks.iter().any(|check| check.id == unreadable && check.stops()) {
            return Need::Readable;
        }
        if self.level < Some(Level::L1) {
            return Need::Sealing;
        }
        if self.has_other_manifest() {
            return Need::RightManifest;
        }
        if stops(Level::L4).any(|check| matches!(check.id, CheckId::Refusal(_))) {
            return Need::Refusal;
        }
        if let Some(open) = self.roles.iter().find(|role| !role.is_filled()) {
            // A signature in that role is there, and only its key is missing here.
            return match self.has_unknown_key_in(open.role) {
                true => Need::AcceptedKey,
                false => Need::of(open.role),
            };
        }
        if let Some(check) = stops(Level::L2).next() {
            return match check.id.is_about_manifest() {
                true => Need::Manifest,
                false => Need::AcceptedKey,
            };
        }
        if stops(Level::L4).next().is_some() {
            return Need::CoSigner;
        }
        let rest = [
            (Level::L3, Need::Log),
            (Level::L5, Need::Sealing),
            (Level::L6, Need::Hardware),
            (Level::L7, Need::Authority),
        ];
        let next = rest.into_iter().find(|(level, _)| stops(*level).next().is_some());
        next.map_or(Need::Nothing, |(_, need)| need)
    }
}
