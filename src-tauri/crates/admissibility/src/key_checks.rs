//! L6: hardware or an external signer signed, at the assurance that policy asks for.

use countersign_problem::{Explain as _, Words, words};

use crate::attestation::{AttestationFinding, AttestationStanding};
use crate::attested::Unmet;
use crate::check::{Checks, KeyCheck, Outcome};
use crate::level::Level::L6;
use crate::policy::{Assurance, Policy};
use crate::quorum::Quorum;
use crate::signatures::{Contradiction, JudgedSignature, role_words};

/// What the keys of the signatures on the run come to.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a> {
    pub signatures: &'a [JudgedSignature],
    /// What L4 would count of those that meet what policy requires of them; `None` if it requires
    /// nothing.
    pub quorum: Option<&'a Quorum>,
    /// The best assurance among those that meet it.
    pub best: Option<Assurance>,
}

pub(crate) fn check(checks: &mut Checks, keys: Keys<'_>, policy: &Policy) {
    let (signatures, wanted) = (keys.signatures, policy.assurance);
    let valid = || signatures.iter().filter(|one| one.is_valid());
    let best = valid().filter_map(|one| one.assurance).max();
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
    if let Some(quorum) = keys.quorum {
        let holds = quorum.is_met() && keys.best.is_some_and(|best| best >= wanted);
        let found = words!("found-required-facts");
        checks
            .at(L6)
            .require_there(KeyCheck::RequiredFacts, holds, found, || lacking(signatures, policy));
    }
    for signature in valid() {
        for finding in &signature.attestations {
            check_attestation(checks, signature, finding);
        }
    }
    // Whoever may enrol a key is told as well.
    for signature in signatures.iter().filter(|one| one.verifies()) {
        for advisory in signature.advisories() {
            let (who, what) = (&signature.signer_id, advisory.words());
            checks.at(L6).warn(KeyCheck::Advisory, words!("key-advisory", ?who, what));
        }
    }
    for signature in valid() {
        if let Some(contradiction) = signature.contradiction {
            checks.at(L6).warn(KeyCheck::Contradicted, words_of(contradiction, signature));
        }
    }
}

/// How many signatures a sentence names.
const NAMED: usize = 4;

/// Which keys lack what of what policy requires of them, as a sentence.
fn lacking(signatures: &[JudgedSignature], policy: &Policy) -> Words {
    let lacking = signatures.iter().filter(|one| one.is_valid() && !one.unmet.is_empty());
    let lacking = lacking.take(NAMED).map(|one| lacks(one, policy));
    let lacking = lacking.reduce(|rest, next| words!("list-also", rest, next));
    lacking.unwrap_or_else(|| words!("key-lacks-none")).sentence()
}

/// What the key of one signature lacks, as a clause.
fn lacks(one: &JudgedSignature, policy: &Policy) -> Words {
    let (who, role) = (&one.signer_id, role_words(one.role));
    match one.attestation() {
        Some(finding) if finding.is_proof() => {
            words!("key-lacks", ?who, role, lacks = Unmet::all_in_words(&one.unmet))
        }
        Some(finding) => {
            let required = policy.attested.of(one.role).words();
            words!("key-lacks-proof", ?who, role, required, why = finding.words())
        }
        None => {
            let required = policy.attested.of(one.role).words();
            words!("key-lacks-attestation", ?who, role, required)
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
