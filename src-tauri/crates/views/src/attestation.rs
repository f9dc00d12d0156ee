//! The content of an attestation, or why it proves nothing.

use countersign_admissibility::attestation::{
    self, AttestationError, AttestationFinding, AttestationRoots, AttestationSource,
    AttestationStanding,
};
use countersign_admissibility::keyring::Key;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::Said;
use serde::Serialize;

/// The statement of an attestation about a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct AttestationView {
    /// Whether it holds.
    pub standing: AttestationStanding,
    /// One sentence: its statement, or why it proves nothing.
    pub words: Said,
}

impl AttestationView {
    /// Describes the verdict on an attestation.
    pub fn of(finding: &AttestationFinding) -> Self {
        Self { standing: finding.standing(), words: finding.words().into() }
    }

    /// Describes the attestation that the keyring has for a key, as judged now; `None` if it has
    /// none.
    pub fn of_key(key: &Key, roots: &AttestationRoots, now: Instant) -> Option<Self> {
        let public_key = key.public_key.as_deref().and_then(|text| PublicKey::parse(text).ok());
        let outcome = key.attestation()?.map_err(AttestationError::from).and_then(|attestation| {
            attestation::verify(&attestation, public_key.as_ref(), roots, now)
        });
        Some(Self::of(&AttestationFinding { source: AttestationSource::Keyring, outcome }))
    }
}
