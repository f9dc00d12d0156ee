//! What a merge did, or would do.

use std::path::{Path, PathBuf};

use countersign_admissibility::terms::AskedTerms;
use countersign_envelope::signature::Role;
use countersign_journal::Event;
use countersign_problem::Words;
use serde::Serialize;

use super::copy_name::Origin;
use super::error::MergeError;

/// One signature of a copy, as a report names it.
#[derive(Debug, Clone, Serialize)]
pub struct Reported {
    /// The run or manifest that it signs.
    pub file: String,
    /// Who signed, according to the copy.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
    /// With which key, by its id.
    pub key_id: String,
    /// When, according to the copy.
    pub signed_at: Option<String>,
    /// The copy that it was found in.
    #[serde(serialize_with = "as_text")]
    pub from: PathBuf,
    /// How the copy came to be.
    pub origin: Origin,
    /// A remark about it, if any.
    pub note: Option<Words>,
}

/// What was left out of a copy.
#[derive(Debug, Clone, Serialize)]
pub struct LeftOut {
    /// The copy.
    #[serde(serialize_with = "as_text")]
    pub from: PathBuf,
    /// How it came to be.
    pub origin: Origin,
    /// Whose signature; null if it is the whole file or a field of it.
    pub signer_id: Option<String>,
    /// Why.
    pub why: Words,
}

/// The result for one envelope.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Merged {
    /// The run.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
    /// The signatures that came to it.
    pub added: Vec<Reported>,
    /// The refusals that came to it.
    pub refusals: Vec<Reported>,
    /// Whether the time stamp of the run itself came to it.
    pub run_time_stamp: bool,
    /// Whether an authority boundary came to its directory.
    pub boundary: bool,
    /// The signatures of the copies that it had already.
    pub there: Vec<Reported>,
    /// What did not come in.
    pub left_out: Vec<LeftOut>,
    /// Warnings about its state after the merge.
    pub notes: Vec<Words>,
    /// The names of the files that were written, or would be; empty if nothing changes.
    pub written: Vec<String>,
    /// The terms that the run's signature file has now; `None` if it cannot have any.
    #[serde(skip)]
    pub(crate) asks: Option<AskedTerms>,
}

/// Lossy if a path is not Unicode.
fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// The result for all envelopes.
#[derive(Debug, Default)]
pub struct MergeReport {
    /// Every envelope of the target that there are copies of, in order of their paths.
    pub envelopes: Vec<Result<Merged, MergeError>>,
    /// Copies of envelopes that are not in the target.
    pub strangers: Vec<PathBuf>,
    /// What could not be searched.
    pub unreadable: Vec<Words>,
}

impl Merged {
    /// The journal's entry for it.
    pub(super) fn event(&self) -> Event {
        let added = self.added.iter().map(|one| format!("{} on {}", one.signer_id, one.file));
        Event::Merged {
            file: self.path.display().to_string(),
            added: added.collect(),
            refusals: self.refusals.iter().map(|one| one.signer_id.clone()).collect(),
            left_out: self.left_out.len() as u64,
            files: self.written.clone(),
            asks: self.asks.clone(),
        }
    }

    /// Run and manifest often give cause for the same.
    pub(super) fn note(&mut self, note: Words) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
