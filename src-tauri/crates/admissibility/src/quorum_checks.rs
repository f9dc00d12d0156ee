//! L4: enough different people signed with different keys, and fill the roles that are required.

use std::collections::{BTreeSet, HashSet};

use countersign_envelope::person::{Person, look_alike};
use countersign_envelope::signature::PayloadType;
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::{Words, words};

use crate::check::{CheckId, Checks, CoSigningCheck, ManifestCheck, Outcome, SignatureFileCheck};
use crate::evidence::{Evidence, Part};
use crate::keyring::Keyring;
use crate::level::Level::L4;
use crate::policy::Policy;
use crate::quorum::{self, Filling, Quorum, RoleStanding};
use crate::signatures::{JudgedSignature, JudgedSignatures};
use crate::state::State;
use crate::{claims, terms};

/// What the signatures on the run come to.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub quorum: &'a Quorum,
    pub roles: &'a [RoleStanding],
}

pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    policy: &Policy,
    signatures: JudgedSignatures<'_>,
    Counted { quorum, roles }: Counted<'_>,
) {
    let (counted, required) = (quorum.counted.len(), &quorum.required);
    let have = match required.threshold {
        // More than are required, but a role is open.
        threshold if counted as u64 > threshold => {
            words!("quorum-more-count", %counted, %threshold)
        }
        threshold => words!("quorum-count", %counted, %threshold),
    };
    if let Part::Read(Ok(file @ SignatureFile::Envelope(_))) = evidence.run_signatures
        && evidence.run.is_ok()
    {
        check_as_the_reference(checks, file, policy, signatures.run);
    }
    for word in &required.unknown_roles {
        checks.at(L4).warn(CoSigningCheck::RolesKnown, words!("quorum-unknown-role", role = ?word));
    }
    if let Some(asked) = required.beyond_keyring {
        let detail = words!("quorum-beyond-keyring", %asked, required = %required.threshold);
        checks.at(L4).warn(CoSigningCheck::KeyringThreshold, detail);
    }
    if let (Some(seen), Part::Read(Ok(file))) = (evidence.seen_terms, evidence.run_signatures)
        && let Some(lowered) = seen.lowered(file)
    {
        checks.at(L4).warn(CoSigningCheck::TermsLowered, lowered);
    }
    if let Part::Read(Ok(file @ SignatureFile::Envelope(_))) = evidence.run_signatures {
        for (who, claim) in claims::counting(signatures.run, &[]) {
            if let Some(lowered) = terms::lowered_since_claim(who, &claim.terms, file) {
                checks.at(L4).warn(CoSigningCheck::TermsLowered, lowered);
            }
        }
    }
    check_manifest_signers(checks, signatures, quorum);
    for standing in roles {
        let found =
            standing.filled_by().map(|at| Words::text(signatures.run[at].signer_id.clone()));
        let found = found.unwrap_or_default();
        checks.at(L4).require_there(standing.role, standing.is_filled(), found, || {
            open(standing, signatures.run, &have)
        });
    }
    checks.at(L4).require_there(
        CoSigningCheck::ThresholdMet,
        quorum.meets_threshold(),
        have.clone(),
        || match quorum.not_counted.is_empty() {
            false => words!("quorum-not-distinct", have),
            true => words!("quorum-too-few", have),
        },
    );
    check_labels(checks, signatures);
}

/// The reference's two checks of an envelope, which inform: distinct ids of keys, and how many
/// signatures verify.
fn check_as_the_reference(
    checks: &mut Checks,
    file: &SignatureFile,
    policy: &Policy,
    signatures: &[JudgedSignature],
) {
    let verified: Vec<_> = signatures.iter().filter(|one| one.verifies()).collect();
    let ids: HashSet<_> = verified.iter().map(|one| one.key_id.as_str()).collect();
    let note = |checks: &mut Checks, id: CoSigningCheck, holds, detail: Words| {
        // That a signature is missing contradicts nothing.
        let outcome =
            if holds { (Outcome::Pass, State::Holds) } else { (Outcome::Fail, State::Open) };
        checks.at(L4).add_as(id, outcome, false, detail);
    };
    let own = file.threshold();
    let (n, minimum) = (verified.len(), own.unwrap_or(0).max(policy.min_threshold));
    let distinct = words!("quorum-key-ids", ids = %ids.len(), count = %n);
    note(checks, CoSigningCheck::DistinctKeys, ids.len() == n, distinct);
    let quorum = words!("quorum-verify", count = %n, %minimum);
    note(checks, CoSigningCheck::Quorum, n as u64 >= minimum, quorum);
    if own.is_none() {
        checks.at(L4).warn(CoSigningCheck::EnvelopeThreshold, words!("quorum-threshold-no-number"));
    }
}

/// Why a role is open, in a sentence; `have` says how many signatures count.
fn open(standing: &RoleStanding, signatures: &[JudgedSignature], have: &Words) -> Words {
    let (role, have) = (standing.role.as_str(), have.clone());
    let Filling::Open { not_counted, can_be_filled } = standing.filling else {
        return Words::default();
    };
    match not_counted {
        None => words!("quorum-role-open", role, fillable = can_be_filled, have),
        Some((at, why)) => words!(
            "quorum-role-open-but",
            role,
            fillable = can_be_filled,
            have,
            who = ?signatures[at].signer_id,
            why = why.words(signatures),
        ),
    }
}

/// Warns of a manifest, which makes statements of its own, if no signature on it is by a person whose
/// signature on the run counts.
fn check_manifest_signers(checks: &mut Checks, signatures: JudgedSignatures<'_>, quorum: &Quorum) {
    let on_run: HashSet<Person> =
        quorum.counted.iter().map(|at| Person::of(&signatures.run[*at].signer_id)).collect();
    let valid: Vec<_> = signatures.manifest.iter().filter(|one| one.is_valid()).collect();
    let is_on_run = |one: &&JudgedSignature| on_run.contains(&Person::of(&one.signer_id));
    if on_run.is_empty() || valid.is_empty() || valid.iter().any(is_on_run) {
        return;
    }
    let signers: Vec<String> = valid.iter().map(|one| format!("{:?}", one.signer_id)).collect();
    let detail = words!("manifest-signed-by-others", signers = signers.join(", "));
    checks.at(L4).warn(ManifestCheck::Signers, detail);
}

/// Warns of one signature that has several labels.
fn check_labels(checks: &mut Checks, signatures: JudgedSignatures<'_>) {
    let both = [
        (PayloadType::SealedRun, "run", signatures.run),
        (PayloadType::Manifest, "manifest", signatures.manifest),
    ];
    for (signed, what, signatures) in both {
        for (at, other) in quorum::relabelled(signatures).into_iter().filter(|(at, it)| at < it) {
            let (one, other) = signatures[at].labels(&signatures[other]);
            let detail = words!("signature-two-labels", what, one, other);
            checks.at(L4).warn(CheckId::SignatureFile(signed, SignatureFileCheck::Label), detail);
        }
    }
}

/// Warns of names of signers that look like the name of another signer, or of another owner of a key.
pub(crate) fn check_names(checks: &mut Checks, signatures: &[JudgedSignature], keyring: &Keyring) {
    for (one, other) in confusable(signatures, keyring) {
        let detail = words!("names-look-alike", ?one, ?other);
        checks.at(L4).warn(CoSigningCheck::Confusable, detail);
    }
}

fn confusable(signatures: &[JudgedSignature], keyring: &Keyring) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let signers: BTreeSet<&str> = signatures.iter().map(|s| s.signer_id.as_str()).collect();
    for signer in &signers {
        let later = signers.iter().copied().filter(|other| other > signer);
        let later = later.filter(|other| look_alike(signer, other));
        for other in later.chain(keyring.looking_like(signer)) {
            let pair = ((*signer).to_owned(), other.to_owned());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}
