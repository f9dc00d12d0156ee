//! The sealed run: the record of a governed decision.

use crate::artifact::{Artifact, ArtifactError};
use crate::digest::{Digest, short};
use crate::file_name::{is_manifest, run_id_of};
use crate::instant::Instant;
use crate::json::Value;
use crate::manifest;

/// Keys that a sealed run has and a manifest never has. A signature covers the bytes of a file and
/// not whether it is a run or a manifest, so no file may pass for both.
pub(crate) const OWN_KEYS: &[&str] = &[
    "authority_envelope",
    "decision_state",
    "inputs_snapshot",
    "outputs",
    "replay_instructions",
    "hash",
];

/// A sealed run, with every field it came with.
#[derive(Debug, Clone)]
pub struct SealedRun(Artifact);

/// A file that the run names in `artifacts_emitted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmittedArtifact<'a> {
    /// Its path on the machine that sealed the run.
    pub path: &'a str,
    /// The last component of the path.
    pub name: &'a str,
    /// The SHA-256 of the file as written, `sha256:` and 64 hex digits.
    pub sha256: Option<&'a str>,
}

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

    /// The keys of a manifest that this run has; empty for every genuine run.
    pub fn manifest_keys(&self) -> Vec<&'static str> {
        self.0.keys_among(manifest::OWN_KEYS)
    }

    /// The digests under which the run names its manifest in `artifacts_emitted`, as written, with
    /// the paths. The reference's sealer writes the path and the SHA-256 of the file; only the last
    /// component of the path tells the file, since the others are of the sealing machine. An entry
    /// for another manifest of the same run names this one too: a run has one manifest, and renaming
    /// the files must not evade the comparison.
    pub fn sealed_manifests(&self) -> Vec<EmittedArtifact<'_>> {
        let emitted = self.at(&["artifacts_emitted"]).and_then(Value::as_array);
        let entries = emitted.unwrap_or_default().iter().filter_map(|entry| {
            let path = entry.get("path")?.as_str()?;
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            let sha256 = entry.get("sha256").and_then(Value::as_str);
            is_manifest(name).then_some(EmittedArtifact { path, name, sha256 })
        });
        let own = |name: &str| run_id_of(name).is_some_and(|id| Some(id) == self.run_id());
        entries.filter(|entry| own(entry.name)).collect()
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
