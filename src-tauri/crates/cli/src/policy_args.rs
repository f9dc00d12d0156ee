//! The flags that set policy, and what they are read into.

use std::io::Write;
use std::path::{Path, PathBuf};

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::{Assurance, CLOCK_TOLERANCE, Policy, Trust};
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_envelope::visible::visible;
use countersign_signers::software::HmacSigner;
use countersign_station::attestation_roots::TrustFolder;
use countersign_station::logs::LogBook;
use countersign_station::{attestation_roots, keyring_file, places};
use secrecy::SecretSlice;

use crate::args::{KeyringArg, LogHeadsArg, RootsArg};
use crate::error::CliError;
use crate::{log, secret_input};

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
    /// By how many seconds two clocks may differ: a signature dated more than that before its run
    /// does not count
    #[arg(long, value_name = "SECONDS", default_value_t = CLOCK_TOLERANCE)]
    pub clock_tolerance: u32,
    #[command(flatten)]
    pub keyring: KeyringArg,
    #[command(flatten)]
    pub roots: RootsArg,
    /// The shared key for HMAC signatures, base64
    #[arg(long, value_name = "FILE")]
    pub hmac_key_file: Option<PathBuf>,
    /// A transparency log for all runs, instead of the one beside each
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of the one beside each
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    #[command(flatten)]
    pub heads: LogHeadsArg,
}

/// A policy with everything it refers to, read.
pub struct Loaded {
    policy: Policy,
    keyring: Keyring,
    roots: AttestationRoots,
    hmac_key: Option<SecretSlice<u8>>,
    now: Instant,
    pub logs: LogBook,
}

impl PolicyArgs {
    /// Reads what the flags refer to, for the runs of a directory and those below it.
    pub fn load(&self, root: &Path) -> Result<Loaded, CliError> {
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
                let problem = match path.exists() {
                    true => "is no regular file; name the log or ledger itself",
                    false => "no such file; check the name",
                };
                return Err(CliError::File { path: path.clone(), problem: problem.to_owned() });
            }
        }
        Ok(Loaded {
            policy: Policy {
                trust: self.trust,
                min_threshold: self.min_threshold,
                required_roles: self.require_role.clone(),
                assurance: self.assurance,
                clock_tolerance: self.clock_tolerance,
            },
            keyring: keyring(self.keyring.keyring.as_ref())?,
            roots: attestation_roots(&self.roots, &self.keyring)?,
            hmac_key,
            now: now(),
            logs: LogBook::new(self.log.clone(), self.ledger.clone())
                .remembering(log::memory(&self.heads.memory, None))
                .allowing_rewritten(self.heads.allow_rewritten_log)
                .within(root),
        })
    }
}

impl Loaded {
    /// Says in what the policy is weaker than the default, a line each: nobody should read a level
    /// without it.
    pub fn tell_weaknesses(&self, out: &mut impl Write) -> std::io::Result<()> {
        let weaknesses = self.policy.weaknesses();
        weaknesses.iter().try_for_each(|weakness| writeln!(out, "policy  {}", weakness.meaning()))
    }

    pub fn judge(&self) -> Judge<'_> {
        Judge {
            policy: &self.policy,
            keyring: &self.keyring,
            roots: &self.roots,
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

/// The trusted roots: of the folder that was named and so has to be there, or of the one beside the
/// keyring, if there is one. What of it cannot be read is left out, and said.
pub fn attestation_roots(
    roots: &RootsArg,
    keyring: &KeyringArg,
) -> Result<AttestationRoots, CliError> {
    if let Some(path) = roots.attestation_roots.as_ref().filter(|path| !path.is_dir()) {
        let problem = "no such folder; check the name".to_owned();
        return Err(CliError::File { path: path.clone(), problem });
    }
    let Some(folder) = trust_folder(roots, keyring) else {
        return Ok(AttestationRoots::default());
    };
    let read = attestation_roots::read(&folder)?;
    warn(&read);
    Ok(read.roots())
}

/// The folder of trusted roots: the one that was named, or the one beside the keyring.
pub fn trust_folder(roots: &RootsArg, keyring: &KeyringArg) -> Option<PathBuf> {
    let keyring = || keyring.keyring.clone().or_else(default_keyring);
    let beside = || keyring().map(|keyring| attestation_roots::beside(&keyring));
    roots.attestation_roots.clone().or_else(beside)
}

/// Says what of the trust folder cannot be read.
pub fn warn(read: &TrustFolder) {
    for trouble in &read.troubles {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(anstream::stderr(), "warning: {}", visible(&trouble.to_string()));
    }
}

/// The place of the person's own keyring.
pub fn default_keyring() -> Option<PathBuf> {
    Some(places::config(places::NAME)?.join(keyring_file::FILE_NAME))
}

/// The one place where the command line looks at the clock.
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(Instant::from_unix).unwrap_or(Instant::EPOCH)
}
