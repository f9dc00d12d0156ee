//! The sealed run: the record of a governed decision.

use crate::artifact::{Artifact, ArtifactError};
use crate::digest::{Digest, short};
use crate::instant::Instant;
use crate::json::Value;

/// A sealed run, with every field it came with.
#[derive(Debug, Clone)]
pub struct SealedRun(Artifact);

impl SealedRun {
    /// Reads a sealed run. Which of its fields are there and right is for the judgement to say.
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

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        self.0.value().at(path)
    }

    /// The text at a path of keys.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }

    /// The recorded content hash.
    pub fn recorded_hash(&self) -> Option<&str> {
        self.text(&["hash"])
    }

    /// The content hash recomputed: over the run with `hash` set to `""`.
    pub fn content_hash(&self) -> Option<Digest> {
        self.0.canonical().digest_with_blank(self.0.object(), "hash")
    }

    /// The commit hash recomputed: over `hash_scope`. `None` for a run sealed before v1.1.
    pub fn scope_hash(&self) -> Option<Digest> {
        self.hash_scope()?;
        self.0.canonical().member_digest(self.0.object(), "hash_scope")
    }

    /// What the commit hash is taken over, unless it is null.
    pub fn hash_scope(&self) -> Option<&Value> {
        self.at(&["hash_scope"]).filter(|scope| **scope != Value::Null)
    }

    /// The run id, as the provenance has it.
    pub fn run_id(&self) -> Option<&str> {
        self.text(&["authority_envelope", "provenance", "run_id"])
    }

    /// The run id that a commit hash gives: `RUN-` and its first 8 hex digits.
    pub fn derived_run_id(commit_hash: &str) -> Option<String> {
        short(commit_hash).map(|hex| format!("RUN-{hex}"))
    }

    /// When the decision was made, as the provenance has it.
    pub fn created_at(&self) -> Option<Instant> {
        Instant::parse(self.text(&["authority_envelope", "provenance", "created_at"])?)
    }

    /// The decision's id.
    pub fn decision_id(&self) -> Option<&str> {
        self.text(&["decision_state", "decision_id"])
    }

    /// The decision's title.
    pub fn title(&self) -> Option<&str> {
        self.text(&["decision_state", "title"])
    }
}
