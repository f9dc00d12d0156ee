//! Bringing keys into the keyring.

use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::{self, AttestationRoots, Certificate};
use countersign_admissibility::certificate_names::beside_key::KeyCertificates;
use countersign_admissibility::keyring::{Key, KeyringError};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::SignerType;
use countersign_problem::Problem;
use countersign_store::overwrite::{self, FileKind};
use countersign_trust::enrolment::{self, EnrolmentError, Found, Holder};
use countersign_trust::keyring_file::{self, KeyringFileError};
use secrecy::SecretString;

use crate::passphrase::{NewPassphrase, PassphraseError, Strength};
use crate::workspace::{Workspace, WorkspaceError};

/// Why a key was not enrolled.
#[derive(Debug, Problem)]
pub enum EnrolError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The key, or what was said of it, is not complete.
    #[problem(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// The keyring does not take it.
    #[problem(transparent)]
    Keyring(#[from] KeyringFileError),
    /// A file has other certificates than those that were shown and confirmed.
    OtherCertificates {
        /// The file.
        path: PathBuf,
    },
}

/// A key that has come into the keyring.
#[derive(Debug)]
pub struct Enrolled {
    /// Its entry.
    pub key: Key,
    /// Other owners whose names look like the new one's.
    pub look_alikes: Vec<String>,
}

/// The entry of a key that is to come into the keyring.
#[derive(Debug)]
pub struct Entry {
    /// The entry.
    pub key: Key,
    /// What the attestation that came with the key proves, in words; `None` if none came with it.
    pub proves: Option<String>,
}

/// The entry for a key from a file or pasted text, with what its signature proves; or for a shared key,
/// of which only the id is kept. A person may state what holds it. Otherwise it is hardware if an
/// attestation proves that, and software if not.
///
/// # Errors
/// If its id, its owner or a role is missing, or it would never be valid.
pub fn entry(
    workspace: &Workspace,
    found: Option<&Found>,
    holder: Holder,
    stated: Option<SignerType>,
    roots: &AttestationRoots,
) -> Result<Entry, EnrolError> {
    let now = (workspace.now)();
    let holder = match found {
        Some(found) => holder.or_found(found),
        None => holder,
    };
    let public_key = found.map(|found| &found.public_key);
    let certified = |key: Key| match found.map(|found| &*found.certificates) {
        None | Some([]) => Ok(key),
        Some(some) => key.with_certificates(some.to_vec()).map_err(EnrolmentError::from),
    };
    let Some(evidence) = found.and_then(|found| found.attestation.as_ref()) else {
        let kind = stated.unwrap_or(SignerType::Software);
        let key = certified(holder.entry(public_key, kind, now)?)?;
        return Ok(Entry { key, proves: None });
    };
    let (kind, words) = match attestation::verify(evidence, public_key, roots, now) {
        Ok(statement) if statement.is_proof() => (SignerType::Hardware, statement.to_string()),
        // What an operator has copied does not prove hardware.
        Ok(statement) => (SignerType::Software, statement.to_string()),
        Err(error) => (SignerType::Software, error.to_string()),
    };
    let key = certified(holder.entry(public_key, stated.unwrap_or(kind), now)?)?;
    Ok(Entry { key: key.with_attestation(evidence), proves: Some(words) })
}

/// Adds a key to the keyring.
///
/// # Errors
/// If the keyring does not take it or cannot be written, or that cannot be journalled.
pub fn enrol(workspace: &Workspace, key: Key) -> Result<Enrolled, EnrolError> {
    let path = workspace.own_keyring()?;
    let recorder = workspace.recorder()?;
    let keyring = keyring_file::add(path, key.clone(), recorder.as_ref())?;
    let look_alikes = keyring.looking_like(&key.owner).map(str::to_owned).collect();
    Ok(Enrolled { key, look_alikes })
}

/// Checks that a key could be enrolled now, before anything is asked for it that may cost an attempt.
///
/// # Errors
/// As [`enrol`], if that is certain already.
pub fn check(workspace: &Workspace, key: Key) -> Result<(), EnrolError> {
    let path = workspace.own_keyring()?;
    overwrite::check(path, FileKind::Keyring).map_err(KeyringFileError::from)?;
    keyring_file::check_add(path, key)?;
    Ok(workspace.check_journal()?)
}

/// Certificates that a person wants to keep beside a key, before they are kept.
#[derive(Debug)]
pub struct Certification {
    /// The entry of the key as it is.
    pub before: Key,
    /// The entry as it would be.
    pub after: Key,
    /// That of the key first.
    certificates: Vec<Certificate>,
}

impl Certification {
    /// What the certificates of a file would be beside a key of the keyring. Nothing is changed.
    ///
    /// # Errors
    /// If the file has none, there is no such key, or none of them is for it.
    pub fn look(workspace: &Workspace, key_id: &str, file: &Path) -> Result<Self, EnrolError> {
        let found = enrolment::certificates(file)?;
        let keyring = workspace.read_keyring()?;
        let before = keyring.keys().iter().find(|key| key.key_id == key_id);
        let none = || EnrolmentError::from(KeyringError::NoSuchKey(key_id.to_owned()));
        let before = before.cloned().ok_or_else(none)?;
        let after = before.clone().with_certificates(found).map_err(EnrolmentError::from)?;
        let kept = after.certificates().and_then(Result::ok);
        let certificates = kept.iter().flat_map(KeyCertificates::all).cloned().collect();
        Ok(Self { before, after, certificates })
    }

    /// The SHA-256 of each certificate, that of the key first: what a person confirms.
    pub fn sha256(&self) -> Vec<String> {
        self.certificates.iter().map(|one| one.fingerprint().hex()).collect()
    }

    /// The certificates that help to reach a root.
    pub fn helpers(&self) -> &[Certificate] {
        self.certificates.get(1..).unwrap_or_default()
    }

    /// Keeps them beside the key instead of those that were there. They prove names, and change nothing
    /// about which signatures count. Returns the entry.
    ///
    /// # Errors
    /// If the key is another by now, or keyring or journal cannot be written.
    pub fn keep(&self, workspace: &Workspace) -> Result<Key, EnrolError> {
        set_certificates(workspace, &self.after.key_id, &self.certificates)
    }
}

/// Keeps the certificates of a file beside a key of the keyring, if they are those that a person has
/// seen and confirmed by their SHA-256, as [`Certification::sha256`] lists them. Returns the entry.
///
/// # Errors
/// As [`Certification::look`] and [`Certification::keep`]; also if the file has others by now.
pub fn certify(
    workspace: &Workspace,
    key_id: &str,
    file: &Path,
    confirmed: &[String],
) -> Result<Key, EnrolError> {
    let certification = Certification::look(workspace, key_id, file)?;
    match certification.sha256() == confirmed {
        true => certification.keep(workspace),
        false => Err(EnrolError::OtherCertificates { path: file.to_owned() }),
    }
}

/// Keeps no certificates beside a key of the keyring. Returns the entry.
///
/// # Errors
/// If there are none, or keyring or journal cannot be written.
pub fn remove_certificates(workspace: &Workspace, key_id: &str) -> Result<Key, EnrolError> {
    set_certificates(workspace, key_id, &[])
}

fn set_certificates(
    workspace: &Workspace,
    key_id: &str,
    certificates: &[Certificate],
) -> Result<Key, EnrolError> {
    let path = workspace.own_keyring()?;
    let recorder = workspace.recorder()?;
    let keyring = keyring_file::certify(path, key_id, certificates, recorder.as_ref())?;
    let key = keyring.keys().iter().find(|key| key.key_id == key_id);
    key.cloned().ok_or_else(|| EnrolmentError::NotGiven("key-id").into())
}

/// A software key to make, in an encrypted file.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The file; nothing may be there yet.
    pub path: PathBuf,
    /// Whose it is to be, and for what.
    pub holder: Holder,
}

impl NewKey {
    /// A passphrase that a person chose for it: see [`NewPassphrase::chosen`].
    ///
    /// # Errors
    /// As there.
    pub fn passphrase(
        &self,
        passphrase: SecretString,
        confirmed: bool,
    ) -> Result<NewPassphrase, PassphraseError> {
        NewPassphrase::chosen(passphrase, &self.known(), confirmed)
    }

    /// How easily a passphrase for it is guessed.
    pub fn strength(&self, passphrase: &SecretString) -> Strength {
        Strength::of(passphrase, &self.known())
    }

    /// What others know of it, and would try first.
    fn known(&self) -> Vec<&str> {
        let file = self.path.file_stem().and_then(|name| name.to_str());
        let holder = [self.holder.owner.as_deref(), self.holder.key_id.as_deref()];
        holder.into_iter().chain([file]).flatten().collect()
    }

    /// Its entry, before the key is made: without a public key.
    ///
    /// # Errors
    /// If its id, its owner or a role is missing.
    pub fn entry(&self, workspace: &Workspace) -> Result<Key, EnrolmentError> {
        self.holder.clone().entry(None, SignerType::Software, (workspace.now)())
    }

    /// Checks, before a passphrase is asked for, that the key could be made and enrolled now.
    ///
    /// # Errors
    /// If its place is not free, its entry is not complete, or the keyring would not take it.
    pub fn check(&self, workspace: &Workspace) -> Result<(), EnrolError> {
        self.check_place(workspace)?;
        check(workspace, self.entry(workspace)?)
    }

    /// The same for a key that is not to be enrolled.
    ///
    /// # Errors
    /// If its place is not free, its entry would not be complete, or the journal cannot be written.
    pub fn check_place(&self, workspace: &Workspace) -> Result<(), EnrolError> {
        self.entry(workspace)?;
        workspace.check_writable(&self.path)?;
        enrolment::check_free(&self.path)?;
        Ok(workspace.check_journal()?)
    }

    /// Makes the key. It is in its file from then on, whether or not the keyring takes it.
    ///
    /// # Errors
    /// As for [`Self::check_place`]; also if the file cannot be written.
    pub fn create(
        self,
        workspace: &Workspace,
        passphrase: &NewPassphrase,
    ) -> Result<CreatedKey, EnrolError> {
        self.check_place(workspace)?;
        let recorder = workspace.recorder()?;
        let (is_of_companions, secret) = (self.holder.is_of_companions, passphrase.secret());
        let public_key =
            enrolment::create_key(&self.path, is_of_companions, secret, recorder.as_ref())?;
        Ok(CreatedKey { public_key, holder: self.holder })
    }
}

/// A software key that was made.
#[derive(Debug)]
pub struct CreatedKey {
    /// Its public half.
    pub public_key: Option<PublicKey>,
    holder: Holder,
}

impl CreatedKey {
    /// Adds it to the keyring.
    ///
    /// # Errors
    /// As for [`enrol`].
    pub fn enrol(self, workspace: &Workspace) -> Result<Enrolled, EnrolError> {
        let (public_key, now) = (self.public_key.as_ref(), (workspace.now)());
        enrol(workspace, self.holder.entry(public_key, SignerType::Software, now)?)
    }
}

/// Makes a software key in an encrypted file, and enrols it.
///
/// # Errors
/// As for [`NewKey::check`], before anything is made; also if file, keyring or journal cannot be
/// written.
pub fn create_key(
    workspace: &Workspace,
    key: NewKey,
    passphrase: &NewPassphrase,
) -> Result<Enrolled, EnrolError> {
    key.check(workspace)?;
    key.create(workspace, passphrase)?.enrol(workspace)
}
