//! L6: hardware or an external signer signed, at the assurance that policy asks for.

use countersign_problem::{Explain as _, Words, words};

use crate::attestation::{AttestationFinding, AttestationStanding};
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
    let found = best.map(|best| words!("found-assurance", assurance = best.as_str()));
    checks.at(L6).require_there(
        KeyCheck::HardwareOrExternal,
        holds,
        found.unwrap_or_default(),
        || match best {
            Some(best) => too_little(best, wanted, signatures),
            None => words!("key-none-outside"),
        },
    );
    for signature in signatures.iter().filter(|one| one.is_valid()) {
        for finding in &signature.attestations {
            check_attestation(checks, signature, finding);
        }
    }
    for signature in signatures.iter().filter(|one| one.is_valid()) {
        if let Some(contradiction) = signature.contradiction {
            checks.at(L6).warn(KeyCheck::Contradicted, words_of(contradiction, signature));
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
            (
                outcome,
                words!(
                    "attestation-states",
                    statement = statement.words(),
                    details = statement.details()
                ),
            )
        }
        Err(error) => {
            let outcome = match finding.standing() {
                AttestationStanding::UnknownRoot => Outcome::Warn,
                AttestationStanding::None => Outcome::Unchecked,
                _ => Outcome::Fail,
            };
            (outcome, Words::from(error.problem()))
        }
    };
    let source = finding.source.as_str();
    let detail = words!("key-attestation", who = ?signature.signer_id, source, what);
    checks.at(L6).add(KeyCheck::Attestation, outcome, false, detail);
}

fn words_of(contradiction: Contradiction, signature: &JudgedSignature) -> Words {
    let (who, key) = (&signature.signer_id, &signature.key_id);
    match contradiction {
        Contradiction::ClaimAgainstKeyring => words!("key-claim-against-keyring", ?who),
        Contradiction::KeyringAgainstAttestation => {
            words!("key-keyring-against-attestation", ?who, ?key)
        }
        Contradiction::ClaimAgainstAttestation => words!("key-claim-against-attestation", ?who),
    }
}

/// Why the best assurance is too little; if policy asks for attested keys, why none is.
fn too_little(best: Assurance, wanted: Assurance, signatures: &[JudgedSignature]) -> Words {
    let too_little = words!("key-assurance", best = best.as_str(), wanted = wanted.as_str());
    if wanted != Assurance::Attested {
        return too_little;
    }
    let outside = signatures.iter().filter(|s| s.is_valid() && s.assurance.is_some());
    // One with an attestation is closest to what is asked for.
    let with = outside.clone().find_map(|s| Some((&s.signer_id, s.attestation()?)));
    match (with, outside.clone().next()) {
        (Some((who, finding)), _) => words!(
            "key-assurance-but",
            best = best.as_str(),
            wanted = wanted.as_str(),
            ?who,
            why = finding.words(),
        ),
        (None, Some(one)) => words!(
            "key-assurance-no-attestation",
            best = best.as_str(),
            wanted = wanted.as_str(),
            who = ?one.signer_id,
        ),
        (None, None) => too_little,
    }
}
