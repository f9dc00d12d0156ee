//! Opening the key that the flags choose.

use countersign_admissibility::keyring::{Key as KeyringKey, Keyring};
use countersign_app::sign::{NotNamed, SignRequest, SignRequestError, SignsAs};
use countersign_ceremony::kept_pin;
use countersign_ceremony::modules;
use countersign_ceremony::tokens;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_journal::Event;
use countersign_problem::{Explain as _, Problem};
use countersign_signers::external::{Command, ExternalError, ExternalSigner};
use countersign_signers::pkcs11::signer::Pkcs11Key;
use countersign_signers::software::HmacSigner;
use countersign_signers::ssh_agent::SshAgent;
use countersign_signers::{Key, LockedKey, SignerError, key_file};
use countersign_store::reading::directory_of;
use countersign_trust::enrolment::{self, Selection};
use secrecy::SecretString;

use super::{SignArgs, ask};
use crate::arguments::journal;
use crate::arguments::key::{ExternalChoice, KEY_VARIABLE, KeyChoice, KeyChoiceError, name};
use crate::arguments::piv::PivChoice;
use crate::arguments::ssh_agent::SshAgentChoice;
use crate::clock::now;
use crate::commands::{keys, signers};
use crate::stopped::Stopped;
use crate::tokens::{TokenUseError, piv, pkcs11};
use crate::ui::{self, secret};

/// Why a key does not sign.
#[derive(Debug, Problem)]
enum SigningKeyError {
    /// The keyring does not have it, and so not its id or owner.
    NotEnrolled { label: String, flag: &'static str, by: String },
    /// Whichever key it is, it could sign nothing.
    InVain { label: String, cause: Box<SignRequestError> },
    /// A signer that signs another form than was asked for.
    OtherForm { name: String, signs: SignedPayload, wanted: SignedPayload },
    /// The public key of a command is not known.
    NoPublicKey { key_id: String },
    /// It cannot be read or opened.
    Unusable { from: String, cause: SignerError },
    /// An algorithm that key files do not have.
    BehindCommand { algorithm: Algorithm },
    /// None was given.
    None { variable: &'static str },
}

/// What a person should know of how a key was given.
#[derive(Debug, Problem)]
enum KeyNotice {
    /// Others see it in the list of processes.
    OnCommandLine,
}

/// What is known when a key is opened.
pub struct Opening<'a> {
    pub args: &'a SignArgs,
    pub request: &'a SignRequest,
    pub keyring: &'a Keyring,
}

impl Opening<'_> {
    /// Opens the key. Asks for a secret only if nothing else shows whose key it is.
    pub fn open(&self, choice: &KeyChoice) -> Result<(Key, SignsAs), Stopped> {
        match choice {
            KeyChoice::Piv(choice) => self.piv(choice),
            KeyChoice::Pkcs11 { key, public_key, claimed } => {
                let args = &self.args.key;
                let mut wanted = pkcs11::key(key, &args.settings, args.algo)?;
                wanted.claimed = *claimed;
                wanted.public = keys::public_key(public_key.as_deref())?;
                wanted.pin_source.clone_from(&key.wanted.pin_source);
                self.token(wanted)
            }
            KeyChoice::Profile(name) => self.profile(name),
            KeyChoice::SshAgent(choice) => self.ssh_agent(choice),
            KeyChoice::External(choice) => Ok((self.external(choice)?, self.as_given())),
            KeyChoice::KeyFile(path) => {
                let text = secret::read_file(path)?;
                Ok((self.software(text, name(path))?, self.as_given()))
            }
            KeyChoice::Text(text) => {
                // The reference has this flag, so scripts use it; others can list processes.
                ui::warn(&KeyNotice::OnCommandLine.problem());
                Ok((self.software(text.clone(), "--key".to_owned())?, self.as_given()))
            }
            KeyChoice::Environment => {
                Ok((self.software(environment()?, KEY_VARIABLE.to_owned())?, self.as_given()))
            }
        }
    }

    /// The id and the person that were given; clap requires them for a key that names neither.
    fn as_given(&self) -> SignsAs {
        let key_id = self.request.key_id.clone().unwrap_or_default();
        SignsAs { signer_id: self.request.signer.clone().unwrap_or(key_id.clone()), key_id }
    }

    /// The id and the person that were given, or else those that the keyring has for the key.
    fn signs_as(
        &self,
        known: Option<&KeyringKey>,
        label: &str,
        by: &str,
    ) -> Result<SignsAs, Stopped> {
        Ok(self.request.signs_as(known).map_err(|missing| {
            let flag = match missing {
                NotNamed::KeyId => "--key-id",
                NotNamed::Signer => "--signer",
            };
            let (label, by) = (label.to_owned(), by.to_owned());
            SigningKeyError::NotEnrolled { label, flag, by }
        })?)
    }

    /// The key on a YubiKey or another PIV card.
    fn piv(&self, choice: &PivChoice) -> Result<(Key, SignsAs), Stopped> {
        let device = piv::key(choice)?;
        let known = self.keyring.find(Some(&device.public_key), "");
        let signs_as = self.signs_as(known, &device.label().english(), "--piv")?;
        let key =
            device.open().map_err(|error| TokenUseError::new(device.label().to_string(), error))?;
        Ok((key, signs_as))
    }

    /// The key on a PKCS#11 token.
    fn token(&self, mut wanted: Pkcs11Key) -> Result<(Key, SignsAs), Stopped> {
        let args = &self.args.key;
        // A key that does not show its public half is the one that the keyring has under the id that
        // was given: what it signs is verified with that before it is written.
        let by_id = || {
            let id = args.key_id.as_ref().filter(|_| wanted.key.public().is_none())?;
            let entry = self.keyring.keys().iter().find(|key| key.key_id == *id)?;
            PublicKey::parse(entry.public_key.as_deref()?).ok()
        };
        wanted.public = wanted.public.clone().or_else(by_id);
        let label = wanted.label().to_string();
        let failed = |error| TokenUseError::new(label.clone(), error);
        let mut key = tokens::open(&wanted).map_err(failed)?;
        let mut public = wanted.public();
        let is_given = args.key_id.is_some() && args.signer.is_some();
        if let (None, false, Key::Locked(locked)) = (&public, is_given, &mut key) {
            // Only the PIN shows which key this is, and so whose. It is not asked for if it is certain
            // that nothing could be signed then.
            let worth = self.request.check_worth_a_secret(self.keyring, now());
            worth.map_err(|cause| SigningKeyError::InVain {
                label: label.clone(),
                cause: Box::new(cause),
            })?;
            self.args.journal.open_to_act()?;
            let secret = self.secret(locked.as_ref())?;
            let signer = locked.unlock(&secret).map_err(|error| {
                let event = Event::of_secret(&error, locked.tries_left());
                journal::note(self.args.journal.open_if_any().as_ref(), &event);
                failed(error)
            })?;
            public = signer.public_key().cloned();
            key = Key::Ready(signer);
        }
        let known = public.as_ref().and_then(|public| self.keyring.find(Some(public), ""));
        let signs_as = self.signs_as(known, &label, "--pkcs11")?;
        Ok((key, signs_as))
    }

    /// The secret that shows which key this is: the one that is kept for it, or a person's.
    fn secret(&self, key: &dyn LockedKey) -> Result<SecretString, Stopped> {
        let journal = self.args.journal.open_if_any();
        match kept_pin::take(key, |event| journal::note(journal.as_ref(), event)) {
            Some(Ok(pin)) => return Ok(pin),
            Some(Err(error)) if !ui::has_terminal() => {
                return Err(TokenUseError::new(key.name().to_string(), error).into());
            }
            Some(Err(error)) => ui::warn(&error.problem()),
            None => {}
        }
        Ok(ask(self.args, key)?.0)
    }

    /// The key of a signer of this station.
    fn profile(&self, name: &str) -> Result<(Key, SignsAs), Stopped> {
        let args = &self.args.key;
        let profile = signers::find(&args.settings, name)?;
        if args.passphrase_fd.is_some() && profile.pin_source().is_some() {
            return Err(KeyChoiceError::TwoPins.into());
        }
        if let (Some(wanted), Some(signs)) = (args.signed_payload, profile.signed_payload())
            && wanted != signs
        {
            let name = name.to_owned();
            return Err(SigningKeyError::OtherForm { name, signs, wanted }.into());
        }
        let kept = args.settings.modules()?;
        let modules: Vec<_> = kept.iter().map(|one| modules::file(&one.path, &kept, &[])).collect();
        let key =
            profile.open(self.request.files.first().map(|file| directory_of(file)), &modules)?;
        let signs_as = SignsAs {
            key_id: args.key_id.clone().unwrap_or_else(|| profile.key_id.clone()),
            signer_id: args.signer.clone().unwrap_or_else(|| profile.signer_id.clone()),
        };
        Ok((key, signs_as))
    }

    /// The key in an SSH agent.
    fn ssh_agent(&self, choice: &SshAgentChoice) -> Result<(Key, SignsAs), Stopped> {
        let agent = SshAgent::at(choice.socket.as_deref()).map_err(SignerError::from)?;
        let key = agent.find(choice.key.as_deref(), &ui::Terminal)?;
        let known = key.public_key.as_ref().and_then(|public| self.keyring.find(Some(public), ""));
        let signs_as = self.signs_as(known, &key.to_string(), "--ssh-agent")?;
        let signer = agent.signer(key).map_err(SignerError::from)?;
        Ok((Key::Ready(Box::new(signer)), signs_as))
    }

    /// The key behind a command, which must not change the directory of the runs.
    fn external(&self, choice: &ExternalChoice) -> Result<Key, Stopped> {
        let args = &self.args.key;
        let key_id = args.key_id.as_deref().unwrap_or_default();
        let known =
            || self.keyring.keys().iter().find(|key| key.key_id == key_id)?.public_key.clone();
        let Some(source) = choice.public_key.clone().or_else(known) else {
            return Err(SigningKeyError::NoPublicKey { key_id: key_id.to_owned() }.into());
        };
        let public = enrolment::find(&source, &Selection::of_key(key_id))?.public_key;
        let failed = |error: ExternalError| SigningKeyError::Unusable {
            from: "--external-signer-cmd".to_owned(),
            cause: error.into(),
        };
        let algorithm = args.algo.unwrap_or(Algorithm::Ed25519);
        let command = Command::new(&choice.command, algorithm, public).map_err(failed)?;
        let command = command.timeout(choice.timeout);
        let mut command = command.keep_env(choice.environment.clone()).map_err(failed)?;
        if let Some(file) = self.request.files.first() {
            command = command.watched(directory_of(file));
        }
        Ok(Key::Ready(Box::new(match args.signed_payload {
            Some(form) => ExternalSigner::new(command, form),
            None => ExternalSigner::of_any_form(command),
        })))
    }

    /// A key in memory.
    fn software(&self, text: SecretString, from: String) -> Result<Key, Stopped> {
        let failed = |cause| SigningKeyError::Unusable { from: from.clone(), cause };
        match self.args.key.algo.unwrap_or(Algorithm::Ed25519) {
            Algorithm::HmacSha256 => {
                let signer = HmacSigner::from_base64(&text).map_err(failed)?;
                Ok(Key::Ready(Box::new(signer)))
            }
            Algorithm::Ed25519 => Ok(key_file::key(text, from.clone()).map_err(failed)?),
            algorithm => Err(SigningKeyError::BehindCommand { algorithm }.into()),
        }
    }
}

/// The key of the environment variable.
fn environment() -> Result<SecretString, SigningKeyError> {
    match std::env::var(KEY_VARIABLE) {
        Ok(key) if !key.is_empty() => Ok(SecretString::from(key)),
        _ => Err(SigningKeyError::None { variable: KEY_VARIABLE }),
    }
}
