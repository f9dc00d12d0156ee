//! A signed artifact, sealed run or manifest, as it was read: parsed and written canonically from
//! one buffer, so that what is shown, hashed and signed is the same.

use compact_str::CompactString;

use crate::canonical::CanonicalObject;
use crate::json::{self, JsonError, Object, Value};

/// Why bytes are not an artifact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// Not JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
}

/// A JSON object with its canonical bytes.
#[derive(Debug, Clone)]
pub struct Artifact {
    value: Value,
    canonical: CanonicalObject,
    /// The first key that an object in the file gives twice.
    pub duplicate_key: Option<CompactString>,
}

static EMPTY: Object = Object::EMPTY;

impl Artifact {
    /// Reads an artifact.
    ///
    /// # Errors
    /// Where the bytes are not one JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, ArtifactError> {
        let document = json::parse(bytes)?;
        let object = document.value.as_object().ok_or(ArtifactError::NotAnObject)?;
        let canonical = CanonicalObject::new(object);
        Ok(Self { value: document.value, canonical, duplicate_key: document.duplicate_key })
    }

    /// The whole value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The object.
    pub fn object(&self) -> &Object {
        self.value.as_object().unwrap_or(&EMPTY)
    }

    /// The canonical bytes: what a signature is made over.
    pub fn canonical(&self) -> &CanonicalObject {
        &self.canonical
    }

    /// Which of these keys the object has. Null equals absent.
    pub(crate) fn keys_among(&self, keys: &[&'static str]) -> Vec<&'static str> {
        let has = |key: &&&str| self.object().get(key).is_some_and(|value| *value != Value::Null);
        keys.iter().filter(has).copied().collect()
    }

    /// The recorded commit hash, if any.
    pub fn commit_hash(&self) -> Option<&str> {
        self.object().text("commit_hash").filter(|hash| !hash.is_empty())
    }
}
