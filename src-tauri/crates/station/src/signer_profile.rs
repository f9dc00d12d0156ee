//! The signers of this station: a name for each key that a person here may sign with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_signers::external::{Command, ExternalError, ExternalSigner};
use countersign_signers::pkcs11::signer::Pkcs11Key;
use countersign_signers::pkcs11::uri::{Pkcs11Uri, UriError};
use countersign_signers::{Key, SignerError, key_file};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::enrolment::{self, EnrolmentError};
use crate::reading::{self, ReadError, directory_of};
use crate::tokens;

/// Longest key file, in bytes.
const MAX_KEY_BYTES: u64 = 1 << 20;

/// A key with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SignerProfile {
    /// What a person calls it.
    pub name: String,
    /// The id that its signatures name.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// Where the key is.
    pub source: KeySource,
}

/// Where a key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum KeySource {
    /// In a file, under a passphrase.
    KeyFile {
        /// The file.
        path: String,
    },
    /// Behind a command.
    External {
        /// The command line, split by the rules of a POSIX shell and run without one.
        command: String,
        /// How it signs.
        algorithm: Algorithm,
        /// The key that verifies: PEM, or base64 for Ed25519.
        public_key: String,
        /// After how many seconds it is ended.
        timeout_seconds: u32,
        /// Under which form its signatures verify, found by a probe; none before that.
        signed_payload: Option<SignedPayload>,
    },
    /// On a token behind a PKCS#11 module, with a person's own word on what holds it. Keys of modules
    /// in use need no profile; one is made to say something else than their token does.
    Pkcs11 {
        /// Which key: an RFC 7512 URI, with the module's path.
        uri: String,
        /// How it signs.
        algorithm: Algorithm,
        /// What the person claims to hold it. It counts as claimed only, and is journalled.
        signer_type: SignerType,
    },
}

/// Why a signer cannot be used.
#[derive(Debug, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileError {
    /// It has no name, key id or person.
    #[error("a signer has no {0}; give one")]
    NotGiven(&'static str),
    /// The key file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The key file is no key.
    #[error("{path}: {error}")]
    Key {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: SignerError,
    },
    /// The public key is none.
    #[error(
        "the public key of the signer {name:?}: {error}; give it as PEM, or as base64 for Ed25519"
    )]
    PublicKey {
        /// Which signer.
        name: String,
        /// What is wrong with it.
        error: PublicKeyError,
    },
    /// The public key is for another algorithm.
    #[error(
        "the public key of the signer {name:?} is none for {algorithm}; choose the algorithm that it is for"
    )]
    Algorithm {
        /// Which signer.
        name: String,
        /// How it is to sign.
        algorithm: Algorithm,
    },
    /// The command cannot be run.
    #[error("the command of the signer {name:?}: {error}")]
    Command {
        /// Which signer.
        name: String,
        /// What is wrong with it.
        error: ExternalError,
    },
    /// A time in which no command can sign.
    #[error("the time of the signer {0:?} is not between 1 and 600 seconds; 30 is usual")]
    Timeout(String),
    /// The key on a token is not named in full.
    #[error("the key of the signer {name:?}: {why}; copy it from Devices, it begins with pkcs11:")]
    Token {
        /// Which signer.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The key on a token cannot be used.
    #[error("the signer {name:?}: {error}")]
    TokenKey {
        /// Which signer.
        name: String,
        /// What is wrong with it.
        error: SignerError,
    },
    /// It has not passed its probe.
    #[error("the signer {0:?} has not passed its probe; probe it in the settings before it signs")]
    NotProbed(String),
}

impl SignerProfile {
    /// What holds the key.
    pub fn kind(&self) -> SignerType {
        match self.source {
            KeySource::KeyFile { .. } => SignerType::Software,
            KeySource::External { .. } => SignerType::External,
            KeySource::Pkcs11 { signer_type, .. } => signer_type,
        }
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match self.source {
            // Key files that are opened here hold Ed25519 keys, and no others.
            KeySource::KeyFile { .. } => Algorithm::Ed25519,
            KeySource::External { algorithm, .. } | KeySource::Pkcs11 { algorithm, .. } => algorithm,
        }
    }

    /// Over which form of the payload it signs.
    pub fn payload(&self) -> SignedPayload {
        match self.source {
            KeySource::KeyFile { .. } | KeySource::Pkcs11 { .. } => SignedPayload::CanonicalJson,
            KeySource::External { signed_payload, .. } => {
                signed_payload.unwrap_or(SignedPayload::CanonicalJson)
            }
        }
    }

    /// The key that verifies, where it is known before the key is opened.
    pub fn public_key(&self) -> Option<PublicKey> {
        match &self.source {
            KeySource::KeyFile { .. } | KeySource::Pkcs11 { .. } => None,
            KeySource::External { public_key, .. } => PublicKey::parse(public_key.trim()).ok(),
        }
    }

    /// What it is, in words.
    pub fn about(&self) -> String {
        match &self.source {
            KeySource::KeyFile { path } => {
                format!("key file {}", reading::name_of(Path::new(path)))
            }
            KeySource::External { command, .. } => format!("external command {command}"),
            KeySource::Pkcs11 { uri, signer_type, .. } => {
                format!("token key {uri}, claimed to be {signer_type}")
            }
        }
    }

    /// What it asks for before it signs, in a word.
    pub fn asks(&self) -> &'static str {
        match self.source {
            KeySource::KeyFile { .. } => "passphrase",
            KeySource::External { .. } => "nothing",
            KeySource::Pkcs11 { .. } => "PIN",
        }
    }

    /// The profile with its public key in it: a person may name the file that has it.
    ///
    /// # Errors
    /// Where the file has none.
    pub fn with_public_key(mut self) -> Result<Self, EnrolmentError> {
        if let KeySource::External { public_key, .. } = &mut self.source {
            *public_key = enrolment::find(public_key.trim(), 0)?.public_key.to_text();
        }
        Ok(self)
    }

    /// Whether it may be kept in the settings.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), ProfileError> {
        let fields =
            [(&self.name, "name"), (&self.key_id, "key id"), (&self.signer_id, "person who signs")];
        for (text, what) in fields {
            if text.trim().is_empty() {
                return Err(ProfileError::NotGiven(what));
            }
        }
        match &self.source {
            KeySource::KeyFile { path } if path.trim().is_empty() => {
                Err(ProfileError::NotGiven("key file"))
            }
            KeySource::KeyFile { .. } => Ok(()),
            KeySource::External { .. } => self.command(None).map(drop),
            KeySource::Pkcs11 { uri, .. } => self.module_and_key(uri).map(drop),
        }
    }

    /// Whether it could sign now, as far as that is seen without using the key.
    ///
    /// # Errors
    /// Why not.
    pub fn check_ready(&self) -> Result<(), ProfileError> {
        self.check()?;
        match &self.source {
            KeySource::KeyFile { path } => self.read_key_file(path).map(drop),
            KeySource::External { signed_payload: None, .. } => {
                Err(ProfileError::NotProbed(self.name.clone()))
            }
            KeySource::External { .. } | KeySource::Pkcs11 { .. } => Ok(()),
        }
    }

    /// The key, ready or asking for its passphrase. `watched` is the directory that an external
    /// command must leave alone.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn open(&self, watched: Option<&Path>) -> Result<Key, ProfileError> {
        self.check_ready()?;
        match &self.source {
            KeySource::KeyFile { path } => {
                let text = self.read_key_file(path)?;
                key_file::key(text, reading::name_of(Path::new(path)))
                    .map_err(|error| ProfileError::Key { path: path.clone(), error })
            }
            KeySource::External { .. } => {
                let signer = ExternalSigner::new(self.command(watched)?, self.payload());
                Ok(Key::Ready(Box::new(signer)))
            }
            KeySource::Pkcs11 { uri, algorithm, signer_type } => {
                let (module, uri) = self.module_and_key(uri)?;
                let named = |error| ProfileError::TokenKey { name: self.name.clone(), error };
                tokens::find_in(&module, &uri)
                    .and_then(|key| {
                        let (algorithm, claimed) = (Some(*algorithm), Some(*signer_type));
                        tokens::open(&Pkcs11Key { algorithm, claimed, ..key })
                    })
                    .map_err(named)
            }
        }
    }

    /// The module and the key that a URI names.
    fn module_and_key(&self, uri: &str) -> Result<(PathBuf, Pkcs11Uri), ProfileError> {
        let failed = |why: String| ProfileError::Token { name: self.name.clone(), why };
        let uri: Pkcs11Uri = uri.trim().parse().map_err(|error: UriError| failed(error.to_string()))?;
        let module = uri.module.clone();
        let module = module.ok_or_else(|| failed("it names no module (?module-path=…)".to_owned()))?;
        Ok((module, uri))
    }

    fn read_key_file(&self, path: &str) -> Result<SecretString, ProfileError> {
        // A person's own key may well be behind a link.
        let named = PathBuf::from(path);
        let real = named.canonicalize().unwrap_or(named);
        let bytes = reading::read(&real, directory_of(&real), MAX_KEY_BYTES)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(SecretString::from(text)),
            Err(error) => {
                zeroize::Zeroize::zeroize(&mut error.into_bytes());
                let error = SignerError::Form;
                Err(ProfileError::Key { path: path.to_owned(), error })
            }
        }
    }

    /// The command, probed or not. `watched` is the directory that it must leave alone.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn command(&self, watched: Option<&Path>) -> Result<Command, ProfileError> {
        let KeySource::External { command, algorithm, public_key, timeout_seconds, .. } =
            &self.source
        else {
            return Err(ProfileError::NotGiven("command"));
        };
        let name = self.name.clone();
        let key = PublicKey::parse(public_key.trim())
            .map_err(|error| ProfileError::PublicKey { name: name.clone(), error })?;
        if !key.fits(*algorithm) {
            return Err(ProfileError::Algorithm { name, algorithm: *algorithm });
        }
        if !(1..=600).contains(timeout_seconds) {
            return Err(ProfileError::Timeout(name));
        }
        let command = Command::new(command, *algorithm, key)
            .map_err(|error| ProfileError::Command { name, error })?
            .timeout(Duration::from_secs(u64::from(*timeout_seconds)));
        Ok(match watched {
            Some(directory) => command.watched(directory),
            None => command,
        })
    }
}
