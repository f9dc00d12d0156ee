//! What can go wrong in a command, each with a sentence for the person at the terminal.

use std::path::PathBuf;

use countersign_admissibility::keyring::KeyringError;
use countersign_signers::SignerError;
use countersign_station::archive::ArchiveError;
use countersign_station::attestation_roots::TrustError;
use countersign_station::carry::CarryError;
use countersign_station::ceremony::CeremonyError;
use countersign_station::demo::DemoError;
use countersign_station::directory::DirectoryError;
use countersign_station::enrolment::EnrolmentError;
use countersign_station::evidence::EvidenceError;
use countersign_station::journal::JournalError;
use countersign_station::keyring_file::KeyringFileError;
use countersign_station::log_acceptance::AcceptError;
use countersign_station::log_memory::LogMemoryError;
use countersign_station::merge::MergeError;
use countersign_station::modules::ModuleOptionsError;
use countersign_station::overwrite::OverwriteError;
use countersign_station::pack::PackError;
use countersign_station::reading::ReadError;
use countersign_station::registration::RegistrationError;
use countersign_station::safe_write::WriteError;
use countersign_station::settings_file::SettingsFileError;
use countersign_station::signer_profile::ProfileError;
use countersign_station::signing::SigningError;

/// Why a command ended without doing what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    KeyringFile(#[from] KeyringFileError),
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
    #[error(transparent)]
    Signing(#[from] SigningError),
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Settings(#[from] SettingsFileError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Module(#[from] ModuleOptionsError),
    #[error(transparent)]
    LogMemory(#[from] LogMemoryError),
    #[error(transparent)]
    LogAccept(#[from] AcceptError),
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Carry(#[from] CarryError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Overwrite(#[from] OverwriteError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error("{from}: {error}")]
    Key { from: String, error: SignerError },
    #[error("{}: {problem}", path.display())]
    File { path: PathBuf, problem: String },
    #[error("{0}")]
    Usage(String),
    #[error(
        "there is no home directory to keep a journal in, and what cannot be journalled is not done; nothing was changed. Name a journal with --journal FILE"
    )]
    NoHome,
    #[error("this cannot be written to the journal: {0}. Nothing was changed")]
    NotJournalled(JournalError),
    #[error("standard input or output failed: {0}")]
    Io(#[from] std::io::Error),
    #[error("the signatures are written; only saying so on standard output failed: {0}")]
    Unsaid(std::io::Error),
    #[error("{}: not signed, since the key is not used any more after what went wrong", .0.display())]
    NotSigned(PathBuf),
    /// Everything has been said already, file by file.
    #[error("not everything could be done")]
    Reported,
}

impl CliError {
    /// What went wrong with a token, named once.
    pub fn token(from: String, error: SignerError) -> Self {
        match error {
            SignerError::Token(_) | SignerError::NotTouched(_) | SignerError::Module(_) => {
                Self::Signing(SigningError::Signer(error))
            }
            error => Self::Key { from, error },
        }
    }

    /// Whether the reader of our output has gone.
    pub fn is_broken_pipe(&self) -> bool {
        let (Self::Io(error) | Self::Unsaid(error)) = self else { return false };
        error.kind() == std::io::ErrorKind::BrokenPipe
    }
}
