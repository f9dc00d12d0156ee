//! The PIN of a token that signs without a person: read from where it is kept, used once, and only
//! while no attempt has been lost. A wrong PIN in a file would otherwise lock the token, one run of
//! a script after the other.

use std::fs::File;
use std::path::Path;

use countersign_journal::Event;
use countersign_problem::Explain as _;
use countersign_signers::error::kept_pin::KeptPinError;
use countersign_signers::pkcs11::pin_source::PinSource;
use countersign_signers::{LockedKey, SignerError};
use countersign_store::ownership;
use secrecy::SecretString;

use crate::pin_lines::{self, PinLineError};

/// Reads the PIN of a key whose token may be used unattended, and notes that it is used or why not.
/// `None` if a person gives the PIN.
///
/// # Errors
/// [`KeptPinError`] if it must not be used now, or cannot be read; no attempt is lost then.
pub fn take(
    key: &dyn LockedKey,
    note: impl FnOnce(&Event),
) -> Option<Result<SecretString, SignerError>> {
    let source = key.pin_source()?;
    // Of a locked token the key says what to do.
    if key.tries_left() == Some(0) {
        return None;
    }
    let read = match key.was_wrong() || key.tries_left().is_some_and(|left| left <= 1) {
        true => Err(KeptPinError::WrongBefore(source.path().to_owned())),
        false => read_from(source),
    };
    let read = read.map_err(SignerError::from);
    note(&match &read {
        Ok(_) => Event::KeptPinUsed { source: source.to_string() },
        Err(error) => Event::of_secret(error, key.tries_left()),
    });
    Some(read)
}

fn read_from(source: &PinSource) -> Result<SecretString, KeptPinError> {
    let path = source.path();
    let failed = |source| KeptPinError::Unreadable { path: path.to_owned(), source };
    // A path is looked at first: opening a pipe would wait for its writer.
    if source.descriptor().is_none() {
        check_file(path, &std::fs::metadata(path).map_err(failed)?)?;
        ownership::check(path).map_err(|why| KeptPinError::Open(why.problem().into()))?;
    }
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if source.descriptor().is_none() || !is_pipe(&about) {
        check_file(path, &about)?;
    }
    let lines = pin_lines::read(file, 1).map_err(|why| match why {
        PinLineError::Io(why) => failed(why),
        other => KeptPinError::Line { path: path.to_owned(), why: other.problem().into() },
    })?;
    lines.into_iter().next().ok_or_else(|| KeptPinError::Empty(path.to_owned()))
}

/// A descriptor may well be a pipe, between two processes. A terminal would show what is typed.
#[cfg(unix)]
fn is_pipe(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    about.file_type().is_fifo() || about.file_type().is_socket()
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

/// It must be a file that only its owner may read or write: mode 0600, or less.
#[cfg(unix)]
fn check_file(path: &Path, about: &std::fs::Metadata) -> Result<(), KeptPinError> {
    use std::os::unix::fs::MetadataExt as _;
    if !about.is_file() {
        return Err(KeptPinError::NotAFile(path.to_owned()));
    }
    let mode = about.mode() & 0o7777;
    match mode & 0o177 {
        0 => Ok(()),
        _ => Err(KeptPinError::Mode { path: path.to_owned(), mode: format!("{mode:04o}") }),
    }
}

/// Without modes nothing shows who else may read it.
#[cfg(not(unix))]
fn check_file(path: &Path, _: &std::fs::Metadata) -> Result<(), KeptPinError> {
    Err(KeptPinError::Mode { path: path.to_owned(), mode: "?".to_owned() })
}
