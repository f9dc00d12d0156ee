//! Carrying envelopes from one station to another: out into one file, checked; in from it, checked.
//!
//! An export is an [`Archive`] of envelopes, each with its manifest and signatures, and of the logs
//! of their directories. An import adds new envelopes, and new signatures by the rules of
//! [`merge`]; it removes nothing. Whatever contradicts existing files is named and left out.
//! Importing the same file twice changes nothing.

use countersign_problem::{Problem, Reason};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use countersign_admissibility::agreement;
use countersign_admissibility::keyring::Keyring;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::{Digest, brief};
use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, MAX_BYTES, TRANSPARENCY_LOG, is_sealed_run, manifest_of, run_of_manifest,
    signature_of,
};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::visible::visible_short;
use countersign_signers::lifetime::Held;
use serde::Serialize;

use crate::merge::{self, MergeError, Merged};
use countersign_admissibility::acceptance;
use countersign_journal::{ArchiveFacts, Event, JournalError, Recorder};
use countersign_store::archive::{self, Archive, ArchiveError, Fault, Opened, Unfit};
use countersign_store::companions;
use countersign_store::directory::{self, DirectoryError};
use countersign_store::envelope_files::EnvelopeBytes;
use countersign_store::log_head_file;
use countersign_store::log_memory::Depth;
use countersign_store::log_memory::{self, ChainKind, Rewritten};
use countersign_store::logs::LogBook;
use countersign_store::reading::{self, ReadError, ReadReason, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};

/// Why nothing was carried.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum CarryError {
    /// A run that was named cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A directory cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// The file that carries them cannot be read or written.
    #[problem(transparent)]
    Archive(#[from] ArchiveError),
    /// There is nothing to carry.
    Nothing,
    /// Two files of one name.
    Clash(String),
    /// A name that does not travel.
    Name {
        /// The name.
        name: String,
        /// The reason.
        why: &'static str,
    },
    /// The file has another digest than the expected one.
    #[arg(faults = list(faults))]
    Faults {
        /// The file.
        path: PathBuf,
        /// What differs.
        faults: Vec<Fault>,
    },
    /// It has another digest than the one that was passed on.
    #[arg(found = found.grouped(), expected = expected.grouped())]
    OtherDigest {
        /// The file.
        path: PathBuf,
        /// Its digest.
        found: Digest,
        /// The one that was passed on.
        expected: Digest,
    },
    /// There is no envelope in it.
    NoRun(PathBuf),
    /// A log does not go on from what this station remembers of it.
    Rewritten(Box<Rewritten>),
    /// A log is broken, or what is remembered of it cannot be read.
    Log(String),
    /// It is not known whether the log here is as it was seen.
    LogUnknown {
        /// Why not.
        why: Reason,
    },
    /// The files could not be put aside for reading.
    Temporary(std::io::Error),
    /// The act could not be journalled, and so was not done.
    Journal(#[from] JournalError),
}

/// Some of the faults, in words.
pub(crate) fn list(faults: &[Fault]) -> String {
    const MOST: usize = 5;
    let mut list: Vec<String> = faults.iter().take(MOST).map(ToString::to_string).collect();
    if faults.len() > MOST {
        list.push(format!("{} more", faults.len() - MOST));
    }
    list.join(", ")
}

/// An envelope that is carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Carried {
    /// Its run, by the name in the archive.
    pub file: String,
    /// The decision's id.
    pub decision_id: String,
    /// The decision's title.
    pub title: String,
    /// SHA-256 of the canonical bytes of the run: what is signed.
    pub digest: String,
}

/// What was not exported or not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct NotCarried {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
}

/// What was exported.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ExportReport {
    /// The digest that two people compare, 64 hex digits.
    pub digest: String,
    /// The envelopes in it.
    pub envelopes: Vec<Carried>,
    /// What was left out.
    pub left_out: Vec<NotCarried>,
    /// Logs and ledgers in it that do not go on from what this station remembers of them.
    pub warnings: Vec<String>,
}

/// Puts envelopes into one zip: runs, named by any of their files, and whole directories of them.
/// The export is recorded before it is written. The current files are exported as they are; logs
/// that do not continue what the station remembers are listed in the report and in the book.
///
/// # Errors
/// Fails if a source cannot be read, nothing can be exported, or the file cannot be written. The
/// report names envelopes that cannot be exported.
pub fn export(
    sources: &[PathBuf],
    out: &Path,
    book: &LogBook,
    recorder: &dyn Recorder,
) -> Result<ExportReport, CarryError> {
    let (archive, report) = collect(sources, book)?;
    let facts = ArchiveFacts {
        kind: "export",
        archive: out.display().to_string(),
        digest: archive.digest().to_string(),
        file: report.envelopes.first().map(|one| one.file.clone()).unwrap_or_default(),
        envelopes: report.envelopes.len() as u64,
    };
    recorder.record(&Event::ArchiveAttempted(facts.clone()))?;
    archive.write_zip(out)?;
    // The file is written; a journal that fails only now has the attempt.
    let _ = recorder.record(&Event::ArchiveWritten(facts));
    Ok(report)
}

fn collect(sources: &[PathBuf], book: &LogBook) -> Result<(Archive, ExportReport), CarryError> {
    let mut archive = Archive::default();
    let (mut envelopes, mut left_out) = (Vec::new(), Vec::new());
    // The source of each folder of the archive.
    let mut folders: BTreeSet<(String, PathBuf)> = BTreeSet::new();
    for source in sources {
        let (root, runs) = if source.is_dir() {
            let found = directory::find(source)?;
            let unsearched = |why| NotCarried { file: source.display().to_string(), why };
            left_out.extend(found.unreadable.into_iter().map(unsearched));
            (source.as_path(), found.runs)
        } else {
            let run = merge::run_of(source);
            reading::read(&run, directory_of(source), MAX_BYTES)?;
            (directory_of(source), vec![PathBuf::from(name_of(&run))])
        };
        for inside in runs {
            let run = root.join(&inside);
            let not_carried =
                |path: &Path, why| NotCarried { file: path.display().to_string(), why };
            let folder = folder_name(&inside).ok_or_else(|| CarryError::Name {
                name: directory_of(&inside).display().to_string(),
                why: "is not Unicode",
            })?;
            let bytes = EnvelopeBytes::read(&run, root);
            let found = match &bytes.run {
                Some(Ok(bytes)) => sound(bytes),
                Some(Err(why)) => Err(why.to_string()),
                None => Err(ReadReason::NotFound.to_string()),
            };
            let found = match found {
                Ok(run) => run,
                Err(why) => {
                    left_out.push(not_carried(&run, why));
                    continue;
                }
            };
            for (name, read) in bytes.files() {
                match read {
                    Ok(bytes) => add(&mut archive, &format!("{folder}{name}"), bytes)?,
                    Err(why) => {
                        left_out.push(not_carried(&run.with_file_name(name), why.to_string()))
                    }
                }
            }
            for (name, path) in companions::of(&found, directory_of(&run)) {
                let added =
                    reading::read(&path, root, MAX_BYTES).map_err(|error| error.reason().to_string()).and_then(
                        |bytes| match add(&mut archive, &format!("{folder}{name}"), &bytes) {
                            Err(CarryError::Clash(_)) => {
                                Err("another file of this name is in the export; export the directories separately"
                                    .to_owned())
                            }
                            other => other.map_err(|error| error.to_string()),
                        },
                    );
                if let Err(why) = added {
                    left_out.push(not_carried(&path, why));
                }
            }
            let carried = carried(format!("{folder}{}", name_of(&run)), &found);
            if !envelopes.contains(&carried) {
                envelopes.push(carried);
            }
            folders.insert((folder, directory_of(&run).to_owned()));
        }
    }
    if envelopes.is_empty() {
        return Err(CarryError::Nothing);
    }
    for (folder, directory) in folders {
        let logs = book.for_directory(&directory);
        for (path, standing, name) in [
            (&logs.log_place, &logs.log_standing, TRANSPARENCY_LOG),
            (&logs.ledger_place, &logs.ledger_standing, AUTHORITY_LEDGER),
        ] {
            if let Some(why) = &standing.undecided {
                let file = directory.join(name).display().to_string();
                left_out.push(NotCarried { file, why: why.to_string() });
            }
            let Some(path) = path else { continue };
            let why = match reading::read(path, directory_of(path), MAX_LOG_BYTES) {
                Ok(bytes) => match add(&mut archive, &format!("{folder}{name}"), &bytes) {
                    Err(CarryError::Clash(_)) => {
                        "another file of this name is in the export; export the directories separately".to_owned()
                    }
                    other => {
                        other?;
                        continue;
                    }
                },
                Err(error) => error.reason().to_string(),
            };
            left_out.push(NotCarried { file: path.display().to_string(), why });
        }
    }
    let digest = archive.digest().hex();
    let rewritten = book.rewritten().into_iter().map(|rewritten| rewritten.to_string());
    let warnings = rewritten.chain(book.unknown().iter().map(ToString::to_string)).collect();
    Ok((archive, ExportReport { digest, envelopes, left_out, warnings }))
}

/// Adds a file; the same one twice is one.
fn add(archive: &mut Archive, name: &str, bytes: &[u8]) -> Result<(), CarryError> {
    if archive.get(name) == Some(bytes) {
        return Ok(());
    }
    archive.add(name, bytes.to_vec()).map_err(|unfit| match unfit {
        Unfit::Name(why) => CarryError::Name { name: name.to_owned(), why },
        Unfit::Twice => CarryError::Clash(name.to_owned()),
    })
}

/// The folder of a path inside a directory, as archives write it: empty, or with a slash behind.
/// `None` if its name is not Unicode, which archives cannot carry.
fn folder_name(inside: &Path) -> Option<String> {
    let parts = inside.parent().into_iter().flat_map(Path::components);
    parts.map(|part| Some(format!("{}/", part.as_os_str().to_str()?))).collect()
}

/// The folder of a name in an archive: empty, or with a slash behind.
fn folder_in(name: &str) -> &str {
    name.rfind('/').map_or("", |end| &name[..=end])
}

/// A run contains its own hash: neither end accepts one that was changed since.
fn sound(bytes: &[u8]) -> Result<SealedRun, String> {
    let run = SealedRun::parse(bytes).map_err(|error| error.to_string())?;
    let recorded = run.recorded_hash().unwrap_or("");
    match run.content_hash() {
        Some(computed) if computed.is(recorded) => Ok(run),
        _ => Err("it was changed after it was sealed: its content hash does not match".to_owned()),
    }
}

fn carried(file: String, run: &SealedRun) -> Carried {
    let short = |text: Option<&str>| visible_short(text.unwrap_or(""), 400);
    Carried {
        file,
        decision_id: short(run.decision_id()),
        title: short(run.title()),
        digest: run.artifact().canonical().digest().hex(),
    }
}

/// The contents of an export before it is imported: for two people to compare.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Inspected {
    /// The digest, 64 hex digits.
    pub digest: String,
    /// The envelopes in it, as far as they can be read.
    pub envelopes: Vec<Carried>,
    /// What does not match its list. With any of these it cannot be imported.
    pub faults: Vec<Fault>,
}

/// Looks at what a file carries. Nothing is written.
///
/// # Errors
/// Fails if it is not an archive.
pub fn inspect(path: &Path) -> Result<Inspected, CarryError> {
    let Opened { archive, digest, faults, .. } = archive::open(path)?;
    let runs = archive.files().filter(|(name, _)| is_run(name));
    let envelopes =
        runs.filter_map(|(name, bytes)| Some(carried(name.to_owned(), &sound(bytes).ok()?)));
    Ok(Inspected { digest: digest.hex(), envelopes: envelopes.collect(), faults })
}

fn is_run(name: &str) -> bool {
    is_sealed_run(name.rsplit('/').next().unwrap_or(name))
}

/// An envelope that came in.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Arrived {
    /// Whether it was not there before.
    pub new: bool,
    /// Run and manifest, if they were written.
    pub files: Vec<String>,
    /// The result for its signatures.
    #[serde(flatten)]
    pub merged: Merged,
}

/// The result for a log.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ArrivedLog {
    /// Its path.
    pub path: String,
    /// Whether it was not there before; else it was made longer.
    pub new: bool,
}

/// The report of an import.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ImportReport {
    /// The digest of what was read, 64 hex digits.
    pub digest: String,
    /// The envelopes that came in or were there.
    pub envelopes: Vec<Arrived>,
    /// The logs that were added or made longer.
    pub logs: Vec<ArrivedLog>,
    /// What was not imported as a whole. What was left out of an envelope is listed with the
    /// envelope.
    pub left_out: Vec<NotCarried>,
    /// Files of the archive that belong to no envelope: the proofs of a pack, what a file manager
    /// has left.
    pub not_taken: Vec<String>,
}

impl ImportReport {
    /// Whether all that was carried is there now.
    pub fn is_whole(&self) -> bool {
        self.left_out.is_empty() && self.envelopes.iter().all(|one| one.merged.left_out.is_empty())
    }

    fn event(&self, archive: &Path) -> Event {
        let new = self.envelopes.iter().filter(|one| one.new).count() as u64;
        let merged = || self.envelopes.iter().map(|one| &one.merged);
        let left_out: usize = merged().map(|one| one.left_out.len()).sum();
        Event::Imported {
            archive: archive.display().to_string(),
            digest: format!("sha256:{}", self.digest),
            new,
            there: self.envelopes.len() as u64 - new,
            signatures: merged().map(|one| one.added.len() as u64).sum(),
            left_out: (left_out + self.left_out.len()) as u64,
        }
    }
}

/// What is imported, where to, and what it is checked against.
#[derive(Debug)]
pub struct Import<'a> {
    /// The exported file, or the folder that it was unpacked into.
    pub archive: &'a Path,
    /// The directory of envelopes.
    pub target: &'a Path,
    /// The digest that the file must have, if the sender named one.
    pub expected: Option<Digest>,
    /// The keys whose signatures may set terms.
    pub keyring: &'a Keyring,
    /// The logs of the target.
    pub book: &'a LogBook,
}

/// Imports what a file carries: see the module. The logs of every directory that something is
/// written to are checked first. The attempt is recorded before anything is written.
///
/// # Errors
/// Fails if the file is not an archive, does not match its list, or is not the expected one; if the
/// directory does not exist, or one of its logs is broken or does not continue what the station
/// remembers of it. The report names what was not imported.
pub fn import(import: &Import<'_>, recorder: &dyn Recorder) -> Result<ImportReport, CarryError> {
    let &Import { archive: path, target, expected, keyring, book } = import;
    let Opened { archive, digest, faults, litter } = archive::open(path)?;
    if let Some(expected) = expected.filter(|expected| *expected != digest) {
        return Err(CarryError::OtherDigest { path: path.to_owned(), found: digest, expected });
    }
    if !faults.is_empty() {
        return Err(CarryError::Faults { path: path.to_owned(), faults });
    }
    let runs: Vec<&str> =
        archive.files().map(|(name, _)| name).filter(|name| is_run(name)).collect();
    if runs.is_empty() {
        return Err(CarryError::NoRun(path.to_owned()));
    }
    // Found by their names in all folders, because a station may use folders of its own.
    let mut known: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for inside in directory::find(target)?.runs {
        known.entry(name_of(&inside)).or_default().push(target.join(inside));
    }
    let mut directories = BTreeSet::from([target.to_owned()]);
    for name in &runs {
        let there = known.get(&name_of(Path::new(name)));
        directories.extend(there.into_iter().flatten().map(|run| directory_of(run).to_owned()));
        directories.insert(directory_of(&target.join(name)).to_owned());
    }
    directories.iter().try_for_each(|directory| check_logs(directory, book))?;
    let aside = tempfile::Builder::new().prefix("countersign-").tempdir();
    let aside = aside.map_err(CarryError::Temporary)?;
    let _held = Held::directory(aside.path());
    let (from, directory) = (path.display().to_string(), target.display().to_string());
    recorder.record(&Event::ImportAttempted {
        archive: from,
        digest: digest.to_string(),
        directory,
    })?;
    let import =
        Importing { path, archive: &archive, target, aside: aside.path(), keyring, recorder };
    let mut report = ImportReport {
        digest: digest.hex(),
        envelopes: Vec::new(),
        logs: Vec::new(),
        left_out: Vec::new(),
        not_taken: litter,
    };
    let mut landed: BTreeSet<(String, PathBuf)> = BTreeSet::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for name in runs {
        let manifest = manifest_of(name);
        let of_envelope = [name, &manifest].into_iter();
        taken.extend(of_envelope.flat_map(|file| [file.to_owned(), signature_of(file)]));
        let there = known.get(&name_of(Path::new(name))).map(Vec::as_slice).unwrap_or_default();
        match import.envelope(name, there, &mut report.left_out) {
            Ok(arrived) => {
                let directory = directory_of(&arrived.merged.path).to_owned();
                landed.insert((folder_in(name).to_owned(), directory));
                report.envelopes.push(arrived);
            }
            Err(why) => report.left_out.push(import.not_taken(name, why)),
        }
    }
    for (folder, directory) in landed {
        let inside = |name: &str| name.strip_prefix(&folder).is_some_and(companions::is_companion);
        for (name, bytes) in archive.files().filter(|(name, _)| inside(name)) {
            let place = directory.join(name.strip_prefix(&folder).unwrap_or(name));
            taken.insert(name.to_owned());
            if let Err(why) = import.companion(bytes, &place) {
                report.left_out.push(import.not_taken(name, why));
            }
        }
        for (name, kind) in
            [(TRANSPARENCY_LOG, ChainKind::Log), (AUTHORITY_LEDGER, ChainKind::Ledger)]
        {
            let name = format!("{folder}{name}");
            taken.insert(name.clone());
            match archive.get(&name).map(|bytes| bring_log(bytes, &directory, kind, book)) {
                None | Some(Ok(None)) => {}
                Some(Ok(Some(arrived))) => {
                    book.look_again();
                    report.logs.push(arrived);
                }
                Some(Err(why)) => report.left_out.push(import.not_taken(&name, why)),
            }
        }
    }
    report.not_taken.extend(archive.files().map(|(name, _)| name.to_owned()).filter(|name| {
        !taken.contains(name) && !report.left_out.iter().any(|one| one.file.ends_with(name))
    }));
    // The files are written; a journal that fails only now has the attempt.
    let _ = recorder.record(&report.event(path));
    Ok(report)
}

struct Importing<'a> {
    path: &'a Path,
    archive: &'a Archive,
    target: &'a Path,
    /// A folder of our own for the signatures that are united.
    aside: &'a Path,
    keyring: &'a Keyring,
    recorder: &'a dyn Recorder,
}

impl Importing<'_> {
    fn not_taken(&self, name: &str, why: String) -> NotCarried {
        NotCarried { file: self.path.join(name).display().to_string(), why }
    }

    /// Imports one envelope. The error is the reason why nothing of it was imported.
    fn envelope(
        &self,
        name: &str,
        there: &[PathBuf],
        left_out: &mut Vec<NotCarried>,
    ) -> Result<Arrived, String> {
        let bytes = self.archive.get(name).unwrap_or_default();
        let run = sound(bytes)?;
        let digest = run.artifact().canonical().digest();
        let place = self.target.join(name);
        let mut other = None;
        let mut found = None;
        // The one in the same folder first.
        for path in there.iter().filter(|path| **path == place).chain(there) {
            let standing = digest_of(path, self.target)?;
            if standing == digest {
                found = Some(path.clone());
                break;
            }
            other = Some(standing);
        }
        if let (None, Some(other)) = (&found, other) {
            return Err(format!(
                "conflict: another run has this name ({}), not this one ({}); a person has to decide which one is right",
                brief(&other.to_string()),
                brief(&digest.to_string())
            ));
        }
        let new = found.is_none();
        let place = found.unwrap_or(place);
        let words = |error: WriteError| error.to_string();
        let directory = directory_of(&place);
        if new {
            self.make(directory)?;
        }
        let mut files = Vec::new();
        let manifest = manifest_of(name);
        let to = place.with_file_name(manifest_of(&name_of(&place)));
        // A complete envelope is only read.
        let is_complete = !new && fs::symlink_metadata(&to).is_ok();
        let lock =
            (!is_complete).then(|| safe_write::lock(directory)).transpose().map_err(words)?;
        if let Some(bytes) = self.archive.get(&manifest) {
            match self.manifest(bytes, &manifest, &run, &to) {
                Ok(true) => files.push(name_of(&to)),
                Ok(false) => {}
                Err(why) => left_out.push(self.not_taken(&manifest, why)),
            }
        }
        // Last, so that a run is never seen without what belongs to it.
        if new {
            safe_write::create(&place, bytes).map_err(words)?;
            files.push(name_of(&place));
        }
        drop(lock);
        let merged = self.signatures(name, &place).map_err(|error| error.to_string())?;
        Ok(Arrived { new, files, merged })
    }

    /// Makes a folder below the target, if no link leads out of it.
    fn make(&self, directory: &Path) -> Result<(), String> {
        let failed = |error: std::io::Error| {
            format!("{}: the folder cannot be made: {error}", directory.display())
        };
        let root = self.target.canonicalize().map_err(failed)?;
        let mut at = self.target.to_owned();
        let inside = directory.strip_prefix(self.target).unwrap_or(Path::new(""));
        for part in inside.components() {
            at.push(part);
            match fs::create_dir(&at) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(failed(error));
                }
                _ => {}
            }
            if !at.canonicalize().map_err(failed)?.starts_with(&root) {
                return Err(format!("{}: a link that leads out of the directory", at.display()));
            }
        }
        Ok(())
    }

    /// Imports a manifest, by its name in the archive. Returns whether it was written. A manifest
    /// that is not of this run, or is not covered by its own signatures, would only keep the right
    /// one out.
    fn manifest(
        &self,
        bytes: &[u8],
        name: &str,
        run: &SealedRun,
        to: &Path,
    ) -> Result<bool, String> {
        let manifest = Manifest::parse(bytes).map_err(|error| error.to_string())?;
        let artifact = manifest.artifact();
        if fs::symlink_metadata(to).is_ok() {
            return match digest_of(to, self.target)? == artifact.canonical().digest() {
                true => Ok(false),
                false => Err("conflict: another manifest exists here; if the imported one is right, move the existing one and its signatures aside and import again".to_owned()),
            };
        }
        let run_name = run_of_manifest(&name_of(to)).unwrap_or_default();
        let mut rules = agreement::manifest(run, &run_name, &manifest).into_iter();
        if let Some(why) = rules.find_map(|rule| rule.outcome.err()) {
            return Err(format!("it does not belong to the run: {why}"));
        }
        if let Some(bytes) = self.archive.get(&signature_of(name)) {
            let file = SignatureFile::parse(bytes).map_err(|error| error.to_string())?;
            let judged = acceptance::judge(&file, artifact, run.created_at(), self.keyring);
            if !judged.iter().any(acceptance::may_hold) {
                return Err("none of its signatures in the archive verifies".to_owned());
            }
        }
        safe_write::create(to, bytes).map_err(|error| error.to_string())?;
        Ok(true)
    }

    /// Imports a file that belongs to a run beside its envelope, if there is no file of that name.
    fn companion(&self, bytes: &[u8], to: &Path) -> Result<(), String> {
        self.make(directory_of(to))?;
        match reading::read(to, self.target, MAX_BYTES) {
            Ok(there) if there == bytes => Ok(()),
            Ok(_) => Err("conflict: another file of this name exists here".to_owned()),
            Err(ReadError::NotFound(_)) => {
                safe_write::create(to, bytes).map_err(|error| error.to_string())
            }
            Err(error) => Err(format!("the existing file cannot be read: {}", error.reason())),
        }
    }

    /// Merges the signatures with the existing ones.
    fn signatures(&self, name: &str, place: &Path) -> Result<Merged, MergeError> {
        let bytes = EnvelopeBytes::of(name.to_owned(), |file| {
            self.archive.get(file).map(|bytes| Ok(bytes.to_vec().into()))
        });
        // Under the names that they have here, each envelope in a folder of its own.
        let temporary = |source| WriteError::Io { path: self.aside.to_owned(), source };
        let aside = self.aside.join(Digest::of(name.as_bytes()).hex());
        fs::create_dir(&aside).map_err(temporary)?;
        for (file, read) in bytes.files() {
            if let Ok(bytes) = read {
                let to = aside.join(name_of(Path::new(&file)));
                fs::write(to, bytes.as_slice()).map_err(temporary)?;
            }
        }
        let source = aside.join(name_of(place));
        let report = merge::merge(place, &[source], self.keyring, self.recorder)?;
        let none = Merged { path: place.to_owned(), ..Merged::default() };
        let mut merged = report.envelopes.into_iter().next().unwrap_or(Ok(none))?;
        let folder = self.path.join(folder_in(name));
        let of_archive = |path: &mut PathBuf| *path = folder.join(name_of(path));
        merged.added.iter_mut().chain(&mut merged.there).for_each(|one| of_archive(&mut one.from));
        let left_out = merged.left_out.iter_mut().filter(|one| one.from.starts_with(&aside));
        left_out.for_each(|one| of_archive(&mut one.from));
        Ok(merged)
    }
}

/// The digest of the canonical bytes of an existing artifact.
fn digest_of(path: &Path, root: &Path) -> Result<Digest, String> {
    let standing = |why: String| format!("the existing file cannot be read: {why}");
    let bytes = reading::read(path, root, MAX_BYTES)
        .map_err(|error| standing(error.reason().to_string()))?;
    let artifact = Artifact::parse(&bytes).map_err(|error| standing(error.to_string()))?;
    Ok(artifact.canonical().digest())
}

/// Whether the logs of a directory may be added to: they hold, and go on from what the station
/// remembers of them.
fn check_logs(directory: &Path, book: &LogBook) -> Result<(), CarryError> {
    let logs = book.for_directory(directory);
    let broken = |place: &Option<PathBuf>, broken: Option<&str>| {
        let place = place.as_deref().unwrap_or(directory).display();
        broken.map(|broken| format!("{place}: is broken, {broken}; restore it from a copy"))
    };
    let log = logs.readable_log().and_then(|log| broken(&logs.log_place, log.broken()));
    let ledger = logs.ledger.as_deref().and_then(|ledger| ledger.as_ref().ok());
    let ledger = ledger.and_then(|ledger| broken(&logs.ledger_place, ledger.broken()));
    for (broken, standing) in [(log, &logs.log_standing), (ledger, &logs.ledger_standing)] {
        if let Some(why) = broken {
            return Err(CarryError::Log(why));
        }
        match &standing.rewritten {
            Some(rewritten) if !standing.is_allowed => {
                return Err(CarryError::Rewritten(Box::new(rewritten.clone())));
            }
            _ => {}
        }
        if let Some(why) = &standing.unknown {
            return Err(CarryError::LogUnknown { why: why.clone() });
        }
    }
    Ok(())
}

/// Imports a log if there is none, or if the existing one is its beginning. Returns `None` if all
/// of it is here already.
///
/// Beside a transparency log its head is written, as when it is registered in.
fn bring_log(
    bytes: &[u8],
    directory: &Path,
    kind: ChainKind,
    book: &LogBook,
) -> Result<Option<ArrivedLog>, String> {
    let memory = book.memory();
    let brought = log_memory::check_bytes(bytes, kind, memory);
    if let Some(broken) = brought.summary.broken {
        return Err(format!("its chain does not hold, {broken}"));
    }
    // A fork of what this station remembers is not imported.
    if let Some(rewritten) = brought.rewritten {
        return Err(rewritten.to_string());
    }
    if let Some(error) = brought.unknown {
        return Err(error.to_string());
    }
    let place = match kind {
        ChainKind::Log => book.log_for(directory),
        ChainKind::Ledger => book.ledger_for(directory),
    }
    .map_err(|why| why.to_string())?;
    let place = place.as_path();
    let words = |error: WriteError| error.to_string();
    let head = |place: &Path| match kind {
        ChainKind::Log => log_head_file::write_for(place, bytes),
        ChainKind::Ledger => Ok(()),
    };
    let _lock = safe_write::lock(directory_of(place)).map_err(words)?;
    // Under the lock once more: another process may have written to it since it was checked.
    match log_memory::examine(place, kind, memory, Depth::Rest, &mut |_, _| {}) {
        Ok(own) => match (own.summary.broken, own.rewritten.filter(|_| !book.allows_rewritten())) {
            (Some(broken), _) => return Err(format!("the existing log is broken, {broken}")),
            (None, Some(rewritten)) => return Err(rewritten.to_string()),
            (None, None) => {}
        },
        Err(ReadError::NotFound(_)) => {}
        Err(error) => {
            return Err(format!("the existing log cannot be read: {}", error.reason()));
        }
    }
    let arrived = |new| {
        // If it is not remembered now, it is at the next reading.
        let _ = log_memory::examine(place, kind, memory, Depth::Rest, &mut |_, _| {});
        Some(ArrivedLog { path: place.display().to_string(), new })
    };
    match reading::read(place, directory_of(place), MAX_LOG_BYTES) {
        Err(ReadError::NotFound(_)) => {
            safe_write::create(place, bytes).and_then(|()| head(place)).map_err(words)?;
            Ok(arrived(true))
        }
        Err(error) => Err(format!("the existing log cannot be read: {}", error.reason())),
        Ok(own) if is_beginning(bytes, &own) => Ok(None),
        Ok(own) if is_beginning(&own, bytes) => {
            let written = safe_write::replace(place, bytes, Access::Shared);
            written.and_then(|()| head(place)).map_err(words)?;
            Ok(arrived(false))
        }
        Ok(_) => {
            Err("conflict: there is another log here; register the imported runs in it".to_owned())
        }
    }
}

/// Whether a log is another's first lines, or all of them.
fn is_beginning(first: &[u8], whole: &[u8]) -> bool {
    let first = first.trim_ascii_end();
    whole.strip_prefix(first).is_some_and(|rest| {
        first.is_empty() || rest.first().is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_the_beginning_of_another_by_whole_lines() {
        for (first, whole, is) in [
            ("", "a\n", true),
            ("a\n", "a\nb\n", true),
            ("a", "a\n", true),
            ("a\n", "a", true),
            ("a", "ab\n", false),
            ("a\nb\n", "a\n", false),
        ] {
            assert_eq!(is_beginning(first.as_bytes(), whole.as_bytes()), is, "{first:?} {whole:?}");
        }
    }
}
