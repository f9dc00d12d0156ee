//! L6: hardware or an external signer signed, at the assurance that policy asks for.

use crate::attestation::{AttestationFinding, AttestationSource, AttestationStanding};
use crate::check::{Checks, KeyCheck, Outcome};
use crate::level::Level::L6;
use crate::policy::Assurance;
use crate::signatures::{Contradiction, JudgedSignature};

/// `best` is the best assurance among the valid signatures, `wanted` what policy asks for.
pub(crate) fn check(
    checks: &mut Checks,
    signatures: &[JudgedSignature],
    best: Option<Assurance>,
    wanted: Assurance,
) {
    let holds = best.is_some_and(|best| best >= wanted);
    let found = best.map(|best| format!("assurance {best}")).unwrap_or_default();
    checks.at(L6).require_there(KeyCheck::HardwareOrExternal, holds, found, || match best {
        Some(best) => format!(
            "A hardware or external signer is only {best}, and policy asks for {wanted}{}.",
            why_not_attested(wanted, signatures)
        ),
        None => "No valid signature is by a hardware or external signer.".to_owned(),
    });
    for signature in signatures.iter().filter(|one| one.is_valid()) {
        for finding in &signature.attestations {
            check_attestation(checks, signature, finding);
        }
    }
    for signature in signatures.iter().filter(|one| one.is_valid()) {
        if let Some(contradiction) = signature.contradiction {
            checks.at(L6).warn(KeyCheck::Contradicted, words(contradiction, signature));
        }
    }
}

fn check_attestation(
    checks: &mut Checks,
    signature: &JudgedSignature,
    finding: &AttestationFinding,
) {
    let (outcome, what) = match &finding.outcome {
        Ok(statement) => {
            // A statement that proves nothing passes no check, even if it is consistent.
            let outcome = if statement.is_proof() { Outcome::Pass } else { Outcome::Unchecked };
            (outcome, format!("{statement} ({})", statement.details()))
        }
        Err(error) => {
            let outcome = match finding.standing() {
                AttestationStanding::UnknownRoot => Outcome::Warn,
                AttestationStanding::None => Outcome::Unchecked,
                _ => Outcome::Fail,
            };
            (outcome, error.to_string())
        }
    };
    let of = match finding.source {
        AttestationSource::Signature => "",
        AttestationSource::Keyring => ", as the keyring has kept it",
    };
    let detail = format!("Key of {:?}{of}: {what}.", signature.signer_id);
    checks.at(L6).add(KeyCheck::Attestation, outcome, false, detail);
}

fn words(contradiction: Contradiction, signature: &JudgedSignature) -> String {
    let (who, key) = (&signature.signer_id, &signature.key_id);
    match contradiction {
        Contradiction::ClaimAgainstKeyring => format!(
            "The signature of {who:?} claims a hardware or external signer, and the keyring says software."
        ),
        Contradiction::KeyringAgainstAttestation => format!(
            "The keyring says that the key {key:?} of {who:?} is software, and its attestation proves hardware."
        ),
        Contradiction::ClaimAgainstAttestation => format!(
            "The signature of {who:?} claims a software signer, and the attestation of its key proves hardware."
        ),
    }
}

/// Why the signatures by hardware are not attested, if policy asks for that; else nothing.
fn why_not_attested(wanted: Assurance, signatures: &[JudgedSignature]) -> String {
    if wanted != Assurance::Attested {
        return String::new();
    }
    let outside = signatures.iter().filter(|s| s.is_valid() && s.assurance.is_some());
    // One with an attestation is closest to what is asked for.
    let with = outside.clone().find_map(|s| Some((&s.signer_id, s.attestation()?)));
    match (with, outside.clone().next()) {
        (Some((who, finding)), _) => format!(", but {who:?}: {}", finding.words()),
        (None, Some(one)) => {
            format!(", but no attestation came with the key of {:?}", one.signer_id)
        }
        (None, None) => String::new(),
    }
}
