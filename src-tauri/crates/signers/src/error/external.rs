//! What can go wrong with a command, and what to do then.

use countersign_problem::{Explain as _, Problem, Value, Words};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use countersign_envelope::key_attestation::KeyAttestationError;
use countersign_envelope::public_key::PublicKeyError;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_envelope::verification::VerificationError;
use countersign_problem::visible::visible;

use crate::redaction::SHOWN_STDERR;

/// A command gave no signature that is good.
#[derive(Debug, Problem)]
#[arg(remedy = Value::from(fault.problem().hint_words()))]
pub struct ExternalError {
    /// The program, safe to show.
    pub program: String,
    /// What went wrong.
    pub fault: Fault,
    /// The word of the line that is meant for a shell, as the reason may be.
    word: Option<String>,
    /// What it said on standard error.
    said: Option<String>,
}

impl ExternalError {
    pub(crate) fn new(program: &str, fault: Fault) -> Self {
        Self { program: program.to_owned(), fault, word: None, said: None }
    }

    /// The same, of a line with these words: with what a shell would have made of one of them.
    pub(crate) fn of_line(self, words: &[String]) -> Self {
        let word = for_shell(words).filter(|_| self.fault.is_of_line());
        Self { word, ..self }
    }

    /// The same, with what the command said.
    pub(crate) fn saying(self, stderr: &str) -> Self {
        Self { said: Some(shown(stderr)).filter(|said| !said.is_empty()), ..self }
    }

    /// What went wrong with a command that should print evidence, once the signature was made: the
    /// signature is valid, so it is not mentioned.
    pub fn of_evidence(&self) -> Words {
        let fault = match &self.fault {
            Fault::Failed(status) => EvidenceFault::Failed { status: status.to_string() },
            Fault::TimedOut { seconds, .. } => EvidenceFault::TimedOut { seconds: *seconds },
            Fault::LeftBehind { .. } => EvidenceFault::LeftBehind,
            Fault::TooMuch { limit } => EvidenceFault::TooMuch { limit: *limit },
            // Their words are the same, except for what they say of the signature.
            other => EvidenceFault::Other { fault: other.problem().into() },
        };
        let (program, fault) = (self.program.clone(), fault);
        let (word, said) = (self.word.clone(), self.said.clone());
        EvidenceCommandError { program, fault, word, said }.problem().into()
    }

    /// Whether what it printed contradicts what is known, and not only fails to show it: its
    /// signatures are not of the key, or its program is not the one that was shipped.
    pub const fn contradicts(&self) -> bool {
        matches!(
            self.fault,
            Fault::Altered { .. }
                | Fault::Unverified { .. }
                | Fault::NoForm
                | Fault::SaltLength
                | Fault::Changed { .. }
        )
    }

    /// What the command wrote on standard error, cut to its last 2 KiB and safe to show; empty if
    /// it wrote nothing.
    pub fn said(&self) -> &str {
        self.said.as_deref().unwrap_or_default()
    }
}

/// A command gave no evidence for a signature that stands.
#[derive(Debug, Problem)]
#[problem(area = "external-evidence")]
struct EvidenceCommandError {
    program: String,
    fault: EvidenceFault,
    word: Option<String>,
    said: Option<String>,
}

/// What went wrong with a command that should print evidence.
#[derive(Debug, Problem)]
#[problem(area = "external-evidence")]
enum EvidenceFault {
    Failed {
        status: String,
    },
    TimedOut {
        seconds: u64,
    },
    LeftBehind,
    #[arg(limit = limit >> 10)]
    TooMuch {
        limit: usize,
    },
    Other {
        fault: Words,
    },
}

/// What went wrong with a command.
#[derive(Debug, Problem)]
#[problem(area = "external")]
#[non_exhaustive]
pub enum Fault {
    /// No program is named.
    NoProgram,
    /// The words of the line cannot be separated.
    Quotes,
    /// The public key is of another kind.
    Key(Algorithm),
    /// The profile asks to pass on a secret.
    SecretEnvironment {
        /// The variable of the environment.
        name: String,
    },
    /// The profile gives a name that no variable can have.
    NoVariable,
    /// The command begins with the value of a variable, as only a shell understands it.
    Assignment {
        /// The variable.
        name: String,
    },
    /// The file of a program that Countersign ships has other content.
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be read.
    NotThere {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// Its working directory is not there.
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// The command that should print a public key printed something else.
    NoPublicKey {
        /// What is wrong with it.
        source: PublicKeyError,
    },
    /// The command that should print evidence printed something else.
    NoEvidence {
        /// What is wrong with it.
        source: KeyAttestationError,
    },
    /// The digest could not be written for it.
    Private {
        /// The operating system's error.
        source: io::Error,
    },
    /// It could not be started.
    #[arg(kind = format!("{:?}", source.kind()))]
    Start {
        /// The operating system's error.
        source: io::Error,
    },
    /// The file is there, but the system cannot start it.
    NotAProgram {
        /// What it is, and what to do.
        why: Words,
    },
    /// It took too long.
    TimedOut {
        /// The time it had.
        seconds: u64,
        /// Something it had started left its process group, and holds its output open still.
        goes_on: bool,
    },
    /// It ended, and something it had started did not.
    LeftBehind {
        /// It left the command's process group, and was not ended.
        goes_on: bool,
    },
    /// It failed.
    Failed(ExitStatus),
    /// It printed nothing.
    NoOutput,
    /// It printed several lines.
    ManyLines,
    /// It printed what it was given.
    DigestPrinted,
    /// It printed something else than base64.
    NotBase64,
    /// It printed a signature in another encoding.
    #[arg(filter = encoding.filter())]
    Encoding(Encoding),
    /// Bytes behind the signature.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// It printed far more than a signature.
    #[arg(limit = limit >> 10)]
    TooMuch {
        /// How many bytes are taken.
        limit: usize,
    },
    /// The signature is not one of the profile's key over this content.
    Unverified {
        /// The form of the payload.
        form: SignedPayload,
        /// In which way it fails.
        source: VerificationError,
    },
    /// Its signatures are over no form of the payload.
    NoForm,
    /// Its RSA-PSS signatures have another salt.
    SaltLength,
    /// The watched directory cannot be read.
    Watch {
        /// The directory.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// Something in the watched directory changed while the command ran.
    Changed {
        /// The first file that changed, by name.
        path: PathBuf,
        /// What happened to it.
        change: Change,
        /// How many others changed too.
        others: usize,
    },
}

/// An encoding of signatures other than one line of base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Encoding {
    /// The bytes themselves.
    Binary,
    /// Base64 in UTF-16.
    Utf16,
    /// Base64 behind a byte order mark.
    ByteOrderMark,
    /// Hex digits.
    Hex,
    /// Hex digits that were encoded as if they were the signature.
    HexInBase64,
    /// Base64 of base64.
    Twice,
    /// Base64 between lines that name it.
    Pem,
    /// Base64 in several lines.
    Wrapped,
    /// Base64 in quotes.
    Quoted,
    /// Base64 with spaces around it or in it.
    Spaces,
    /// A JSON object.
    Json,
}

impl Fault {
    /// Whether the words of the command line may be the reason.
    const fn is_of_line(&self) -> bool {
        !matches!(
            self,
            Self::Key(_)
                | Self::SecretEnvironment { .. }
                | Self::NoVariable
                | Self::Assignment { .. }
                | Self::Altered { .. }
                | Self::NotThere { .. }
                | Self::Directory { .. }
                | Self::Private { .. }
                | Self::TimedOut { .. }
                | Self::Watch { .. }
                | Self::Changed { .. }
        )
    }
}

impl Encoding {
    /// The filter that turns it into one line of base64; empty if no filter does.
    const fn filter(self) -> &'static str {
        match self {
            Self::HexInBase64 | Self::Twice => "",
            Self::Binary => "| base64 -w0",
            Self::Utf16 => "| iconv -f UTF-16 -t ASCII",
            Self::ByteOrderMark => "| tail -c +4",
            Self::Hex => "| xxd -r -p | base64 -w0",
            Self::Pem => "| sed /^-/d | tr -d \"\\n\"",
            Self::Wrapped => "| tr -d \"\\n\"",
            Self::Quoted => "| tr -d \"\\042\"",
            Self::Spaces => "| tr -d \" \"",
            Self::Json => "| jq -r .signature",
        }
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Change {
    /// It was not there before.
    Appeared,
    /// It is another one, or has other content.
    #[strum(serialize = "changed")]
    Modified,
    /// It is gone.
    Vanished,
}

/// The first of some words that only a shell gives a meaning.
fn for_shell(words: &[String]) -> Option<String> {
    const OPERATORS: [&str; 11] = ["|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>&1", "&>"];
    const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ksh", "zsh", "env"];
    let program = Path::new(words.first()?).file_name()?.to_str()?;
    if SHELLS.contains(&program) {
        return None;
    }
    let expands = |word: &str| {
        word.split('$').skip(1).any(|rest| {
            rest.starts_with(|next: char| next.is_ascii_alphabetic() || "_{(".contains(next))
        })
    };
    // Of words that may hold more, such as a secret, no more than the sign is shown.
    words.iter().find_map(|word| match word.as_str() {
        operator if OPERATORS.contains(&operator) => Some(operator.to_owned()),
        word if word.starts_with("~/") => Some("~".to_owned()),
        word if expands(word) => Some("$".to_owned()),
        _ => None,
    })
}

/// The end of what a command said, on one line: lines are parted by ` / `.
pub(crate) fn shown(stderr: &str) -> String {
    let text = &stderr[stderr.ceil_char_boundary(stderr.len().saturating_sub(SHOWN_STDERR))..];
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(visible);
    let joined = lines.collect::<Vec<_>>().join(" / ");
    if text.len() < stderr.len() { format!("…{joined}") } else { joined }
}
