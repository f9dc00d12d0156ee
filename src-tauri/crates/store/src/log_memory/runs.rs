//! The registered runs that were seen in a directory, so that one that is gone is missed.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG, is_sealed_run};
use countersign_problem::{Words, words};

use super::{LogMemory, LogMemoryError, StoredPath, short_name};
use crate::ownership;
use crate::reading::{self, ReadError};
use crate::safe_write::{self, Access, WriteError};

/// The longest file of this kind that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// The longest first line that is read, in bytes: a path, each of its bytes written as a number.
const MAX_FIRST_LINE: u64 = 1 << 16;

const EXTENSION: &str = "runs";

impl LogMemory {
    /// Remembers that runs stood registered in a directory, by their file names.
    ///
    /// # Errors
    /// If that cannot be read or written.
    pub fn remember_runs(
        &self,
        directory: &Path,
        names: &BTreeSet<String>,
    ) -> Result<(), LogMemoryError> {
        let Some(directory) = self.own(directory) else { return Ok(()) };
        let path = self.runs_file(&directory);
        let is_known = |runs: &Runs| {
            runs.directory.as_ref() == Some(&directory) && names.is_subset(&runs.names)
        };
        if is_known(&self.read_runs(&path)?) {
            return Ok(());
        }
        let _lock = self.lock()?;
        // Another process may have added some in the meantime.
        let known = self.read_runs(&path)?;
        if known.directory.as_ref() != Some(&directory) {
            let names = known.names.union(names);
            return self.write_runs(&directory, names);
        }
        let failed = |source| WriteError::Io { path: path.clone(), source };
        let mut file = OpenOptions::new().append(true).open(&path).map_err(failed)?;
        // A writer that was stopped may have left half a line.
        let text = format!("\n{}", lines(names.difference(&known.names)));
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(failed)?;
        Ok(())
    }

    /// The registered runs that were seen in a directory or below it and are not there any more.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub fn missing_runs(&self, root: &Path) -> Result<Vec<PathBuf>, LogMemoryError> {
        let Some(root) = self.own(root) else { return Ok(Vec::new()) };
        let mut missing = Vec::new();
        let Ok(files) = fs::read_dir(&self.directory) else { return Ok(missing) };
        for file in files.flatten() {
            let path = file.path();
            if path.extension().is_none_or(|extension| extension != EXTENSION) {
                continue;
            }
            ownership::check(&path)?;
            let Some(directory) = self.directory_in(&path, &first_line(&path)?)? else { continue };
            if !directory.starts_with(&root) {
                continue;
            }
            let names = self.read_runs(&path)?.names;
            let paths = names.into_iter().map(|name| directory.join(name));
            missing.extend(paths.filter(|run| fs::symlink_metadata(run).is_err()));
        }
        missing.sort();
        Ok(missing)
    }

    /// Forgets runs that are gone, since a person accepted that.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn forget_runs(&self, missing: &[PathBuf]) -> Result<(), LogMemoryError> {
        let directories: BTreeSet<&Path> = missing.iter().filter_map(|run| run.parent()).collect();
        for directory in directories {
            let path = self.runs_file(directory);
            let _lock = self.lock()?;
            let names = self.read_runs(&path)?.names;
            let is_there = |name: &&String| !missing.contains(&directory.join(name));
            self.write_runs(directory, names.iter().filter(is_there))?;
        }
        Ok(())
    }

    /// Whether a log, a ledger or registered runs were seen in a directory as the station's own. A
    /// memory that cannot be read counts as yes.
    pub fn has_seen_directory(&self, directory: &Path) -> bool {
        let places = [TRANSPARENCY_LOG, AUTHORITY_LEDGER].map(|name| directory.join(name));
        let runs = self.own(directory).is_some_and(|own| self.runs_file(&own).exists());
        runs || places.iter().any(|log| !matches!(self.seen(log), Ok(None)))
    }

    fn own(&self, directory: &Path) -> Option<PathBuf> {
        if self.is_foreign {
            return None;
        }
        directory.canonicalize().or_else(|_| std::path::absolute(directory)).ok()
    }

    fn runs_file(&self, directory: &Path) -> PathBuf {
        self.directory.join(format!("{}.{EXTENSION}", short_name(directory)))
    }

    fn read_runs(&self, path: &Path) -> Result<Runs, LogMemoryError> {
        ownership::check(path)?;
        let bytes = match reading::read(path, &self.directory, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => return Ok(Runs::default()),
            Err(error) => return Err(error.into()),
        };
        let text = String::from_utf8_lossy(&bytes);
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let names = rest.lines().filter(|name| is_sealed_run(name)).map(str::to_owned).collect();
        Ok(Runs { directory: self.directory_in(path, first)?, names })
    }

    fn write_runs<'a>(
        &self,
        directory: &Path,
        names: impl Iterator<Item = &'a String>,
    ) -> Result<(), LogMemoryError> {
        let path = self.runs_file(directory);
        let first = serde_json::to_string(&StoredPath::from(directory.to_owned()));
        let first = first.map_err(|error| damaged(&path, Words::text(error.to_string())))?;
        let text = format!("{first}\n{}", lines(names));
        Ok(safe_write::replace(&path, text.as_bytes(), Access::Private)?)
    }

    /// The directory that a file is about, by its first line: JSON, or, as earlier versions wrote
    /// it, the directory itself. `None` if these could not write it as it is: the file is then
    /// written again when that directory is judged.
    fn directory_in(&self, path: &Path, first: &str) -> Result<Option<PathBuf>, LogMemoryError> {
        let is_its_own = |directory: &Path| self.runs_file(directory) == path;
        if !first.starts_with(['"', '{']) {
            return Ok(Some(PathBuf::from(first)).filter(|directory| is_its_own(directory)));
        }
        let read: StoredPath = serde_json::from_str(first)
            .map_err(|error| damaged(path, Words::text(error.to_string())))?;
        match is_its_own(&read) {
            true => Ok(Some(read.to_path_buf())),
            false => Err(damaged(path, words!("log-memory-other-directory"))),
        }
    }
}

/// What was seen in one directory.
#[derive(Default)]
struct Runs {
    directory: Option<PathBuf>,
    names: BTreeSet<String>,
}

fn lines<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("{name}\n")).collect()
}

fn damaged(path: &Path, why: Words) -> LogMemoryError {
    LogMemoryError::Damaged { path: path.to_owned(), why }
}

fn first_line(path: &Path) -> Result<String, LogMemoryError> {
    let mut line = Vec::new();
    let file = File::open(path).map_err(|source| ReadError::of(path, source))?;
    let mut file = BufReader::new(file.take(MAX_FIRST_LINE));
    file.read_until(b'\n', &mut line).map_err(|source| ReadError::of(path, source))?;
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    Ok(String::from_utf8_lossy(line).into_owned())
}
