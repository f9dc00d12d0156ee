//! Finding the runs below a directory, a little at a time, and watching every directory on the way.

use std::collections::BTreeSet;
use std::fs::{self, ReadDir};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use countersign_envelope::run_time_stamp::FOLDER;

use super::copies::run_of_copy;
use crate::judged::RunName;

/// A search under way. Links to directories are not followed.
#[derive(Debug)]
pub(super) struct Search {
    /// Whether everything is searched, and not only some directories that are new.
    pub whole: bool,
    /// How many runs were found.
    pub found: u32,
    /// When it began.
    pub begun: Instant,
    to_read: Vec<PathBuf>,
    reading: Option<(PathBuf, ReadDir)>,
}

/// What one step found, by directories seen from the root.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Runs.
    pub runs: Vec<(PathBuf, Vec<RunName>)>,
    /// Conflict copies, by their envelope and their name.
    pub copies: Vec<(PathBuf, RunName, String)>,
    /// Directories with a folder of time stamps of their runs.
    pub stamped: BTreeSet<PathBuf>,
}

impl Search {
    /// A search of everything.
    pub fn whole() -> Self {
        Self { whole: true, ..Self::below(PathBuf::new()) }
    }

    /// A search of one directory, seen from the root, and those below it.
    pub fn below(directory: PathBuf) -> Self {
        let to_read = vec![directory];
        Self { whole: false, found: 0, begun: Instant::now(), to_read, reading: None }
    }

    /// Searches one more directory.
    pub fn add(&mut self, directory: PathBuf) {
        self.to_read.push(directory);
    }

    /// Whether nothing is left.
    pub fn is_finished(&self) -> bool {
        self.to_read.is_empty() && self.reading.is_none()
    }

    /// Searches until it is finished or the time is up. Calls `enter` for every directory before it
    /// is read, and `done` with the result afterwards.
    pub fn step(
        &mut self,
        root: &Path,
        until: Instant,
        mut enter: impl FnMut(&Path),
        mut done: impl FnMut(&Path, io::Result<()>),
    ) -> Found {
        let mut found = Found::default();
        while Instant::now() < until {
            let (directory, mut entries) = match self.reading.take() {
                Some(reading) => reading,
                None => {
                    let Some(directory) = self.to_read.pop() else { break };
                    enter(&directory);
                    match fs::read_dir(root.join(&directory)) {
                        Ok(entries) => (directory, entries),
                        Err(error) => {
                            done(&directory, Err(error));
                            continue;
                        }
                    }
                }
            };
            if directory.ends_with(FOLDER) {
                found.stamped.extend(directory.parent().map(Path::to_owned));
            }
            let mut runs = Vec::new();
            let outcome = loop {
                match entries.next() {
                    None => break Some(Ok(())),
                    Some(Err(error)) => break Some(Err(error)),
                    Some(Ok(entry)) => {
                        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
                        if is_directory {
                            self.to_read.push(directory.join(entry.file_name()));
                        } else if let Some(name) = entry.file_name().to_str() {
                            if let Some(run) = RunName::of_file(name) {
                                runs.push(run);
                            } else if let Some(run) = run_of_copy(name) {
                                found.copies.push((directory.clone(), run, name.to_owned()));
                            }
                        }
                    }
                }
                // The clock is not asked for every file.
                if runs.len() % 256 == 255 && Instant::now() >= until {
                    break None;
                }
            };
            self.found = self.found.saturating_add(countersign_envelope::count::count(runs.len()));
            if !runs.is_empty() {
                found.runs.push((directory.clone(), runs));
            }
            match outcome {
                Some(outcome) => done(&directory, outcome),
                None => self.reading = Some((directory, entries)),
            }
        }
        found
    }
}
