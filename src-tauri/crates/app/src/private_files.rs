//! Who could read the station's own files: closes to others, once, what an earlier version left open.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_envelope::instant::Instant;
use countersign_journal::{self as journal, Event, Journal, JournalError};
use countersign_problem::Problem;
#[cfg(unix)]
use countersign_store::ownership::is_open_to_all;
use countersign_store::ownership::make_private_directory;
use countersign_store::places::{cache, config, state};
use countersign_store::safe_write::{self, Access};

/// Marks, in the state folder, that the folders were made private once.
const MADE_PRIVATE: &str = "made-private";

/// What the user's group could change until this start.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[arg(names = names(files))]
pub struct MadePrivate {
    /// Files and folders.
    pub files: Vec<PathBuf>,
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// At the first start of a version that keeps its files private: closes what an earlier version left
/// open to the user's group (umask 002) in the station's own folders, as far as it belongs to the
/// user. What the group could change is given, and journalled. No version ever let every user write:
/// such files and folders, and what is in such folders, are not touched. They are named and not
/// used, as is everything that is open at later starts (see [`countersign_store::ownership`]).
///
/// # Errors
/// If it cannot be journalled; it is closed all the same.
#[cfg(unix)]
pub fn make_private_once(name: &str, now: Instant) -> Result<Option<MadePrivate>, JournalError> {
    let Some(state) = state(name) else { return Ok(None) };
    let (mark, journal) = (state.join(MADE_PRIVATE), state.join(journal::FILE_NAME));
    let own = [config(name), Some(state.clone()), cache(name)];
    let own: Vec<PathBuf> = own.into_iter().flatten().filter(|one| one.exists()).collect();
    // What cannot be journalled is not changed.
    if mark.exists() || own.is_empty() || journal.ancestors().any(is_open_to_all_at) {
        return Ok(None);
    }
    let mut files = Vec::new();
    own.iter().for_each(|folder| close(folder, &mut files));
    if !files.is_empty() {
        let names = files.iter().map(|one| one.display().to_string()).collect();
        let journal = Journal::at(&journal, journal::LIMIT);
        journal.append(&Event::MadePrivate { files: names }, now)?;
    }
    // If the mark cannot be made, the next start looks again.
    if make_private_directory(&state).is_ok() {
        let _ = safe_write::replace(&mark, b"", Access::Private);
    }
    Ok((!files.is_empty()).then_some(MadePrivate { files }))
}

/// On other systems the access lists of the user's own folders keep others out.
#[cfg(not(unix))]
pub fn make_private_once(_: &str, _: Instant) -> Result<Option<MadePrivate>, JournalError> {
    Ok(None)
}

/// Closes a folder with everything in it to other users, and those above it, up to the home
/// directory, to what the group could write; except what every user can write, with everything below
/// it. Adds what the group could write to the list.
#[cfg(unix)]
fn close(folder: &Path, writable: &mut Vec<PathBuf>) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let user = rustix::process::geteuid().as_raw();
    if folder.ancestors().any(is_open_to_all_at) {
        return;
    }
    let mut without = |path: &Path, meta: &fs::Metadata, bits: u32| {
        let mode = meta.mode() & 0o7777;
        // What belongs to another is named when it is used; links have no mode of their own.
        if meta.uid() != user || meta.is_symlink() || is_open_to_all(meta) || mode & bits == 0 {
            return;
        }
        let closed = fs::set_permissions(path, fs::Permissions::from_mode(mode & !bits)).is_ok();
        if closed && mode & 0o020 != 0 {
            writable.push(path.to_owned());
        }
    };
    if let Some(home) = dirs::home_dir() {
        let above = folder.ancestors().skip(1).take_while(|one| one.starts_with(&home));
        for path in above.filter(|path| *path != home) {
            if let Ok(meta) = fs::symlink_metadata(path) {
                without(path, &meta, 0o022);
            }
        }
    }
    // From the outside in: a file that was reached through an open folder is closed after it.
    let inside = walkdir::WalkDir::new(folder).into_iter();
    for entry in inside.filter_entry(|entry| !is_open_to_all_at(entry.path())).flatten() {
        if let Ok(meta) = entry.metadata() {
            without(entry.path(), &meta, 0o077);
        }
    }
}

#[cfg(unix)]
fn is_open_to_all_at(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| is_open_to_all(&meta))
}
