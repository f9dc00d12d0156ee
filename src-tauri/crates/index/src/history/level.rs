//! Which level is wanted.

use countersign_envelope::vocabulary;

use crate::judged::Facts;

vocabulary! {
    /// Rows of one level only.
    LevelFilter {
        /// Any level.
        Any = "any",
        /// Not even L0.
        None = "none",
        /// L0.
        L0 = "L0",
        /// L1.
        L1 = "L1",
        /// L2.
        L2 = "L2",
        /// L3.
        L3 = "L3",
        /// L4.
        L4 = "L4",
        /// L5.
        L5 = "L5",
        /// L6.
        L6 = "L6",
        /// L7.
        L7 = "L7",
    }
}

impl LevelFilter {
    /// Whether an envelope is of this level.
    pub(crate) fn has(self, facts: &Facts) -> bool {
        let wanted = match self {
            Self::Any => return true,
            Self::None => None,
            Self::L0 => Some(0),
            Self::L1 => Some(1),
            Self::L2 => Some(2),
            Self::L3 => Some(3),
            Self::L4 => Some(4),
            Self::L5 => Some(5),
            Self::L6 => Some(6),
            Self::L7 => Some(7),
        };
        facts.level == wanted
    }
}
