//! A key that signs together with another one, which makes companions of its signatures. It is opened
//! like the key alone: the companion's key is open before.

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_problem::{Words, words};
use secrecy::SecretString;

use crate::error::SignerError;
use crate::pkcs11::pin_source::PinSource;
use crate::signer::{Attend, Key, KnownKey, LockedKey, Payload, Secret, Signer};

type OpenKey = Box<dyn Signer + Send>;

/// Gives a key another one that makes companions of its signatures.
///
/// # Errors
/// Fails if the other one makes signatures of its own, or has no public key.
pub fn accompanied(key: Key, companion: OpenKey) -> Result<Key, SignerError> {
    let public = companion.public_key().cloned().filter(PublicKey::is_of_companions);
    let public = public.ok_or(SignerError::NotForCompanions(companion.algorithm()))?;
    Ok(match key {
        Key::Ready(key) => Key::Ready(Box::new(Accompanied { key, companion })),
        Key::Locked(key) => {
            Key::Locked(Box::new(LockedAccompanied { key, public, companion: Some(companion) }))
        }
    })
}

struct Accompanied {
    key: OpenKey,
    companion: OpenKey,
}

struct LockedAccompanied {
    key: Box<dyn LockedKey>,
    public: PublicKey,
    /// Until the key is open, and has it.
    companion: Option<OpenKey>,
}

impl Signer for Accompanied {
    fn signer_type(&self) -> SignerType {
        self.key.signer_type()
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn payloads(&self) -> &[SignedPayload] {
        self.key.payloads()
    }

    fn public_key(&self) -> Option<&PublicKey> {
        self.key.public_key()
    }

    fn known(&self) -> KnownKey {
        self.key.known()
    }

    fn attestation(&self) -> Option<&KeyAttestation> {
        self.key.attestation()
    }

    fn claim(&self) -> Option<String> {
        self.key.claim()
    }

    fn evidence(
        &mut self,
        payload: &Payload<'_>,
        attend: &dyn Attend,
    ) -> Result<Option<KeyAttestation>, SignerError> {
        self.key.evidence(payload, attend)
    }

    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        self.key.sign(payload, attend)
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
    }

    fn companion_key(&self) -> Option<&PublicKey> {
        self.companion.public_key()
    }

    fn companion(&mut self) -> Option<&mut (dyn Signer + Send)> {
        Some(self.companion.as_mut())
    }
}

impl LockedKey for LockedAccompanied {
    fn secret(&self) -> Secret {
        self.key.secret()
    }

    fn name(&self) -> Words {
        self.key.name()
    }

    fn known(&self) -> Option<KnownKey> {
        self.key.known()
    }

    fn tries_left(&self) -> Option<u8> {
        self.key.tries_left()
    }

    fn was_wrong(&self) -> bool {
        self.key.was_wrong()
    }

    fn pin_source(&self) -> Option<&PinSource> {
        self.key.pin_source()
    }

    fn blocked(&self) -> Words {
        self.key.blocked()
    }

    fn risk(&self) -> &'static str {
        self.key.risk()
    }

    fn rule(&self) -> Option<Words> {
        self.key.rule()
    }

    fn companion_key(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }

    fn unlock(&mut self, secret: &SecretString) -> Result<OpenKey, SignerError> {
        let key = self.key.unlock(secret)?;
        // It never signs without the companion that was chosen with it.
        let companion = self.companion.take();
        let companion = companion.ok_or_else(|| SignerError::Spent(words!("key-open-already")))?;
        Ok(Box::new(Accompanied { key, companion }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_file;
    use crate::ml_dsa_key::MlDsaSigner;
    use crate::software::Ed25519Signer;

    fn companion() -> OpenKey {
        Box::new(MlDsaSigner::from_seed(&[7; 32]).unwrap())
    }

    #[test]
    fn a_key_that_asks_for_a_secret_has_its_companion_once_it_is_open() {
        let passphrase = SecretString::from("correct horse");
        let (made, pem) = key_file::generate(&mut key_file::system_random(), &passphrase).unwrap();
        let key = key_file::key(SecretString::from(pem.to_string()), "a.pem").unwrap();
        let Ok(Key::Locked(mut locked)) = accompanied(key, companion()) else { panic!() };
        assert_eq!(locked.companion_key(), companion().public_key());
        assert!(locked.unlock(&SecretString::from("wrong")).is_err());
        let mut open = locked.unlock(&passphrase).unwrap();
        assert_eq!(open.public_key(), made.public_key());
        assert_eq!(open.companion_key(), companion().public_key());
        assert_eq!(open.companion().unwrap().algorithm(), Algorithm::MlDsa65);
        assert!(locked.unlock(&passphrase).is_err(), "it would sign without its companion");
    }

    #[test]
    fn only_a_key_for_companions_makes_companions() {
        let key = || -> OpenKey { Box::new(Ed25519Signer::from_seed(&[1; 32]).unwrap()) };
        let refused = accompanied(Key::Ready(key()), key());
        assert!(matches!(refused, Err(SignerError::NotForCompanions(Algorithm::Ed25519))));
    }
}
