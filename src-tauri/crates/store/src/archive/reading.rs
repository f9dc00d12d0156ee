//! Reading an archive that may be hostile, from a folder or a zip.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_problem::visible::visible;
use countersign_problem::{Words, words};
use walkdir::WalkDir;
use zip::{CompressionMethod, ZipArchive};

use super::contents::{Archive, Unfit};
use super::error::{ArchiveError, MAX_BYTES, MAX_FILES, brief, check_total, is_bomb, zip_error};
use super::name::{SUMS, check_name, common_folder, has_zip_name, is_litter, name_to_check};
use super::sums::{Fault, FaultKind, has_other_line_ends, parse_sums};
use crate::reading::{self, directory_of};

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
fn other_form(bytes: &[u8]) -> Option<Words> {
    const FORMS: [(&[u8], &str); 6] = [
        (b"\x1f\x8b", "gzip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"BZh", "bzip2"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "RAR"),
    ];
    // POSIX ustar and GNU tar have this in their first block.
    let is_tar = bytes.get(257..262) == Some(b"ustar");
    let form = FORMS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, form)| *form);
    form.or(is_tar.then_some("tar")).map(|form| words!("archive-form", form))
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
            return Err(unusable(words!("archive-is-link")));
        }
        let parts = inside.components().map(|part| part.as_os_str().to_str());
        let name = parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("/"));
        let name = name.ok_or_else(|| unusable(words!("archive-is-not-unicode")))?;
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
    let other = |what: Words| ArchiveError::OtherForm { path: path.to_owned(), what };
    if let Some(form) = other_form(&bytes) {
        return Err(other(form));
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
            0o120_000 => return unusable(words!("archive-is-link")),
            0 | 0o100_000 | 0o040_000 => {}
            _ => return unusable(words!("archive-is-device")),
        }
        if entry.encrypted() {
            return unusable(words!("archive-is-encrypted"));
        }
        let method = entry.compression();
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            let name = brief(&name);
            return Err(other(words!("archive-method", ?name, %method)));
        }
        total = total.saturating_add(entry.size());
    }
    check_total(path, total)?;
    if is_bomb(packed, total) {
        let why = words!("archive-ratio", %packed, %total);
        return Err(ArchiveError::TooLarge { path: path.to_owned(), why });
    }
    if zip.has_duplicate_names() {
        return Err(ArchiveError::SameName(path.to_owned()));
    }
    // One list of files and no other: nothing before, between or behind them that another program
    // would see.
    if zip.offset() != 0 || !zip.comment().is_empty() || !is_end_last {
        let what = match zip.comment().is_empty() {
            true => words!("archive-beside-files"),
            false => words!("archive-comment"),
        };
        return Err(other(what));
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
            let why = words!("archive-other-size", name = ?visible(&name));
            return Err(ArchiveError::Zip { path: path.to_owned(), why });
        }
        files.push((name, bytes));
    }
    Unchecked::of(path, files)
}
