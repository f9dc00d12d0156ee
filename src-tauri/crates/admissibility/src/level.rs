//! The ladder of admissibility.

use std::fmt;
use std::str::FromStr;

use countersign_problem::{Words, words};

/// One of the eight levels; each includes those below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Required keys and values are there and the content hash is right.
    L0,
    /// The commit hash is recomputed from a complete, deterministic scope.
    L1,
    /// Run and manifest carry a valid, accepted signature and agree.
    L2,
    /// The run is in the transparency log and the whole chain holds.
    L3,
    /// Enough distinct people signed with distinct keys, an operator and a witness among them.
    L4,
    /// The Merkle commitments hold.
    L5,
    /// A hardware or external key signed, at the assurance that policy asks for.
    L6,
    /// The authority to decide is in the ledger and was in force.
    L7,
}

impl Level {
    /// From the lowest to the highest.
    pub const ALL: [Level; 8] = {
        use Level::{L0, L1, L2, L3, L4, L5, L6, L7};
        [L0, L1, L2, L3, L4, L5, L6, L7]
    };

    /// 0 to 7.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The level above.
    pub fn next(self) -> Option<Level> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// What holds at this level, in a few words.
    pub fn meaning(self) -> Words {
        match self {
            Level::L0 => words!("level-0"),
            Level::L1 => words!("level-1"),
            Level::L2 => words!("level-2"),
            Level::L3 => words!("level-3"),
            Level::L4 => words!("level-4"),
            Level::L5 => words!("level-5"),
            Level::L6 => words!("level-6"),
            Level::L7 => words!("level-7"),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "L{}", self.number())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digit = text.strip_prefix(['L', 'l']).unwrap_or(text).parse::<usize>().ok();
        digit
            .and_then(|digit| Self::ALL.get(digit).copied())
            .ok_or_else(|| format!("{text:?} is no level from L0 to L7"))
    }
}
