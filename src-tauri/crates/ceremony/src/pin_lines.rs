//! PINs and PUKs as a file or a descriptor has them: one on a line, straight into memory that is
//! wiped.

use std::io::Read;

use countersign_problem::Problem;
use secrecy::SecretString;
use zeroize::{Zeroize as _, Zeroizing};

/// Longest line that a PIN is read from, in bytes.
const MAX_LINE: usize = 256;

/// Why a line is not used as a PIN. Nothing was sent.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum PinLineError {
    /// A PIN that is not UTF-8.
    NotText,
    /// A PIN with something around it.
    Added {
        /// What: `bom`, `spaces` or `quotes`.
        added: &'static str,
    },
    /// Longer than any PIN.
    TooLong,
    /// It cannot be read.
    Io(std::io::Error),
}

/// So many lines and no more, without empty ones: whoever writes them may leave a pipe open.
///
/// # Errors
/// [`PinLineError`] if a line cannot be read, or is no PIN as it stands.
pub fn read(source: impl Read, count: usize) -> Result<Vec<SecretString>, PinLineError> {
    Ok(read_each(source, count)?.into_iter().flatten().collect())
}

/// The same with empty ones, where each line has its meaning by its place.
///
/// # Errors
/// As [`read`].
pub fn read_each(
    mut source: impl Read,
    count: usize,
) -> Result<Vec<Option<SecretString>>, PinLineError> {
    let mut lines = Vec::new();
    for _ in 0..count {
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        let mut byte = [0];
        while source.read(&mut byte).map_err(PinLineError::Io)? == 1 && byte != *b"\n" {
            if line.len() == MAX_LINE {
                return Err(PinLineError::TooLong);
            }
            line.push(byte[0]);
        }
        byte.zeroize();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.is_empty() {
            lines.push(None);
            continue;
        }
        let text = std::str::from_utf8(&line).map_err(|_| PinLineError::NotText)?;
        check(text)?;
        lines.push(Some(SecretString::from(text)));
    }
    Ok(lines)
}

/// What an editor or a script adds to a PIN would be sent with it, and cost an attempt.
fn check(line: &str) -> Result<(), PinLineError> {
    let quoted = |quote| line.len() > 1 && line.starts_with(quote) && line.ends_with(quote);
    let added = if line.starts_with('\u{feff}') {
        "bom"
    } else if line.trim() != line {
        "spaces"
    } else if quoted('"') || quoted('\'') {
        "quotes"
    } else {
        return Ok(());
    };
    Err(PinLineError::Added { added })
}
