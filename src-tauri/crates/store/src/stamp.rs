//! Whether files have changed since the last check, by their metadata alone: kind, size, times of
//! change, inode. Nothing is read.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{
    AUTHORITY_BOUNDARY, REFERENCE_LOG, manifest_of, refusals_of, signature_of,
};
use countersign_envelope::run_time_stamp::FOLDER;

use crate::reading::{directory_of, name_of};

/// The state of one or several files. Two are equal if nothing was changed in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp([u8; 16]);

impl Stamp {
    /// The state of a file, there or not; of a link, also that of what it leads to.
    pub fn of_file(path: &Path) -> Self {
        let mut facts = Facts::default();
        facts.add(path);
        facts.stamp()
    }

    /// The same state at a place: that of another file, equal in all else, differs.
    pub fn at(self, path: &Path) -> Self {
        let path = path.as_os_str().as_encoded_bytes();
        Self::over(&Digest::of_parts(&[&self.0, path]))
    }

    /// The state of two files or more as one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::over(&Digest::of_parts(&[&self.0, &other.0]))
    }

    fn over(digest: &Digest) -> Self {
        let mut stamp = [0; 16];
        stamp.copy_from_slice(&digest.as_bytes()[..16]);
        Self(stamp)
    }

    /// The bytes to keep.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From the bytes that were kept.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// The state of the files of an envelope.
#[derive(Debug, Clone, Copy)]
pub struct EnvelopeStamp {
    /// The state of all of them.
    pub stamp: Stamp,
    /// When the last of them was written, as the file system has it.
    pub modified: Option<SystemTime>,
}

impl EnvelopeStamp {
    /// The state of the envelope of a run; `None` if there is no such file.
    ///
    /// # Errors
    /// Fails with the error from the operating system if it is not known whether the file exists.
    pub fn of(run: &Path) -> std::io::Result<Option<Self>> {
        Self::with(run, &DirectoryState::of(directory_of(run)))
    }

    /// The same, where the state of its directory is known.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn with(run: &Path, directory: &DirectoryState) -> std::io::Result<Option<Self>> {
        let own = match fs::symlink_metadata(run) {
            Ok(meta) if meta.is_dir() => return Ok(None),
            Ok(meta) => meta,
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let name = name_of(run);
        let manifest = manifest_of(&name);
        let mut facts = Facts::default();
        facts.add_found(run, Ok(own));
        let signatures = [signature_of(&name), signature_of(&manifest), refusals_of(&name)];
        for beside in signatures.into_iter().chain([manifest]) {
            facts.add(&run.with_file_name(beside));
        }
        facts.bytes.extend(&directory.0);
        Ok(Some(Self { stamp: facts.stamp(), modified: facts.modified }))
    }
}

/// The state of the files of a directory that the verdicts on all its envelopes depend on.
#[derive(Debug)]
pub struct DirectoryState(Vec<u8>);

impl DirectoryState {
    /// The state of a directory.
    pub fn of(directory: &Path) -> Self {
        let mut facts = Facts::default();
        facts.add(&directory.join(AUTHORITY_BOUNDARY));
        // Which time stamp is the run's is only known once the run is read: when the folder of all of
        // them was last changed, and not when the envelope was.
        let [up, of_log, _] = REFERENCE_LOG;
        let beside_log = Path::new(up).join(of_log).join(FOLDER);
        [Path::new(FOLDER), &beside_log]
            .iter()
            .for_each(|folder| facts.add(&directory.join(folder)));
        Self(facts.bytes)
    }
}

/// Whether an error means that a file does not exist, and not only that it cannot be reached.
fn is_absence(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// The input of a stamp.
#[derive(Default)]
struct Facts {
    bytes: Vec<u8>,
    modified: Option<SystemTime>,
}

impl Facts {
    fn add(&mut self, path: &Path) {
        self.add_found(path, fs::symlink_metadata(path));
    }

    /// Adds a file, a link as it is itself.
    fn add_found(&mut self, path: &Path, meta: std::io::Result<Metadata>) {
        let is_link = meta.as_ref().is_ok_and(Metadata::is_symlink);
        self.add_one(meta);
        if is_link {
            self.add_one(fs::metadata(path));
        }
    }

    fn add_one(&mut self, meta: std::io::Result<Metadata>) {
        match meta {
            Ok(meta) => {
                self.bytes.push(if meta.is_file() { 1 } else { 2 });
                self.add_numbers(&meta);
                self.modified = self.modified.max(meta.modified().ok());
            }
            Err(error) => self.bytes.push(if is_absence(&error) { 0 } else { 3 }),
        }
    }

    /// The device is left out: a stick that is plugged in again may get another number.
    #[cfg(unix)]
    fn add_numbers(&mut self, meta: &Metadata) {
        use std::os::unix::fs::MetadataExt as _;
        let signed = [meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec()];
        let unsigned = [meta.size(), meta.ino()];
        signed.iter().for_each(|number| self.bytes.extend(number.to_le_bytes()));
        unsigned.iter().for_each(|number| self.bytes.extend(number.to_le_bytes()));
    }

    #[cfg(not(unix))]
    fn add_numbers(&mut self, meta: &Metadata) {
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).ok();
        let modified = meta.modified().ok().and_then(since).map_or(0, |since| since.as_nanos());
        self.bytes.extend(meta.len().to_le_bytes());
        self.bytes.extend(modified.to_le_bytes());
    }

    fn stamp(&self) -> Stamp {
        Stamp::over(&Digest::of(&self.bytes))
    }
}
