//! Looking at an export before it is imported.

use std::path::Path;

use countersign_store::archive::{self, Fault, Opened};
use serde::Serialize;

use super::envelope::{Carried, carried, is_run, sound};
use super::error::CarryError;

/// The contents of an export before it is imported: for two people to compare.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Inspected {
    /// The digest, 64 hex digits.
    pub digest: String,
    /// The envelopes in it, as far as they can be read.
    pub envelopes: Vec<Carried>,
    /// What does not match its list. With any of these it cannot be imported.
    pub faults: Vec<Fault>,
}

/// Looks at what a file carries. Nothing is written.
///
/// # Errors
/// Fails if it is not an archive.
pub fn inspect(path: &Path) -> Result<Inspected, CarryError> {
    let Opened { archive, digest, faults, .. } = archive::open(path)?;
    let runs = archive.files().filter(|(name, _)| is_run(name));
    let envelopes =
        runs.filter_map(|(name, bytes)| Some(carried(name.to_owned(), &sound(bytes).ok()?)));
    Ok(Inspected { digest: digest.hex(), envelopes: envelopes.collect(), faults })
}
