//! `countersign keys`: the keyring.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use comfy_table::{Table, presets};
use countersign_admissibility::attestation;
use countersign_admissibility::keyring::Key;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::SignerType;
use countersign_envelope::visible::visible;
use countersign_signers::pkcs11::signer;
use countersign_signers::pkcs11::token::PinState;
use countersign_signers::{LockedKey as _, Signer as _};
use countersign_station::devices as station_devices;
use countersign_station::enrolment::{self, EnrolmentError, Found, Selection};
use countersign_station::journal::Recorder;
use countersign_station::overwrite::{self, FileKind};
use countersign_station::view::AttestationView;
use countersign_station::{keyring_file, tokens};

use crate::args::{
    Holder, KeyringArg, KeysAddArgs, KeysCommand, KeysEnrolArgs, KeysGenerateArgs, RootsArg,
};
use crate::error::CliError;
use crate::policy_args::{default_keyring, keyring, now};
use crate::{devices, journal, pkcs11, policy_args, secret_input, sign};

pub fn run(command: KeysCommand) -> Result<bool, CliError> {
    match command {
        KeysCommand::List { keyring, roots, json } => list(&keyring, &roots, json),
        KeysCommand::Enrol(args) => enrol(*args),
        KeysCommand::Add(args) => add(args),
        KeysCommand::Revoke { key_id, reason, at, keyring, journal } => {
            let path = place(&keyring)?;
            let at = at.unwrap_or_else(now);
            let recorder = journal::recorder(&journal::open(&journal)?);
            keyring_file::revoke(&path, &key_id, at, &reason, recorder.as_ref())?;
            let id = visible(&key_id);
            writeln!(anstream::stdout(), "Revoked {id} from {at}: {}", visible(&reason))?;
            Ok(true)
        }
        KeysCommand::Generate(args) => generate(args),
    }
}

fn place(arg: &KeyringArg) -> Result<PathBuf, CliError> {
    arg.keyring.clone().or_else(default_keyring).ok_or_else(|| {
        CliError::Usage(
            "there is no home directory for a keyring; name one with --keyring".to_owned(),
        )
    })
}

fn list(arg: &KeyringArg, roots: &RootsArg, json: bool) -> Result<bool, CliError> {
    let keyring = keyring(arg.keyring.as_ref())?;
    let mut out = anstream::stdout().lock();
    if json {
        out.write_all(keyring.to_text().as_bytes())?;
        return Ok(true);
    }
    if keyring.keys().is_empty() {
        writeln!(
            out,
            "The keyring is empty. Add a key with `countersign keys add` or `keys generate`."
        )?;
        return Ok(true);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    table.set_header(["KEY ID", "OWNER", "ROLES", "KIND", "TYPE", "IN FORCE"]);
    for key in keyring.keys() {
        let roles: Vec<&str> = key.roles.iter().map(|role| role.as_str()).collect();
        table.add_row([
            visible(&key.key_id),
            visible(&key.owner),
            roles.join(", "),
            kind(key),
            key.key_type.to_string(),
            in_force(key),
        ]);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    let roots = policy_args::attestation_roots(roots, arg)?;
    let mut heading = "\nAttestations\n";
    for key in keyring.keys() {
        if let Some(view) = AttestationView::of_key(key, &roots, now()) {
            writeln!(out, "{heading}  {}: {}", visible(&key.key_id), view.words)?;
            heading = "";
        }
    }
    Ok(true)
}

/// What holds a key, and how that is known.
fn kind(key: &Key) -> String {
    match key.kind_basis() {
        Some(basis) => format!("{} {}", key.kind, basis.words()),
        None => key.kind.to_string(),
    }
}

fn in_force(key: &Key) -> String {
    if let Some(since) = key.revoked_at {
        let why = visible(key.revocation_reason.as_deref().unwrap_or(""));
        return format!("revoked since {since}: {why}");
    }
    match (key.valid_from, key.valid_until) {
        (None, None) => "yes".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(from), Some(until)) => format!("from {from} until {until}"),
    }
}

fn add(args: KeysAddArgs) -> Result<bool, CliError> {
    let recorder = journal::recorder(&journal::open(&args.journal)?);
    let found = args.source.as_deref().map(|source| found(source, &args)).transpose()?;
    let holder = enrolment::Holder::from(args.holder);
    let holder = match &found {
        Some(found) => holder.or_found(found),
        None => holder,
    };
    let public_key = found.as_ref().map(|found| &found.public_key);
    let Some(attestation) = found.as_ref().and_then(|found| found.attestation.as_ref()) else {
        let key = holder.entry(public_key, args.kind.unwrap_or(SignerType::Software), now())?;
        add_to_keyring(&place(&args.keyring)?, key, recorder.as_ref())?;
        return Ok(true);
    };
    let roots = policy_args::attestation_roots(&args.roots, &args.keyring)?;
    let (kind, words) = match attestation::verify(attestation, public_key, &roots, now()) {
        Ok(statement) if statement.is_proof() => (SignerType::Hardware, statement.to_string()),
        // What an operator has copied makes no hardware of it.
        Ok(statement) => (SignerType::Software, statement.to_string()),
        Err(error) => (SignerType::Software, error.to_string()),
    };
    let key = holder.entry(public_key, args.kind.unwrap_or(kind), now())?;
    add_to_keyring(&place(&args.keyring)?, key.with_attestation(attestation), recorder.as_ref())?;
    writeln!(anstream::stdout(), "  {}", visible(&words))?;
    Ok(true)
}

/// The public key of a source. Where several keys are in a file, a person is asked which one.
fn found(source: &str, args: &KeysAddArgs) -> Result<Found, CliError> {
    let choice = Selection {
        index: args.index,
        key_id: args.holder.key_id.clone(),
        owner: args.holder.owner.clone(),
    };
    if source == "-" {
        let bytes = secret_input::read_bytes(Path::new("-"))?;
        return Ok(enrolment::parse("standard input", &bytes, &choice)?);
    }
    match enrolment::find(source, &choice) {
        Err(EnrolmentError::SeveralSignatures { signatures, .. })
            if secret_input::has_terminal() =>
        {
            let mut out = anstream::stderr();
            for signature in &signatures {
                writeln!(out, "  {}", visible(signature))?;
            }
            let answer = secret_input::answer("Which key do you want to add? Number:")?;
            let index = answer.parse().map_err(|_| {
                CliError::Usage(format!("{answer:?} is not one of the numbers; nothing was added"))
            })?;
            Ok(enrolment::find(source, &Selection { index: Some(index), ..choice })?)
        }
        found => Ok(found?),
    }
}

/// The key of a YubiKey, with the device's own word where it lives.
fn enrol(args: KeysEnrolArgs) -> Result<bool, CliError> {
    let recorder = journal::recorder(&journal::open(&args.journal)?);
    // What cannot be read is said before anything is changed.
    let roots = policy_args::attestation_roots(&args.roots, &args.keyring)?;
    if args.pkcs11.is_asked() {
        return enrol_token(args, recorder.as_ref());
    }
    let device = devices::key(&args.piv)?;
    let holder = enrolment::Holder::from(args.holder);
    let key = station_devices::entry(&device, holder, args.kind, &roots, now())?;
    let shown = AttestationView::of_key(&key, &roots, now());
    let kind = key.kind;
    add_to_keyring(&place(&args.keyring)?, key, recorder.as_ref())?;
    let words = shown.map_or_else(
        || "it has no attestation: it was brought in, or the firmware is too old".to_owned(),
        |attestation| attestation.words,
    );
    writeln!(anstream::stdout(), "  {}: {}", visible(&device.label()), words)?;
    if kind == SignerType::Software && args.kind.is_none() {
        writeln!(
            anstream::stdout(),
            "  Nothing proves here that hardware holds it. On your own word it is hardware with --kind hardware"
        )?;
    }
    Ok(true)
}

/// The key of a PKCS#11 token: hardware on the word of a known module, or of the person. What some
/// tokens say of a key only with the PIN is asked for with it, if it matters.
fn enrol_token(args: KeysEnrolArgs, recorder: &dyn Recorder) -> Result<bool, CliError> {
    let mut key = pkcs11::key(&args.pkcs11, &args.settings, None)?;
    key.public = public_key(args.public_key.as_deref())?;
    let label = key.label();
    let holder = enrolment::Holder::from(args.holder);
    let place = place(&args.keyring)?;
    if tokens::shows_with_pin(&key) {
        // A wrong PIN costs an attempt: it is not asked for if the keyring refuses the key anyway.
        let public = key.public();
        let entry = holder.clone().entry(public.as_ref(), SignerType::Software, now())?;
        keyring_file::check_add(&place, entry)?;
        journal::open_to_act(&args.journal)?;
        if key.token.pin == PinState::FinalTry {
            sign::confirm_last_try("PIN", key.risk(), args.piv.last_try, args.pin_fd)?;
        }
        let question = format!("PIN of {label}, which shows with it what it says of the key: ");
        let pin = secret_input::pin(&question, args.pin_fd)?;
        key = signer::look_closer(&key, &pin)
            .map_err(|error| CliError::token(label.clone(), error))?;
    }
    let entry = tokens::entry(&key, holder, args.kind, now())?;
    add_to_keyring(&place, entry, recorder)?;
    let origin =
        key.token.origin(&key.key).map_or("where it was made is not known", |one| one.as_str());
    let why = key.holding().why;
    writeln!(anstream::stdout(), "  {}: {origin}. {why}", visible(&label))?;
    Ok(true)
}

/// A public key that was given.
pub fn public_key(given: Option<&str>) -> Result<Option<PublicKey>, CliError> {
    let found = given.map(|source| enrolment::find(source, &enrolment::Selection::default()));
    Ok(found.transpose()?.map(|found| found.public_key))
}

fn add_to_keyring(path: &Path, key: Key, recorder: &dyn Recorder) -> Result<(), CliError> {
    let (id, owner) = (visible(&key.key_id), visible(&key.owner));
    let (kind, basis) = (key.kind, key.kind_basis());
    let name = key.owner.clone();
    let keyring = keyring_file::add(path, key, recorder)?;
    for other in keyring.looking_like(&name) {
        journal::warn(&format!(
            "{owner} and {} look alike and are two different names; compare them letter by letter",
            visible(other)
        ));
    }
    writeln!(anstream::stdout(), "Added {id} of {owner}, {kind}, to {}", path.display())?;
    if let Some(basis) = basis {
        writeln!(anstream::stdout(), "  {kind} {}", basis.words())?;
    }
    Ok(())
}

impl From<Holder> for enrolment::Holder {
    fn from(holder: Holder) -> Self {
        Self {
            key_id: holder.key_id,
            owner: holder.owner,
            roles: holder.roles,
            valid_from: holder.valid_from,
            valid_until: holder.valid_until,
        }
    }
}

fn generate(args: KeysGenerateArgs) -> Result<bool, CliError> {
    let recorder = journal::recorder(&journal::open(&args.journal)?);
    let holder = enrolment::Holder::from(args.holder);
    // What is wrong with the entry or its place is said before a passphrase is asked for.
    holder.clone().entry(None, SignerType::Software, now())?;
    enrolment::check_free(&args.out)?;
    if !args.no_keyring {
        overwrite::check(&place(&args.keyring)?, FileKind::Keyring)?;
    }
    let passphrase = secret_input::passphrase("the new key", args.passphrase_fd, true)?;
    let signer = enrolment::create_key(&args.out, &passphrase, recorder.as_ref())?;
    let public_key = signer.public_key();
    let written = public_key.map(PublicKey::to_text).unwrap_or_default();
    writeln!(anstream::stdout(), "Wrote the encrypted key to {}", args.out.display())?;
    writeln!(anstream::stdout(), "Public key {written}")?;
    if !args.no_keyring {
        let key = holder.entry(public_key, SignerType::Software, now())?;
        add_to_keyring(&place(&args.keyring)?, key, recorder.as_ref())?;
    }
    Ok(true)
}
