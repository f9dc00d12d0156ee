//! The manifest: which sealed run belongs to which commit, and what went into it.

use crate::artifact::{Artifact, ArtifactError};

/// A manifest, with every field it came with.
#[derive(Debug, Clone)]
pub struct Manifest(Artifact);

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Where the bytes are not one JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Artifact::parse(bytes).map(Self)
    }

    /// The artifact: value, canonical bytes, commit hash.
    pub fn artifact(&self) -> &Artifact {
        &self.0
    }

    /// The file name of the run that it belongs to.
    pub fn sealed_run(&self) -> Option<&str> {
        self.0.object().text("sealed_run")
    }

    /// The id of the run that it belongs to.
    pub fn run_id(&self) -> Option<&str> {
        self.0.object().text("run_id")
    }
}
