//! The envelopes of an archive, and what was left out of it.

use countersign_envelope::file_name::is_sealed_run;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use serde::Serialize;

/// An envelope that is carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Carried {
    /// Its run, by the name in the archive.
    pub file: String,
    /// The decision's id.
    pub decision_id: String,
    /// The decision's title.
    pub title: String,
    /// SHA-256 of the canonical bytes of the run: what is signed.
    pub digest: String,
}

/// What was not exported or not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCarried {
    /// The file.
    pub file: String,
    /// Why.
    pub why: Words,
}

/// The folder of a name in an archive: empty, or with a slash behind.
pub(super) fn folder_in(name: &str) -> &str {
    name.rfind('/').map_or("", |end| &name[..=end])
}

/// A run contains its own hash: neither end accepts one that was changed since.
pub(super) fn sound(bytes: &[u8]) -> Result<SealedRun, Words> {
    let run = SealedRun::parse(bytes)?;
    let recorded = run.recorded_hash().unwrap_or("");
    match run.content_hash() {
        Some(computed) if computed.is(recorded) => Ok(run),
        _ => Err(words!("carry-altered")),
    }
}

pub(super) fn carried(file: String, run: &SealedRun) -> Carried {
    let short = |text: Option<&str>| visible_short(text.unwrap_or(""), 400);
    Carried {
        file,
        decision_id: short(run.decision_id()),
        title: short(run.title()),
        digest: run.artifact().canonical().digest().hex(),
    }
}

pub(super) fn is_run(name: &str) -> bool {
    is_sealed_run(name.rsplit('/').next().unwrap_or(name))
}
