//! A key behind a command: an HSM's tool, a cloud's, `openssl`. The command is given the SHA-256 of
//! the canonical bytes, as hex digits in a private file, and prints one line: the signature.
//!
//! | question | module |
//! |---|---|
//! | How is the command run, and ended with all it started? | `process` |
//! | What is a signature, and in which other encodings do commands print it? | `encoding` |
//! | What changed in the watched directory while it ran? | `snapshot` |
//! | Is a program that Countersign ships still what it shipped? | [`shipped`] |
//! | What can go wrong, and what to do then? | `crate::error::external` |

mod encoding;
mod process;
pub mod shipped;
mod snapshot;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign_envelope::digest::Digest;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::{
    VerificationError, payload_bytes, verify_companion, verify_raw,
};
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use tempfile::TempDir;

use self::process::End;
use self::shipped::ShippedProgram;
use self::snapshot::Snapshot;
use crate::environment::is_variable_name;
use crate::error::SignerError;
use crate::error::external::shown;
pub use crate::error::external::{Change, Encoding, ExternalError, Fault};
use crate::lifetime::Held;
use crate::redaction;
use crate::signer::{Attend, Payload, Signer, Waiting};

/// How long a command may take, where its profile does not say.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// How much of a script is read for its first line, in bytes.
const FIRST_LINE: u64 = 256;

/// Longest program name that is shown, in characters.
const SHOWN_PROGRAM: usize = 200;

/// What is passed on of the environment besides `LC_*`: what programs need to be found, to find
/// their configuration, and to speak the person's language.
#[cfg(not(windows))]
const PASSED: &[&str] = &["PATH", "HOME", "USER", "LANG", "TMPDIR"];
#[cfg(windows)]
const PASSED: &[&str] =
    &["PATH", "PATHEXT", "SYSTEMROOT", "USERPROFILE", "USERNAME", "TEMP", "TMP"];

/// Where the reference keeps its shared key; no command gets it.
const REFERENCE_KEY: &str = "DEEPSIGMA_SIGNING_KEY";
/// What our own variables begin with; no command gets one.
const OWN_PREFIX: &str = "COUNTERSIGN_";

/// A program with its arguments, and the conditions under which it runs.
#[derive(Debug, Clone)]
pub struct Program {
    words: Vec<String>,
    timeout: Duration,
    keep_env: Vec<String>,
    directory: Option<PathBuf>,
}

impl Program {
    /// A command line. It is split into words by the quoting rules of the POSIX shell; no shell runs
    /// it, so that variables, globs, pipes and `~` mean nothing in it.
    ///
    /// # Errors
    /// Fails if the line is empty or its quotes are not closed.
    pub fn new(line: &str) -> Result<Self, ExternalError> {
        let unnamed = |fault| ExternalError::new("the external command", fault);
        let words = shell_words::split(line).map_err(|_| unnamed(Fault::Quotes))?;
        if words.first().is_none_or(String::is_empty) {
            return Err(unnamed(Fault::NoProgram));
        }
        // What is taken for the name of a program is shown, journalled and kept.
        if let Some(name) = assigned(&words) {
            return Err(unnamed(Fault::Assignment { name }));
        }
        Ok(Self::of(words))
    }

    /// A program and its arguments, each as it is.
    pub(crate) fn of<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        let words = words.into_iter().map(Into::into).collect();
        Self { words, timeout: TIMEOUT, keep_env: Vec::new(), directory: None }
    }

    /// Another one, under the same conditions.
    ///
    /// # Errors
    /// As [`Self::new`].
    fn under_the_same_conditions(&self, line: &str) -> Result<Self, ExternalError> {
        Ok(Self { words: Self::new(line)?.words, ..self.clone() })
    }

    /// Ends it after another time than [`TIMEOUT`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Passes on these variables of the environment too, if they are set.
    ///
    /// # Errors
    /// Fails if one of them holds a secret of Countersign or of the reference.
    pub fn keep_env(mut self, names: Vec<String>) -> Result<Self, ExternalError> {
        for name in &names {
            // The values are never in a profile. What is given with one is not repeated.
            if !is_variable_name(name) {
                return Err(self.error(Fault::NoVariable));
            }
            let upper = name.to_ascii_uppercase();
            if upper == REFERENCE_KEY || upper.starts_with(OWN_PREFIX) {
                return Err(self.error(Fault::SecretEnvironment { name: name.clone() }));
            }
        }
        self.keep_env = names;
        Ok(self)
    }

    /// Runs it in this directory instead of one of its own.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// The program that Countersign ships and this one runs, if it does.
    pub fn shipped(&self) -> Option<ShippedProgram> {
        ShippedProgram::among(&self.words)
    }

    /// Whether that program is still what was shipped.
    ///
    /// # Errors
    /// Fails with [`Fault::Altered`] or [`Fault::NotThere`] if it is not.
    pub fn check_shipped(&self) -> Result<(), ExternalError> {
        match self.shipped() {
            Some(shipped) => shipped.check().map_err(|fault| self.error(fault)),
            None => Ok(()),
        }
    }

    /// The file that is run.
    ///
    /// # Errors
    /// Fails if there is none of that name, or it cannot be started.
    pub fn file(&self) -> Result<PathBuf, ExternalError> {
        let word = self.words.first().map_or("", String::as_str);
        let directory = self.directory.as_deref().unwrap_or(Path::new("/"));
        let missing = |kind: io::ErrorKind| self.error(Fault::Start { source: kind.into() });
        let file = located(word, directory).filter(|file| file.exists());
        let file = file.ok_or_else(|| missing(io::ErrorKind::NotFound))?;
        if let Some(why) = not_a_program(&file) {
            return Err(self.error(Fault::NotAProgram { why }));
        }
        match file.metadata().is_ok_and(|meta| is_executable(&meta)) {
            true => Ok(file),
            false => Err(missing(io::ErrorKind::PermissionDenied)),
        }
    }

    /// Runs it without a digest; what it printed.
    ///
    /// # Errors
    /// Fails if it fails.
    pub fn print(&self, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        Ok(self.run(None, None, attend)?.stdout)
    }

    /// Its name, safe to show.
    pub fn name(&self) -> String {
        visible_short(self.words.first().map_or("", String::as_str), SHOWN_PROGRAM)
    }

    /// The public key that it prints, in any form of [`PublicKey::read`].
    ///
    /// # Errors
    /// Fails if it fails, or prints something else.
    pub fn print_public_key(&self, attend: &dyn Attend) -> Result<PublicKey, SignerError> {
        let printed = self.run(None, None, attend)?;
        let key = PublicKey::read(&printed.stdout);
        let error = |source| self.error(Fault::NoPublicKey { source }).saying(&printed.stderr);
        Ok(key.map_err(error)?)
    }

    /// Runs it to its end: what it printed. A file with the digest is its last argument, and there
    /// as long as it runs.
    pub(crate) fn run(
        &self,
        digest: Option<&Digest>,
        watched: Option<&Path>,
        attend: &dyn Attend,
    ) -> Result<Printed, SignerError> {
        // Removed with all that is in it when this returns, however it does.
        let private =
            private_directory().map_err(|source| self.error(Fault::Private { source }))?;
        let _held = Held::directory(private.path());
        let file = digest.map(|digest| digest_file(private.path(), digest)).transpose();
        let file = file.map_err(|source| self.error(Fault::Private { source }))?;
        let directory = self.directory.as_deref().unwrap_or(private.path());
        if !directory.is_dir() {
            return Err(self.error(Fault::Directory { path: directory.to_owned() }).into());
        }
        self.check_shipped()?;
        let before = match watched {
            Some(watched) => Some(Snapshot::of(watched).map_err(|fault| self.error(fault))?),
            None => None,
        };

        let seconds = self.timeout.as_secs() + u64::from(self.timeout.subsec_nanos() > 0);
        attend.waiting(Waiting::Command { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) });
        let outcome =
            process::run(&mut self.prepared(directory, file.as_deref()), self.timeout, attend)
                .map_err(|source| self.error(self.not_started(source, directory)))?;
        let stderr = redaction::shown(&outcome.stderr, &redaction::in_environment(&self.keep_env));
        let error = |fault| self.error(fault).saying(&stderr);
        let ended = match outcome.end {
            End::Exited(status) if status.success() => Ok(()),
            End::Exited(status) => Err(Fault::Failed(status)),
            End::LeftBehind => Err(Fault::LeftBehind { goes_on: outcome.goes_on }),
            End::TimedOut => Err(Fault::TimedOut { seconds, goes_on: outcome.goes_on }),
            End::TooMuch => Err(Fault::TooMuch { limit: process::MAX_STDOUT }),
            End::Cancelled => return Err(SignerError::Cancelled),
        };

        // A change comes first, since it matters whether or not the command gave a signature.
        if let Some(before) = before {
            before.compare().map_err(error)?;
        }
        ended.map_err(error)?;
        Ok(Printed { stdout: outcome.stdout, stderr })
    }

    /// The process to be: its words, a clean environment, its directory.
    fn prepared(&self, directory: &Path, file: Option<&Path>) -> std::process::Command {
        let mut process = std::process::Command::new(self.words.first().map_or("", |word| word));
        process.args(self.words.iter().skip(1)).args(file).current_dir(directory);
        process.env_clear().envs(std::env::vars_os().filter(|(name, _)| self.passes(name)));
        process
    }

    fn passes(&self, name: &OsStr) -> bool {
        name.to_str().is_some_and(|name| {
            PASSED.contains(&name)
                || name.starts_with("LC_")
                || self.keep_env.iter().any(|kept| kept == name)
        })
    }

    fn error(&self, fault: Fault) -> ExternalError {
        ExternalError::new(&self.name(), fault).of_line(&self.words)
    }

    /// Why it could not be started, by what its file is.
    fn not_started(&self, source: io::Error, directory: &Path) -> Fault {
        let file = self.words.first().and_then(|word| located(word, directory));
        match file.and_then(|file| not_a_program(&file)) {
            Some(why) => Fault::NotAProgram { why },
            None => Fault::Start { source },
        }
    }
}

/// The variable that a shell would set before it runs the program: `PIN=1234 sign`.
fn assigned(words: &[String]) -> Option<String> {
    let (name, _) = words.first()?.split_once('=')?;
    is_variable_name(name).then(|| visible_short(name, SHOWN_PROGRAM))
}

/// The file of a program on the search path; `None` if there is none of that name.
pub fn on_search_path(name: &str) -> Option<PathBuf> {
    let search = std::env::var_os("PATH")?;
    std::env::split_paths(&search).map(|place| place.join(name)).find(|file| file.is_file())
}

/// The file that a word names: by its path from a directory, or on the search path.
fn located(word: &str, directory: &Path) -> Option<PathBuf> {
    if word.contains('/') {
        return Some(directory.join(word));
    }
    on_search_path(word)
}

/// What keeps a file that is there from being started, and what to do.
fn not_a_program(file: &Path) -> Option<Words> {
    let meta = file.metadata().ok()?;
    if meta.is_dir() {
        return Some(words!("not-a-program-directory"));
    }
    if !meta.is_file() {
        return Some(words!("not-a-program-device"));
    }
    if meta.len() == 0 {
        return Some(words!("not-a-program-empty"));
    }
    let mut head = Vec::new();
    File::open(file).ok()?.take(FIRST_LINE).read_to_end(&mut head).ok()?;
    let first = head.split(|byte| *byte == b'\n').next()?;
    if let Some(line) = first.strip_prefix(b"#!") {
        if line.ends_with(b"\r") {
            return Some(words!("not-a-program-crlf"));
        }
        let line = String::from_utf8_lossy(line);
        let interpreter = line.split_whitespace().next().unwrap_or_default();
        let shown = visible_short(interpreter, SHOWN_PROGRAM);
        let is_there = Path::new(interpreter).is_file();
        return (!is_there).then(|| words!("not-a-program-interpreter", interpreter = ?shown));
    }
    if head.starts_with(b"\x7fELF") || std::str::from_utf8(first).is_err() {
        return None;
    }
    is_executable(&meta).then(|| words!("not-a-program-script"))
}

#[cfg(unix)]
fn is_executable(meta: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    true
}

/// What a program printed that came to a good end.
pub(crate) struct Printed {
    pub stdout: Vec<u8>,
    /// The last part of it, without what may be secret.
    pub stderr: String,
}

/// A command that signs, as a signer profile describes it.
#[derive(Debug, Clone)]
pub struct Command {
    program: Program,
    algorithm: Algorithm,
    public_key: PublicKey,
    watched: Option<PathBuf>,
    evidence: Option<Program>,
}

impl Command {
    /// A command line as [`Program::new`] reads it, how its key signs, and the key that verifies.
    ///
    /// # Errors
    /// Fails if the line is empty or its quotes are not closed, or the key is not of the algorithm.
    pub fn new(
        line: &str,
        algorithm: Algorithm,
        public_key: PublicKey,
    ) -> Result<Self, ExternalError> {
        Self::of(Program::new(line)?, algorithm, public_key)
    }

    /// A program that signs, how its key does, and the key that verifies.
    ///
    /// # Errors
    /// Fails if the key is not of the algorithm.
    pub fn of(
        program: Program,
        algorithm: Algorithm,
        public_key: PublicKey,
    ) -> Result<Self, ExternalError> {
        match public_key.fits(algorithm) {
            true => Ok(Self { program, algorithm, public_key, watched: None, evidence: None }),
            false => Err(program.error(Fault::Key(algorithm))),
        }
    }

    /// As [`Program::timeout`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.program = self.program.timeout(timeout);
        self
    }

    /// As [`Program::keep_env`].
    ///
    /// # Errors
    /// As [`Program::keep_env`].
    pub fn keep_env(mut self, names: Vec<String>) -> Result<Self, ExternalError> {
        self.program = self.program.keep_env(names)?;
        Ok(self)
    }

    /// Refuses a signature if anything in this directory changed while the command ran.
    #[must_use]
    pub fn watched(mut self, directory: impl Into<PathBuf>) -> Self {
        self.watched = Some(directory.into());
        self
    }

    /// Has another command print what proves where the key is, once it has signed. It is given the
    /// same digest, and runs under the same conditions.
    ///
    /// # Errors
    /// Fails if the line is empty or its quotes are not closed.
    pub fn evidence(mut self, line: &str) -> Result<Self, ExternalError> {
        self.evidence = Some(self.program.under_the_same_conditions(line)?);
        Ok(self)
    }

    /// The program that is run, safe to show.
    pub fn program(&self) -> String {
        self.program.name()
    }

    /// What its other command prints to prove where the key is, for the signature of a digest; `None`
    /// if there is no such command.
    ///
    /// # Errors
    /// Fails if that command fails, or prints something else.
    pub fn print_evidence(
        &self,
        digest: &Digest,
        attend: &dyn Attend,
    ) -> Result<Option<KeyAttestation>, SignerError> {
        let Some(program) = &self.evidence else { return Ok(None) };
        let printed = program.run(Some(digest), self.watched.as_deref(), attend)?;
        match KeyAttestation::parse_text(&printed.stdout) {
            Ok(evidence) => Ok(Some(evidence)),
            Err(source) => {
                let error = program.error(Fault::NoEvidence { source });
                Err(error.saying(&printed.stderr).into())
            }
        }
    }

    /// Has a digest signed: the raw signature, not verified yet.
    fn run(&self, digest: &Digest, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        let printed = self.program.run(Some(digest), self.watched.as_deref(), attend)?;
        let error = |fault| self.error(fault).saying(&printed.stderr);
        if printed.stdout.trim_ascii().eq_ignore_ascii_case(digest.hex().as_bytes()) {
            return Err(error(Fault::DigestPrinted).into());
        }
        let signature = encoding::signature_in(&printed.stdout).map_err(error)?;
        let signature = encoding::in_form(self.algorithm, signature);
        let said = shown(&printed.stderr);
        if !said.is_empty() {
            attend.heard(&self.program(), &said);
        }
        Ok(signature)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), VerificationError> {
        match self.algorithm.is_of_companions() {
            true => verify_companion(&self.public_key, message, signature),
            false => verify_raw(&self.public_key, self.algorithm, message, signature),
        }
    }

    /// The other encoding in which a signature that verifies under no form of the payload would.
    fn other_encoding(&self, canonical: &[u8], signature: &[u8]) -> Option<Fault> {
        encoding::of_other(self.algorithm, signature, |signature| {
            forms(canonical).any(|(_, message)| self.verify(&message, signature).is_ok())
        })
    }

    fn error(&self, fault: Fault) -> ExternalError {
        self.program.error(fault)
    }
}

/// A key behind a command.
#[derive(Debug, Clone)]
pub struct ExternalSigner {
    command: Command,
    payloads: Vec<SignedPayload>,
    /// What it made that is over another form than was asked for.
    made: Option<(Digest, Vec<u8>)>,
}

impl ExternalSigner {
    /// A command, and the form of the payload that its signatures are over: [`probe`] finds it.
    pub fn new(command: Command, payload: SignedPayload) -> Self {
        Self { command, payloads: vec![payload], made: None }
    }

    /// A command whose form of payload is not known: the first signature shows it, since a
    /// command is given the digest whatever the form.
    pub fn of_any_form(command: Command) -> Self {
        Self { command, payloads: SignedPayload::ALL.to_vec(), made: None }
    }
}

impl Signer for ExternalSigner {
    fn signer_type(&self) -> SignerType {
        SignerType::External
    }

    fn algorithm(&self) -> Algorithm {
        self.command.algorithm
    }

    fn payloads(&self) -> &[SignedPayload] {
        &self.payloads
    }

    fn public_key(&self) -> Option<&PublicKey> {
        Some(&self.command.public_key)
    }

    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        let signature = match self.made.take() {
            Some((digest, made)) if digest == payload.digest => made,
            _ => self.command.run(&payload.digest, attend)?,
        };
        let source = match self.command.verify(&payload.message(), &signature) {
            Ok(()) => {
                self.payloads = vec![payload.form];
                return Ok(signature);
            }
            Err(source) => source,
        };
        if let Some(fault) = self.command.other_encoding(payload.canonical, &signature) {
            return Err(self.command.error(fault).into());
        }
        let &[form] = self.payloads.as_slice() else {
            let form = form_of(&self.command, payload.canonical, &[&signature])?;
            self.made = Some((payload.digest, signature));
            return Err(SignerError::OtherForm(form));
        };
        Err(self.command.error(Fault::Unverified { form, source }).into())
    }

    fn evidence(
        &mut self,
        payload: &Payload<'_>,
        attend: &dyn Attend,
    ) -> Result<Option<KeyAttestation>, SignerError> {
        self.command.print_evidence(&payload.digest, attend)
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.command.verify(message, signature).is_ok()
    }
}

/// What a probe found out about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Which bytes its signatures are over. `canonical_json` means that it takes the digest it is
    /// given for the hash that ECDSA or RSA begin with.
    pub signed_payload: SignedPayload,
    /// Whether it gave the same signature twice.
    pub deterministic: bool,
}

/// Random bytes for a command to sign the digest of.
///
/// # Errors
/// Fails if the operating system gives none.
pub fn challenge() -> Result<[u8; 32], SignerError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|_| SignerError::Random)?;
    Ok(random)
}

/// Finds out how a command signs, by having it sign the digest of a [`challenge`] twice.
///
/// # Errors
/// Fails if it does not sign, or its signatures verify under no form of the payload.
pub fn probe(
    command: &Command,
    challenge: &[u8; 32],
    attend: &dyn Attend,
) -> Result<Probe, SignerError> {
    let digest = Digest::of(challenge);
    let first = command.run(&digest, attend)?;
    let second = command.run(&digest, attend)?;

    let signed_payload = form_of(command, challenge, &[&first, &second])?;
    Ok(Probe { signed_payload, deterministic: first == second })
}

/// Which form of canonical bytes signatures by a command are over.
fn form_of(
    command: &Command,
    canonical: &[u8],
    signatures: &[&[u8]],
) -> Result<SignedPayload, ExternalError> {
    let mut salt = false;
    for (form, message) in forms(canonical) {
        match signatures.iter().try_for_each(|signature| command.verify(&message, signature)) {
            Ok(()) => return Ok(form),
            Err(error) => salt |= error == VerificationError::SaltLength,
        }
    }
    let other = || command.other_encoding(canonical, signatures.first()?);
    let fault = if salt { Fault::SaltLength } else { other().unwrap_or(Fault::NoForm) };
    Err(command.error(fault))
}

/// Every form of canonical bytes that a signature may be over.
fn forms(canonical: &[u8]) -> impl Iterator<Item = (SignedPayload, Cow<'_, [u8]>)> {
    let digest = Digest::of(canonical);
    SignedPayload::ALL.iter().map(move |form| (*form, payload_bytes(canonical, &digest, *form)))
}

/// A new directory that nobody else may enter.
fn private_directory() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("countersign-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

/// The file that the command reads: the hex digits of the digest and nothing else.
fn digest_file(directory: &Path, digest: &Digest) -> io::Result<PathBuf> {
    let path = directory.join("sha256");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path)?.write_all(digest.hex().as_bytes())?;
    Ok(path)
}
