//! Which signatures count when a station acts on a file: signs it, or merges copies into it.
//!
//! Nothing else in a file keeps anyone from signing or sets terms: an entry that does not verify, or
//! whose key the keyring does not accept, is anybody's.

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::{Policy, Trust};
use countersign_admissibility::signatures::{self, JudgedSignature};
use countersign_envelope::artifact::Artifact;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature_file::SignatureFile;

/// The policy of a station that acts: the keyring decides, or, while it is empty, any key that
/// verifies is accepted.
pub fn policy(keyring: &Keyring) -> Policy {
    let trust = if keyring.keys().is_empty() { Trust::Embedded } else { Trust::Pinned };
    Policy { trust, ..Policy::default() }
}

/// Judges the signatures of a file by the keyring. Those by a shared key stay unchecked.
pub fn judge(file: &SignatureFile, artifact: &Artifact, keyring: &Keyring) -> Vec<JudgedSignature> {
    let judge = Judge {
        policy: &policy(keyring),
        keyring,
        roots: &AttestationRoots::default(),
        hmac_key: None,
        now: Instant::EPOCH,
    };
    signatures::judge(&judge, file, artifact)
}
