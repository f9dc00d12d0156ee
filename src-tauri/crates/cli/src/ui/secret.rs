//! Secrets: read from a file, standard input, a file descriptor or the terminal, straight into memory
//! that is wiped.

use std::fs::File;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use countersign_ceremony::pin_lines;
use countersign_problem::Problem;
use countersign_signers::{SignerError, key_file};
use countersign_store::ownership;
use countersign_store::reading::ReadError;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::stopped::Stopped;

/// Longest secret that is read, in bytes.
const MAX_SECRET: u64 = 1 << 20;

/// Why a secret was not read, or is not used.
#[derive(Debug, Problem)]
enum SecretError {
    /// A descriptor that gave nothing.
    NoPin,
    /// A descriptor that gave fewer lines than a current and a new PIN take.
    NotTwoLines,
    /// The new PIN or PUK was typed in two ways.
    NewDiffers { what: String },
    /// A wrong secret would block the key or more, and nobody has confirmed it.
    LastTry { what: String, risk: String },
    /// The person did not confirm it.
    Cancelled,
    /// Nobody can be asked.
    NoTerminal { what: String, instead: &'static str },
    /// The passphrase of a new key was typed in two ways.
    PassphrasesDiffer,
    /// Ctrl-D.
    NothingTyped,
    /// A descriptor that is not open.
    #[cfg(unix)]
    #[arg(number = descriptor.to_string())]
    Descriptor { descriptor: i32, source: std::io::Error },
    /// There are no file descriptors.
    #[cfg(not(unix))]
    UnixOnly { flag: &'static str },
    /// A file that has no secret in it.
    NotAKey { from: String, cause: SignerError },
}

/// Reads a secret from a file; `-` is standard input.
pub fn read_file(path: &Path) -> Result<SecretString, Stopped> {
    let name = match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    };
    let bytes = read_bytes(path)?;
    ownership::warn_of_open_key(path);
    Ok(into_text(bytes, &name)?)
}

/// Reads bytes that may be secret from a file; `-` is standard input.
pub fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, Stopped> {
    if path == Path::new("-") {
        return read_to_end(std::io::stdin()).map_err(Stopped::input);
    }
    // A key file may well be a link, and a script may give one as a pipe (`<(…)`).
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
        _ => ReadError::Io { path: path.to_owned(), source },
    };
    let file = File::open(path).map_err(failed)?;
    if !file.metadata().is_ok_and(|meta| !meta.is_dir()) {
        return Err(ReadError::NotAFile(path.to_owned()).into());
    }
    Ok(read_to_end(file).map_err(failed)?)
}

/// The PIN or PUK of a token: from a descriptor if one is given, else from the terminal, which does not
/// show it.
pub fn pin(question: &str, descriptor: Option<i32>) -> Result<SecretString, Stopped> {
    match descriptor {
        Some(descriptor) => {
            lines(descriptor, 1)?.into_iter().next().ok_or_else(|| SecretError::NoPin.into())
        }
        None => {
            need_terminal("the PIN is needed", "--pin-fd N")?;
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
) -> Result<(SecretString, SecretString), Stopped> {
    if let Some(descriptor) = descriptor {
        let mut lines = lines(descriptor, 2)?.into_iter();
        return match (lines.next(), lines.next()) {
            (Some(known), Some(new)) => Ok((known, new)),
            _ => Err(SecretError::NotTwoLines.into()),
        };
    }
    need_terminal("the current PIN or PUK and the new one are needed", "--pin-fd N")?;
    let known = prompt(question)?;
    Ok((known, new_pin(new)?))
}

/// A new PIN or PUK from the terminal, typed twice.
pub fn new_pin(what: &str) -> Result<SecretString, Stopped> {
    need_terminal(&format!("a new {what} is needed"), "--pin-fd N")?;
    let typed = prompt(&format!("New {what} (6 to 8 characters): "))?;
    if prompt("Repeat: ")?.expose_secret() != typed.expose_secret() {
        return Err(SecretError::NewDiffers { what: what.to_owned() }.into());
    }
    Ok(typed)
}

/// The management key of a YubiKey from the terminal; `None` if nothing is typed.
pub fn management_key(question: &str) -> Result<Option<SecretString>, Stopped> {
    need_terminal("the management key is needed", "--pin-fd N")?;
    let typed = prompt(question)?;
    Ok((!typed.expose_secret().trim().is_empty()).then_some(typed))
}

/// That a descriptor gave no PIN.
pub fn no_pin() -> Stopped {
    SecretError::NoPin.into()
}

/// Has the person confirm that the last attempt is used: by a flag, or at the terminal.
pub fn confirm_last_try(
    what: &str,
    risk: &str,
    confirmed: bool,
    descriptor: Option<i32>,
) -> Result<(), Stopped> {
    if confirmed {
        return Ok(());
    }
    if descriptor.is_some() || !super::has_terminal() {
        return Err(SecretError::LastTry { what: what.to_owned(), risk: risk.to_owned() }.into());
    }
    let question = format!("Only 1 attempt of the {what} is left, and {risk}. Continue? [y/N]");
    match super::confirmed(&question)? {
        true => Ok(()),
        false => Err(SecretError::Cancelled.into()),
    }
}

fn need_terminal(what: &str, instead: &'static str) -> Result<(), SecretError> {
    if !std::io::stdin().is_terminal() && !std::io::stderr().is_terminal() {
        return Err(SecretError::NoTerminal { what: what.to_owned(), instead });
    }
    Ok(())
}

/// So many secrets from a descriptor, each on its line, which is empty or missing for one that is not
/// given.
pub fn pin_lines(descriptor: i32, count: usize) -> Result<Vec<Option<SecretString>>, Stopped> {
    Ok(match descriptor {
        0 => pin_lines::read_each(std::io::stdin(), count)?,
        other => pin_lines::read_each(open_descriptor(other)?, count)?,
    })
}

/// So many lines of a descriptor.
fn lines(descriptor: i32, count: usize) -> Result<Vec<SecretString>, Stopped> {
    Ok(match descriptor {
        0 => pin_lines::read(std::io::stdin(), count)?,
        other => pin_lines::read(open_descriptor(other)?, count)?,
    })
}

/// The passphrase of a key: from a descriptor if one is given, else from the terminal, typed twice
/// for a new key.
pub fn passphrase(what: &str, descriptor: Option<i32>, new: bool) -> Result<SecretString, Stopped> {
    if let Some(descriptor) = descriptor {
        let text = read_descriptor(descriptor)?;
        let line = text.expose_secret().trim_end_matches(['\r', '\n']);
        return Ok(SecretString::from(line));
    }
    need_terminal(&format!("{what} needs its passphrase"), "--passphrase-fd N")?;
    let typed = prompt(&format!("Passphrase of {what}: "))?;
    if new && prompt("Repeat: ")?.expose_secret() != typed.expose_secret() {
        return Err(SecretError::PassphrasesDiffer.into());
    }
    Ok(typed)
}

fn prompt(text: &str) -> Result<SecretString, Stopped> {
    #[cfg(unix)]
    super::terminal::keep();
    match rpassword::prompt_password(text) {
        Ok(typed) => Ok(SecretString::from(typed)),
        // Ctrl-C, which comes as a character here: it ends the program as it does anywhere else.
        #[cfg(unix)]
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
            signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT)
                .map_err(Stopped::input)?;
            Err(Stopped::input(error))
        }
        // Ctrl-D. The question still stands on the line.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            let _ = writeln!(anstream::stderr());
            Err(SecretError::NothingTyped.into())
        }
        Err(error) => Err(Stopped::input(error)),
    }
}

#[cfg(unix)]
fn read_descriptor(descriptor: i32) -> Result<SecretString, Stopped> {
    if descriptor == 0 {
        return read_all(std::io::stdin(), "standard input");
    }
    read_all(open_descriptor(descriptor)?, &format!("/dev/fd/{descriptor}"))
}

/// The path is a way to open a descriptor again without unsafe code; it serves pipes and files.
#[cfg(unix)]
fn open_descriptor(descriptor: i32) -> Result<File, SecretError> {
    File::open(format!("/dev/fd/{descriptor}"))
        .map_err(|source| SecretError::Descriptor { descriptor, source })
}

#[cfg(not(unix))]
fn open_descriptor(_: i32) -> Result<File, SecretError> {
    Err(SecretError::UnixOnly { flag: "--pin-fd" })
}

#[cfg(not(unix))]
fn read_descriptor(_: i32) -> Result<SecretString, Stopped> {
    Err(SecretError::UnixOnly { flag: "--passphrase-fd" }.into())
}

fn read_all(source: impl std::io::Read, name: &str) -> Result<SecretString, Stopped> {
    Ok(into_text(read_to_end(source).map_err(Stopped::input)?, name)?)
}

fn read_to_end(source: impl std::io::Read) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    source.take(MAX_SECRET).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn into_text(mut bytes: Zeroizing<Vec<u8>>, name: &str) -> Result<SecretString, SecretError> {
    match String::from_utf8(std::mem::take(&mut bytes)) {
        Ok(text) => Ok(SecretString::from(text)),
        Err(error) => {
            let bytes = Zeroizing::new(error.into_bytes());
            Err(SecretError::NotAKey { from: name.to_owned(), cause: key_file::not_text(&bytes) })
        }
    }
}
