//! `countersign refuse`: say with a key that one does not sign a run, and why.

use std::path::PathBuf;

use countersign_ceremony::signing::Intent;
use countersign_envelope::signature::Role;

use crate::arguments::journal::JournalArgs;
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::MemoryArgs;
use crate::commands::sign::{self, SignArgs};
use crate::stopped::Stopped;

const REFUSE_HELP: &str = "\
The key signs the refusal, and nothing else. It is written to RUN-….json.refusals.json beside the run, \
and L4 does not hold while it stands. Your own signatures on the run, if there are any, no longer count. \
Only you can lift it: sign the run. A key is chosen as with `countersign sign`; keys that the keyring does \
not accept, and shared keys, block nothing.";

/// Refuse to sign a sealed run, with a reason
#[derive(Debug, clap::Args)]
#[command(after_help = REFUSE_HELP)]
pub struct RefuseArgs {
    /// The sealed run
    #[arg(value_name = "RUN")]
    pub file: PathBuf,
    /// Why you do not sign: 1 to 2,000 characters, for everybody who has the envelope
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The role of the signer: operator, reviewer, witness or auditor
    #[arg(long)]
    pub role: Role,
    #[command(flatten)]
    pub key: KeyArgs,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

impl RefuseArgs {
    /// The run, the role and the key, as they are given to sign it.
    pub fn into_sign_args(self) -> SignArgs {
        let station = (self.keyring, self.memory, self.journal);
        SignArgs::of_act(vec![self.file], self.role, self.key, station)
    }
}

pub fn run(args: RefuseArgs) -> Result<bool, Stopped> {
    let intent = Intent::Refuse { reason: args.reason.clone() };
    sign::act(&args.into_sign_args(), &intent)
}
