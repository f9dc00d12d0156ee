//! What a directory looks like, so that it can be said afterwards what changed in it.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::WalkDir;

use crate::error::external::{Change, Fault};

/// The files of a directory and its sub-directories at one moment, without their content.
pub(super) struct Snapshot {
    directory: PathBuf,
    entries: HashMap<PathBuf, State>,
}

/// What tells a file from what it was, or from another one in its place.
#[derive(PartialEq, Eq)]
enum State {
    /// What is in it has entries of its own.
    Directory,
    File {
        size: u64,
        modified: Option<SystemTime>,
        identity: Identity,
    },
    /// Something that may not be read; it counts as long as it stays so.
    Unreadable,
}

impl Snapshot {
    /// Looks at a directory. An entry that cannot be read is not an error; a directory that cannot be read is.
    pub(super) fn of(directory: &Path) -> Result<Self, Fault> {
        let mut entries = HashMap::new();
        walk(directory, |path, state| {
            entries.insert(path, state);
        })?;
        Ok(Self { directory: directory.to_owned(), entries })
    }

    /// Looks again, and names the first file, by path, that is not as it was.
    pub(super) fn compare(mut self) -> Result<(), Fault> {
        let mut changes = Vec::new();
        walk(&self.directory, |path, state| match self.entries.remove(&path) {
            None => changes.push((path, Change::Appeared)),
            Some(before) if before != state => changes.push((path, Change::Modified)),
            Some(_) => {}
        })?;
        changes.extend(self.entries.into_keys().map(|path| (path, Change::Vanished)));
        let others = changes.len().saturating_sub(1);
        match changes.into_iter().min_by(|a, b| a.0.cmp(&b.0)) {
            Some((path, change)) => Err(Fault::Changed { path, change, others }),
            None => Ok(()),
        }
    }
}

fn walk(directory: &Path, mut visit: impl FnMut(PathBuf, State)) -> Result<(), Fault> {
    for entry in WalkDir::new(directory) {
        let found = entry.and_then(|entry| Ok((entry.metadata()?, entry)));
        match found {
            Ok((_, entry)) if entry.depth() == 0 => {}
            Ok((meta, entry)) => visit(entry.into_path(), State::of(&meta)),
            Err(error) => match error.path() {
                Some(path) if error.depth() > 0 => {
                    // What vanished under the walk is not there.
                    if error.io_error().is_none_or(|e| e.kind() != io::ErrorKind::NotFound) {
                        visit(path.to_owned(), State::Unreadable);
                    }
                }
                _ => return Err(Fault::Watch { path: directory.to_owned(), source: error.into() }),
            },
        }
    }
    Ok(())
}

impl State {
    fn of(meta: &Metadata) -> Self {
        if meta.is_dir() {
            return Self::Directory;
        }
        Self::File {
            size: meta.len(),
            modified: meta.modified().ok(),
            identity: Identity::of(meta),
        }
    }
}

/// What a file cannot be given at will: its number, and when it was last changed in any way.
#[derive(PartialEq, Eq)]
#[cfg(unix)]
struct Identity {
    device: u64,
    inode: u64,
    changed: (i64, i64),
}

#[cfg(unix)]
impl Identity {
    fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: meta.dev(), inode: meta.ino(), changed: (meta.ctime(), meta.ctime_nsec()) }
    }
}

/// Elsewhere size and time have to do.
#[derive(PartialEq, Eq)]
#[cfg(not(unix))]
struct Identity;

#[cfg(not(unix))]
impl Identity {
    fn of(_: &Metadata) -> Self {
        Self
    }
}
