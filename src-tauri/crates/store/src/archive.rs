//! Files that are transferred together, as a folder or as a zip: an export from a station, or a
//! file from a stranger.
//!
//! `SHA256SUMS` is among them and lists all others, in the format of `sha256sum -c`. Its own
//! SHA-256 is the *digest* that two people compare: the same for a folder and for a zip, and always
//! the same for the same files.
//!
//! An archive is read into memory and checked as a whole; nothing is unpacked. A name that leads
//! out, a link, a duplicate name, a contradictory list of files, anything above the limits: each is
//! refused with its name.

use countersign_problem::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_envelope::vocabulary;
use countersign_problem::visible::{visible, visible_short};
use serde::Serialize;
use walkdir::WalkDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::overwrite::{self, FileKind, OverwriteError};
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, WriteError};

/// The file that lists all others with their SHA-256.
pub const SUMS: &str = "SHA256SUMS";

/// Most files of an archive.
pub const MAX_FILES: usize = 50_000;
/// Most bytes of an archive, packed or unpacked (1 GiB): as long as the longest log.
pub const MAX_BYTES: u64 = 1 << 30;
/// How many times its packed size an archive may unpack to, beyond [`RATIO_FREE`]. Logs and
/// envelopes come to about five.
const MAX_RATIO: u64 = 100;
/// What an archive may unpack to however small it is, in bytes (64 MiB).
const RATIO_FREE: u64 = 64 << 20;
/// Longest name of a file, its folders included, in bytes.
const MAX_NAME: usize = 512;

/// Why files could not be put together, taken apart or written.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file itself cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The folder cannot be searched.
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error from the operating system.
        why: String,
    },
    /// It is not a zip, or a damaged one.
    Zip {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// It is an archive of another form, or a zip of a form that is not read.
    OtherForm {
        /// The file.
        path: PathBuf,
        /// Its kind or size.
        what: String,
    },
    /// Its list is in a folder of it.
    #[arg(sums = SUMS)]
    DeepSums {
        /// The archive.
        path: PathBuf,
        /// The folder.
        folder: String,
    },
    /// A file in it has a name that no file may have.
    Name {
        /// The archive.
        path: PathBuf,
        /// The name.
        name: String,
        /// What is wrong with the name.
        why: &'static str,
    },
    /// Two files in it have one name, or names that are one on some systems.
    Twice {
        /// The archive.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// Two files in it have the very same name.
    SameName(PathBuf),
    /// It contains something other than plain files.
    NotAFile {
        /// The archive.
        path: PathBuf,
        /// The name.
        name: String,
        /// Its kind.
        what: &'static str,
    },
    /// There are more files than are read.
    #[arg(max_files = MAX_FILES)]
    TooMany(PathBuf),
    /// There is more in it than is read.
    TooLarge {
        /// The archive.
        path: PathBuf,
        /// How large it would be.
        why: String,
    },
    /// It has no list of what is in it.
    #[arg(sums = SUMS)]
    NoSums(PathBuf),
    /// The list is not one.
    #[arg(sums = SUMS)]
    Sums {
        /// The archive.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// Something exists where it would be written.
    There(PathBuf),
    /// The name of the file is that of something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// It could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

vocabulary! {
    /// How a file differs from the list.
    FaultKind {
        /// It is listed, and is not there.
        Missing = "missing",
        /// It is there, and is not listed.
        Extra = "extra",
        /// It has another SHA-256.
        Altered = "altered",
        /// It would have its SHA-256 with the line ends that it was made with.
        LineEnds = "line_ends",
    }
}

/// A file that does not match `SHA256SUMS`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
pub struct Fault {
    /// Its name in the archive.
    pub file: String,
    /// How it differs.
    pub kind: FaultKind,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = match self.kind {
            FaultKind::Missing => "is listed but missing",
            FaultKind::Extra => "exists and is not listed",
            FaultKind::Altered => "is altered",
            FaultKind::LineEnds => LINE_ENDS,
        };
        write!(f, "{} {what}", visible(&self.file))
    }
}

/// The fault of a file with other line ends, and the remedy.
pub const LINE_ENDS: &str = "differs in its line ends alone, as git's autocrlf and transfers in text \
                             mode change them; get it again as it was made, as a zip or in binary mode";

/// Files by their names, which have `/` between folders. `SHA256SUMS` is made of them and not one of
/// them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archive {
    files: BTreeMap<String, Vec<u8>>,
    /// Every name and folder as systems see it that know no case.
    folded: BTreeMap<String, Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

/// An archive that was read.
#[derive(Debug)]
pub struct Opened {
    /// Its files, altered ones and such that are not listed among them.
    pub archive: Archive,
    /// The SHA-256 of its `SHA256SUMS`.
    pub digest: Digest,
    /// The files that do not match it, by name.
    pub faults: Vec<Fault>,
    /// Files that a file manager has left among them, which are no part of it and were not read.
    pub litter: Vec<String>,
}

/// Why a file does not fit into an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Its name is none that may be.
    Name(&'static str),
    /// Another has its name.
    Twice,
}

impl Archive {
    /// Adds a file.
    ///
    /// # Errors
    /// Fails if its name is not safe on every system, or exists already.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Unfit> {
        check_name(name).map_err(Unfit::Name)?;
        let folded = name.to_lowercase();
        let folders: Vec<&str> = folded.match_indices('/').map(|(at, _)| &folded[..at]).collect();
        let is_file = |folder: &&str| self.folded.get(*folder) == Some(&Kind::File);
        // The list itself is made, and nothing may take its place.
        if self.folded.contains_key(&folded)
            || folded == SUMS.to_lowercase()
            || folders.iter().any(is_file)
        {
            return Err(Unfit::Twice);
        }
        for folder in folders {
            self.folded.insert(folder.to_owned(), Kind::Folder);
        }
        self.folded.insert(folded, Kind::File);
        self.files.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// The bytes of a file.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The files, in order of their names.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// `SHA256SUMS`, as `sha256sum` writes it.
    pub fn sums(&self) -> String {
        let line = |(name, bytes)| format!("{}  {name}\n", Digest::of(bytes).hex());
        self.files().map(line).collect()
    }

    /// What two people compare.
    pub fn digest(&self) -> Digest {
        Digest::of(self.sums().as_bytes())
    }

    /// As a zip: sorted, without times, so that the same files make the same bytes.
    ///
    /// # Errors
    /// Fails if there is more than a zip of this form can contain.
    fn to_zip(&self) -> zip::result::ZipResult<Vec<u8>> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(0o644);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let sums = self.sums();
        let mut all: Vec<(&str, &[u8])> = self.files().collect();
        all.push((SUMS, sums.as_bytes()));
        all.sort();
        for (name, bytes) in all {
            zip.start_file(name, options)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }

    /// Writes a zip, in one step, if nothing exists there yet.
    ///
    /// # Errors
    /// Fails if something exists there, or it cannot be written; nothing is left behind then.
    pub fn write_zip(&self, out: &Path) -> Result<(), ArchiveError> {
        self.check_before(out)?;
        let bytes = self.to_zip().map_err(|error| zip_error(out, error))?;
        match safe_write::create(out, &bytes) {
            Err(WriteError::There(path)) => Err(ArchiveError::There(path)),
            other => Ok(other?),
        }
    }

    /// Writes a folder, in one step, if nothing exists there yet except an empty folder.
    ///
    /// # Errors
    /// As [`Self::write_zip`].
    pub fn write_folder(&self, out: &Path) -> Result<(), ArchiveError> {
        self.check_before(out)?;
        let failed = |source| WriteError::Io { path: out.to_owned(), source };
        let empty = match fs::read_dir(out) {
            Ok(mut files) => files.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !empty {
            return Err(ArchiveError::There(out.to_owned()));
        }
        let new = safe_write::folder_beside(out).map_err(failed)?;
        let write = |name: &str, bytes: &[u8]| -> io::Result<()> {
            let path = new.path().join(name);
            fs::create_dir_all(directory_of(&path))?;
            let mut file = fs::File::create_new(&path)?;
            file.write_all(bytes)?;
            safe_write::flush(&file, new.path())
        };
        for (name, bytes) in self.files() {
            write(name, bytes).map_err(failed)?;
        }
        write(SUMS, self.sums().as_bytes()).map_err(failed)?;
        // Only an empty folder can be removed so.
        let _ = fs::remove_dir(out);
        fs::rename(new.path(), out).map_err(failed)?;
        // It has its name, and is not to be cleared away.
        let _ = new.keep();
        safe_write::confirm(out);
        Ok(())
    }

    /// Writes a zip if the name ends in `.zip`, otherwise a folder.
    ///
    /// # Errors
    /// As those.
    pub fn write(&self, out: &Path) -> Result<(), ArchiveError> {
        if has_zip_name(out) { self.write_zip(out) } else { self.write_folder(out) }
    }

    /// Nothing is written that is not read again, nor under a name of evidence.
    fn check_before(&self, out: &Path) -> Result<(), ArchiveError> {
        overwrite::check(out, FileKind::New)?;
        if self.files.len() >= MAX_FILES {
            return Err(ArchiveError::TooMany(out.to_owned()));
        }
        let bytes = self.files.values().map(|bytes| bytes.len() as u64).sum();
        check_total(out, bytes)
    }
}

/// Reads a folder or a zip, and checks every file against its `SHA256SUMS`.
///
/// # Errors
/// Fails if it cannot be read, or breaks a rule: see [`ArchiveError`]. Missing, extra and altered
/// files are not an error but are listed in [`Opened::faults`].
pub fn open(path: &Path) -> Result<Opened, ArchiveError> {
    let mut read = if path.is_dir() { read_folder(path)? } else { read_zip(path)? };
    let sums = read.sums.take().ok_or_else(|| no_sums(path, &read.archive))?;
    let listed =
        parse_sums(&sums).map_err(|line| ArchiveError::Sums { path: path.to_owned(), line })?;
    let mut faults = Vec::new();
    for (name, digest) in &listed {
        let kind = match read.archive.get(name) {
            None => FaultKind::Missing,
            Some(bytes) if Digest::of(bytes) == *digest => continue,
            Some(bytes) if has_other_line_ends(bytes, digest) => FaultKind::LineEnds,
            Some(_) => FaultKind::Altered,
        };
        faults.push(Fault { file: name.clone(), kind });
    }
    let extra = read.archive.files().filter(|(name, _)| !listed.contains_key(*name));
    faults.extend(extra.map(|(name, _)| Fault { file: name.to_owned(), kind: FaultKind::Extra }));
    faults.sort();
    Ok(Opened { archive: read.archive, digest: Digest::of(&sums), faults, litter: read.litter })
}

/// Why the list is missing.
fn no_sums(path: &Path, archive: &Archive) -> ArchiveError {
    let folder = archive.files().find_map(|(name, _)| name.strip_suffix(&format!("/{SUMS}")));
    match folder {
        Some(folder) => ArchiveError::DeepSums { path: path.to_owned(), folder: brief(folder) },
        None => ArchiveError::NoSums(path.to_owned()),
    }
}

/// Whether text has a digest with its line ends as they were on another system.
fn has_other_line_ends(bytes: &[u8], digest: &Digest) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let unix = text.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    [unix, windows].iter().any(|text| Digest::of(text.as_bytes()) == *digest)
}

/// Whether a file is one that other programs leave in folders and zips of their own accord: Finder,
/// Explorer, Dolphin, office programs, programs that synchronise, and network drives.
pub fn is_litter(name: &str) -> bool {
    const FILES: [&str; 11] = [
        "Thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        ".DS_Store",
        ".localized",
        ".directory",
        "Icon\r",
        ".dropbox",
        ".dropbox.attr",
        ".apdisk",
        ".VolumeIcon.icns",
    ];
    const FOLDERS: [&str; 14] = [
        "__MACOSX",
        "@eaDir",
        ".Spotlight-V100",
        ".Trashes",
        ".fseventsd",
        ".TemporaryItems",
        ".DocumentRevisions-V100",
        ".AppleDouble",
        "System Volume Information",
        "$RECYCLE.BIN",
        "lost+found",
        ".stfolder",
        ".stversions",
        ".dropbox.cache",
    ];
    let mut parts = name.rsplit('/');
    let file = parts.next().unwrap_or(name);
    let is_one = |all: &[&str], part: &str| all.iter().any(|one| part.eq_ignore_ascii_case(one));
    // Lock files of LibreOffice and Microsoft Office, files that NFS will delete, and Windows'
    // notes on where a file came from.
    is_one(&FILES, file)
        || ["._", ".~lock.", "~$", ".nfs"].iter().any(|begin| file.starts_with(begin))
        || file.ends_with(":Zone.Identifier")
        || parts.any(|folder| is_one(&FOLDERS, folder) || folder.starts_with(".Trash-"))
}

/// The folder that holds the files of an archive: the one that was named, or the only one in it, as
/// programs that unpack make another around it.
pub fn folder_of(path: &Path) -> PathBuf {
    let has_list = |folder: &Path| fs::symlink_metadata(folder.join(SUMS)).is_ok();
    if has_list(path) {
        return path.to_owned();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    // Two are enough to know that there are several.
    let inner: Vec<PathBuf> = entries
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            !is_litter(&name) && !is_litter(&format!("{name}/"))
        })
        .map(|entry| entry.path())
        .take(2)
        .collect();
    match &inner[..] {
        [inner] if inner.is_dir() && !inner.is_symlink() && has_list(inner) => inner.clone(),
        _ => path.to_owned(),
    }
}

/// Whether a file is a zip, by its name or its first bytes, or an archive of another form, which
/// [`open`] names.
pub fn is_archive(path: &Path) -> bool {
    if !fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return false;
    }
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(BLOCK).read_to_end(&mut start));
    // The signature of a file in a zip, and that of a zip without any (APPNOTE 4.3.7, 4.3.16).
    let is_zip = || start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06");
    has_zip_name(path) || (read.is_ok() && (is_zip() || other_form(&start).is_some()))
}

/// How much identifies an archive of another form: a block of tar, in bytes.
const BLOCK: u64 = 512;

/// What an archive of another form than zip is, by its first bytes.
fn other_form(bytes: &[u8]) -> Option<&'static str> {
    const FORMS: [(&[u8], &str); 6] = [
        (b"\x1f\x8b", "this is packed with gzip"),
        (b"\xfd7zXZ\0", "this is packed with xz"),
        (b"\x28\xb5\x2f\xfd", "this is packed with zstd"),
        (b"BZh", "this is packed with bzip2"),
        (b"7z\xbc\xaf\x27\x1c", "this is a 7z archive"),
        (b"Rar!\x1a\x07", "this is a RAR archive"),
    ];
    // POSIX ustar and GNU tar have this in their first block.
    let is_tar = bytes.get(257..262) == Some(b"ustar");
    let form = FORMS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, form)| *form);
    form.or(is_tar.then_some("this is a tar archive"))
}

fn has_zip_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// The files read, before they are checked against their list.
#[derive(Default)]
struct Unchecked {
    archive: Archive,
    sums: Option<Vec<u8>>,
    litter: Vec<String>,
}

impl Unchecked {
    /// Takes the files read, each with its name. Litter that the list names is treated as any other
    /// file.
    fn of(path: &Path, files: Vec<(String, Vec<u8>)>) -> Result<Self, ArchiveError> {
        let mut read = Self::default();
        let folder = common_folder(&files);
        let list = files.iter().find(|(name, _)| *name == format!("{folder}{SUMS}"));
        let listed = list.and_then(|(_, bytes)| parse_sums(bytes).ok()).unwrap_or_default();
        for (name, bytes) in files {
            let name = name.strip_prefix(&folder).unwrap_or(&name);
            match is_litter(name) && !listed.contains_key(name) {
                true => read.litter.push(name.to_owned()),
                false => read.add(path, name, bytes)?,
            }
        }
        read.litter.sort();
        Ok(read)
    }

    fn add(&mut self, path: &Path, name: &str, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        if name == SUMS && self.sums.is_none() {
            self.sums = Some(bytes);
            return Ok(());
        }
        let (path, owned) = (path.to_owned(), name.to_owned());
        self.archive.add(name, bytes).map_err(|unfit| match unfit {
            Unfit::Name(why) => ArchiveError::Name { path, name: brief(&owned), why },
            Unfit::Twice => ArchiveError::Twice { path, name: brief(&owned) },
        })
    }
}

fn read_folder(path: &Path) -> Result<Unchecked, ArchiveError> {
    let path = &folder_of(path);
    let (mut files, mut total) = (Vec::new(), 0);
    for entry in WalkDir::new(path).min_depth(1).sort_by_file_name() {
        let failed = |why| ArchiveError::Folder { path: path.to_owned(), why };
        let entry = entry.map_err(|error| failed(error.to_string()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let inside = entry.path().strip_prefix(path).unwrap_or(entry.path());
        let unusable = |what| ArchiveError::NotAFile {
            path: path.to_owned(),
            name: inside.to_string_lossy().into_owned(),
            what,
        };
        if entry.file_type().is_symlink() {
            return Err(unusable("a symbolic link"));
        }
        let parts = inside.components().map(|part| part.as_os_str().to_str());
        let name = parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("/"));
        let name = name.ok_or_else(|| unusable("a file whose name is not Unicode"))?;
        if files.len() >= MAX_FILES {
            return Err(ArchiveError::TooMany(path.to_owned()));
        }
        let bytes = reading::read(entry.path(), path, MAX_BYTES)?;
        total += bytes.len() as u64;
        check_total(path, total)?;
        files.push((name, bytes));
    }
    Unchecked::of(path, files)
}

fn read_zip(path: &Path) -> Result<Unchecked, ArchiveError> {
    let damaged = |error| zip_error(path, error);
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    let other = |what: String| ArchiveError::OtherForm { path: path.to_owned(), what };
    if let Some(form) = other_form(&bytes) {
        return Err(other(form.to_owned()));
    }
    let packed = bytes.len() as u64;
    // The record that ends a zip, without a comment (APPNOTE 4.3.16).
    const END: usize = 22;
    let end = bytes.len().checked_sub(END).and_then(|at| bytes.get(at..));
    let is_end_last = end.is_some_and(|end| end.starts_with(b"PK\x05\x06"));
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if zip.len() > MAX_FILES {
        return Err(ArchiveError::TooMany(path.to_owned()));
    }
    // Looked at before anything is unpacked.
    let mut total: u64 = 0;
    for index in 0..zip.len() {
        let entry = zip.by_index_data(index).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        let unusable = |what| {
            let (path, name) = (path.to_owned(), brief(&name));
            Err(ArchiveError::NotAFile { path, name, what })
        };
        if let Err(why) = check_name(&name_to_check(&name)) {
            return Err(ArchiveError::Name { path: path.to_owned(), name: brief(&name), why });
        }
        const FILE_TYPE: u32 = 0o170_000;
        match entry.unix_mode().map_or(0, |mode| mode & FILE_TYPE) {
            0o120_000 => return unusable("a symbolic link"),
            0 | 0o100_000 | 0o040_000 => {}
            _ => return unusable("a device or pipe"),
        }
        if entry.encrypted() {
            return unusable("encrypted");
        }
        let method = entry.compression();
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            let name = brief(&name);
            return Err(other(format!("{name:?} in it is packed by another method ({method})")));
        }
        total = total.saturating_add(entry.size());
    }
    check_total(path, total)?;
    if total > RATIO_FREE.saturating_add(packed.saturating_mul(MAX_RATIO)) {
        let why = format!("{packed} bytes would unpack to {total}, as no file of records does");
        return Err(ArchiveError::TooLarge { path: path.to_owned(), why });
    }
    if zip.has_duplicate_names() {
        return Err(ArchiveError::SameName(path.to_owned()));
    }
    // One list of files and no other: nothing before, between or behind them that another program
    // would see.
    if zip.offset() != 0 || !zip.comment().is_empty() || !is_end_last {
        let what = match zip.comment().is_empty() {
            true => "there is something before or behind the files of this zip",
            false => "this zip has a comment",
        };
        return Err(other(what.to_owned()));
    }
    zip.validate_header_consistency().map_err(damaged)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(damaged)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(damaged)?.into_owned();
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        let listed = entry.size();
        let mut bytes = Vec::new();
        let read = entry.by_ref().take(listed.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| damaged(error.into()))?;
        if bytes.len() as u64 != listed {
            let why = format!("{:?} in it has another size than it says", visible(&name));
            return Err(ArchiveError::Zip { path: path.to_owned(), why });
        }
        files.push((name, bytes));
    }
    Unchecked::of(path, files)
}

/// What of a name in a zip has to be safe. Some programs write `./` before all of them, and what is
/// litter is read by nobody, but must not lead out either.
fn name_to_check(name: &str) -> String {
    let name = name.strip_suffix('/').unwrap_or(name);
    let name = name.strip_prefix("./").unwrap_or(name);
    if is_litter(name) { name.replace(['\r', ':', '~', '#', '$'], "_") } else { name.to_owned() }
}

/// The beginning of a name, for a message.
fn brief(name: &str) -> String {
    visible_short(name, 120)
}

/// The one folder that contains all files, if the folder itself was zipped; otherwise empty.
fn common_folder(files: &[(String, Vec<u8>)]) -> String {
    let mut names = files.iter().map(|(name, _)| name).filter(|name| !is_litter(name));
    let first = names.clone().next().and_then(|name| name.split_once('/'));
    let folder = first.map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let list = format!("{folder}{SUMS}");
    let all = names.all(|name| name.starts_with(&folder));
    if all && files.iter().any(|(name, _)| *name == list) { folder } else { String::new() }
}

fn check_total(path: &Path, total: u64) -> Result<(), ArchiveError> {
    if total <= MAX_BYTES {
        return Ok(());
    }
    let why =
        format!("{total} bytes are more than the {} MiB that an archive may have", MAX_BYTES >> 20);
    Err(ArchiveError::TooLarge { path: path.to_owned(), why })
}

fn zip_error(path: &Path, error: zip::result::ZipError) -> ArchiveError {
    ArchiveError::Zip { path: path.to_owned(), why: visible(&error.to_string()) }
}

/// The files that are listed; the number of the first line that cannot be read.
fn parse_sums(bytes: &[u8]) -> Result<BTreeMap<String, Digest>, usize> {
    let text = std::str::from_utf8(bytes).map_err(|_| 1_usize)?;
    let mut listed = BTreeMap::new();
    let mut folded = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        let entry = line.split_at_checked(64).and_then(|(hex, name)| {
            let digest = Digest::parse(&format!("sha256:{hex}"))?;
            // Two spaces for text, one and an asterisk for binary: the same on every system here.
            let name = name.strip_prefix("  ").or_else(|| name.strip_prefix(" *"))?;
            check_name(name).is_ok().then_some((name, digest))
        });
        let (name, digest) = entry.ok_or(index + 1)?;
        if !folded.insert(name.to_lowercase()) {
            return Err(index + 1);
        }
        listed.insert(name.to_owned(), digest);
    }
    Ok(listed)
}

/// Whether a name is valid for a file below a folder on every system, and nowhere else.
fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err("is empty or too long");
    }
    if name.starts_with('/') {
        return Err("leads out, for it begins at the root");
    }
    if name.contains('\\') {
        return Err("has a backslash in it");
    }
    if visible(name) != name {
        return Err("has hidden characters in it");
    }
    if name.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err("has a character in it that not every system takes");
    }
    for part in name.split('/') {
        match part {
            ".." => return Err("leads out of the archive"),
            "" | "." => return Err("has an empty part"),
            part if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
                return Err("has a part that begins or ends in a space or a full stop");
            }
            part if part.len() > 255 => return Err("is empty or too long"),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Archive {
        let mut archive = Archive::default();
        archive.add("b/two", b"2".to_vec()).unwrap();
        archive.add("a", b"1".to_vec()).unwrap();
        archive
    }

    #[test]
    fn a_name_is_safe_on_every_system_or_refused() {
        for good in ["a", "2026/RUN-1.json", "keys/ds-prod-2026-05.pem", "Prüfung/日本"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "./a",
            "a\\b",
            "C:x",
            "a\u{202e}b",
            "a\nb",
            "a/",
            "a.",
            "a ",
            "nul\0",
        ] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_that_are_equal_on_some_system_are_refused_together() {
        let mut archive = archive();
        for name in ["A", "a/x", "b", "B/TWO", "sha256sums"] {
            assert_eq!(archive.add(name, Vec::new()), Err(Unfit::Twice), "{name}");
        }
        archive.add("b/three", Vec::new()).unwrap();
    }

    #[test]
    fn a_folder_and_a_zip_are_one_and_the_same() {
        let directory = tempfile::tempdir().unwrap();
        let (folder, zip) = (directory.path().join("x"), directory.path().join("x.zip"));
        archive().write(&folder).unwrap();
        archive().write(&zip).unwrap();
        for path in [&folder, &zip] {
            let opened = open(path).unwrap();
            assert_eq!(opened.archive, archive());
            assert_eq!((opened.digest, opened.faults), (archive().digest(), Vec::new()));
            assert!(matches!(archive().write(path), Err(ArchiveError::There(_))), "{path:?}");
        }
        assert_eq!(archive().to_zip().unwrap(), fs::read(&zip).unwrap());
        assert!(is_archive(&zip) && !is_archive(&folder) && !is_archive(&folder.join("a")));
    }

    #[test]
    fn files_that_differ_from_the_list_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let folder = directory.path().join("x");
        archive().write(&folder).unwrap();
        fs::write(folder.join("a"), "other").unwrap();
        fs::remove_file(folder.join("b/two")).unwrap();
        fs::write(folder.join("c"), "").unwrap();
        let faults = open(&folder).unwrap().faults;
        let listed: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            listed,
            ["a is altered", "b/two is listed but missing", "c exists and is not listed"]
        );
    }

    #[test]
    fn a_list_is_one_of_sha256sum_or_its_line_is_named() {
        let hex = "0".repeat(64);
        assert_eq!(parse_sums(format!("{hex}  a\n{hex} *b").as_bytes()).unwrap().len(), 2);
        for (bad, line) in [
            (format!("{hex}  a\n{hex}  A\n"), 2),
            (format!("{hex}  ../a\n"), 1),
            (format!("{hex}  a\n\n"), 2),
            (format!("\\{hex}  a\n"), 1),
            ("é".repeat(40), 1),
        ] {
            assert_eq!(parse_sums(bad.as_bytes()), Err(line), "{bad}");
        }
    }
}
