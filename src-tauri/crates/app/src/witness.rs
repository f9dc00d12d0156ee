//! Witnessing a log by hand: a log asks with a file, another station compares it with what it saw last and
//! signs, and the log takes the cosignature in (EVIDENCE.md section 4; c2sp.org/tlog-witness).

use std::path::{Path, PathBuf};

use countersign_ceremony::checkpoint::{SignedAs, TreeToSign};
use countersign_envelope::instant::Instant;
use countersign_journal::{Event, JournalError, journalled};
use countersign_problem::{Problem, Words, words};
use countersign_store::checkpoint_file::{self, CHECKPOINT, WITNESSED};
use countersign_store::log_memory::LogMemoryError;
use countersign_store::log_tree::{LogTreeError, TileFiles};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access, WriteError};
use countersign_store::tree_heads::{self, TreeRole};
use countersign_tlog::checkpoint::time_of_cosignature;
use countersign_tlog::note::{
    MAX_NOTE, Note, NoteError, NoteSignature, VerifierKey, signature_lines,
};
use countersign_tlog::policy::{Policy, Witnessed};
use countersign_tlog::proof;
use countersign_tlog::tree;
use countersign_tlog::witness_request::{WitnessRequest, WitnessRequestError};

use crate::checkpoint::{CheckpointUseError, stale_tiles, stands};
use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing is witnessed.
#[derive(Debug, Problem)]
#[problem(area = "witness-use")]
#[non_exhaustive]
pub enum WitnessUseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The file to be written is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// It cannot be journalled.
    #[problem(transparent)]
    Journal(#[from] JournalError),
    /// What is remembered cannot be read.
    #[problem(transparent)]
    Memory(#[from] LogMemoryError),
    /// The checkpoint or the tiles of the log cannot be used.
    #[problem(transparent)]
    Checkpoint(#[from] CheckpointUseError),
    /// The witness is said to have seen more entries than the log has.
    Ahead {
        /// How many it is said to have seen.
        old: u64,
        /// How many there are.
        size: u64,
    },
    /// The request must not be granted.
    Request {
        /// Its file.
        path: PathBuf,
        /// Why not.
        cause: WitnessRequestError,
    },
    /// The log is none of those that this station knows.
    UnknownLog {
        /// The request.
        path: PathBuf,
        /// The log's origin, as it says.
        origin: String,
    },
    /// This station remembers nothing of the log, and nobody said that this is right.
    NeverSeen {
        /// The log's origin.
        origin: String,
        /// How many entries it asks to be signed.
        size: u64,
    },
    /// Not a cosignature.
    NotACosignature {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: NoteError,
    },
    /// No witness that this station knows.
    UnknownWitness {
        /// The file.
        path: PathBuf,
        /// The name in it.
        name: String,
    },
    /// The cosignature does not hold for the checkpoint beside the log.
    DoesNotHold {
        /// The file.
        path: PathBuf,
        /// The name of the witness.
        name: String,
    },
}

/// What a log asks a witness who saw so many of its entries last; of none, where it began.
///
/// # Errors
/// If the log has no checkpoint, or fewer entries, or its tiles do not lead to it.
pub fn request(log: &Path, old: Option<u64>) -> Result<WitnessRequest, WitnessUseError> {
    let none = || CheckpointUseError::NoCheckpoint { path: log.to_owned() };
    let (note, checkpoint) = stands(log, CHECKPOINT)?.ok_or_else(none)?;
    let witnessed = stands(log, WITNESSED)?.map_or(0, |(_, one)| one.size);
    let (old, size) = (old.unwrap_or(witnessed), checkpoint.size);
    if old > size {
        return Err(WitnessUseError::Ahead { old, size });
    }
    let tiles = TileFiles::beside(log);
    let of = |size| tiles.tree(size);
    let tree_error = |error: LogTreeError| CheckpointUseError::from(error);
    if tree::root(&of(size), size).map_err(tree_error)? != checkpoint.root {
        return Err(stale_tiles(log).into());
    }
    let path = proof::consistency(&of(size), old, size).map_err(tree_error)?;
    Ok(WitnessRequest { old, path, checkpoint: note })
}

/// Writes a request to a file. Only another request is replaced.
///
/// # Errors
/// If the file is something else, or cannot be written.
pub fn write_request(
    workspace: &Workspace,
    out: &Path,
    request: &WitnessRequest,
) -> Result<(), WitnessUseError> {
    fn kind() -> Words {
        words!("file-kind-witness-request")
    }
    let is = |line: &[u8]| line.starts_with(b"old ");
    workspace.check_writable(out)?;
    overwrite::check(out, FileKind::Lines { words: kind, is })?;
    let _lock = safe_write::lock(directory_of(out))?;
    Ok(safe_write::replace(out, request.to_text().as_bytes(), Access::Shared)?)
}

/// What a person may know of a log that this station remembers nothing of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstTime {
    /// Nothing: then nothing is signed.
    NotConfirmed,
    /// That they never witnessed it.
    Confirmed,
}

/// Under which name a witness signs, and into which file.
#[derive(Debug, Clone, Copy)]
pub struct Cosigner<'a> {
    /// The name of the key.
    pub name: &'a str,
    /// The file.
    pub out: &'a Path,
}

/// The tree that a request asks to be signed, compared with what this station saw of the log last. The log
/// must be one of `logs`.
///
/// # Errors
/// If the request must not be granted, or nothing is remembered of the log and nobody confirmed that.
pub fn to_cosign(
    workspace: &Workspace,
    file: &Path,
    logs: &[VerifierKey],
    cosigner: Cosigner<'_>,
    first: FirstTime,
) -> Result<TreeToSign, WitnessUseError> {
    use WitnessUseError as E;
    workspace.check_writable(cosigner.out)?;
    overwrite::check(cosigner.out, COSIGNATURE)?;
    let memory = workspace.need_memory()?.clone();
    let bytes = reading::read(file, directory_of(file), MAX_NOTE as u64)?;
    let refused = |cause| E::Request { path: file.to_owned(), cause };
    let request = WitnessRequest::parse(&bytes).map_err(refused)?;
    let origin = request.checkpoint.text.split('\n').next().unwrap_or_default().to_owned();
    let before = tree_heads::last(&memory, TreeRole::Witness, &origin)?;
    let seen = before.as_ref().map(|head| (head.size, head.root));
    let mut why = None;
    let mut signed = None;
    for log in logs.iter().filter(|log| log.name() == origin) {
        match request.check(log, seen) {
            Ok(checkpoint) => signed = Some(checkpoint),
            Err(error) => why = Some(error),
        }
    }
    let signed = match (signed, why) {
        (Some(signed), _) => signed.checkpoint,
        (None, Some(cause)) => return Err(refused(cause)),
        (None, None) => return Err(E::UnknownLog { path: file.to_owned(), origin }),
    };
    if before.is_none() && first == FirstTime::NotConfirmed {
        return Err(E::NeverSeen { origin, size: signed.size });
    }
    let Cosigner { name, out } = cosigner;
    let signed_as = SignedAs::Witness { name: name.to_owned(), out: out.to_owned() };
    Ok(TreeToSign { checkpoint: signed, signed_as, before, memory })
}

/// A file with a cosignature.
const COSIGNATURE: FileKind = FileKind::Lines {
    words: || words!("file-kind-cosignature"),
    is: |line| line.starts_with("\u{2014} ".as_bytes()),
};

/// What was taken in.
#[derive(Debug)]
pub struct Imported {
    /// The cosignatures.
    pub cosignatures: Vec<ImportedCosignature>,
    /// What the checkpoint has now by the policy; `None` without one, or if it knows no such log.
    pub witnessed: Option<Witnessed>,
}

/// A cosignature that was taken in.
#[derive(Debug)]
pub struct ImportedCosignature {
    /// The name of the witness's key.
    pub witness: String,
    /// How many entries it saw.
    pub size: u64,
    /// When, by its own clock.
    pub at: Instant,
}

/// Puts the cosignatures in a file below the checkpoint of a log that they hold for. Each must be by one of
/// `witnesses`.
///
/// # Errors
/// If one is by nobody known, or does not hold; if it cannot be journalled or written. Nothing is written
/// then.
pub fn import(
    workspace: &Workspace,
    log: &Path,
    file: &Path,
    witnesses: &[VerifierKey],
    policy: Option<&Policy>,
) -> Result<Imported, WitnessUseError> {
    use WitnessUseError as E;
    workspace.check_writable(log)?;
    let recorder = workspace.recorder()?;
    let path = || file.to_owned();
    let bytes = reading::read(file, directory_of(file), MAX_NOTE as u64)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| NoteError::Text);
    let lines = text.and_then(signature_lines);
    let lines = lines.map_err(|cause| E::NotACosignature { path: path(), cause })?;
    let take_in = || -> Result<(Note, Imported), E> {
        let none = || CheckpointUseError::NoCheckpoint { path: log.to_owned() };
        let (mut note, checkpoint) = stands(log, CHECKPOINT)?.ok_or_else(none)?;
        let mut cosignatures = Vec::new();
        for line in &lines {
            let name = line.name.clone();
            let by = |key: &&VerifierKey| key.name() == line.name && key.id() == line.key_id;
            let key = witnesses.iter().find(by);
            let key = key.ok_or_else(|| E::UnknownWitness { path: path(), name: name.clone() })?;
            let at = time_of_cosignature(key, &note.text, &line.signature);
            let at = at.ok_or_else(|| E::DoesNotHold { path: path(), name: name.clone() })?;
            add(&mut note, key, line, at);
            let (witness, size) = (name, checkpoint.size);
            cosignatures.push(ImportedCosignature { witness, size, at });
        }
        let witnessed =
            |policy: &Policy| Some(policy.witnessed(&policy.checkpoint(note.clone()).ok()?));
        let witnessed = policy.and_then(witnessed);
        Ok((note, Imported { cosignatures, witnessed }))
    };
    let (_, imported) = take_in()?;
    let events: Vec<Event> = imported.cosignatures.iter().map(|one| event(log, one)).collect();
    // The journal may lie in the same directory, under the same lock.
    journalled(recorder.as_ref(), &events, || {
        let _lock = safe_write::lock(directory_of(log))?;
        let (note, imported) = take_in()?;
        // What is known to be witnessed stays until another is. Without a policy nobody says how many
        // are enough; by one that knows no such log, none are.
        let now = &imported.witnessed;
        if policy.is_none() || now.as_ref().is_some_and(|now| now.is_enough) {
            checkpoint_file::write(log, WITNESSED, &note)?;
        }
        checkpoint_file::write(log, CHECKPOINT, &note)?;
        Ok(imported)
    })
}

/// Puts a line below a note in the place of an earlier one by the same witness. A later one stays.
fn add(note: &mut Note, key: &VerifierKey, line: &NoteSignature, at: Instant) {
    let earlier = note
        .signatures
        .iter()
        .position(|other| other.name == key.name() && other.key_id == key.id());
    match earlier {
        None => note.signatures.push(line.clone()),
        Some(index) => {
            let other = time_of_cosignature(key, &note.text, &note.signatures[index].signature);
            if other.is_none_or(|other| other.unix() < at.unix()) {
                note.signatures[index] = line.clone();
            }
        }
    }
}

fn event(log: &Path, imported: &ImportedCosignature) -> Event {
    Event::CosignatureImported {
        log: log.display().to_string(),
        witness: imported.witness.clone(),
        entries: imported.size,
        at: imported.at,
    }
}
