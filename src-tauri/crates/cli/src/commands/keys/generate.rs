//! `countersign keys generate`: a new key file.

use std::path::PathBuf;

use countersign_app::workspace::Workspace;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::SignerType;
use countersign_signers::Signer as _;
use countersign_store::overwrite::{self, FileKind};
use countersign_trust::enrolment;

use crate::arguments::holder::HolderArgs;
use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::commands::keys::add_to_keyring;
use crate::stopped::Stopped;
use crate::ui::{self, secret};
use countersign_app::clock::now;

/// Make an Ed25519 key, encrypted under a passphrase, and add it to the keyring
#[derive(Debug, clap::Args)]
pub struct GenerateArgs {
    /// The file of the encrypted private key; must not exist yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Read the passphrase from this file descriptor instead of the terminal
    #[arg(long, value_name = "N")]
    pub passphrase_fd: Option<i32>,
    /// Only make the key, without adding it to the keyring
    #[arg(long)]
    pub no_keyring: bool,
    #[command(flatten)]
    pub holder: HolderArgs,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(args: GenerateArgs) -> Result<bool, Stopped> {
    let workspace = args.journal.workspace()?;
    let holder = enrolment::Holder::from(args.holder);
    // An entry or a place that is refused is refused before a passphrase is asked for.
    holder.clone().entry(None, SignerType::Software, now())?;
    enrolment::check_free(&args.out)?;
    if !args.no_keyring {
        overwrite::check(&args.keyring.place()?, FileKind::Keyring)?;
    }
    let passphrase = secret::passphrase("the new key", args.passphrase_fd, true)?;
    let signer = enrolment::create_key(&args.out, &passphrase, workspace.recorder()?.as_ref())?;
    let public_key = signer.public_key();
    let written = public_key.map(PublicKey::to_text).unwrap_or_default();
    writeln!(ui::stdout(), "Wrote the encrypted key to {}", args.out.display())?;
    writeln!(ui::stdout(), "Public key {written}")?;
    if !args.no_keyring {
        let key = holder.entry(public_key, SignerType::Software, now())?;
        let keyring = Some(args.keyring.place()?);
        add_to_keyring(&Workspace { keyring, ..workspace }, key)?;
    }
    Ok(true)
}
