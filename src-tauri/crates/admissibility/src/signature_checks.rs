//! Judges the signatures of one artifact: the cryptography of each, whether its key is accepted, and
//! what is known about what holds the key.

use std::borrow::Cow;

use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, Signature, SignerType};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::time_stamp::TimeStamp;
use countersign_envelope::verification::{VerificationError, signed_bytes, verify, verify_hmac};
use countersign_problem::{Explain as _, Words, words};
use secrecy::{ExposeSecret as _, SecretSlice};

use crate::attestation::{self, AttestationError, AttestationFinding, AttestationSource, Call};
use crate::certificate_names::{self, NameFinding, When};
use crate::claims::{self, ClaimStanding, Claims, ReadClaims, Signed, VerifiedBy};
use crate::companions::{self, JudgedCompanion};
use crate::dates;
use crate::judge::Judge;
use crate::keyring::{Acceptance, DecodedKey, Key};
use crate::policy::{Assurance, Trust};
use crate::signatures::{Contradiction, JudgedSignature, Standing};
use crate::time_stamp::{Covered, TimeStampError, TimeStamps, TrustedTime};

/// Judges every signature of a file over an artifact: a run, or the manifest of one.
pub fn judge(judge: &Judge<'_>, file: &SignatureFile, signed: Signed<'_>) -> Vec<JudgedSignature> {
    judge_with(judge, file, signed, &ReadClaims::default())
}

/// The same, with the claims that were read of the envelope's other file.
pub(crate) fn judge_with<'a>(
    judge: &Judge<'_>,
    file: &'a SignatureFile,
    signed: Signed<'a>,
    known: &ReadClaims<'a>,
) -> Vec<JudgedSignature> {
    let claims = Claims::of(signed, known);
    let one = |signature| judge_one(judge, signature, signed.artifact, &claims);
    let mut judged: Vec<_> = file.signatures().into_iter().map(one).collect();
    dates::set_aside(&mut judged, signed.created_at(), judge.policy);
    claims::settle_labels(&mut judged);
    claims::require(&mut judged, judge.policy);
    judged
}

/// Judges one signature, but for its date.
fn judge_one<'a>(
    judge: &Judge<'_>,
    signature: Signature<'a>,
    artifact: &Artifact,
    claims: &Claims<'_, 'a>,
) -> JudgedSignature {
    let mut judged = unjudged(signature);
    let (public, fingerprint) = match cryptography(judge, signature, artifact) {
        Ok(verified) => verified,
        Err((standing, why)) => return JudgedSignature { standing, why, ..judged },
    };
    let public = public.as_deref().map(|public| &public.key);
    let shared = judge.hmac_key.map(SecretSlice::expose_secret).unwrap_or_default();
    let key = public.map_or(VerifiedBy::Shared(shared), VerifiedBy::Public);
    let claim = claims.judge(signature, key, fingerprint);
    let time_stamps = time_stamps(judge, signature, &claim);
    // What the file leaves out, and what holds the key, are as the key says.
    let completed =
        claim.holding().and_then(|holding| claims::completed(signature, &holding.claim));
    let signature = completed.as_ref().map_or(signature, Signature);
    if completed.is_some() {
        judged = unjudged(signature);
    }
    judged = JudgedSignature {
        verified: true,
        fingerprint: Some(fingerprint),
        claim,
        time_stamps,
        ..judged
    };
    let trusted = judged.trusted_time();
    let companion = companions::judge(judge, signature, artifact, &judged.claim, trusted);
    let (acceptance, key) = judge.keyring.accept_at(signature, public, trusted);
    let names = names(judge, signature, key, trusted);
    let pinned = acceptance == Acceptance::Accepted;
    judged.standing = match judge.policy.trust {
        // What is known of a key that someone else may have counts under every policy.
        Trust::Embedded if !matches!(acceptance, Acceptance::Compromised(..)) => Standing::Valid,
        Trust::Pinned if pinned => Standing::Valid,
        Trust::Pinned | Trust::Embedded => Standing::NotAccepted,
    };
    judged.lacks_something = matches!(acceptance, Acceptance::UnknownKey | Acceptance::NoTime(_));
    let by_own_key = judge.policy.trust == Trust::Embedded && !pinned;
    judged.says_verifies = !by_own_key;
    judged.why = match by_own_key {
        true => words!("signature-by-own-key", acceptance = acceptance.words()),
        false => acceptance.words(),
    };
    judged.acceptance = Some(acceptance);
    (judged.companion, judged.names) = (companion, names);
    let held_outside = |kind| kind != SignerType::Software;
    let kind = key.filter(|_| pinned).map(|key| key.kind);
    let digest = artifact.canonical().digest();
    let call = Call {
        digest: &digest,
        length: artifact.canonical().bytes().len(),
        at: signature.signed_at().unwrap_or(judge.now),
        algorithm: signature.algorithm(),
        payload: signature.signed_payload(),
    };
    judged.attestations = attestations(judge, signature, public, call, key);
    let attested = judged.attestations.iter().any(AttestationFinding::is_proof);
    let claim = judged.signer_type;
    judged.kind = match kind {
        _ if attested => SignerType::Hardware,
        Some(kind) => kind,
        None => judged.kind,
    };
    judged.assurance = match (kind, claim) {
        _ if attested => Some(Assurance::Attested),
        (Some(kind), _) if held_outside(kind) => Some(Assurance::Pinned),
        (_, Some(claim)) if held_outside(claim) => Some(Assurance::Claimed),
        _ => None,
    };
    judged.contradiction = match (kind, claim) {
        (Some(SignerType::Software), _) if attested => {
            Some(Contradiction::KeyringAgainstAttestation)
        }
        (_, Some(SignerType::Software)) if attested => Some(Contradiction::ClaimAgainstAttestation),
        (Some(SignerType::Software), Some(claim)) if held_outside(claim) => {
            Some(Contradiction::ClaimAgainstKeyring)
        }
        _ => None,
    };
    if let ClaimStanding::Broken(faults) = &judged.claim {
        let why = faults.iter().map(|fault| fault.words.clone());
        let why = why.reduce(|rest, next| words!("list-also", rest, next));
        judged.set_aside(why.unwrap_or_default());
    }
    judged
}

/// A signature with the labels it came with, before anything is known of it.
fn unjudged(signature: Signature<'_>) -> JudgedSignature {
    JudgedSignature {
        signer_id: signature.signer_id().to_owned(),
        role: signature.role(),
        key_id: signature.key_id().to_owned(),
        algorithm: signature.algorithm_text().to_owned(),
        signed_at: signature.0.text("signed_at").map(str::to_owned),
        signer_type: signature.signer_type(),
        kind: signature.signer_type().unwrap_or(SignerType::Software),
        verified: false,
        standing: Standing::Invalid,
        acceptance: None,
        lacks_something: false,
        why: Words::default(),
        says_verifies: false,
        assurance: None,
        contradiction: None,
        attestations: Vec::new(),
        unmet: Vec::new(),
        fingerprint: None,
        value: signature.value(),
        raw: signature.raw_digest(),
        claim: ClaimStanding::None,
        companion: JudgedCompanion::default(),
        names: None,
        time_stamps: TimeStamps::default(),
    }
}

/// What the certificate that the keyring has beside the key proves of names when it signed.
fn names(
    judge: &Judge<'_>,
    signature: Signature<'_>,
    entry: Option<&Key>,
    trusted: Option<&TrustedTime>,
) -> Option<Box<NameFinding>> {
    let says = trusted.map(|time| time.at).or_else(|| signature.signed_at());
    let when = says.map(|says| When { says, trusted, now: judge.now });
    certificate_names::judge(entry?, when, judge.names).map(Box::new)
}

/// The time stamps of a signature, and of its claim if that holds.
fn time_stamps(judge: &Judge<'_>, signature: Signature<'_>, claim: &ClaimStanding) -> TimeStamps {
    let tokens = TimeStamp::all(signature.0);
    let raw = signature.raw().unwrap_or_default();
    let claim = match claim {
        ClaimStanding::Holds(holding) => Ok(holding.signature.as_slice()),
        ClaimStanding::Broken(_) => Err(TimeStampError::ClaimBroken),
        ClaimStanding::None => Err(TimeStampError::NothingCovered),
    };
    TimeStamps::judge(&tokens, Covered { signature: &raw, claim }, judge.tsa_roots)
}

/// The outcomes of the attestations of a signature's key: its own, and if that proves nothing, the
/// one that the keyring has kept for this very key.
fn attestations(
    judge: &Judge<'_>,
    signature: Signature<'_>,
    public: Option<&PublicKey>,
    call: Call<'_>,
    entry: Option<&Key>,
) -> Vec<AttestationFinding> {
    let own = signature.attestation().map(|given| (AttestationSource::Signature, given));
    let kept = entry.and_then(Key::attestation).map(|given| (AttestationSource::Keyring, given));
    let mut findings = Vec::new();
    for (source, given) in own.into_iter().chain(kept) {
        let outcome = given.map_err(AttestationError::from).and_then(|given| match source {
            AttestationSource::Signature => {
                attestation::verify_with_signature(&given, public, call, judge.roots)
            }
            AttestationSource::Keyring => attestation::verify(&given, public, judge.roots, call.at),
        });
        let finding = AttestationFinding { source, outcome };
        let proves = finding.is_proof();
        findings.push(finding);
        if proves {
            break;
        }
    }
    findings
}

/// The public key that a signature verified under, none for a shared one; and what tells the key from
/// another.
type Verified<'k> = (Option<Cow<'k, DecodedKey>>, Digest);

fn cryptography<'k>(
    judge: &Judge<'k>,
    signature: Signature<'_>,
    artifact: &Artifact,
) -> Result<Verified<'k>, (Standing, Words)> {
    let invalid = |why: Words| (Standing::Invalid, why);
    let algorithm = signature.algorithm().ok_or_else(|| {
        invalid(words!("signature-algorithm", found = ?signature.algorithm_text()))
    })?;
    // Whatever key it names, or none: a companion is no signature of its own.
    if algorithm.is_of_companions() {
        return Err(invalid(VerificationError::CompanionOnly.problem().into()));
    }
    let payload = signature.signed_payload().ok_or_else(|| invalid(words!("signature-payload")))?;
    let message = signed_bytes(artifact.canonical(), payload);
    if algorithm == Algorithm::HmacSha256 {
        let key = judge
            .hmac_key
            .ok_or_else(|| (Standing::Unchecked, words!("signature-no-shared-key")))?;
        verify_hmac(key.expose_secret(), &message, signature.signature())
            .map_err(|error| invalid(error.problem().into()))?;
        // Told apart by the key itself: two ids for one shared key are one key.
        return Ok((None, Digest::of_parts(&[b"hmac-sha256", key.expose_secret()])));
    }
    let public = match signature.public_key() {
        Some(written) => match judge.keyring.decode(written) {
            Some(known) => Cow::Borrowed(known),
            None => {
                let key = PublicKey::parse(written);
                let key = key.map_err(|error| invalid(error.problem().into()))?;
                Cow::Owned(DecodedKey::from(key))
            }
        },
        // The format leaves it out for external signers. Whose key it then is, the keyring says.
        None => judge
            .keyring
            .public_key_of(signature.key_id())
            .map(Cow::Borrowed)
            .ok_or_else(|| (Standing::Unchecked, words!("signature-no-public-key")))?,
    };
    verify(&public.key, algorithm, &message, signature.signature())
        .map_err(|error| invalid(error.problem().into()))?;
    let fingerprint = public.fingerprint;
    Ok((Some(public), fingerprint))
}
