//! The programs that the templates of signers run, and the files in which a station keeps them.

use std::io;
use std::path::{Path, PathBuf};

use countersign_problem::Problem;
use countersign_signers::external::shipped::{self, ShippedProgram};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::safe_write::{self, Access, WriteError};

/// A program as this release ships it.
#[derive(Debug)]
pub struct SignerProgram {
    /// Which one, in every release.
    pub stem: &'static str,
    content: &'static str,
}

/// Signs with a key of AWS KMS.
pub static AWS_KMS: SignerProgram =
    SignerProgram { stem: "aws_kms", content: include_str!("../signer-programs/aws_kms.py") };
/// Signs with a key of Google Cloud KMS.
pub static GOOGLE_CLOUD_KMS: SignerProgram = SignerProgram {
    stem: "google_cloud_kms",
    content: include_str!("../signer-programs/google_cloud_kms.py"),
};
/// Signs with a key of Azure Key Vault.
pub static AZURE_KEY_VAULT: SignerProgram = SignerProgram {
    stem: "azure_key_vault",
    content: include_str!("../signer-programs/azure_key_vault.py"),
};
/// Signs with a key of Vault's Transit secrets engine.
pub static VAULT_TRANSIT: SignerProgram = SignerProgram {
    stem: "vault_transit",
    content: include_str!("../signer-programs/vault_transit.py"),
};
/// Signs with a key behind a PKCS#11 module.
pub static HSM_TOOL: SignerProgram =
    SignerProgram { stem: "hsm_tool", content: include_str!("../signer-programs/hsm_tool.py") };

static ALL: [&SignerProgram; 5] =
    [&AWS_KMS, &GOOGLE_CLOUD_KMS, &AZURE_KEY_VAULT, &VAULT_TRANSIT, &HSM_TOOL];

/// Why a program is not in its file.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SignerProgramError {
    /// Its file has other content. It is left for a person to look at.
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// The directory for it could not be made.
    Directory {
        /// The directory.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// The file could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// Other users can change it.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
}

/// Where the programs of the signers in a settings file are kept: in a directory beside it.
pub fn beside(settings: &Path) -> PathBuf {
    let absolute = std::path::absolute(settings).unwrap_or_else(|_| settings.to_owned());
    absolute.with_file_name(shipped::DIRECTORY)
}

/// Whether a file is the place of a program that this release ships, as it is now.
pub fn is_current(program: &ShippedProgram) -> bool {
    let name = program.path.file_name();
    ALL.iter().any(|one| name == Some(one.file_name().as_ref()))
}

/// Writes the program of a path again if its file is gone, and this release has it.
///
/// # Errors
/// As [`SignerProgram::write`].
pub fn restore(program: &ShippedProgram) -> Result<(), SignerProgramError> {
    let name = program.path.file_name();
    let known = ALL.iter().find(|one| name == Some(one.file_name().as_ref()));
    match (known, program.path.parent()) {
        (Some(one), Some(directory)) if !program.path.exists() => one.write(directory).map(drop),
        _ => Ok(()),
    }
}

impl SignerProgram {
    fn file_name(&self) -> String {
        shipped::file_name(self.stem, self.content.as_bytes())
    }

    /// Its file in a directory.
    pub fn path_in(&self, directory: &Path) -> PathBuf {
        directory.join(self.file_name())
    }

    /// Writes it to its file in a directory, which is made if it does not exist; what is there
    /// already is only checked. Nobody else can read or change it.
    ///
    /// # Errors
    /// Fails if it cannot be written, its file has other content, or others can change it.
    pub fn write(&self, directory: &Path) -> Result<PathBuf, SignerProgramError> {
        let path = self.path_in(directory);
        make_private_directory(directory).map_err(|source| SignerProgramError::Directory {
            path: directory.to_owned(),
            source,
        })?;
        ownership::check(&path)?;
        if !path.exists() {
            let _lock = safe_write::lock(directory)?;
            safe_write::replace(&path, self.content.as_bytes(), Access::Private)?;
        }
        let is_whole = ShippedProgram::at(&path).is_some_and(|written| written.check().is_ok());
        if is_whole { Ok(path) } else { Err(SignerProgramError::Altered { path }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_written_once_for_its_owner_alone_and_not_over_what_was_altered() {
        let place = tempfile::tempdir().unwrap();
        let directory = beside(&place.path().join("settings.json"));
        let path = VAULT_TRANSIT.write(&directory).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(&directory)), (0o600, 0o700));
        }
        assert_eq!(VAULT_TRANSIT.write(&directory).unwrap(), path);
        let shipped = ShippedProgram::at(&path).unwrap();
        assert!(is_current(&shipped));
        std::fs::remove_file(&path).unwrap();
        restore(&shipped).unwrap();
        shipped.check().unwrap();

        std::fs::write(&path, "import os").unwrap();
        let refused = VAULT_TRANSIT.write(&directory);
        assert!(matches!(refused, Err(SignerProgramError::Altered { .. })), "{refused:?}");
        restore(&shipped).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "import os");
    }

    #[test]
    fn a_program_of_another_release_keeps_its_file_beside_the_newer_one() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join(shipped::DIRECTORY);
        std::fs::create_dir(&directory).unwrap();
        let old = directory.join(shipped::file_name("aws_kms", b"print()"));
        std::fs::write(&old, "print()").unwrap();
        AWS_KMS.write(&directory).unwrap();
        let old = ShippedProgram::at(&old).unwrap();
        old.check().unwrap();
        assert!(!is_current(&old));
        std::fs::remove_file(&old.path).unwrap();
        restore(&old).unwrap();
        assert!(!old.path.exists(), "this release does not have it");
    }
}
