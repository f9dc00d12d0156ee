//! Companions: whether a second signature by the same person, which outlives elliptic curves, holds
//! (EVIDENCE.md section 7).
//!
//! Anyone who can write the file can put a companion into it, or take one away. So a companion is
//! believed only if the claim of the signature names its key, and the keyring has that key for the same
//! person. It changes neither the level nor who counts: whatever it proves, it proves of a signature
//! that counts without it.

use countersign_envelope::artifact::Artifact;
use countersign_envelope::companion::{Companion, CompanionError};
use countersign_envelope::signature::{PayloadType, Signature};
use countersign_problem::{Explain as _, Words, words};

use crate::check::{CheckId, Checks, CompanionCheck, Outcome};
use crate::claims::{self, ClaimStanding};
use crate::judge::Judge;
use crate::keyring::Acceptance;
use crate::level::Level::L2;
use crate::signatures::{JudgedSignature, JudgedSignatures};
use crate::state::State;
use crate::time_stamp::TrustedTime;

/// The companion of a signature, judged: every rule that was looked at. Empty if there is none, and
/// the claim names none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JudgedCompanion {
    /// The rules, in their order.
    pub rules: Vec<CompanionRule>,
    /// The id of its key in the keyring.
    pub key_id: Option<String>,
}

/// A rule for companions, and whether this one keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanionRule {
    /// Which rule.
    pub check: CompanionCheck,
    /// Whether it is kept.
    pub outcome: Outcome,
    /// If not, why, to stand after "the companion of …:".
    pub words: Words,
}

impl JudgedCompanion {
    /// Whether there is one, or should be.
    pub fn is_there(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Whether every rule is kept: the signature also holds if elliptic curves are broken.
    pub fn holds(&self) -> bool {
        self.rules.len() == CompanionCheck::ALL.len() && self.broken().is_none()
    }

    /// The first rule that is not kept.
    pub fn broken(&self) -> Option<&CompanionRule> {
        self.rules.iter().find(|rule| rule.outcome != Outcome::Pass)
    }

    /// How it stands; `None` if there is none.
    pub fn state(&self) -> Option<State> {
        match self.broken() {
            _ if !self.is_there() => None,
            Some(rule) => Some(State::of_outcome(rule.outcome)),
            None => Some(State::Holds),
        }
    }

    /// What is known of it, in words; `None` if there is none.
    pub fn words(&self) -> Option<Words> {
        match self.broken() {
            _ if !self.is_there() => None,
            Some(rule) => Some(rule.words.clone()),
            None => Some(words!("companion-holds")),
        }
    }

    fn note(&mut self, check: CompanionCheck, found: Result<(), (Outcome, Words)>) -> bool {
        let (outcome, words) = found.err().unwrap_or((Outcome::Pass, Words::default()));
        self.rules.push(CompanionRule { check, outcome, words });
        outcome == Outcome::Pass
    }
}

/// Judges the companion of a signature that verified, whose claim was judged.
pub(crate) fn judge(
    judge: &Judge<'_>,
    signature: Signature<'_>,
    artifact: &Artifact,
    claim: &ClaimStanding,
    trusted: Option<&TrustedTime>,
) -> JudgedCompanion {
    let mut judged = JudgedCompanion::default();
    let named = claim.personal().map(|holding| &holding.claim);
    let key = named.and_then(|claim| claim.companion_key_sha256);
    let companion = match (signature.companion(), key) {
        (None, None) => return judged,
        (None, Some(_)) => {
            judged.note(CompanionCheck::Key, Err((Outcome::Missing, words!("companion-gone"))));
            return judged;
        }
        (Some(read), _) => read,
    };
    let companion = match companion {
        Ok(companion) => companion,
        Err(error) => {
            // What no claim names, anyone may have put there: it contradicts nobody.
            let outcome = match (&error, key) {
                (CompanionError::Algorithm(_), _) | (_, None) => Outcome::Unchecked,
                (_, Some(_)) => Outcome::Fail,
            };
            let why = Words::from(error.problem());
            judged.note(CompanionCheck::Form, Err((outcome, why)));
            return judged;
        }
    };
    judged.note(CompanionCheck::Form, Ok(()));
    let is_named = match key {
        Some(named) if named == companion.key_sha256() => Ok(()),
        Some(_) => Err((Outcome::Fail, words!("companion-other-named"))),
        None => Err((Outcome::Unchecked, words!("companion-not-named"))),
    };
    // What anyone may have put there says nothing, good or bad.
    if !judged.note(CompanionCheck::Key, is_named) {
        return judged;
    }
    let failed = |what: &'static str| {
        move |why: countersign_envelope::verification::VerificationError| {
            (Outcome::Fail, words!("companion-not-signed", what, why = why.problem()))
        }
    };
    let signed = companion.verify_artifact(artifact.canonical()).map_err(failed("artifact"));
    judged.note(CompanionCheck::Signature, signed);
    if let Some(Ok(envelope)) = signature.claim() {
        let signed = companion.verify_claim(&envelope).map_err(failed("claim"));
        judged.note(CompanionCheck::Claim, signed);
    }
    let owner = owner(judge, signature, &companion, trusted);
    judged.key_id = owner.as_ref().ok().cloned();
    judged.note(CompanionCheck::Owner, owner.map(drop));
    judged
}

/// The id under which the keyring has the key of a companion for the person who signed.
fn owner(
    judge: &Judge<'_>,
    signature: Signature<'_>,
    companion: &Companion,
    trusted: Option<&TrustedTime>,
) -> Result<String, (Outcome, Words)> {
    let Some(key) = judge.keyring.find(Some(&companion.public_key), "") else {
        return Err((Outcome::Unchecked, words!("companion-unknown-key")));
    };
    if key.owner != signature.signer_id() {
        return Err((Outcome::Fail, words!("companion-other-owner", owner = ?key.owner)));
    }
    let Some(at) = signature.signed_at() else {
        return Err((Outcome::Unchecked, Acceptance::NoTime(None).words()));
    };
    match key.in_force(at, trusted) {
        Acceptance::Accepted => Ok(key.key_id.clone()),
        why => Err((Outcome::Fail, why.words())),
    }
}

/// Adds the checks of the companions of the signatures that count.
pub(crate) fn check(checks: &mut Checks, signatures: JudgedSignatures<'_>) {
    let both =
        [(PayloadType::SealedRun, signatures.run), (PayloadType::Manifest, signatures.manifest)];
    for (kind, judged) in both {
        let counting = || judged.iter().filter(|one| one.is_valid());
        for check in CompanionCheck::ALL {
            let id = || CheckId::Companion(kind, *check);
            let of = |one: &'_ JudgedSignature| -> Option<CompanionRule> {
                one.companion.rules.iter().find(|rule| rule.check == *check).cloned()
            };
            let kept = counting().filter_map(of).filter(|rule| rule.outcome == Outcome::Pass);
            let count = kept.count();
            if count > 0 {
                let found = words!("found-companions", count);
                checks.at(L2).add(id(), Outcome::Pass, false, found);
            }
            for one in counting() {
                let Some(rule) = of(one).filter(|rule| rule.outcome != Outcome::Pass) else {
                    continue;
                };
                let (who, what) = (&one.signer_id, claims::word(kind));
                let detail = words!("companion-of", ?who, what, why = rule.words);
                checks.at(L2).add(id(), rule.outcome, false, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{files, judged};
    use crate::policy::Trust;

    use super::*;

    /// Anyone who can write the file can put anything there.
    #[test]
    fn what_no_claim_names_contradicts_nobody_in_whatever_form() {
        for written in [r#""x""#, "{}", r#"{"algorithm": "ml-dsa-87"}"#, r#"{"algorithm": 7}"#] {
            let mut files = files();
            let text = String::from_utf8(files.run_signatures.unwrap()).unwrap();
            let text =
                text.replace(r#""signer_id""#, &format!(r#""companion": {written}, "signer_id""#));
            files.run_signatures = Some(text.into_bytes());
            let verdict = judged(&files, Trust::Embedded);
            assert_eq!(
                verdict.signatures[0].companion.state(),
                Some(State::Unchecked),
                "{written}"
            );
            let of_companions =
                |check: &&crate::check::Check| matches!(check.id, CheckId::Companion(..));
            assert_eq!(verdict.warnings().find(of_companions), None, "{written}");
        }
    }
}
