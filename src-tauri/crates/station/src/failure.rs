//! An error as it crosses to the window: a code for programs, a sentence for the person, and what
//! to do next.

use countersign_envelope::visible::visible;
use serde::Serialize;

use crate::journal::JournalError;
use crate::queue::Trouble;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Failure {
    /// One word for programs, such as `changed`.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do next; empty where the message says it all.
    pub hint: String,
}

/// An error that has a code.
pub trait Coded: std::error::Error {
    /// One word for programs.
    fn code(&self) -> &'static str;
}

impl Failure {
    /// From its parts.
    pub fn new(code: &str, message: &str, hint: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned(), hint: hint.to_owned() }
    }

    /// From an error of the engine. All of them say first what happened, then, after a semicolon,
    /// what to do.
    pub fn of(error: &dyn Coded) -> Self {
        Self::saying(error.code(), &error.to_string())
    }

    /// As [`Self::of`], with other words of the same error.
    pub(crate) fn saying(code: &str, text: &str) -> Self {
        let text = visible(text);
        let (message, hint) = text.split_once("; ").unwrap_or((&text, ""));
        Self::new(code, &capital(message), &capital(hint))
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::of(&error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::new(trouble.code, &visible(&trouble.message), &visible(&trouble.hint))
    }
}

/// The text with its first letter large, unless it begins with a path or a name.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !text.split(' ').next().unwrap_or("").contains(['/', '.', ':', '_']) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// Gives errors that derive their variants' names (by strum) those as codes.
macro_rules! coded {
    ($($error:ty),+ $(,)?) => {
        $(impl Coded for $error {
            fn code(&self) -> &'static str {
                self.into()
            }
        })+
    };
}

coded!(
    crate::archive::ArchiveError,
    crate::attestation_roots::TrustError,
    crate::carry::CarryError,
    crate::ceremony::CeremonyError,
    crate::directory::DirectoryError,
    crate::enrolment::EnrolmentError,
    crate::history::ExportError,
    crate::evidence::EvidenceError,
    crate::journal::JournalError,
    crate::journal::Notice,
    crate::keyring_file::KeyringFileError,
    crate::log_memory::LogMemoryError,
    crate::log_acceptance::AcceptError,
    crate::log_memory::Rewritten,
    crate::merge::MergeError,
    crate::ownership::OwnershipError,
    crate::overwrite::OverwriteError,
    crate::pack::PackError,
    crate::queue::QueueError,
    crate::registration::RegistrationError,
    crate::review::ReviewError,
    crate::safe_write::notice::DiskNotice,
    crate::settings::SettingsError,
    crate::settings_file::SettingsFileError,
    crate::signer_profile::ProfileError,
    crate::signing::SigningError,
    countersign_signers::SignerError,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SigningError;
    use std::path::PathBuf;

    #[test]
    fn an_error_is_what_happened_and_what_to_do() {
        let error = SigningError::Changed(PathBuf::from("/srv/RUN-1.json"));
        let failure = Failure::of(&error);
        assert_eq!(failure.code, "changed");
        assert_eq!(failure.message, "/srv/RUN-1.json: changed since it was read");
        assert_eq!(failure.hint, "Nothing was written, read it again");
    }
}
