//! The key that makes companions of signatures.

use countersign_app::sign::SignRequest;
use countersign_ceremony::modules;
use countersign_journal::Event;
use countersign_problem::Problem;
use countersign_signers::accompanied::accompanied;
use countersign_signers::{Key, Secret, Signer, SignerError, key_file};
use countersign_store::reading::directory_of;
use std::path::Path;

use super::SignArgs;
use crate::arguments::journal;
use crate::arguments::key::name;
use crate::arguments::settings::SettingsArgs;
use crate::commands::signers;
use crate::stopped::Stopped;
use crate::ui::secret;

/// The heading of these flags.
const COMPANION: &str = "Companion";

/// Which key makes companions.
#[derive(Debug, Default, clap::Args)]
pub struct CompanionArgs {
    /// Have this ML-DSA-65 key of the signer make a companion of each signature: the name of a signer
    /// of this station, or a key file
    #[arg(long, help_heading = COMPANION, value_name = "KEY", conflicts_with = "no_claim")]
    pub companion: Option<String>,
    /// Read the passphrase of the companion's key file from this file descriptor instead of the
    /// terminal
    #[arg(long, help_heading = COMPANION, value_name = "N", requires = "companion")]
    pub companion_passphrase_fd: Option<i32>,
}

/// Why a key makes no companions.
#[derive(Debug, Problem)]
enum CompanionKeyError {
    /// It cannot be read, opened or used for them.
    Unusable { from: String, cause: SignerError },
}

type OpenKey = Box<dyn Signer + Send>;

impl CompanionArgs {
    /// Opens the key, if one was chosen.
    pub fn open(&self, args: &SignArgs, request: &SignRequest) -> Result<Option<OpenKey>, Stopped> {
        let Some(chosen) = &self.companion else { return Ok(None) };
        let unusable = |cause| CompanionKeyError::Unusable { from: chosen.clone(), cause };
        let mut locked = match self.key(chosen, &args.key.settings, request)? {
            Key::Ready(key) => return Ok(Some(key)),
            Key::Locked(locked) => locked,
        };
        if let (Secret::Pin, known) = (locked.secret(), locked.known()) {
            let algorithm = known.map(|key| key.algorithm);
            let algorithm =
                algorithm.unwrap_or(countersign_envelope::signature::Algorithm::Ed25519);
            return Err(unusable(SignerError::NotForCompanions(algorithm)).into());
        }
        let from = locked.name().to_string();
        let passphrase = secret::passphrase(&from, self.companion_passphrase_fd, false)?;
        let opened = locked.unlock(&passphrase).map_err(|cause| {
            let event = Event::of_secret(&cause, None);
            journal::note(args.journal.open_if_any().as_ref(), &event);
            unusable(cause)
        })?;
        Ok(Some(opened))
    }

    fn key(
        &self,
        chosen: &str,
        settings: &SettingsArgs,
        request: &SignRequest,
    ) -> Result<Key, Stopped> {
        let path = Path::new(chosen);
        let is_path = chosen.contains(std::path::is_separator) || chosen.ends_with(".pem");
        if !is_path && !path.exists() {
            let profile = signers::find(settings, chosen)?;
            let kept = settings.modules()?;
            let modules: Vec<_> =
                kept.iter().map(|one| modules::file(&one.path, &kept, &[])).collect();
            let watched = request.files.first().map(|file| directory_of(file));
            return Ok(profile.open(watched, &modules)?);
        }
        let text = secret::read_file(path)?;
        let unusable = |cause| CompanionKeyError::Unusable { from: chosen.to_owned(), cause };
        Ok(key_file::key(text, name(path)).map_err(unusable)?)
    }
}

/// Gives a key its companion, if one was chosen.
pub fn give(key: Key, companion: Option<OpenKey>) -> Result<Key, Stopped> {
    let Some(companion) = companion else { return Ok(key) };
    let from = "--companion".to_owned();
    Ok(accompanied(key, companion).map_err(|cause| CompanionKeyError::Unusable { from, cause })?)
}
