//! `countersign keys`: the keyring.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use comfy_table::{Table, presets};
use countersign_admissibility::keyring::{Key, KeyType};
use countersign_envelope::file_name::{MAX_BYTES, is_signature};
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::visible::visible;
use countersign_signers::{Signer as _, key_file};
use countersign_station::keyring_file;
use countersign_station::reading::{self, directory_of};
use countersign_station::safe_write::{self, Access};
use secrecy::ExposeSecret as _;

use crate::args::{Holder, KeyringArg, KeysAddArgs, KeysCommand, KeysGenerateArgs};
use crate::error::CliError;
use crate::policy_args::{default_keyring, keyring, now};
use crate::secret_input;

pub fn run(command: KeysCommand) -> Result<bool, CliError> {
    match command {
        KeysCommand::List { keyring, json } => list(&keyring, json),
        KeysCommand::Add(args) => add(args),
        KeysCommand::Revoke { key_id, reason, at, keyring } => {
            let path = place(&keyring)?;
            let at = at.unwrap_or_else(now);
            keyring_file::change(&path, |keyring| keyring.revoke(&key_id, at, &reason))?;
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

fn list(arg: &KeyringArg, json: bool) -> Result<bool, CliError> {
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
            key.kind.to_string(),
            key.key_type.to_string(),
            in_force(key),
        ]);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(true)
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
    let mut holder = args.holder;
    let public_key = match &args.source {
        None => None,
        Some(source) => Some(read_public_key(source, args.index, &mut holder)?),
    };
    let public = match &public_key {
        None => None,
        Some(text) => Some(PublicKey::parse(text).map_err(|error| {
            CliError::Usage(format!("{}: {error}", visible(args.source.as_deref().unwrap_or("-"))))
        })?),
    };
    let key = Key {
        key_type: public.as_ref().map_or(KeyType::Hmac, KeyType::of),
        public_key,
        kind: args.kind,
        ..holder_key(holder)?
    };
    add_to_keyring(&place(&args.keyring)?, key)?;
    Ok(true)
}

fn add_to_keyring(path: &Path, key: Key) -> Result<(), CliError> {
    let (id, owner) = (visible(&key.key_id), visible(&key.owner));
    let kind = key.kind;
    keyring_file::change(path, |keyring| keyring.add(key))?;
    writeln!(anstream::stdout(), "Added {id} of {owner}, {kind}, to {}", path.display())?;
    Ok(())
}

/// What a person says of a key; the key itself is filled in by the caller.
fn holder_key(holder: Holder) -> Result<Key, CliError> {
    let needed = |what: &str| CliError::Usage(format!("{what} is not given; nothing was added"));
    if holder.roles.is_empty() {
        return Err(needed("--role"));
    }
    let later = |from: Instant, until: Instant| from.unix() < until.unix();
    if let (Some(from), Some(until)) = (holder.valid_from, holder.valid_until)
        && !later(from, until)
    {
        return Err(CliError::Usage(format!(
            "the key would be valid from {from} until {until}, which is never"
        )));
    }
    Ok(Key {
        key_id: holder.key_id.ok_or_else(|| needed("--key-id"))?,
        owner: holder.owner.ok_or_else(|| needed("--owner"))?,
        roles: holder.roles,
        valid_from: holder.valid_from,
        valid_until: holder.valid_until,
        revoked_at: None,
        revocation_reason: None,
        added_at: Some(now()),
        key_type: KeyType::Ed25519,
        public_key: None,
        kind: countersign_envelope::signature::SignerType::Software,
        other: serde_json::Map::new(),
    })
}

/// The public key as text. From a signature file also key id, owner and role, where not given.
fn read_public_key(source: &str, index: usize, holder: &mut Holder) -> Result<String, CliError> {
    let path = Path::new(source);
    if source != "-" && !path.exists() && PublicKey::parse(source).is_ok() {
        return Ok(source.to_owned());
    }
    let bytes = match source {
        "-" => secret_input::read_file(path)?.expose_secret().as_bytes().to_vec(),
        _ => reading::read(path, directory_of(path), MAX_BYTES)?,
    };
    let failed = |problem: String| CliError::File { path: path.to_owned(), problem };
    let text = String::from_utf8_lossy(&bytes);
    if !is_signature(source) && !text.trim_start().starts_with('{') {
        if text.contains("PRIVATE KEY") {
            let problem =
                "this is a private key; give its public key, which is all the keyring needs";
            return Err(failed(problem.to_owned()));
        }
        return Ok(text.trim().to_owned());
    }
    let file = SignatureFile::parse(&bytes).map_err(|error| failed(error.to_string()))?;
    let signatures = file.signatures();
    let signature = signatures.get(index).ok_or_else(|| {
        failed(format!("has {} signatures; --index {index} is none of them", signatures.len()))
    })?;
    let key = signature.public_key().ok_or_else(|| {
        failed("this signature brings no public key (HMAC has none; see --hmac)".to_owned())
    })?;
    holder.key_id.get_or_insert_with(|| signature.key_id().to_owned());
    holder.owner.get_or_insert_with(|| signature.signer_id().to_owned());
    if holder.roles.is_empty() {
        holder.roles.extend(signature.role());
    }
    Ok(key.to_owned())
}

fn generate(args: KeysGenerateArgs) -> Result<bool, CliError> {
    let described = holder_key(args.holder)?;
    if std::fs::symlink_metadata(&args.out).is_ok() {
        let problem =
            "is there already; a key is never overwritten, choose another name".to_owned();
        return Err(CliError::File { path: args.out, problem });
    }
    let passphrase = secret_input::passphrase("the new key", args.passphrase_fd, true)?;
    let from = args.out.display().to_string();
    let (signer, pem) = key_file::generate(&mut key_file::system_random(), &passphrase)
        .map_err(|error| CliError::Key { from, error })?;
    {
        let _lock = safe_write::lock(directory_of(&args.out))?;
        safe_write::replace(&args.out, pem.as_bytes(), Access::Private)?;
    }
    let public_key = signer.public_key().map(PublicKey::to_text);
    writeln!(anstream::stdout(), "Wrote the encrypted key to {}", args.out.display())?;
    writeln!(anstream::stdout(), "Public key {}", public_key.as_deref().unwrap_or(""))?;
    if !args.no_keyring {
        add_to_keyring(&place(&args.keyring)?, Key { public_key, ..described })?;
    }
    Ok(true)
}
