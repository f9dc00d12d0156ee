//! Whose keys are accepted, and what attestations of hardware keys may lead to.

use std::path::PathBuf;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_app::places;
use countersign_app::roots::TrustedFor;
use countersign_problem::{Explain as _, Problem};
use countersign_trust::attestation_roots;
use countersign_trust::attestation_roots::TrustFolder;
use countersign_trust::keyring_file;
use countersign_trust::{name_roots, revocation_lists, tsa_roots};

use crate::stopped::Stopped;
use crate::ui;

/// The keyring.
#[derive(Debug, Clone, clap::Args)]
pub struct KeyringArgs {
    /// The keyring [default: ~/.config/countersign/keyring.json]
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_KEYRING")]
    pub keyring: Option<PathBuf>,
}

impl KeyringArgs {
    /// The keyring that was named and so has to exist, or the person's own, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self) -> Result<Keyring, Stopped> {
        match (&self.keyring, default_keyring()) {
            (Some(path), _) => Ok(keyring_file::read(path)?),
            (None, Some(path)) => Ok(keyring_file::read_or_empty(&path)?),
            (None, None) => Ok(Keyring::default()),
        }
    }

    /// The file of the keyring that is changed.
    ///
    /// # Errors
    /// [`KeyringPlaceError::NoHome`] if none is named and there is no home directory.
    pub fn place(&self) -> Result<PathBuf, KeyringPlaceError> {
        self.keyring.clone().or_else(default_keyring).ok_or(KeyringPlaceError::NoHome)
    }
}

/// Why there is no keyring to change, or no trust folder to read.
#[derive(Debug, Problem)]
pub enum KeyringPlaceError {
    /// No keyring is named, and there is no home directory to keep one in.
    NoHome,
    /// The trust folder that was named does not exist.
    NoRoots { path: PathBuf },
}

/// The place of the person's own keyring.
fn default_keyring() -> Option<PathBuf> {
    places::keyring(places::NAME)
}

/// The trust folder.
#[derive(Debug, Clone, clap::Args)]
pub struct RootsArgs {
    /// The folder of trusted attestation roots [default: attestation-roots beside the keyring]
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_ATTESTATION_ROOTS")]
    pub attestation_roots: Option<PathBuf>,
    /// The folder of trusted roots of time-stamping authorities [default: tsa-roots beside the
    /// keyring]
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_TSA_ROOTS")]
    pub tsa_roots: Option<PathBuf>,
    /// The folder of trusted roots that prove names [default: name-roots beside the keyring]
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_NAME_ROOTS")]
    pub name_roots: Option<PathBuf>,
    /// The folder of lists of revoked certificates [default: crls beside the keyring]
    #[arg(long, value_name = "DIR", env = "COUNTERSIGN_CRLS")]
    pub crls: Option<PathBuf>,
}

impl RootsArgs {
    /// The trusted roots: of the folder that was named and so has to exist, or of the one beside the
    /// keyring, if there is one. Warns of what in it cannot be read.
    ///
    /// # Errors
    /// If the folder that was named does not exist, or cannot be read.
    pub fn read(&self, keyring: &KeyringArgs) -> Result<AttestationRoots, Stopped> {
        let read = self.read_folder(TrustedFor::Attestations, keyring)?;
        Ok(read.roots())
    }

    /// The same of time-stamping authorities.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_tsa(&self, keyring: &KeyringArgs) -> Result<TsaRoots, Stopped> {
        let read = self.read_folder(TrustedFor::TimeStamps, keyring)?;
        Ok(tsa_roots::roots(&read))
    }

    /// What is trusted for names: roots, and what their authorities have revoked. Warns of what cannot be
    /// read.
    ///
    /// # Errors
    /// If a folder that was named does not exist.
    pub fn read_names(&self, keyring: &KeyringArgs) -> Result<NameTrust, Stopped> {
        let named = [&self.name_roots, &self.crls].into_iter().flatten();
        if let Some(path) = named.into_iter().find(|path| !path.is_dir()) {
            return Err(KeyringPlaceError::NoRoots { path: path.clone() }.into());
        }
        let folders = (self.folder(TrustedFor::Names, keyring), self.crl_folder(keyring));
        let (Some(roots), Some(lists)) = folders else { return Ok(NameTrust::default()) };
        let (trust, troubles) = name_roots::read(&roots, &lists);
        troubles.iter().for_each(|trouble| ui::warn(&trouble.problem()));
        Ok(trust)
    }

    /// The folder of lists of revoked certificates that was named, or the one beside the keyring.
    pub fn crl_folder(&self, keyring: &KeyringArgs) -> Option<PathBuf> {
        let keyring = || keyring.keyring.clone().or_else(default_keyring);
        let beside = || keyring().map(|keyring| revocation_lists::beside(&keyring));
        self.crls.clone().or_else(beside)
    }

    fn read_folder(&self, what: TrustedFor, keyring: &KeyringArgs) -> Result<TrustFolder, Stopped> {
        if let Some(path) = self.named(what).filter(|path| !path.is_dir()) {
            return Err(KeyringPlaceError::NoRoots { path: path.clone() }.into());
        }
        let Some(folder) = self.folder(what, keyring) else {
            return Ok(TrustFolder::default());
        };
        let read = attestation_roots::read(&folder)?;
        warn(&read);
        Ok(read)
    }

    fn named(&self, what: TrustedFor) -> Option<&PathBuf> {
        match what {
            TrustedFor::Attestations => self.attestation_roots.as_ref(),
            TrustedFor::TimeStamps => self.tsa_roots.as_ref(),
            TrustedFor::Names => self.name_roots.as_ref(),
        }
    }

    /// The folder that was named, or the one beside the keyring.
    pub fn folder(&self, what: TrustedFor, keyring: &KeyringArgs) -> Option<PathBuf> {
        let keyring = || keyring.keyring.clone().or_else(default_keyring);
        let beside = || {
            keyring().map(|keyring| match what {
                TrustedFor::Attestations => attestation_roots::beside(&keyring),
                TrustedFor::TimeStamps => tsa_roots::beside(&keyring),
                TrustedFor::Names => name_roots::beside(&keyring),
            })
        };
        self.named(what).cloned().or_else(beside)
    }
}

/// Warns of what in the trust folder cannot be read.
fn warn(read: &TrustFolder) {
    read.troubles.iter().for_each(|trouble| ui::warn(&trouble.problem()));
}
