//! L4: enough different people signed with different keys, and fill the roles that are required.

use std::collections::{BTreeSet, HashSet};

use countersign_envelope::person::{Person, look_alike};
use countersign_envelope::signature::{PayloadType, Role};
use countersign_envelope::signature_file::SignatureFile;

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
            format!("{counted} signatures count, {threshold} are required")
        }
        threshold => format!("{counted} of {threshold} signatures count"),
    };
    if let Part::Read(Ok(file @ SignatureFile::Envelope(_))) = evidence.run_signatures
        && evidence.run.is_ok()
    {
        check_as_the_reference(checks, file, policy, signatures.run);
    }
    for word in &required.unknown_roles {
        let detail = format!(
            "The envelope asks for the role {word:?}, which does not exist; it is ignored."
        );
        checks.at(L4).warn(CoSigningCheck::RolesKnown, detail);
    }
    if let Some(asked) = required.beyond_keyring {
        let detail = format!(
            "The envelope asks for {asked} signatures, more than there are people in the keyring; {} are required.",
            required.threshold
        );
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
        let found = standing.filled_by().map(|at| signatures.run[at].signer_id.clone());
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
            false => format!("{have}: each must be by another person with another key."),
            true => format!("{have}; someone else has to co-sign."),
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
    let note = |checks: &mut Checks, id: CoSigningCheck, holds, detail: String| {
        // That a signature is missing contradicts nothing.
        let outcome =
            if holds { (Outcome::Pass, State::Holds) } else { (Outcome::Fail, State::Open) };
        checks.at(L4).add_as(id, outcome, false, detail);
    };
    let own = file.threshold();
    let (n, minimum) = (verified.len(), own.unwrap_or(0).max(policy.min_threshold));
    let distinct = format!("{} key ids among {n} signatures that verify", ids.len());
    note(checks, CoSigningCheck::DistinctKeys, ids.len() == n, distinct);
    let quorum = format!("{n} signatures verify, at least {minimum} asked for");
    note(checks, CoSigningCheck::Quorum, n as u64 >= minimum, quorum);
    if own.is_none() {
        let detail = "The envelope's threshold is not a number; it is ignored.";
        checks.at(L4).warn(CoSigningCheck::EnvelopeThreshold, detail);
    }
}

/// Why a role is open, in a sentence; `have` says how many signatures count.
fn open(standing: &RoleStanding, signatures: &[JudgedSignature], have: &str) -> String {
    let role = standing.role;
    let article = if matches!(role, Role::Operator | Role::Auditor) { "An" } else { "A" };
    let Filling::Open { not_counted, can_be_filled } = standing.filling else {
        return String::new();
    };
    let nobody = if can_be_filled { "" } else { ", and nobody in the keyring has that role" };
    let why = not_counted.map(|(at, why)| {
        let (who, why) = (&signatures[at].signer_id, why.words(signatures));
        format!(", and the signature of {who:?} does not count ({why})")
    });
    let why = why.unwrap_or_default();
    format!("{article} {role} has yet to sign{nobody}; {have}{why}.")
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
    let detail = format!(
        "Nobody who signed the run has signed this manifest; it is signed by {}.",
        signers.join(", ")
    );
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
            let detail = format!(
                "One signature on the {what} is listed as {one} and as {other}: it has neither name nor role, and counts for L2 only. Remove the entry that is wrong."
            );
            checks.at(L4).warn(CheckId::SignatureFile(signed, SignatureFileCheck::Label), detail);
        }
    }
}

/// Warns of names of signers that look like the name of another signer, or of another owner of a key.
pub(crate) fn check_names(checks: &mut Checks, signatures: &[JudgedSignature], keyring: &Keyring) {
    for (one, other) in confusable(signatures, keyring) {
        let detail = format!(
            "{one:?} and {other:?} look alike and are two different names; compare them letter by letter."
        );
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
