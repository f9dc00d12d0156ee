//! The manifest: which sealed run belongs to which commit, and what went into it.

use std::sync::Arc;

use sha2::Digest as _;

use crate::artifact::{Artifact, ArtifactError, Field, RUN_KEYS};
use crate::digest::Digest;
use crate::json::Node;

/// A manifest, with every field it came with.
#[derive(Debug, Clone)]
pub struct Manifest {
    artifact: Artifact,
    sealed_run: Option<Field>,
    run_id: Option<Field>,
    /// Of the file as it is, with LF line ends, and with CRLF line ends.
    file_digests: [Digest; 3],
}

impl Manifest {
    /// Reads a manifest from a copy of its bytes.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Self::read(Arc::new(bytes.to_vec()))
    }

    /// Reads a manifest, which keeps the bytes.
    ///
    /// # Errors
    /// [`ArtifactError`] if the bytes are not one JSON object.
    pub fn read(bytes: Arc<Vec<u8>>) -> Result<Self, ArtifactError> {
        let artifact = Artifact::read(bytes)?;
        Ok(Self {
            sealed_run: artifact.field(&["sealed_run"]),
            run_id: artifact.field(&["run_id"]),
            file_digests: file_digests(artifact.canonical().text().bytes()),
            artifact,
        })
    }

    /// The artifact: object, canonical bytes, commit hash.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// The keys of a sealed run that this manifest has; empty for every genuine manifest.
    pub fn run_keys(&self) -> Vec<&'static str> {
        self.artifact.keys_among(RUN_KEYS)
    }

    /// Whether a recorded SHA-256 is that of the file, as it is or with its line ends changed from
    /// CRLF to LF or back: what version control does to a text file does not change the manifest.
    pub fn file_has_digest(&self, recorded: &str) -> bool {
        self.file_digests.iter().any(|digest| digest.is(recorded))
    }

    /// The id of the decision, if it is given.
    pub fn decision_id(&self) -> Option<Node<'_>> {
        self.given("decision_id")
    }

    /// The version of the policy, if it is given.
    pub fn policy_version(&self) -> Option<Node<'_>> {
        self.given("policy_version")
    }

    /// Its own copy of what the commit hash is taken over, if it is given.
    pub fn hash_scope(&self) -> Option<Node<'_>> {
        self.given("hash_scope")
    }

    /// The hash of its own `hash_scope`, if it is given.
    pub fn scope_hash(&self) -> Option<Digest> {
        self.hash_scope()?;
        self.artifact.canonical().scope_hash()
    }

    /// A member; null equals absent.
    fn given(&self, key: &str) -> Option<Node<'_>> {
        self.artifact.object().get(key).filter(|value| !value.is_null())
    }

    /// The file name of the run that it belongs to.
    pub fn sealed_run(&self) -> Option<&str> {
        self.artifact.read_field(&self.sealed_run)
    }

    /// The id of the run that it belongs to.
    pub fn run_id(&self) -> Option<&str> {
        self.artifact.read_field(&self.run_id)
    }
}

/// The SHA-256 of a text file as it is, with LF line ends, and with CRLF line ends.
fn file_digests(bytes: &[u8]) -> [Digest; 3] {
    let mut with_lf = sha2::Sha256::new();
    let mut with_crlf = sha2::Sha256::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        // Only before a line feed is a carriage return part of a line end.
        let (text, lf, crlf): (_, &[u8], &[u8]) = match line.strip_suffix(b"\n") {
            Some(text) => (text.strip_suffix(b"\r").unwrap_or(text), b"\n", b"\r\n"),
            None => (line, b"", b""),
        };
        with_lf.update(text);
        with_lf.update(lf);
        with_crlf.update(text);
        with_crlf.update(crlf);
    }
    [Digest::of(bytes), Digest::from_hash(with_lf), Digest::from_hash(with_crlf)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_alone_do_not_make_another_manifest() {
        let texts = ["{\n\"a\": 1\n}\n", "{\r\n\"a\": 1\r\n}\r\n"];
        for text in texts {
            let manifest = Manifest::parse(text.as_bytes()).unwrap();
            for sealed in texts {
                let sealed = Digest::of(sealed.as_bytes()).to_string();
                assert!(manifest.file_has_digest(&sealed), "{text:?}");
            }
            for other in
                ["{\"a\": 1}", "{\n\"a\": 2\n}\n", "{\n\n\"a\": 1\n}\n", "{\r\"a\": 1\r}\r"]
            {
                let other = Digest::of(other.as_bytes()).to_string();
                assert!(!manifest.file_has_digest(&other), "{other:?}");
            }
            assert!(!manifest.file_has_digest(""));
        }
    }
}
