//! Refusals: whether a person whom the keyring knows does not sign a run, or takes back signatures of
//! their own (EVIDENCE.md section 1).
//!
//! A refusal that stands keeps L4 from holding. Only the same person lifts it, by signing: their claim
//! names it. A refusal by a key that is not accepted is anybody's: it is shown and blocks nothing.

use std::collections::HashSet;

use countersign_envelope::digest::{Digest, brief};
use countersign_envelope::json::Object;
use countersign_envelope::person::Person;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::{Refusal, RefusalEntry, RefusalError, RefusalsFile};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::Signature;
use countersign_envelope::statement::SignedByError;
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible_short;
use countersign_problem::{Explain as _, Words, words};

use crate::check::{Checks, Outcome, RefusalCheck};
use crate::claims;
use crate::evidence::{Evidence, Part};
use crate::judge::Judge;
use crate::keyring::Acceptance;
use crate::level::Level::L4;
use crate::policy::Trust;
use crate::signatures::{JudgedSignature, JudgedSignatures};

/// How much of a reason stands in a sentence, in characters. The whole is in [`JudgedRefusal`].
const REASON: usize = 300;

vocabulary! {
    /// Whether a refusal stands.
    RefusalStanding {
        /// By a key that is accepted: L4 does not hold.
        Stands = "stands",
        /// The same person has signed since, and their claim names it.
        Lifted = "lifted",
        /// It is signed by a key that is not accepted here, and blocks nothing.
        NotAccepted = "not_accepted",
        /// It is about another sealing of the same run, and blocks nothing.
        OtherSealing = "other_sealing",
        /// It cannot be read, does not verify, or is about something else.
        Invalid = "invalid",
    }
}

/// One refusal, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedRefusal {
    /// What it says, the word of whoever signed it; `None` if it cannot be read.
    pub refusal: Option<Refusal>,
    /// What identifies it, the digest of its payload; `None` if it has none.
    pub digest: Option<Digest>,
    /// Tells one key from another; `None` if it does not verify.
    pub fingerprint: Option<Digest>,
    /// Whether it stands.
    pub standing: RefusalStanding,
    /// Why, in words.
    pub detail: Words,
    /// Who signed what it would withdraw and may not, since it is another person's.
    pub not_own: Vec<String>,
    /// Which check it fails, if it is invalid.
    fault: RefusalCheck,
}

impl JudgedRefusal {
    /// Whether an accepted key signed it about this very run, lifted or not.
    pub fn is_accepted(&self) -> bool {
        matches!(self.standing, RefusalStanding::Stands | RefusalStanding::Lifted)
    }

    /// Whether it keeps L4 from holding.
    pub fn stands(&self) -> bool {
        self.standing == RefusalStanding::Stands
    }

    /// Whether a person made it.
    pub fn is_of(&self, name: &str) -> bool {
        self.refusal.as_ref().is_some_and(|own| Person::of(&own.signer) == Person::of(name))
    }

    /// In a sentence: who refused or withdrew, and why.
    pub fn sentence(&self) -> Words {
        let Some(refusal) = &self.refusal else {
            return words!("refusal-unreadable", why = self.detail.clone());
        };
        let (who, reason) = (&refusal.signer, short(&refusal.reason));
        match refusal.withdraws.is_empty() {
            true => words!("refusal-refused", %who, reason),
            false => words!("refusal-withdrew", %who, reason),
        }
    }

    fn invalid(entry: RefusalEntry<'_>, fault: RefusalCheck, detail: Words) -> Self {
        Self {
            refusal: entry.refusal().ok(),
            digest: entry.envelope().ok().map(|envelope| envelope.payload_digest()),
            fingerprint: None,
            standing: RefusalStanding::Invalid,
            detail,
            not_own: Vec::new(),
            fault,
        }
    }
}

/// A reason as it stands in a sentence, without its full stop.
fn short(reason: &str) -> String {
    visible_short(reason.trim().trim_end_matches('.'), REASON)
}

/// Judges the refusals of a run by themselves: whether each is signed, about this run, and by an
/// accepted key. What lifts them is not known yet.
pub fn judge(judge: &Judge<'_>, file: &RefusalsFile, run: &SealedRun) -> Vec<JudgedRefusal> {
    file.entries().map(|entry| judge_one(judge, entry, run)).collect()
}

fn judge_one(judge: &Judge<'_>, entry: RefusalEntry<'_>, run: &SealedRun) -> JudgedRefusal {
    let signed = match entry.verify() {
        Ok(signed) => signed,
        Err(error @ RefusalError::SignedBy(SignedByError::Shared)) => {
            let detail = error.problem().into();
            let standing = RefusalStanding::NotAccepted;
            let invalid = JudgedRefusal::invalid(entry, RefusalCheck::Signature, detail);
            return JudgedRefusal { standing, ..invalid };
        }
        Err(error) => {
            let fault = match error {
                RefusalError::Envelope(_) | RefusalError::Statement(_) | RefusalError::Field(_) => {
                    RefusalCheck::Form
                }
                _ => RefusalCheck::Signature,
            };
            return JudgedRefusal::invalid(entry, fault, error.problem().into());
        }
    };
    let refusal = signed.refusal;
    let overruled = judge.keyring.signed().filter(|facts| facts.overruled.contains(&signed.digest));
    let (standing, detail) = match (acceptance(judge, &refusal, &signed.key, run), overruled) {
        (Ok(()), None) => (RefusalStanding::Stands, words!("refusal-key-accepted")),
        (Ok(()), Some(by)) => {
            (RefusalStanding::Lifted, words!("refusal-overruled", version = by.version))
        }
        (Err(why), _) => why,
    };
    JudgedRefusal {
        refusal: Some(refusal),
        digest: Some(signed.digest),
        fingerprint: Some(signed.key.fingerprint()),
        standing,
        detail,
        not_own: Vec::new(),
        fault: RefusalCheck::Form,
    }
}

/// Whether a refusal that verifies blocks this run, or what it is instead.
fn acceptance(
    judge: &Judge<'_>,
    refusal: &Refusal,
    key: &PublicKey,
    run: &SealedRun,
) -> Result<(), (RefusalStanding, Words)> {
    let artifact = run.artifact();
    let digest = artifact.canonical().digest();
    if !refusal.is_about(&digest) {
        if refusal.subjects.iter().any(|subject| subject.digest == digest) {
            return Err((RefusalStanding::Invalid, words!("refusal-kind")));
        }
        let same = |own: &str, other: &str| !own.is_empty() && own == other;
        let is_same_run = same(run.run_id().unwrap_or(""), &refusal.run_id)
            || same(artifact.commit_hash().unwrap_or(""), &refusal.commit_hash);
        return Err(match is_same_run {
            true => (RefusalStanding::OtherSealing, words!("refusal-of-other-sealing")),
            false => (RefusalStanding::Invalid, words!("refusal-of-other-run")),
        });
    }
    let not_accepted = |why: Words| (RefusalStanding::NotAccepted, why);
    if judge.policy.trust == Trust::Pinned {
        let refused_at = refusal.refused_at.to_string();
        let labels = Object::from([
            ("signing_key_id", refusal.key_id.as_str()),
            ("signer_id", &refusal.signer),
            ("role", &refusal.role),
            ("signed_at", &refused_at),
        ]);
        let (acceptance, _) = judge.keyring.accept(Signature(&labels), Some(key));
        if acceptance != Acceptance::Accepted {
            return Err(not_accepted(acceptance.words()));
        }
    }
    let at = refusal.refused_at;
    match run.created_at() {
        Some(created) if at.unix() + i64::from(judge.policy.clock_tolerance) < created.unix() => {
            Err(not_accepted(words!("date-before-run", %at, %created)))
        }
        _ => Ok(()),
    }
}

/// Whether a refusal and a signature are by one person. While any key that verifies counts, a name
/// is anyone's, and only the same key is the same person.
fn same_person(trust: Trust, refusal: &JudgedRefusal, signature: &JudgedSignature) -> bool {
    let same_key = refusal.fingerprint.is_some() && refusal.fingerprint == signature.fingerprint;
    refusal.is_of(&signature.signer_id) && (trust == Trust::Pinned || same_key)
}

/// Whether the claim of a signature names a refusal as lifted.
fn names(signature: &JudgedSignature, refusal: &JudgedRefusal) -> bool {
    let claim = signature.claim.personal();
    claim.is_some_and(|own| refusal.digest.is_some_and(|one| own.claim.lifts.contains(&one)))
}

/// Makes signatures not count that their own signer withdrew. One whose claim names the withdrawal
/// was made after it, and stays.
pub fn withdraw(
    refusals: &mut [JudgedRefusal],
    run: &mut [JudgedSignature],
    manifest: &mut [JudgedSignature],
    trust: Trust,
) {
    for refusal in refusals.iter_mut().filter(|one| one.is_accepted()) {
        let Some(said) = refusal.refusal.clone() else { continue };
        for one in run.iter_mut().chain(manifest.iter_mut()).filter(|one| one.is_valid()) {
            if !one.raw.is_some_and(|raw| said.withdraws.contains(&raw)) {
                continue;
            }
            if !same_person(trust, refusal, one) {
                if !refusal.not_own.contains(&one.signer_id) {
                    refusal.not_own.push(one.signer_id.clone());
                }
            } else if !names(one, refusal) {
                let (who, reason) = (&said.signer, short(&said.reason));
                one.set_aside_lacking(words!("signature-withdrawn", ?who, reason));
            }
        }
    }
}

/// Whether a signature was withdrawn and made again, as its claim says.
pub(crate) fn is_made_again(signature: &JudgedSignature, refusals: &[JudgedRefusal]) -> bool {
    let withdraws = |one: &JudgedRefusal| {
        let said = one.refusal.as_ref().filter(|_| one.is_accepted());
        said.is_some_and(|said| signature.raw.is_some_and(|raw| said.withdraws.contains(&raw)))
            && one.is_of(&signature.signer_id)
            && names(signature, one)
    };
    signature.is_valid() && refusals.iter().any(withdraws)
}

/// Marks the refusals that the same person has lifted, by a claim that counts.
pub(crate) fn lift(refusals: &mut [JudgedRefusal], signatures: JudgedSignatures<'_>, trust: Trust) {
    for refusal in refusals.iter_mut().filter(|one| one.stands()) {
        let both = signatures.run.iter().chain(signatures.manifest);
        let lifts = |one: &&JudgedSignature| {
            one.is_valid() && same_person(trust, refusal, one) && names(one, refusal)
        };
        if let Some(by) = both.into_iter().find(lifts) {
            refusal.standing = RefusalStanding::Lifted;
            refusal.detail = words!("refusal-lifted", label = by.label());
        }
    }
}

/// Marks the refusals that a person lifts by a signature that is not made yet.
pub(crate) fn lift_by(refusals: &mut [JudgedRefusal], by: &JudgedSignature, trust: Trust) {
    let own = refusals.iter_mut().filter(|one| one.stands() && same_person(trust, one, by));
    for refusal in own {
        refusal.standing = RefusalStanding::Lifted;
    }
}

/// Adds the checks of the refusals, L4.
pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    refusals: &[JudgedRefusal],
    signatures: JudgedSignatures<'_>,
) {
    if let Part::Read(Err(why)) = evidence.refusals {
        let detail = words!("refusals-unreadable", why);
        checks.at(L4).add(RefusalCheck::Form, Outcome::Unchecked, true, detail);
    }
    for one in refusals {
        let mut at = checks.at(L4);
        let signer = one.refusal.as_ref().map_or("?", |refusal| refusal.signer.as_str());
        match one.standing {
            RefusalStanding::Stands => at.fail(RefusalCheck::Standing, one.sentence()),
            RefusalStanding::Lifted => {
                let found = words!("found-refusal", who = ?signer, detail = one.detail.clone());
                at.add(RefusalCheck::Standing, Outcome::Pass, false, found);
            }
            RefusalStanding::NotAccepted => {
                let why = one.detail.clone();
                let detail = words!("refusal-blocks-nothing", who = ?signer, why);
                at.warn(RefusalCheck::Standing, detail);
            }
            RefusalStanding::OtherSealing => {
                let reason = one.refusal.as_ref().map(|refusal| short(&refusal.reason));
                let reason = reason.unwrap_or_default();
                let detail = words!("refusal-other-sealing", who = ?signer, reason);
                at.warn(RefusalCheck::Standing, detail);
            }
            RefusalStanding::Invalid => {
                let why = one.detail.clone();
                let detail = words!("refusal-invalid", who = ?signer, why);
                at.add(one.fault, Outcome::Fail, false, detail);
            }
        }
        for other in &one.not_own {
            let detail = words!("refusal-withdraws-other", who = ?signer, ?other);
            checks.at(L4).warn(RefusalCheck::Withdraws, detail);
        }
    }
    check_seen(checks, refusals, signatures);
}

/// Adds the checks of the refusals that the signers saw.
fn check_seen(checks: &mut Checks, refusals: &[JudgedRefusal], signatures: JudgedSignatures<'_>) {
    let verified = refusals.iter().filter(|one| one.fingerprint.is_some());
    let there: HashSet<Digest> = verified.filter_map(|one| one.digest).collect();
    let mut seen = false;
    for (who, claim) in claims::counting(signatures.run, signatures.manifest) {
        for one in &claim.seen.refusals {
            seen = true;
            if !there.contains(one) {
                let refusal = brief(&one.to_string());
                let detail = words!("seen-refusal-lost", ?who, refusal);
                checks.at(L4).fail(RefusalCheck::Seen, detail);
            }
        }
    }
    if seen {
        let found = words!("found-refusals-seen");
        checks.at(L4).add(RefusalCheck::Seen, Outcome::Pass, false, found);
    }
}
