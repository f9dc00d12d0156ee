//! The stored options of PKCS#11 modules: how each is started, and whose statements about hardware
//! count.
//!
//! Names of variables are kept, never their values. A module is trusted as the file that it was: its
//! SHA-256 is kept, and another file at the same path is not trusted.

use countersign_problem::Problem;
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;
use countersign_signers::environment::is_variable_name;
use countersign_signers::pkcs11::discovery::FoundModule;
use countersign_signers::pkcs11::module_file::{ModuleFile, digest_of, same_file};
use serde::{Deserialize, Serialize};

/// The stored options of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct ModuleOptions {
    /// Its file.
    pub path: String,
    /// SHA-256 of the file whose statements about hardware count, 64 hex digits; `None` if they do
    /// not.
    pub sha256: Option<String>,
    /// The names of variables of the environment that the module gets.
    pub variables: Vec<String>,
    /// The text that the module is initialised with, if it takes one.
    pub init: Option<String>,
}

/// A module's options are invalid.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ModuleOptionsError {
    /// The file is not there, or cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error from the operating system.
        error: std::io::Error,
    },
    /// Not the name of a variable. The text is not repeated, since it may be a value.
    Variable {
        /// The module.
        path: String,
    },
    /// Not a digest.
    Digest {
        /// The module.
        path: String,
    },
    /// Nothing is kept of it.
    Unknown {
        /// The module.
        path: String,
    },
}

impl ModuleOptions {
    /// Whether these may be kept.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), ModuleOptionsError> {
        let path = || self.path.clone();
        if !self.variables.iter().all(|name| is_variable_name(name)) {
            return Err(ModuleOptionsError::Variable { path: path() });
        }
        if self.sha256.as_deref().is_some_and(|hex| digest(hex).is_none()) {
            return Err(ModuleOptionsError::Digest { path: path() });
        }
        Ok(())
    }

    /// Its description in the journal. The initialisation text may hold a secret, so a digest
    /// represents it.
    pub fn for_journal(&self) -> Option<String> {
        let trust = self.sha256.as_ref().map(|sha256| format!("trusted as SHA-256 {sha256}"));
        let variables = self.variables.join(", ");
        let variables = (!variables.is_empty()).then(|| format!("variables {variables}"));
        let init = self.init.as_ref().map(|init| {
            format!("initialised with a text of SHA-256 {}", Digest::of(init.as_bytes()).hex())
        });
        let parts: Vec<_> = [trust, variables, init].into_iter().flatten().collect();
        Some(format!("{}: {}", self.path, parts.join("; ")))
    }
}

/// A module's file, started with the stored options, or else as p11-kit's configuration specifies.
pub fn file(
    path: impl AsRef<Path>,
    options: &[ModuleOptions],
    found: &[FoundModule],
) -> ModuleFile {
    let path = path.as_ref();
    let kept = options.iter().find(|one| same_file(Path::new(&one.path), path));
    let configured = found.iter().find(|one| same_file(&one.path, path));
    let configured = configured.and_then(|one| one.init.clone());
    let Some(kept) = kept else {
        return ModuleFile { init: configured, ..ModuleFile::new(path) };
    };
    ModuleFile {
        variables: kept.variables.clone(),
        init: kept.init.clone().or(configured),
        known: kept.sha256.as_deref().and_then(digest),
        ..ModuleFile::new(path)
    }
}

/// The options of a module, new ones if nothing is kept of it yet.
pub fn of<'a>(options: &'a mut Vec<ModuleOptions>, path: &Path) -> &'a mut ModuleOptions {
    let at = options.iter().position(|one| same_file(Path::new(&one.path), path));
    let at = at.unwrap_or_else(|| {
        let path = path.to_string_lossy().into_owned();
        options.push(ModuleOptions { path, ..ModuleOptions::default() });
        options.len() - 1
    });
    &mut options[at]
}

/// Forgets all that is kept of a module.
///
/// # Errors
/// If nothing is.
pub fn forget(options: &mut Vec<ModuleOptions>, path: &Path) -> Result<(), ModuleOptionsError> {
    let before = options.len();
    options.retain(|one| !same_file(Path::new(&one.path), path));
    if options.len() == before {
        return Err(ModuleOptionsError::Unknown { path: path.to_string_lossy().into_owned() });
    }
    Ok(())
}

/// A module's file by its whole path, and its SHA-256.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<(PathBuf, Digest), ModuleOptionsError> {
    let unreadable = |error| ModuleOptionsError::Unreadable { path: path.to_owned(), error };
    let whole = std::path::absolute(path).map_err(unreadable)?;
    let digest = digest_of(&whole).map_err(unreadable)?;
    Ok((whole, digest))
}

fn digest(hex: &str) -> Option<Digest> {
    Digest::parse(&format!("sha256:{hex}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_signers::pkcs11::module_file::Vouching;

    #[test]
    fn a_module_is_trusted_through_any_path_to_its_file_until_it_changes() {
        let place = tempfile::tempdir().unwrap();
        let (real, link) = (place.path().join("m.so"), place.path().join("link.so"));
        std::fs::write(&real, "library").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut options = Vec::new();
        let trust = |options: &mut Vec<ModuleOptions>, path: &Path| {
            let (path, digest) = read(path).unwrap();
            of(options, &path).sha256 = Some(digest.hex());
        };
        trust(&mut options, &real);
        options[0].check().unwrap();
        assert_eq!(file(&link, &options, &[]).vouching(), Vouching::Known);
        std::fs::write(&real, "another").unwrap();
        assert_eq!(file(&link, &options, &[]).vouching(), Vouching::Changed);
        trust(&mut options, &link);
        assert_eq!(options.len(), 1);
        forget(&mut options, &link).unwrap();
        assert!(options.is_empty() && forget(&mut options, &link).is_err());
    }

    #[test]
    fn a_value_in_place_of_a_name_is_refused_and_not_repeated() {
        let variables = vec!["HSM_PIN=4711".to_owned()];
        let options = ModuleOptions { variables, ..ModuleOptions::default() };
        let error = options.check().unwrap_err().to_string();
        assert!(!error.contains("4711"), "{error}");
    }
}
