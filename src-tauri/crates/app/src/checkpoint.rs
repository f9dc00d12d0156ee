//! The tree of a log: its checkpoint, to be signed by the log's key, and what is proved by it. Signing
//! is a [`Ceremony`](countersign_ceremony::ceremony::Ceremony) over a [`TreeToSign`].

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use countersign_ceremony::checkpoint::{SignedAs, TreeToSign};
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::json::{self, JsonError, Value};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::transparency_log::Registration;
use countersign_problem::{Problem, Words, words};
use countersign_store::chain_lines::first_entry;
use countersign_store::checkpoint_file::{self, CHECKPOINT, CheckpointFileError, WITNESSED};
use countersign_store::log_memory::{ChainKind, LogMemoryError};
use countersign_store::log_tree::{self, GrowingTree, LogTreeError, TileFiles};
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};
use countersign_store::tree_heads::{self, TreeHead, TreeRole};
use countersign_tlog::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint, origin_of};
use countersign_tlog::inclusion_file::{HEADER, InclusionFile, InclusionFileError};
use countersign_tlog::note::{MAX_NOTE, Note};
use countersign_tlog::policy::{Policy, Witnessed};
use countersign_tlog::proof::{self, is_consistent, root_of_inclusion};
use countersign_tlog::tile::LONGEST_ENTRY;
use countersign_tlog::tree::leaf_hash;

use crate::checked_log::CheckedLog;
use crate::proof::ProofError;
use crate::workspace::{Workspace, WorkspaceError};

/// Why there is no checkpoint, or nothing is proved by one.
#[derive(Debug, Problem)]
#[problem(area = "checkpoint-use")]
#[non_exhaustive]
pub enum CheckpointUseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// What was named as the log is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// The directory of the log cannot be locked.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The tree or its tiles cannot be had.
    #[problem(transparent)]
    Tree(#[from] LogTreeError),
    /// What is remembered cannot be read.
    #[problem(transparent)]
    Memory(#[from] LogMemoryError),
    /// A checkpoint cannot be read.
    #[problem(transparent)]
    File(#[from] CheckpointFileError),
    /// A run cannot be read.
    #[problem(transparent)]
    Run(#[from] ProofError),
    /// The log is broken, or does not go on from what was seen of it.
    DoesNotHold {
        /// The log.
        path: PathBuf,
    },
    /// The log has no entry, or is not there.
    Empty {
        /// The log.
        path: PathBuf,
    },
    /// The log has no checkpoint yet, and no name for it was given.
    NoName {
        /// The log.
        path: PathBuf,
    },
    /// The name cannot be part of an origin.
    Name {
        /// The name.
        name: String,
    },
    /// The log has another origin than the checkpoint that was signed before.
    OtherOrigin {
        /// The log.
        path: PathBuf,
        /// The origin of its checkpoint.
        origin: String,
    },
    /// Fewer entries than this station has signed.
    Shrunk {
        /// The log.
        path: PathBuf,
        /// How many were signed.
        signed: u64,
        /// How many there are.
        size: u64,
    },
    /// As many entries as this station has signed, or more, and others.
    Forked {
        /// The log.
        path: PathBuf,
        /// How many were signed.
        signed: u64,
    },
    /// There is no checkpoint beside the log.
    NoCheckpoint {
        /// The log.
        path: PathBuf,
    },
    /// The checkpoint beside the log is of another tree.
    NotOfThisLog {
        /// The checkpoint.
        path: PathBuf,
    },
    /// The run is not in the log.
    NotRegistered {
        /// The run.
        path: PathBuf,
    },
    /// The run was registered after the last checkpoint.
    Later {
        /// The run.
        path: PathBuf,
        /// How many entries the checkpoint has.
        size: u64,
        /// Which entry the run is, from 1.
        position: u64,
    },
    /// Not a proof.
    NotAProof {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: InclusionFileError,
    },
    /// The proof has no entry with it.
    NoEntry {
        /// The file.
        path: PathBuf,
    },
    /// What the proof has as its entry is none.
    NotAnEntry {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: JsonError,
    },
    /// The entry of the proof is about another run.
    OtherRun {
        /// The proof.
        path: PathBuf,
        /// The name of the run.
        run: String,
    },
    /// The hashes of the proof do not lead to its checkpoint.
    ProofDoesNotHold {
        /// The proof.
        path: PathBuf,
    },
    /// No known log has signed the checkpoint.
    Unsigned {
        /// The file.
        path: PathBuf,
        /// Why it does not count.
        cause: CheckpointError,
    },
    /// The checkpoints are of different logs.
    TwoLogs {
        /// One origin.
        one: String,
        /// The other.
        other: String,
    },
    /// The later checkpoint has fewer entries.
    Backwards {
        /// How many the older one has.
        old: u64,
        /// How many the newer one has.
        size: u64,
    },
    /// Two checkpoints of which one cannot be the beginning of the other.
    Fork {
        /// How many entries the older one has.
        old: u64,
        /// How many the newer one has.
        size: u64,
    },
}

/// A log that was read as a tree.
struct ReadTree {
    tree: GrowingTree,
    /// Where a run was found in it, from 1, with the leaf.
    found: Option<(u64, Vec<u8>)>,
}

/// Reads a log that has to hold as a tree whose roots at some sizes are wanted, and looks for a run in it,
/// by the key of its registration.
fn read_tree(
    workspace: &Workspace,
    log: &Path,
    sizes: &[u64],
    wanted: Option<Digest>,
) -> Result<ReadTree, CheckpointUseError> {
    overwrite::check(log, FileKind::TransparencyLog)?;
    let mut tree = GrowingTree::wanting(sizes);
    let mut found = None;
    let mut each = |position: usize, entry: &countersign_envelope::chain::Entry| {
        if position == 1 {
            found = None;
        }
        let is_it = |one: Registration| Some(one.key()) == wanted;
        if found.is_none() && Registration::of(position, entry).is_some_and(is_it) {
            found = Some((position as u64, log_tree::leaf(&entry.object)));
        }
        tree.entry(position, entry);
    };
    let empty = || CheckpointUseError::Empty { path: log.to_owned() };
    let checked = match CheckedLog::read_with(workspace, log, ChainKind::Log, &mut each) {
        Err(ReadError::NotFound(_)) => return Err(empty()),
        other => other?,
    };
    if !checked.holds() {
        return Err(CheckpointUseError::DoesNotHold { path: log.to_owned() });
    }
    if tree.size() == 0 {
        return Err(empty());
    }
    if let Some(position) = tree.too_long() {
        let (path, limit) = (log.to_owned(), LONGEST_ENTRY);
        return Err(LogTreeError::EntryTooLong { path, position, limit }.into());
    }
    Ok(ReadTree { tree, found })
}

/// The origin of a log: of its checkpoint, or below a name for the first one. It has the hash of the
/// log's first entry in it.
fn origin(log: &Path, name: Option<&str>) -> Result<String, CheckpointUseError> {
    use CheckpointUseError as E;
    let first = match first_entry(log) {
        Ok(Some(first)) => first,
        Ok(None) | Err(ReadError::NotFound(_)) => return Err(E::Empty { path: log.to_owned() }),
        Err(error) => return Err(error.into()),
    };
    let there = checkpoint_file::beside(log, CHECKPOINT)?;
    let there = there.and_then(|note| Checkpoint::parse(&note.text).ok());
    let origin = match (name, &there) {
        (Some(name), _) => {
            origin_of(name, &first).map_err(|_| E::Name { name: name.to_owned() })?
        }
        (None, Some(there)) => there.origin.clone(),
        (None, None) => return Err(E::NoName { path: log.to_owned() }),
    };
    let is_of_log = origin.ends_with(&format!("/{}", first.hex()));
    match there.filter(|there| !is_of_log || there.origin != origin) {
        Some(Checkpoint { origin, .. }) => Err(E::OtherOrigin { path: log.to_owned(), origin }),
        None => Ok(origin),
    }
}

/// The tree of a log as it is now, to be signed by the log's key. The log is checked as a whole, and its
/// tiles are written beside it. `name` is what people know the log by; it is asked for once.
///
/// # Errors
/// If the log does not hold, does not go on from what was signed last, or cannot be read or written.
pub fn to_sign(
    workspace: &Workspace,
    log: &Path,
    name: Option<&str>,
) -> Result<TreeToSign, CheckpointUseError> {
    use CheckpointUseError as E;
    workspace.check_writable(log)?;
    let memory = workspace.need_memory()?.clone();
    let origin = origin(log, name)?;
    let before = tree_heads::last(&memory, TreeRole::Log, &origin)?;
    let sizes: Vec<u64> = before.iter().map(|head| head.size).collect();
    let ReadTree { tree, .. } = read_tree(workspace, log, &sizes, None)?;
    let (path, size) = (log.to_owned(), tree.size());
    match &before {
        Some(TreeHead { size: signed, .. }) if size < *signed => {
            return Err(E::Shrunk { path, signed: *signed, size });
        }
        Some(head) if tree.root_at(head.size) != Some(head.root) => {
            return Err(E::Forked { path, signed: head.size });
        }
        _ => {}
    }
    let _lock = safe_write::lock(directory_of(log))?;
    log_tree::write_tiles(log, size, tree.root())?;
    Ok(TreeToSign {
        checkpoint: Checkpoint { origin, size, root: tree.root(), extensions: Vec::new() },
        signed_as: SignedAs::Log(path),
        before,
        memory,
    })
}

/// The checkpoint beside a log under a name, as it stands there.
pub(crate) fn stands(
    log: &Path,
    name: &str,
) -> Result<Option<(Note, Checkpoint)>, CheckpointUseError> {
    let Some(note) = checkpoint_file::beside(log, name)? else { return Ok(None) };
    let checkpoint = checkpoint_file::checkpoint(&log.with_file_name(name), &note)?;
    Ok(Some((note, checkpoint)))
}

/// Proves that a run is in a log by a checkpoint beside it: the last one that witnesses signed, if it has
/// the run, or the last one. The proof has the log's entry with it.
///
/// # Errors
/// If the run is not in the log, was registered later, or the checkpoint is not of this log.
pub fn prove(
    workspace: &Workspace,
    log: &Path,
    run: &Path,
) -> Result<InclusionFile, CheckpointUseError> {
    use CheckpointUseError as E;
    let key = key_of(run)?;
    let mut beside = Vec::new();
    for name in [WITNESSED, CHECKPOINT] {
        beside.extend(stands(log, name)?.map(|(note, one)| (name, note, one)));
    }
    let sizes: Vec<u64> = beside.iter().map(|(.., one)| one.size).collect();
    let Some(size) = sizes.iter().copied().max() else {
        return Err(E::NoCheckpoint { path: log.to_owned() });
    };
    let ReadTree { tree, found } = read_tree(workspace, log, &sizes, Some(key))?;
    let (position, leaf) = found.ok_or_else(|| E::NotRegistered { path: run.to_owned() })?;
    let has_run = |(.., one): &(&str, Note, Checkpoint)| one.size >= position;
    let (name, note, checkpoint) = beside.into_iter().find(has_run).ok_or_else(|| E::Later {
        path: run.to_owned(),
        size,
        position,
    })?;
    if tree.root_at(checkpoint.size) != Some(checkpoint.root) {
        return Err(E::NotOfThisLog { path: log.with_file_name(name) });
    }
    let index = position - 1;
    let path =
        proof::inclusion(&TileFiles::beside(log).tree(checkpoint.size), index, checkpoint.size)?;
    // Tiles are what anybody may have written.
    let root = root_of_inclusion(leaf_hash(&leaf), index, checkpoint.size, &path);
    match root == Some(checkpoint.root) {
        true => Ok(InclusionFile { extra: Some(leaf), index, path, checkpoint: note }),
        false => Err(stale_tiles(log)),
    }
}

/// Writes a proof to a file. Only another proof of this kind is replaced.
///
/// # Errors
/// If the file is something else, lies in what is only reviewed, or cannot be written.
pub fn write_proof(
    workspace: &Workspace,
    out: &Path,
    proof: &InclusionFile,
) -> Result<(), CheckpointUseError> {
    fn kind() -> Words {
        words!("file-kind-tlog-proof")
    }
    let is = |line: &[u8]| line.trim_ascii_end() == HEADER.as_bytes();
    workspace.check_writable(out)?;
    overwrite::check(out, FileKind::Lines { words: kind, is })?;
    let _lock = safe_write::lock(directory_of(out))?;
    Ok(safe_write::replace(out, proof.to_text().as_bytes(), Access::Shared)?)
}

/// Whether a file is a proof by a checkpoint, by its first line.
///
/// # Errors
/// If it cannot be read.
pub fn is_proof(file: &Path) -> Result<bool, ReadError> {
    let mut first = [0; HEADER.len()];
    let read = reading::open(file, directory_of(file))?.read_exact(&mut first);
    match read {
        Ok(()) => Ok(first == *HEADER.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(source) => Err(ReadError::of(file, source)),
    }
}

/// Tiles that do not lead to the root of their log.
pub(crate) fn stale_tiles(log: &Path) -> CheckpointUseError {
    LogTreeError::Tile { path: log.with_file_name(log_tree::TILES) }.into()
}

fn key_of(run: &Path) -> Result<Digest, CheckpointUseError> {
    let bytes = reading::read(run, directory_of(run), MAX_BYTES)?;
    let sealed = SealedRun::parse(&bytes)
        .map_err(|cause| ProofError::Run { path: run.to_owned(), cause })?;
    let commit = sealed.artifact().commit_hash().unwrap_or_default();
    Ok(Registration::key_of(commit, sealed.recorded_hash().unwrap_or_default()))
}

/// A run that is in a log, as a proof shows.
#[derive(Debug)]
pub struct ProvedEntry {
    /// The checkpoint, by a known log.
    pub checkpoint: Checkpoint,
    /// Which entry the run is, from 1.
    pub position: u64,
    /// The id of the entry.
    pub entry_id: String,
    /// Who witnessed the checkpoint.
    pub witnessed: Witnessed,
}

/// Checks the proof in a file for a run, without the log, by the logs and witnesses of a policy.
///
/// # Errors
/// If a file cannot be read, no known log signed the checkpoint, or the proof does not hold for the run.
pub fn check(file: &Path, run: &Path, policy: &Policy) -> Result<ProvedEntry, CheckpointUseError> {
    use CheckpointUseError as E;
    let path = || file.to_owned();
    let bytes = reading::read(file, directory_of(file), MAX_NOTE as u64)?;
    let proof =
        InclusionFile::parse(&bytes).map_err(|cause| E::NotAProof { path: path(), cause })?;
    let signed = policy.checkpoint(proof.checkpoint.clone());
    let signed = signed.map_err(|cause| E::Unsigned { path: path(), cause })?;
    let leaf = proof.extra.as_deref().ok_or_else(|| E::NoEntry { path: path() })?;
    if !proof.proves(leaf, &signed) {
        return Err(E::ProofDoesNotHold { path: path() });
    }
    let entry = json::parse(leaf).map_err(|cause| E::NotAnEntry { path: path(), cause })?.value;
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let key = Registration::key_of(text("commit_hash"), text("artifact_bytes_sha256"));
    if key != key_of(run)? {
        return Err(E::OtherRun { path: path(), run: name_of(run) });
    }
    Ok(ProvedEntry {
        position: proof.index + 1,
        entry_id: text("entry_id").to_owned(),
        witnessed: policy.witnessed(&signed),
        checkpoint: signed.checkpoint,
    })
}

/// Two checkpoints of one log, the newer of which goes on from the older.
#[derive(Debug)]
pub struct Consistency {
    /// The older.
    pub old: Checkpoint,
    /// The newer.
    pub new: Checkpoint,
    /// The hashes that lead from one to the other.
    pub path: Vec<Digest>,
}

/// Whether a checkpoint goes on from another, by the tiles beside a log. By a policy, both must be signed
/// by a log that it knows.
///
/// # Errors
/// If they are of different logs, or one cannot be the beginning of the other; if a file cannot be read.
pub fn consistency(
    log: &Path,
    (old, new): (&Path, &Path),
    policy: Option<&Policy>,
) -> Result<Consistency, CheckpointUseError> {
    use CheckpointUseError as E;
    let read = |path: &Path| -> Result<Checkpoint, E> {
        let note = checkpoint_file::read(path)?;
        let signed = |cause| E::Unsigned { path: path.to_owned(), cause };
        match policy {
            Some(policy) => {
                let SignedCheckpoint { checkpoint, .. } =
                    policy.checkpoint(note).map_err(signed)?;
                Ok(checkpoint)
            }
            None => Ok(checkpoint_file::checkpoint(path, &note)?),
        }
    };
    let (old, new) = (read(old)?, read(new)?);
    if old.origin != new.origin {
        return Err(E::TwoLogs { one: old.origin, other: new.origin });
    }
    if new.size < old.size {
        return Err(E::Backwards { old: old.size, size: new.size });
    }
    let fork = E::Fork { old: old.size, size: new.size };
    if new.size == old.size {
        return match old.root == new.root {
            true => Ok(Consistency { old, new, path: Vec::new() }),
            false => Err(fork),
        };
    }
    let tiles = TileFiles::beside(log);
    let tree = tiles.tree(new.size);
    if countersign_tlog::tree::root(&tree, new.size)? != new.root {
        return Err(stale_tiles(log));
    }
    let path = proof::consistency(&tree, old.size, new.size)?;
    match is_consistent((old.size, &old.root), (new.size, &new.root), &path) {
        true => Ok(Consistency { old, new, path }),
        // The tiles lead to the newer one: it is the older that was never its beginning.
        false => Err(fork),
    }
}
