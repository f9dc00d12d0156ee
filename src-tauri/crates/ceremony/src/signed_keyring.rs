//! A version of the signed keyring, or an emergency revocation, to be signed by an administrator: its
//! signature is added to those that the file has.

use std::path::PathBuf;

use countersign_admissibility::keyring::{Acceptance, Key, Keyring};
use countersign_envelope::dsse::{CosignedEnvelope, DsseSignature};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::signed_keyring::{MAX_BYTES, parse_envelope, to_text};
use countersign_journal::{Event, KeyFacts, SignedKeyringFacts};
use countersign_signers::{KnownKey, LockedKey, Signer};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access};

use crate::ceremony::{Attendance, Stage};
use crate::signing::claim::{self, Refused};
use crate::signing::{Choice, SigningError};
use crate::to_sign::{Acted, ToSign, go_on};

/// A document of the signed keyring before a person signs it.
#[derive(Debug, Clone)]
pub struct KeyringToSign {
    /// The file, which may be there with signatures of others.
    pub out: PathBuf,
    /// What the person has seen of it.
    pub seen: CosignedEnvelope,
    /// The keys whose signatures count: of the administrators who decide on it, and of its own.
    pub administrators: Vec<Key>,
    /// What is journalled of it.
    pub facts: SignedKeyringFacts,
}

impl KeyringToSign {
    /// The file as it is now. It must say what the person has seen; signatures may have come in.
    fn read(&self) -> Result<CosignedEnvelope, SigningError> {
        let not_one = |error| SigningError::NotASignedKeyring { path: self.out.clone(), error };
        match reading::read(&self.out, directory_of(&self.out), MAX_BYTES as u64) {
            Ok(bytes) => {
                let envelope = parse_envelope(&bytes).map_err(not_one)?;
                let said = |one: &CosignedEnvelope| (one.payload_type.clone(), one.payload.clone());
                match said(&envelope) == said(&self.seen) {
                    true => Ok(envelope),
                    false => Err(SigningError::Changed(self.out.clone())),
                }
            }
            Err(ReadError::NotFound(_)) => Ok(self.seen.clone()),
            Err(error) => Err(error.into()),
        }
    }

    /// The administrator's key that made a signature.
    fn made_by(&self, one: &DsseSignature, message: &[u8]) -> Option<&Key> {
        self.administrators.iter().find(|key| {
            let public = key.public_key.as_deref().map(PublicKey::parse);
            public.and_then(Result::ok).is_some_and(|public| one.is_by(&public, message))
        })
    }

    /// Whether a key may sign it: it is an administrator's, that person's, in force, and has not signed
    /// yet.
    fn check(&self, key: &KnownKey, choice: &Choice) -> Result<(), SigningError> {
        let public = key.public_key.as_ref().filter(|_| key.algorithm != Algorithm::HmacSha256);
        let fingerprint = public.map(PublicKey::fingerprint);
        let mut own = self.administrators.iter();
        let own = own.find(|key| fingerprint.is_some() && key.fingerprint() == fingerprint);
        let own = own.ok_or_else(|| SigningError::NotAnAdministrator {
            path: self.out.clone(),
            key_id: choice.key_id.clone(),
        })?;
        let acceptance = match own {
            key if key.key_id != choice.key_id => Acceptance::OtherId(key.key_id.clone()),
            key if key.owner != choice.signer_id => Acceptance::OtherOwner(key.owner.clone()),
            key => key.validity(choice.signed_at),
        };
        if acceptance != Acceptance::Accepted {
            return Err(choice.refused(acceptance));
        }
        let envelope = self.read()?;
        let message = envelope.message();
        let has_signed =
            |one| self.made_by(one, &message).is_some_and(|by| by.key_id == own.key_id);
        match envelope.signatures.iter().any(has_signed) {
            true => Err(SigningError::KeyringSigned {
                path: self.out.clone(),
                key_id: own.key_id.clone(),
            }),
            false => Ok(()),
        }
    }
}

impl ToSign for KeyringToSign {
    fn check_unchanged(&self) -> Result<(), SigningError> {
        self.read().map(drop)
    }

    fn check_places(&self) -> Result<(), SigningError> {
        Ok(safe_write::rehearse(&self.out, Access::Shared)?)
    }

    fn check_signer(
        &self,
        signer: &dyn Signer,
        choice: &Choice,
        _: &Keyring,
    ) -> Result<(), SigningError> {
        self.check(&signer.known(), choice)
    }

    fn check_locked(
        &self,
        key: &dyn LockedKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        match choice.known(key, keyring) {
            Some(known) => self.check(&known, choice),
            None => Ok(()),
        }
    }

    fn attempted(&self, key: KeyFacts, _: &Choice) -> Event {
        Event::KeyringAttempted { key, keyring: self.facts.clone() }
    }

    fn act(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        _: &Keyring,
        attendance: &dyn Attendance,
    ) -> Result<Acted, SigningError> {
        attendance.stage(Stage::Signing);
        go_on(attendance)?;
        self.check(&signer.known(), choice)?;
        let refused = Refused { form: SigningError::KeyringForm, path: &self.out };
        let signature = claim::cosign(&self.seen, (signer, attendance), choice, refused)?;
        go_on(attendance)?;
        attendance.stage(Stage::Writing);
        let _lock = safe_write::lock(directory_of(&self.out))?;
        // Another administrator may have signed meanwhile: both signatures stay. Those that nobody made
        // who decides on it do not, so that nobody can fill the file with them.
        let there = self.read()?.signatures;
        let mut own = self.seen.clone();
        let message = own.message();
        own.signatures =
            there.into_iter().filter(|one| self.made_by(one, &message).is_some()).collect();
        own.signatures.push(signature);
        let text = to_text(&own);
        if parse_envelope(text.as_bytes()).as_ref() != Ok(&own) {
            return Err(SigningError::NotVerified(self.out.clone()));
        }
        safe_write::replace(&self.out, text.as_bytes(), Access::Shared)?;
        Ok(Acted { written: vec![self.out.clone()], ..Acted::default() })
    }

    fn done(&self, key: KeyFacts, _: &Choice, _: &Keyring, _: &Acted) -> Event {
        Event::KeyringSigned { key, keyring: self.facts.clone() }
    }
}
