//! Finding copies, and the envelope that each is about.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use countersign_admissibility::signatures::JudgedSignature;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{
    MAX_BYTES, is_manifest, is_refusals, is_sealed_run, is_signature, manifest_of, refusals_of,
    run_in_name, signature_of,
};
use countersign_envelope::json::conflict_marker;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::Words;
use countersign_store::directory;
use countersign_store::reading::{self, directory_of, name_of};
use walkdir::WalkDir;

use super::copy_name::{
    Origin, artifact_in_name, is_usual, may_be_copy, original_of, run_of, signed_in_name,
};
use super::error::MergeError;
use super::report::{LeftOut, Reported};

/// The longest file of another name that is searched for signatures, in bytes (1 MiB).
const MAX_COPY_BYTES: u64 = 1 << 20;

/// A file that may hold signatures of an envelope.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    pub(super) path: PathBuf,
    /// Links may lead no further.
    pub(super) root: PathBuf,
    /// The name of the file that it is a copy of.
    pub(super) of: String,
    pub(super) origin: Origin,
    /// Named by the person, and not come upon in a directory.
    pub(super) is_named: bool,
}

/// The run that a copy is about, by the digest in its signatures. The names of both are only a hint
/// where to start.
pub(super) struct Homes<'a> {
    pub(super) runs: &'a [PathBuf],
    pub(super) root: &'a Path,
    /// By the digest of the canonical bytes of run and manifest; read once a copy needs it.
    pub(super) by_digest: Option<HashMap<Digest, PathBuf>>,
}

impl Homes<'_> {
    pub(super) fn of(&mut self, copy: &Copy) -> Option<PathBuf> {
        let hinted = run_in_name(&name_of(&copy.path));
        let hinted = hinted.and_then(|name| self.runs.iter().find(|run| name_of(run) == name));
        let bytes = reading::read(&copy.path, &copy.root, MAX_COPY_BYTES).ok()?;
        let file = SignatureFile::parse(&bytes).ok();
        let about = file.as_ref().and_then(SignatureFile::artifact_hash).and_then(Digest::parse);
        let Some(about) = about else {
            // Another version of the run or its manifest, or one that git stopped in.
            let is_version = conflict_marker(&bytes).is_some()
                || RefusalsFile::parse(&bytes).is_ok()
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

/// Whether a copy is one of the target's own files.
pub(super) fn is_own(copy: &Copy, run: &Path) -> bool {
    let same = || copy.path.canonicalize().ok() == run.with_file_name(&copy.of).canonicalize().ok();
    copy.origin == Origin::Plain && same()
}

pub(super) fn find_copies(
    source: &Path,
    unreadable: &mut Vec<Words>,
) -> Result<Vec<Copy>, MergeError> {
    let is_artifact = |name: &str| is_sealed_run(name) || is_manifest(name);
    if source.is_dir() {
        let mut copies = Vec::new();
        for entry in WalkDir::new(source).sort_by_file_name() {
            match entry {
                Ok(entry) if !entry.file_type().is_dir() => {
                    let copy = Copy::of(entry.path(), source, false);
                    let is_aside = copy.origin != Origin::Plain;
                    let is_other = copy.origin == Origin::OtherName;
                    let is_signed = is_signature(&copy.of) || is_refusals(&copy.of);
                    if is_other || is_signed || (is_aside && is_artifact(&copy.of)) {
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
        let names = [signature_of(&run), signature_of(&manifest_of(&run)), refusals_of(&run)];
        let beside = names.into_iter().map(|name| source.with_file_name(name));
        return Ok(beside
            .filter(|path| path.exists())
            .map(|path| Copy::of(&path, directory_of(source), true))
            .collect());
    }
    let artifact = signed_in_name(&named.of);
    if !is_artifact(artifact) {
        named.origin = Origin::OtherName;
    }
    Ok(vec![named])
}

pub(super) fn read_artifact(path: &Path, root: &Path) -> Result<(PathBuf, Artifact), MergeError> {
    let bytes = reading::read(path, root, MAX_BYTES)?;
    let artifact = Artifact::parse(&bytes)
        .map_err(|error| MergeError::NotAnArtifact { path: path.to_owned(), error })?;
    Ok((path.to_owned(), artifact))
}

/// Whether git stopped in the middle of merging a signature file.
pub(super) fn is_stopped(file: &Path, root: &Path) -> bool {
    let bytes = reading::read(file, root, MAX_COPY_BYTES);
    bytes.is_ok_and(|bytes| conflict_marker(&bytes).is_some())
}

impl Copy {
    pub(super) fn of(path: &Path, root: &Path, is_named: bool) -> Self {
        let name = name_of(path);
        let (of, origin) = match original_of(&name) {
            (of, Origin::Plain) if !is_usual(&of) && may_be_copy(&of) => {
                (artifact_in_name(&of).unwrap_or(of), Origin::OtherName)
            }
            known => known,
        };
        Self { path: path.to_owned(), root: root.to_owned(), of, origin, is_named }
    }

    /// Whether it holds refusals, not signatures.
    pub(super) fn has_refusals(&self) -> bool {
        let parses = || {
            let bytes = reading::read(&self.path, &self.root, MAX_COPY_BYTES);
            bytes.is_ok_and(|bytes| RefusalsFile::parse(&bytes).is_ok())
        };
        is_refusals(&self.of) || (self.origin == Origin::OtherName && parses())
    }

    pub(super) fn reported(
        &self,
        file: &str,
        one: &JudgedSignature,
        note: Option<Words>,
    ) -> Reported {
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

    pub(super) fn left_out(&self, signer_id: Option<String>, why: Words) -> LeftOut {
        LeftOut { from: self.path.clone(), origin: self.origin, signer_id, why }
    }
}
