//! `countersign trust history`.

use countersign_admissibility::signed_keyring::{RevocationStanding, changes};
use countersign_app::signed_keyring;
use countersign_problem::visible::visible;
use serde_json::json;

use crate::stopped::Stopped;
use crate::ui;

/// List the versions that were adopted here, with what each changed
#[derive(Debug, clap::Args)]
pub struct HistoryArgs {
    /// One JSON object a line instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &HistoryArgs) -> Result<bool, Stopped> {
    let chain = signed_keyring::adopted(&super::to_look())?;
    let mut out = ui::stdout();
    for version in chain.versions() {
        let changes = changes(chain.before(version), version);
        if args.json {
            writeln!(out, "{}", super::to_json(version, &changes))?;
            continue;
        }
        super::write_version(&mut out, version)?;
        super::write_changes(&mut out, &changes)?;
    }
    for one in chain.revocations() {
        let says = &one.file().revocation;
        let in_force = one.standing(&chain) == RevocationStanding::InForce;
        if args.json {
            let object = json!({
                "revokes": says.key_id, "version": says.version, "sha256": one.digest().hex(),
                "revoked_at": says.revoked_at, "reason": says.reason, "code": says.code,
                "signed_by": [one.by()], "in_force": in_force,
            });
            writeln!(out, "{object}")?;
            continue;
        }
        let standing = if in_force { "in force" } else { "decided by a later version" };
        writeln!(
            out,
            "revoked  {} from {} by {}: {} ({standing})",
            visible(&says.key_id),
            says.revoked_at,
            visible(one.by()),
            visible(&says.reason)
        )?;
    }
    Ok(true)
}
