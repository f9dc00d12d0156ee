//! Paths as they are stored in JSON.

use std::ffi::OsString;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path that is read back exactly as it was stored: as text if it is Unicode, and otherwise as the
/// bytes that the system has for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub struct StoredPath(PathBuf);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Text(String),
    Native(OsString),
}

impl From<StoredPath> for Form {
    fn from(path: StoredPath) -> Self {
        path.0.into_os_string().into_string().map_or_else(Self::Native, Self::Text)
    }
}

impl From<Form> for StoredPath {
    fn from(form: Form) -> Self {
        Self(match form {
            Form::Text(text) => text.into(),
            Form::Native(native) => native.into(),
        })
    }
}

impl From<PathBuf> for StoredPath {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl Deref for StoredPath {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}
