//! Whether the files that a run was made from are at hand, and are the same: evidence beside L1, which
//! no level depends on.

use countersign_envelope::digest::Digest;
use countersign_envelope::vocabulary;
use countersign_problem::{Value, Words, words};

use crate::state::State;

vocabulary! {
    /// How a run stands to the files that somebody has of it.
    InputsStanding {
        /// All files that it was made from are there, each with the content that was hashed.
        Reproduced = "reproduced",
        /// Some are not there, or could not be read. That says nothing against the run.
        NotAvailable = "not_available",
        /// A file has another content than the run was made from.
        Contradicted = "contradicted",
    }
}

vocabulary! {
    /// How one file was found.
    FileStanding {
        /// It has the content that was hashed.
        Same = "same",
        /// It is not there.
        Missing = "missing",
        /// It has another content.
        Changed = "changed",
        /// It was not read: its path leads elsewhere, it is no plain file, or the run names no digest.
        NotRead = "not_read",
    }
}

impl InputsStanding {
    /// In words, to stand before the sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reproduced => "reproduced here",
            Self::NotAvailable => "not available",
            Self::Contradicted => "contradicted",
        }
    }
}

impl FileStanding {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::NotRead => "not read",
        }
    }

    /// As one of the six states: what was not read leaves it open.
    pub const fn state(self) -> State {
        match self {
            Self::Same => State::Holds,
            Self::Changed => State::Contradicted,
            Self::Missing | Self::NotRead => State::Unchecked,
        }
    }
}

/// A file that a run was made from, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// In which list of the hash scope.
    pub list: &'static str,
    /// Its position in that list, counted from 0.
    pub position: usize,
    /// Its path, as the run writes it.
    pub path: String,
    /// The SHA-256 that the run names.
    pub hashed: Option<Digest>,
    /// The SHA-256 of what is there; `None` if it was not read.
    pub found: Option<Digest>,
    /// How it was found.
    pub standing: FileStanding,
    /// Why it was not read; `None` if it was, or is missing.
    pub why: Option<Words>,
}

/// The files that a run was made from, looked up in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundInputs {
    /// Each entry of the hash scope.
    pub files: Vec<FoundFile>,
    /// Files of that place that the run does not name, at most [`MAX_NAMED`] of them.
    pub additional: Vec<String>,
    /// How many of those there are.
    pub additional_total: usize,
}

/// The most additional files that are named.
pub const MAX_NAMED: usize = 1000;

impl FoundInputs {
    /// How the run stands to them.
    pub fn standing(&self) -> InputsStanding {
        let is_any = |standing| self.files.iter().any(|file| file.standing == standing);
        if is_any(FileStanding::Changed) {
            InputsStanding::Contradicted
        } else if self.files.is_empty()
            || is_any(FileStanding::Missing)
            || is_any(FileStanding::NotRead)
        {
            InputsStanding::NotAvailable
        } else {
            InputsStanding::Reproduced
        }
    }

    /// That as one of the six states: files that are not at hand leave it open.
    pub fn state(&self) -> State {
        match self.standing() {
            InputsStanding::Reproduced => State::Holds,
            InputsStanding::NotAvailable => State::Unchecked,
            InputsStanding::Contradicted => State::Contradicted,
        }
    }

    /// That in one sentence, with the first file that decides it.
    pub fn sentence(&self) -> Words {
        let of = |standing: FileStanding| {
            let mut files = self.files.iter().filter(move |file| file.standing == standing);
            (files.next().map(|file| file.path.clone()), files.count())
        };
        let all = self.files.len();
        let (changed, more_changed) = of(FileStanding::Changed);
        if let Some(path) = changed {
            return words!("inputs-contradicted", path, more = more_changed);
        }
        if all == 0 {
            return words!("inputs-none");
        }
        let (missing, more_missing) = of(FileStanding::Missing);
        let (not_read, more_not_read) = of(FileStanding::NotRead);
        let count = more_missing
            + more_not_read
            + usize::from(missing.is_some())
            + usize::from(not_read.is_some());
        match missing.or(not_read) {
            Some(path) => words!("inputs-not-available", path, count, all),
            None => words!("inputs-reproduced", all, additional = self.additional()),
        }
    }

    /// How many additional files there are, as a sentence chooses by it.
    fn additional(&self) -> Value {
        match self.additional_total {
            0 => Value::None,
            total => Value::from(total.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(standings: &[FileStanding]) -> FoundInputs {
        let files = standings.iter().enumerate().map(|(at, standing)| FoundFile {
            list: "inputs",
            position: at,
            path: format!("data/{at}.csv"),
            hashed: None,
            found: None,
            standing: *standing,
            why: None,
        });
        FoundInputs { files: files.collect(), ..FoundInputs::default() }
    }

    #[test]
    fn what_is_missing_says_nothing_and_what_is_changed_contradicts() {
        use FileStanding::{Changed, Missing, NotRead, Same};
        for (files, standing, named) in [
            (&[Same, Same][..], InputsStanding::Reproduced, "2"),
            (&[], InputsStanding::NotAvailable, "names no"),
            (&[Same, Missing], InputsStanding::NotAvailable, "data/1.csv"),
            (&[NotRead, Same], InputsStanding::NotAvailable, "data/0.csv"),
            (&[Missing, Changed, NotRead, Changed], InputsStanding::Contradicted, "data/1.csv"),
        ] {
            let found = found(files);
            assert_eq!(found.standing(), standing, "{files:?}");
            let sentence = found.sentence().to_string();
            assert!(sentence.contains(named), "{sentence}");
        }
    }
}
