//! The `.sig.json` of an artifact: one signature block, or a multi-signature envelope.

use compact_str::CompactString;
use countersign_problem::Problem;

use crate::artifact::Artifact;
use crate::claim::CLAIM;
use crate::companion::{COMPANION, Companion};
use crate::dsse::DsseEnvelope;
use crate::instructions;
use crate::json::{self, JsonError, Object, Value};
use crate::key_attestation::KeyAttestation;
pub use crate::new_signature::{NewSignature, SignedArtifact};
use crate::public_key::PublicKey;
use crate::signature::{KEY_ATTESTATION, Role, Signature, SignedPayload};
use crate::time_stamp::{TimeStamp, TimeStampFormError};

/// The one version of both forms.
pub const VERSION: &str = "1.0";

/// The longest signature file that is read, in bytes (8 MiB, about a thousand signatures with claims): unlike an
/// artifact, it is held in memory as a tree of values, which takes many times its size.
pub const MAX_BYTES: usize = 8 << 20;

/// Why bytes are not signatures, or do not take another.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum SignatureFileError {
    /// Not JSON.
    #[problem(transparent)]
    Json(#[from] JsonError),
    /// JSON, but neither a block (`sig_version`) nor an envelope (`multisig_version`).
    Form,
    /// An object in the file has a key twice; adding to it would lose one of the two.
    DuplicateKey(String),
    /// A version that cannot be added to without guessing.
    #[arg(version = VERSION)]
    Version(String),
    /// The signatures that stand there are about other content.
    OtherContent {
        /// The digest in the file.
        found: String,
        /// The digest of the artifact.
        wanted: String,
    },
    /// Longer than [`MAX_BYTES`].
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge {
        /// Its length in bytes.
        size: usize,
    },
    /// A field that would be lost if the file were written again.
    Unreadable(&'static str),
}

impl SignatureFileError {
    /// Whether git stopped there in the middle of a merge, so that both sides have to be kept.
    pub const fn has_conflict_markers(&self) -> bool {
        matches!(self, Self::Json(JsonError::ConflictMarkers { .. }))
    }
}

/// Signatures of one artifact, with every field they came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureFile {
    /// One signature block.
    Block(Object),
    /// A multi-signature envelope.
    Envelope(Object),
}

/// What an envelope asks for when co-signing begins it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// How many signatures by distinct keys and signers it needs.
    pub threshold: u64,
    /// Roles that must be among them; null in the file if there are none.
    pub required_roles: Vec<Role>,
}

impl Terms {
    /// The roles as the file writes them: a set, or null.
    fn roles(&self) -> Value {
        let mut roles: Vec<Value> = Vec::new();
        for role in self.required_roles.iter().map(|role| Value::from(role.as_str())) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        if roles.is_empty() { Value::Null } else { Value::Array(roles) }
    }
}

impl NewSignature<'_> {
    /// The signature block.
    pub fn block(&self, signed: SignedArtifact<'_>) -> Object {
        let mut block = Object::from([
            ("sig_version", Value::from(VERSION)),
            ("payload_type", signed.payload_type.as_str().into()),
            ("payload_commit_hash", signed.artifact.commit_hash().unwrap_or("").into()),
            ("payload_bytes_sha256", signed.artifact.canonical().digest().to_string().into()),
        ]);
        self.write_common(&mut block, signed);
        block
    }

    /// The entry of an envelope.
    pub fn entry(&self, signed: SignedArtifact<'_>) -> Object {
        let mut entry = Object::new();
        self.write_common(&mut entry, signed);
        entry
    }

    fn write_common(&self, object: &mut Object, signed: SignedArtifact<'_>) {
        let public_key = self.public_key.map(PublicKey::to_text);
        object.set("algorithm", self.algorithm.as_str());
        object.set("signing_key_id", self.key_id);
        object.set("signer_id", self.signer_id);
        object.set("role", self.role.as_str());
        object.set("signer_type", self.signer_type.as_str());
        object.set("signed_at", self.signed_at.to_string());
        object.set("public_key", public_key.as_deref());
        object.set("signature", self.signature);
        if self.signed_payload != SignedPayload::CanonicalJson {
            object.set("signed_payload", self.signed_payload.as_str());
        }
        if let Some(attestation) = self.key_attestation {
            object.set(KEY_ATTESTATION, attestation.to_object());
        }
        if let Some(claim) = self.claim {
            object.set(CLAIM, claim.to_object());
        }
        if let Some(companion) = self.companion {
            object.set(COMPANION, companion.to_object());
        }
        object.set("verification_instructions", instructions::command(self, signed));
    }
}

impl SignatureFile {
    /// Reads a signature file.
    ///
    /// # Errors
    /// Fails if the bytes are not JSON, or of neither form.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignatureFileError> {
        Self::parse_with_duplicate_key(bytes).map(|(file, _)| file)
    }

    /// Reads a signature file, with the first key that an object in it gives twice.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_with_duplicate_key(
        bytes: &[u8],
    ) -> Result<(Self, Option<CompactString>), SignatureFileError> {
        if bytes.len() > MAX_BYTES {
            return Err(SignatureFileError::TooLarge { size: bytes.len() });
        }
        let document = json::parse(bytes)?;
        let file = match document.value {
            Value::Object(object) if object.has("multisig_version") => Self::Envelope(object),
            Value::Object(object) if object.has("sig_version") => Self::Block(object),
            _ => return Err(SignatureFileError::Form),
        };
        Ok((file, document.duplicate_key))
    }

    /// Reads a signature file that is to be written again with more in it.
    ///
    /// # Errors
    /// As [`Self::parse`]; also if a key is given twice or the signatures are not a list, since a
    /// rewrite would lose something.
    pub fn parse_for_rewrite(bytes: &[u8]) -> Result<Self, SignatureFileError> {
        let (file, duplicate) = Self::parse_with_duplicate_key(bytes)?;
        if let Some(key) = duplicate {
            return Err(SignatureFileError::DuplicateKey(key.to_string()));
        }
        file.entries()?;
        Ok(file)
    }

    /// The whole object.
    pub fn object(&self) -> &Object {
        match self {
            Self::Block(object) | Self::Envelope(object) => object,
        }
    }

    /// The version as written.
    pub fn version(&self) -> Option<&str> {
        match self {
            Self::Block(object) => object.text("sig_version"),
            Self::Envelope(object) => object.text("multisig_version"),
        }
    }

    /// The signatures, in file order. An item that is not an object counts as an empty one.
    pub fn signatures(&self) -> Vec<Signature<'_>> {
        static EMPTY: Object = Object::EMPTY;
        match self {
            Self::Block(object) => vec![Signature(object)],
            Self::Envelope(object) => object
                .get("signatures")
                .and_then(Value::as_array)
                .unwrap_or_default()
                .iter()
                .map(|value| Signature(value.as_object().unwrap_or(&EMPTY)))
                .collect(),
        }
    }

    /// The digest of the canonical bytes that the signatures are about, as written.
    pub fn artifact_hash(&self) -> Option<&str> {
        match self {
            Self::Block(object) => object.text("payload_bytes_sha256"),
            Self::Envelope(object) => object.text("artifact_hash"),
        }
    }

    /// How many signatures the envelope asks for; `None` for a block, or if it is not a number.
    pub fn threshold(&self) -> Option<u64> {
        match self {
            Self::Block(_) => None,
            Self::Envelope(object) => object.get("threshold")?.as_count(),
        }
    }

    /// The roles that the envelope asks for, as written; anything that is not a role, or not a list, is
    /// a `?` that nobody can hold.
    pub fn witness_requirements(&self) -> Vec<&str> {
        match self.object().get("witness_requirements") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(roles)) => roles.iter().map(|r| r.as_str().unwrap_or("?")).collect(),
            Some(_) => vec!["?"],
        }
    }

    /// Replaces what an envelope asks for; a block asks for nothing.
    pub fn set_terms(&mut self, terms: &Terms) {
        if let Self::Envelope(envelope) = self {
            envelope.set("threshold", terms.threshold);
            envelope.set("witness_requirements", terms.roles());
        }
    }

    /// Adds a signature: a block becomes an envelope on the terms given, with the first signature
    /// kept as it was; an envelope keeps its own terms. Nothing that stands there is lost.
    ///
    /// # Errors
    /// Fails if the file has another version, or its signatures are about other content.
    pub fn co_sign(
        self,
        new: &NewSignature<'_>,
        signed: SignedArtifact<'_>,
        terms: &Terms,
    ) -> Result<Self, SignatureFileError> {
        self.check_about(signed.artifact)?;
        let entry = new.entry(signed);
        let envelope = match self {
            Self::Block(block) => Object::from([
                ("multisig_version", Value::from(VERSION)),
                ("artifact_hash", signed.artifact.canonical().digest().to_string().into()),
                ("threshold", terms.threshold.into()),
                ("signatures", Value::Array(vec![block.into(), entry.into()])),
                ("witness_requirements", terms.roles()),
            ]),
            Self::Envelope(mut envelope) => {
                let mut signatures = match envelope.remove("signatures") {
                    Some(Value::Array(signatures)) => signatures,
                    _ => Vec::new(),
                };
                signatures.push(entry.into());
                envelope.set("signatures", signatures);
                envelope
            }
        };
        Ok(Self::Envelope(envelope))
    }

    /// Gives one of the signatures, by its place, an attestation of its key.
    pub fn set_attestation(&mut self, at: usize, attestation: &KeyAttestation) {
        self.set_field(at, KEY_ATTESTATION, attestation.to_object());
    }

    /// Gives one of the signatures, by its place, a claim.
    pub fn set_claim(&mut self, at: usize, claim: &DsseEnvelope) {
        self.set_field(at, CLAIM, claim.to_object());
    }

    /// Gives one of the signatures, by its place, a companion.
    pub fn set_companion(&mut self, at: usize, companion: &Companion) {
        self.set_field(at, COMPANION, companion.to_object());
    }

    /// Adds a time stamp to one of the signatures, by its place, and returns whether it was not
    /// there yet.
    ///
    /// # Errors
    /// Fails if there is no room for it.
    pub fn add_time_stamp(
        &mut self,
        at: usize,
        stamp: &TimeStamp,
    ) -> Result<bool, TimeStampFormError> {
        self.signature_mut(at).map_or(Ok(false), |signature| stamp.add_to(signature))
    }

    fn set_field(&mut self, at: usize, field: &str, value: Object) {
        if let Some(signature) = self.signature_mut(at) {
            signature.set(field, value);
        }
    }

    fn signature_mut(&mut self, at: usize) -> Option<&mut Object> {
        match self {
            Self::Block(block) => Some(block),
            Self::Envelope(envelope) => match envelope.get_mut("signatures") {
                Some(Value::Array(signatures)) => match signatures.get_mut(at) {
                    Some(Value::Object(signature)) => Some(signature),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    /// Whether the file can be added to for this artifact.
    ///
    /// # Errors
    /// Fails if the file has another version, or its signatures are about other content.
    pub fn check_about(&self, artifact: &Artifact) -> Result<(), SignatureFileError> {
        let version = self.version().unwrap_or("");
        if version != VERSION {
            return Err(SignatureFileError::Version(version.to_owned()));
        }
        let digest = artifact.canonical().digest();
        let found = self.artifact_hash().unwrap_or("");
        if !digest.is(found) {
            let (found, wanted) = (found.to_owned(), digest.to_string());
            return Err(SignatureFileError::OtherContent { found, wanted });
        }
        Ok(())
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        Value::Object(self.object().clone()).to_pretty()
    }
}
