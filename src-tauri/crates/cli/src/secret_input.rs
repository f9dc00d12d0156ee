//! How secrets come in: from a file, standard input, a file descriptor or the terminal, straight
//! into memory that is wiped.

use std::fs::File;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use countersign_station::reading;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::CliError;

/// Longest secret that is read, in bytes.
const MAX_SECRET: u64 = 1 << 20;

/// Reads a secret from a file; `-` is standard input.
pub fn read_file(path: &Path) -> Result<SecretString, CliError> {
    if path == Path::new("-") {
        return read_all(std::io::stdin(), "standard input");
    }
    // A key file may well be a link, and a script may give one as a pipe (`<(…)`).
    let shown = path.display().to_string();
    match File::open(path) {
        Ok(file) if file.metadata().is_ok_and(|meta| !meta.is_dir()) => read_all(file, &shown),
        Ok(_) => Err(reading::ReadError::NotAFile(path.to_owned()).into()),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(reading::ReadError::NotFound(path.to_owned()).into())
        }
        Err(source) => Err(reading::ReadError::Io { path: path.to_owned(), source }.into()),
    }
}

/// The passphrase of a key: from a descriptor if one is given, else from the terminal, typed twice
/// for a new key.
pub fn passphrase(
    what: &str,
    descriptor: Option<i32>,
    new: bool,
) -> Result<SecretString, CliError> {
    if let Some(descriptor) = descriptor {
        let text = read_descriptor(descriptor)?;
        let line = text.expose_secret().trim_end_matches(['\r', '\n']);
        return Ok(SecretString::from(line));
    }
    if !std::io::stdin().is_terminal() && !std::io::stderr().is_terminal() {
        return Err(CliError::Usage(format!(
            "{what} needs its passphrase and there is no terminal to ask at; give it with --passphrase-fd N"
        )));
    }
    let typed = prompt(&format!("Passphrase of {what}: "))?;
    if new && prompt("Once more: ")?.expose_secret() != typed.expose_secret() {
        return Err(CliError::Usage("the two passphrases differ; no key was made".to_owned()));
    }
    Ok(typed)
}

fn prompt(text: &str) -> Result<SecretString, CliError> {
    Ok(SecretString::from(rpassword::prompt_password(text)?))
}

#[cfg(unix)]
fn read_descriptor(descriptor: i32) -> Result<SecretString, CliError> {
    if descriptor == 0 {
        return read_all(std::io::stdin(), "standard input");
    }
    // The path is a way to open a descriptor again without unsafe code; it serves pipes and files.
    let path = format!("/dev/fd/{descriptor}");
    let file = File::open(&path).map_err(|error| {
        CliError::Usage(format!("file descriptor {descriptor} cannot be read: {error}"))
    })?;
    read_all(file, &path)
}

#[cfg(not(unix))]
fn read_descriptor(_: i32) -> Result<SecretString, CliError> {
    Err(CliError::Usage("--passphrase-fd works on Unix only".to_owned()))
}

fn read_all(source: impl std::io::Read, name: &str) -> Result<SecretString, CliError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    source.take(MAX_SECRET).read_to_end(&mut bytes)?;
    match String::from_utf8(std::mem::take(&mut bytes)) {
        Ok(text) => Ok(SecretString::from(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            Err(CliError::Usage(format!("{name}: not text; a key is base64 or PEM")))
        }
    }
}
