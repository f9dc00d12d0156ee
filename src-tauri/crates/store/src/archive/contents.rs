//! The files of an archive, and writing them as a folder or a zip.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::Path;

use countersign_envelope::digest::Digest;
use countersign_problem::Words;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::error::{ArchiveError, MAX_FILES, check_total, is_bomb, zip_error};
use super::name::{SUMS, check_name, has_zip_name};
use crate::overwrite::{self, FileKind};
use crate::reading::directory_of;
use crate::safe_write::{self, WriteError};

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

/// Why a file does not fit into an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Its name is none that may be.
    Name(Words),
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

    /// As a zip: sorted, without times, so that the same files make the same bytes. What would unpack to
    /// more than is believed of so small a file is stored as it is.
    ///
    /// # Errors
    /// Fails if there is more than a zip of this form can contain.
    pub(super) fn to_zip(&self) -> zip::result::ZipResult<Vec<u8>> {
        let sums = self.sums();
        let deflated = self.to_zip_by(CompressionMethod::Deflated, &sums)?;
        match is_bomb(deflated.len() as u64, self.bytes() + sums.len() as u64) {
            true => self.to_zip_by(CompressionMethod::Stored, &sums),
            false => Ok(deflated),
        }
    }

    fn to_zip_by(&self, method: CompressionMethod, sums: &str) -> zip::result::ZipResult<Vec<u8>> {
        let options =
            SimpleFileOptions::default().compression_method(method).unix_permissions(0o644);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
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
        check_total(out, self.bytes())
    }

    /// How many bytes its files have, without the list.
    fn bytes(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }
}
