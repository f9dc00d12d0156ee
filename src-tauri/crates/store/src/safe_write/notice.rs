//! What a person should know of a disk although the work goes on: that another process is waited
//! for, and what a file system does not offer.

use countersign_problem::Problem;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

/// What a person should know of a disk. Each is a sentence with what to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Problem)]
#[non_exhaustive]
pub enum DiskNotice {
    /// Another process holds the lock on a directory.
    WaitingForLock {
        /// The directory.
        directory: PathBuf,
        /// Who holds it, as far as that is known.
        holder: String,
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
        /// What the operating system said.
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
    /// What was done could not be written to the journal afterwards.
    NotJournalled {
        /// Why not.
        why: String,
    },
    /// What a signature file asks for could not be remembered.
    TermsNotRemembered {
        /// Why not.
        why: String,
    },
}

type Listener = Box<dyn Fn(&DiskNotice) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Sets who is told, once in a process: a command line prints it, a window shows it. Until then
/// nobody is told.
pub fn listen(listener: impl Fn(&DiskNotice) + Send + Sync + 'static) {
    // The first one stays.
    let _ = LISTENER.set(Box::new(listener));
}

/// Tells whoever listens.
pub fn tell(notice: &DiskNotice) {
    if let Some(listener) = LISTENER.get() {
        listener(notice);
    }
}

/// Tells what stays true for as long as the process runs, once.
pub(crate) fn tell_once(notice: DiskNotice) {
    static TOLD: Mutex<Option<HashSet<DiskNotice>>> = Mutex::new(None);
    let mut told = TOLD.lock();
    if told.get_or_insert_default().insert(notice.clone()) {
        tell(&notice);
    }
}

/// Whether an error says that a file system has no such operation, rather than that it failed.
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
