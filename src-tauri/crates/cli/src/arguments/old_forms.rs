//! Forms of 0.1 that are still read, each with a warning. To be removed in the version after 0.2.

use std::ffi::OsString;
use std::path::Path;

use countersign_problem::Problem;

/// An option whose value used to follow it as a word of its own, which might as well have been a file.
struct FollowedByValue {
    option: &'static str,
    value: &'static str,
    is_value: fn(&str) -> bool,
}

const FOLLOWED_BY_VALUE: [FollowedByValue; 2] = [
    FollowedByValue {
        option: "--piv",
        value: "SERIAL",
        is_value: |word| word.chars().all(|digit| digit.is_ascii_digit()),
    },
    FollowedByValue {
        option: "--pkcs11",
        value: "URI",
        is_value: |word| word.starts_with("pkcs11:"),
    },
];

/// A word that is not read, since it may be a mistake.
#[derive(Debug, Problem)]
pub enum OldFormError {
    /// It is neither a value for the option before it nor a file.
    Neither { word: String, option: &'static str, value: &'static str },
}

/// An old form that was read.
#[derive(Debug, Problem)]
pub struct OldForm {
    option: &'static str,
    word: String,
}

/// The arguments in the form of today, and a warning for each that was changed. `--piv 12345678` is
/// `--piv=12345678` unless there is a file of that name.
///
/// # Errors
/// [`OldFormError::Neither`] if the word after such an option is neither a value for it nor a file: signing
/// would begin with whatever key is there.
pub fn translate(words: Vec<OsString>) -> Result<(Vec<OsString>, Vec<OldForm>), OldFormError> {
    let mut warnings = Vec::new();
    if !takes_a_token(&words) {
        return Ok((words, warnings));
    }
    let mut translated: Vec<OsString> = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if word == "--" {
            translated.push(word);
            translated.extend(words);
            break;
        }
        let known = FOLLOWED_BY_VALUE.iter().find(|known| word == known.option);
        let next = words.peek().and_then(|next| next.to_str()).map(str::to_owned);
        match (known, next) {
            (Some(known), Some(next)) if !next.starts_with('-') && !Path::new(&next).exists() => {
                translated.push(known.joined(&next)?.into());
                warnings.push(known.warning(&next));
                words.next();
            }
            _ => translated.push(word),
        }
    }
    Ok((translated, warnings))
}

/// Whether the command is one that takes the options.
fn takes_a_token(words: &[OsString]) -> bool {
    let word = |at: usize| words.get(at).and_then(|word| word.to_str());
    matches!((word(1), word(2)), (Some("sign"), _) | (Some("keys"), Some("enrol")))
}

impl FollowedByValue {
    fn joined(&self, word: &str) -> Result<String, OldFormError> {
        if (self.is_value)(word) {
            return Ok(format!("{}={word}", self.option));
        }
        let Self { option, value, .. } = *self;
        Err(OldFormError::Neither { word: word.to_owned(), option, value })
    }

    fn warning(&self, word: &str) -> OldForm {
        OldForm { option: self.option, word: word.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translate(line: &str) -> Result<String, String> {
        let words = line.split(' ').map(OsString::from).collect();
        let (words, warnings) = super::translate(words).map_err(|error| error.to_string())?;
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        Ok(format!("{} {}", warnings.len(), words.join(" ")))
    }

    #[test]
    fn a_value_after_the_option_is_joined_to_it() {
        for (line, wanted) in [
            ("c sign --piv 12345678 --role x", "1 c sign --piv=12345678 --role x"),
            ("c keys enrol --piv 12345678", "1 c keys enrol --piv=12345678"),
            ("c sign --pkcs11 pkcs11:token=a r", "1 c sign --pkcs11=pkcs11:token=a r"),
            ("c sign --piv=1 r", "0 c sign --piv=1 r"),
            ("c sign --piv --role x", "0 c sign --piv --role x"),
            ("c sign r --piv", "0 c sign r --piv"),
            // A file that exists is a file.
            ("c sign --piv Cargo.toml", "0 c sign --piv Cargo.toml"),
            ("c sign --piv -- 12345678", "0 c sign --piv -- 12345678"),
            ("c sign -- --piv 12345678", "0 c sign -- --piv 12345678"),
            ("c devices --pkcs11 x", "0 c devices --pkcs11 x"),
        ] {
            assert_eq!(translate(line).as_deref(), Ok(wanted), "{line}");
        }
    }

    #[test]
    fn a_word_that_is_neither_file_nor_value_is_refused() {
        for line in ["c sign --piv 9900000x", "c sign r --pkcs11 token=a", "c keys enrol --piv r"] {
            assert!(translate(line).unwrap_err().contains("neither a file nor a"), "{line}");
        }
    }
}
