//! The files that a run was made from, as they were found somewhere.

use countersign_admissibility::inputs::{FileStanding, FoundFile, FoundInputs, InputsStanding};
use countersign_admissibility::state::State;
use countersign_envelope::count::count;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_problem::Said;
use serde::Serialize;

use super::{said, short};

/// Most files that are named because they are not as they were.
const MOST: usize = 20_000;

/// The files that a run was made from, as they were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct InputsView {
    /// The SHA-256 of the canonical bytes of the run, 64 hex digits: what was found is about these.
    pub run: String,
    /// The directory.
    pub directory: String,
    /// When, RFC 3339 in UTC.
    pub checked_at: String,
    /// How the run stands to them.
    pub standing: InputsStanding,
    /// That as one of the six states.
    pub state: State,
    /// That in one sentence.
    pub sentence: Said,
    /// How many files the run names.
    pub total: u32,
    /// How many of them are as they were.
    pub same: u32,
    /// Those that are not, the first ones or all: first what contradicts.
    pub files: Vec<FoundFileView>,
    /// Files of the directory that the run does not name, the first ones or all.
    pub additional: Vec<String>,
    /// How many of those there are.
    pub additional_total: u32,
}

/// A file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct FoundFileView {
    /// In which list.
    pub list: &'static str,
    /// Its position in it, counted from 0.
    pub position: u32,
    /// Its path, as the run writes it.
    pub path: String,
    /// How it was found.
    pub standing: FileStanding,
    /// That as one of the six states.
    pub state: State,
    /// Why it was not read.
    pub why: Option<Said>,
    /// The SHA-256 that the run names, 64 hex digits.
    pub hashed: Option<String>,
    /// The SHA-256 of what is there, 64 hex digits.
    pub found: Option<String>,
}

impl InputsView {
    /// The view of what was found for a run in a directory.
    pub fn of(run: Digest, found: &FoundInputs, directory: &str, at: Instant) -> Self {
        let other = |file: &&FoundFile| file.standing != FileStanding::Same;
        let mut files: Vec<&FoundFile> = found.files.iter().filter(other).collect();
        let same = found.files.len() - files.len();
        files.sort_by_key(|file| file.standing != FileStanding::Changed);
        Self {
            run: run.hex(),
            directory: short(directory),
            checked_at: at.to_string(),
            standing: found.standing(),
            state: found.state(),
            sentence: said(&found.sentence().sentence()),
            total: count(found.files.len()),
            same: count(same),
            files: files.into_iter().take(MOST).map(FoundFileView::of).collect(),
            additional: found.additional.iter().map(|path| short(path)).collect(),
            additional_total: count(found.additional_total),
        }
    }
}

impl FoundFileView {
    fn of(file: &FoundFile) -> Self {
        Self {
            list: file.list,
            position: count(file.position),
            path: short(&file.path),
            standing: file.standing,
            state: file.standing.state(),
            why: file.why.as_ref().map(said),
            hashed: file.hashed.map(|digest| digest.hex()),
            found: file.found.map(|digest| digest.hex()),
        }
    }
}
