//! The registered runs that were seen in a directory, so that one that is gone is missed.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG, is_sealed_run};

use super::{LogMemory, LogMemoryError, short_name};
use crate::ownership;
use crate::reading::{self, ReadError};
use crate::safe_write::WriteError;

/// The longest file of this kind that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

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
        let is_known = |known: &BTreeSet<String>| names.is_subset(known);
        if is_known(&self.read_runs(&path)?) {
            return Ok(());
        }
        let _lock = self.lock()?;
        // Another process may have added some meanwhile.
        let known = self.read_runs(&path)?;
        let failed = |source| WriteError::Io { path: path.clone(), source };
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        let mut text = String::new();
        if is_new {
            text.push_str(&format!("{}\n", directory.display()));
        } else {
            // A writer that was stopped may have left half a line.
            text.push('\n');
        }
        for name in names.difference(&known) {
            text.push_str(name);
            text.push('\n');
        }
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
            let Some(directory) = directory_in(&path) else { continue };
            if !directory.starts_with(&root) {
                continue;
            }
            let names = self.read_runs(&path)?;
            let paths = names.into_iter().map(|name| directory.join(name));
            missing.extend(paths.filter(|run| fs::symlink_metadata(run).is_err()));
        }
        missing.sort();
        Ok(missing)
    }

    /// Forgets runs that are gone, for a person accepted that.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn forget_missing(&self, root: &Path) -> Result<Vec<PathBuf>, LogMemoryError> {
        let missing = self.missing_runs(root)?;
        let directories: BTreeSet<&Path> = missing.iter().filter_map(|run| run.parent()).collect();
        for directory in directories {
            let path = self.runs_file(directory);
            let _lock = self.lock()?;
            let mut names = self.read_runs(&path)?;
            names.retain(|name| !missing.contains(&directory.join(name)));
            let lines = names.iter().map(|name| format!("{name}\n")).collect::<String>();
            let text = format!("{}\n{lines}", directory.display());
            crate::safe_write::replace(&path, text.as_bytes(), crate::safe_write::Access::Private)?;
        }
        Ok(missing)
    }

    /// Whether a log, a ledger or registered runs were seen in a directory as the station's own. What
    /// cannot be read is taken for seen.
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

    fn read_runs(&self, path: &Path) -> Result<BTreeSet<String>, LogMemoryError> {
        ownership::check(path)?;
        match reading::read(path, &self.directory, MAX_BYTES) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                let names = text.lines().skip(1).filter(|name| is_sealed_run(name));
                Ok(names.map(str::to_owned).collect())
            }
            Err(ReadError::NotFound(_)) => Ok(BTreeSet::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The directory that a file is about: its first line.
fn directory_in(path: &Path) -> Option<PathBuf> {
    let mut line = String::new();
    let file = BufReader::new(File::open(path).ok()?.take(1 << 16));
    { file }.read_line(&mut line).ok()?;
    Some(PathBuf::from(line.strip_suffix('\n')?))
}
