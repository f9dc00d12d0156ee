//! What a file or directory that a person names may be overwritten by, added to or moved aside for:
//! only what it is already. A wrong name must not destroy a signature, a log or a key.

use countersign_problem::{Problem, Words, words};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use countersign_envelope::chain::{ENTRY_HASH, MAX_LINE};
use countersign_envelope::file_name::{
    AUTHORITY_BOUNDARY, AUTHORITY_LEDGER, KEYRING, LOG_HEAD, MAX_LOG_BYTES, REFERENCE_LEDGER,
    REFERENCE_LOG, TRANSPARENCY_LOG, is_manifest, is_refusals, is_sealed_run, is_signature,
};
use countersign_envelope::inclusion::InclusionProof;
use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::log_head::LogHead;

use crate::reading::{self, ReadError, directory_of, name_of, resolved};

/// The largest head, evidence or settings, in bytes (16 MiB).
const SMALL: u64 = 16 << 20;

/// Why a file or directory is not written to.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum OverwriteError {
    /// Its name is that of evidence.
    EvidenceName {
        /// The file.
        path: PathBuf,
        /// What has such names.
        what: Words,
        /// The kind of file to be written.
        wanted: Words,
    },
    /// The existing file is something else.
    OtherContent {
        /// The file.
        path: PathBuf,
        /// The kind of file to be written.
        wanted: Words,
    },
    /// The directory has evidence in it.
    EvidenceDirectory {
        /// The directory.
        path: PathBuf,
        /// A file in it.
        name: String,
        /// The kind of directory expected.
        wanted: Words,
    },
    /// It is not a directory.
    NotADirectory {
        /// The path.
        path: PathBuf,
        /// The kind of directory expected.
        wanted: Words,
    },
    /// The existing file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
}

/// The kind of a file that a person names.
#[derive(Debug, Clone, Copy)]
pub enum FileKind {
    /// A file that must not be there yet: a private key, a pack, an export.
    New,
    /// A journal.
    Journal,
    /// A transparency log.
    TransparencyLog,
    /// The head of a log.
    LogHead,
    /// A proof that runs are in a log.
    InclusionProof,
    /// A TPM's certification of a key.
    TpmEvidence,
    /// A kind that its own module knows by the first line of a file.
    Lines {
        /// Its name, after "this is not".
        words: fn() -> Words,
        /// Whether a file that begins with a line is one.
        is: fn(&[u8]) -> bool,
    },
    /// A kind that its own module knows by the JSON object that a file is.
    Object {
        /// Its name, after "this is not".
        words: fn() -> Words,
        /// Whether an object is one.
        is: fn(&Object) -> bool,
    },
    /// A keyring.
    Keyring,
    /// Signatures of one artifact.
    Signatures,
}

impl FileKind {
    fn words(self) -> Words {
        match self {
            Self::New => words!("file-kind-new"),
            Self::Journal => words!("file-kind-journal"),
            Self::TransparencyLog => words!("file-kind-log"),
            Self::LogHead => words!("file-kind-head"),
            Self::InclusionProof => words!("file-kind-proof"),
            Self::TpmEvidence => words!("file-kind-tpm"),
            Self::Lines { words, .. } | Self::Object { words, .. } => words(),
            Self::Keyring => words!("file-kind-keyring"),
            Self::Signatures => words!("file-kind-signatures"),
        }
    }

    /// Whether a file is of this kind. A limited number of bytes is read.
    fn is_at(self, path: &Path) -> Result<bool, ReadError> {
        let whole = |limit| match reading::read(path, directory_of(path), limit) {
            // Nothing of this kind is that large.
            Err(ReadError::TooLarge { .. }) => Ok(Vec::new()),
            other => other,
        };
        let object = |bytes: Vec<u8>| match json::parse(&bytes).ok()?.value {
            Value::Object(object) => Some(object),
            _ => None,
        };
        Ok(match self {
            // Whoever creates a file leaves what is there alone, and whoever adds a key or a
            // signature parses what is there.
            Self::New | Self::Keyring | Self::Signatures => true,
            Self::Journal => first_line(path)?.is_none_or(|line| is_journal_entry(&line)),
            Self::TransparencyLog => {
                // A line that is damaged is refused with the reason by whoever reads the chain.
                first_line(path)?.and_then(object).is_none_or(|entry| is_log_entry(&entry))
            }
            Self::LogHead => LogHead::parse(&whole(SMALL)?).is_ok(),
            Self::InclusionProof => InclusionProof::parse(&whole(MAX_LOG_BYTES)?).is_ok(),
            Self::TpmEvidence => object(whole(SMALL)?).is_some_and(|object| {
                matches!(KeyAttestation::parse(&object), Ok(KeyAttestation::Tpm2Certify(_)))
            }),
            Self::Lines { is, .. } => first_line(path)?.is_none_or(|line| is(&line)),
            // A damaged file is refused by its reader, with the reason.
            Self::Object { is, .. } => object(whole(SMALL)?).is_none_or(|object| is(&object)),
        })
    }
}

/// Checks that a file may be written, before anything is done: it has no name of evidence, and what
/// is there, if anything is, is of the same kind.
///
/// # Errors
/// Fails with an [`OverwriteError`] that names the file and the remedy.
pub fn check(path: &Path, kind: FileKind) -> Result<(), OverwriteError> {
    let target = resolved(path);
    for path in [path, &target] {
        if let Some(what) = evidence(path).filter(|evidence| !evidence.is(kind)) {
            let (path, what) = (path.to_owned(), what.words);
            return Err(OverwriteError::EvidenceName { path, what, wanted: kind.words() });
        }
    }
    // Anything that is not a file is refused by its writer.
    if !target.is_file() || kind.is_at(&target)? {
        return Ok(());
    }
    Err(OverwriteError::OtherContent { path: path.to_owned(), wanted: kind.words() })
}

/// Checks that a directory may be used for files of the station: it is none with sealed runs.
///
/// # Errors
/// Fails with an [`OverwriteError`] that names the directory and the remedy.
pub fn check_directory(path: &Path, wanted: Words) -> Result<(), OverwriteError> {
    let Ok(meta) = std::fs::metadata(path) else { return Ok(()) };
    if !meta.is_dir() {
        return Err(OverwriteError::NotADirectory { path: path.to_owned(), wanted });
    }
    let names = std::fs::read_dir(path).map_err(|source| ReadError::of(path, source))?;
    let evidence = names
        .flatten()
        .map(|entry| entry.path())
        .find(|file| evidence(file).is_some_and(|evidence| !evidence.is(FileKind::Keyring)));
    match evidence {
        Some(file) => {
            let (path, name) = (path.to_owned(), name_of(&file));
            Err(OverwriteError::EvidenceDirectory { path, name, wanted })
        }
        None => Ok(()),
    }
}

/// The kind of file according to its name.
struct Named {
    words: Words,
    /// What may be written there.
    kind: Option<FileKind>,
}

impl Named {
    /// Whether this kind may be written there.
    fn is(&self, kind: FileKind) -> bool {
        self.kind.is_some_and(|own| std::mem::discriminant(&own) == std::mem::discriminant(&kind))
    }
}

/// Which evidence a file is by its name alone.
fn evidence(path: &Path) -> Option<Named> {
    let name = name_of(path);
    let none = |words| Some(Named { words, kind: None });
    let kind = match name.as_str() {
        TRANSPARENCY_LOG => FileKind::TransparencyLog,
        AUTHORITY_LEDGER => return none(words!("file-kind-ledger")),
        AUTHORITY_BOUNDARY => return none(words!("file-kind-boundary")),
        LOG_HEAD => FileKind::LogHead,
        KEYRING => FileKind::Keyring,
        name if is_signature(name) => FileKind::Signatures,
        name if is_refusals(name) => return none(words!("file-kind-refusals")),
        name if is_manifest(name) => return none(words!("file-kind-manifest")),
        name if is_sealed_run(name) => return none(words!("file-kind-run")),
        _ if path.ends_with(reference(REFERENCE_LOG)) => FileKind::TransparencyLog,
        _ if path.ends_with(reference(REFERENCE_LEDGER)) => {
            return none(words!("file-kind-ledger"));
        }
        _ => return None,
    };
    Some(Named { words: kind.words(), kind: Some(kind) })
}

/// Folder and file of the reference's place.
fn reference([_, folder, file]: [&str; 3]) -> PathBuf {
    Path::new(folder).join(file)
}

/// Whether the line that a file begins with is that of a journal, its chain apart.
pub(crate) fn is_journal_entry(line: &[u8]) -> bool {
    let Ok(json::Document { value: Value::Object(entry), .. }) = json::parse(line) else {
        return false;
    };
    ["event", "observed_at", ENTRY_HASH].iter().all(|field| entry.text(field).is_some())
}

/// Whether an entry of a chain is one of a transparency log, and none of a journal or a ledger.
fn is_log_entry(entry: &Object) -> bool {
    entry.get("run_id").is_some() && entry.get("event").is_none()
}

/// The first line of a file that has something in it; `None` if all are blank. Of a line that is
/// too long, its beginning.
fn first_line(path: &Path) -> Result<Option<Vec<u8>>, ReadError> {
    let file = reading::open(path, directory_of(path))?;
    let mut lines = BufReader::new(file.take(2 * MAX_LINE as u64));
    loop {
        let mut line = Vec::new();
        let read = lines.read_until(b'\n', &mut line);
        if read.map_err(|source| ReadError::of(path, source))? == 0 {
            return Ok(None);
        }
        if !line.trim_ascii().is_empty() {
            return Ok(Some(line.trim_ascii().to_owned()));
        }
    }
}
