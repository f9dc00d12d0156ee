//! The files of one envelope, read from disk.

use std::path::Path;

use countersign_admissibility::{Evidence, Part};
use countersign_envelope::file_name::{MAX_BYTES, manifest_of, signature_of};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;

use crate::logs::Logs;
use crate::reading::{self, ReadError};

type OrReason<T> = Result<T, String>;

/// What stands on disk for one sealed run.
#[derive(Debug)]
pub struct EnvelopeFiles {
    name: String,
    /// The sealed run, or why it cannot be read.
    pub run: OrReason<SealedRun>,
    run_signatures: Option<OrReason<SignatureFile>>,
    manifest: Option<OrReason<Manifest>>,
    manifest_signatures: Option<OrReason<SignatureFile>>,
}

impl EnvelopeFiles {
    /// Reads the envelope of a run. What cannot be read is kept as the reason why.
    pub fn read(run: &Path, root: &Path) -> Self {
        let name = reading::name_of(run);
        let beside = |name: &str| run.with_file_name(name);
        let manifest_name = manifest_of(&name);
        Self {
            run: read_part(run, root, SealedRun::parse)
                .unwrap_or_else(|| Err("no such file".to_owned())),
            run_signatures: read_part(&beside(&signature_of(&name)), root, SignatureFile::parse),
            manifest: read_part(&beside(&manifest_name), root, Manifest::parse),
            manifest_signatures: read_part(
                &beside(&signature_of(&manifest_name)),
                root,
                SignatureFile::parse,
            ),
            name,
        }
    }

    /// What the judgement takes.
    pub fn evidence<'a>(&'a self, logs: &'a Logs) -> Evidence<'a> {
        Evidence {
            file_name: &self.name,
            run: self.run.as_ref().map_err(String::as_str),
            run_signatures: part(&self.run_signatures),
            manifest: part(&self.manifest),
            manifest_signatures: part(&self.manifest_signatures),
            log: part(&logs.log),
            ledger: part(&logs.ledger),
        }
    }
}

fn part<T>(read: &Option<OrReason<T>>) -> Part<Result<&T, &str>> {
    match read {
        None => Part::Absent,
        Some(read) => Part::Read(read.as_ref().map_err(String::as_str)),
    }
}

fn read_part<T, E: std::fmt::Display>(
    path: &Path,
    root: &Path,
    parse: impl FnOnce(&[u8]) -> Result<T, E>,
) -> Option<OrReason<T>> {
    match reading::read(path, root, MAX_BYTES) {
        Ok(bytes) => Some(parse(&bytes).map_err(|error| error.to_string())),
        Err(ReadError::NotFound(_)) => None,
        Err(error) => Some(Err(error.reason())),
    }
}
