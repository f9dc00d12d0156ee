//! Programs that Countersign ships and keeps in files for commands to run. The name of such a file has
//! the SHA-256 of its content, and no command runs it that has another: whoever changes the file
//! changes nothing that signs, and a newer release keeps its own beside it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use countersign_envelope::digest::Digest;

use super::Fault;

/// The name of the directory that such files are in.
pub const DIRECTORY: &str = "signer-programs";

/// How such files end.
const SUFFIX: &str = ".py";

/// Longest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The name of the file of a program: `vault_transit-64 hex digits.py`.
pub fn file_name(stem: &str, content: &[u8]) -> String {
    format!("{stem}-{}{SUFFIX}", Digest::of(content).hex())
}

/// A shipped program that a command line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedProgram {
    /// Its file.
    pub path: PathBuf,
    /// Which program it is, whatever its release.
    pub stem: String,
    /// The SHA-256 that its content must have.
    pub sha256: Digest,
}

impl ShippedProgram {
    /// The one that a path is the place of; `None` for any other file.
    pub fn at(path: &Path) -> Option<Self> {
        let directory = path.parent()?.file_name()?;
        let name = path.file_name()?.to_str()?.strip_suffix(SUFFIX)?;
        let (stem, digits) = name.rsplit_once('-')?;
        let sha256 = Digest::parse_hex(digits).filter(|_| directory == DIRECTORY)?;
        Some(Self { path: path.to_owned(), stem: stem.to_owned(), sha256 })
    }

    /// The one among the words of a command line.
    pub fn among(words: &[String]) -> Option<Self> {
        words.iter().find_map(|word| Self::at(Path::new(word)))
    }

    /// Whether its file is as it was shipped.
    ///
    /// # Errors
    /// Fails with [`Fault::Altered`] if it has other content, or [`Fault::NotThere`] if it cannot be
    /// read.
    pub fn check(&self) -> Result<(), Fault> {
        let mut content = Vec::new();
        let read = File::open(&self.path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut content));
        match read {
            Err(source) => Err(Fault::NotThere { path: self.path.clone(), source }),
            Ok(_) if Digest::of(&content) == self.sha256 => Ok(()),
            Ok(_) => Err(Fault::Altered { path: self.path.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_recognised_by_its_place_and_name_and_refused_if_it_is_another() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join(DIRECTORY);
        std::fs::create_dir(&directory).unwrap();
        let path = directory.join(file_name("aws_kms", b"print()"));
        let shipped = ShippedProgram::at(&path).unwrap();
        assert_eq!(shipped.stem, "aws_kms");
        assert!(matches!(shipped.check(), Err(Fault::NotThere { .. })));
        std::fs::write(&path, "print()").unwrap();
        shipped.check().unwrap();
        std::fs::write(&path, "print() ").unwrap();
        assert!(matches!(shipped.check(), Err(Fault::Altered { .. })));

        let name = file_name("aws_kms", b"");
        for other in [&*name, &*format!("elsewhere/{name}"), "signer-programs/aws_kms.py"] {
            assert_eq!(ShippedProgram::at(Path::new(other)), None, "{other}");
        }
    }
}
