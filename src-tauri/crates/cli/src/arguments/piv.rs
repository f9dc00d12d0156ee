//! Which key of which PIV card.

use std::fmt;
use std::str::FromStr;

use countersign_signers::piv::token::Token;

use crate::arguments::values;

/// Which key of which PIV card, as the flags say it.
#[derive(Debug, Clone, clap::Args)]
pub struct PivArgs {
    /// Use a YubiKey or another PIV card; `--piv=SERIAL` chooses one if several are plugged in
    #[arg(
        long,
        value_name = "SERIAL",
        num_args = 0..=1,
        require_equals = true
    )]
    pub piv: Option<Option<CardName>>,
    /// The slot of the key [default: the first of 9c, 9a, 9d, 9e, 82 to 95 that can sign]
    #[arg(long, value_name = "SLOT", requires = "piv", value_parser = values::slot)]
    pub slot: Option<u8>,
    /// Allow using the last PIN attempt
    #[arg(long)]
    pub last_try: bool,
}

impl PivArgs {
    /// The key that the flags choose; without `--piv`, the one of the only card.
    pub fn choice(&self) -> PivChoice {
        PivChoice { card: self.piv.clone().flatten(), slot: self.slot }
    }
}

/// A key of a PIV card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PivChoice {
    /// The serial of a YubiKey, or what identifies another card; `None` if only one is plugged in.
    pub card: Option<CardName>,
    /// The number of the slot; `None` for the first whose key can sign.
    pub slot: Option<u8>,
}

/// The serial of a YubiKey, or what identifies another PIV card, whole or as its name shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardName(String);

impl CardName {
    /// Whether it names this card.
    pub fn is_of(&self, token: &Token) -> bool {
        let serial = token.serial().is_some_and(|serial| self.0.parse() == Ok(serial));
        serial || token.card_id().is_some_and(|id| id.to_string() == self.0 || id.short() == self.0)
    }
}

impl FromStr for CardName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_id = text.chars().all(|digit| digit.is_ascii_hexdigit() || digit == '-');
        match !text.is_empty() && is_id {
            true => Ok(Self(text.to_ascii_lowercase())),
            false => Err("a serial is the digits that are on the YubiKey; `countersign devices` \
                          shows what identifies another PIV card"
                .to_owned()),
        }
    }
}

impl From<u32> for CardName {
    fn from(serial: u32) -> Self {
        Self(serial.to_string())
    }
}

impl fmt::Display for CardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
