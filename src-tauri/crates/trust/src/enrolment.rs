//! How keys come into the keyring: a public key from wherever a person has it, or a new one.

use countersign_problem::{Problem, Words};
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::Certificate;
use countersign_admissibility::certificate_names::beside_key::{
    KeyCertificates, KeyCertificatesError,
};
use countersign_admissibility::keyring::{Key, KeyType, KeyringError};
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_envelope::signature::{Role, Signature, SignerType};
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError};
use countersign_signers::{Signer as _, SignerError, key_file};
use secrecy::SecretString;

use countersign_journal::{self as journal, Event, JournalError, Recorder};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access, WriteError};

/// Largest file of certificates that is read, in bytes.
const MAX_CERTIFICATES: u64 = 4 << 20;

/// Why a key was not enrolled. The keyring is as it was.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum EnrolmentError {
    /// The file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// No public key.
    PublicKey {
        /// The file that was read.
        from: String,
        /// The reason.
        error: PublicKeyError,
    },
    /// No certificates.
    Certificates {
        /// The file that was read.
        from: String,
        /// The reason.
        error: KeyCertificatesError,
    },
    /// Certificates that cannot be kept beside the key.
    #[problem(transparent)]
    Keyring(#[from] KeyringError),
    /// No signature file.
    Signatures {
        /// The file that was read.
        from: String,
        /// The reason.
        error: SignatureFileError,
    },
    /// No such signature in the file.
    NoSuchSignature {
        /// The file that was read.
        from: String,
        /// How many it has.
        count: usize,
        /// Which was asked for.
        index: usize,
    },
    /// Several signatures by different keys, and no word which is meant.
    #[arg(number = signatures.len(), signatures = signatures.join("; "))]
    SeveralSignatures {
        /// The file that was read.
        from: String,
        /// Each of them in words, with its number.
        signatures: Vec<String>,
    },
    /// The signature has no public key.
    NoPublicKey(String),
    /// Something that the keyring needs is missing.
    NotGiven(&'static str),
    /// A validity that no time is in.
    NeverValid {
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
    },
    /// A file is in the way of a new key.
    InTheWay(PathBuf),
    /// The name of the file is that of something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// The device's own attestation of the key does not hold.
    Attestation {
        /// The device and its key.
        from: Words,
        /// The reason.
        why: Words,
    },
    /// The public key is not available.
    NoPublicHalf {
        /// The key.
        key: Words,
    },
    /// The new key could not be made.
    #[problem(transparent)]
    Key(#[from] SignerError),
    /// The new key could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The new key cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
}

/// A public key, with the claims of its signature file.
#[derive(Debug)]
pub struct Found {
    /// The key.
    pub public_key: PublicKey,
    /// Its id.
    pub key_id: Option<String>,
    /// Who signs with it.
    pub owner: Option<String>,
    /// In which role it signed.
    pub role: Option<Role>,
    /// Evidence of where it is held; for the keyring to keep, by [`Key::with_attestation`].
    pub attestation: Option<KeyAttestation>,
    /// The certificates that the file holds, if the key is from one of them; for the keyring to keep, by
    /// [`Key::with_certificates`].
    pub certificates: Vec<Certificate>,
}

/// Who holds a key, in which roles, from when to when: the entries of a person.
#[derive(Debug, Clone, Default)]
pub struct Holder {
    /// The id that signatures name.
    pub key_id: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// The roles its owner may sign in.
    pub roles: Vec<Role>,
    /// From when its signatures count.
    pub valid_from: Option<Instant>,
    /// Until when its signatures count.
    pub valid_until: Option<Instant>,
    /// Whether it is to make companions of its owner's signatures. Such a key has no roles.
    pub is_of_companions: bool,
}

impl Holder {
    /// Takes from a signature file what the person did not enter.
    pub fn or_found(mut self, found: &Found) -> Self {
        self.key_id = self.key_id.or_else(|| found.key_id.clone());
        self.owner = self.owner.or_else(|| found.owner.clone());
        if self.roles.is_empty() {
            self.roles.extend(found.role);
        }
        self
    }

    /// The entry for the keyring.
    ///
    /// # Errors
    /// Fails if id, owner or roles are missing, or the key would never be valid. A key for companions
    /// has no roles: its owner's signatures have them.
    pub fn entry(
        self,
        public_key: Option<&PublicKey>,
        kind: SignerType,
        now: Instant,
    ) -> Result<Key, EnrolmentError> {
        let given = |text: Option<String>, what| {
            text.filter(|text| !text.trim().is_empty()).ok_or(EnrolmentError::NotGiven(what))
        };
        let is_of_companions =
            public_key.map_or(self.is_of_companions, PublicKey::is_of_companions);
        if self.roles.is_empty() && !is_of_companions {
            return Err(EnrolmentError::NotGiven("role"));
        }
        let roles = if is_of_companions { Vec::new() } else { self.roles };
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && from.unix() >= until.unix()
        {
            return Err(EnrolmentError::NeverValid { from, until });
        }
        Ok(Key {
            key_id: given(self.key_id, "key-id")?,
            owner: given(self.owner, "owner")?,
            roles,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            revoked_at: None,
            revocation_reason: None,
            revocation_code: None,
            compromised_since: None,
            added_at: Some(now),
            key_type: public_key.map_or(KeyType::Hmac, KeyType::of),
            public_key: public_key.map(PublicKey::to_text),
            kind,
            key_attestation: None,
            certificates: None,
            other: serde_json::Map::new(),
        })
    }
}

/// Which signature of a file is meant.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Its number, from 0.
    pub index: Option<usize>,
    /// The id of its key.
    pub key_id: Option<String>,
    /// Who signed.
    pub owner: Option<String>,
}

impl Selection {
    /// The one with a key of this id.
    pub fn of_key(key_id: &str) -> Self {
        Self { key_id: Some(key_id.to_owned()), ..Self::default() }
    }

    /// The signature that is meant. A number decides alone. A single key needs no choice.
    fn of<'a>(&self, from: &str, file: &'a SignatureFile) -> Result<Signature<'a>, EnrolmentError> {
        let signatures = file.signatures();
        if let Some(index) = self.index {
            let count = signatures.len();
            let none = || EnrolmentError::NoSuchSignature { from: from.to_owned(), count, index };
            return signatures.get(index).copied().ok_or_else(none);
        }
        let key = |one: &Signature<'_>| {
            (
                one.public_key().map(str::to_owned),
                one.key_id().to_owned(),
                one.signer_id().to_owned(),
            )
        };
        let first_if_alone = |some: &[Signature<'a>]| {
            let first = some.first().copied()?;
            some.iter().all(|one| key(one) == key(&first)).then_some(first)
        };
        let is_meant = |one: &&Signature<'_>| {
            self.key_id.as_ref().is_none_or(|id| id == one.key_id())
                && self.owner.as_ref().is_none_or(|owner| owner == one.signer_id())
        };
        let meant: Vec<_> = signatures.iter().filter(is_meant).copied().collect();
        first_if_alone(&signatures).or_else(|| first_if_alone(&meant)).ok_or_else(|| {
            let words = |(index, one): (usize, &Signature<'_>)| {
                let role = one.role().map_or("no role", |role| role.as_str());
                format!("{index}: key {} of {} ({role})", one.key_id(), one.signer_id())
            };
            EnrolmentError::SeveralSignatures {
                from: from.to_owned(),
                signatures: signatures.iter().enumerate().map(words).collect(),
            }
        })
    }
}

/// The public key that a person means: a path to a file with one, or the key itself as text, in
/// any form of [`PublicKey::read`]; or a `.sig.json`.
///
/// # Errors
/// Fails if it is none of these.
pub fn find(source: &str, choice: &Selection) -> Result<Found, EnrolmentError> {
    let path = Path::new(source);
    let is_text = source.contains(['\n', '{']) || source.contains("-----BEGIN");
    let is_key = || !matches!(PublicKey::read(source.as_bytes()), Err(PublicKeyError::Unknown));
    if !path.exists() && (is_text || is_key()) {
        return parse("the text", source.as_bytes(), choice);
    }
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    parse(source, &bytes, choice)
}

/// The public key in the content of a file, whose name is for errors.
///
/// # Errors
/// Fails if it has none.
pub fn parse(from: &str, bytes: &[u8], choice: &Selection) -> Result<Found, EnrolmentError> {
    let unusable = |error| EnrolmentError::PublicKey { from: from.to_owned(), error };
    let file = match SignatureFile::parse(bytes) {
        Ok(file) => file,
        Err(not_signatures) => {
            let public_key = PublicKey::read(bytes).map_err(|error| match error {
                PublicKeyError::Unknown if bytes.trim_ascii_start().starts_with(b"{") => {
                    EnrolmentError::Signatures { from: from.to_owned(), error: not_signatures }
                }
                error => unusable(error),
            })?;
            return Ok(Found {
                key_id: None,
                owner: None,
                role: None,
                attestation: None,
                certificates: beside(&public_key, bytes),
                public_key,
            });
        }
    };
    let signature = choice.of(from, &file)?;
    let written =
        signature.public_key().ok_or_else(|| EnrolmentError::NoPublicKey(from.to_owned()))?;
    Ok(Found {
        public_key: PublicKey::parse(written).map_err(unusable)?,
        key_id: Some(signature.key_id().to_owned()),
        owner: Some(signature.signer_id().to_owned()),
        role: signature.role(),
        attestation: signature.attestation().and_then(Result::ok),
        certificates: Vec::new(),
    })
}

/// The certificates of a file that has one of this key; none if it has no such.
fn beside(key: &PublicKey, bytes: &[u8]) -> Vec<Certificate> {
    let certificates = KeyCertificates::read(bytes).unwrap_or_default();
    match KeyCertificates::of(key, certificates.clone()) {
        Ok(_) => certificates,
        Err(_) => Vec::new(),
    }
}

/// The certificates of a file: PEM with any number, or the DER of one.
///
/// # Errors
/// Fails if the file cannot be read, or has none.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, EnrolmentError> {
    let bytes = reading::read(path, directory_of(path), MAX_CERTIFICATES)?;
    let from = || path.display().to_string();
    KeyCertificates::read(&bytes)
        .map_err(|error| EnrolmentError::Certificates { from: from(), error })
}

/// Makes a software key in a new file that its owner only can read, encrypted under a passphrase:
/// Ed25519, or ML-DSA-65 if it is for companions. It is journalled.
///
/// # Errors
/// Fails if something is in the way, the passphrase is empty, or journal or file cannot be written.
pub fn create_key(
    path: &Path,
    is_of_companions: bool,
    passphrase: &SecretString,
    recorder: &dyn Recorder,
) -> Result<Option<PublicKey>, EnrolmentError> {
    check_free(path)?;
    let random = &mut key_file::system_random();
    let (public_key, pem) = match is_of_companions {
        true => {
            let (signer, pem) = key_file::generate_companion(random, passphrase)?;
            (signer.public_key().cloned(), pem)
        }
        false => {
            let (signer, pem) = key_file::generate(random, passphrase)?;
            (signer.public_key().cloned(), pem)
        }
    };
    let fingerprint = public_key.as_ref().map(|key| key.fingerprint().to_string());
    let created = Event::KeyCreated {
        file: path.display().to_string(),
        fingerprint: fingerprint.unwrap_or_default(),
    };
    journal::journalled(recorder, &[created], || {
        let _lock = safe_write::lock(directory_of(path))?;
        check_free(path)?;
        safe_write::replace(path, pem.as_bytes(), Access::Private)?;
        Ok(public_key)
    })
}

/// Whether there is nothing at the place of a new key, which has no name of evidence.
///
/// # Errors
/// If there is, or it has.
pub fn check_free(path: &Path) -> Result<(), EnrolmentError> {
    overwrite::check(path, FileKind::New)?;
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(EnrolmentError::InTheWay(path.to_owned())),
        Err(_) => Ok(()),
    }
}
