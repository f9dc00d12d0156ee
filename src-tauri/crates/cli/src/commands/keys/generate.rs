//! `countersign keys generate`: a new key file.

use std::path::PathBuf;

use countersign_app::enrol::NewKey;
use countersign_app::passphrase::{NewPassphrase, PassphraseError};
use countersign_app::trust_change::TrustChange;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_problem::Explain as _;
use countersign_trust::enrolment::Holder;
use secrecy::SecretString;

use crate::arguments::holder::HolderArgs;
use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::preview::PreviewArgs;
use crate::commands::keys::{report_added, workspace};
use crate::stopped::Stopped;
use crate::ui::{self, secret};

/// Make a key, encrypted under a passphrase, and add it to the keyring
#[derive(Debug, clap::Args)]
pub struct GenerateArgs {
    /// The file of the encrypted private key; must not exist yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// ed25519, or ml-dsa-65 for companions of the owner's signatures (sign --companion)
    #[arg(long, value_name = "ALGORITHM", default_value = "ed25519", value_parser = algorithm)]
    pub algorithm: Algorithm,
    /// Read the passphrase from this file descriptor instead of the terminal
    #[arg(long, value_name = "N")]
    pub passphrase_fd: Option<i32>,
    /// Only make the key, without adding it to the keyring
    #[arg(long, conflicts_with = "preview")]
    pub no_keyring: bool,
    #[command(flatten)]
    pub holder: HolderArgs,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub preview: PreviewArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// An algorithm of the keys that are made here.
fn algorithm(text: &str) -> Result<Algorithm, String> {
    let made = [Algorithm::Ed25519, Algorithm::MlDsa65];
    let found = made.into_iter().find(|algorithm| algorithm.as_str() == text);
    found.ok_or_else(|| format!("a key file has a key for {} or {}", made[0], made[1]))
}

pub fn run(args: GenerateArgs) -> Result<bool, Stopped> {
    let workspace = match args.no_keyring {
        true => args.journal.workspace()?,
        false => workspace(&args.journal, &args.keyring, &args.preview)?,
    };
    let is_of_companions = args.algorithm.is_of_companions();
    let holder = Holder { is_of_companions, ..args.holder.into() };
    let key = NewKey { path: args.out.clone(), holder };
    let change = TrustChange::Enrol(Box::new(key.entry(&workspace)?));
    if args.preview.show(&args.keyring, &args.roots, &change)? {
        return Ok(true);
    }
    // An entry or a place that is refused is refused before a passphrase is asked for.
    if args.no_keyring {
        key.check_place(&workspace)?
    } else {
        key.check(&workspace)?
    }
    let typed = secret::passphrase("the new key", args.passphrase_fd, true)?;
    let passphrase = take(&key, typed, args.passphrase_fd)?;
    let created = key.create(&workspace, &passphrase)?;
    let written = created.public_key.as_ref().map(PublicKey::to_text).unwrap_or_default();
    writeln!(ui::stdout(), "Wrote the encrypted key to {}", args.out.display())?;
    writeln!(ui::stdout(), "Public key {written}")?;
    if !args.no_keyring {
        report_added(&workspace, created.enrol(&workspace)?)?;
    }
    Ok(true)
}

/// A weak passphrase is confirmed at the terminal; of one that a script gives it is said.
fn take(
    key: &NewKey,
    typed: SecretString,
    descriptor: Option<i32>,
) -> Result<NewPassphrase, Stopped> {
    match key.passphrase(typed.clone(), false) {
        Err(weak @ PassphraseError::Weak) => {
            let question = format!("{} Use it all the same? [y/N]", weak.problem().sentence());
            if descriptor.is_some() {
                ui::warn(&weak.problem());
            } else if !ui::confirmed(&question)? {
                return Err(weak.into());
            }
            Ok(key.passphrase(typed, true)?)
        }
        other => Ok(other?),
    }
}
