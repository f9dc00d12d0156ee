//! What a person calls a token or a key of it.

use std::fmt;

use countersign_problem::argument::Argument;
use countersign_problem::{Value, Words, words};
use serde::{Deserialize, Serialize};

/// What a person calls a token or a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// By its own name.
    Own(String),
    /// A token without a name, by its serial.
    Token {
        /// The serial.
        serial: String,
    },
    /// A token without name and serial.
    InSlot {
        /// The number of its slot.
        slot: u64,
    },
    /// A key without a label, by its id.
    Key {
        /// The id, in hex.
        id: String,
    },
    /// A key by its label and its id.
    LabelAndId {
        /// The label.
        label: String,
        /// The id, in hex.
        id: String,
    },
    /// A key with neither.
    Nameless,
}

impl Name {
    /// In words.
    pub fn words(&self) -> Words {
        match self {
            Self::Own(name) => Words::text(name.clone()),
            Self::Token { serial } => words!("token-by-serial", %serial),
            Self::InSlot { slot } => words!("token-in-slot", %slot),
            Self::Key { id } => words!("key-by-id", %id),
            Self::LabelAndId { label, id } => words!("key-label-and-id", %label, %id),
            Self::Nameless => words!("key-nameless"),
        }
    }
}

/// In English.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

impl Argument for Name {
    fn argument(&self) -> Value {
        self.words().argument()
    }
}
