//! Refusing to sign a run, or withdrawing one's signatures on it: the ceremony of signing
//! ([`SignRequest`]), in which the key signs the refusal alone. Whoever refused lifts it by signing.

use std::path::PathBuf;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::refusals::JudgedRefusal;
use countersign_ceremony::signing::{Choice, Intent, Reading, Scope, SigningError};
use countersign_envelope::signature::{Role, SignedPayload};

use crate::sign::SignRequest;

/// Who refuses which run, and why.
#[derive(Debug, Clone)]
pub struct RefuseRequest {
    /// The run.
    pub file: PathBuf,
    /// Whether it is refused, or signatures are withdrawn; and why.
    pub intent: Intent,
    /// The id of the key; `None` for the one that the keyring has.
    pub key_id: Option<String>,
    /// Who refuses; `None` for the owner that the keyring has.
    pub signer: Option<String>,
    /// In which role.
    pub role: Role,
    /// Which bytes are signed; `None` for the first form that the key supports.
    pub payload: Option<SignedPayload>,
}

impl RefuseRequest {
    /// The same as what a ceremony is begun with. A key id without a name is that of its owner in
    /// the keyring.
    pub fn sign_request(self, keyring: &Keyring) -> SignRequest {
        let owner = || {
            let key =
                keyring.keys().iter().find(|key| Some(&key.key_id) == self.key_id.as_ref())?;
            Some(key.owner.clone())
        };
        SignRequest {
            signer: self.signer.clone().or_else(owner),
            files: vec![self.file],
            scope: Scope::RunAndManifest,
            signatures: None,
            key_id: self.key_id,
            role: self.role,
            payload: self.payload,
            threshold: 0,
            required_roles: Vec::new(),
            evidence: Vec::new(),
            claim: false,
            intent: self.intent,
        }
    }
}

/// What an act means for refusals and withdrawals, to be said before a secret is asked for.
#[derive(Debug, Clone, Default)]
pub struct Consequences {
    /// The person's own refusals that they lift by signing.
    pub lifts: Vec<JudgedRefusal>,
    /// How many signatures of their own a refusal withdraws.
    pub withdraws: usize,
}

/// What an act means for refusals and withdrawals.
///
/// # Errors
/// Fails if signatures or refusals cannot be read.
pub fn consequences(
    reading: &Reading,
    choice: &Choice,
    keyring: &Keyring,
) -> Result<Consequences, SigningError> {
    let signer = &choice.signer_id;
    Ok(match choice.intent {
        Intent::Sign if choice.claim => {
            Consequences { lifts: reading.lifts(signer, keyring)?, withdraws: 0 }
        }
        Intent::Sign => Consequences::default(),
        Intent::Refuse { .. } | Intent::Withdraw { .. } => Consequences {
            lifts: Vec::new(),
            withdraws: reading.withdrawn_by(signer, keyring)?.len(),
        },
    })
}
