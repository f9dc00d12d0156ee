//! `countersign trust revoke`.

use std::path::PathBuf;

use countersign_admissibility::keyring::RevocationCode;
use countersign_app::signed_keyring::sign::{self, Emergency};
use countersign_app::signed_keyring::{adopt, find};

use super::adopt::report;
use super::sign::WithKeyArgs;
use crate::stopped::Stopped;

const REVOKE_HELP: &str = "\
One administrator is enough. A revocation only takes away, from now on, and never the key of an \
administrator; the next version confirms or lifts it. Hand the file to the other stations, which adopt it \
with `countersign trust adopt`.";

/// Revoke a key in an emergency, as one administrator
#[derive(Debug, clap::Args)]
#[command(after_help = REVOKE_HELP)]
pub struct RevokeArgs {
    /// The id of the key that is revoked
    // With what is called so, the owner of the key that signs need not be named.
    #[arg(id = "file", value_name = "KEY-ID")]
    revoked: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// The kind of reason: superseded, affiliation_changed, cessation_of_operation, key_compromise or
    /// unspecified
    #[arg(long, value_name = "CODE", default_value = "key_compromise")]
    reason_code: RevocationCode,
    /// The directory for the new file [default: the current one]
    #[arg(long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    #[command(flatten)]
    with: WithKeyArgs,
}

pub fn run(args: RevokeArgs) -> Result<bool, Stopped> {
    let workspace = super::to_act(&args.with.journal)?;
    let emergency = Emergency { key_id: args.revoked, code: args.reason_code, reason: args.reason };
    let (to_sign, keyring) = sign::emergency(&workspace, &emergency, args.out.as_deref())?;
    let file = args.with.sign(&workspace, to_sign, keyring)?;
    let adoption = adopt::judge(&workspace, &find(&[file], None)?, None)?;
    adoption.keep(&workspace)?;
    report(&adoption, false, "adopted")?;
    Ok(!adoption.revoked.is_empty())
}
