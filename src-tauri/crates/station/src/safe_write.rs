//! Writing files so that a kill at any instruction leaves the old or the new one whole: a new file
//! beside the old, flushed, renamed over it, the directory flushed; under a lock that other
//! processes heed.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::reading::directory_of;

/// Why a file was not written. It is then as it was, but for what [`WriteError::Partly`] and
/// [`WriteError::Unconfirmed`] name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The directory could not be locked.
    #[error("{}: cannot be locked ({source}); check that the directory is there and readable", path.display())]
    Lock {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The target is a link, a directory or a device.
    #[error("{}: is there and is no regular file; move it aside", .0.display())]
    NotAFile(PathBuf),
    /// Something stands where a new file was to be.
    #[error("{}: is there already; nothing was written, move it aside", .0.display())]
    There(PathBuf),
    /// The new file could not be written.
    #[error("{}: cannot be written ({source}); nothing was changed. {}", path.display(), remedy(source))]
    Io {
        /// The file that was to be written.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Of several files that belong together, not all could be put in place.
    #[error(
        "{}: cannot be written ({source}); {} is written and stands, do the same again to complete it. {}",
        path.display(), stands.display(), remedy(source)
    )]
    Partly {
        /// The file that is as it was.
        path: PathBuf,
        /// The one that is new.
        stands: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The new file is in place, and may be gone after a power failure.
    #[error(
        "{}: is written, but the disk did not confirm it ({source}); check the disk, and later that the file is still there",
        path.display()
    )]
    Unconfirmed {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Make room on the disk and try again"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "Mount the disk writable, or copy the files to one that is"
        }
        io::ErrorKind::PermissionDenied => "Ask for write permission to the directory",
        _ => "Check the disk and the directory",
    }
}

/// A lock on a directory, held by one process at a time, given up when dropped or when the process
/// ends however it ends.
#[derive(Debug)]
pub struct DirectoryLock {
    _held: File,
}

/// New files are named so until they take their place.
const PREFIX: &str = ".countersign-";
const SUFFIX: &str = ".tmp";

/// Waits for the lock on a directory, and clears away what a writer that was killed left behind.
///
/// # Errors
/// Where the directory cannot be opened or locked.
pub fn lock(directory: &Path) -> Result<DirectoryLock, WriteError> {
    let failed = |source| WriteError::Lock { path: directory.to_owned(), source };
    let held = lock_target(directory).map_err(failed)?;
    held.lock().map_err(failed)?;
    // Writers hold the lock, so that nobody is at work on these. On a disk that cannot be written
    // they stay, and whoever tries to write there is told.
    for entry in std::fs::read_dir(directory).map_err(failed)?.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(DirectoryLock { _held: held })
}

/// Unix locks the directory itself, which leaves no file behind.
#[cfg(unix)]
fn lock_target(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

#[cfg(not(unix))]
fn lock_target(directory: &Path) -> io::Result<File> {
    File::create(directory.join(".countersign.lock"))
}

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever the umask allows, or whoever could read the old one.
    Shared,
    /// The owner only: mode 0600.
    Private,
}

/// A new file, whole and flushed, that has not taken the place of the old one yet.
#[derive(Debug)]
pub struct Prepared {
    file: NamedTempFile,
    target: PathBuf,
}

/// Writes and flushes a new file beside its target.
///
/// # Errors
/// Where it could not be written whole; nothing is left behind then.
pub fn prepare(target: &Path, bytes: &[u8], access: Access) -> Result<Prepared, WriteError> {
    let failed = |source| WriteError::Io { path: target.to_owned(), source };
    let old = match std::fs::symlink_metadata(target) {
        Ok(meta) if !meta.is_file() => return Err(WriteError::NotAFile(target.to_owned())),
        Ok(meta) => Some(meta),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if access == Access::Private { 0o600 } else { 0o666 };
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(directory_of(target)).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if let Some(old) = old.filter(|_| access == Access::Shared) {
        file.as_file().set_permissions(old.permissions()).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    Ok(Prepared { file, target: target.to_owned() })
}

/// Puts new files of one directory in the places of the old, one after another, and flushes the
/// directory.
///
/// # Errors
/// Where one could not be put in place: those before it stand, it and those after it are as they
/// were. Or where the disk does not confirm that they stand.
pub fn commit(prepared: Vec<Prepared>) -> Result<(), WriteError> {
    let mut last: Option<PathBuf> = None;
    for Prepared { file, target } in prepared {
        file.persist(&target).map_err(|error| match last.take() {
            None => WriteError::Io { path: target.clone(), source: error.error },
            Some(stands) => {
                WriteError::Partly { path: target.clone(), stands, source: error.error }
            }
        })?;
        last = Some(target);
    }
    let Some(path) = last else { return Ok(()) };
    sync_directory(directory_of(&path)).map_err(|source| WriteError::Unconfirmed { path, source })
}

impl Prepared {
    /// Takes its place where nothing stands, and flushes the directory.
    fn commit_new(self) -> Result<(), WriteError> {
        let Self { file, target } = self;
        file.persist_noclobber(&target).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => WriteError::There(target.clone()),
            _ => WriteError::Io { path: target.clone(), source: error.error },
        })?;
        sync_directory(directory_of(&target))
            .map_err(|source| WriteError::Unconfirmed { path: target, source })
    }
}

/// Writes a new file in one step. Whatever stands there is left alone.
///
/// # Errors
/// Where something stands there, or it could not be written whole.
pub fn create(target: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    if std::fs::symlink_metadata(target).is_ok() {
        return Err(WriteError::There(target.to_owned()));
    }
    prepare(target, bytes, Access::Shared)?.commit_new()
}

/// An empty folder beside the place that it is to take. It is gone again if it is dropped.
pub(crate) fn folder_beside(target: &Path) -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(directory_of(target))
}

/// Replaces a file in one step: [`prepare`] and [`commit`].
///
/// # Errors
/// As those.
pub fn replace(target: &Path, bytes: &[u8], access: Access) -> Result<(), WriteError> {
    commit(vec![prepare(target, bytes, access)?])
}

#[cfg(unix)]
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_writer_left_is_cleared_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        std::fs::write(at("run.sig.json"), "old").unwrap();
        let killed = prepare(&at("run.sig.json"), b"half", Access::Shared).unwrap();
        std::mem::forget(killed);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2);
        let _lock = lock(directory.path()).unwrap();
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read(at("run.sig.json")).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_keeps_the_mode_of_the_old() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run.sig.json");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"new", Access::Shared).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }
}
