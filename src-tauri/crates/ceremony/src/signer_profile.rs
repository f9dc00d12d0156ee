//! The signers of this station: a name for each key that a person here may sign with.

use countersign_problem::{Explain as _, Problem, Value, Words, words};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use countersign_admissibility::keyring::{Key as KeyringKey, Keyring};
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_signers::external::{Command, ExternalError, ExternalSigner, Probe, Program};
use countersign_signers::pkcs11::discovery;
use countersign_signers::pkcs11::module_file::ModuleFile;
use countersign_signers::pkcs11::pin_source::PinSource;
use countersign_signers::pkcs11::signer::Pkcs11Key;
use countersign_signers::pkcs11::uri::{Pkcs11Uri, UriError};
use countersign_signers::ssh_agent::{self, SshAgent};
use countersign_signers::{Key, SignerError, Unattended, key_file};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::key_on_offer::{Asks, KeyOnOffer};
use crate::key_ref::KeyRef;
use crate::signer_program::is_current;
use crate::signer_template::{Filled, Template};
use crate::tokens;
use countersign_store::ownership::{self, OwnershipError};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_trust::enrolment::{self, EnrolmentError, Selection};

/// Longest key file, in bytes.
const MAX_KEY_BYTES: u64 = 1 << 20;

/// A key with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SignerProfile {
    /// Its name.
    pub name: String,
    /// The id that its signatures name.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// The location of the key.
    pub source: KeySource,
}

/// The location of a key.
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
        /// A command that prints that key, run again by each probe; null if a person entered the
        /// key.
        #[serde(default)]
        public_key_command: Option<String>,
        /// After how many seconds it is ended.
        timeout_seconds: u32,
        /// Its working directory; null for a temporary directory of its own.
        #[serde(default)]
        working_directory: Option<String>,
        /// Names of variables of the environment that are passed on, beside those that programs need
        /// to be found. Their values are in no profile.
        #[serde(default)]
        environment: Vec<String>,
        /// A command that prints the evidence for each signature, a JSON object.
        #[serde(default)]
        evidence_command: Option<String>,
        /// Under which form its signatures verify, found by a probe; none before that.
        signed_payload: Option<SignedPayload>,
        /// What that probe covered ([`SignerProfile::probe_digest`]); it proves nothing about
        /// anything else.
        #[serde(default)]
        probed_as: Option<String>,
    },
    /// On a token behind a PKCS#11 module. Keys on the tokens of modules in use need no profile; a
    /// profile is needed for a key that is visible only with its PIN, for a shared key, or to
    /// override what the token reports.
    Pkcs11 {
        /// Which key: an RFC 7512 URI, with the module's path.
        uri: String,
        /// How it signs.
        algorithm: Algorithm,
        /// The kind of key that the person claims. It counts as claimed only, and is journalled.
        /// Null if the token's own statement is used.
        #[serde(default)]
        signer_type: Option<SignerType>,
    },
    /// In an SSH agent.
    SshAgent {
        /// The agent's socket; null for the one that the environment names.
        #[serde(default)]
        socket: Option<String>,
        /// The key that verifies.
        public_key: String,
    },
}

/// Why a signer cannot be used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ProfileError {
    /// It has no name, key id or person.
    NotGiven(&'static str),
    /// The key file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The key file is not valid.
    Key {
        /// The file.
        path: String,
        /// The reason.
        error: Box<SignerError>,
    },
    /// The public key is none.
    PublicKey {
        /// Which signer.
        name: String,
        /// The reason.
        error: PublicKeyError,
    },
    /// The public key is for another algorithm.
    Algorithm {
        /// Which signer.
        name: String,
        /// How it is to sign.
        algorithm: Algorithm,
    },
    /// The command cannot be run.
    Command {
        /// Which signer.
        name: String,
        /// The reason.
        error: Box<ExternalError>,
    },
    /// A time in which no command can sign.
    Timeout(String),
    /// The key on a token is not named in full.
    Token {
        /// Which signer.
        name: String,
        /// The reason.
        why: Words,
    },
    /// The key on a token cannot be used.
    TokenKey {
        /// Which signer.
        name: String,
        /// The reason.
        error: Box<SignerError>,
    },
    /// The key in an SSH agent cannot be used.
    AgentKey {
        /// Which signer.
        name: String,
        /// The reason.
        error: Box<SignerError>,
    },
    /// It has not passed its probe.
    NotProbed(String),
    /// The probe did not pass.
    Probe {
        /// Which signer.
        name: String,
        /// What went wrong.
        error: Box<SignerError>,
    },
    /// Its evidence contradicts its signature.
    Evidence {
        /// Which signer.
        name: String,
        /// In which way.
        why: Words,
    },
    /// Its Python lacks packages.
    Package {
        /// Their names.
        packages: String,
        /// The Python.
        path: String,
    },
    /// A program that its program runs is not there.
    Tool {
        /// Its name.
        tool: &'static str,
    },
    /// What should be Python is something else.
    Python {
        /// Which signer.
        name: String,
        /// The file.
        path: String,
    },
    /// Other users can change the program that it runs.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// The public key that a person names cannot be found.
    #[problem(transparent)]
    Enrolment(Box<EnrolmentError>),
}

impl From<EnrolmentError> for ProfileError {
    fn from(error: EnrolmentError) -> Self {
        Self::Enrolment(Box::new(error))
    }
}

impl SignerProfile {
    /// What holds the key.
    pub fn kind(&self) -> SignerType {
        match self.source {
            // An agent says nothing of what holds its keys.
            KeySource::KeyFile { .. } | KeySource::SshAgent { .. } => SignerType::Software,
            KeySource::External { .. } => SignerType::External,
            // Nothing counts as hardware before its token has stated it.
            KeySource::Pkcs11 { signer_type, .. } => signer_type.unwrap_or(SignerType::Software),
        }
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match &self.source {
            // Key files that are opened here hold Ed25519 keys, and no others.
            KeySource::KeyFile { .. } => Algorithm::Ed25519,
            KeySource::External { algorithm, .. } | KeySource::Pkcs11 { algorithm, .. } => {
                *algorithm
            }
            KeySource::SshAgent { .. } => {
                let public = self.public_key();
                public.and_then(|key| ssh_agent::algorithm(&key)).unwrap_or(Algorithm::Ed25519)
            }
        }
    }

    /// Over which form of the payload it signs.
    pub fn payload(&self) -> SignedPayload {
        match self.source {
            KeySource::External { signed_payload, .. } => {
                signed_payload.unwrap_or(SignedPayload::CanonicalJson)
            }
            _ => SignedPayload::CanonicalJson,
        }
    }

    /// The public key, if it is known before the key is opened.
    pub fn public_key(&self) -> Option<PublicKey> {
        match &self.source {
            KeySource::KeyFile { .. } | KeySource::Pkcs11 { .. } => None,
            KeySource::External { public_key, .. } | KeySource::SshAgent { public_key, .. } => {
                PublicKey::parse(public_key.trim()).ok()
            }
        }
    }

    /// A description.
    pub fn about(&self) -> Words {
        match &self.source {
            KeySource::KeyFile { path } => {
                words!("key-file-named", name = reading::name_of(Path::new(path)))
            }
            KeySource::External { command, .. } => match self.as_shipped() {
                Some(template) => words!("key-behind-template", template = (template.name)()),
                None => words!("key-behind-command", %command),
            },
            KeySource::Pkcs11 { uri, signer_type, .. } => {
                let claimed = signer_type.map_or(Value::None, |kind| kind.as_str().into());
                words!("key-on-token", %uri, claimed)
            }
            KeySource::SshAgent { socket, .. } => {
                let socket = socket.clone().map_or(Value::None, Value::from);
                words!("key-in-agent", socket)
            }
        }
    }

    /// Its description in the journal. A command line may contain a secret, so only the program is
    /// named; a digest of the whole profile identifies changes.
    pub fn for_journal(&self) -> String {
        let source = match &self.source {
            KeySource::External { command, .. } => {
                let program = Program::new(command).map(|program| program.name().to_owned());
                format!("command {}", program.unwrap_or_default())
            }
            _ => self.about().to_string(),
        };
        let profile = serde_json::to_vec(self).unwrap_or_default();
        let (name, key_id, signer_id) = (&self.name, &self.key_id, &self.signer_id);
        let digest = Digest::of(&profile).hex();
        format!("{name}: {source}, key {key_id} of {signer_id}, profile {}", &digest[..16])
    }

    /// Whether something that is plugged in may be used by it, such as by a command.
    pub fn may_use_device(&self) -> bool {
        !matches!(self.source, KeySource::KeyFile { .. })
    }

    /// What it asks for before it signs.
    pub fn asks(&self) -> Asks {
        match self.source {
            KeySource::KeyFile { .. } => Asks::Passphrase,
            KeySource::External { .. } | KeySource::SshAgent { .. } => Asks::Nothing,
            KeySource::Pkcs11 { .. } if self.pin_source().is_some() => Asks::Nothing,
            KeySource::Pkcs11 { .. } => Asks::Pin,
        }
    }

    /// Where the PIN of its token is kept, if it signs without a person.
    pub fn pin_source(&self) -> Option<PinSource> {
        match &self.source {
            KeySource::Pkcs11 { uri, .. } => uri.trim().parse::<Pkcs11Uri>().ok()?.pin_source,
            _ => None,
        }
    }

    /// Its key's entry in a keyring: by its public key if that is known, otherwise by its id.
    pub fn entry<'k>(&self, keyring: &'k Keyring) -> Option<&'k KeyringKey> {
        match self.public_key() {
            Some(public) => keyring.find(Some(&public), &self.key_id),
            None => keyring.keys().iter().find(|key| key.key_id == self.key_id),
        }
    }

    /// The profile with its public key in it: a person may name the file that has it.
    ///
    /// # Errors
    /// Fails if the file has none.
    pub fn with_public_key(mut self) -> Result<Self, ProfileError> {
        if let KeySource::External { public_key, public_key_command, .. } = &mut self.source {
            if public_key.trim().is_empty() && public_key_command.is_some() {
                return Err(ProfileError::NotProbed(self.name));
            }
            *public_key = enrolment::find(public_key.trim(), &Selection::of_key(&self.key_id))?
                .public_key
                .to_text();
        }
        Ok(self)
    }

    /// The same once it has passed a probe: it may sign from then on.
    #[must_use]
    pub(crate) fn probed(mut self, probe: Probe) -> Self {
        let about = self.probe_digest();
        if let KeySource::External { signed_payload, probed_as, .. } = &mut self.source {
            *signed_payload = Some(probe.signed_payload);
            *probed_as = about;
        }
        self
    }

    /// The template that it was made from, if it runs the program that this release ships. What else
    /// a command line names may be anything.
    fn as_shipped(&self) -> Option<&'static Template> {
        let program = self.signing_program().ok()?.shipped()?;
        self.made_from().filter(|_| is_current(&program)).map(|filled| filled.template())
    }

    /// The template that it was made from, with its fields; `None` if it was made from none.
    pub fn made_from(&self) -> Option<Filled> {
        match &self.source {
            KeySource::External { command, evidence_command, .. } => {
                Filled::of(command, evidence_command.is_some())
            }
            _ => None,
        }
    }

    /// What it signs, as its probe found. `None` if it needs no probe, or has not passed it.
    pub fn signed_payload(&self) -> Option<SignedPayload> {
        match &self.source {
            KeySource::External { signed_payload, .. } => *signed_payload,
            _ => None,
        }
    }

    /// As it was before it passed any probe: what cannot sign any more is not to be signed with.
    #[must_use]
    pub fn unprobed(mut self) -> Self {
        if let KeySource::External { signed_payload, probed_as, .. } = &mut self.source {
            (*signed_payload, *probed_as) = (None, None);
        }
        self
    }

    /// Identifies what a probe covers: a digest of command, algorithm, public key, working
    /// directory and environment. `None` for a key file.
    pub fn probe_digest(&self) -> Option<String> {
        let KeySource::External { command, algorithm, working_directory, environment, .. } =
            &self.source
        else {
            return None;
        };
        let key = self.public_key()?.fingerprint();
        let directory = working_directory.as_deref().unwrap_or_default();
        let texts = [command.as_str(), algorithm.as_str(), directory];
        let texts = texts.into_iter().chain(environment.iter().map(String::as_str));
        let parts = texts.map(|text| Digest::of(text.as_bytes())).chain([key]);
        let parts: Vec<[u8; 32]> = parts.map(|digest| *digest.as_bytes()).collect();
        Some(Digest::of(&parts.concat()).hex())
    }

    /// Whether it may be kept in the settings.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), ProfileError> {
        let fields = [(&self.name, "name"), (&self.key_id, "key-id"), (&self.signer_id, "person")];
        for (text, what) in fields {
            if text.trim().is_empty() {
                return Err(ProfileError::NotGiven(what));
            }
        }
        match &self.source {
            KeySource::KeyFile { path } if path.trim().is_empty() => {
                Err(ProfileError::NotGiven("key-file"))
            }
            KeySource::KeyFile { .. } => Ok(()),
            KeySource::External { .. } => {
                self.public_key_program()?;
                self.command(None).map(drop)
            }
            KeySource::Pkcs11 { uri, .. } => self.module_and_key(uri).map(drop),
            KeySource::SshAgent { public_key, .. } => {
                let parsed = PublicKey::parse(public_key.trim()).map(drop);
                parsed.map_err(|error| ProfileError::PublicKey { name: self.name.clone(), error })
            }
        }
    }

    /// Whether it has passed its probe, as it is now.
    pub fn is_probed(&self) -> bool {
        match &self.source {
            KeySource::External { signed_payload, probed_as, .. } => {
                signed_payload.is_some() && probed_as.is_some() && *probed_as == self.probe_digest()
            }
            _ => true,
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
            KeySource::External { .. } if self.is_probed() => {
                self.check_shipped(&self.signing_program()?)
            }
            KeySource::External { .. } => Err(ProfileError::NotProbed(self.name.clone())),
            KeySource::Pkcs11 { .. } | KeySource::SshAgent { .. } => Ok(()),
        }
    }

    /// The key, ready or asking for its passphrase. `watched` is the directory that an external
    /// command must leave alone.
    ///
    /// # Errors
    /// Fails if it cannot be used.
    pub fn open(
        &self,
        watched: Option<&Path>,
        modules: &[ModuleFile],
    ) -> Result<Key, ProfileError> {
        self.check_ready()?;
        match &self.source {
            KeySource::KeyFile { path } => {
                let text = self.read_key_file(path)?;
                key_file::key(text, reading::name_of(Path::new(path))).map_err(|error| {
                    ProfileError::Key { path: path.clone(), error: Box::new(error) }
                })
            }
            KeySource::External { .. } => {
                let signer = ExternalSigner::new(self.command(watched)?, self.payload());
                Ok(Key::Ready(Box::new(signer)))
            }
            KeySource::Pkcs11 { uri, algorithm, signer_type } => {
                let (module, uri) = self.module_and_key(uri)?;
                let named = |error| ProfileError::TokenKey {
                    name: self.name.clone(),
                    error: Box::new(error),
                };
                let known = modules.iter().find(|known| known.is_at(&module)).cloned();
                let module =
                    known.unwrap_or_else(|| crate::modules::file(&module, &[], &discovery::find()));
                let (claimed, pin_source) = (*signer_type, uri.pin_source.clone());
                tokens::find_in(&module, &uri, Some(*algorithm))
                    .and_then(|key| tokens::open(&Pkcs11Key { claimed, pin_source, ..key }))
                    .map_err(named)
            }
            KeySource::SshAgent { socket, .. } => self.agent_key(socket.as_deref()),
        }
    }

    /// The key in an SSH agent.
    fn agent_key(&self, socket: Option<&str>) -> Result<Key, ProfileError> {
        let failed =
            |error| ProfileError::AgentKey { name: self.name.clone(), error: Box::new(error) };
        let agent = SshAgent::at(socket.map(Path::new)).map_err(|error| failed(error.into()))?;
        let public = self.public_key().ok_or(ProfileError::NotGiven("public-key"))?;
        let key = agent.key_of(&public, &Unattended).map_err(failed)?;
        let signer = agent.signer(key).map_err(|error| failed(error.into()))?;
        Ok(Key::Ready(Box::new(signer)))
    }

    /// The module and the key that a URI names.
    fn module_and_key(&self, uri: &str) -> Result<(PathBuf, Pkcs11Uri), ProfileError> {
        let failed = |why: Words| ProfileError::Token { name: self.name.clone(), why };
        let uri: Pkcs11Uri =
            uri.trim().parse().map_err(|error: UriError| failed(error.problem().into()))?;
        let module = uri.module.clone();
        let module = module.ok_or_else(|| failed(words!("key-on-token-no-module")))?;
        Ok((module, uri))
    }

    fn read_key_file(&self, path: &str) -> Result<SecretString, ProfileError> {
        // A person's own key may well be behind a link.
        let named = PathBuf::from(path);
        let real = named.canonicalize().unwrap_or(named);
        let bytes = reading::read(&real, directory_of(&real), MAX_KEY_BYTES)?;
        ownership::warn_of_open_key(&real);
        match String::from_utf8(bytes) {
            Ok(text) => Ok(SecretString::from(text)),
            Err(error) => {
                let bytes = zeroize::Zeroizing::new(error.into_bytes());
                let error = key_file::not_text(&bytes);
                Err(ProfileError::Key { path: path.to_owned(), error: Box::new(error) })
            }
        }
    }

    /// The command, probed or not. `watched` is the directory that it must leave alone.
    ///
    /// # Errors
    /// Fails if it cannot be run.
    pub fn command(&self, watched: Option<&Path>) -> Result<Command, ProfileError> {
        let KeySource::External { command, algorithm, public_key, evidence_command, .. } =
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
        let failed = |error| ProfileError::Command { name: name.clone(), error: Box::new(error) };
        let mut command = Command::of(self.program(command)?, *algorithm, key).map_err(failed)?;
        if let Some(line) = evidence_command {
            command = command.evidence(line).map_err(failed)?;
        }
        Ok(match watched {
            Some(directory) => command.watched(directory),
            None => command,
        })
    }

    /// Whether a program that Countersign ships is what its name says, and nobody else can change it.
    ///
    /// # Errors
    /// Which file is not, and why.
    pub(crate) fn check_shipped(&self, program: &Program) -> Result<(), ProfileError> {
        let Some(shipped) = program.shipped() else { return Ok(()) };
        ownership::check(&shipped.path)?;
        program.check_shipped().map_err(|error| ProfileError::Command {
            name: self.name.clone(),
            error: Box::new(error),
        })
    }

    /// The program that signs, whatever its key.
    ///
    /// # Errors
    /// Fails if it cannot be run.
    pub fn signing_program(&self) -> Result<Program, ProfileError> {
        match &self.source {
            KeySource::External { command, .. } => self.program(command),
            _ => Err(ProfileError::NotGiven("command")),
        }
    }

    /// The command that prints the public key, if there is one.
    ///
    /// # Errors
    /// Fails if it cannot be run.
    pub fn public_key_program(&self) -> Result<Option<Program>, ProfileError> {
        match &self.source {
            KeySource::External { public_key_command: Some(line), .. } => {
                self.program(line).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A command line under the conditions of the profile.
    pub(crate) fn program(&self, line: &str) -> Result<Program, ProfileError> {
        let KeySource::External { timeout_seconds, working_directory, environment, .. } =
            &self.source
        else {
            return Err(ProfileError::NotGiven("command"));
        };
        let name = self.name.clone();
        if !(1..=600).contains(timeout_seconds) {
            return Err(ProfileError::Timeout(name));
        }
        let failed = |error| ProfileError::Command { name: name.clone(), error: Box::new(error) };
        let program = Program::new(line).map_err(failed)?;
        let program = program.timeout(Duration::from_secs(u64::from(*timeout_seconds)));
        let program = program.keep_env(environment.clone()).map_err(failed)?;
        Ok(match working_directory {
            Some(directory) => program.directory(directory),
            None => program,
        })
    }
}

/// A signer of this station, as it is offered.
#[derive(Debug, Clone)]
pub struct OfferedProfile {
    /// The signer.
    pub profile: SignerProfile,
    /// The directory that an external command must leave alone.
    pub watched: Arc<Path>,
    /// The modules in use.
    pub modules: Arc<[ModuleFile]>,
}

impl KeyOnOffer for OfferedProfile {
    fn key_ref(&self) -> KeyRef {
        KeyRef::Profile { name: self.profile.name.clone() }
    }

    fn label(&self) -> Words {
        Words::text(self.profile.name.clone())
    }

    fn about(&self) -> Words {
        self.profile.about()
    }

    fn kind(&self, _: Option<&KeyringKey>) -> SignerType {
        self.profile.kind()
    }

    fn algorithm(&self) -> Algorithm {
        self.profile.algorithm()
    }

    fn public_key(&self) -> Option<PublicKey> {
        self.profile.public_key()
    }

    fn key_id(&self) -> String {
        self.profile.key_id.clone()
    }

    fn owner(&self) -> Option<&str> {
        Some(&self.profile.signer_id)
    }

    fn asks(&self) -> Asks {
        self.profile.asks()
    }

    fn may_use_device(&self) -> bool {
        self.profile.may_use_device()
    }

    fn check_ready(&self) -> Result<(), Problem> {
        Ok(self.profile.check_ready()?)
    }

    fn open(&self) -> Result<Key, Problem> {
        Ok(self.profile.open(Some(&self.watched), &self.modules)?)
    }

    fn entry<'k>(&self, keyring: &'k Keyring) -> Option<&'k KeyringKey> {
        self.profile.entry(keyring)
    }
}

/// The result of a probe, in words.
pub fn found(probe: Probe) -> Words {
    let Probe { signed_payload, deterministic } = probe;
    words!("probe-found", form = signed_payload.as_str(), deterministic)
}
