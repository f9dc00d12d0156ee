//! Merging copies of an envelope that were signed separately: on another station, on a stick, or as
//! a synchronising program or git left them. Copies are only read; the target is written under its
//! lock, and only if something is added.
//!
//! The envelope crate defines how two files are merged ([`SignatureFile::unite`]). This module
//! decides which copy belongs to which file, and what of it may be added:
//! - New signatures that verify over the target's own artifact, unless the keyring rejects what the
//!   copy says of them; and those by a shared key, which nobody can check without it.
//! - Nothing that relabels a signature which stands. What stands is kept; an attestation that the
//!   entry lacks comes in if it is of this key and contradicts nothing.
//! - Terms, together with a new signature that counts: known roles, and a threshold that the people
//!   in the keyring can meet.
//!
//! Whatever is left out is named.

use countersign_admissibility::terms::AskedTerms;
use countersign_problem::Problem;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::attestation::Call;
use countersign_admissibility::keyring::{Acceptance, Keyring};
use countersign_admissibility::quorum::{NotCounted, Quorum, Requirements};
use countersign_admissibility::signatures::{JudgedSignature, Standing};
use countersign_envelope::artifact::{Artifact, ArtifactError};
use countersign_envelope::digest::{Digest, brief};
use countersign_envelope::file_name::{
    MAX_BYTES, TRANSPARENCY_LOG, is_manifest, is_sealed_run, is_signature, manifest_of,
    run_in_name, run_of_manifest, signature_of,
};
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Value, conflict_marker};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{KEY_ATTESTATION, Role, Signature};
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError, Terms};
use serde::Serialize;
use walkdir::WalkDir;

use countersign_admissibility::acceptance;
use countersign_journal::{Event, JournalError, Recorder};
use countersign_store::directory::{self, DirectoryError};
use countersign_store::evidence::{self, Weighed};
use countersign_store::log_copies;
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};

/// Why an envelope was not united with its copies. Its files are then as they were.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum MergeError {
    /// A file of the target, or a copy that was named, cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The target is a directory that cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// There is no sealed run in the target.
    NoRun(PathBuf),
    /// The run or manifest of the target is not JSON.
    NotAnArtifact {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: ArtifactError,
    },
    /// The signatures of the target cannot be added to.
    #[arg(markers = error.has_conflict_markers(), remedy = error.problem().hint())]
    Existing {
        /// The signature file.
        path: PathBuf,
        /// The reason.
        error: SignatureFileError,
    },
    /// Git stopped in the middle of a merge of the target's signatures.
    ConflictMarkers(PathBuf),
    /// A file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The act could not be journalled, and so was not done.
    Journal(#[from] JournalError),
}

/// The longest file of another name that is searched for signatures, in bytes (1 MiB).
const MAX_COPY_BYTES: u64 = 1 << 20;

/// The origin of a copy, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A file of the usual name.
    Plain,
    /// Syncthing found two versions and kept this one aside.
    SyncthingConflict,
    /// What git or its merge tools leave of one side of a conflict.
    GitLeftover,
    /// Any other name, as programs that synchronise or download files make them; what it belongs
    /// to is found by the digest in it.
    OtherName,
}

impl Origin {
    /// In words, to follow a path; empty for a file of the usual name.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Plain | Self::OtherName => "",
            Self::SyncthingConflict => " (a conflict copy of Syncthing)",
            Self::GitLeftover => " (left by git or an editor)",
        }
    }
}

/// Which file a name is a copy of, and how it came to be.
///
/// Syncthing: `<name>.sync-conflict-<YYYYMMDD>-<HHMMSS>-<device>.<ext>`. git mergetool:
/// `<name>_LOCAL_<pid>.<ext>`, likewise `REMOTE`, `BASE` and `BACKUP`, and `<file>.orig`; git merge:
/// `<file>~<branch>`.
pub fn original_of(name: &str) -> (String, Origin) {
    let plain = || (name.to_owned(), Origin::Plain);
    if let Some((stem, rest)) = name.split_once(".sync-conflict-") {
        let (mark, extension) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
        let parts: Vec<&str> = mark.split('-').collect();
        let digits = |part: &str, n| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        return match parts[..] {
            [date, time] | [date, time, _] if digits(date, 8) && digits(time, 6) => {
                (format!("{stem}{extension}"), Origin::SyncthingConflict)
            }
            _ => plain(),
        };
    }
    for side in ["_LOCAL_", "_REMOTE_", "_BASE_", "_BACKUP_"] {
        if let Some((stem, rest)) = name.split_once(side)
            && let Some(process) = rest.strip_suffix(".json")
            && process.bytes().all(|b| b.is_ascii_digit())
        {
            return (format!("{stem}.json"), Origin::GitLeftover);
        }
    }
    if let Some(original) = name.strip_suffix(".orig") {
        return (original.to_owned(), Origin::GitLeftover);
    }
    match name.split_once(".json~") {
        Some((stem, _)) => (format!("{stem}.json"), Origin::GitLeftover),
        None => plain(),
    }
}

/// A file that may hold signatures of an envelope.
#[derive(Debug, Clone)]
struct Copy {
    path: PathBuf,
    /// Links may lead no further.
    root: PathBuf,
    /// The name of the file that it is a copy of.
    of: String,
    origin: Origin,
    /// Named by the person, and not come upon in a directory.
    is_named: bool,
}

/// One signature of a copy, as a report names it.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Reported {
    /// The run or manifest that it signs.
    pub file: String,
    /// Who signed, according to the copy.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
    /// With which key, by its id.
    pub key_id: String,
    /// When, according to the copy.
    pub signed_at: Option<String>,
    /// The copy that it was found in.
    #[serde(serialize_with = "as_text")]
    pub from: PathBuf,
    /// How the copy came to be.
    pub origin: Origin,
    /// A remark about it, if any.
    pub note: Option<String>,
}

/// What was left out of a copy.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct LeftOut {
    /// The copy.
    #[serde(serialize_with = "as_text")]
    pub from: PathBuf,
    /// How it came to be.
    pub origin: Origin,
    /// Whose signature; null if it is the whole file or a field of it.
    pub signer_id: Option<String>,
    /// Why.
    pub why: String,
}

/// The result for one envelope.
#[derive(Debug, Clone, Default, Serialize, specta::Type)]
pub struct Merged {
    /// The run.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
    /// The signatures that came to it.
    pub added: Vec<Reported>,
    /// The signatures of the copies that it had already.
    pub there: Vec<Reported>,
    /// What did not come in.
    pub left_out: Vec<LeftOut>,
    /// Warnings about its state after the merge.
    pub notes: Vec<String>,
    /// The names of the files that were written, or would be; empty if nothing changes.
    pub written: Vec<String>,
    /// The terms that the run's signature file has now; `None` if it cannot have any.
    #[serde(skip)]
    pub(crate) asks: Option<AskedTerms>,
}

/// Lossy if a path is not Unicode.
fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// The result for all envelopes.
#[derive(Debug, Default)]
pub struct MergeReport {
    /// Every envelope of the target that there are copies of, in order of their paths.
    pub envelopes: Vec<Result<Merged, MergeError>>,
    /// Copies of envelopes that are not in the target.
    pub strangers: Vec<PathBuf>,
    /// What could not be searched, in words.
    pub unreadable: Vec<String>,
}

/// Merges copies into a target: an envelope, named by any of its files, or a directory of them.
/// Sources are files or directories, which are searched for copies by the names of their files. The
/// keyring decides which signatures set terms; while it is empty, any that verifies does. Without
/// sources, the conflict copies beside the target are merged. The attempt is recorded before the
/// files of an envelope are written, and the result afterwards.
///
/// # Errors
/// Fails if the target or a source does not exist or cannot be searched. Errors of one envelope are
/// in its part of the report.
pub fn merge(
    target: &Path,
    sources: &[PathBuf],
    keyring: &Keyring,
    recorder: &dyn Recorder,
) -> Result<MergeReport, MergeError> {
    merge_reporting(target, sources, keyring, recorder, |_, _| {})
}

/// Like [`merge`], and reports after each envelope how many are finished, and how many there are
/// copies of.
///
/// # Errors
/// As [`merge`].
pub fn merge_reporting(
    target: &Path,
    sources: &[PathBuf],
    keyring: &Keyring,
    recorder: &dyn Recorder,
    progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergeError> {
    let merge =
        |run: &Path, root: &Path, copies: &[&Copy]| merge_one(run, root, copies, keyring, recorder);
    each(target, sources, merge, progress)
}

/// What [`merge`] would do at this moment. Nothing is locked or written.
///
/// # Errors
/// As [`merge`].
pub fn preview(
    target: &Path,
    sources: &[PathBuf],
    keyring: &Keyring,
    progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergeError> {
    let would_be = |run: &Path, root: &Path, copies: &[&Copy]| {
        Ok(plan(run, root, copies, keyring)?.would_be())
    };
    each(target, sources, would_be, progress)
}

/// Whether uniting a run's signatures with these copies would change a file of it.
pub fn adds_anything(run: &Path, root: &Path, copies: &[PathBuf], keyring: &Keyring) -> bool {
    let copy = |path: &PathBuf| Copy::of(path, root, false);
    let copies: Vec<Copy> = copies.iter().map(copy).collect();
    let copies: Vec<&Copy> = copies.iter().collect();
    plan(run, root, &copies, keyring).is_ok_and(|plan| !plan.texts.is_empty())
}

/// The run that a file beside it may be a copy for, by its name; `None` if the name gives no hint.
pub fn run_of_conflict_copy(name: &str) -> Option<String> {
    // Checked for every file of a directory: most are decided by their endings.
    let end = name.strip_prefix("RUN-")?.get(25..)?;
    if matches!(end, ".json" | ".json.sig.json" | ".manifest.json" | ".manifest.json.sig.json") {
        return None;
    }
    let (of, origin) = original_of(name);
    let run = name_of(&run_of(Path::new(&of)));
    if origin != Origin::Plain && is_sealed_run(&run) {
        return Some(run);
    }
    may_be_copy(name).then(|| run_in_name(name)).flatten()
}

/// Whether a file of another name than the usual ones may be a copy of one. Of all the files of a
/// large directory only these are read.
fn may_be_copy(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains(".json") && (lower.contains("sig") || run_in_name(name).is_some())
}

/// The run that a copy is about, by the digest in its signatures. The names of both are only a hint
/// where to start.
struct Homes<'a> {
    runs: &'a [PathBuf],
    root: &'a Path,
    /// By the digest of the canonical bytes of run and manifest; read once a copy needs it.
    by_digest: Option<HashMap<Digest, PathBuf>>,
}

impl Homes<'_> {
    fn of(&mut self, copy: &Copy) -> Option<PathBuf> {
        let hinted = run_in_name(&name_of(&copy.path));
        let hinted = hinted.and_then(|name| self.runs.iter().find(|run| name_of(run) == name));
        let bytes = reading::read(&copy.path, &copy.root, MAX_COPY_BYTES).ok()?;
        let file = SignatureFile::parse(&bytes).ok();
        let about = file.as_ref().and_then(SignatureFile::artifact_hash).and_then(Digest::parse);
        let Some(about) = about else {
            // Another version of the run or its manifest, or one that git stopped in.
            let is_version = conflict_marker(&bytes).is_some()
                || Artifact::parse(&bytes).is_ok_and(|artifact| artifact.commit_hash().is_some());
            return hinted.filter(|_| is_version).cloned();
        };
        if let Some(run) = hinted.filter(|run| digests(run, self.root).contains(&about)) {
            return Some(run.clone());
        }
        let (runs, root) = (self.runs, self.root);
        let by_digest = self.by_digest.get_or_insert_with(|| {
            let mut by_digest = HashMap::new();
            for run in runs {
                by_digest.extend(digests(run, root).into_iter().map(|one| (one, run.clone())));
            }
            by_digest
        });
        by_digest.get(&about).or(hinted).cloned()
    }
}

/// The digests of the canonical bytes of a run and of its manifest, as far as they can be read.
fn digests(run: &Path, root: &Path) -> Vec<Digest> {
    let manifest = run.with_file_name(manifest_of(&name_of(run)));
    let read = [run, &manifest].map(|path| read_artifact(path, root));
    read.into_iter().flatten().map(|(_, artifact)| artifact.canonical().digest()).collect()
}

fn each(
    target: &Path,
    sources: &[PathBuf],
    one: impl Fn(&Path, &Path, &[&Copy]) -> Result<Merged, MergeError>,
    mut progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergeError> {
    let mut report = MergeReport::default();
    let is_directory = target.is_dir();
    let (root, runs) = if is_directory {
        let found = directory::find(target)?;
        report.unreadable.extend(found.unreadable);
        if found.runs.is_empty() {
            return Err(MergeError::NoRun(target.to_owned()));
        }
        (target, found.runs.iter().map(|run| target.join(run)).collect())
    } else {
        let run = run_of(target);
        reading::read(&run, directory_of(&run), MAX_BYTES)?;
        (directory_of(target), vec![run])
    };
    let beside = [root.to_owned()];
    let is_beside = sources.is_empty();
    let sources = if is_beside { &beside } else { sources };
    let mut copies: BTreeMap<String, Vec<Copy>> = BTreeMap::new();
    for source in sources {
        for copy in find_copies(source, &mut report.unreadable)? {
            copies.entry(copy.of.clone()).or_default().push(copy);
        }
    }
    let mut known = BTreeSet::new();
    let mut copied = Vec::new();
    let mut homes = Homes { runs: &runs, root, by_digest: None };
    let mut by_content: BTreeMap<PathBuf, Vec<&Copy>> = BTreeMap::new();
    for copy in copies.values().flatten().filter(|copy| copy.origin == Origin::OtherName) {
        let home = homes.of(copy);
        // A file that was named for one envelope is reported with it, whatever it is about.
        let only = || runs.first().filter(|_| !is_directory && copy.is_named).cloned();
        if let Some(run) = home.or_else(only) {
            by_content.entry(run).or_default().push(copy);
            known.insert(copy.of.clone());
        }
    }
    for run in runs.iter().cloned() {
        let run_name = name_of(&run);
        let manifest = manifest_of(&run_name);
        let names =
            vec![signature_of(&run_name), signature_of(&manifest), run_name.clone(), manifest];
        let mine = names.iter().filter_map(|name| copies.get(name)).flatten();
        let mine = mine.filter(|copy| !is_own(copy, &run));
        let mine = mine.filter(|copy| copy.origin != Origin::OtherName);
        let mine: Vec<&Copy> = mine.chain(by_content.remove(&run).unwrap_or_default()).collect();
        if is_beside && mine.is_empty() {
            let stopped = names.iter().map(|name| run.with_file_name(name));
            let stopped =
                stopped.filter(|file| is_signature(&name_of(file)) && is_stopped(file, root));
            report.envelopes.extend(stopped.map(|file| Err(MergeError::ConflictMarkers(file))));
        }
        known.extend(names);
        if !mine.is_empty() {
            copied.push((run, mine));
        }
    }
    if is_beside {
        let directories: BTreeSet<&Path> = runs.iter().map(|run| directory_of(run)).collect();
        let logs = directories.into_iter().map(|directory| directory.join(TRANSPARENCY_LOG));
        report
            .unreadable
            .extend(logs.flat_map(|log| log_copies::warnings(&log)).map(|copy| copy.to_string()));
    }
    for (done, (run, mine)) in copied.iter().enumerate() {
        report.envelopes.push(one(run, root, mine));
        progress(done + 1, copied.len());
    }
    let strangers = copies.values().flatten().filter(|copy| {
        let is_envelope = is_sealed_run(&name_of(&run_of(Path::new(&copy.of))));
        let wanted = copy.is_named || (is_directory && is_envelope && copy.origin == Origin::Plain);
        wanted && !known.contains(&copy.of)
    });
    for copy in strangers {
        let bytes = reading::read(&copy.path, &copy.root, MAX_BYTES).map_err(|one| one.to_string());
        let no_signatures = |error: SignatureFileError| {
            format!("{}: {error}; no signatures are in it", copy.path.display())
        };
        let read = bytes.and_then(|bytes| SignatureFile::parse(&bytes).map_err(no_signatures));
        match read {
            Ok(_) => report.strangers.push(copy.path.clone()),
            Err(why) => report.unreadable.push(why),
        }
    }
    report.strangers.sort();
    Ok(report)
}

/// The run of an envelope that is named by any of its files.
pub(crate) fn run_of(path: &Path) -> PathBuf {
    let name = name_of(path);
    let artifact = name.strip_suffix(".sig.json").unwrap_or(&name);
    let run = run_of_manifest(artifact).unwrap_or_else(|| artifact.to_owned());
    path.with_file_name(run)
}

/// Whether FORMAT.md gives this name to a file of an envelope.
fn is_usual(name: &str) -> bool {
    is_sealed_run(&name_of(&run_of(Path::new(name))))
}

/// The run or manifest that a name was derived from, if it was not derived from that of signatures.
fn artifact_in_name(name: &str) -> Option<String> {
    let run = run_in_name(name).filter(|_| !name.contains(".sig"))?;
    Some(if name.contains(".manifest") { manifest_of(&run) } else { run })
}

/// Whether a copy is one of the target's own files.
fn is_own(copy: &Copy, run: &Path) -> bool {
    let same = || copy.path.canonicalize().ok() == run.with_file_name(&copy.of).canonicalize().ok();
    copy.origin == Origin::Plain && same()
}

fn find_copies(source: &Path, unreadable: &mut Vec<String>) -> Result<Vec<Copy>, MergeError> {
    let is_artifact = |name: &str| is_sealed_run(name) || is_manifest(name);
    if source.is_dir() {
        let mut copies = Vec::new();
        for entry in WalkDir::new(source).sort_by_file_name() {
            match entry {
                Ok(entry) if !entry.file_type().is_dir() => {
                    let copy = Copy::of(entry.path(), source, false);
                    let is_aside = copy.origin != Origin::Plain;
                    let is_other = copy.origin == Origin::OtherName;
                    if is_other || is_signature(&copy.of) || (is_aside && is_artifact(&copy.of)) {
                        copies.push(copy);
                    }
                }
                Ok(_) => {}
                Err(error) => unreadable.push(directory::not_searched(source, &error)),
            }
        }
        return Ok(copies);
    }
    // Read for the error that names the file; its content is checked later.
    reading::read(source, directory_of(source), MAX_BYTES)?;
    let mut named = Copy::of(source, directory_of(source), true);
    if named.origin == Origin::Plain && is_artifact(&named.of) {
        // A run or manifest represents its envelope.
        let run = name_of(&run_of(source));
        let beside = |artifact: &str| source.with_file_name(signature_of(artifact));
        let both = [beside(&run), beside(&manifest_of(&run))].into_iter();
        return Ok(both
            .filter(|path| path.exists())
            .map(|path| Copy::of(&path, directory_of(source), true))
            .collect());
    }
    let artifact = named.of.strip_suffix(".sig.json").unwrap_or(&named.of);
    if !is_artifact(artifact) {
        named.origin = Origin::OtherName;
    }
    Ok(vec![named])
}

/// A run or manifest, and when the run was made.
#[derive(Clone, Copy)]
struct Signed<'a> {
    artifact: &'a Artifact,
    created: Option<Instant>,
}

impl Signed<'_> {
    fn judge(self, file: &SignatureFile, keyring: &Keyring) -> Vec<JudgedSignature> {
        acceptance::judge(file, self.artifact, self.created, keyring)
    }
}

/// The texts to write, and the report.
struct Plan {
    merged: Merged,
    texts: Vec<(PathBuf, String)>,
}

fn merge_one(
    run: &Path,
    root: &Path,
    copies: &[&Copy],
    keyring: &Keyring,
    recorder: &dyn Recorder,
) -> Result<Merged, MergeError> {
    let planned = plan(run, root, copies, keyring)?;
    if planned.texts.is_empty() {
        if !planned.merged.left_out.is_empty() {
            // That nothing came in needs no journal, but belongs there.
            let _ = recorder.record(&planned.merged.event());
        }
        return Ok(planned.merged);
    }
    let from = copies.iter().map(|copy| copy.path.display().to_string()).collect();
    recorder.record(&Event::MergeAttempted { file: run.display().to_string(), from })?;
    // Again under the lock: signatures that have arrived since are merged too.
    let _lock = safe_write::lock(directory_of(run))?;
    let Plan { mut merged, texts } = plan(run, root, copies, keyring)?;
    let mut prepared = Vec::new();
    for (path, text) in texts {
        prepared.push(safe_write::prepare(&path, text.as_bytes(), Access::Like(run))?);
        merged.written.push(name_of(&path));
    }
    safe_write::commit(prepared)?;
    if let Err(error) = recorder.record(&merged.event()) {
        merged.note(format!("merged, but the result could not be journalled: {error}"));
    }
    Ok(merged)
}

fn plan(run: &Path, root: &Path, copies: &[&Copy], keyring: &Keyring) -> Result<Plan, MergeError> {
    let mut merged = Merged { path: run.to_owned(), ..Merged::default() };
    let manifest = run.with_file_name(manifest_of(&name_of(run)));
    let (run_artifact, created) = read_run(run, root)?;
    let mut artifacts = vec![(run.to_owned(), run_artifact)];
    match read_artifact(&manifest, root) {
        Ok(read) => artifacts.push(read),
        Err(MergeError::Read(ReadError::NotFound(_))) => {}
        Err(error) => return Err(error),
    }
    let mut files: Vec<Vec<(&Copy, SignatureFile)>> = vec![Vec::new(); artifacts.len()];
    for copy in copies {
        match place(copy, &artifacts) {
            Ok(Some((index, file))) => {
                merged.left_out.extend(other_version(copy, &artifacts[index]));
                files[index].push((*copy, file));
            }
            Ok(None) => {}
            Err(why) => merged.left_out.push(copy.left_out(None, why)),
        }
    }
    let mut texts = Vec::new();
    for ((path, artifact), files) in artifacts.iter().zip(files) {
        let signed = SignedFile { path, root, signed: Signed { artifact, created } };
        if let Some(text) = unite(signed, &files, keyring, &mut merged)? {
            texts.push((path.with_file_name(signature_of(&name_of(path))), text));
        }
    }
    Ok(Plan { merged, texts })
}

/// The run as what is signed, and when it was made.
fn read_run(path: &Path, root: &Path) -> Result<(Artifact, Option<Instant>), MergeError> {
    let bytes = reading::read(path, root, MAX_BYTES)?;
    let run = SealedRun::read(Arc::new(bytes))
        .map_err(|error| MergeError::NotAnArtifact { path: path.to_owned(), error })?;
    Ok((run.artifact().clone(), run.created_at()))
}

fn read_artifact(path: &Path, root: &Path) -> Result<(PathBuf, Artifact), MergeError> {
    let bytes = reading::read(path, root, MAX_BYTES)?;
    let artifact = Artifact::parse(&bytes)
        .map_err(|error| MergeError::NotAnArtifact { path: path.to_owned(), error })?;
    Ok((path.to_owned(), artifact))
}

/// The index of the artifact that a copy is about, and the signatures in it; `None` if it is a copy
/// of an artifact with exactly the same content. The error is the reason why nothing of it can be
/// added.
fn place(
    copy: &Copy,
    artifacts: &[(PathBuf, Artifact)],
) -> Result<Option<(usize, SignatureFile)>, String> {
    let bytes = reading::read(&copy.path, &copy.root, MAX_BYTES)
        .map_err(|error| error.reason().to_string())?;
    if conflict_marker(&bytes).is_some() {
        return Err(
            "it contains git's conflict markers; save its two sides as files of their own, \
                    and merge those"
                .to_owned(),
        );
    }
    let is_copy_of = |name: &str| copy.of == name;
    if let Some((_, artifact)) = artifacts.iter().find(|(path, _)| is_copy_of(&name_of(path))) {
        let other = Artifact::parse(&bytes).map_err(|error| error.to_string())?;
        return match other.canonical().digest() == artifact.canonical().digest() {
            true => Ok(None),
            false => {
                Err("it is not a signature file but another version of the signed file; a person \
                          has to decide which one is right"
                    .to_owned())
            }
        };
    }
    let file = SignatureFile::parse_for_rewrite(&bytes).map_err(|error| error.to_string())?;
    let about = |(_, artifact): &(PathBuf, Artifact)| file.check_about(artifact);
    let named = artifacts.iter().position(|(path, _)| is_copy_of(&signature_of(&name_of(path))));
    let index = match named {
        _ if copy.origin == Origin::OtherName => {
            artifacts.iter().position(|artifact| about(artifact).is_ok()).unwrap_or(0)
        }
        Some(index) => index,
        None => return Err("it signs a manifest, and there is none here".to_owned()),
    };
    match about(&artifacts[index]) {
        Ok(()) => Ok(Some((index, file))),
        Err(SignatureFileError::OtherContent { found, wanted }) => Err(format!(
            "conflict: its signatures are about another artifact ({}), not about this ({})",
            brief(&found),
            brief(&wanted)
        )),
        Err(error) => Err(error.to_string()),
    }
}

/// Whether git stopped in the middle of merging a signature file.
fn is_stopped(file: &Path, root: &Path) -> bool {
    let bytes = reading::read(file, root, MAX_COPY_BYTES);
    bytes.is_ok_and(|bytes| conflict_marker(&bytes).is_some())
}

/// Reports that the artifact beside a copy is another version of the one here.
fn other_version(copy: &Copy, (path, artifact): &(PathBuf, Artifact)) -> Option<LeftOut> {
    let beside = copy.path.with_file_name(name_of(path));
    let is_signed = copy.origin == Origin::Plain && beside != *path;
    let bytes = reading::read(&beside, &copy.root, MAX_BYTES).ok().filter(|_| is_signed)?;
    let same = Artifact::parse(&bytes)
        .is_ok_and(|other| other.canonical().digest() == artifact.canonical().digest());
    let why = "it is another version of the signed file; a person has to decide which one is right";
    (!same).then(|| LeftOut {
        from: beside,
        origin: copy.origin,
        signer_id: None,
        why: why.to_owned(),
    })
}

/// A run or manifest whose signature file is united with copies.
struct SignedFile<'a> {
    path: &'a Path,
    root: &'a Path,
    signed: Signed<'a>,
}

/// Unites the signatures of one artifact with those of its copies. Returns the text to write, or
/// `None` if nothing changes.
fn unite(
    SignedFile { path, root, signed }: SignedFile<'_>,
    copies: &[(&Copy, SignatureFile)],
    keyring: &Keyring,
    merged: &mut Merged,
) -> Result<Option<String>, MergeError> {
    let own_path = path.with_file_name(signature_of(&name_of(path)));
    // Looked at in any case: of an envelope that is damaged, no half is written.
    let own = existing(&own_path, root, signed.artifact)?;
    let mut union = Union::of(name_of(path), own.clone(), signed, keyring);
    let mut used = Vec::new();
    for (copy, file) in copies {
        let Ok(entries) = file.entries() else {
            merged.left_out.push(copy.left_out(None, "it has no list of signatures".to_owned()));
            continue;
        };
        let new = union.sort(copy, file, &entries, merged);
        let terms = union.admit_terms(copy, file, &new, merged);
        let wanted: BTreeSet<usize> = new.iter().map(|(at, _)| *at).collect();
        let Some(mut some) = file.clone().with_only(|at| wanted.contains(&at)) else { continue };
        if let Some(terms) = terms {
            some.set_terms(&terms);
        }
        if let Err(error) = union.take(copy, some.clone(), new, merged) {
            merged.left_out.push(copy.left_out(None, error.to_string()));
            continue;
        }
        used.push((*copy, some));
    }
    let Some(united) = union.united else { return Ok(None) };
    report_terms(own.as_ref(), &united, &used, merged);
    for (copy, file) in used {
        for field in differing_fields(&file, &united) {
            merged.left_out.push(copy.left_out(None, format!("conflict: {field}")));
        }
    }
    let judged = signed.judge(&united, keyring);
    let required = Requirements::of(Some(&united), &acceptance::policy(keyring), keyring);
    let is_changed = own.as_ref() != Some(&united);
    for (at, why) in Quorum::of(&judged, required).not_counted {
        // Two labels of one signature are reported even if nothing was added.
        if is_changed || matches!(why, NotCounted::Relabelled(_)) {
            let label = judged[at].label();
            merged.note(format!("{label} does not count for L4: {}", why.words(&judged)));
        }
    }
    if !is_changed {
        return Ok(None);
    }
    if is_sealed_run(&name_of(path)) {
        merged.asks = acceptance::asked(&united, signed.artifact, keyring);
    }
    Ok(Some(united.to_text()))
}

/// The signatures of one artifact while copies are united with them.
struct Union<'a> {
    /// The name of the artifact's file.
    file: String,
    signed: Signed<'a>,
    keyring: &'a Keyring,
    united: Option<SignatureFile>,
    /// The entries that hold, or cannot be checked here, by their value.
    standing: HashMap<Digest, Vec<JudgedSignature>>,
    /// Those that do not hold, with their places.
    damaged: Vec<JudgedSignature>,
    /// What has been reported already.
    reported: HashSet<Digest>,
}

impl<'a> Union<'a> {
    fn of(
        file: String,
        own: Option<SignatureFile>,
        signed: Signed<'a>,
        keyring: &'a Keyring,
    ) -> Self {
        let judged = own.as_ref().map(|own| signed.judge(own, keyring));
        let (held, damaged): (Vec<_>, Vec<_>) =
            judged.unwrap_or_default().into_iter().partition(acceptance::may_hold);
        let mut standing: HashMap<Digest, Vec<JudgedSignature>> = HashMap::new();
        for one in held {
            if let Some(value) = one.value {
                standing.entry(value).or_default().push(one);
            }
        }
        let reported = HashSet::new();
        Self { file, signed, keyring, united: own, standing, damaged, reported }
    }

    /// Reports what of a copy is here already and what is left out. Returns what is new.
    fn sort(
        &mut self,
        copy: &Copy,
        file: &SignatureFile,
        entries: &[Value],
        merged: &mut Merged,
    ) -> Vec<(usize, JudgedSignature)> {
        let mut new: Vec<(usize, JudgedSignature)> = Vec::new();
        let mut relabelled: BTreeMap<usize, (JudgedSignature, JudgedSignature, usize)> =
            BTreeMap::new();
        let mut first_relabelled: HashMap<Digest, usize> = HashMap::new();
        let judged = self.signed.judge(file, self.keyring);
        for (at, one) in judged.into_iter().enumerate() {
            let Some(value) = one.value.filter(|_| acceptance::may_hold(&one)) else {
                if self.damaged.iter().any(|own| own.value == one.value && own.has_label_of(&one)) {
                    self.report_present(
                        copy,
                        one,
                        Some("does not verify, and was here already"),
                        merged,
                    );
                } else {
                    let why = format!("the signature does not verify: {}", one.detail);
                    merged.left_out.push(copy.left_out(Some(one.signer_id), why));
                }
                continue;
            };
            let of_copy = new.iter().filter(|(_, it)| it.value == Some(value)).map(|(_, it)| it);
            // An entry whose label here cannot be checked is no argument against one that verifies.
            let weighs = |own: &&JudgedSignature| own.verifies() || !one.verifies();
            let stands = self.standing.get(&value).into_iter().flatten();
            let stands: Vec<&JudgedSignature> = stands.filter(weighs).chain(of_copy).collect();
            match stands.first() {
                None if self.is_rejected(file, at, &one) => {
                    let why = format!("the keyring rejects it: {}", one.detail);
                    merged.left_out.push(copy.left_out(Some(one.signer_id), why));
                }
                None => {
                    self.reported.insert(value);
                    self.damaged.extend(self.standing.remove(&value).unwrap_or_default());
                    new.push((at, one));
                }
                Some(_) if stands.iter().any(|own| own.has_label_of(&one)) => {
                    let note = self.complete(value, entries.get(at));
                    self.report_present(copy, one, note, merged);
                }
                Some(own) => {
                    let own = (*own).clone();
                    let first = *first_relabelled.entry(value).or_insert(at);
                    relabelled.entry(first).or_insert((one, own, 0)).2 += 1;
                }
            }
        }
        for (one, own, times) in relabelled.into_values() {
            let more = match times {
                1 => String::new(),
                _ => format!(", and {} more labels", times - 1),
            };
            let (own, label) = own.labels(&one);
            let why = format!(
                "its signature is here as {own}, and the copy labels it {label}{more}; the one here is kept. If the copy is right, move the signature file here aside and merge again",
            );
            merged.left_out.push(copy.left_out(Some(one.signer_id), why));
        }
        new
    }

    /// Whether the keyring contradicts the label of an entry: another owner, a role not held, an
    /// invalid time. A revoked or expired key does not make a label wrong: its signatures are
    /// evidence, and are added without counting.
    fn is_rejected(&self, file: &SignatureFile, at: usize, one: &JudgedSignature) -> bool {
        let signatures = file.signatures();
        let Some(signature) = signatures.get(at) else { return false };
        let public = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
        let acceptance = self.keyring.accept(*signature, public.as_ref()).0;
        let is_wrong = matches!(
            acceptance,
            Acceptance::OtherId(_)
                | Acceptance::OtherOwner(_)
                | Acceptance::RoleNotHeld(_)
                | Acceptance::NoTime(_)
        );
        one.verifies() && is_wrong
    }

    /// Adds the attestation in a copy to an existing entry, if the entry has none and the
    /// attestation is about its key.
    fn complete(&mut self, value: Digest, entry: Option<&Value>) -> Option<&'static str> {
        let brought = Signature(entry?.as_object()?).attestation()?.ok()?;
        let united = self.united.as_mut()?;
        let signatures = united.signatures();
        let at = signatures.iter().position(|own| own.value() == Some(value))?;
        let own = signatures[at];
        let public = own.public_key().and_then(|text| PublicKey::parse(text).ok());
        let digest = self.signed.artifact.canonical().digest();
        let call = Call {
            digest: &digest,
            length: self.signed.artifact.canonical().bytes().len(),
            at: own.signed_at()?,
            algorithm: own.algorithm(),
            payload: own.signed_payload(),
        };
        let Weighed::Stands(narrowed, None) = evidence::weigh(&brought, public.as_ref(), call)
        else {
            return None;
        };
        if own.0.has(KEY_ATTESTATION) {
            return None;
        }
        united.set_attestation(at, &narrowed);
        Some("its attestation was added")
    }

    /// The part of a copy's terms that is taken over, unless it is all of them: with a signature
    /// that counts, known roles and as many signatures as there are people; otherwise no more than
    /// L4 requires in any case.
    fn admit_terms(
        &self,
        copy: &Copy,
        file: &SignatureFile,
        new: &[(usize, JudgedSignature)],
        merged: &mut Merged,
    ) -> Option<Terms> {
        let SignatureFile::Envelope(_) = file else { return None };
        let counts = new.iter().any(|(_, one)| one.is_valid());
        let policy = acceptance::policy(self.keyring);
        let asked = Requirements::of(Some(file), &policy, self.keyring);
        let least = Requirements::of(None, &policy, self.keyring);
        let admitted = if counts { &asked } else { &least };
        let written = file.threshold().unwrap_or(0);
        let has = self.united.as_ref();
        let own = has.and_then(SignatureFile::threshold).unwrap_or(0).max(admitted.threshold);
        let own_roles = has.map(SignatureFile::witness_requirements).unwrap_or_default();
        // A role that nobody has would keep L4 from ever holding.
        let is_held = |role: Role| self.keyring.keys().is_empty() || self.keyring.has_role(role);
        let is_admitted = |word: &str| {
            let role = Role::parse(word);
            role.is_some_and(|role| admitted.roles.contains(&role) && is_held(role))
        };
        let refused = |word: &&str| !is_admitted(word) && !own_roles.contains(word);
        let words = file.witness_requirements();
        let without = "a new signature that counts";
        let mut left_out = Vec::new();
        if written > own {
            left_out.push(match counts {
                true => format!("it requires {written} signatures, more than there are people in the keyring; {} is used", admitted.threshold),
                false => format!("it requires {written} signatures without {without}"),
            });
        }
        let mut roles: Vec<&str> = words.iter().copied().filter(refused).collect();
        roles.sort_unstable();
        roles.dedup();
        left_out.extend(roles.into_iter().map(|word| match Role::parse(word) {
            Some(role) if !is_held(role) => {
                format!("it requires the role {role}, which nobody in the keyring has")
            }
            Some(role) => format!("it requires the role {role} without {without}"),
            None => format!("it requires the role {word:?}, which does not exist"),
        }));
        for why in left_out {
            merged.left_out.push(copy.left_out(None, format!("terms: {why}")));
        }
        if written <= admitted.threshold && words.iter().all(|word| is_admitted(word)) {
            return None;
        }
        let known = words.iter().filter(|word| is_admitted(word));
        Some(Terms {
            threshold: written.min(admitted.threshold),
            required_roles: known.filter_map(|word| Role::parse(word)).collect(),
        })
    }

    /// Adds the new signatures of a copy.
    fn take(
        &mut self,
        copy: &Copy,
        some: SignatureFile,
        new: Vec<(usize, JudgedSignature)>,
        merged: &mut Merged,
    ) -> Result<(), SignatureFileError> {
        // An entry that does not verify is replaced by one of the same signature that does.
        let gives_way = |own: &Signature<'_>| {
            self.damaged.iter().any(|one| one.value == own.value())
                && new.iter().any(|(_, one)| one.value == own.value())
        };
        let own = self.united.clone().and_then(|own| {
            let keep: Vec<bool> = own.signatures().iter().map(|one| !gives_way(one)).collect();
            if keep.contains(&false) {
                merged.note("an entry that did not verify was replaced by the copy's".to_owned());
            }
            own.with_only(|at| keep.get(at).is_none_or(|keep| *keep))
        });
        // United with itself, the first is checked and stays as it is.
        self.united = Some(own.unwrap_or_else(|| some.clone()).unite(some)?);
        for (_, one) in new {
            let note = (one.standing == Standing::Unchecked).then(|| one.detail.clone());
            merged.added.push(copy.reported(&self.file, &one, note));
            if let Some(value) = one.value {
                self.reported.insert(value);
                self.standing.entry(value).or_default().push(one);
            }
        }
        Ok(())
    }

    /// Found in two copies, it is reported once.
    fn report_present(
        &mut self,
        copy: &Copy,
        one: JudgedSignature,
        note: Option<&'static str>,
        merged: &mut Merged,
    ) {
        let is_new = one.value.is_none_or(|value| self.reported.insert(value));
        if is_new || note.is_some() {
            merged.there.push(copy.reported(&self.file, &one, note.map(str::to_owned)));
        }
    }
}

/// The existing signatures in the target, if they can be added to.
fn existing(
    path: &Path,
    root: &Path,
    artifact: &Artifact,
) -> Result<Option<SignatureFile>, MergeError> {
    let bytes = match reading::read(path, root, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if conflict_marker(&bytes).is_some() {
        return Err(MergeError::ConflictMarkers(path.to_owned()));
    }
    let read = || {
        let file = SignatureFile::parse_for_rewrite(&bytes)?;
        file.check_about(artifact)?;
        // Merged with itself it is unchanged, or the reason why it cannot be merged is reported.
        file.clone().unite(file)
    };
    read().map(Some).map_err(|error| MergeError::Existing { path: path.to_owned(), error })
}

/// The terms in the copies, if they differ.
fn report_terms(
    own: Option<&SignatureFile>,
    united: &SignatureFile,
    copies: &[(&Copy, SignatureFile)],
    merged: &mut Merged,
) {
    let files = || own.into_iter().chain(copies.iter().map(|(_, file)| file));
    let thresholds: BTreeSet<u64> = files().filter_map(SignatureFile::threshold).collect();
    if thresholds.len() > 1 {
        let asked: Vec<String> = thresholds.iter().map(u64::to_string).collect();
        let stands = united.threshold().unwrap_or_default();
        merged
            .note(format!("the copies require {} signatures: {stands} is used", asked.join(", ")));
    }
    let is_envelope = |file: &&SignatureFile| matches!(file, SignatureFile::Envelope(_));
    let asked: BTreeSet<BTreeSet<&str>> = files()
        .filter(is_envelope)
        .map(|file| file.witness_requirements().into_iter().collect())
        .collect();
    if asked.len() > 1 {
        let roles = united.witness_requirements().join(", ");
        merged.note(format!(
            "the copies require different roles: all of them are required ({roles})"
        ));
    }
}

/// Fields of an envelope other than signatures and terms whose value here differs.
fn differing_fields(file: &SignatureFile, united: &SignatureFile) -> Vec<String> {
    let SignatureFile::Envelope(envelope) = file else { return Vec::new() };
    let fields = envelope.iter().filter(|(key, value)| {
        !matches!(*key, "signatures" | "threshold" | "witness_requirements")
            && united.object().get(key) != Some(*value)
    });
    fields
        .map(|(key, value)| {
            format!("the field {key:?} is {} there, and has another value here", value.brief())
        })
        .collect()
}

impl Merged {
    /// The journal's entry for it.
    fn event(&self) -> Event {
        let added = self.added.iter().map(|one| format!("{} on {}", one.signer_id, one.file));
        Event::Merged {
            file: self.path.display().to_string(),
            added: added.collect(),
            left_out: self.left_out.len() as u64,
            files: self.written.clone(),
            asks: self.asks.clone(),
        }
    }

    /// Run and manifest often give cause for the same.
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

impl Plan {
    /// The report on it before it is written.
    fn would_be(mut self) -> Merged {
        self.merged.written = self.texts.iter().map(|(path, _)| name_of(path)).collect();
        self.merged
    }
}

impl Copy {
    fn of(path: &Path, root: &Path, is_named: bool) -> Self {
        let name = name_of(path);
        let (of, origin) = match original_of(&name) {
            (of, Origin::Plain) if !is_usual(&of) && may_be_copy(&of) => {
                (artifact_in_name(&of).unwrap_or(of), Origin::OtherName)
            }
            known => known,
        };
        Self { path: path.to_owned(), root: root.to_owned(), of, origin, is_named }
    }

    fn reported(&self, file: &str, one: &JudgedSignature, note: Option<String>) -> Reported {
        Reported {
            file: file.to_owned(),
            signer_id: one.signer_id.clone(),
            role: one.role,
            key_id: one.key_id.clone(),
            signed_at: one.signed_at.clone(),
            from: self.path.clone(),
            origin: self.origin,
            note,
        }
    }

    fn left_out(&self, signer_id: Option<String>, why: String) -> LeftOut {
        LeftOut { from: self.path.clone(), origin: self.origin, signer_id, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_recognised_by_the_names_that_programs_use() {
        let signatures = "RUN-50b0d817_20260506T070809Z.json.sig.json";
        let stem = "RUN-50b0d817_20260506T070809Z.json.sig";
        for (name, origin) in [
            (signatures.to_owned(), Origin::Plain),
            (
                format!("{stem}.sync-conflict-20261125-072401-ABCDEFG.json"),
                Origin::SyncthingConflict,
            ),
            (format!("{stem}.sync-conflict-20261125-072401.json"), Origin::SyncthingConflict),
            (format!("{stem}_REMOTE_4711.json"), Origin::GitLeftover),
            (format!("{signatures}.orig"), Origin::GitLeftover),
            (format!("{signatures}~feature_x"), Origin::GitLeftover),
        ] {
            assert_eq!(original_of(&name), (signatures.to_owned(), origin), "{name}");
        }
        let not_one = format!("{stem}.sync-conflict-tomorrow.json");
        assert_eq!(original_of(&not_one), (not_one.clone(), Origin::Plain));
    }
}
