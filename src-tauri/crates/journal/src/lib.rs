//! The journal: what was attempted, refused and signed at this station, one line each, never with a
//! secret in it. Its lines are chained as those of the transparency log are (FORMAT.md section 2).
//!
//! A file that is not the end of the chain cannot be changed, shortened or taken out without that
//! being found. That lines were cut off at the very end cannot be told from the file alone.
//!
//! The journal is truth. A signature whose attempt cannot be written to it is not made; a refusal
//! needs no journal. Files, beside each other:
//!
//! | name | what |
//! |---|---|
//! | `journal.ndjson` | the one that is written to |
//! | `journal.000001.ndjson` … | full ones; the chain goes on from each to the next |
//! | `journal.broken-000001.ndjson` … | whose chain did not hold, kept aside as they were found |
//! | `journal.torn-000001.ndjson` … | a half last line, of a process or machine that stopped |

pub mod book;

use countersign_problem::{Explain, Problem};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_admissibility::keyring::Key;
use countersign_admissibility::terms::{self, AskedTerms};
use countersign_envelope::chain::{ENTRY_HASH, Entry, Line, Links, PREVIOUS};
use countersign_envelope::digest::short;
use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::signature::{PayloadType, Role, SignerType};
use countersign_signers::SignerError;

use countersign_store::log_memory::{ChainKind, LogMemory, Rewritten};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::notice::{self, DiskNotice};
use countersign_store::safe_write::{self, Access, WriteError};

/// The file's name in its default place.
pub const FILE_NAME: &str = "journal.ndjson";

/// How long a journal grows before the next file is begun, in bytes (8 MiB).
pub const LIMIT: u64 = 8 << 20;

/// Why nothing could be written to the journal.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// Other users can write it.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// The file is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The first journal of this place.
    JournalBegun,
    /// The one before was full; this one's first link is that one's last hash.
    JournalRotated {
        /// The full one.
        previous_file: String,
    },
    /// The one before did not hold. The chain begins anew.
    JournalBroken {
        /// The name that it is kept under.
        kept_as: String,
        /// The first thing wrong with it.
        why: String,
        /// The hash that its last entry records.
        last_hash: Option<String>,
    },
    /// The last line was half written.
    JournalTorn {
        /// The file that the half line is kept in.
        kept_as: String,
        /// Its length.
        bytes: u64,
    },
    /// The user's group could change files of the station, which were closed to it.
    MadePrivate {
        /// Files and folders.
        files: Vec<String>,
    },
    /// Somebody reads what they may sign.
    CeremonyBegun {
        /// The file that was named.
        file: String,
        /// What was read; none where that was refused.
        artifacts: Vec<Subject>,
    },
    /// It ended without a signature.
    Refused {
        /// Why, in one word.
        code: &'static str,
        /// Why, as the person was told.
        words: String,
    },
    /// The person broke off.
    BrokenOff,
    /// A key was chosen. Of one that is locked the fingerprint is known once it is opened.
    KeyChosen {
        /// Which key, and for whom.
        key: KeyFacts,
        /// What asks for its secret: a file, a token.
        locked: Option<String>,
    },
    /// The key asks for its secret.
    SecretAsked {
        /// Passphrase or PIN.
        secret: &'static str,
        /// How many tries are left, where they are counted.
        tries_left: Option<u8>,
    },
    /// The last try was not taken, for nobody had said that it may be.
    LastTryHeld {
        /// Passphrase or PIN.
        secret: &'static str,
    },
    /// The person said that the last try may be taken.
    LastTry {
        /// Passphrase or PIN.
        secret: &'static str,
    },
    /// The secret did not open the key.
    SecretNotTaken {
        /// Why, in one word.
        code: &'static str,
        /// Why, as the person was told.
        words: String,
        /// How many tries are left, where they are counted.
        tries_left: Option<u8>,
    },
    /// The key is open.
    KeyOpened {
        /// Which.
        key: KeyFacts,
    },
    /// A signature is attempted. Written before the key is used.
    SigningAttempted {
        /// With which key, and for whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
    },
    /// No touch came.
    TouchMissed {
        /// As the person was told.
        words: String,
    },
    /// The signatures stand.
    Signed {
        /// With which key, and by whom.
        key: KeyFacts,
        /// Of what.
        artifacts: Vec<Subject>,
        /// The signature files.
        files: Vec<String>,
        /// What the run's signature file asks for now; `None` if it has no place for that.
        asks: Option<AskedTerms>,
    },
    /// Some of the signatures of an act stand, and the others could not be written.
    SignedPartly {
        /// The signature file that stands.
        files: Vec<String>,
        /// Why the others do not, as the person was told.
        words: String,
    },
    /// A run was registered in the transparency log.
    Registered {
        /// The run.
        file: String,
        /// The log.
        log: String,
        /// The id of its entry there.
        registration: String,
    },
    /// Signatures of copies are about to come to an envelope. Written before its files are.
    MergeAttempted {
        /// The run.
        file: String,
        /// The copies.
        from: Vec<String>,
    },
    /// They did, or were left out.
    Merged {
        /// The run.
        file: String,
        /// Who came in, each with what they signed.
        added: Vec<String>,
        /// How much was left out.
        left_out: u64,
        /// The signature files that were written.
        files: Vec<String>,
        /// What the run's signature file asks for now; `None` if it has no place for that.
        asks: Option<AskedTerms>,
    },
    /// Envelopes are about to be put into one file. Written before that is.
    ArchiveAttempted(ArchiveFacts),
    /// They were.
    ArchiveWritten(ArchiveFacts),
    /// What a file carries is about to come in. Written before anything else is.
    ImportAttempted {
        /// The file.
        archive: String,
        /// Its digest.
        digest: String,
        /// Where it is to come.
        directory: String,
    },
    /// It did, as far as it could.
    Imported {
        /// The file.
        archive: String,
        /// Its digest.
        digest: String,
        /// How many envelopes were not there before.
        new: u64,
        /// How many were.
        there: u64,
        /// How many signatures came in.
        signatures: u64,
        /// How much was left out.
        left_out: u64,
    },
    /// Evidence of where its key lives was put beside a signature that stood there.
    EvidenceAttached {
        /// What it is, as files name it.
        evidence: String,
        /// The signature files.
        files: Vec<String>,
    },
    /// A transparency log does not go on from what this station saw of it: cut, gone or forked.
    LogRewritten {
        /// The log.
        log: String,
        /// In words.
        words: String,
        /// How many entries it had.
        had: u64,
        /// How many it has.
        has: u64,
    },
    /// A person took a log as it is, whatever was seen of it before.
    LogAccepted {
        /// The log.
        log: String,
        /// Log or ledger.
        kind: ChainKind,
        /// How many entries it had.
        had: u64,
        /// How many it has.
        has: u64,
        /// The entries that are gone; if there are many, more of them follow in further events.
        lost: Vec<String>,
        /// Why, in that person's words.
        reason: String,
    },
    /// A person accepted that a registered run is gone.
    MissingRunAccepted {
        /// The run.
        file: String,
        /// Why, in that person's words.
        reason: String,
    },
    /// A private key is about to be written to a file.
    KeyCreated {
        /// The file.
        file: String,
        /// The fingerprint of its public key.
        fingerprint: String,
    },
    /// A key is about to be added to the keyring.
    KeyAdded {
        /// The keyring.
        keyring: String,
        /// The key.
        key: Box<Key>,
    },
    /// A key of the keyring is about to be revoked.
    KeyRevoked {
        /// The keyring.
        keyring: String,
        /// The key as it is then.
        key: Box<Key>,
    },
    /// A root, intermediate or attestation key is about to be trusted.
    RootTrusted(RootFacts),
    /// One is about to be trusted no longer.
    RootRemoved(RootFacts),
    /// A setting that decides what counts, or what signs, is about to be changed.
    SettingChanged {
        /// Which setting.
        setting: &'static str,
        /// What it was; `None` if it was not set.
        before: Option<String>,
        /// What it will be; `None` if it will not be set.
        after: Option<String>,
    },
    /// A change that was journalled before it was made could not be made.
    ChangeFailed {
        /// The event that announced it.
        change: &'static str,
        /// Why, as the person was told.
        words: String,
    },
    /// A token was plugged in, or was there when the station started.
    DeviceArrived(DeviceFacts),
    /// A token was pulled out.
    DeviceRemoved(DeviceFacts),
}

/// A file that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its path.
    pub file: String,
    /// Run or manifest.
    pub payload_type: PayloadType,
    /// The hash of its canonical bytes.
    pub digest: String,
}

/// What the signature file of a run asks for, in an entry.
fn set_terms(asks: Option<&AskedTerms>, entry: &mut Object) {
    if let Some(AskedTerms { terms, .. }) = asks {
        entry.set("threshold", terms.threshold);
        let roles = terms.required_roles.iter().map(|role| Value::from(role.as_str()));
        entry.set("required_roles", Value::from(roles.collect::<Vec<_>>()));
    }
}

/// Which key, and for whom it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key's id.
    pub key_id: String,
    /// The fingerprint of its public key; none of a shared key, or of one that is locked.
    pub fingerprint: Option<String>,
    /// What holds it, where that is known.
    pub kind: Option<SignerType>,
    /// That a person claims so, against what the device says; and what that says.
    pub claim: Option<String>,
    /// Who signs.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
}

/// Envelopes in one file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFacts {
    /// `export` or `pack`.
    pub kind: &'static str,
    /// Where it is.
    pub archive: String,
    /// Its digest.
    pub digest: String,
    /// The run, where it is one; else the first of them.
    pub file: String,
    /// How many there are.
    pub envelopes: u64,
}

/// Something that attestations may lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootFacts {
    /// The trust folder.
    pub folder: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Whose it is.
    pub subject: String,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFacts {
    /// Its serial, where it tells it.
    pub serial: Option<u32>,
    /// Its firmware.
    pub firmware: String,
    /// The reader that it is, or is in.
    pub reader: String,
    /// Of a token behind a PKCS#11 module, its name, and the module's file.
    pub token: Option<(String, String)>,
}

impl Event {
    /// What was found of a log.
    pub fn of_rewritten(rewritten: &Rewritten) -> Self {
        Self::LogRewritten {
            log: rewritten.seen().log.display().to_string(),
            words: rewritten.to_string(),
            had: rewritten.seen().entries as u64,
            has: rewritten.has() as u64,
        }
    }

    /// Why a ceremony ended, by the error's code and in words without a secret.
    pub fn refused(error: &dyn Explain, words: String) -> Self {
        Self::Refused { code: error.problem().code.name(), words }
    }

    /// Why a secret was not taken.
    pub fn of_secret(error: &SignerError, tries_left: Option<u8>) -> Self {
        Self::SecretNotTaken { code: error.problem().code.name(), words: words(error), tries_left }
    }

    fn name(&self) -> &'static str {
        self.into()
    }

    /// The entry, without its link.
    fn entry(&self, ceremony: Option<&str>, at: Instant) -> Object {
        let mut entry = Object::from([
            ("entry_version", Value::from("1.0")),
            ("event", self.name().into()),
            ("observed_at", at.to_string().into()),
        ]);
        if let Some(ceremony) = ceremony {
            entry.set("ceremony", ceremony);
        }
        let list = |items: &[String]| {
            Value::from(items.iter().map(|item| item.as_str().into()).collect::<Vec<Value>>())
        };
        let number = |tries: Option<u8>| tries.map_or(Value::Null, |n| u64::from(n).into());
        match self {
            Self::JournalBegun | Self::BrokenOff => {}
            Self::JournalRotated { previous_file } => {
                entry.set("previous_file", previous_file.as_str());
            }
            Self::JournalBroken { kept_as, why, last_hash } => {
                entry.set("kept_as", kept_as.as_str());
                entry.set("why", why.as_str());
                entry.set("last_hash", last_hash.as_deref());
            }
            Self::JournalTorn { kept_as, bytes } => {
                entry.set("kept_as", kept_as.as_str());
                entry.set("bytes", *bytes);
            }
            Self::MadePrivate { files } => entry.set("files", list(files)),
            Self::CeremonyBegun { file, artifacts } => {
                entry.set("file", file.as_str());
                entry.set("artifacts", subjects(artifacts));
            }
            Self::Refused { code, words } => {
                entry.set("code", *code);
                entry.set("words", words.as_str());
            }
            Self::KeyChosen { key, locked } => {
                key.set(&mut entry);
                entry.set("locked", locked.as_deref());
            }
            Self::SecretAsked { secret, tries_left } => {
                entry.set("secret", *secret);
                entry.set("tries_left", number(*tries_left));
            }
            Self::LastTryHeld { secret } | Self::LastTry { secret } => {
                entry.set("secret", *secret);
            }
            Self::SecretNotTaken { code, words, tries_left } => {
                entry.set("code", *code);
                entry.set("words", words.as_str());
                entry.set("tries_left", number(*tries_left));
            }
            Self::KeyOpened { key } => key.set(&mut entry),
            Self::SigningAttempted { key, artifacts } => {
                key.set(&mut entry);
                entry.set("artifacts", subjects(artifacts));
            }
            Self::TouchMissed { words } => entry.set("words", words.as_str()),
            Self::Signed { key, artifacts, files, asks } => {
                key.set(&mut entry);
                entry.set("artifacts", subjects(artifacts));
                entry.set("files", list(files));
                set_terms(asks.as_ref(), &mut entry);
            }
            Self::SignedPartly { files, words } => {
                entry.set("files", list(files));
                entry.set("words", words.as_str());
            }
            Self::Registered { file, log, registration } => {
                entry.set("file", file.as_str());
                entry.set("log", log.as_str());
                entry.set("registration", registration.as_str());
            }
            Self::MergeAttempted { file, from } => {
                entry.set("file", file.as_str());
                entry.set("from", list(from));
            }
            Self::Merged { file, added, left_out, files, asks } => {
                entry.set("file", file.as_str());
                entry.set("added", list(added));
                entry.set("left_out", *left_out);
                entry.set("files", list(files));
                set_terms(asks.as_ref(), &mut entry);
            }
            Self::ArchiveAttempted(facts) | Self::ArchiveWritten(facts) => {
                entry.set("kind", facts.kind);
                entry.set("archive", facts.archive.as_str());
                entry.set("digest", facts.digest.as_str());
                entry.set("file", facts.file.as_str());
                entry.set("envelopes", facts.envelopes);
            }
            Self::ImportAttempted { archive, digest, directory } => {
                entry.set("archive", archive.as_str());
                entry.set("digest", digest.as_str());
                entry.set("directory", directory.as_str());
            }
            Self::Imported { archive, digest, new, there, signatures, left_out } => {
                entry.set("archive", archive.as_str());
                entry.set("digest", digest.as_str());
                entry.set("new", *new);
                entry.set("there", *there);
                entry.set("signatures", *signatures);
                entry.set("left_out", *left_out);
            }
            Self::EvidenceAttached { evidence, files } => {
                entry.set("evidence", evidence.as_str());
                entry.set("files", list(files));
            }
            Self::LogRewritten { log, words, had, has } => {
                entry.set("log", log.as_str());
                entry.set("words", words.as_str());
                entry.set("had", *had);
                entry.set("has", *has);
            }
            Self::LogAccepted { log, kind, had, has, lost, reason } => {
                entry.set("log", log.as_str());
                entry.set("kind", kind.word());
                entry.set("had", *had);
                entry.set("has", *has);
                entry.set("lost", list(lost));
                entry.set("reason", reason.as_str());
            }
            Self::MissingRunAccepted { file, reason } => {
                entry.set("file", file.as_str());
                entry.set("reason", reason.as_str());
            }
            Self::KeyCreated { file, fingerprint } => {
                entry.set("file", file.as_str());
                entry.set("fingerprint", fingerprint.as_str());
            }
            Self::KeyAdded { keyring, key } => {
                entry.set("keyring", keyring.as_str());
                set_keyring_key(&mut entry, key);
            }
            Self::KeyRevoked { keyring, key } => {
                entry.set("keyring", keyring.as_str());
                set_keyring_key(&mut entry, key);
                entry.set("revoked_at", key.revoked_at.map(|at| at.to_string()).as_deref());
                entry.set("reason", key.revocation_reason.as_deref());
            }
            Self::RootTrusted(root) | Self::RootRemoved(root) => {
                entry.set("folder", root.folder.as_str());
                entry.set("sha256", root.sha256.as_str());
                entry.set("subject", root.subject.as_str());
            }
            Self::SettingChanged { setting, before, after } => {
                entry.set("setting", *setting);
                entry.set("before", before.as_deref());
                entry.set("after", after.as_deref());
            }
            Self::ChangeFailed { change, words } => {
                entry.set("change", *change);
                entry.set("words", words.as_str());
            }
            Self::DeviceArrived(device) | Self::DeviceRemoved(device) => {
                let serial = device.serial.map_or(Value::Null, |n| u64::from(n).into());
                entry.set("serial", serial);
                entry.set("firmware", device.firmware.as_str());
                entry.set("reader", device.reader.as_str());
                if let Some((token, module)) = &device.token {
                    entry.set("token", token.as_str());
                    entry.set("module", module.as_str());
                }
            }
        }
        entry
    }
}

impl KeyFacts {
    fn set(&self, entry: &mut Object) {
        entry.set("key_id", self.key_id.as_str());
        entry.set("fingerprint", self.fingerprint.as_deref());
        entry.set("signer_type", self.kind.map(SignerType::as_str));
        if let Some(claim) = &self.claim {
            entry.set("signer_type_claim", claim.as_str());
        }
        entry.set("signer_id", self.signer_id.as_str());
        entry.set("role", self.role.as_str());
    }
}

fn set_keyring_key(entry: &mut Object, key: &Key) {
    entry.set("key_id", key.key_id.as_str());
    entry.set("fingerprint", key.fingerprint().map(|digest| digest.to_string()).as_deref());
    entry.set("owner", key.owner.as_str());
    let roles = key.roles.iter().map(|role| Value::from(role.as_str()));
    entry.set("roles", Value::from(roles.collect::<Vec<_>>()));
    entry.set("kind", key.kind.as_str());
    entry.set("valid_from", key.valid_from.map(|at| at.to_string()).as_deref());
    entry.set("valid_until", key.valid_until.map(|at| at.to_string()).as_deref());
    let attestation = key.attestation().and_then(Result::ok);
    entry.set("attestation", attestation.as_ref().map(KeyAttestation::type_name));
}

fn subjects(subjects: &[Subject]) -> Value {
    let one = |subject: &Subject| {
        Value::Object(Object::from([
            ("file", subject.file.as_str()),
            ("payload_type", subject.payload_type.as_str()),
            ("payload_bytes_sha256", subject.digest.as_str()),
        ]))
    };
    Value::from(subjects.iter().map(one).collect::<Vec<_>>())
}

/// What a person is told of a key, but for what a command said by itself: nobody knows what that
/// has in it.
pub fn words(error: &SignerError) -> String {
    match error {
        SignerError::External(error) => format!("{}: {}", error.program, error.fault),
        error => error.to_string(),
    }
}

/// Keeps the record of a ceremony.
pub trait Recorder: Send + Sync {
    /// Keeps one event.
    ///
    /// # Errors
    /// Where it could not be kept.
    fn record(&self, event: &Event) -> Result<(), JournalError>;
}

/// Makes changes that are journalled before they are made: what cannot be journalled is not done.
/// If they cannot be made after all, that is journalled too.
///
/// # Errors
/// Fails if the journal cannot be written, with nothing changed, or if the changes fail.
pub fn journalled<T, E: From<JournalError> + std::fmt::Display>(
    recorder: &dyn Recorder,
    changes: &[Event],
    make: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    for change in changes {
        recorder.record(change)?;
    }
    make().inspect_err(|error| {
        for change in changes {
            let failed = Event::ChangeFailed { change: change.name(), words: error.to_string() };
            // The person is told of the first failure; another of the journal would hide it.
            let _ = recorder.record(&failed);
        }
    })
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoRecord;

impl Recorder for NoRecord {
    fn record(&self, _: &Event) -> Result<(), JournalError> {
        Ok(())
    }
}

/// Records one ceremony in a journal. Its lines are told from those of others by the field
/// `ceremony`: the first 8 hex digits of the hash of the line that began it.
pub struct Recording {
    journal: Arc<Journal>,
    memory: Option<LogMemory>,
    now: fn() -> Instant,
    ceremony: Mutex<Option<String>>,
}

impl Recording {
    /// One for a ceremony that is about to begin.
    pub fn new(journal: Arc<Journal>, now: fn() -> Instant) -> Self {
        Self { journal, memory: None, now, ceremony: Mutex::default() }
    }

    /// The same, which also remembers what the signature files ask for that are written.
    #[must_use]
    pub fn remembering(self, memory: Option<LogMemory>) -> Self {
        Self { memory, ..self }
    }

    fn remember(&self, event: &Event) {
        let (Event::Signed { asks, .. } | Event::Merged { asks, .. }) = event else { return };
        let (Some(memory), Some(asks)) = (&self.memory, asks) else { return };
        if terms::exceed_the_least(&asks.terms)
            && let Err(error) = memory.remember_terms(&[(asks.run, asks.terms.clone())])
        {
            notice::tell(&DiskNotice::TermsNotRemembered { why: error.to_string() });
        }
    }
}

impl Recorder for Recording {
    fn record(&self, event: &Event) -> Result<(), JournalError> {
        self.remember(event);
        let mut ceremony = lock(&self.ceremony);
        let hash = self.journal.append_in(ceremony.as_deref(), event, (self.now)())?;
        if matches!(event, Event::CeremonyBegun { .. }) {
            *ceremony = short(&hash).map(str::to_owned);
        }
        Ok(())
    }
}

/// What was found wrong with a journal, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "journal-notice")]
pub enum Notice {
    /// The chain did not hold.
    Broken {
        /// The journal.
        path: PathBuf,
        /// The first thing wrong.
        why: String,
        /// The name that the old one is kept under.
        kept_as: String,
    },
    /// The last line was half written.
    Torn {
        /// The journal.
        path: PathBuf,
        /// The file that the half line is kept in.
        kept_as: String,
    },
}

/// The journal of a station. Several processes may write to one.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    limit: u64,
    known: Mutex<Option<Known>>,
    notices: Mutex<Vec<Notice>>,
}

/// How far the file has been read and holds.
#[derive(Debug, Clone, Default)]
struct Known {
    links: Links,
    length: u64,
    last_line: Vec<u8>,
}

impl Known {
    /// Whether a file still is the one that was read: its last line is where it was.
    fn is_in(&self, file: &mut File) -> bool {
        let line = self.last_line.len() as u64;
        let mut there = Vec::new();
        line > 0
            && self.length > line
            && file.seek(SeekFrom::Start(self.length - 1 - line)).is_ok()
            && file.take(line + 1).read_to_end(&mut there).is_ok()
            && there.strip_suffix(b"\n") == Some(&self.last_line)
    }

    /// Goes on through more of the file: its entries, and the half line at its end.
    fn read<'b>(&mut self, bytes: &'b [u8]) -> (Vec<Entry>, &'b [u8]) {
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (whole, half) = bytes.split_at(end);
        let mut entries = Vec::new();
        for line in whole.strip_suffix(b"\n").into_iter().flat_map(|all| all.split(|b| *b == b'\n'))
        {
            if self.length == 0 {
                self.links = Links::after(carried(line));
            }
            let entry = self.links.next(Line::parse(line));
            // What follows the first bad line is only passed over, for the hash of the last entry.
            entries.extend(entry.filter(|_| self.links.broken.is_none()));
            self.length += line.len() as u64 + 1;
            self.last_line = line.to_vec();
        }
        (entries, half)
    }

    /// The first thing wrong with what was read. A file is begun with its first line whole.
    fn broken(&self) -> Option<String> {
        let empty = || (self.length == 0).then(|| "line 1: was cut off".to_owned());
        self.links.broken.clone().or_else(empty)
    }

    /// Takes an entry that has no line feed yet, if it is whole and follows.
    fn complete(&mut self, half: &[u8]) -> bool {
        let mut links = self.links.clone();
        if links.next(Line::parse(half)).is_none() || links.broken.is_some() {
            return false;
        }
        self.links = links;
        self.length += half.len() as u64 + 1;
        self.last_line = half.to_vec();
        true
    }
}

/// The link to the file before, which only the first line of one that was rotated has.
fn carried(first_line: &[u8]) -> Option<String> {
    match Line::parse(first_line) {
        Line::Entry { object: entry, .. } if previous_file(&entry).is_some() => {
            entry.text(PREVIOUS).map(str::to_owned)
        }
        _ => None,
    }
}

fn previous_file(first: &Object) -> Option<&str> {
    first.text("previous_file").filter(|_| first.text("event") == Some("journal_rotated"))
}

impl Journal {
    /// The journal at a path. Nothing is read or made yet.
    pub fn at(path: &Path, limit: u64) -> Self {
        Self { path: path.to_owned(), limit, known: Mutex::default(), notices: Mutex::default() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// At the start: reads and verifies the file, or begins it. What does not hold is kept aside and
    /// told by [`Self::take_notices`].
    ///
    /// # Errors
    /// Where it could not be read or written.
    pub fn start(&self, now: Instant) -> Result<(), JournalError> {
        self.locked(now, |_| Ok(()))
    }

    /// Adds an event that belongs to no ceremony; the hash of its entry.
    ///
    /// # Errors
    /// Where it could not be written; the journal is as it was then.
    pub fn append(&self, event: &Event, now: Instant) -> Result<String, JournalError> {
        self.append_in(None, event, now)
    }

    /// What was found wrong since this was asked last.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *lock(&self.notices))
    }

    fn append_in(
        &self,
        ceremony: Option<&str>,
        event: &Event,
        now: Instant,
    ) -> Result<String, JournalError> {
        self.locked(now, |known| {
            let entry = event.entry(ceremony, now);
            let length = line_of(&known.links.seal(entry.clone())).len() as u64;
            if known.length + length > self.limit && known.links.lines() > 1 {
                let full = self.path.with_file_name(self.next_name(Kind::Full)?);
                fs::rename(&self.path, full).map_err(|source| self.io(source))?;
                *known = self.begin(now)?;
            }
            self.write(known, entry)
        })
    }

    /// Does something with the journal under the lock of its directory, and knows of all that other
    /// processes have added.
    fn locked<T>(
        &self,
        now: Instant,
        then: impl FnOnce(&mut Known) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut held = lock(&self.known);
        let directory = directory_of(&self.path);
        make_private_directory(directory).map_err(|source| self.io(source))?;
        ownership::check(&self.path)?;
        let _lock = safe_write::lock(directory)?;
        let mut known = self.catch_up(held.take(), now)?;
        let done = then(&mut known)?;
        *held = Some(known);
        Ok(done)
    }

    fn catch_up(&self, known: Option<Known>, now: Instant) -> Result<Known, JournalError> {
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                overwrite::check(&self.path, FileKind::Journal)?;
                return self.begin(now);
            }
            Err(error) => return Err(self.io(error)),
            Ok(meta) if !meta.is_file() => {
                return Err(WriteError::NotAFile(self.path.clone()).into());
            }
            Ok(meta) if meta.len() > MAX_LOG_BYTES => {
                let (path, size) = (self.path.clone(), meta.len());
                return Err(ReadError::TooLarge { path, size, limit: MAX_LOG_BYTES }.into());
            }
            Ok(_) => {}
        }
        let mut file = File::open(&self.path).map_err(|source| self.io(source))?;
        let known = known.filter(|known| known.is_in(&mut file));
        if known.is_none() {
            // What is no journal is neither added to nor moved aside.
            overwrite::check(&self.path, FileKind::Journal)?;
        }
        let mut known = known.unwrap_or_default();
        let mut bytes = Vec::new();
        let read = file.seek(SeekFrom::Start(known.length));
        read.and_then(|_| file.read_to_end(&mut bytes)).map_err(|source| self.io(source))?;
        let (_, half) = known.read(&bytes);
        if let Some(why) = known.broken() {
            return self.keep_aside(why, known.links.last(), now);
        }
        if half.is_empty() {
            return Ok(known);
        }
        let whole = known.length;
        if known.complete(half) {
            self.extend(b"\n", whole + half.len() as u64)?;
            return Ok(known);
        }
        self.keep_half(known, half, now)
    }

    /// Keeps a broken journal under another name, and begins a new one in its place.
    fn keep_aside(
        &self,
        why: String,
        last_hash: Option<&str>,
        now: Instant,
    ) -> Result<Known, JournalError> {
        let kept_as = self.next_name(Kind::Broken)?;
        let kept = self.path.with_file_name(&kept_as);
        // By a second name, so that a kill leaves either; where there are no links, by another name.
        fs::hard_link(&self.path, &kept)
            .or_else(|_| fs::rename(&self.path, &kept))
            .map_err(|source| self.io(source))?;
        let last_hash = last_hash.map(str::to_owned);
        self.notice_broken(&why, &kept_as);
        let event = Event::JournalBroken { kept_as, why, last_hash };
        self.begin_with(&event, Links::default(), now)
    }

    /// Keeps a half last line in a file of its own, and goes on after the line before it.
    fn keep_half(
        &self,
        mut known: Known,
        half: &[u8],
        now: Instant,
    ) -> Result<Known, JournalError> {
        let kept_as = self.next_name(Kind::Torn)?;
        safe_write::replace(&self.path.with_file_name(&kept_as), half, Access::Private)?;
        let file = OpenOptions::new().write(true).open(&self.path);
        file.and_then(|file| {
            file.set_len(known.length)?;
            safe_write::flush(&file, directory_of(&self.path))
        })
        .map_err(|source| self.io(source))?;
        lock(&self.notices)
            .push(Notice::Torn { path: self.path.clone(), kept_as: kept_as.clone() });
        let event = Event::JournalTorn { kept_as, bytes: half.len() as u64 };
        self.write(&mut known, event.entry(None, now))?;
        Ok(known)
    }

    /// Begins a file. Where there are full ones, the chain goes on from the last of them.
    fn begin(&self, now: Instant) -> Result<Known, JournalError> {
        let Some(full) = self.names(Kind::Full)?.pop() else {
            return self.begin_with(&Event::JournalBegun, Links::default(), now);
        };
        let page = Page::read(&self.path.with_file_name(&full))?;
        let last_hash = page.last_hash().map(str::to_owned);
        if let Some(why) = page.broken {
            self.notice_broken(&why, &full);
            let event = Event::JournalBroken { kept_as: full, why, last_hash };
            return self.begin_with(&event, Links::default(), now);
        }
        let event = Event::JournalRotated { previous_file: full };
        self.begin_with(&event, Links::after(last_hash), now)
    }

    fn begin_with(&self, event: &Event, links: Links, now: Instant) -> Result<Known, JournalError> {
        let entry = links.seal(event.entry(None, now));
        let line = line_of(&entry);
        safe_write::replace(&self.path, &line, Access::Private)?;
        let mut known = Known::default();
        known.read(&line);
        Ok(known)
    }

    fn notice_broken(&self, why: &str, kept_as: &str) {
        let (path, why, kept_as) = (self.path.clone(), why.to_owned(), kept_as.to_owned());
        lock(&self.notices).push(Notice::Broken { path, why, kept_as });
    }

    /// Writes one more entry.
    fn write(&self, known: &mut Known, entry: Object) -> Result<String, JournalError> {
        let entry = known.links.seal(entry);
        let hash = entry.text(ENTRY_HASH).unwrap_or_default().to_owned();
        let line = line_of(&entry);
        self.extend(&line, known.length)?;
        known.read(&line);
        Ok(hash)
    }

    /// Adds bytes to the file and flushes them; where that fails, cuts off what was added.
    fn extend(&self, bytes: &[u8], length: u64) -> Result<(), JournalError> {
        let opened = OpenOptions::new().append(true).open(&self.path);
        let mut file = opened.map_err(|source| self.io(source))?;
        let directory = directory_of(&self.path);
        let written =
            file.write_all(bytes).and_then(|()| safe_write::offered(file.sync_data(), directory));
        written.map_err(|source| {
            // Where even that fails, the next writer finds a half line and keeps it aside.
            let _ = file.set_len(length);
            self.io(source)
        })
    }

    fn io(&self, source: io::Error) -> JournalError {
        WriteError::Io { path: self.path.clone(), source }.into()
    }

    fn names(&self, kind: Kind) -> Result<Vec<String>, JournalError> {
        names(&self.path, kind).map_err(|source| self.io(source))
    }

    fn next_name(&self, kind: Kind) -> Result<String, JournalError> {
        let last = self.names(kind)?.last().and_then(|name| number_of(&self.path, kind, name));
        let (before, after) = affixes(&self.path, kind);
        Ok(format!("{before}{:06}{after}", last.unwrap_or(0) + 1))
    }
}

fn line_of(entry: &Object) -> Vec<u8> {
    let mut line = Value::Object(entry.clone()).to_line().into_bytes();
    line.push(b'\n');
    line
}

/// What a file beside the journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Full,
    Broken,
    Torn,
}

/// What stands before and after the number in such a file's name.
fn affixes(path: &Path, kind: Kind) -> (String, String) {
    let name = name_of(path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "ndjson"));
    let kind = match kind {
        Kind::Full => "",
        Kind::Broken => "broken-",
        Kind::Torn => "torn-",
    };
    (format!("{stem}.{kind}"), format!(".{extension}"))
}

fn number_of(path: &Path, kind: Kind, name: &str) -> Option<u64> {
    let (before, after) = affixes(path, kind);
    let digits = name.strip_prefix(&before)?.strip_suffix(&after)?;
    let plain = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// The files of a kind beside the journal, the oldest first.
fn names(path: &Path, kind: Kind) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory_of(path))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        found.extend(number_of(path, kind, &name).map(|number| (number, name)));
    }
    found.sort();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// One file of a journal, read.
#[derive(Debug, Clone)]
pub struct Page {
    /// The file.
    pub path: PathBuf,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The first thing that breaks the chain; none where it holds.
    pub broken: Option<String>,
    /// How many bytes a half last line has; 0 where there is none.
    pub half_line: usize,
}

impl Page {
    /// Reads a file and changes nothing.
    ///
    /// # Errors
    /// Where it cannot be read; what is wrong with its content is in the page.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let bytes = reading::read(path, directory_of(path), MAX_LOG_BYTES)?;
        let mut known = Known::default();
        let (entries, half) = known.read(&bytes);
        let broken = known.broken();
        Ok(Self { path: path.to_owned(), entries, broken, half_line: half.len() })
    }

    fn last_hash(&self) -> Option<&str> {
        self.entries.last()?.object.text(ENTRY_HASH)
    }

    /// The name of the full file that this one goes on from.
    pub fn goes_on_from(&self) -> Option<&str> {
        previous_file(&self.entries.first()?.object)
    }

    /// What is wrong between the file before and this one, which has to follow it by name and by
    /// hash, or say why it does not.
    fn gap_after(&self, before: &Self) -> Option<String> {
        let first = &self.entries.first()?.object;
        let said = first.text("event") == Some("journal_broken")
            || (previous_file(first) == Some(name_of(&before.path).as_str())
                && first.text(PREVIOUS) == before.last_hash());
        (!said).then(|| {
            let before = name_of(&before.path);
            format!("line 1: does not follow {before}, entries were removed or added between")
        })
    }
}

/// Reads a journal and the full ones before it, the oldest first, and checks the chain through all
/// of them. Nothing is changed.
///
/// # Errors
/// Where one cannot be read; what is wrong with the content is in the pages.
pub fn read(path: &Path) -> Result<Vec<Page>, ReadError> {
    // Nobody is in the middle of a line then. Where it cannot be locked, nobody writes either.
    let _lock = safe_write::lock(directory_of(path)).ok();
    let pages = files(path)?.iter().map(|file| Page::read(file)).collect::<Result<Vec<_>, _>>()?;
    let gaps: Vec<_> = broken(&pages).map(|why| why.map(|(_, why)| why)).collect();
    let checked = pages.into_iter().zip(gaps).map(|(page, broken)| Page { broken, ..page });
    Ok(checked.collect())
}

/// The files of a journal, the oldest first.
///
/// # Errors
/// Where its directory is not there or cannot be searched.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let full = names(path, Kind::Full).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
        _ => ReadError::Io { path: path.to_owned(), source },
    })?;
    let full: Vec<_> = full.into_iter().map(|name| path.with_file_name(name)).collect();
    // A process that stopped between the two steps of a rotation left no file to write to.
    let is_between = !full.is_empty() && fs::symlink_metadata(path).is_err();
    let current = (!is_between).then(|| path.to_owned());
    Ok(full.into_iter().chain(current).collect())
}

/// The first thing wrong with each file of a journal, by itself or in following the one before it.
pub fn broken<P: std::borrow::Borrow<Page>>(
    pages: &[P],
) -> impl Iterator<Item = Option<(&Page, String)>> {
    let before = [None].into_iter().chain(pages.iter().map(|page| Some(page.borrow())));
    before.zip(pages).map(|(before, page)| {
        let page = page.borrow();
        let gap = || page.gap_after(before?);
        Some((page, page.broken.clone().or_else(gap)?))
    })
}

/// The files that were kept aside beside a journal: broken ones and half lines.
pub fn kept_aside(path: &Path) -> Vec<String> {
    let kept = [Kind::Broken, Kind::Torn].map(|kind| names(path, kind).unwrap_or_default());
    kept.concat()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Event = Event::BrokenOff;

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("journal.ndjson")
        }

        fn journal(&self) -> Journal {
            Journal::at(&self.path(), LIMIT)
        }

        /// A journal of its beginning and some entries.
        fn with(&self, entries: usize) -> Journal {
            let journal = self.journal();
            journal.start(Instant::EPOCH).unwrap();
            (0..entries).for_each(|_| drop(journal.append(&EVENT, Instant::EPOCH).unwrap()));
            journal
        }

        fn bytes(&self) -> Vec<u8> {
            fs::read(self.path()).unwrap()
        }

        fn events(&self) -> Vec<String> {
            let pages = read(&self.path()).unwrap();
            for page in &pages {
                assert_eq!((&page.broken, page.half_line), (&None, 0), "{page:?}");
            }
            let entries = pages.iter().flat_map(|page| &page.entries);
            entries.map(|entry| entry.object.text("event").unwrap().to_owned()).collect()
        }
    }

    #[test]
    fn events_are_chained_from_the_first_on() {
        let place = Place::new();
        place.with(2);
        place.with(1);
        assert_eq!(place.events(), ["journal_begun", "broken_off", "broken_off", "broken_off"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_broken_journal_is_said_kept_as_it_is_and_named_by_the_next() {
        let place = Place::new();
        let journal = place.with(3);
        let text = String::from_utf8(place.bytes()).unwrap();
        let last = read(&place.path()).unwrap()[0].last_hash().unwrap().to_owned();
        let lines: Vec<&str> = text.lines().collect();
        let tampered = [lines[0], &lines[1].replace("1970", "1971"), lines[2], lines[3], ""];
        let tampered = tampered.join("\n");
        fs::write(place.path(), &tampered).unwrap();
        let pages = read(&place.path()).unwrap();
        assert!(pages[0].broken.as_deref().unwrap().starts_with("line 2: "), "{pages:?}");
        drop(journal);

        let journal = place.journal();
        journal.start(Instant::EPOCH).unwrap();
        let notices = journal.take_notices();
        let said = notices.iter().map(ToString::to_string).collect::<String>();
        assert!(
            said.contains("line 2: ") && said.contains("journal.broken-000001.ndjson"),
            "{said}"
        );
        let kept = place.path().with_file_name("journal.broken-000001.ndjson");
        assert_eq!(fs::read_to_string(kept).unwrap(), tampered);
        let pages = read(&place.path()).unwrap();
        let first = &pages[0].entries[0].object;
        assert_eq!(first.text("event"), Some("journal_broken"));
        assert_eq!(first.text("last_hash"), Some(last.as_str()));
        assert!(first.text("why").unwrap().starts_with("line 2: "));
        journal.append(&EVENT, Instant::EPOCH).unwrap();
        assert_eq!(place.events(), ["journal_broken", "broken_off"]);
        // Once more, another is kept beside it.
        fs::write(place.path(), &tampered).unwrap();
        journal.append(&EVENT, Instant::EPOCH).unwrap();
        assert_eq!(kept_aside(&place.path()).len(), 2);
    }

    #[test]
    fn a_journal_that_was_emptied_is_said_to_be() {
        let place = Place::new();
        fs::write(place.path(), "").unwrap();
        assert!(read(&place.path()).unwrap()[0].broken.is_some());
        let journal = place.journal();
        journal.start(Instant::EPOCH).unwrap();
        assert!(matches!(journal.take_notices()[..], [Notice::Broken { .. }]));
        assert_eq!(place.events(), ["journal_broken"]);
        assert_eq!(kept_aside(&place.path()).len(), 1);
    }

    #[test]
    fn a_file_that_does_not_begin_as_a_journal_is_left_alone() {
        let begun = Place::new();
        let journal = begun.with(1);
        let others = ["{", "{}\n", "notes\n", "{\"event\": 7}\n", "[]\n"];
        for bytes in others {
            let place = Place::new();
            fs::write(place.path(), bytes).unwrap();
            let error = place.journal().start(Instant::EPOCH).unwrap_err();
            assert!(error.to_string().contains("is not a journal"), "{error}");
            // Also one that took the journal's place while it was in use.
            fs::write(begun.path(), bytes).unwrap();
            let error = journal.append(&EVENT, Instant::EPOCH).unwrap_err();
            assert!(error.to_string().contains("is not a journal"), "{error}");
            for place in [&place, &begun] {
                assert_eq!(place.bytes(), bytes.as_bytes());
                assert!(kept_aside(&place.path()).is_empty());
            }
        }
    }

    /// Whichever byte the machine stopped at: every whole line stays, the rest is kept aside.
    #[test]
    fn a_half_last_line_is_kept_aside_at_every_length() {
        let place = Place::new();
        place.with(2);
        let whole = place.bytes();
        let second = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
        for length in second + 1..=whole.len() {
            let place = Place::new();
            fs::write(place.path(), &whole[..length]).unwrap();
            let journal = place.journal();
            journal.start(Instant::EPOCH).unwrap();
            let half = &whole[second + 1..length];
            let begun = ["journal_begun", "broken_off"].map(str::to_owned).to_vec();
            if half.is_empty() {
                assert_eq!(place.events(), begun);
            } else if length + 1 >= whole.len() {
                // Only its line feed was missing.
                assert_eq!(place.bytes(), whole);
            } else {
                let kept = place.path().with_file_name("journal.torn-000001.ndjson");
                assert_eq!(fs::read(kept).unwrap(), half);
                assert!(matches!(journal.take_notices()[..], [Notice::Torn { .. }]));
                let torn = vec!["journal_torn".to_owned()];
                assert_eq!(place.events(), [begun, torn].concat());
            }
        }
    }

    #[test]
    fn a_full_journal_is_followed_by_the_next_through_the_chain() {
        let place = Place::new();
        let journal = Journal::at(&place.path(), 1000);
        (0..20).for_each(|_| drop(journal.append(&EVENT, Instant::EPOCH).unwrap()));
        let pages = read(&place.path()).unwrap();
        assert!(pages.len() > 3, "{}", pages.len());
        let events = place.events();
        assert_eq!(events.iter().filter(|event| *event == "broken_off").count(), 20);
        assert_eq!(
            events.iter().filter(|event| *event == "journal_rotated").count(),
            pages.len() - 1
        );
        for page in &pages {
            assert!(fs::metadata(&page.path).unwrap().len() <= 1000);
        }
        // A process that was ended between the two steps of a rotation.
        fs::remove_file(place.path()).unwrap();
        assert!(place.events().ends_with(&["broken_off".to_owned()]));
        let again = place.journal();
        again.start(Instant::EPOCH).unwrap();
        assert_eq!(place.events().last().map(String::as_str), Some("journal_rotated"));
        // One that is taken out of the middle is missed.
        fs::remove_file(place.path().with_file_name("journal.000002.ndjson")).unwrap();
        let broken: Vec<_> =
            read(&place.path()).unwrap().into_iter().filter_map(|page| page.broken).collect();
        assert_eq!(broken.len(), 1);
        assert!(broken[0].contains("does not follow journal.000001.ndjson"), "{broken:?}");
        // Old ones may be put elsewhere.
        fs::remove_file(place.path().with_file_name("journal.000001.ndjson")).unwrap();
        place.events();
    }

    #[test]
    fn two_that_write_in_turn_see_each_other_s_entries() {
        let place = Place::new();
        let limited = || Journal::at(&place.path(), 2000);
        let (one, other) = (limited(), limited());
        for _ in 0..10 {
            one.append(&EVENT, Instant::EPOCH).unwrap();
            other.append(&EVENT, Instant::EPOCH).unwrap();
        }
        assert_eq!(place.events().iter().filter(|event| *event == "broken_off").count(), 20);
    }

    #[test]
    fn what_is_in_the_place_of_the_journal_is_left_alone() {
        let place = Place::new();
        fs::create_dir(place.path()).unwrap();
        let error = place.journal().start(Instant::EPOCH).unwrap_err();
        assert!(error.to_string().contains("not a regular file; move it aside"), "{error}");
    }
}
