//! When a key on a YubiKey asks for its PIN or a touch, by the numbers of metadata and attestations
//! (Yubico, "PIV attestation").

use countersign_problem::{Words, words};

/// When a key asks for the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinPolicy {
    /// Never.
    Never,
    /// Once a session.
    Once,
    /// For every signature.
    Always,
    /// Once a session; a fingerprint is as good (YubiKey Bio).
    MatchOnce,
    /// For every signature; a fingerprint is as good (YubiKey Bio).
    MatchAlways,
    /// A number that is not known here.
    Other(u8),
}

impl PinPolicy {
    /// By its number.
    pub const fn of(number: u8) -> Self {
        match number {
            1 => Self::Never,
            2 => Self::Once,
            3 => Self::Always,
            4 => Self::MatchOnce,
            5 => Self::MatchAlways,
            other => Self::Other(other),
        }
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Never => 1,
            Self::Once => 2,
            Self::Always => 3,
            Self::MatchOnce => 4,
            Self::MatchAlways => 5,
            Self::Other(other) => other,
        }
    }

    /// `None` if the number is not known here.
    pub fn known(self) -> Option<Self> {
        Some(self).filter(|policy| !matches!(policy, Self::Other(_)))
    }

    /// In words.
    pub fn words(self) -> Words {
        match self {
            Self::Never => words!("policy-never"),
            Self::Once => words!("policy-once"),
            Self::Always => words!("policy-always"),
            Self::MatchOnce => words!("policy-match-once"),
            Self::MatchAlways => words!("policy-match-always"),
            Self::Other(number) => words!("policy-other", %number),
        }
    }
}

/// When a key asks to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchPolicy {
    /// Never.
    Never,
    /// For every signature.
    Always,
    /// Unless it was touched in the last 15 seconds.
    Cached,
    /// A number that is not known here.
    Other(u8),
}

impl TouchPolicy {
    /// By its number.
    pub const fn of(number: u8) -> Self {
        match number {
            1 => Self::Never,
            2 => Self::Always,
            3 => Self::Cached,
            other => Self::Other(other),
        }
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Never => 1,
            Self::Always => 2,
            Self::Cached => 3,
            Self::Other(other) => other,
        }
    }

    /// `None` if the number is not known here.
    pub fn known(self) -> Option<Self> {
        Some(self).filter(|policy| !matches!(policy, Self::Other(_)))
    }

    /// In words.
    pub fn words(self) -> Words {
        match self {
            Self::Never => words!("policy-never"),
            Self::Always => words!("policy-always"),
            Self::Cached => words!("policy-cached"),
            Self::Other(number) => words!("policy-other", %number),
        }
    }
}
