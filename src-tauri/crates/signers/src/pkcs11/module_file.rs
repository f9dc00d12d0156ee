//! A module's file: how it is started, and whether its word on hardware counts here.
//!
//! Any module can say that its slots are hardware (`CKF_HW_SLOT`). That makes a key hardware only if
//! a person put this very file on the station's list of known modules.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::redaction;

/// A module's file, and how it is started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModuleFile {
    /// The file, by its whole path: see [`Self::new`].
    pub path: PathBuf,
    /// The names of variables of the environment that its process gets beside the usual ones.
    pub variables: Vec<String>,
    /// What `C_Initialize` is given (`CK_C_INITIALIZE_ARGS.pReserved`).
    pub init: Option<String>,
    /// SHA-256 of the file as it is on the list of known modules.
    pub known: Option<Digest>,
}

/// Whether a module's word on hardware counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vouching {
    /// It is on the list of known modules, unchanged.
    Known,
    /// It is not on the list.
    #[default]
    Unlisted,
    /// It is on the list, and the file has changed since, or cannot be read.
    Changed,
}

impl ModuleFile {
    /// A file, started without more. The system's loader looks a name without a slash up in its own
    /// directories, so a relative path is completed here: the file that is checked is the one that is
    /// loaded.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path: std::path::absolute(&path).unwrap_or(path), ..Self::default() }
    }

    /// The same module by the path of the file itself, without links that could lead elsewhere a
    /// moment later.
    pub(super) fn resolved(&self) -> Self {
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        Self { path, ..self.clone() }
    }

    /// Whether its word on hardware counts, by the file as it is now.
    pub fn vouching(&self) -> Vouching {
        match (self.known, digest_of(&self.path)) {
            (None, _) => Vouching::Unlisted,
            (Some(known), Ok(now)) if known == now => Vouching::Known,
            (Some(_), _) => Vouching::Changed,
        }
    }

    /// What it is started with that may be a secret.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let init = self.init.iter().cloned().map(SecretString::from);
        redaction::in_environment(&self.variables).into_iter().chain(init).collect()
    }

    /// Whether another path leads to the same file.
    pub fn is_at(&self, path: &Path) -> bool {
        same_file(&self.path, path)
    }
}

/// SHA-256 of a file.
///
/// # Errors
/// Fails if it cannot be read, or is a directory, a pipe or a device.
pub fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut content = Vec::new();
    open(path)?.read_to_end(&mut content)?;
    Ok(Digest::of(&content))
}

/// Opens a file and nothing else: a pipe or a device may never come to an end.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    // A pipe that nobody writes to would otherwise keep the call waiting.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")),
    }
}

/// Whether two paths lead to one file: the same, or one through a link.
pub fn same_file(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_module_vouches_only_as_the_file_that_was_trusted() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("m.so");
        fs::write(&path, "library").unwrap();
        let mut module = ModuleFile::new(&path);
        assert_eq!(module.vouching(), Vouching::Unlisted);
        module.known = Some(digest_of(&path).unwrap());
        assert_eq!(module.vouching(), Vouching::Known);
        fs::write(&path, "another").unwrap();
        assert_eq!(module.vouching(), Vouching::Changed);
        fs::remove_file(&path).unwrap();
        assert_eq!(module.vouching(), Vouching::Changed);
    }
}
