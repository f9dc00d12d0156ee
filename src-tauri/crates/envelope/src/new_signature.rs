//! A signature that is about to be written, and what it is about.

use crate::artifact::Artifact;
use crate::companion::Companion;
use crate::dsse::DsseEnvelope;
use crate::instant::Instant;
use crate::key_attestation::KeyAttestation;
use crate::public_key::PublicKey;
use crate::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};

/// A signature that was made and verified, and everything that is recorded with it.
#[derive(Debug, Clone)]
pub struct NewSignature<'a> {
    /// How it was made.
    pub algorithm: Algorithm,
    /// Over which bytes.
    pub signed_payload: SignedPayload,
    /// The id of the key.
    pub key_id: &'a str,
    /// Who signed.
    pub signer_id: &'a str,
    /// In which role.
    pub role: Role,
    /// What holds the key.
    pub signer_type: SignerType,
    /// When.
    pub signed_at: Instant,
    /// The public key; `None` for HMAC.
    pub public_key: Option<&'a PublicKey>,
    /// The signature, base64.
    pub signature: &'a str,
    /// What proves where the key lives; `None` if there is nothing.
    pub key_attestation: Option<&'a KeyAttestation>,
    /// What its key says about it; `None` if nothing.
    pub claim: Option<&'a DsseEnvelope>,
    /// A second signature by the same person over the same, which its claim names; `None` if none.
    pub companion: Option<&'a Companion>,
}

/// What was signed: the artifact, and the file that it was read from.
#[derive(Debug, Clone, Copy)]
pub struct SignedArtifact<'a> {
    /// The artifact.
    pub artifact: &'a Artifact,
    /// Sealed run or manifest.
    pub payload_type: PayloadType,
    /// Its file name, without a directory.
    pub file_name: &'a str,
    /// The bytes of the file.
    pub file_bytes: &'a [u8],
}
