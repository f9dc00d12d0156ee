//! Whose a key is, and what it may be used for.

use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_trust::enrolment;

/// The entry of a key in the keyring.
#[derive(Debug, Clone, clap::Args)]
pub struct HolderArgs {
    /// The id that signatures name, such as ds-prod-2026-05
    #[arg(long, value_name = "ID")]
    pub key_id: Option<String>,
    /// The owner: the signer name in the key's signatures
    #[arg(long, visible_alias = "signer", value_name = "NAME")]
    pub owner: Option<String>,
    /// A role in which the owner may sign; may be repeated. A key for companions has none
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<Role>,
    /// Signatures dated before this time do not count
    #[arg(long, value_name = "TIME")]
    pub valid_from: Option<Instant>,
    /// Signatures dated after this time do not count
    #[arg(long, value_name = "TIME")]
    pub valid_until: Option<Instant>,
}

impl From<HolderArgs> for enrolment::Holder {
    fn from(holder: HolderArgs) -> Self {
        Self {
            key_id: holder.key_id,
            owner: holder.owner,
            roles: holder.roles,
            valid_from: holder.valid_from,
            valid_until: holder.valid_until,
            is_of_companions: false,
        }
    }
}
