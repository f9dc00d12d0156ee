//! Noticing what happens to files and directories, by what the operating system tells.
//!
//! Every directory is watched by itself, and by whoever reads it *before* it is read: what appears
//! in a new directory meanwhile is seen by one or the other.

mod mounts;

use countersign_problem::Problem;
use std::io;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use mounts::Mounts;

/// What was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noticed {
    /// The content of a file was written.
    Content(PathBuf),
    /// Something came, went, was renamed, or is open to others than before.
    Name(PathBuf),
    /// More than could be told: whatever is watched has to be looked at again.
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
    /// A watch that tells what it notices from threads of its own. It watches nothing yet.
    ///
    /// # Errors
    /// Where the operating system gives none.
    pub fn new(tell: impl Fn(Noticed) + Clone + Send + 'static) -> Result<Self, WatchError> {
        let told = tell.clone();
        let watcher = notify::recommended_watcher(move |event| noticed(event, &told));
        // Without it, a disk that goes is seen to have gone when something there is looked at.
        let mounts = Mounts::watch(move || tell(Noticed::Mounts)).ok();
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

fn noticed(event: notify::Result<notify::Event>, tell: &impl Fn(Noticed)) {
    let Ok(event) = event else {
        return tell(Noticed::Overflow);
    };
    if event.need_rescan() {
        tell(Noticed::Overflow);
    }
    for path in event.paths {
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Data(_)) => tell(Noticed::Content(path)),
            // Files that are merely read, by this program above all.
            EventKind::Access(_) => {}
            _ => tell(Noticed::Name(path)),
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
