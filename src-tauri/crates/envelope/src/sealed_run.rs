//! The sealed run: the record of a governed decision.

use std::borrow::Cow;
use std::sync::Arc;

use crate::artifact::{Artifact, ArtifactError, Field, MANIFEST_KEYS};
use crate::digest::{Digest, short};
use crate::file_name::{is_manifest, run_id_of};
use crate::instant::Instant;
use crate::json::Node;

/// A sealed run, with every field it came with.
#[derive(Debug, Clone)]
pub struct SealedRun {
    artifact: Artifact,
    recorded_hash: Option<Field>,
    run_id: Option<Field>,
    decision_id: Option<Field>,
    title: Option<Field>,
}

/// A file that the run names in `artifacts_emitted`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedArtifact<'a> {
    /// Its path on the machine that sealed the run.
    pub path: Cow<'a, str>,
    /// The SHA-256 of the file as written, `sha256:` and 64 hex digits.
    pub sha256: Option<Cow<'a, str>>,
}

impl EmittedArtifact<'_> {
    /// The last component of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }
}

impl SealedRun {
    /// Reads a sealed run from a copy of its bytes.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Artifact::parse(bytes).map(Self::of)
    }

    /// Reads a sealed run, which keeps the bytes. Which of its fields are there and right is for the
    /// judgement to say.
    ///
    /// # Errors
    /// [`ArtifactError`] if the bytes are not one JSON object.
    pub fn read(bytes: Arc<Vec<u8>>) -> Result<Self, ArtifactError> {
        Artifact::read(bytes).map(Self::of)
    }

    fn of(artifact: Artifact) -> Self {
        Self {
            recorded_hash: artifact.field(&["hash"]),
            run_id: artifact.field(&["authority_envelope", "provenance", "run_id"]),
            decision_id: artifact.field(&["decision_state", "decision_id"]),
            title: artifact.field(&["decision_state", "title"]),
            artifact,
        }
    }

    /// The artifact: object, canonical bytes, commit hash.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// The keys of a manifest that this run has; empty for every genuine run.
    pub fn manifest_keys(&self) -> Vec<&'static str> {
        self.artifact.keys_among(MANIFEST_KEYS)
    }

    /// The digests under which the run names its manifest in `artifacts_emitted`, as written, with
    /// the paths. The reference's sealer writes the path and the SHA-256 of the file; only the last
    /// component of the path tells the file, since the others are of the sealing machine. An entry
    /// for another manifest of the same run names this one too: a run has one manifest, and renaming
    /// the files must not evade the comparison.
    pub fn sealed_manifests(&self) -> impl Iterator<Item = EmittedArtifact<'_>> {
        let emitted = self.at(&["artifacts_emitted"]).and_then(Node::items);
        let entries = emitted.into_iter().flatten().filter_map(|entry| {
            let path = entry.text("path")?;
            Some(EmittedArtifact { path, sha256: entry.text("sha256") })
        });
        let own = |name: &str| run_id_of(name).is_some_and(|id| Some(id) == self.run_id());
        entries.filter(move |entry| is_manifest(entry.name()) && own(entry.name()))
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<Node<'_>> {
        self.artifact.object().at(path)
    }

    /// The text at a path of keys.
    pub fn text(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        self.at(path)?.as_str()
    }

    /// The recorded content hash.
    pub fn recorded_hash(&self) -> Option<&str> {
        self.artifact.read_field(&self.recorded_hash)
    }

    /// The content hash recomputed: over the run with `hash` set to `""`.
    pub fn content_hash(&self) -> Option<Digest> {
        self.artifact.canonical().content_hash()
    }

    /// The commit hash recomputed: over `hash_scope`. `None` for a run sealed before v1.1.
    pub fn scope_hash(&self) -> Option<Digest> {
        self.hash_scope()?;
        self.artifact.canonical().scope_hash()
    }

    /// What the commit hash is taken over, unless it is null.
    pub fn hash_scope(&self) -> Option<Node<'_>> {
        self.at(&["hash_scope"]).filter(|scope| !scope.is_null())
    }

    /// The run id, as the provenance has it.
    pub fn run_id(&self) -> Option<&str> {
        self.artifact.read_field(&self.run_id)
    }

    /// The run id that a commit hash gives: `RUN-` and its first 8 hex digits.
    pub fn derived_run_id(commit_hash: &str) -> Option<String> {
        short(commit_hash).map(|hex| format!("RUN-{hex}"))
    }

    /// When the decision was made, as the provenance has it.
    pub fn created_at(&self) -> Option<Instant> {
        Instant::parse(&self.text(&["authority_envelope", "provenance", "created_at"])?)
    }

    /// What it refers to in the authority ledger; `None` if it does not.
    pub fn authority_reference(&self) -> Option<Node<'_>> {
        self.at(&["authority_ledger_ref"]).filter(|reference| reference.is_object())
    }

    /// The decision's id.
    pub fn decision_id(&self) -> Option<&str> {
        self.artifact.read_field(&self.decision_id)
    }

    /// The decision's title.
    pub fn title(&self) -> Option<&str> {
        self.artifact.read_field(&self.title)
    }
}
