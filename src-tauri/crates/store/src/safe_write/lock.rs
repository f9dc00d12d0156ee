//! Locks on directories: one writer at a time, across processes. A wait is reported after one
//! second, and ends after thirty.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use countersign_problem::{Words, words};

use super::notice::{self, DiskNotice};
use super::{PREFIX, SUFFIX, WriteError};

/// After how long a wait for a lock is reported.
const SAY_AFTER: Duration = Duration::from_secs(1);
/// After how long a wait for a lock ends.
const GIVE_UP_AFTER: Duration = Duration::from_secs(30);
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// The file that is locked if directories cannot be.
const LOCK_FILE: &str = ".countersign.lock";
/// The file whose existence is the lock if nothing can be locked.
const HELD_FILE: &str = ".countersign.lock.held";

/// A lock on a directory, held by one process at a time. It is released when dropped, or when the
/// process ends.
#[derive(Debug)]
pub struct DirectoryLock {
    _locked: File,
    /// The file whose existence is the lock, if the file system offers no other.
    held: Option<PathBuf>,
}

impl Drop for DirectoryLock {
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            // If it remains, the next process that waits for it is told to remove it.
            let _ = std::fs::remove_file(held);
        }
    }
}

/// Waits for the lock on a directory, then removes what writers left behind that were killed.
///
/// # Errors
/// If the directory cannot be opened or locked, or another process holds the lock for too long.
pub fn lock(directory: &Path) -> Result<DirectoryLock, WriteError> {
    let lock = lock_within(directory, SAY_AFTER, GIVE_UP_AFTER)?;
    let failed = |source| WriteError::Lock { path: directory.to_owned(), source };
    // Writers hold the lock, so nobody is using these. On a read-only disk they remain, and the
    // next writer is notified.
    for entry in std::fs::read_dir(directory).map_err(failed)?.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(lock)
}

fn lock_within(
    directory: &Path,
    report_after: Duration,
    give_up_after: Duration,
) -> Result<DirectoryLock, WriteError> {
    let begun = Instant::now();
    let (mut way, mut is_reported, mut pause) = (Way::FIRST, false, Duration::from_millis(1));
    let lock = loop {
        match way.attempt(directory) {
            Ok(Some(lock)) => break lock,
            Ok(None) => {}
            Err(source) if is_not_offered(&source) => match way.next() {
                Some(next) => {
                    way = next;
                    continue;
                }
                None => return Err(WriteError::Lock { path: directory.to_owned(), source }),
            },
            Err(source) => return Err(WriteError::Lock { path: directory.to_owned(), source }),
        }
        if begun.elapsed() >= give_up_after {
            return Err(WriteError::Locked {
                path: directory.to_owned(),
                seconds: give_up_after.as_secs(),
                holder: way.holder(directory),
                held: way.held(directory),
            });
        }
        if !is_reported && begun.elapsed() >= report_after {
            is_reported = true;
            notice::notify(&DiskNotice::WaitingForLock {
                directory: directory.to_owned(),
                holder: way.holder(directory),
                seconds: give_up_after.as_secs(),
            });
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(PAUSE);
    };
    if is_reported {
        notice::notify(&DiskNotice::LockTaken { directory: directory.to_owned() });
    }
    Ok(lock)
}

/// How a directory is locked, the best way first. Every version of this program locks the directory
/// itself if the file system allows it, so that all of them exclude each other; if it does not,
/// older versions refuse to write.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// The directory itself, which leaves no file behind.
    Directory,
    /// A file in it: NFS locks only what is open for writing.
    File,
    /// No lock, but a file that only one process can create.
    Existence,
}

impl Way {
    #[cfg(unix)]
    const FIRST: Self = Self::Directory;
    #[cfg(not(unix))]
    const FIRST: Self = Self::File;

    fn next(self) -> Option<Self> {
        match self {
            Self::Directory => Some(Self::File),
            Self::File => Some(Self::Existence),
            Self::Existence => None,
        }
    }

    /// Tries once; `None` if another process holds the lock.
    fn attempt(self, directory: &Path) -> io::Result<Option<DirectoryLock>> {
        let locked = match self {
            Self::Directory => File::open(directory)?,
            Self::File => open_lock_file(directory)?,
            Self::Existence => {
                let held = directory.join(HELD_FILE);
                return match File::create_new(&held) {
                    Ok(mut file) => {
                        // Only for whoever waits; the lock is held whatever is in it.
                        let _ = write!(file, "process {} on {}", std::process::id(), host());
                        Ok(Some(DirectoryLock { _locked: file, held: Some(held) }))
                    }
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
                    Err(error) => Err(error),
                };
            }
        };
        match locked.try_lock() {
            Ok(()) => Ok(Some(DirectoryLock { _locked: locked, held: None })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
                Ok(None)
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Who holds the lock, as far as that is known.
    fn holder(self, directory: &Path) -> Words {
        let known = match self {
            Self::Directory => process_that_locks(directory),
            Self::File => process_that_locks(&directory.join(LOCK_FILE)),
            Self::Existence => {
                let text = std::fs::read(directory.join(HELD_FILE)).unwrap_or_default();
                let text = String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
                (!text.is_empty()).then(|| Words::text(text))
            }
        };
        known.unwrap_or_else(|| words!("lock-holder-unknown"))
    }

    /// The file that has to be removed if its process is gone.
    fn held(self, directory: &Path) -> Option<String> {
        match self {
            Self::Directory | Self::File => None,
            Self::Existence => Some(directory.join(HELD_FILE).display().to_string()),
        }
    }
}

/// Whether an error means that this way of locking does not exist, rather than that it failed.
fn is_not_offered(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        // NFS returns EBADF for a directory: it locks only files that are open for writing.
        let errno = Errno::from_io_error(error);
        if matches!(errno, Some(Errno::NOLCK | Errno::BADF)) {
            return true;
        }
    }
    notice::is_not_offered(error)
}

/// Opens the file that is locked in place of its directory, or makes it: for whoever may write to the
/// directory.
fn open_lock_file(directory: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
        let file = options.open(directory.join(LOCK_FILE))?;
        let mode = std::fs::metadata(directory)?.mode() & 0o666;
        if file.metadata()?.mode() & 0o666 != mode {
            // Whoever made it can; a file system without permissions needs none.
            let _ = file.set_permissions(std::fs::Permissions::from_mode(mode));
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(directory.join(LOCK_FILE))
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    "this machine".to_owned()
}

/// The process that holds a lock on a file or directory, as Linux lists it.
fn process_that_locks(path: &Path) -> Option<Words> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt as _;
        let inode = format!(":{}", std::fs::metadata(path).ok()?.ino());
        let locks = std::fs::read_to_string("/proc/locks").ok()?;
        // 1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF
        let process = locks.lines().find_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let held = fields.get(1) == Some(&"FLOCK") && fields.get(5)?.ends_with(&inode);
            held.then(|| fields.get(4).copied())?
        })?;
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
        let user = std::fs::metadata(format!("/proc/{process}")).ok()?.uid();
        Some(words!("lock-holder", %process, name = name.trim().to_owned(), %user))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    #[test]
    fn a_lock_that_another_holds_is_given_up_and_its_holder_named() {
        let directory = tempfile::tempdir().unwrap();
        let held = lock(directory.path()).unwrap();
        let error = lock_within(directory.path(), NOW, NOW).unwrap_err().to_string();
        assert!(error.contains("locked for 0 seconds"), "{error}");
        #[cfg(target_os = "linux")]
        assert!(error.contains(&format!("process {} ", std::process::id())), "{error}");
        drop(held);
        lock_within(directory.path(), NOW, NOW).unwrap();
    }

    #[test]
    fn each_way_excludes_a_second_writer_and_is_released() {
        let directory = tempfile::tempdir().unwrap();
        for way in [Way::FIRST, Way::File, Way::Existence] {
            let held = way.attempt(directory.path()).unwrap();
            assert!(held.is_some(), "{way:?}");
            assert!(way.attempt(directory.path()).unwrap().is_none(), "{way:?}");
            drop(held);
            assert!(way.attempt(directory.path()).unwrap().is_some(), "{way:?}");
        }
    }
}
