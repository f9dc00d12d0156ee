//! What a ceremony signs: the files of an envelope, a reviewer's finding, a release, or the signed keyring.
//! The steps are the same, and so is what is asked of the key.

use std::path::PathBuf;

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::digest::Digest;
use countersign_envelope::signature::PayloadType;
use countersign_journal::{Event, KeyFacts};
use countersign_problem::Words;
use countersign_signers::{LockedKey, Signer};
use countersign_store::log_memory::KeptClaim;

use crate::ceremony::{Attendance, Reporter, Stage, subjects};
use crate::signing::{Choice, Reading, SigningError};

/// Something that was read and can be signed with a key of a person's choice.
pub trait ToSign {
    /// Whether it still is what was read.
    ///
    /// # Errors
    /// Fails if it has changed or was removed.
    fn check_unchanged(&self) -> Result<(), SigningError>;

    /// Whether what is signed could be written now, before a key is used for it.
    ///
    /// # Errors
    /// Why it could not.
    fn check_places(&self) -> Result<(), SigningError>;

    /// Whether a key may sign it.
    ///
    /// # Errors
    /// Why it may not.
    fn check_signer(
        &self,
        signer: &dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError>;

    /// Whether a key that asks for a secret may sign it, as far as that is certain before it is open.
    ///
    /// # Errors
    /// Why it may not.
    fn check_locked(
        &self,
        key: &dyn LockedKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError>;

    /// What is journalled before the key is used.
    fn attempted(&self, key: KeyFacts, choice: &Choice) -> Event;

    /// Signs, verifies what was made, and writes it. Cancelling works until the writing begins.
    ///
    /// # Errors
    /// If it cannot be signed or written; nothing is written then.
    fn act(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
        attendance: &dyn Attendance,
    ) -> Result<Acted, SigningError>;

    /// What is journalled once it is written.
    fn done(&self, key: KeyFacts, choice: &Choice, keyring: &Keyring, acted: &Acted) -> Event;
}

/// What an act brought about.
#[derive(Debug, Default)]
pub struct Acted {
    /// The files that were written.
    pub written: Vec<PathBuf>,
    /// What a person should know of them.
    pub remarks: Vec<Words>,
    /// The claims, each by the SHA-256 of the raw signature that it is about.
    pub claims: Vec<(Digest, KeptClaim)>,
    /// Whether signatures of the same person count no more.
    pub withdraws: bool,
}

/// Checks before each step that can be cancelled that it was not.
///
/// # Errors
/// If it was.
pub(crate) fn go_on(attendance: &dyn Attendance) -> Result<(), SigningError> {
    match attendance.is_cancelled() {
        true => Err(SigningError::Cancelled),
        false => Ok(()),
    }
}

/// A key, for the journal; a locked key may not have an id.
pub(crate) fn key_facts(key: Option<&(dyn Signer + Send)>, choice: &Choice) -> KeyFacts {
    let public = key.and_then(|key| key.public_key());
    KeyFacts {
        key_id: choice.key_id.clone(),
        fingerprint: public.map(|public| public.fingerprint().to_string()),
        kind: key.map(|key| key.signer_type()),
        claim: key.and_then(|key| key.claim()),
        companion: key.and_then(|key| key.companion_key()).map(|key| key.fingerprint().to_string()),
        signer_id: choice.signer_id.clone(),
        role: choice.role,
    }
}

impl ToSign for Reading {
    fn check_unchanged(&self) -> Result<(), SigningError> {
        self.check_unchanged()
    }

    fn check_places(&self) -> Result<(), SigningError> {
        self.check_places()
    }

    fn check_signer(
        &self,
        signer: &dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        self.check_signer(signer, choice, keyring)
    }

    fn check_locked(
        &self,
        key: &dyn LockedKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        self.check_locked(key, choice, keyring)
    }

    fn attempted(&self, key: KeyFacts, choice: &Choice) -> Event {
        let artifacts = signed_subjects(self, choice);
        match choice.intent.reason() {
            None => Event::SigningAttempted { key, artifacts },
            Some(reason) => Event::RefusalAttempted { key, artifacts, reason: reason.to_owned() },
        }
    }

    fn act(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
        attendance: &dyn Attendance,
    ) -> Result<Acted, SigningError> {
        // What is withdrawn counts no more once it is.
        let withdraws = choice.intent.reason().is_some()
            && self.withdrawn_by(&choice.signer_id, keyring).is_ok_and(|own| !own.is_empty());
        attendance.stage(Stage::Signing);
        go_on(attendance)?;
        self.check_unchanged()?;
        let made = self.sign(signer, choice, keyring, &Reporter(attendance))?;
        attendance.stage(Stage::Verifying);
        let signed = made.verify()?;
        go_on(attendance)?;
        attendance.stage(Stage::Writing);
        let (remarks, claims) = (signed.notes(), signed.claims());
        Ok(Acted { written: signed.write()?, remarks, claims, withdraws })
    }

    fn done(&self, key: KeyFacts, choice: &Choice, keyring: &Keyring, acted: &Acted) -> Event {
        let artifacts = signed_subjects(self, choice);
        let files = acted.written.iter().map(|path| path.display().to_string()).collect();
        match choice.intent.reason().map(str::to_owned) {
            None => Event::Signed { key, artifacts, files, asks: self.asked(keyring) },
            Some(reason) if acted.withdraws => Event::Withdrawn { key, artifacts, files, reason },
            Some(reason) => Event::RefusedToSign { key, artifacts, files, reason },
        }
    }
}

/// What a choice signs of an envelope, for the journal. A refusal is about the run alone.
fn signed_subjects(reading: &Reading, choice: &Choice) -> Vec<countersign_journal::Subject> {
    let mut subjects = subjects(reading);
    if choice.intent.reason().is_some() {
        subjects.retain(|one| one.payload_type == PayloadType::SealedRun);
    }
    subjects
}
