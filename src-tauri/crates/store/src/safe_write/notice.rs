//! Notices about a disk that do not stop the work: that another process has the lock, and features
//! that a file system lacks.

use countersign_problem::{Problem, Words};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A notice about a disk. Each is a sentence with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Problem)]
#[non_exhaustive]
pub enum DiskNotice {
    /// Another process holds the lock on a directory.
    WaitingForLock {
        /// The directory.
        directory: PathBuf,
        /// Who holds it, as far as that is known.
        holder: Words,
        /// How long it is waited for.
        seconds: u64,
    },
    /// The other process has released it.
    LockTaken {
        /// The directory.
        directory: PathBuf,
    },
    /// A file is in place, but the disk reported an error when asked to confirm that.
    NotConfirmed {
        /// The file.
        path: PathBuf,
        /// The error from the operating system.
        why: String,
    },
    /// The file system has no way to confirm that a file is on the disk.
    FlushNotOffered {
        /// The directory.
        directory: PathBuf,
    },
    /// The file system has no permissions of its own.
    #[arg(has = format!("{has:03o}"), had = format!("{had:03o}"))]
    ModeNotKept {
        /// The file.
        path: PathBuf,
        /// The mode of the old file.
        had: u32,
        /// The mode of the new one.
        has: u32,
    },
    /// Other users can read or change a private key.
    KeyOpenToOthers {
        /// The key file.
        path: PathBuf,
        /// What they can do.
        can: &'static str,
        /// The path as a shell takes it.
        command: String,
    },
    /// The act could not be written to the journal afterwards.
    NotJournalled {
        /// Why not.
        why: Words,
    },
    /// A claim could not be kept.
    ClaimNotKept {
        /// Why not.
        why: Words,
    },
    /// The terms of a signature file could not be remembered.
    TermsNotRemembered {
        /// Why not.
        why: Words,
    },
}

type Listener = Box<dyn Fn(&DiskNotice) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Sets who receives notices, once in a process: a command line prints them, a window displays
/// them. Until then they are discarded.
pub fn listen(listener: impl Fn(&DiskNotice) + Send + Sync + 'static) {
    // The first one stays.
    let _ = LISTENER.set(Box::new(listener));
}

/// Tells whoever listens.
pub fn notify(notice: &DiskNotice) {
    if let Some(listener) = LISTENER.get() {
        listener(notice);
    }
}

/// Tells what stays true for as long as the process runs, once.
pub(crate) fn notify_once(notice: DiskNotice) {
    static SENT: Mutex<Option<HashSet<DiskNotice>>> = Mutex::new(None);
    let mut sent = SENT.lock();
    if sent.get_or_insert_default().insert(notice.clone()) {
        notify(&notice);
    }
}

/// Whether an error means that a file system has no such operation, rather than that it failed.
pub(super) fn is_not_offered(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        // FUSE, CIFS and shared folders of virtual machines answer with any of these.
        let not_offered =
            [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP, Errno::NOTTY];
        if Errno::from_io_error(error).is_some_and(|errno| not_offered.contains(&errno)) {
            return true;
        }
    }
    error.kind() == io::ErrorKind::Unsupported
}
