//! A signed artifact, sealed run or manifest, as it was read: checked and written canonically from
//! one buffer, so that what is shown, hashed and signed is the same.

use countersign_problem::Problem;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;

use crate::canonical::{Canonical, TooLong};
use crate::json::{JsonError, Node, Text};

/// Keys that a sealed run has and a manifest never has. A signature covers the bytes of a file and
/// not whether it is a run or a manifest, so no file may pass for both.
pub(crate) const RUN_KEYS: &[&str] = &[
    "authority_envelope",
    "decision_state",
    "inputs_snapshot",
    "outputs",
    "replay_instructions",
    "hash",
];

/// Keys that a manifest has and a sealed run never has.
pub(crate) const MANIFEST_KEYS: &[&str] = &["sealed_run", "file_row_counts", "schema_versions"];

/// Why bytes are not an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum ArtifactError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// JSON, but not an object.
    NotAnObject,
    /// An object whose canonical form is too long.
    #[problem(transparent)]
    TooLong(#[from] TooLong),
}

/// A text of an artifact: where it stands, or what it says if it has escapes.
#[derive(Debug, Clone)]
pub(crate) enum Field {
    Plain(Range<usize>),
    Decoded(String),
}

/// A JSON object with its canonical bytes.
#[derive(Debug, Clone)]
pub struct Artifact {
    canonical: Canonical,
    commit_hash: Option<Field>,
    /// The first key that an object in the file gives twice.
    pub duplicate_key: Option<CompactString>,
}

impl Artifact {
    /// Reads an artifact from a copy of its bytes.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Self::read(Arc::new(bytes.to_vec()))
    }

    /// Reads an artifact, which keeps the bytes: nothing of a large one is held twice.
    ///
    /// # Errors
    /// [`ArtifactError`] if the bytes are not one JSON object, or its canonical form is too long.
    pub fn read(bytes: Arc<Vec<u8>>) -> Result<Self, ArtifactError> {
        let mut text = Text::parse(bytes)?;
        if !text.root().is_object() {
            return Err(ArtifactError::NotAnObject);
        }
        let duplicate_key = text.duplicate_key.take();
        let canonical = Canonical::of(text)?;
        let mut artifact = Self { canonical, commit_hash: None, duplicate_key };
        artifact.commit_hash = artifact.field(&["commit_hash"]);
        Ok(artifact)
    }

    /// The object.
    pub fn object(&self) -> Node<'_> {
        self.canonical.text().root()
    }

    /// The canonical bytes: what a signature is made over.
    pub fn canonical(&self) -> &Canonical {
        &self.canonical
    }

    /// Which of these keys the object has. Null equals absent.
    pub(crate) fn keys_among(&self, keys: &[&'static str]) -> Vec<&'static str> {
        let has = |key: &&&str| self.object().get(key).is_some_and(|value| !value.is_null());
        keys.iter().filter(has).copied().collect()
    }

    /// The recorded commit hash, if any.
    pub fn commit_hash(&self) -> Option<&str> {
        self.read_field(&self.commit_hash).filter(|hash| !hash.is_empty())
    }

    /// The text at a path of keys, to be read often.
    pub(crate) fn field(&self, path: &[&str]) -> Option<Field> {
        let node = self.object().at(path)?;
        Some(match node.as_str()? {
            Cow::Borrowed(text) => {
                let start = node.place().1 + 1;
                Field::Plain(start..start + text.len())
            }
            Cow::Owned(text) => Field::Decoded(text),
        })
    }

    /// A field of this artifact.
    pub(crate) fn read_field<'a>(&'a self, field: &'a Option<Field>) -> Option<&'a str> {
        match field.as_ref()? {
            Field::Plain(range) => {
                std::str::from_utf8(&self.canonical.text().bytes()[range.clone()]).ok()
            }
            Field::Decoded(text) => Some(text),
        }
    }
}
