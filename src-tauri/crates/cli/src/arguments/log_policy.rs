//! Which logs and witnesses are known.

use std::path::PathBuf;

use countersign_app::places;
use countersign_tlog::policy::Policy;
use countersign_trust::log_policy;

use crate::stopped::Stopped;

/// The policy of logs and witnesses.
#[derive(Debug, Clone, clap::Args)]
pub struct LogPolicyArgs {
    /// The policy of logs and witnesses, as c2sp.org/tlog-policy has it [default: log-policy beside the
    /// keyring]
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_LOG_POLICY")]
    pub log_policy: Option<PathBuf>,
}

impl LogPolicyArgs {
    /// The policy that was named and so has to exist, or the person's own, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self) -> Result<Option<Policy>, Stopped> {
        let own = || places::keyring(places::NAME).map(|keyring| log_policy::beside(&keyring));
        match (&self.log_policy, own()) {
            (Some(path), _) => Ok(Some(log_policy::read(path)?)),
            (None, Some(path)) => Ok(log_policy::read_if_any(&path)?),
            (None, None) => Ok(None),
        }
    }
}
