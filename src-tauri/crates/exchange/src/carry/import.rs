//! Importing envelopes into a directory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use countersign_admissibility::claims::Signed;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::{acceptance, agreement};
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::{Digest, brief};
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, MAX_BYTES, TRANSPARENCY_LOG, manifest_of, refusals_of, run_of_manifest,
    signature_of,
};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::run_time_stamp;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;
use countersign_journal::{Event, Recorder};
use countersign_problem::{Words, words};
use countersign_signers::lifetime::Held;
use countersign_store::archive::{self, Archive, Opened};
use countersign_store::companions;
use countersign_store::directory;
use countersign_store::envelope_files::EnvelopeBytes;
use countersign_store::log_memory::ChainKind;
use countersign_store::logs::LogBook;
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, WriteError};
use serde::Serialize;

use super::envelope::{NotCarried, folder_in, is_run, sound};
use super::error::CarryError;
use super::logs::{ArrivedLog, bring_log, check_logs};
use crate::merge::{self, MergeError, Merged, MergedBy};

/// An envelope that came in.
#[derive(Debug, Clone, Serialize)]
pub struct Arrived {
    /// Whether it was not there before.
    pub new: bool,
    /// Run and manifest, if they were written.
    pub files: Vec<String>,
    /// The result for its signatures.
    #[serde(flatten)]
    pub merged: Merged,
}

/// The report of an import.
#[derive(Debug, Clone, Serialize)]
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

    pub(super) fn event(&self, archive: &Path) -> Event {
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
        taken.insert(refusals_of(name));
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
    let of_stamp = runs_of_time_stamps(&archive);
    for (folder, directory) in landed {
        let inside = |name: &str| name.strip_prefix(&folder).is_some_and(companions::is_companion);
        for (name, bytes) in archive.files().filter(|(name, _)| inside(name)) {
            let inside = name.strip_prefix(&folder).unwrap_or(name);
            let checked = match (run_time_stamp::is_name(inside), of_stamp.get(name)) {
                (false, _) => Ok(()),
                (true, Some(run)) => merge::run_time::check(bytes, run),
                // Of no run that was carried.
                (true, None) => continue,
            };
            taken.insert(name.to_owned());
            let brought = checked.and_then(|()| import.companion(bytes, &directory.join(inside)));
            if let Err(why) = brought {
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

/// The run of each time stamp of a run in an archive, by the name of the time stamp.
fn runs_of_time_stamps(archive: &Archive) -> BTreeMap<String, SealedRun> {
    let mut of = BTreeMap::new();
    let is_stamp =
        |name: &str| name.contains(run_time_stamp::FOLDER) && name.ends_with(".tsa.json");
    // Most archives have none, and no run is parsed for it.
    if !archive.files().any(|(name, _)| is_stamp(name)) {
        return of;
    }
    for (name, bytes) in archive.files().filter(|(name, _)| is_run(name)) {
        if let Ok(run) = SealedRun::parse(bytes) {
            let stamp = format!("{}{}", folder_in(name), run_time_stamp::name_for(&run));
            if archive.get(&stamp).is_some() {
                of.insert(stamp, run);
            }
        }
    }
    of
}

struct Importing<'a> {
    pub(super) path: &'a Path,
    archive: &'a Archive,
    target: &'a Path,
    /// A folder of our own for the signatures that are united.
    aside: &'a Path,
    keyring: &'a Keyring,
    recorder: &'a dyn Recorder,
}

impl Importing<'_> {
    fn not_taken(&self, name: &str, why: Words) -> NotCarried {
        NotCarried { file: self.path.join(name).display().to_string(), why }
    }

    /// Imports one envelope. The error is the reason why nothing of it was imported.
    fn envelope(
        &self,
        name: &str,
        there: &[PathBuf],
        left_out: &mut Vec<NotCarried>,
    ) -> Result<Arrived, Words> {
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
            return Err(words!(
                "carry-other-run",
                other = %brief(&other.to_string()),
                run = %brief(&digest.to_string())
            ));
        }
        let new = found.is_none();
        let place = found.unwrap_or(place);
        let directory = directory_of(&place);
        if new {
            self.make(directory)?;
        }
        let mut files = Vec::new();
        let manifest = manifest_of(name);
        let to = place.with_file_name(manifest_of(&name_of(&place)));
        // A complete envelope is only read.
        let is_complete = !new && fs::symlink_metadata(&to).is_ok();
        let lock = (!is_complete).then(|| safe_write::lock(directory)).transpose()?;
        if let Some(bytes) = self.archive.get(&manifest) {
            match self.manifest(bytes, &manifest, &run, &to) {
                Ok(true) => files.push(name_of(&to)),
                Ok(false) => {}
                Err(why) => left_out.push(self.not_taken(&manifest, why)),
            }
        }
        // Last, so that a run is never seen without what belongs to it.
        if new {
            safe_write::create(&place, bytes)?;
            files.push(name_of(&place));
        }
        drop(lock);
        let merged = self.signatures(name, &place)?;
        Ok(Arrived { new, files, merged })
    }

    /// Makes a folder below the target, if no link leads out of it.
    fn make(&self, directory: &Path) -> Result<(), Words> {
        let failed = |error: std::io::Error| words!("carry-folder", directory = %directory.display(), %error);
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
                return Err(words!("carry-link-out", path = %at.display()));
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
    ) -> Result<bool, Words> {
        let manifest = Manifest::parse(bytes)?;
        let artifact = manifest.artifact();
        if fs::symlink_metadata(to).is_ok() {
            return match digest_of(to, self.target)? == artifact.canonical().digest() {
                true => Ok(false),
                false => Err(words!("carry-other-manifest")),
            };
        }
        let run_name = run_of_manifest(&name_of(to)).unwrap_or_default();
        let mut rules = agreement::manifest(run, &run_name, &manifest).into_iter();
        if let Some(why) = rules.find_map(|rule| rule.outcome.err()) {
            return Err(words!("carry-manifest-of-other", why));
        }
        if let Some(bytes) = self.archive.get(&signature_of(name)) {
            let file = SignatureFile::parse(bytes)?;
            let judged =
                acceptance::judge(&file, Signed::manifest(artifact, Some(run)), self.keyring);
            if !judged.iter().any(acceptance::may_hold) {
                return Err(words!("carry-none-verifies"));
            }
        }
        safe_write::create(to, bytes)?;
        Ok(true)
    }

    /// Imports a file that belongs to a run beside its envelope, if there is no file of that name.
    fn companion(&self, bytes: &[u8], to: &Path) -> Result<(), Words> {
        self.make(directory_of(to))?;
        match reading::read(to, self.target, MAX_BYTES) {
            Ok(there) if there == bytes => Ok(()),
            Ok(_) => Err(words!("carry-other-file")),
            Err(ReadError::NotFound(_)) => Ok(safe_write::create(to, bytes)?),
            Err(error) => Err(words!("carry-existing", why = error.reason())),
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
        let report = {
            let by = MergedBy { keyring: self.keyring, memory: None };
            merge::merge(place, &[source], by, self.recorder)?
        };
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
fn digest_of(path: &Path, root: &Path) -> Result<Digest, Words> {
    let standing = |why: Words| words!("carry-existing", why);
    let bytes =
        reading::read(path, root, MAX_BYTES).map_err(|error| standing(error.reason().into()))?;
    let artifact = Artifact::parse(&bytes).map_err(|error| standing(error.into()))?;
    Ok(artifact.canonical().digest())
}
