//! `countersign keys enrol`: the key of a YubiKey, another PIV card or a PKCS#11 token.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Key;
use countersign_app::enrol_token::{EnrolTokenError, TokenKey};
use countersign_app::trust_change::TrustChange;
use countersign_app::workspace::Workspace;
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::devices;
use countersign_ceremony::kept_pin;
use countersign_ceremony::key_on_offer::KeyOrigin;
use countersign_ceremony::tokens;
use countersign_envelope::signature::SignerType;
use countersign_journal::Event;
use countersign_problem::visible::visible;
use countersign_signers::LockedKey as _;
use countersign_trust::enrolment::{self, EnrolmentError};
use countersign_views::AttestationView;

use crate::arguments::holder::HolderArgs;
use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::key::{TokenArgs, TokenChoice};
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::pkcs11::Pkcs11Choice;
use crate::arguments::preview::PreviewArgs;
use crate::arguments::settings::SettingsArgs;
use crate::commands::keys::{add_to_keyring, public_key, tell_names, workspace};
use crate::stopped::Stopped;
use crate::tokens::{TokenUseError, piv, pkcs11};
use crate::ui::{self, secret};
use countersign_app::clock::now;

/// Add the key of a YubiKey, another PIV card or a token; as hardware if its attestation or a trusted module says so
#[derive(Debug, clap::Args)]
pub struct EnrolArgs {
    #[command(flatten)]
    pub holder: HolderArgs,
    /// What holds the key, on your own word: software, hardware or external
    #[arg(long)]
    pub kind: Option<SignerType>,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub token: TokenArgs,
    /// Read the PIN from this file descriptor; it is needed if the token describes the key only after
    /// the PIN
    #[arg(long, value_name = "N", requires = "pkcs11")]
    pub pin_fd: Option<i32>,
    /// The public key, if the token does not show it: a file with it in any usual form, or its text
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, requires = "pkcs11")]
    pub public_key: Option<String>,
    /// A certificate of the key (PEM or DER), with those between it and its root, instead of the one on the
    /// device: it proves names, and changes no level
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub preview: PreviewArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Adds the key of a PIV card, with the attestation of the device if it has one.
pub fn run(args: EnrolArgs) -> Result<bool, Stopped> {
    let choice = args.token.choice()?;
    let workspace = workspace(&args.journal, &args.keyring, &args.preview)?;
    // Read before anything is changed.
    let roots = args.roots.read(&args.keyring)?;
    let device = match choice {
        TokenChoice::Pkcs11(choice) => return enrol_token(args, &choice, &workspace),
        TokenChoice::Piv(choice) => piv::key(&choice)?,
    };
    let holder = enrolment::Holder::from(args.holder);
    let key = devices::entry(&device, holder, args.kind, &roots, now())?;
    let key = certified(key, args.certificate.as_deref())?;
    let names = args.roots.read_names(&args.keyring)?;
    let shown = AttestationView::of_key(&key, &roots, now());
    let kind = key.kind;
    if args.preview.show(&args.keyring, &args.roots, &TrustChange::Enrol(Box::new(key.clone())))? {
        return Ok(true);
    }
    add_to_keyring(&workspace, key.clone())?;
    tell_names(&key, &names)?;
    let advisories = shown.as_ref().map(|it| it.advisories.clone()).unwrap_or_default();
    let words = match (shown, device.token.yubikey()) {
        (Some(attestation), _) => attestation.words.text,
        (None, Some(_)) => {
            "it has no attestation: it was imported, or the firmware is too old".to_owned()
        }
        (None, None) => "it has no attestation: only YubiKeys attest their keys".to_owned(),
    };
    writeln!(ui::stdout(), "  {}: {}", visible(&device.label().english()), words)?;
    for advisory in &advisories {
        writeln!(ui::stdout(), "  {}", advisory.words)?;
    }
    if kind == SignerType::Software && args.kind.is_none() {
        writeln!(
            ui::stdout(),
            "  Nothing proves that hardware holds it. Pass --kind hardware to state it on your own word"
        )?;
    }
    Ok(true)
}

/// The entry with the certificates of a file, if one was named.
fn certified(entry: Key, file: Option<&Path>) -> Result<Key, EnrolmentError> {
    match file {
        None => Ok(entry),
        Some(file) => Ok(entry.with_certificates(enrolment::certificates(file)?)?),
    }
}

/// Adds the key of a PKCS#11 token: as hardware on the word of a trusted module, or of the person. Asks
/// for the PIN if the token describes the key only after it, and if that matters.
fn enrol_token(
    args: EnrolArgs,
    choice: &Pkcs11Choice,
    workspace: &Workspace,
) -> Result<bool, Stopped> {
    let mut key = pkcs11::key(choice, &args.settings, None)?;
    key.public = public_key(args.public_key.as_deref())?;
    key.pin_source.clone_from(&choice.wanted.pin_source);
    let label = key.label().to_string();
    let mut token = TokenKey { key, holder: enrolment::Holder::from(args.holder) };
    if tokens::shows_with_pin(&token.key) {
        token.check(workspace)?;
        let mut last = LastTry::NotConfirmed;
        if token.is_last_try() {
            let risk = token.key.risk();
            secret::confirm_last_try("PIN", risk, args.token.piv.last_try, args.pin_fd)?;
            last = LastTry::Confirmed;
        }
        let note = |event: &Event| journal::note(workspace.journal.as_ref(), event);
        let pin = match kept_pin::take(&token.key, note) {
            Some(pin) => pin.map_err(|error| TokenUseError::new(label.clone(), error))?,
            None => {
                let question = format!("PIN of {label}, which describes the key only after it: ");
                secret::pin(&question, args.pin_fd)?
            }
        };
        token.look_closer(workspace, &pin, last).map_err(|error| match error {
            EnrolTokenError::Signer(error) => TokenUseError::new(label.clone(), error).into(),
            other => Stopped::from(other),
        })?;
    }
    let entry = certified(token.entry(workspace, args.kind)?, args.certificate.as_deref())?;
    let names = args.roots.read_names(&args.keyring)?;
    let key = token.key;
    let change = TrustChange::Enrol(Box::new(entry.clone()));
    if args.preview.show(&args.keyring, &args.roots, &change)? {
        return Ok(true);
    }
    add_to_keyring(workspace, entry.clone())?;
    tell_names(&entry, &names)?;
    let origin = key.token.origin(&key.key).map(KeyOrigin::from);
    let origin = origin.map_or("it is not known where it was made", KeyOrigin::as_str);
    let why = key.holding().why;
    writeln!(ui::stdout(), "  {}: {origin}. {why}", visible(&label))?;
    Ok(true)
}
