//! Notifications of changes to files and directories, from the operating system.
//!
//! Every directory has its own watch, set *before* the directory is read: a file that appears in a
//! new directory in the meantime is seen by one or the other.

mod mounts;

use countersign_problem::Problem;
use std::io;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use mounts::Mounts;

/// A change that was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noticed {
    /// The content of a file was written.
    Content(PathBuf),
    /// Something came, went, was renamed, or is open to others than before.
    Name(PathBuf),
    /// Too many changes to report: everything that is watched must be checked again.
    Overflow,
    /// A disk was mounted or unmounted somewhere.
    Mounts,
}

/// Why a directory is not watched.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum WatchError {
    /// It is not there any more.
    NotFound,
    /// It may not be read.
    NotAllowed,
    /// The operating system watches no more directories.
    Limit,
    /// Anything else: network file systems cannot always be watched.
    Other(String),
}

/// A watch on any number of directories, until it is dropped.
#[derive(Debug)]
pub struct Watch {
    watcher: RecommendedWatcher,
    _mounts: Option<Mounts>,
}

impl Watch {
    /// A watch that reports changes from its own threads. It watches nothing yet.
    ///
    /// # Errors
    /// Fails if the operating system provides none.
    pub fn new(notify: impl Fn(Noticed) + Clone + Send + 'static) -> Result<Self, WatchError> {
        let of_watcher = notify.clone();
        let watcher = notify::recommended_watcher(move |event| noticed(event, &of_watcher));
        // Without it, a disk that is removed is noticed when something on it is checked.
        let mounts = Mounts::watch(move || notify(Noticed::Mounts)).ok();
        Ok(Self { watcher: watcher.map_err(|error| reason(&error))?, _mounts: mounts })
    }

    /// Watches a directory, and none below it. One that is watched already still is.
    ///
    /// # Errors
    /// Why it is not watched.
    pub fn directory(&mut self, path: &Path) -> Result<(), WatchError> {
        self.watcher.watch(path, RecursiveMode::NonRecursive).map_err(|error| reason(&error))
    }
}

fn noticed(event: notify::Result<notify::Event>, notify: &impl Fn(Noticed)) {
    let Ok(event) = event else {
        return notify(Noticed::Overflow);
    };
    if event.need_rescan() {
        notify(Noticed::Overflow);
    }
    for path in event.paths {
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Data(_)) => notify(Noticed::Content(path)),
            // Files that are merely read, by this program above all.
            EventKind::Access(_) => {}
            _ => notify(Noticed::Name(path)),
        }
    }
}

fn reason(error: &notify::Error) -> WatchError {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => WatchError::Limit,
        notify::ErrorKind::PathNotFound => WatchError::NotFound,
        notify::ErrorKind::Io(io) => match io.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => WatchError::NotFound,
            io::ErrorKind::PermissionDenied => WatchError::NotAllowed,
            _ => WatchError::Other(io.to_string()),
        },
        _ => WatchError::Other(error.to_string()),
    }
}
