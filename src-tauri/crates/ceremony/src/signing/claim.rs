//! The claim of an act of signing: what the key says about the signatures it just made, signed by
//! the same key before anything is written (EVIDENCE.md section 1).

use std::path::Path;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::refusals::JudgedRefusal;
use countersign_envelope::claim::{self, Claim, SIGN, Seen, SeenKeyring, SeenSignature};
use countersign_envelope::companion::Companion;
use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::{
    CosignedEnvelope, DsseEnvelope, DsseSignature, IN_TOTO, MAX_PAYLOAD, pae,
};
use countersign_envelope::signature::{PayloadType, SignedPayload, raw_digest};
use countersign_envelope::statement::Subject;
use countersign_signers::{Attend, Payload, Signer, SignerError};

use super::{Choice, Made, Reading, SigningError, SigningNote};
use crate::ceremony::{Attendance, Reporter, Stage};

impl Reading {
    /// What a key would say about signatures that it made of what was read.
    fn claim(
        &self,
        made: &[Made],
        signer: &dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<Claim, SigningError> {
        let digest_on = |kind: PayloadType| {
            let one = made.iter().find(|made| made.read.payload_type == kind)?;
            raw_digest(&one.signature)
        };
        let subject = |made: &Made| {
            let read = &made.read;
            Subject::of(&read.artifact, read.payload_type, &read.name())
        };
        Ok(Claim {
            subjects: made.iter().map(subject).collect(),
            act: SIGN.to_owned(),
            signer: choice.signer_id.clone(),
            role: choice.role.as_str().to_owned(),
            key_id: choice.key_id.clone(),
            key_sha256: signer.public_key().map(|key| Digest::of(&key.to_der())),
            algorithm: signer.algorithm().as_str().to_owned(),
            companion_key_sha256: signer.companion_key().map(|key| Digest::of(&key.to_der())),
            signer_type: Some(signer.signer_type()),
            signed_at: choice.signed_at,
            terms: self.terms(choice, keyring).unwrap_or_else(|| choice.terms.clone()),
            on_run: digest_on(PayloadType::SealedRun),
            on_manifest: digest_on(PayloadType::Manifest),
            commitments: claim::commitments(&self.run),
            lifts: payloads(self.lifts(&choice.signer_id, keyring)?),
            seen: self.seen(made, keyring)?,
        })
    }

    /// What a claim will say that the signer saw.
    ///
    /// # Errors
    /// Fails if the existing signatures or refusals cannot be read.
    pub fn will_be_seen(&self, keyring: &Keyring) -> Result<Seen, SigningError> {
        self.seen(&[], keyring)
    }

    /// What the signer can see beside what they sign.
    fn seen(&self, made: &[Made], keyring: &Keyring) -> Result<Seen, SigningError> {
        let (log, ledger) = (self.chains.log.clone(), self.chains.ledger.clone());
        let refusals = payloads(self.refusals(keyring)?);
        let known = keyring.signed();
        let known = known.map(|one| SeenKeyring { version: one.version, digest: Some(one.digest) });
        let seen = Seen { refusals, log, ledger, keyring: known, ..Seen::default() };
        let Some(run) = self.signed_run() else { return Ok(seen) };
        let Some(existing) = run.existing()? else { return Ok(seen) };
        let own = made.iter().map(|made| made.signature.as_str()).collect::<Vec<_>>();
        let judged = run.judge(&existing, keyring)?;
        let signatures = existing.signatures().into_iter().zip(&judged);
        let signatures = signatures.filter(|(signature, judged)| {
            let is_known = judged.fingerprint.is_some_and(|key| keyring.has(&key));
            let is_accepted = judged.is_valid() || (judged.verifies() && is_known);
            is_accepted && !own.contains(&signature.signature())
        });
        let signatures = signatures.filter_map(|(_, judged)| {
            let claim = judged.claim.holding().map(|holding| holding.digest);
            Some(SeenSignature { signature: judged.raw?, claim })
        });
        Ok(Seen { signatures: signatures.collect(), ..seen })
    }
}

/// The digests of the payloads of refusals.
fn payloads(refusals: Vec<JudgedRefusal>) -> Vec<Digest> {
    refusals.into_iter().filter_map(|one| one.digest).collect()
}

/// Has a key sign the claim about the signatures it made, and puts it beside each of them.
pub(super) fn attach(
    reading: &Reading,
    made: &mut [Made],
    (signer, attend): (&mut dyn Signer, &dyn Attend),
    choice: &Choice,
    keyring: &Keyring,
) -> Result<(), SigningError> {
    let Some(path) = made.first().map(|made| made.read.path.clone()) else { return Ok(()) };
    let statement = reading.claim(made, signer, choice, keyring)?.to_statement();
    let wanted = choice.payload.or_else(|| signer.payloads().first().copied());
    let payload = statement.to_payload();
    if payload.len() > MAX_PAYLOAD {
        return Err(SigningError::ClaimTooLong(path));
    }
    let (envelope, holds) = sign(payload, (signer, attend), choice)?;
    let form = envelope.signed_payload;
    for one in made.iter_mut() {
        one.claim = Some(envelope.clone());
        one.holds &= holds;
    }
    if let Some(companion) = signer.companion() {
        accompany(made, &envelope, companion, attend)?;
    }
    if wanted != Some(form)
        && let Some(first) = made.first_mut()
    {
        first.notes.push(SigningNote::ClaimOverDigest { path, form });
    }
    Ok(())
}

/// Has another key sign what was signed, and the claim about it, which names that key.
fn accompany(
    made: &mut [Made],
    claim: &DsseEnvelope,
    companion: &mut dyn Signer,
    attend: &dyn Attend,
) -> Result<(), SigningError> {
    let form = *companion.payloads().first().ok_or(SigningError::NoForm)?;
    let public_key = companion.public_key().cloned().ok_or(SigningError::NoForm)?;
    let mut sign = |bytes: &[u8]| -> Result<_, SigningError> {
        if attend.is_cancelled() {
            return Err(SigningError::Cancelled);
        }
        let payload = Payload::new(bytes, form);
        let signature = companion.sign(&payload, attend)?;
        let holds = companion.verifies(&payload.message(), &signature);
        Ok((signature, holds))
    };
    let (claim_signature, claim_holds) = sign(&pae(&claim.payload_type, &claim.payload))?;
    for one in made {
        let (signature, holds) = sign(&one.read.artifact.canonical().bytes())?;
        one.holds &= holds && claim_holds;
        one.companion = Some(Companion {
            public_key: public_key.clone(),
            signed_payload: form,
            signature,
            claim_signature: claim_signature.clone(),
        });
    }
    Ok(())
}

/// Has a key sign the payload of a Statement. Returns it, and whether it verifies under the signer's
/// own key.
pub(crate) fn sign(
    payload: Vec<u8>,
    by: (&mut dyn Signer, &dyn Attend),
    choice: &Choice,
) -> Result<(DsseEnvelope, bool), SigningError> {
    sign_as(IN_TOTO, payload, by, choice)
}

/// The same of a payload of any type.
pub(crate) fn sign_as(
    payload_type: &str,
    payload: Vec<u8>,
    (signer, attend): (&mut dyn Signer, &dyn Attend),
    choice: &Choice,
) -> Result<(DsseEnvelope, bool), SigningError> {
    let bytes = pae(payload_type, &payload);
    let (signature, signed_payload) = sign_bytes(&bytes, signer, choice, attend)?;
    let message = Payload::new(&bytes, signed_payload).message();
    let holds = signer.verifies(&message, &signature);
    let (payload_type, key_id) = (payload_type.to_owned(), choice.key_id.clone());
    Ok((DsseEnvelope { payload_type, payload, key_id, signature, signed_payload }, holds))
}

/// Has a key sign the payload of an envelope that several people sign: over the bytes themselves, so that
/// any program verifies it.
///
/// # Errors
/// [`Refused::form`] if the key signs only digests; also if it cannot be used, or its signature does not
/// hold.
pub(crate) fn cosign(
    envelope: &CosignedEnvelope,
    (signer, attendance): (&mut dyn Signer, &dyn Attendance),
    choice: &Choice,
    refused: Refused<'_>,
) -> Result<DsseSignature, SigningError> {
    let plain = SignedPayload::CanonicalJson;
    if !signer.payloads().contains(&plain) {
        return Err(refused.form);
    }
    let choice = &Choice { payload: Some(plain), ..choice.clone() };
    let by = (signer, &Reporter(attendance) as &dyn Attend);
    let (signed, holds) = sign_as(&envelope.payload_type, envelope.payload.clone(), by, choice)?;
    attendance.stage(Stage::Verifying);
    match (signed.signed_payload == plain, holds) {
        (false, _) => Err(refused.form),
        (true, false) => Err(SigningError::NotVerified(refused.path.to_owned())),
        (true, true) => Ok(DsseSignature { key_id: signed.key_id, signature: signed.signature }),
    }
}

/// What is said of a signature that is not made.
pub(crate) struct Refused<'a> {
    /// Why, if the key signs only digests.
    pub form: SigningError,
    /// The file that it was for.
    pub path: &'a Path,
}

/// Signs bytes over the form that was chosen, or if they are too long for the key in
/// that form, over the next one that it supports.
fn sign_bytes(
    bytes: &[u8],
    signer: &mut dyn Signer,
    choice: &Choice,
    attend: &dyn Attend,
) -> Result<(Vec<u8>, SignedPayload), SigningError> {
    let mut forms: Vec<SignedPayload> = choice.payload.into_iter().collect();
    forms.extend(signer.payloads().iter().filter(|form| choice.payload != Some(**form)));
    let mut forms = forms.into_iter().peekable();
    while let Some(form) = forms.next() {
        match signer.sign(&Payload::new(bytes, form), attend) {
            Err(SignerError::TooLong { .. } | SignerError::OtherForm(_))
                if forms.peek().is_some() => {}
            signed => return Ok((signed?, form)),
        }
    }
    Err(SigningError::NoForm)
}
