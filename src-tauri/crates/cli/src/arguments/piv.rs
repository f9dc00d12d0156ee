//! Which key of which PIV card.

use crate::arguments::values;

/// Which key of which PIV card, as the flags say it.
#[derive(Debug, Clone, clap::Args)]
pub struct PivArgs {
    /// Use a YubiKey or another PIV card; `--piv=SERIAL` chooses one if several are plugged in
    #[arg(
        long,
        value_name = "SERIAL",
        num_args = 0..=1,
        require_equals = true,
        value_parser = values::card
    )]
    pub piv: Option<Option<String>>,
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
    pub card: Option<String>,
    /// The number of the slot; `None` for the first whose key can sign.
    pub slot: Option<u8>,
}
