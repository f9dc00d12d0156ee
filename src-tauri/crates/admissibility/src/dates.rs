//! The dates of signatures, compared with the date of the run (EVIDENCE.md, section 2).
//!
//! `signed_at` is a claim of whoever can write the file, and revocation and validity of a key are
//! judged by it. The run's `created_at` is covered by every signature on the run: a signature dated
//! before it was not made when it says.

use countersign_envelope::instant::Instant;

use crate::check::{Checks, DateCheck};
use crate::level::Level::L2;
use crate::policy::Policy;
use crate::signatures::{JudgedSignature, JudgedSignatures, Standing};

/// Makes those signatures not count whose date cannot be right, and those whose date
/// cannot be checked. `tolerance` in seconds.
pub(crate) fn set_aside(
    signatures: &mut [JudgedSignature],
    created: Option<Instant>,
    tolerance: u32,
) {
    for signature in signatures.iter_mut().filter(|signature| signature.is_valid()) {
        let (standing, why) = match (signature.time(), created) {
            (None, _) => {
                let written = signature.signed_at.as_deref().unwrap_or("nothing");
                let why = format!(
                    "cannot be dated: its time reads {written:?}, not a time like 2026-05-06T07:08:09Z"
                );
                (Standing::Unchecked, why)
            }
            (_, None) => {
                let why =
                    "cannot be dated: the run does not say when it was made in a form that is read";
                (Standing::Unchecked, why.to_owned())
            }
            (Some(at), Some(created)) if at.unix() + i64::from(tolerance) < created.unix() => {
                let why = format!("verifies; dated {at}, before the run was made at {created}");
                (Standing::NotAccepted, why)
            }
            _ => continue,
        };
        signature.standing = standing;
        signature.detail = why;
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
                let detail = format!(
                    "The signature of {who:?} on the {what} is dated {at}, shortly before the run was made at {created}."
                );
                checks.at(L2).warn(DateCheck::BeforeRun, detail);
            }
            if at.unix() > now.unix() + i64::from(tolerance) {
                let detail =
                    format!("The signature of {who:?} on the {what} is dated in the future.");
                checks.at(L2).warn(DateCheck::Future, detail);
            }
        }
    }
    apart(checks, signatures, tolerance);
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
            let detail = format!(
                "The signature of {:?} is dated {on_run} on the run and {on_manifest} on the manifest.",
                one.signer_id
            );
            checks.at(L2).warn(DateCheck::Apart, detail);
        }
    }
}
