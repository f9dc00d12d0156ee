//! Refusing: the key signs the refusal and nothing else (EVIDENCE.md section 1).

use std::path::PathBuf;
use std::sync::Arc;

use countersign_admissibility::acceptance;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::refusals::JudgedRefusal;
use countersign_admissibility::signatures::JudgedSignature;
use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::DsseEnvelope;
use countersign_envelope::file_name::{MAX_BYTES, refusals_of, run_of_manifest};
use countersign_envelope::person::Person;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::{Refusal, RefusalsFile, SignedRefusal, is_reason};
use countersign_envelope::signature::{Algorithm, PayloadType};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::statement::Subject;
use countersign_problem::{Words, words};
use countersign_signers::{Attend, KnownKey, Signer};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access};

use super::{Choice, Intent, Read, Reading, SigningError, claim};

/// A refusal that was made.
#[derive(Debug)]
pub(super) struct MadeRefusal {
    /// The file that it is written to.
    path: PathBuf,
    run: Arc<Read>,
    algorithm: Algorithm,
    public_key: PublicKey,
    envelope: DsseEnvelope,
    /// Whether it verifies under the signer's own key.
    holds: bool,
}

impl Reading {
    /// The refusals of the run by accepted keys, those that were lifted included.
    ///
    /// # Errors
    /// Fails if they cannot be read.
    pub fn refusals(&self, keyring: &Keyring) -> Result<Vec<JudgedRefusal>, SigningError> {
        let Some(read) = self.artifacts.first() else { return Ok(Vec::new()) };
        let Some(file) = read.refusals()? else { return Ok(Vec::new()) };
        let judged = acceptance::refusals(&file, &self.run, keyring);
        Ok(judged.into_iter().filter(JudgedRefusal::is_accepted).collect())
    }

    /// The refusals that this person lifts if they sign.
    ///
    /// # Errors
    /// Fails if the refusals cannot be read.
    pub fn lifts(
        &self,
        signer_id: &str,
        keyring: &Keyring,
    ) -> Result<Vec<JudgedRefusal>, SigningError> {
        let all = self.refusals(keyring)?;
        Ok(all.into_iter().filter(|one| one.is_of(signer_id)).collect())
    }

    /// The signatures of a person on run and manifest that count, by the SHA-256 of their raw bytes:
    /// what their refusal withdraws.
    ///
    /// # Errors
    /// Fails if the signatures or refusals cannot be read.
    pub fn withdrawn_by(
        &self,
        signer_id: &str,
        keyring: &Keyring,
    ) -> Result<Vec<Digest>, SigningError> {
        let person = Person::of(signer_id);
        let is_own = |one: &JudgedSignature| one.is_valid() && Person::of(&one.signer_id) == person;
        let mut withdrawn = Vec::new();
        for read in &self.artifacts {
            let Some(existing) = read.existing()? else { continue };
            let judged = read.judge(&existing, keyring)?;
            withdrawn.extend(judged.iter().filter(|one| is_own(one)).filter_map(|one| one.raw));
        }
        Ok(withdrawn)
    }

    /// Whether a key may refuse this.
    pub(super) fn check_refusal(
        &self,
        key: Option<&KnownKey>,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        self.check_date(choice.signed_at)?;
        let (Some(read), Some(reason)) = (self.signed_run(), choice.intent.reason()) else {
            return Err(SigningError::NoForm);
        };
        if !is_reason(reason) {
            return Err(SigningError::Reason { number: reason.chars().count() });
        }
        read.refusals()?;
        if matches!(choice.intent, Intent::Withdraw { .. })
            && self.withdrawn_by(&choice.signer_id, keyring)?.is_empty()
        {
            let (path, signer) = (read.path.clone(), choice.signer_id.clone());
            return Err(SigningError::NothingToWithdraw { path, signer });
        }
        let Some(key) = key else {
            return choice.check_may_hold(keyring);
        };
        if key.algorithm == Algorithm::HmacSha256 {
            return Err(SigningError::SharedRefusal);
        }
        read.check_accepted(key, choice, keyring)
    }

    /// Has the key sign the refusal.
    pub(super) fn refuse(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
        attend: &dyn Attend,
    ) -> Result<MadeRefusal, SigningError> {
        self.check_refusal(Some(&signer.known()), choice, keyring)?;
        let (Some(read), Some(reason)) = (self.signed_run(), choice.intent.reason()) else {
            return Err(SigningError::NoForm);
        };
        let public_key = signer.public_key().cloned().ok_or(SigningError::SharedRefusal)?;
        let artifact = &read.artifact;
        let refusal = Refusal {
            subjects: vec![Subject::of(artifact, PayloadType::SealedRun, &read.name())],
            signer: choice.signer_id.clone(),
            role: choice.role.as_str().to_owned(),
            key_id: choice.key_id.clone(),
            key_sha256: Some(Digest::of(&public_key.to_der())),
            algorithm: signer.algorithm().as_str().to_owned(),
            signer_type: Some(signer.signer_type()),
            refused_at: choice.signed_at,
            reason: reason.to_owned(),
            run_id: self.run.run_id().unwrap_or("").to_owned(),
            commit_hash: artifact.commit_hash().unwrap_or("").to_owned(),
            withdraws: self.withdrawn_by(&choice.signer_id, keyring)?,
        };
        let (algorithm, statement) = (signer.algorithm(), refusal.to_statement());
        let (envelope, holds) = claim::sign(statement.to_payload(), (signer, attend), choice)?;
        Ok(MadeRefusal {
            path: read.refusals_path(),
            run: Arc::clone(read),
            algorithm,
            public_key,
            envelope,
            holds,
        })
    }
}

impl Read {
    /// The file of the refusals of the run that this is or belongs to.
    fn refusals_path(&self) -> PathBuf {
        let name = self.name();
        let run = run_of_manifest(&name).unwrap_or(name);
        self.path.with_file_name(refusals_of(&run))
    }

    /// The refusals of the run, if there are any.
    pub(super) fn refusals(&self) -> Result<Option<RefusalsFile>, SigningError> {
        let path = self.refusals_path();
        let bytes = match reading::read(&path, directory_of(&path), MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        RefusalsFile::parse_for_rewrite(&bytes)
            .map(Some)
            .map_err(|error| SigningError::Refusals { path, error })
    }

    /// Judges the signatures of a file by the keyring; those that their signer withdrew do not count.
    pub(super) fn judge(
        &self,
        existing: &SignatureFile,
        keyring: &Keyring,
    ) -> Result<Vec<JudgedSignature>, SigningError> {
        let mut judged = acceptance::judge(existing, self.signed(), keyring);
        if let Some(refusals) = self.refusals()? {
            acceptance::withdraw(&mut judged, &refusals, &self.run, keyring);
        }
        Ok(judged)
    }
}

impl MadeRefusal {
    fn add_to(&self, existing: Option<RefusalsFile>) -> Result<RefusalsFile, SigningError> {
        let existing = existing.unwrap_or_default();
        existing
            .with(self.algorithm, Some(&self.public_key), &self.envelope)
            .map_err(|error| SigningError::Refusals { path: self.path.clone(), error })
    }

    /// Verifies it by the signer's own key, and once more as a reader will, from the text that would
    /// be written.
    pub(super) fn verify(&self) -> Result<(), SigningError> {
        let text = self.add_to(None)?.to_text();
        let again = RefusalsFile::parse(text.as_bytes())
            .map_err(|error| SigningError::Refusals { path: self.path.clone(), error })?;
        let run = self.run.artifact.canonical().digest();
        let reads = |signed: SignedRefusal| {
            signed.digest == self.envelope.payload_digest() && signed.refusal.is_about(&run)
        };
        let mut entries = again.entries();
        let reads = entries.next().and_then(|one| one.verify().ok()).is_some_and(reads);
        match self.holds && reads {
            true => Ok(()),
            false => Err(SigningError::NotVerified(self.run.path.clone())),
        }
    }

    /// In words, that the keyring does not know the key, so that the refusal blocks nothing here.
    pub(super) fn unknown_key(&self, keyring: &Keyring) -> Option<Words> {
        let is_known = keyring.keys().is_empty() || keyring.has(&self.public_key.fingerprint());
        (!is_known).then(|| words!("refused-by-unknown-key", key = ?self.envelope.key_id))
    }

    /// Writes it beside the run, with those that are there.
    pub(super) fn write(&self) -> Result<Vec<PathBuf>, SigningError> {
        let _lock = safe_write::lock(directory_of(&self.path))?;
        self.run.check_unchanged()?;
        // Read again under the lock: refusals that have arrived since are kept.
        let text = self.add_to(self.run.refusals()?)?.to_text();
        let access = Access::Like(&self.run.path);
        safe_write::commit(vec![safe_write::prepare(&self.path, text.as_bytes(), access)?])?;
        Ok(vec![self.path.clone()])
    }
}
