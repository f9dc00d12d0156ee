//! A release of the program's files, to be signed: the key signs the Statement, and its signature is
//! added to those that the file has.

use std::path::PathBuf;

use countersign_admissibility::acceptance::{self, Author};
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::release::{self, ComparedFiles};
use countersign_envelope::person::Person;
use countersign_envelope::release::{MAX_BYTES, ReleaseFile};
use countersign_envelope::signature::Algorithm;
use countersign_journal::{Event, KeyFacts, ReleaseFacts};
use countersign_signers::{KnownKey, LockedKey, Signer};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access};

use crate::ceremony::{Attendance, Stage};
use crate::signing::claim::{self, Refused};
use crate::signing::{Choice, SigningError};
use crate::to_sign::{Acted, ToSign, go_on};

/// A release before a person signs it.
#[derive(Debug, Clone)]
pub struct ReleaseToSign {
    /// The file, which may be there with signatures of others.
    pub out: PathBuf,
    /// What the person has seen of it.
    pub seen: ReleaseFile,
}

impl ReleaseToSign {
    /// The file as it is now. It must say what the person has seen; signatures may have come in.
    fn read(&self) -> Result<ReleaseFile, SigningError> {
        let not_a_release = |error| SigningError::NotARelease { path: self.out.clone(), error };
        match reading::read(&self.out, directory_of(&self.out), MAX_BYTES as u64) {
            Ok(bytes) => {
                let file = ReleaseFile::parse(&bytes).map_err(not_a_release)?;
                match file.envelope.payload == self.seen.envelope.payload {
                    true => Ok(file),
                    false => Err(SigningError::Changed(self.out.clone())),
                }
            }
            Err(ReadError::NotFound(_)) => Ok(self.seen.clone()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a key may sign it: the keyring does not give it to someone else, and its person has not
    /// signed yet.
    fn check(
        &self,
        key: &KnownKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        let public = key.public_key.as_ref().filter(|_| key.algorithm != Algorithm::HmacSha256);
        let public = public.ok_or(SigningError::SharedRelease)?;
        let author = Author {
            name: &choice.signer_id,
            role: choice.role.as_str(),
            key_id: &choice.key_id,
            at: choice.signed_at,
        };
        choice.check_acceptance(acceptance::of_statement(author, public, keyring), keyring)?;
        let compared = ComparedFiles { files: &[], version: None };
        let judged = release::judge(&self.read()?, compared, keyring, choice.signed_at);
        let signs = Person::of(&choice.signer_id);
        match judged.people().iter().any(|owner| Person::of(owner) == signs) {
            true => Err(SigningError::ReleaseSigned {
                path: self.out.clone(),
                signer: choice.signer_id.clone(),
            }),
            false => Ok(()),
        }
    }

    fn facts(&self) -> ReleaseFacts {
        let release = &self.seen.release;
        let files = release.files.iter();
        ReleaseFacts {
            file: self.out.display().to_string(),
            digest: self.seen.envelope.payload_digest().to_string(),
            version: release.version.clone(),
            files: files.map(|file| format!("{} {}", file.digest, file.name)).collect(),
        }
    }
}

impl ToSign for ReleaseToSign {
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
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        self.check(&signer.known(), choice, keyring)
    }

    fn check_locked(
        &self,
        key: &dyn LockedKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        match choice.known(key, keyring) {
            Some(known) => self.check(&known, choice, keyring),
            None => choice.check_may_hold(keyring),
        }
    }

    fn attempted(&self, key: KeyFacts, _: &Choice) -> Event {
        Event::ReleaseAttempted { key, release: self.facts() }
    }

    fn act(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
        attendance: &dyn Attendance,
    ) -> Result<Acted, SigningError> {
        attendance.stage(Stage::Signing);
        go_on(attendance)?;
        self.check(&signer.known(), choice, keyring)?;
        let refused = Refused { form: SigningError::ReleaseForm, path: &self.out };
        let signature = claim::cosign(&self.seen.envelope, (signer, attendance), choice, refused)?;
        go_on(attendance)?;
        attendance.stage(Stage::Writing);
        let _lock = safe_write::lock(directory_of(&self.out))?;
        // Another person may have signed meanwhile: both signatures stay.
        let mut file = self.read()?;
        file.envelope.signatures.push(signature);
        let text = file.to_text();
        if ReleaseFile::parse(text.as_bytes()).as_ref() != Ok(&file) {
            return Err(SigningError::NotVerified(self.out.clone()));
        }
        safe_write::replace(&self.out, text.as_bytes(), Access::Shared)?;
        Ok(Acted { written: vec![self.out.clone()], ..Acted::default() })
    }

    fn done(&self, key: KeyFacts, _: &Choice, _: &Keyring, _: &Acted) -> Event {
        Event::ReleaseSigned { key, release: self.facts() }
    }
}
