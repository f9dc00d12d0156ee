//! Registering sealed runs in the transparency log.

use countersign_problem::{Problem, Reason, Words};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use countersign_envelope::chain::Links;
use countersign_envelope::digest::{Digest, Hasher};
use countersign_envelope::file_name::{LOG_HEAD, MAX_BYTES, signature_of};
use countersign_envelope::instant::Instant;
use countersign_envelope::json::Value;
use countersign_envelope::log_head::{LogHead, TextHasher};
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::transparency_log::{NewRegistration, Registration, entry_id, unsealed};

use countersign_ceremony::signing::{self, Scope, SigningError};
use countersign_journal::{Event, JournalError, Recorder, journalled};
use countersign_store::log_head_file;
use countersign_store::log_memory::Depth;
use countersign_store::log_memory::{self, ChainKind, LogMemory, LogMemoryError, Rewritten};
use countersign_store::logs::LogBook;
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};

use crate::workspace::{Workspace, WorkspaceError};

/// Why a run was not registered. The log is then as it was.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The run cannot be read, or must not be signed; then it must not be registered either.
    #[problem(transparent)]
    Run(#[from] SigningError),
    /// The run, its signatures or the log are not those that were confirmed.
    NotConfirmed(PathBuf),
    /// The run has nothing to register.
    NothingToRegister(PathBuf),
    /// More than one log could count.
    Undecided {
        /// Why it is not known which.
        why: Reason,
    },
    /// The log cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The log's chain does not hold.
    Broken {
        /// The log.
        path: PathBuf,
        /// The first thing wrong.
        broken: Words,
    },
    /// The log does not go on from what this station saw of it.
    Rewritten(Box<Rewritten>),
    /// The log was changed while it was copied.
    Changed(PathBuf),
    /// What this station saw of the log is not known.
    Memory(#[from] LogMemoryError),
    /// The log cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// It cannot be journalled.
    Journal(#[from] JournalError),
    /// The file that was named as the log is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
}

/// The result of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// The run was added, with this entry id.
    Added(String),
    /// The run is registered already, with this entry id.
    Already(String),
}

impl Registered {
    /// The id of the entry.
    pub fn entry_id(&self) -> &str {
        let (Self::Added(id) | Self::Already(id)) = self;
        id
    }
}

/// A registration, and the log's head after it.
#[derive(Debug)]
pub struct Appended {
    /// The outcome.
    pub registered: Registered,
    /// The run.
    pub run: PathBuf,
    /// The digest of its canonical bytes.
    pub digest: Digest,
    /// The decision's id.
    pub decision_id: String,
    /// The decision's title.
    pub title: String,
    /// The log.
    pub log: PathBuf,
    /// Whether `LOG_HEAD.json` beside the log is up to date. If it could not be written, the
    /// registration is valid all the same.
    pub head: Result<(), WriteError>,
}

/// A registration before it is made: the content of the entry, and the log.
#[derive(Debug)]
pub struct Registering {
    /// The run.
    pub run: PathBuf,
    /// The digest of its canonical bytes.
    pub digest: Digest,
    /// The decision's id.
    pub decision_id: String,
    /// The decision's title.
    pub title: String,
    /// The log.
    pub log: PathBuf,
    /// The run's id.
    pub run_id: String,
    /// Its commit hash.
    pub commit_hash: String,
    /// Its content hash.
    pub content_hash: String,
    /// The key of its first signature.
    pub signing_key_id: Option<String>,
    /// The key of its witness.
    pub witness_key_id: Option<String>,
}

impl Registering {
    /// Reads a run, and finds the log that counts for it. Of a run that a person has read, the digest
    /// (64 hex digits) must still be the same.
    ///
    /// # Errors
    /// Fails if the run must not be signed, has nothing to register, or more than one log could
    /// count.
    pub fn read(
        run: &Path,
        book: &LogBook,
        digest_read: Option<&str>,
    ) -> Result<Self, RegistrationError> {
        // What must not be signed must not be registered either.
        let reading = signing::read(run, Scope::RunAndManifest, None)?;
        let sealed = reading.run();
        let digest = sealed.artifact().canonical().digest();
        if digest_read.is_some_and(|read| read != digest.hex()) {
            return Err(RegistrationError::NotConfirmed(run.to_owned()));
        }
        let nothing = || RegistrationError::NothingToRegister(run.to_owned());
        let text = |text: Option<&str>| text.map(str::to_owned).ok_or_else(nothing);
        let signatures = signatures(run)?;
        let signed = signatures.as_ref().map(SignatureFile::signatures).unwrap_or_default();
        let witness = signed.iter().find(|signature| signature.role() == Some(Role::Witness));
        Ok(Self {
            run: run.to_owned(),
            digest,
            decision_id: sealed.decision_id().unwrap_or("?").to_owned(),
            title: sealed.title().unwrap_or_default().to_owned(),
            run_id: text(sealed.run_id())?,
            commit_hash: text(sealed.artifact().commit_hash())?,
            content_hash: text(sealed.recorded_hash())?,
            signing_key_id: signed.first().map(|signature| signature.key_id().to_owned()),
            witness_key_id: witness.map(|signature| signature.key_id().to_owned()),
            log: book
                .log_for(directory_of(run))
                .map_err(|why| RegistrationError::Undecided { why })?,
        })
    }

    /// The id that its entry gets.
    pub fn entry_id(&self) -> String {
        entry_id(&self.run_id, &self.commit_hash, &self.content_hash)
    }

    /// What a person confirms, as one digest: the log, and the content of the entry except its
    /// time.
    pub fn confirmation(&self) -> Digest {
        let log = self.log.as_os_str().as_encoded_bytes();
        let entry = unsealed(self.entry(Instant::EPOCH, &name_of(&self.run)));
        let entry = Value::Object(entry).to_line();
        Digest::of_parts(&[self.digest.hex().as_bytes(), entry.as_bytes(), log])
    }

    fn entry<'a>(&'a self, observed_at: Instant, name: &'a str) -> NewRegistration<'a> {
        NewRegistration {
            run_id: &self.run_id,
            commit_hash: &self.commit_hash,
            sealed_hash: &self.content_hash,
            artifact_path: name,
            signing_key_id: self.signing_key_id.as_deref(),
            witness_key_id: self.witness_key_id.as_deref(),
            observed_at,
        }
    }

    /// The journal's entry for it, with full paths.
    fn event(&self) -> Event {
        let full = |path: &Path| {
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            path.display().to_string()
        };
        let (file, log) = (full(&self.run), full(&self.log));
        Event::Registered { file, log, registration: self.entry_id() }
    }
}

/// Registers a sealed run in the log that counts for it. Window and command line both use this
/// function, which decides the content of the entry. If something was confirmed before, it must be
/// unchanged ([`Registering::confirmation`], 64 hex digits). If the registration cannot be
/// journalled, it is not made. A log that was found rewritten is journalled, once.
///
/// # Errors
/// If the run must not be signed, or the log cannot be read, does not hold, does not go on from what
/// the station remembers of it, or cannot be written, or the journal cannot. The log is then
/// unchanged.
pub fn register_run(
    workspace: &Workspace,
    run: &Path,
    book: &LogBook,
    confirmed: Option<&str>,
) -> Result<Appended, RegistrationError> {
    let recorder = workspace.recorder()?;
    let registering = Registering::read(run, book, None)?;
    if confirmed.is_some_and(|confirmed| confirmed != registering.confirmation().hex()) {
        return Err(RegistrationError::NotConfirmed(run.to_owned()));
    }
    workspace.check_writable(&registering.log)?;
    let registered = register(&registering, (workspace.now)(), book, recorder.as_ref());
    if let (Err(RegistrationError::Rewritten(rewritten)), Some(memory)) =
        (&registered, book.memory())
    {
        // The refusal says it all the same if it cannot be journalled.
        let _ = workspace.note_found(rewritten, memory);
    }
    let (registered, head) = registered?;
    let Registering { run, digest, decision_id, title, log, .. } = registering;
    Ok(Appended { registered, run, digest, decision_id, title, log, head })
}

fn signatures(run: &Path) -> Result<Option<SignatureFile>, ReadError> {
    let path = run.with_file_name(signature_of(&name_of(run)));
    match reading::read(&path, directory_of(&path), MAX_BYTES) {
        Ok(bytes) => Ok(SignatureFile::parse(&bytes).ok()),
        Err(ReadError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Appends a run to a log under the log's lock, by writing the whole log again: a kill at any
/// instruction leaves the old or the new one. Then writes the log's head beside it. Of a log whose
/// beginning was verified before, only the rest is parsed; no log is in memory as a whole.
fn register(
    registering: &Registering,
    now: Instant,
    book: &LogBook,
    recorder: &dyn Recorder,
) -> Result<(Registered, Result<(), WriteError>), RegistrationError> {
    let (log, memory) = (registering.log.as_path(), book.memory());
    let name = name_of(&registering.run);
    let new = registering.entry(now, &name);
    let _lock = safe_write::lock(directory_of(log))?;
    overwrite::check(log, FileKind::TransparencyLog)?;
    let key = Registration::key_of(new.commit_hash, new.sealed_hash);
    let mut already = None;
    let mut find = |position: usize, entry: &countersign_envelope::chain::Entry| {
        if position == 1 {
            already = None;
        }
        if already.is_none()
            && Registration::of(position, entry).is_some_and(|one| one.key() == key)
        {
            already = Some(entry.object.text("entry_id").unwrap_or_default().to_owned());
        }
    };
    let examined = match log_memory::examine(log, ChainKind::Log, memory, Depth::Rest, &mut find) {
        Ok(examined) => Some(examined),
        Err(ReadError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let rewritten = match &examined {
        Some(examined) => examined.rewritten.clone(),
        None => memory.map(|memory| memory.gone(log)).transpose()?.flatten(),
    };
    if let Some(rewritten) = rewritten.filter(|_| !book.allows_rewritten()) {
        return Err(RegistrationError::Rewritten(Box::new(rewritten)));
    }
    let mut entries = 0;
    let mut prefix = None;
    let mut last = None;
    if let Some(examined) = examined {
        if let Some(broken) = examined.summary.broken {
            return Err(RegistrationError::Broken { path: log.to_owned(), broken });
        }
        if let Some(error) = examined.unknown {
            return Err(error.into());
        }
        if examined.verified > 0
            && already.is_none()
            && let Some(memory) = memory
            && let Some(first) = examined.summary.first
            && let Some(head) = memory.chain(first)?
        {
            already = memory.registered(&head, key)?;
        }
        entries = examined.summary.entries;
        last = examined.summary.last;
        prefix = Some(examined.prefix);
    }
    let at = new.observed_at;
    if let Some(id) = already {
        let latest = log_head_file::last_entry(log);
        let head = log_head_file::text_of(log)
            .map_err(|source| WriteError::Io { path: log.with_file_name(LOG_HEAD), source })
            .and_then(|text| {
                log_head_file::write(log, &LogHead::new(text, entries as u64, latest.as_ref(), at))
            });
        return Ok((Registered::Already(id), head));
    }
    let entry = Links::after(last.map(|hash| hash.to_string())).seal(unsealed(new));
    let id = entry.text("entry_id").unwrap_or_default().to_owned();
    let mut text = TextHasher::default();
    let mut copied = (0, Digest::of(b""));
    let prepared = safe_write::prepare_with(log, Access::Shared, |file| {
        let mut file = BufWriter::new(file);
        let mut is_line = true;
        if prefix.is_some() {
            copied = copy(log, &mut file, &mut text, &mut is_line)?;
        }
        let mut line = Value::Object(entry.clone()).to_line().into_bytes();
        line.push(b'\n');
        if !is_line {
            line.insert(0, b'\n');
        }
        text.update(&line);
        file.write_all(&line)?;
        file.flush()
    })?;
    // Another program that heeds no lock may have written to it since it was examined.
    if prefix.is_some_and(|prefix| (prefix.length, prefix.sha256) != copied) {
        return Err(RegistrationError::Changed(log.to_owned()));
    }
    journalled(recorder, &[registering.event()], || {
        safe_write::commit(vec![prepared]).map_err(RegistrationError::from)
    })?;
    if let Some(memory) = memory.map(LogMemory::registering) {
        // If it is not remembered now, it is at the next reading.
        let _ =
            log_memory::examine(log, ChainKind::Log, Some(&memory), Depth::Rest, &mut |_, _| {});
    }
    let head = LogHead::new(text.digest(), entries as u64 + 1, Some(&entry), at);
    Ok((Registered::Added(id), log_head_file::write(log, &head)))
}

/// Copies a log; its length and the hash of its bytes.
fn copy(
    log: &Path,
    out: &mut impl io::Write,
    text: &mut TextHasher,
    is_line: &mut bool,
) -> io::Result<(u64, Digest)> {
    let (mut hasher, mut length) = (Hasher::default(), 0);
    log_head_file::each_piece(log, |piece| {
        hasher.update(piece);
        text.update(piece);
        length += piece.len() as u64;
        *is_line = piece.ends_with(b"\n");
        out.write_all(piece)
    })?;
    Ok((length, hasher.digest()))
}
