//! The dates of signatures, compared with the date of the run (EVIDENCE.md, section 2).
//!
//! `signed_at` is a claim of whoever can write the file, unless the key or a time-stamping authority
//! says so too, and revocation and validity of a key are judged by the best known time. The run's
//! `created_at` is covered by every signature on the run: a signature dated before it was not made
//! when it says.

use countersign_envelope::instant::Instant;
use countersign_problem::{Explain as _, words};

use crate::check::{Checks, DateCheck, Outcome};
use crate::level::Level::L2;
use crate::policy::Policy;
use crate::signatures::{JudgedSignature, JudgedSignatures, Standing};
use crate::time_stamp::Ending;

/// Makes those signatures not count whose date cannot be right, those whose date cannot be checked,
/// and those whose date is the word of someone whom policy does not take it from.
pub(crate) fn set_aside(
    signatures: &mut [JudgedSignature],
    created: Option<Instant>,
    policy: &Policy,
) {
    let tolerance = i64::from(policy.clock_tolerance);
    for signature in signatures.iter_mut().filter(|signature| signature.is_valid()) {
        let (standing, lacks, why) = match (signature.time(), created) {
            (None, _) => {
                let written = signature.signed_at.as_deref().unwrap_or("nothing");
                (Standing::Unchecked, false, words!("date-unread", ?written))
            }
            (_, None) => (Standing::Unchecked, false, words!("date-of-run-unread")),
            (Some(at), Some(created)) if at.unix() + tolerance < created.unix() => {
                (Standing::NotAccepted, false, words!("date-before-run", %at, %created))
            }
            (Some(at), _) => match signature.trusted_time() {
                Some(seen) if seen.latest() + tolerance < at.unix() => {
                    let why = words!("date-after-authority", %at, seen = seen.words());
                    (Standing::NotAccepted, false, why)
                }
                _ if signature.time_kind() < policy.time => {
                    let (kind, wanted) = (signature.time_kind().as_str(), policy.time.as_str());
                    let why = words!("date-kind", kind, wanted);
                    (Standing::NotAccepted, true, why)
                }
                _ => continue,
            },
        };
        signature.lacks_something = lacks;
        signature.standing = standing;
        signature.why = why;
        signature.says_verifies = standing == Standing::NotAccepted;
    }
}

/// Warns of dates that are only just possible: before the run within the tolerance, or in the future;
/// and of dates of one act that are further apart on run and manifest than the tolerance.
pub(crate) fn check(
    checks: &mut Checks,
    signatures: JudgedSignatures<'_>,
    created: Option<Instant>,
    now: Instant,
    policy: &Policy,
) {
    let tolerance = policy.clock_tolerance;
    for (what, judged) in [("run", signatures.run), ("manifest", signatures.manifest)] {
        for signature in judged.iter().filter(|signature| signature.is_valid()) {
            let (Some(at), who) = (signature.time(), &signature.signer_id) else { continue };
            if let Some(created) = created.filter(|created| at.unix() < created.unix()) {
                let detail = words!("date-shortly-before-run", ?who, what, %at, %created);
                checks.at(L2).warn(DateCheck::BeforeRun, detail);
            }
            if let Some(seen) = signature.trusted_time().filter(|seen| seen.latest() < at.unix()) {
                let detail =
                    words!("date-shortly-after-authority", ?who, what, %at, seen = seen.words());
                checks.at(L2).warn(DateCheck::AfterTrusted, detail);
            }
            if at.unix() > now.unix() + i64::from(tolerance) {
                checks.at(L2).warn(DateCheck::Future, words!("date-future", ?who, what));
            }
        }
    }
    apart(checks, signatures, tolerance);
    for (what, judged) in [("run", signatures.run), ("manifest", signatures.manifest)] {
        for signature in judged {
            check_time_stamps(checks, what, signature, now);
        }
    }
}

/// Adds what the time stamps of a signature prove, why some prove nothing, and which should be
/// renewed.
fn check_time_stamps(
    checks: &mut Checks,
    what: &'static str,
    signature: &JudgedSignature,
    now: Instant,
) {
    let who = &signature.signer_id;
    if let Some(seen) = signature.trusted_time() {
        let found = words!("found-there-at", ?who, what, seen = seen.words());
        checks.at(L2).add(DateCheck::Trusted, Outcome::Pass, false, found);
    }
    let errors = signature.time_stamps.findings.iter().filter_map(|one| one.outcome.as_ref().err());
    for error in errors {
        let outcome = if error.is_unchecked() { Outcome::Unchecked } else { Outcome::Warn };
        let why = error.problem();
        let detail = words!("time-stamp-proves-nothing", ?who, what, why);
        checks.at(L2).add(DateCheck::TimeStamp, outcome, false, detail);
    }
    for ending in signature.time_stamps.ending(now) {
        let Ending { authority, until, is_over, .. } = ending;
        let detail = match is_over {
            false => words!("time-stamp-ends", ?who, what, %authority, %until),
            true => words!("time-stamp-ended", ?who, what, %authority, %until),
        };
        checks.at(L2).warn(DateCheck::AuthorityEnds, detail);
    }
}

/// Warns of signatures by one key on run and manifest that are dated further apart than one act
/// takes: their dates are in two files, and one of them may have been changed.
fn apart(checks: &mut Checks, signatures: JudgedSignatures<'_>, tolerance: u32) {
    for one in signatures.run.iter().filter(|one| one.is_valid()) {
        let same = |other: &&JudgedSignature| {
            other.is_valid()
                && (other.fingerprint, other.role) == (one.fingerprint, one.role)
                && other.signer_id == one.signer_id
        };
        let other = signatures.manifest.iter().find(same);
        let dated = other.and_then(|other| Some((one.time()?, other.time()?)));
        if let Some((on_run, on_manifest)) = dated
            && on_run.unix().abs_diff(on_manifest.unix()) > u64::from(tolerance)
        {
            let detail = words!("date-apart", who = ?one.signer_id, %on_run, %on_manifest);
            checks.at(L2).warn(DateCheck::Apart, detail);
        }
    }
}
