//! Writing files so that a kill at any instruction leaves the old or the new one whole: a new file
//! beside the old, flushed, renamed over it, the directory flushed; under a lock that other
//! processes heed.

mod access;
mod lock;
pub mod notice;

use countersign_problem::{Problem, Words};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub use self::access::Access;
pub use self::lock::{DirectoryLock, lock};
use self::notice::{DiskNotice, is_not_offered};
use crate::reading::directory_of;

/// Why a file was not written. It is then unchanged, except for what [`WriteError::Partly`] names.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum WriteError {
    /// The directory could not be locked.
    Lock {
        /// The directory.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// Another process holds the lock on the directory.
    Locked {
        /// The directory.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
        /// Who holds the lock, as far as that is known.
        holder: Words,
        /// The file whose existence is the lock, which has to be removed if nobody is at work there.
        held: Option<String>,
    },
    /// Those who could read the old file could not read the new one.
    AccessNotKept {
        /// The file that was to be written.
        path: PathBuf,
        /// What cannot be kept.
        why: KeepError,
    },
    /// In a sticky directory only its owner can replace the file.
    #[arg(directory = directory_of(path))]
    Sticky {
        /// The file that was to be written.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// The target is a link, a directory or a device.
    NotAFile(PathBuf),
    /// Something exists at the path of a new file.
    There(PathBuf),
    /// The new file could not be written.
    #[arg(kind = format!("{:?}", source.kind()))]
    Io {
        /// The file that was to be written.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// Some of several files that belong together could not be put in place.
    #[arg(kind = format!("{:?}", source.kind()))]
    Partly {
        /// The file that is as it was.
        path: PathBuf,
        /// The one that is new.
        stands: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
}

/// What of the old file's access the new one cannot have.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum KeepError {
    /// Its owner could not read it any more.
    Owner {
        /// The owner's number.
        owner: u32,
    },
    /// It belongs to a group that the user is not in.
    Group {
        /// The group's number.
        group: u32,
        /// Its directory.
        directory: PathBuf,
    },
    /// It has an access control list.
    Acl {
        /// The error from the operating system.
        source: io::Error,
    },
    /// The file system does not offer to set permissions.
    #[arg(had = format!("{had:03o}"), has = format!("{has:03o}"))]
    Mode {
        /// The mode of the old file.
        had: u32,
        /// The mode of new ones.
        has: u32,
        /// The error from the operating system.
        source: io::Error,
    },
}

/// New files are named so until they take their place.
const PREFIX: &str = ".countersign-";
const SUFFIX: &str = ".tmp";

/// A new file, whole and flushed, that has not taken the place of the old one yet.
#[derive(Debug)]
pub struct Prepared {
    file: NamedTempFile,
    target: PathBuf,
}

/// Writes and flushes a new file beside its target.
///
/// # Errors
/// If it cannot be written whole, or not with the access that the old one has; nothing is left
/// behind then.
pub fn prepare(target: &Path, bytes: &[u8], access: Access<'_>) -> Result<Prepared, WriteError> {
    prepare_with(target, access, |file| io::Write::write_all(file, bytes))
}

/// As [`prepare`], with content that is not in memory as a whole.
///
/// # Errors
/// Fails as above, or if `write` fails.
pub fn prepare_with(
    target: &Path,
    access: Access<'_>,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<Prepared, WriteError> {
    let failed = |source| WriteError::Io { path: target.to_owned(), source };
    let mut file = beside(target, access)?;
    write(&mut file).map_err(failed)?;
    flush(file.as_file(), directory_of(target)).map_err(failed)?;
    Ok(Prepared { file, target: target.to_owned() })
}

/// Checks that a file could be written now: that its directory takes a new file, and that this one
/// could have the access of the old one. Nothing is changed.
///
/// # Errors
/// Why it could not be written.
pub fn rehearse(target: &Path, access: Access<'_>) -> Result<(), WriteError> {
    let _lock = lock(directory_of(target))?;
    beside(target, access).map(drop)
}

/// An empty file beside its target, with the access that the target has or is to have.
fn beside(target: &Path, access: Access<'_>) -> Result<NamedTempFile, WriteError> {
    let failed = |source| WriteError::Io { path: target.to_owned(), source };
    let old = match std::fs::symlink_metadata(target) {
        Ok(meta) if !meta.is_file() => return Err(WriteError::NotAFile(target.to_owned())),
        Ok(meta) => Some(meta),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let directory = directory_of(target);
    #[cfg(unix)]
    if let Some(old) = &old {
        use std::os::unix::fs::MetadataExt as _;
        let meta = std::fs::metadata(directory).map_err(failed)?;
        let user = rustix::process::geteuid().as_raw();
        let owner = old.uid();
        if meta.mode() & 0o1000 != 0 && ![owner, meta.uid(), 0].contains(&user) && user != 0 {
            return Err(WriteError::Sticky { path: target.to_owned(), owner });
        }
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(access.mode()));
    }
    let file = builder.tempfile_in(directory).map_err(failed)?;
    access.give(file.as_file(), target, old.as_ref())?;
    Ok(file)
}

/// Puts new files of one directory in the places of the old, one after another, and flushes the
/// directory. Once in place they remain, whatever the result of the flush, which is reported and is
/// not an error.
///
/// # Errors
/// Fails if one could not be put in place: those before it remain, it and those after it are
/// unchanged.
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
    if let Some(path) = last {
        confirm(&path);
    }
    Ok(())
}

impl Prepared {
    /// Puts it in place if nothing exists there, and flushes the directory.
    fn commit_new(self) -> Result<(), WriteError> {
        let Self { file, target } = self;
        match file.persist_noclobber(&target) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(WriteError::There(target));
            }
            // Some file systems have neither links nor a rename that replaces nothing.
            Err(error) if cannot_link(&error.error) => {
                if std::fs::symlink_metadata(&target).is_ok() {
                    return Err(WriteError::There(target));
                }
                return commit(vec![Self { file: error.file, target }]);
            }
            Err(error) => return Err(WriteError::Io { path: target, source: error.error }),
        }
        confirm(&target);
        Ok(())
    }
}

fn cannot_link(error: &io::Error) -> bool {
    #[cfg(unix)]
    if rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::PERM) {
        return true;
    }
    is_not_offered(error)
}

/// Writes a new file in one step. Whatever is there already is left alone.
///
/// # Errors
/// If something is there, or it cannot be written whole.
pub fn create(target: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    if std::fs::symlink_metadata(target).is_ok() {
        return Err(WriteError::There(target.to_owned()));
    }
    prepare(target, bytes, Access::Shared)?.commit_new()
}

/// An empty folder beside its future place. It is removed when it is dropped.
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
pub fn replace(target: &Path, bytes: &[u8], access: Access<'_>) -> Result<(), WriteError> {
    commit(vec![prepare(target, bytes, access)?])
}

/// Flushes a file. A file system that cannot do so is reported once, and is not an error.
///
/// # Errors
/// If the flush failed.
pub fn flush(file: &File, directory: &Path) -> io::Result<()> {
    offered(file.sync_all(), directory)
}

/// The result of a flush, except that the file system does not support it.
pub fn offered(flushed: io::Result<()>, directory: &Path) -> io::Result<()> {
    match flushed {
        Err(error) if is_not_offered(&error) => {
            notice::notify_once(DiskNotice::FlushNotOffered { directory: directory.to_owned() });
            Ok(())
        }
        other => other,
    }
}

/// Flushes the directory of a file that is in place. The file remains whatever the result.
pub(crate) fn confirm(path: &Path) {
    let directory = directory_of(path);
    if let Err(error) = sync_directory(directory) {
        let why = error.to_string();
        notice::notify(&DiskNotice::NotConfirmed { path: path.to_owned(), why });
    }
}

#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    flush(&File::open(directory)?, directory)
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_a_killed_writer_are_removed() {
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
