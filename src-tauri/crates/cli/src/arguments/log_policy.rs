//! Which logs and witnesses are known.

use std::path::PathBuf;

use countersign_tlog::policy::Policy;
use countersign_trust::log_policy;

use crate::arguments::keyring::KeyringArgs;
use crate::stopped::Stopped;

/// The policy of logs and witnesses.
#[derive(Debug, Clone, clap::Args)]
pub struct LogPolicyArgs {
    /// The policy of logs and witnesses, as c2sp.org/tlog-policy has it [default: log-policy beside the
    /// keyring, or that of the signed keyring]
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_LOG_POLICY")]
    pub log_policy: Option<PathBuf>,
}

impl LogPolicyArgs {
    /// The policy that was named and so has to exist, or that of the keyring in force, if it has one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self) -> Result<Option<Policy>, Stopped> {
        match self.named()? {
            Some(policy) => Ok(Some(policy)),
            None => Ok(KeyringArgs { keyring: None }.read()?.log_policy().cloned()),
        }
    }

    /// The policy that was named.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn named(&self) -> Result<Option<Policy>, Stopped> {
        Ok(self.log_policy.as_deref().map(log_policy::read).transpose()?)
    }
}
