//! Looking up the files that a run was made from, below a directory that a person names. The paths are
//! the word of whoever sealed the run: none leads out of the directory, and no link is followed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_admissibility::inputs::{FileStanding, FoundFile, FoundInputs, MAX_NAMED};
use countersign_envelope::digest::{Digest, Hasher};
use countersign_envelope::hash_scope::{self, HashedFile};
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Problem, Words, words};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::directory::DirectoryError;
use crate::reading::PIECE;

/// Why the files are not looked up.
#[derive(Debug, Problem)]
#[problem(area = "inputs")]
#[non_exhaustive]
pub enum InputsError {
    /// There is no such directory.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// The person stopped it.
    Cancelled,
}

/// Who is told how far it is, and may stop it.
pub trait Follow: Sync {
    /// So many bytes are going to be read.
    fn begin(&self, _bytes: u64) {}

    /// So many more bytes were read.
    fn read(&self, _bytes: u64) {}

    /// Whether to stop.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody.
impl Follow for () {}

/// Looks up every file that a run names below a directory, and hashes it, on all cores.
///
/// # Errors
/// Fails if there is no such directory, or the person stops it.
pub fn look_up(
    run: &SealedRun,
    directory: &Path,
    follow: &dyn Follow,
) -> Result<FoundInputs, InputsError> {
    if !directory.is_dir() {
        return Err(DirectoryError::NotADirectory(directory.to_owned()).into());
    }
    let files: Vec<HashedFile<'_>> = hash_scope::all_files(run).collect();
    let (bytes, additional, additional_total) = walk(&files, directory, follow)?;
    follow.begin(bytes);
    let cancelled = AtomicBool::new(follow.is_cancelled());
    let found: Vec<FoundFile> = files
        .par_iter()
        .map(|file| {
            look_at(file, directory, &|bytes| {
                follow.read(bytes);
                if follow.is_cancelled() {
                    cancelled.store(true, Ordering::Relaxed);
                }
                !cancelled.load(Ordering::Relaxed)
            })
        })
        .collect();
    if cancelled.load(Ordering::Relaxed) {
        return Err(InputsError::Cancelled);
    }
    Ok(FoundInputs { files: found, additional, additional_total })
}

/// Whether there is a plain file at a path below a directory. No link is followed.
pub fn is_there(path: &str, directory: &Path) -> bool {
    open_below(directory, path).is_ok()
}

fn look_at(file: &HashedFile<'_>, directory: &Path, go_on: &dyn Fn(u64) -> bool) -> FoundFile {
    let (standing, found, why) = match open_below(directory, &file.path) {
        Err(NotOpened::Missing) => (FileStanding::Missing, None, None),
        Err(NotOpened::Refused(why)) => (FileStanding::NotRead, None, Some(why)),
        Ok(opened) => match (file.content, digest(opened, go_on)) {
            (_, Err(error)) => {
                (FileStanding::NotRead, None, Some(words!("input-io", error = %error)))
            }
            (None, Ok(found)) => {
                (FileStanding::NotRead, Some(found), Some(words!("input-no-digest")))
            }
            (Some(hashed), Ok(found)) if found == hashed => (FileStanding::Same, Some(found), None),
            (Some(_), Ok(found)) => (FileStanding::Changed, Some(found), None),
        },
    };
    let (list, position, path) = (file.list, file.position, file.path.clone().into_owned());
    FoundFile { list, position, path, hashed: file.content, found, standing, why }
}

fn digest(mut file: File, go_on: &dyn Fn(u64) -> bool) -> io::Result<Digest> {
    let mut hasher = Hasher::default();
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 || !go_on(read as u64) {
            return Ok(hasher.digest());
        }
        hasher.update(&piece[..read]);
    }
}

/// Why a file is not opened.
#[derive(Debug)]
enum NotOpened {
    Missing,
    Refused(Words),
}

/// The parts of a path that stays below where it begins.
fn parts(path: &str) -> Result<Vec<&std::ffi::OsStr>, NotOpened> {
    let leads_out = || NotOpened::Refused(words!("input-leads-out"));
    if path.is_empty() || path.contains('\0') {
        return Err(leads_out());
    }
    let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
    let parts = parts.map(|part| match part {
        Component::Normal(name) => Ok(name),
        _ => Err(leads_out()),
    });
    let parts: Vec<_> = parts.collect::<Result<_, _>>()?;
    // A path that ends in a slash names a directory.
    if parts.is_empty() || path.ends_with('/') { Err(leads_out()) } else { Ok(parts) }
}

/// Opens a plain file below a directory, part by part, so that nobody puts a link in the way while it is
/// looked up.
#[cfg(unix)]
fn open_below(directory: &Path, path: &str) -> Result<File, NotOpened> {
    use rustix::fs::{AtFlags, FileType, Mode, OFlags, openat, statat};
    use rustix::io::Errno;

    let parts = parts(path)?;
    let io = |error: Errno| NotOpened::Refused(words!("input-io", error = %error));
    let missing_or = |error: Errno| match error {
        Errno::NOENT => NotOpened::Missing,
        error => io(error),
    };
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let mut place =
        rustix::fs::open(directory, flags | OFlags::DIRECTORY, Mode::empty()).map_err(io)?;
    let last = parts.len() - 1;
    for (at, part) in parts.into_iter().enumerate() {
        let is_last = at == last;
        let kind = statat(&place, part, AtFlags::SYMLINK_NOFOLLOW).map_err(missing_or)?;
        match FileType::from_raw_mode(kind.st_mode) {
            FileType::Symlink => return Err(NotOpened::Refused(words!("input-link"))),
            FileType::RegularFile if is_last => {}
            FileType::Directory if !is_last => {}
            FileType::RegularFile => return Err(NotOpened::Missing),
            _ => return Err(NotOpened::Refused(words!("input-no-file"))),
        }
        // Another kind may have taken its place a moment ago.
        let more = if is_last { OFlags::NONBLOCK } else { OFlags::DIRECTORY };
        let opened = openat(&place, part, flags | OFlags::NOFOLLOW | more, Mode::empty());
        place = opened.map_err(missing_or)?;
    }
    let file = File::from(place);
    match file.metadata() {
        Ok(meta) if meta.is_file() => Ok(file),
        _ => Err(NotOpened::Refused(words!("input-no-file"))),
    }
}

#[cfg(not(unix))]
fn open_below(directory: &Path, path: &str) -> Result<File, NotOpened> {
    let mut place = directory.to_owned();
    for part in parts(path)? {
        place.push(part);
        match std::fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_symlink() => return Err(NotOpened::Refused(words!("input-link"))),
            Ok(_) => {}
            Err(_) => return Err(NotOpened::Missing),
        }
    }
    File::open(&place).map_err(|error| NotOpened::Refused(words!("input-io", error = %error)))
}

/// How many bytes of the files that a run names are below a directory; the files there that it does not
/// name, and how many of those there are.
fn walk(
    files: &[HashedFile<'_>],
    directory: &Path,
    follow: &dyn Follow,
) -> Result<(u64, Vec<String>, usize), InputsError> {
    // One file may stand in several entries, and is then read for each.
    let mut named: HashMap<PathBuf, u64> = HashMap::new();
    for parts in files.iter().filter_map(|file| parts(&file.path).ok()) {
        *named.entry(parts.into_iter().collect()).or_default() += 1;
    }
    let (mut bytes, mut additional, mut additional_total) = (0, Vec::new(), 0);
    for entry in WalkDir::new(directory).sort_by_file_name() {
        if follow.is_cancelled() {
            return Err(InputsError::Cancelled);
        }
        // What cannot be looked into may have files that the run does not name; nothing depends on those.
        let Ok(entry) = entry else { continue };
        if entry.file_type().is_dir() {
            continue;
        }
        let Ok(inside) = entry.path().strip_prefix(directory) else { continue };
        match named.get(inside) {
            Some(times) if entry.file_type().is_file() => {
                bytes += times * entry.metadata().map_or(0, |meta| meta.len());
            }
            Some(_) => {}
            None => {
                additional_total += 1;
                if additional.len() < MAX_NAMED {
                    additional.push(inside.to_string_lossy().into_owned());
                }
            }
        }
    }
    Ok((bytes, additional, additional_total))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn no_path_leads_out_of_the_directory_and_no_link_is_followed() {
        let place = tempfile::tempdir().unwrap();
        let inside = place.path().join("inside");
        std::fs::create_dir_all(inside.join("data")).unwrap();
        std::fs::write(inside.join("data/a.csv"), "a").unwrap();
        std::fs::write(place.path().join("secret"), "secret").unwrap();
        symlink("data", inside.join("linked")).unwrap();
        symlink("a.csv", inside.join("data/link.csv")).unwrap();
        symlink("/dev/zero", inside.join("zero")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            inside.join("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        let opens = |path: &str| open_below(&inside, path).is_ok();
        assert!(opens("data/a.csv") && opens("./data/./a.csv"));
        let absolute = inside.join("data/a.csv");
        for path in [
            "",
            ".",
            "..",
            "../secret",
            "data/../../secret",
            "data/../data/a.csv",
            absolute.to_str().unwrap(),
            "data/a.csv/",
            "data",
            "data/a.csv\0",
            "linked/a.csv",
            "data/link.csv",
            "zero",
            "pipe",
        ] {
            let refused = open_below(&inside, path);
            assert!(matches!(refused, Err(NotOpened::Refused(_))), "{path:?}: {refused:?}");
        }
        for path in ["data/b.csv", "other/a.csv", "data/a.csv/b"] {
            assert!(matches!(open_below(&inside, path), Err(NotOpened::Missing)), "{path}");
        }
    }
}
