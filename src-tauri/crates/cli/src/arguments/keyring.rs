//! Whose keys are accepted, and what attestations of hardware keys may lead to.

use std::path::PathBuf;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_app::clock::now;
use countersign_app::places;
use countersign_app::roots::TrustedFor;
use countersign_app::workspace::in_force;
use countersign_envelope::instant::Instant;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_trust::adopted::AdoptedPlace;
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
    /// The keyring that was named and so has to exist, or the person's own, if there is one. Once a signed
    /// keyring is adopted, that one and no other.
    ///
    /// # Errors
    /// If it cannot be read, or one is named that is not used.
    pub fn read(&self) -> Result<Keyring, Stopped> {
        if signed().is_some() {
            let keyring = keyring_file::read(&self.place()?)?;
            warn_of_review(&keyring);
            return Ok(keyring);
        }
        match (&self.keyring, default_keyring()) {
            (Some(path), _) => Ok(keyring_file::read(path)?),
            (None, Some(path)) => Ok(keyring_file::read_or_empty(&path)?),
            (None, None) => Ok(Keyring::default()),
        }
    }

    /// The file of the keyring that envelopes are judged by, or the path that stands for the signed one.
    ///
    /// # Errors
    /// If none is named and there is no home directory, or one is named that is not used.
    pub fn place(&self) -> Result<PathBuf, KeyringPlaceError> {
        match (&self.keyring, signed()) {
            (Some(path), Some(_)) => Err(KeyringPlaceError::NotUsed { path: path.clone() }),
            (Some(path), None) => Ok(path.clone()),
            (None, _) => self.in_force().ok_or(KeyringPlaceError::NoHome),
        }
    }

    /// The file of the keyring that is changed: beside a signed keyring, one that is named is a draft of
    /// its next version.
    ///
    /// # Errors
    /// [`KeyringPlaceError::NoHome`] if none is named and there is no home directory.
    pub fn to_change(&self) -> Result<PathBuf, KeyringPlaceError> {
        self.in_force().ok_or(KeyringPlaceError::NoHome)
    }

    fn in_force(&self) -> Option<PathBuf> {
        let own = || Some(in_force(signed().as_ref(), &default_keyring()?));
        self.keyring.clone().or_else(own)
    }
}

/// Whose word a keyring is, in one line.
pub fn word_of(keyring: &Keyring) -> String {
    match keyring.signed() {
        Some(facts) => {
            let people: Vec<String> = facts.people.iter().map(|one| visible(one)).collect();
            format!("signed keyring version {}, by {}", facts.version, people.join(", "))
        }
        None => "plain keyring: the word of whoever can write it".to_owned(),
    }
}

/// Warns if somebody should look at the signed keyring again. It counts all the same.
fn warn_of_review(keyring: &Keyring) {
    let facts = keyring.signed();
    let due = facts.and_then(|facts| Some((facts.version, facts.review_by?)));
    if let Some((version, at)) = due.filter(|(_, at)| at.unix() < now().unix()) {
        ui::warn(&ReviewDue { version, at }.problem());
    }
}

/// Where the signed keyring is kept, if one is adopted.
fn signed() -> Option<AdoptedPlace> {
    places::signed_keyring(places::NAME).filter(AdoptedPlace::is_adopted)
}

/// Why there is no keyring to change, or no trust folder to read.
#[derive(Debug, Problem)]
pub enum KeyringPlaceError {
    /// No keyring is named, and there is no home directory to keep one in.
    NoHome,
    /// The trust folder that was named does not exist.
    NoRoots { path: PathBuf },
    /// A signed keyring is adopted, and nothing else decides whose keys count.
    NotUsed { path: PathBuf },
}

/// Somebody should look at the signed keyring again.
#[derive(Debug, Problem)]
struct ReviewDue {
    version: u64,
    at: Instant,
}

/// The place of the person's own keyring.
fn default_keyring() -> Option<PathBuf> {
    places::keyring(places::NAME)
}

/// The trust folder.
#[derive(Debug, Clone, Default, clap::Args)]
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
        // What proves names is no part of a signed keyring, and changes no level.
        let keyring = || keyring.keyring.clone().or_else(default_keyring);
        let beside = || keyring().map(|keyring| revocation_lists::beside(&keyring));
        self.crls.clone().or_else(beside)
    }

    /// Checks that no folder is named that is not used, since a signed keyring is adopted.
    ///
    /// # Errors
    /// [`KeyringPlaceError::NotUsed`] names it.
    pub fn check_used(&self) -> Result<(), KeyringPlaceError> {
        let mut named = [&self.attestation_roots, &self.tsa_roots].into_iter().flatten();
        match named.next().filter(|_| signed().is_some()) {
            Some(path) => Err(KeyringPlaceError::NotUsed { path: path.clone() }),
            None => Ok(()),
        }
    }

    fn read_folder(&self, what: TrustedFor, keyring: &KeyringArgs) -> Result<TrustFolder, Stopped> {
        self.check_used()?;
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
        let beside = || match what {
            TrustedFor::Attestations => Some(attestation_roots::beside(&keyring.in_force()?)),
            TrustedFor::TimeStamps => Some(tsa_roots::beside(&keyring.in_force()?)),
            TrustedFor::Names => {
                let plain = keyring.keyring.clone().or_else(default_keyring);
                plain.map(|plain| name_roots::beside(&plain))
            }
        };
        self.named(what).cloned().or_else(beside)
    }
}

/// Warns of what in the trust folder cannot be read.
fn warn(read: &TrustFolder) {
    read.troubles.iter().for_each(|trouble| ui::warn(&trouble.problem()));
}
