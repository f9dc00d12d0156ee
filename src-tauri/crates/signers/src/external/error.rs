//! What can go wrong with a command, and what to do then.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use countersign_envelope::count::counted;
use countersign_envelope::key_attestation::KeyAttestationError;
use countersign_envelope::public_key::PublicKeyError;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_envelope::verification::VerificationError;
use countersign_envelope::visible::{visible, visible_short};

use crate::pkcs11::module_file::is_variable_name;

/// Longest name of a variable that is shown, in characters.
const SHOWN_WORD: usize = 40;

/// How much of what a command said on standard error is shown, in bytes: the end of it, where the
/// reason usually is.
pub(crate) const SHOWN_STDERR: usize = 2 << 10;

/// A command gave no signature that is good.
#[derive(Debug, thiserror::Error)]
#[error("{program}: {fault}{shell}{said}")]
pub struct ExternalError {
    /// The program, safe to show.
    pub program: String,
    /// What went wrong.
    pub fault: Fault,
    /// What in the line is meant for a shell, as the reason may be.
    shell: Shell,
    /// What it said on standard error.
    said: Said,
}

impl ExternalError {
    pub(super) fn new(program: &str, fault: Fault) -> Self {
        let (shell, said) = (Shell(None), Said(String::new()));
        Self { program: program.to_owned(), fault, shell, said }
    }

    /// The same, of a line with these words: with what a shell would have made of one of them.
    pub(super) fn of_line(self, words: &[String]) -> Self {
        let shell = Shell(for_shell(words).filter(|_| self.fault.is_of_line()));
        Self { shell, ..self }
    }

    /// The same, with what the command said.
    pub(super) fn saying(self, stderr: &str) -> Self {
        Self { said: Said(shown(stderr)), ..self }
    }

    /// What went wrong with a command that was to print evidence, once the signature was made: the
    /// signature stands, so nothing is said of it.
    pub fn of_evidence(&self) -> String {
        let fault = match &self.fault {
            Fault::Failed(status) => format!("failed ({status})"),
            Fault::TimedOut { seconds, .. } => format!("did not end within {seconds} s"),
            Fault::LeftBehind { .. } => {
                "left a process behind that held its output open".to_owned()
            }
            Fault::Start { source } => {
                format!("cannot be started ({source}); {}", start_remedy(source))
            }
            Fault::NotAProgram { why } => format!("cannot be started: {why}"),
            Fault::TooMuch { limit } => format!("printed more than {} KiB", limit >> 10),
            Fault::NoEvidence { source } => {
                format!(
                    "printed no evidence ({source}); it has to print the JSON object of a key attestation"
                )
            }
            other => other.to_string(),
        };
        format!("{} {fault}{}{}", self.program, self.shell, self.said)
    }

    /// What the command said on standard error, cut to its last 2 KiB and safe to show; empty where
    /// it said nothing.
    pub fn said(&self) -> &str {
        &self.said.0
    }
}

/// What went wrong with a command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No program is named.
    #[error("no program is named; give the program that signs, and its arguments")]
    NoProgram,
    /// The words of the line cannot be told apart.
    #[error("a quote in the command line is not closed; close it, or put a backslash before it")]
    Quotes,
    /// The public key is of another kind.
    #[error("the public key of the profile is not one for {0}; correct the key or the algorithm")]
    Key(Algorithm),
    /// The profile asks to pass on a secret.
    #[error("{name} holds a secret and is passed to no command; take it out of the profile")]
    SecretEnvironment {
        /// The variable of the environment.
        name: String,
    },
    /// The profile names a variable that none can be.
    #[error("{name:?} is no name of a variable; give names alone, without values")]
    NoVariable {
        /// What was given.
        name: String,
    },
    /// Its working directory is not there.
    #[error("{}: there is no such directory to run in; correct the profile", visible(&path.to_string_lossy()))]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// What was to print a public key printed something else.
    #[error("printed no public key ({source}); it has to print one as PEM, DER or base64")]
    NoPublicKey {
        /// What is wrong with it.
        source: PublicKeyError,
    },
    /// What was to print evidence printed something else.
    #[error(
        "printed no evidence ({source}); it has to print the JSON object of a key attestation, nothing was written"
    )]
    NoEvidence {
        /// What is wrong with it.
        source: KeyAttestationError,
    },
    /// The digest could not be written for it.
    #[error(
        "no private file for the digest ({source}); make room in the directory for temporary files"
    )]
    Private {
        /// What the operating system said.
        source: io::Error,
    },
    /// It could not be started.
    #[error("cannot be started ({source}), so nothing was signed; {}", start_remedy(source))]
    Start {
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is there, and the system starts nothing of it.
    #[error("cannot be started, so nothing was signed; {why}")]
    NotAProgram {
        /// What it is, and what to do.
        why: String,
    },
    /// It took too long.
    #[error(
        "gave no signature within {seconds} s and was ended, with its process group, so nothing was signed; {}try again, or give it more time (--external-timeout, or in its profile)",
        if *goes_on { "something it had started is in a group of its own and goes on. End that, then " } else { "" }
    )]
    TimedOut {
        /// The time it had.
        seconds: u64,
        /// Something it had started left its process group, and holds its output open still.
        goes_on: bool,
    },
    /// It ended, and something it had started did not.
    #[error(
        "ended, but left a process behind that held its output open, so nothing was signed; that {}. Have the command wait for what it starts",
        if *goes_on { "is in a process group of its own and goes on" } else { "was ended too" }
    )]
    LeftBehind {
        /// It left the command's process group, and was not ended.
        goes_on: bool,
    },
    /// It failed.
    #[error("failed ({0}); nothing was signed")]
    Failed(ExitStatus),
    /// It printed nothing.
    #[error(
        "printed no signature, so nothing was signed; it has to print one line of base64 on standard output"
    )]
    NoOutput,
    /// It printed several lines.
    #[error(
        "printed more than one line, so nothing was signed; it has to print the base64 signature on one line (`base64 -w0`) and all else on standard error"
    )]
    ManyLines,
    /// It printed what it was given.
    #[error(
        "printed the digest that it was given and no signature, so nothing was signed; have it sign the content of the file that is its last argument"
    )]
    DigestPrinted,
    /// It printed something else than base64.
    #[error(
        "printed something that is not base64, so nothing was signed; have its script end with `base64 -w0` or `openssl base64 -A`"
    )]
    NotBase64,
    /// It printed a signature in another encoding.
    #[error("printed {0}, so nothing was signed; {remedy}", remedy = .0.remedy())]
    Encoding(Encoding),
    /// An ECDSA signature that is not in DER.
    #[error(
        "printed the ECDSA signature as r‖s ({bytes} bytes, as Azure Key Vault, JWS and pkcs11-tool \
         do), and signatures here are DER, so nothing was signed; have the tool write DER: \
         `pkcs11-tool --signature-format openssl`, or `marshaling_algorithm=asn1` in Vault"
    )]
    RawEcdsa {
        /// How long it is.
        bytes: usize,
    },
    /// Bytes behind the signature.
    #[error(
        "printed a signature that verifies, with {} behind it, so nothing was signed; have the \
         command encode the signature alone", counted(*bytes, "byte")
    )]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// It printed far more than a signature.
    #[error("printed more than {} KiB and was ended, so nothing was signed; a signature is one line of base64", limit >> 10)]
    TooMuch {
        /// How many bytes are taken.
        limit: usize,
    },
    /// The signature is not one of the profile's key over this content.
    #[error(
        "its signature does not verify over {form} ({source}), so nothing was written; check its key and algorithm, and if it has a profile probe it again"
    )]
    Unverified {
        /// The form of the payload.
        form: SignedPayload,
        /// In which way it fails.
        source: VerificationError,
    },
    /// Its signatures are over no form of the payload.
    #[error(
        "its signatures verify under none of canonical_json, sha256, sha256_hex and sha256_hex_base64; check its key and algorithm, and what the command signs"
    )]
    NoForm,
    /// Its RSA-PSS signatures have another salt.
    #[error("its RSA-PSS salt is not 32 bytes long; have it sign with rsa_pss_saltlen:digest")]
    SaltLength,
    /// The watched directory cannot be read.
    #[error(
        "{}: cannot be read ({source}), so that a change by the command would go unseen; check that the directory is there and readable", path.display()
    )]
    Watch {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Something in the watched directory changed while the command ran.
    #[error(
        "while it ran, {} {change}{}; the signature was refused. Look at what changed, and sign again when nothing else writes there",
        visible(&path.to_string_lossy()), and_others(*.others)
    )]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// `vault:v1:` and base64.
    Vault,
    /// RFC 4648 section 5, or base64 without its padding.
    Base64Url,
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
                | Self::NoVariable { .. }
                | Self::Directory { .. }
                | Self::Private { .. }
                | Self::TimedOut { .. }
                | Self::Watch { .. }
                | Self::Changed { .. }
        )
    }
}

impl Encoding {
    /// What helps, as the end of a sentence.
    fn remedy(self) -> String {
        let piped = |filter: &str, or: &str| {
            format!(
                "end its script with `{filter}`{or}. No shell runs the command itself, so that a pipe takes a script, or `sh -c 'COMMAND \"$0\" {filter}'`"
            )
        };
        match self {
            Self::Binary => piped("| base64 -w0", ""),
            Self::Utf16 => piped("| iconv -f UTF-16 -t ASCII", ""),
            Self::ByteOrderMark => piped("| tail -c +4", ", or have it write plain ASCII"),
            Self::Hex => piped("| xxd -r -p | base64 -w0", ""),
            Self::HexInBase64 => {
                "turn the digits into bytes with `xxd -r -p` before they are encoded".to_owned()
            }
            Self::Twice => "leave one `base64` out of the command".to_owned(),
            Self::Vault => {
                piped("| cut -d: -f3", ", and ask Vault for `marshaling_algorithm=asn1`")
            }
            Self::Base64Url => {
                piped("| tr _- /+ | sed \":a; s/^\\(.\\{4\\}\\)*.\\{1,3\\}$/&=/; ta\"", "")
            }
            Self::Pem => piped("| sed /^-/d | tr -d \"\\n\"", ""),
            Self::Wrapped => piped("| tr -d \"\\n\"", ", or encode with `base64 -w0`"),
            Self::Quoted => {
                piped("| tr -d \"\\042\"", ", or ask for text (`--output text`, `jq -r`)")
            }
            Self::Spaces => piped("| tr -d \" \"", ""),
            Self::Json => piped("| jq -r .signature", ", by the name that it has there"),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Binary => "bytes that are not text",
            Self::Utf16 => "text in UTF-16",
            Self::ByteOrderMark => "base64 behind a byte order mark",
            Self::Hex => "the signature in hex digits",
            Self::HexInBase64 => "base64 of the signature in hex digits",
            Self::Twice => "base64 of base64",
            Self::Vault => "Vault's form of a signature (`vault:v1:…`)",
            Self::Base64Url => "base64url, or base64 without its padding",
            Self::Pem => "the signature in PEM",
            Self::Wrapped => "base64 in several lines",
            Self::Quoted => "base64 in quotes",
            Self::Spaces => "base64 with spaces",
            Self::Json => "a JSON object",
        })
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there before.
    Appeared,
    /// It is another one, or has other content.
    Modified,
    /// It is not there any more.
    Vanished,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Appeared => "appeared",
            Self::Modified => "changed",
            Self::Vanished => "vanished",
        })
    }
}

/// A word that is meant for a shell, as a sentence of an error.
#[derive(Debug)]
struct Shell(Option<String>);

impl fmt::Display for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => Ok(()),
            Some(word) => write!(
                f,
                ". In the command `{word}` has no meaning, since no shell runs it: put it in a script, or in `sh -c '…'`, where the file with the digest is \"$0\""
            ),
        }
    }
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
    if let Some((name, _)) =
        words.first()?.split_once('=').filter(|(name, _)| is_variable_name(name))
    {
        return Some(format!("{}=…", visible_short(name, SHOWN_WORD)));
    }
    // Of words that may hold more, such as a secret, no more than the sign is shown.
    words.iter().find_map(|word| match word.as_str() {
        operator if OPERATORS.contains(&operator) => Some(operator.to_owned()),
        word if word.starts_with("~/") => Some("~".to_owned()),
        word if expands(word) => Some("$".to_owned()),
        _ => None,
    })
}

/// What a command said, as the last sentence of an error.
#[derive(Debug)]
struct Said(String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ". It said: {}", self.0) }
    }
}

/// The end of what a command said, on one line: lines are parted by ` / `.
pub(crate) fn shown(stderr: &str) -> String {
    let text = &stderr[stderr.ceil_char_boundary(stderr.len().saturating_sub(SHOWN_STDERR))..];
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(visible);
    let joined = lines.collect::<Vec<_>>().join(" / ");
    if text.len() < stderr.len() { format!("…{joined}") } else { joined }
}

fn start_remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "install the program, or give its full path: it runs in a directory of its own"
        }
        io::ErrorKind::PermissionDenied => "make it executable with chmod +x",
        _ => "try the command in a terminal",
    }
}

fn and_others(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", and another file too".to_owned(),
        _ => format!(", and {count} other files too"),
    }
}
