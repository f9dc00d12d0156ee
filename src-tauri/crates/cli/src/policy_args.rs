//! The flags that set policy, and what they are read into.

use std::path::PathBuf;

use countersign_admissibility::Judge;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::{Assurance, Policy, Trust};
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_signers::software::HmacSigner;
use countersign_station::keyring_file;
use countersign_station::logs::LogBook;
use secrecy::SecretSlice;

use crate::error::CliError;
use crate::secret_input;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Policy")]
pub struct PolicyArgs {
    /// Which keys are accepted: `pinned`, those of the keyring, or `embedded`, any that verifies
    #[arg(long, default_value = "pinned")]
    pub trust: Trust,
    /// The fewest signatures for L4; never below 2
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub min_threshold: u64,
    /// A role that L4 asks for beyond operator and witness; may be repeated
    #[arg(long, value_name = "ROLE")]
    pub require_role: Vec<Role>,
    /// The least assurance for L6: claimed (by the file), pinned (by the keyring) or attested
    #[arg(long, default_value = "pinned")]
    pub assurance: Assurance,
    /// The keyring; ~/.config/countersign/keyring.json where not given
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_KEYRING")]
    pub keyring: Option<PathBuf>,
    /// The shared key for HMAC signatures, base64
    #[arg(long, value_name = "FILE")]
    pub hmac_key_file: Option<PathBuf>,
    /// A transparency log for all runs, instead of the one beside each
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of the one beside each
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// A policy with everything it refers to, read.
pub struct Loaded {
    policy: Policy,
    keyring: Keyring,
    hmac_key: Option<SecretSlice<u8>>,
    now: Instant,
    pub logs: LogBook,
}

impl PolicyArgs {
    pub fn load(&self) -> Result<Loaded, CliError> {
        let hmac_key = match &self.hmac_key_file {
            None => None,
            Some(path) => {
                let text = secret_input::read_file(path)?;
                let signer = HmacSigner::from_base64(&text)
                    .map_err(|error| CliError::Key { from: path.display().to_string(), error })?;
                Some(signer.key().clone())
            }
        };
        for path in [&self.log, &self.ledger].into_iter().flatten() {
            if !path.is_file() {
                let problem = "no such file; check the name".to_owned();
                return Err(CliError::File { path: path.clone(), problem });
            }
        }
        Ok(Loaded {
            policy: Policy {
                trust: self.trust,
                min_threshold: self.min_threshold,
                required_roles: self.require_role.clone(),
                assurance: self.assurance,
            },
            keyring: keyring(self.keyring.as_ref())?,
            hmac_key,
            now: now(),
            logs: LogBook::new(self.log.clone(), self.ledger.clone()),
        })
    }
}

impl Loaded {
    pub fn judge(&self) -> Judge<'_> {
        Judge {
            policy: &self.policy,
            keyring: &self.keyring,
            hmac_key: self.hmac_key.as_ref(),
            now: self.now,
        }
    }
}

/// The keyring that was named and so has to be there, or the person's own, if there is one.
pub fn keyring(named: Option<&PathBuf>) -> Result<Keyring, CliError> {
    match (named, default_keyring()) {
        (Some(path), _) => Ok(keyring_file::read(path)?),
        (None, Some(path)) => Ok(keyring_file::read_or_empty(&path)?),
        (None, None) => Ok(Keyring::default()),
    }
}

/// The place of the person's own keyring.
pub fn default_keyring() -> Option<PathBuf> {
    Some(dirs::config_dir()?.join("countersign").join("keyring.json"))
}

/// The one place where the command line looks at the clock.
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(Instant::from_unix).unwrap_or(Instant::EPOCH)
}
