//! The files of the reference's pack that belong to a run beside its envelope and its logs: the
//! authority boundary (`abp_v1.json`), and the time stamp of the run
//! (`timestamps/<entry id>.tsa.json`). They are carried as they are.

use std::path::{Path, PathBuf};

use countersign_envelope::authority_boundary;
use countersign_envelope::file_name::AUTHORITY_BOUNDARY;
use countersign_envelope::run_time_stamp;
use countersign_envelope::sealed_run::SealedRun;

use crate::logs::Logs;
use crate::reading::{self, ReadError, directory_of};

/// A file that belongs to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companion {
    /// Its name in an archive, seen from the folder of its run.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The directory that it belongs to. Links may not lead out of it.
    directory: PathBuf,
    limit: u64,
}

impl Companion {
    fn at(directory: &Path, name: String, limit: u64) -> Option<Self> {
        let path = directory.join(&name);
        path.is_file().then(|| Self { name, path, directory: directory.to_owned(), limit })
    }

    /// Reads it.
    ///
    /// # Errors
    /// Fails with a [`ReadError`] that names the file.
    pub fn read(&self) -> Result<Vec<u8>, ReadError> {
        reading::read(&self.path, &self.directory, self.limit)
    }
}

/// The companion files of a run in a directory with these logs.
pub fn of(run: &SealedRun, directory: &Path, logs: &Logs) -> Vec<Companion> {
    let boundary = boundary_of(directory, logs.boundary.as_deref());
    let stamp = time_stamp_of(run, directory, logs.log_place.as_deref());
    boundary.into_iter().chain(stamp).collect()
}

/// The authority boundary of a directory, or one that a person named instead. What is there and no
/// regular file is one that cannot be read.
pub fn boundary_of(directory: &Path, named: Option<&Path>) -> Option<Companion> {
    let (name, limit) = (AUTHORITY_BOUNDARY.to_owned(), authority_boundary::MAX_BYTES);
    match named {
        Some(path) => {
            let directory = directory_of(path).to_owned();
            Some(Companion { name, path: path.to_owned(), directory, limit })
        }
        None => {
            let path = directory.join(&name);
            let is_there = std::fs::symlink_metadata(&path).is_ok();
            is_there.then(|| Companion { name, path, directory: directory.to_owned(), limit })
        }
    }
}

/// The time stamp of a run: beside the run, or else beside the log that counts there, where the
/// reference keeps it.
pub fn time_stamp_of(run: &SealedRun, directory: &Path, log: Option<&Path>) -> Option<Companion> {
    let mut places = std::iter::once(directory).chain(log.map(directory_of));
    places.find_map(|place| {
        // Most have no such folder, and nothing is computed for them.
        let name = place.join(run_time_stamp::FOLDER).is_dir();
        let name = name.then(|| run_time_stamp::name_for(run))?;
        Companion::at(place, name, run_time_stamp::MAX_BYTES)
    })
}

/// Whether a name, seen from the folder of its run in an archive, is that of such a file.
pub fn is_companion(name: &str) -> bool {
    name == AUTHORITY_BOUNDARY || run_time_stamp::is_name(name)
}
