//! A reviewer's finding, to be signed: the key signs the Statement and nothing else, and it is written
//! to a new file.

use std::path::PathBuf;

use countersign_admissibility::finding;
use countersign_admissibility::keyring::Keyring;
use countersign_envelope::digest::Digest;
use countersign_envelope::finding::{Conclusion, Finding, FindingFile, MAX_PAYLOAD};
use countersign_envelope::signature::Algorithm;
use countersign_journal::{Event, FindingFacts, KeyFacts};
use countersign_signers::{KnownKey, LockedKey, Signer};
use countersign_store::reading::directory_of;
use countersign_store::safe_write::{self, Access, WriteError};

use crate::ceremony::{Attendance, Reporter, Stage};
use crate::signing::{Choice, SigningError, claim};
use crate::to_sign::{Acted, ToSign, go_on};

/// A finding before it is signed.
#[derive(Debug, Clone)]
pub struct FindingToSign {
    /// What was reviewed, as it was named.
    pub reviewed: PathBuf,
    /// The new file.
    pub out: PathBuf,
    /// What the reviewer concludes.
    pub conclusion: Conclusion,
}

impl FindingToSign {
    /// The finding by a key.
    fn by(&self, key: &KnownKey, choice: &Choice) -> Result<Finding, SigningError> {
        let public = key.public_key.as_ref().filter(|_| key.algorithm != Algorithm::HmacSha256);
        let public = public.ok_or(SigningError::SharedFinding)?;
        Ok(Finding {
            conclusion: self.conclusion.clone(),
            reviewer: choice.signer_id.clone(),
            role: choice.role.as_str().to_owned(),
            key_id: choice.key_id.clone(),
            key_sha256: Some(Digest::of(&public.to_der())),
            algorithm: key.algorithm.as_str().to_owned(),
            signer_type: Some(key.signer_type),
            reviewed_at: choice.signed_at,
        })
    }

    /// Whether a key may sign it: the keyring does not give it to someone else.
    fn check(
        &self,
        key: &KnownKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        let finding = self.by(key, choice)?;
        let Some(public) = &key.public_key else { return Err(SigningError::SharedFinding) };
        choice.check_acceptance(finding::acceptance(&finding, public, keyring), keyring)
    }

    fn facts(&self) -> FindingFacts {
        FindingFacts {
            reviewed: self.reviewed.display().to_string(),
            digest: self.conclusion.pack.to_string(),
            outcome: self.conclusion.outcome.as_str(),
            file: self.out.display().to_string(),
        }
    }
}

impl ToSign for FindingToSign {
    /// It is about the digest of what was read, whatever is there now.
    fn check_unchanged(&self) -> Result<(), SigningError> {
        Ok(())
    }

    fn check_places(&self) -> Result<(), SigningError> {
        if std::fs::symlink_metadata(&self.out).is_ok() {
            return Err(WriteError::There(self.out.clone()).into());
        }
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
        Event::FindingAttempted { key, finding: self.facts() }
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
        self.check_places()?;
        let key = signer.known();
        self.check(&key, choice, keyring)?;
        let finding = self.by(&key, choice)?;
        let payload = finding.to_statement().to_payload();
        if payload.len() > MAX_PAYLOAD {
            return Err(SigningError::FindingTooLong);
        }
        let public = key.public_key.ok_or(SigningError::SharedFinding)?;
        let (envelope, holds) = claim::sign(payload, (signer, &Reporter(attendance)), choice)?;
        attendance.stage(Stage::Verifying);
        let text = FindingFile::new(key.algorithm, &public, envelope).to_text();
        // Once more as a reader will, from the text that would be written.
        let again = FindingFile::parse(text.as_bytes()).and_then(|file| file.verify());
        if !holds || !again.is_ok_and(|signed| signed.finding == finding) {
            return Err(SigningError::NotVerified(self.out.clone()));
        }
        go_on(attendance)?;
        attendance.stage(Stage::Writing);
        let _lock = safe_write::lock(directory_of(&self.out))?;
        safe_write::create(&self.out, text.as_bytes())?;
        Ok(Acted { written: vec![self.out.clone()], ..Acted::default() })
    }

    fn done(&self, key: KeyFacts, _: &Choice, _: &Keyring, _: &Acted) -> Event {
        Event::FindingWritten { key, finding: self.facts() }
    }
}
