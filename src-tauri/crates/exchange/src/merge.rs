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
//!
//! | question | module |
//! |---|---|
//! | Of which file is this a copy, by its name? | `copy_name` |
//! | Where are copies, and which envelope is each about? | `copies` |
//! | Which signatures come in, and with which terms? | `union` |
//! | Which refusals come in? | `refusals` |
//! | What is reported? | `report` |
//! | What can go wrong? | `error` |

mod boundary;
mod copies;
mod copy_name;
mod error;
mod refusals;
mod report;
pub(crate) mod run_time;
mod union;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::claims::Signed;
use countersign_admissibility::keyring::Keyring;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::brief;
use countersign_envelope::file_name::{
    MAX_BYTES, TRANSPARENCY_LOG, is_refusals, is_sealed_run, is_signature, manifest_of,
    refusals_of, signature_of,
};
use countersign_envelope::json::conflict_marker;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError};
use countersign_journal::{Event, Recorder};
use countersign_problem::{Words, words};
use countersign_store::directory;
use countersign_store::log_copies;
use countersign_store::log_memory::LogMemory;
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};

use self::copies::{Copy, Homes, find_copies, is_own, is_stopped, read_artifact};
use self::union::{SignedFile, unite};

pub(crate) use self::copy_name::run_of;
pub use self::copy_name::{Origin, original_of, run_of_conflict_copy};
pub use self::error::MergeError;
pub use self::report::{LeftOut, MergeReport, Merged, Reported};

/// What decides what is merged.
#[derive(Debug, Clone, Copy)]
pub struct MergedBy<'a> {
    /// Which signatures set terms; while it is empty, any that verifies does.
    pub keyring: &'a Keyring,
    /// The claims that this station made: other programs drop them when they rewrite a file.
    pub memory: Option<&'a LogMemory>,
}

/// Merges copies into a target: an envelope, named by any of its files, or a directory of them.
/// Sources are files or directories, which are searched for copies by the names of their files. Without
/// sources, the conflict copies beside the target are merged. The attempt is recorded before the
/// files of an envelope are written, and the result afterwards.
///
/// # Errors
/// Fails if the target or a source does not exist or cannot be searched. Errors of one envelope are
/// in its part of the report.
pub fn merge(
    target: &Path,
    sources: &[PathBuf],
    by: MergedBy<'_>,
    recorder: &dyn Recorder,
) -> Result<MergeReport, MergeError> {
    merge_reporting(target, sources, by, recorder, |_, _| {})
}

/// Like [`merge`], and reports after each envelope how many are finished, and how many there are
/// copies of.
///
/// # Errors
/// As [`merge`].
pub fn merge_reporting(
    target: &Path,
    sources: &[PathBuf],
    by: MergedBy<'_>,
    recorder: &dyn Recorder,
    progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergeError> {
    let merge =
        |run: &Path, root: &Path, copies: &[&Copy]| merge_one(run, root, copies, by, recorder);
    each(target, sources, by, merge, progress)
}

/// What [`merge`] would do at this moment. Nothing is locked or written.
///
/// # Errors
/// As [`merge`].
pub fn preview(
    target: &Path,
    sources: &[PathBuf],
    by: MergedBy<'_>,
    progress: impl FnMut(usize, usize),
) -> Result<MergeReport, MergeError> {
    let would_be =
        |run: &Path, root: &Path, copies: &[&Copy]| Ok(plan(run, root, copies, by)?.would_be());
    each(target, sources, by, would_be, progress)
}

/// Whether uniting a run's signatures with these copies would change a file of it.
pub fn adds_anything(run: &Path, root: &Path, copies: &[PathBuf], keyring: &Keyring) -> bool {
    let copy = |path: &PathBuf| Copy::of(path, root, false);
    let copies: Vec<Copy> = copies.iter().map(copy).collect();
    let copies: Vec<&Copy> = copies.iter().collect();
    let by = MergedBy { keyring, memory: None };
    plan(run, root, &copies, by).is_ok_and(|plan| !plan.texts.is_empty())
}

fn each(
    target: &Path,
    sources: &[PathBuf],
    by: MergedBy<'_>,
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
        let names = vec![
            signature_of(&run_name),
            signature_of(&manifest),
            refusals_of(&run_name),
            run_name.clone(),
            manifest,
        ];
        let mine = names.iter().filter_map(|name| copies.get(name)).flatten();
        let mine = mine.filter(|copy| !is_own(copy, &run));
        let mine = mine.filter(|copy| copy.origin != Origin::OtherName);
        let mine: Vec<&Copy> = mine.chain(by_content.remove(&run).unwrap_or_default()).collect();
        if is_beside && mine.is_empty() {
            let stopped = names.iter().map(|name| run.with_file_name(name));
            let is_added_to = |name: &str| is_signature(name) || is_refusals(name);
            let stopped =
                stopped.filter(|file| is_added_to(&name_of(file)) && is_stopped(file, root));
            report.envelopes.extend(stopped.map(|file| Err(MergeError::ConflictMarkers(file))));
        }
        known.extend(names);
        if !mine.is_empty() || by.memory.is_some_and(|memory| has_lost(&run, root, memory)) {
            copied.push((run, mine));
        }
    }
    if is_beside {
        let directories: BTreeSet<&Path> = runs.iter().map(|run| directory_of(run)).collect();
        let logs = directories.into_iter().map(|directory| directory.join(TRANSPARENCY_LOG));
        report.unreadable.extend(logs.flat_map(|log| log_copies::warnings(&log)).map(Words::from));
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
        let bytes = reading::read(&copy.path, &copy.root, MAX_BYTES).map_err(Words::from);
        let no_signatures = |error: SignatureFileError| words!("no-signatures-in-it", path = %copy.path.display(), error);
        let read = bytes.and_then(|bytes| match RefusalsFile::parse(&bytes) {
            Ok(_) => Ok(()),
            Err(_) => SignatureFile::parse(&bytes).map(drop).map_err(no_signatures),
        });
        match read {
            Ok(()) => report.strangers.push(copy.path.clone()),
            Err(why) => report.unreadable.push(why),
        }
    }
    report.strangers.sort();
    Ok(report)
}

/// Whether a signature file of a run lacks a claim or a companion that this station made.
fn has_lost(run: &Path, root: &Path, memory: &LogMemory) -> bool {
    if !memory.keeps_claims() {
        return false;
    }
    let name = name_of(run);
    [signature_of(&name), signature_of(&manifest_of(&name))].iter().any(|file| {
        let bytes = reading::read(&run.with_file_name(file), root, MAX_BYTES).ok();
        let file = bytes.and_then(|bytes| SignatureFile::parse(&bytes).ok());
        file.iter().flat_map(SignatureFile::signatures).any(|one| {
            let kept = one.raw_digest().and_then(|value| memory.kept_claim(value).ok()?);
            kept.is_some_and(|kept| {
                let companion = one.companion().and_then(Result::ok);
                one.claim().is_none() || (kept.companion.is_some() && companion != kept.companion)
            })
        })
    })
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
    by: MergedBy<'_>,
    recorder: &dyn Recorder,
) -> Result<Merged, MergeError> {
    let planned = plan(run, root, copies, by)?;
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
    let Plan { mut merged, texts } = plan(run, root, copies, by)?;
    let mut prepared = Vec::new();
    for (path, text) in texts {
        make_folder(directory_of(&path))?;
        prepared.push(safe_write::prepare(&path, text.as_bytes(), Access::Like(run))?);
        merged.written.push(name_of(&path));
    }
    safe_write::commit(prepared)?;
    if let Err(error) = recorder.record(&merged.event()) {
        merged.note(words!("merged-not-journalled", error));
    }
    Ok(merged)
}

/// Makes the folder of a file, one level deep: that of time stamps may not be there yet.
fn make_folder(folder: &Path) -> Result<(), MergeError> {
    match std::fs::create_dir(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(WriteError::Io { path: folder.to_owned(), source }.into())
        }
        _ => Ok(()),
    }
}

fn plan(run: &Path, root: &Path, copies: &[&Copy], by: MergedBy<'_>) -> Result<Plan, MergeError> {
    let mut merged = Merged { path: run.to_owned(), ..Merged::default() };
    let manifest = run.with_file_name(manifest_of(&name_of(run)));
    let sealed = read_run(run, root)?;
    let mut artifacts = vec![(run.to_owned(), sealed.artifact().clone())];
    match read_artifact(&manifest, root) {
        Ok(read) => artifacts.push(read),
        Err(MergeError::Read(ReadError::NotFound(_))) => {}
        Err(error) => return Err(error),
    }
    let mut files: Vec<Vec<(&Copy, SignatureFile)>> = vec![Vec::new(); artifacts.len()];
    let (refusals, copies): (Vec<&Copy>, Vec<&Copy>) =
        copies.iter().copied().partition(|copy| copy.has_refusals());
    for copy in &copies {
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
        let signed = match path == run {
            true => Signed::run(&sealed),
            false => Signed::manifest(artifact, Some(&sealed)),
        };
        let signed = SignedFile { path, root, signed };
        if let Some(text) = unite(signed, &files, by, &mut merged)? {
            texts.push((path.with_file_name(signature_of(&name_of(path))), text));
        }
    }
    if let Some(text) = refusals::unite((run, root), &sealed, &refusals, by.keyring, &mut merged)? {
        texts.push((run.with_file_name(refusals_of(&name_of(run))), text));
    }
    let beside: Vec<&Copy> = refusals.iter().chain(&copies).copied().collect();
    texts.extend(run_time::from_copies(run, &sealed, &beside, &mut merged));
    texts.extend(boundary::from_copies(run, &beside, &mut merged));
    Ok(Plan { merged, texts })
}

fn read_run(path: &Path, root: &Path) -> Result<SealedRun, MergeError> {
    let bytes = reading::read(path, root, MAX_BYTES)?;
    SealedRun::read(Arc::new(bytes))
        .map_err(|error| MergeError::NotAnArtifact { path: path.to_owned(), error })
}

/// The index of the artifact that a copy is about, and the signatures in it; `None` if it is a copy
/// of an artifact with exactly the same content. The error is the reason why nothing of it can be
/// added.
fn place(
    copy: &Copy,
    artifacts: &[(PathBuf, Artifact)],
) -> Result<Option<(usize, SignatureFile)>, Words> {
    let bytes = reading::read(&copy.path, &copy.root, MAX_BYTES)
        .map_err(|error| Words::from(error.reason()))?;
    if conflict_marker(&bytes).is_some() {
        return Err(words!("left-out-conflict-markers"));
    }
    let is_copy_of = |name: &str| copy.of == name;
    if let Some((_, artifact)) = artifacts.iter().find(|(path, _)| is_copy_of(&name_of(path))) {
        let other = Artifact::parse(&bytes).map_err(Words::from)?;
        return match other.canonical().digest() == artifact.canonical().digest() {
            true => Ok(None),
            false => Err(words!("left-out-version-not-signatures")),
        };
    }
    let file = SignatureFile::parse_for_rewrite(&bytes).map_err(Words::from)?;
    let about = |(_, artifact): &(PathBuf, Artifact)| file.check_about(artifact);
    let named = artifacts.iter().position(|(path, _)| is_copy_of(&signature_of(&name_of(path))));
    let index = match named {
        _ if copy.origin == Origin::OtherName => {
            artifacts.iter().position(|artifact| about(artifact).is_ok()).unwrap_or(0)
        }
        Some(index) => index,
        None => return Err(words!("left-out-no-manifest")),
    };
    match about(&artifacts[index]) {
        Ok(()) => Ok(Some((index, file))),
        Err(SignatureFileError::OtherContent { found, wanted }) => Err(words!(
            "left-out-other-artifact",
            found = %brief(&found),
            wanted = %brief(&wanted)
        )),
        Err(error) => Err(error.into()),
    }
}

/// Reports that the artifact beside a copy is another version of the one here.
fn other_version(copy: &Copy, (path, artifact): &(PathBuf, Artifact)) -> Option<LeftOut> {
    let beside = copy.path.with_file_name(name_of(path));
    let is_signed = copy.origin == Origin::Plain && beside != *path;
    let bytes = reading::read(&beside, &copy.root, MAX_BYTES).ok().filter(|_| is_signed)?;
    let same = Artifact::parse(&bytes)
        .is_ok_and(|other| other.canonical().digest() == artifact.canonical().digest());
    (!same).then(|| LeftOut {
        from: beside,
        origin: copy.origin,
        signer_id: None,
        why: words!("left-out-other-version"),
    })
}

impl Plan {
    /// The report on it before it is written.
    fn would_be(mut self) -> Merged {
        self.merged.written = self.texts.iter().map(|(path, _)| name_of(path)).collect();
        self.merged
    }
}
