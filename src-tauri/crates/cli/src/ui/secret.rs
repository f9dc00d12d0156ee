//! Secrets: read from a file, standard input, a file descriptor or the terminal, straight into memory
//! that is wiped.

use std::fs::File;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use countersign_signers::key_file;
use countersign_station::{ownership, reading};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::CliError;

/// Longest secret that is read, in bytes.
const MAX_SECRET: u64 = 1 << 20;
/// Longest line that a PIN is read from, in bytes.
const MAX_LINE: usize = 256;

/// Reads a secret from a file; `-` is standard input.
pub fn read_file(path: &Path) -> Result<SecretString, CliError> {
    let name = match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    };
    let bytes = read_bytes(path)?;
    ownership::warn_of_open_key(path);
    into_text(bytes, &name)
}

/// Reads bytes that may be secret from a file; `-` is standard input.
pub fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, CliError> {
    if path == Path::new("-") {
        return read_to_end(std::io::stdin());
    }
    // A key file may well be a link, and a script may give one as a pipe (`<(…)`).
    match File::open(path) {
        Ok(file) if file.metadata().is_ok_and(|meta| !meta.is_dir()) => read_to_end(file),
        Ok(_) => Err(reading::ReadError::NotAFile(path.to_owned()).into()),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(reading::ReadError::NotFound(path.to_owned()).into())
        }
        Err(source) => Err(reading::ReadError::Io { path: path.to_owned(), source }.into()),
    }
}

/// The PIN or PUK of a token: from a descriptor if one is given, else from the terminal, which does not
/// show it.
pub fn pin(question: &str, descriptor: Option<i32>) -> Result<SecretString, CliError> {
    match descriptor {
        Some(descriptor) => lines(descriptor, 1)?
            .into_iter()
            .next()
            .ok_or_else(|| CliError::Usage("there is no PIN at the file descriptor".to_owned())),
        None => {
            need_terminal("the PIN is asked for", "--pin-fd N")?;
            prompt(question)
        }
    }
}

/// The current PIN or PUK and the new one: each on a line of a descriptor, or from the terminal, the
/// new one typed twice.
pub fn pin_and_new(
    question: &str,
    new: &str,
    descriptor: Option<i32>,
) -> Result<(SecretString, SecretString), CliError> {
    if let Some(descriptor) = descriptor {
        let mut lines = lines(descriptor, 2)?.into_iter();
        return match (lines.next(), lines.next()) {
            (Some(known), Some(new)) => Ok((known, new)),
            _ => Err(CliError::Usage(
                "the file descriptor has to give two lines: the one that is known, and the new one"
                    .to_owned(),
            )),
        };
    }
    need_terminal("the PIN or PUK and the new one are asked for", "--pin-fd N")?;
    let known = prompt(question)?;
    let typed = prompt(&format!("New {new} (6 to 8 characters): "))?;
    if prompt("Repeat: ")?.expose_secret() != typed.expose_secret() {
        return Err(CliError::Usage(format!("the two differ; the {new} is as it was")));
    }
    Ok((known, typed))
}

/// Has the person confirm that the last attempt is used: by a flag, or at the terminal.
pub fn confirm_last_try(
    what: &str,
    risk: &str,
    confirmed: bool,
    descriptor: Option<i32>,
) -> Result<(), CliError> {
    if confirmed {
        return Ok(());
    }
    let refused = format!(
        "only 1 try of the {what} is left, and {risk}; nothing was sent. Say --last-try if it is to be tried"
    );
    if descriptor.is_some() || !super::has_terminal() {
        return Err(CliError::Usage(refused));
    }
    let question = format!("Only 1 attempt at the {what} is left, and {risk}. Continue? [y/N]");
    match super::confirmed(&question)? {
        true => Ok(()),
        false => Err(CliError::Usage("cancelled; nothing was sent".to_owned())),
    }
}

fn need_terminal(what: &str, instead: &str) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() && !std::io::stderr().is_terminal() {
        return Err(CliError::Usage(format!(
            "{what}, and there is no terminal to ask at; give it with {instead}"
        )));
    }
    Ok(())
}

/// So many lines of a descriptor and no more: whoever writes it may leave it open.
fn lines(descriptor: i32, count: usize) -> Result<Vec<SecretString>, CliError> {
    let mut source: Box<dyn std::io::Read> = match descriptor {
        0 => Box::new(std::io::stdin()),
        other => Box::new(open_descriptor(other)?),
    };
    let mut lines = Vec::new();
    for _ in 0..count {
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        let mut byte = [0];
        while source.read(&mut byte)? == 1 && byte != *b"\n" && line.len() < MAX_LINE {
            line.push(byte[0]);
        }
        byte.zeroize();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if !line.is_empty() {
            let text = std::str::from_utf8(&line).map_err(|_| {
                CliError::Usage("what the file descriptor gives is not text".to_owned())
            })?;
            check_line(text)?;
            lines.push(SecretString::from(text));
        }
    }
    Ok(lines)
}

/// What an editor or a script adds to a PIN would be sent with it, and cost an attempt.
fn check_line(line: &str) -> Result<(), CliError> {
    let quoted = |quote| line.len() > 1 && line.starts_with(quote) && line.ends_with(quote);
    let added = if line.starts_with('\u{feff}') {
        "begins with a byte order mark"
    } else if line.trim() != line {
        "begins or ends with a space"
    } else if quoted('"') || quoted('\'') {
        "is in quotes"
    } else {
        return Ok(());
    };
    Err(CliError::Usage(format!(
        "what the file descriptor gives for a PIN or PUK {added}; it was not sent, so that no attempt is lost. Give it without; if it is part of it, type it at the terminal"
    )))
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
    need_terminal(&format!("{what} needs its passphrase"), "--passphrase-fd N")?;
    let typed = prompt(&format!("Passphrase of {what}: "))?;
    if new && prompt("Repeat: ")?.expose_secret() != typed.expose_secret() {
        return Err(CliError::Usage("the two passphrases differ; no key was made".to_owned()));
    }
    Ok(typed)
}

fn prompt(text: &str) -> Result<SecretString, CliError> {
    #[cfg(unix)]
    super::terminal::keep();
    match rpassword::prompt_password(text) {
        Ok(typed) => Ok(SecretString::from(typed)),
        // Ctrl-C, which comes as a character here: it ends the program as it does anywhere else.
        #[cfg(unix)]
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
            signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT)?;
            Err(error.into())
        }
        // Ctrl-D. The question still stands on the line.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            let _ = writeln!(anstream::stderr());
            Err(CliError::Usage("the input ended before anything was typed; cancelled".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(unix)]
fn read_descriptor(descriptor: i32) -> Result<SecretString, CliError> {
    if descriptor == 0 {
        return read_all(std::io::stdin(), "standard input");
    }
    read_all(open_descriptor(descriptor)?, &format!("/dev/fd/{descriptor}"))
}

/// The path is a way to open a descriptor again without unsafe code; it serves pipes and files.
#[cfg(unix)]
fn open_descriptor(descriptor: i32) -> Result<File, CliError> {
    File::open(format!("/dev/fd/{descriptor}")).map_err(|error| {
        CliError::Usage(format!("file descriptor {descriptor} cannot be read: {error}"))
    })
}

#[cfg(not(unix))]
fn open_descriptor(_: i32) -> Result<File, CliError> {
    Err(CliError::Usage("--pin-fd works on Unix only".to_owned()))
}

#[cfg(not(unix))]
fn read_descriptor(_: i32) -> Result<SecretString, CliError> {
    Err(CliError::Usage("--passphrase-fd works on Unix only".to_owned()))
}

fn read_all(source: impl std::io::Read, name: &str) -> Result<SecretString, CliError> {
    into_text(read_to_end(source)?, name)
}

fn read_to_end(source: impl std::io::Read) -> Result<Zeroizing<Vec<u8>>, CliError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    source.take(MAX_SECRET).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn into_text(mut bytes: Zeroizing<Vec<u8>>, name: &str) -> Result<SecretString, CliError> {
    match String::from_utf8(std::mem::take(&mut bytes)) {
        Ok(text) => Ok(SecretString::from(text)),
        Err(error) => {
            let bytes = Zeroizing::new(error.into_bytes());
            Err(CliError::Key { from: name.to_owned(), error: key_file::not_text(&bytes) })
        }
    }
}
