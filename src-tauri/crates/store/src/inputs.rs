//! Looking up the files that a run was made from: below a directory that a person names, or in the pack
//! that carries them. The paths are the word of whoever sealed the run: none leads out of the place, and no
//! link is followed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use countersign_admissibility::inputs::{FileStanding, FoundFile, FoundInputs, MAX_NAMED};
use countersign_envelope::digest::{Digest, Hasher};
use countersign_envelope::hash_scope::{self, HashedFile};
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Problem, Words, words};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::archive::{Archive, MAX_BYTES};
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
    /// There is more than an archive may contain.
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge,
}

/// The least memory that a file is read into, in bytes.
const LEAST: usize = 4096;

/// Who is told how far it is, and may stop it.
pub trait Follow: Sync {
    /// It begins; `total` computes how many bytes there are to read, which takes a look at every file.
    fn begin(&self, _total: &dyn Fn() -> u64) {}

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
    let lookup = LookUp::of(run, directory, follow)?;
    let hash = |place: &str| lookup.digest(place, |_| {});
    let (digests, additional) = rayon::join(|| lookup.all(hash), || lookup.additional());
    let files = found_by(&lookup.files, &digests?.into_iter().collect());
    let Additional(additional, additional_total) = additional?;
    Ok(FoundInputs { files, additional, additional_total })
}

/// The files that a run was made from, read from a directory.
#[derive(Debug, Default)]
pub struct Gathered {
    /// How each was found.
    pub found: FoundInputs,
    /// The content of those that are the same, by their places: see [`place`].
    pub contents: BTreeMap<String, Vec<u8>>,
}

/// Reads every file that a run names below a directory, on all cores. Only what has the content that was
/// hashed is kept, and what is kept is what was hashed. Other files are not looked for.
///
/// # Errors
/// Fails if there is no such directory, the person stops it, or it is more than an archive may contain.
pub fn gather(
    run: &SealedRun,
    directory: &Path,
    follow: &dyn Follow,
) -> Result<Gathered, InputsError> {
    let lookup = LookUp::of(run, directory, follow)?;
    let kept = AtomicU64::new(0);
    let read = lookup.all(|place| {
        let mut content = Vec::new();
        let digest = lookup.digest(place, |piece| {
            let size = piece.len() as u64;
            if kept.fetch_add(size, Ordering::Relaxed).saturating_add(size) > MAX_BYTES {
                lookup.is_stopped.store(true, Ordering::Relaxed);
            }
            content.extend_from_slice(piece);
        });
        (digest, content)
    });
    if kept.load(Ordering::Relaxed) > MAX_BYTES {
        return Err(InputsError::TooLarge);
    }
    let (mut digests, mut contents) = (Digests::new(), BTreeMap::new());
    for (place, (digest, content)) in read? {
        digests.insert(place.clone(), digest);
        contents.insert(place, content);
    }
    let files = found_by(&lookup.files, &digests);
    let same = files.iter().filter(|file| file.standing == FileStanding::Same);
    let same: HashSet<String> = same.filter_map(|file| place(&file.path)).collect();
    contents.retain(|place, _| same.contains(place));
    Ok(Gathered { found: FoundInputs { files, ..FoundInputs::default() }, contents })
}

/// Looks up every file that a run names in a folder of an archive, whose name ends in a slash. `None` if
/// the archive has no such folder, and so carries none. Of a run that cannot be read, every file is
/// additional.
pub fn look_up_in(archive: &Archive, folder: &str, run: Option<&SealedRun>) -> Option<FoundInputs> {
    let carried = archive.files();
    let carried = carried.filter_map(|(name, bytes)| Some((name.strip_prefix(folder)?, bytes)));
    let carried: Vec<(&str, &[u8])> = carried.collect();
    if carried.is_empty() {
        return None;
    }
    let named: Vec<HashedFile<'_>> = run.into_iter().flat_map(hash_scope::all_files).collect();
    let digest = |(name, bytes): &(&str, &[u8])| ((*name).to_owned(), Ok(Digest::of(bytes)));
    let files = found_by(&named, &carried.par_iter().map(digest).collect());
    let places = places(&named);
    let mut additional = Additional::default();
    let others = carried.iter().filter(|(name, _)| !places.contains(*name));
    others.for_each(|(name, _)| additional.add((*name).to_owned()));
    let Additional(additional, additional_total) = additional;
    Some(FoundInputs { files, additional, additional_total })
}

/// Whether there is a plain file at a path below a directory. No link is followed.
pub fn is_there(path: &str, directory: &Path) -> bool {
    open_below(directory, path).is_ok()
}

/// Where a file stands below its directory, with `/` between the parts; `None` if its path leads out, or
/// names no file.
pub fn place(path: &str) -> Option<String> {
    parts(path)
        .ok()?
        .into_iter()
        .map(|part| part.to_str())
        .collect::<Option<Vec<_>>>()
        .map(|parts| parts.join("/"))
}

/// The places of all files that a run names.
fn places(files: &[HashedFile<'_>]) -> HashSet<String> {
    files.iter().filter_map(|file| place(&file.path)).collect()
}

/// A look at every file of a run below a directory.
struct LookUp<'a> {
    files: Vec<HashedFile<'a>>,
    /// Their places, each once.
    places: Vec<String>,
    directory: &'a Path,
    follow: &'a dyn Follow,
    is_stopped: AtomicBool,
}

impl<'a> LookUp<'a> {
    fn of(
        run: &'a SealedRun,
        directory: &'a Path,
        follow: &'a dyn Follow,
    ) -> Result<Self, InputsError> {
        if !directory.is_dir() {
            return Err(DirectoryError::NotADirectory(directory.to_owned()).into());
        }
        let files: Vec<HashedFile<'_>> = hash_scope::all_files(run).collect();
        let places: Vec<String> = places(&files).into_iter().collect();
        follow.begin(&|| {
            let sizes = places.par_iter().filter_map(|place| {
                Some(open_below(directory, place).ok()?.metadata().ok()?.len())
            });
            sizes.sum()
        });
        Ok(Self { files, places, directory, follow, is_stopped: AtomicBool::new(false) })
    }

    /// Reads every place once, however often the run names it, on all cores.
    fn all<T: Send>(
        &self,
        read: impl Fn(&str) -> T + Sync + Send,
    ) -> Result<Vec<(String, T)>, InputsError> {
        // One after the other as cores become free: one large file holds up no others.
        let places = self.places.par_iter().with_max_len(1);
        let all = places.map(|place| (place.clone(), read(place))).collect();
        if self.is_stopped.load(Ordering::Relaxed) && self.follow.is_cancelled() {
            return Err(InputsError::Cancelled);
        }
        Ok(all)
    }

    /// Hashes the file at a place, piece by piece.
    fn digest(&self, place: &str, keep: impl FnMut(&[u8])) -> Result<Digest, NotOpened> {
        let file = open_below(self.directory, place)?;
        let io = |error: io::Error| NotOpened::Refused(words!("input-io", error = %error));
        self.digest_of(file, keep).map_err(io)
    }

    fn digest_of(&self, mut file: File, mut keep: impl FnMut(&[u8])) -> io::Result<Digest> {
        let mut hasher = Hasher::default();
        // Most files are small, and clearing memory for each costs more than hashing it.
        let size = file.metadata().ok().and_then(|meta| usize::try_from(meta.len()).ok());
        let mut piece = vec![0; size.unwrap_or(PIECE).clamp(LEAST, PIECE)];
        loop {
            let read = file.read(&mut piece)?;
            self.follow.read(read as u64);
            if self.follow.is_cancelled() {
                self.is_stopped.store(true, Ordering::Relaxed);
            }
            if read == 0 || self.is_stopped.load(Ordering::Relaxed) {
                return Ok(hasher.digest());
            }
            hasher.update(&piece[..read]);
            keep(&piece[..read]);
        }
    }

    /// The files below the directory that the run does not name.
    fn additional(&self) -> Result<Additional, InputsError> {
        let places: HashSet<&str> = self.places.iter().map(String::as_str).collect();
        let mut additional = Additional::default();
        for entry in WalkDir::new(self.directory).sort_by_file_name().into_iter().flatten() {
            // There may be far more of them than of the run's own.
            if self.follow.is_cancelled() {
                return Err(InputsError::Cancelled);
            }
            if entry.file_type().is_dir() {
                continue;
            }
            let Ok(inside) = entry.path().strip_prefix(self.directory) else { continue };
            // A path of another form is none that a run names.
            let place = inside.to_str().and_then(place);
            if !place.is_some_and(|place| places.contains(&*place)) {
                additional.add(inside.to_string_lossy().into_owned());
            }
        }
        Ok(additional)
    }
}

/// Files that a run does not name, and how many there are.
#[derive(Default)]
struct Additional(Vec<String>, usize);

impl Additional {
    fn add(&mut self, name: String) {
        self.1 += 1;
        if self.0.len() < MAX_NAMED {
            self.0.push(name);
        }
    }
}

/// What is at each place.
type Digests = HashMap<String, Result<Digest, NotOpened>>;

/// How each file was found, by what is at its place.
fn found_by(files: &[HashedFile<'_>], digests: &Digests) -> Vec<FoundFile> {
    let look_at = |file: &HashedFile<'_>| match place(&file.path) {
        None => found(file, Err(NotOpened::Refused(words!("input-leads-out")))),
        Some(place) => found(file, digests.get(&place).cloned().unwrap_or(Err(NotOpened::Missing))),
    };
    files.iter().map(look_at).collect()
}

/// How a file was found, by the digest of what is at its place.
fn found(file: &HashedFile<'_>, digest: Result<Digest, NotOpened>) -> FoundFile {
    let (standing, found, why) = match (file.content, digest) {
        (_, Err(NotOpened::Missing)) => (FileStanding::Missing, None, None),
        (_, Err(NotOpened::Refused(why))) => (FileStanding::NotRead, None, Some(why)),
        (None, Ok(found)) => (FileStanding::NotRead, Some(found), Some(words!("input-no-digest"))),
        (Some(hashed), Ok(found)) if found == hashed => (FileStanding::Same, Some(found), None),
        (Some(_), Ok(found)) => (FileStanding::Changed, Some(found), None),
    };
    let (list, position, path) = (file.list, file.position, file.path.clone().into_owned());
    FoundFile { list, position, path, hashed: file.content, found, standing, why }
}

/// Why a file is not opened.
#[derive(Debug, Clone)]
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Whoever names a directory of millions of other files can stop looking through them.
    #[test]
    fn looking_for_other_files_can_be_stopped() {
        struct Stopped;
        impl Follow for Stopped {
            fn is_cancelled(&self) -> bool {
                true
            }
        }
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("other.csv"), "other").unwrap();
        let run = SealedRun::parse(br#"{"hash_scope": {"inputs": []}}"#).unwrap();
        let stopped = look_up(&run, place.path(), &Stopped);
        assert!(matches!(stopped, Err(InputsError::Cancelled)), "{stopped:?}");
        assert_eq!(look_up(&run, place.path(), &()).unwrap().additional, ["other.csv"]);
    }

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
