//! Since when a run has existed, as a time-stamping authority says of the run itself (EVIDENCE.md
//! section 2, the reference's `timestamps/`). It says nothing about who signed it or when, so that no
//! level and no signature rests on it.

use countersign_envelope::instant::Instant;
use countersign_envelope::run_time_stamp::RunTimeStamp;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::{Explain as _, Problem, words};

use crate::check::{Checks, DateCheck, Outcome};
use crate::evidence::{Evidence, Part};
use crate::judge::Judge;
use crate::level::Level::L3;
use crate::policy::Policy;
use crate::time_stamp::{
    TimeResponseError, TimeStampError, TrustedTime, TsaRoots, token_of_response, verify,
};

/// Why the time stamp of a run proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum RunTimeError {
    /// It is about other bytes than the canonical form of the run.
    OtherRun,
    /// The authority gave none.
    #[problem(transparent)]
    Response(#[from] TimeResponseError),
    /// The token proves no time.
    #[problem(transparent)]
    TimeStamp(TimeStampError),
    /// The run says that it was made later.
    BeforeRun {
        /// When the run was made, by its own account.
        created: Instant,
        /// When the authority saw it.
        seen: Instant,
    },
}

impl From<TimeStampError> for RunTimeError {
    fn from(error: TimeStampError) -> Self {
        match error {
            TimeStampError::OtherImprint => Self::OtherRun,
            error => Self::TimeStamp(error),
        }
    }
}

impl RunTimeError {
    /// Whether it is open whether it holds: see [`TimeStampError::is_unchecked`].
    pub const fn is_unchecked(&self) -> bool {
        matches!(self, Self::TimeStamp(error) if error.is_unchecked())
    }
}

/// The time at which a run existed, as its time stamp proves. `tolerance` is by how many seconds clocks
/// may differ.
///
/// # Errors
/// Why the time stamp proves none.
pub fn existed(
    stamp: &RunTimeStamp,
    run: &SealedRun,
    roots: &TsaRoots,
    tolerance: u32,
) -> Result<TrustedTime, RunTimeError> {
    let digest = run.artifact().canonical().digest();
    if stamp.payload != digest {
        return Err(RunTimeError::OtherRun);
    }
    let token = token_of_response(&stamp.response)?;
    let time = verify(&token, digest, None, roots)?;
    match run.created_at() {
        Some(created) if time.latest() + i64::from(tolerance) < created.unix() => {
            Err(RunTimeError::BeforeRun { created, seen: time.at })
        }
        _ => Ok(time),
    }
}

/// What is wrong with a time stamp of a run, whoever its authority is; `None` if it is worth keeping.
pub fn contradiction(stamp: &RunTimeStamp, run: &SealedRun) -> Option<RunTimeError> {
    let tolerance = Policy::default().clock_tolerance;
    let judged = existed(stamp, run, &TsaRoots::default(), tolerance);
    judged.err().filter(|error| !error.is_unchecked())
}

/// Adds whether the time stamp of a run holds, if it has one, and returns the time.
pub(crate) fn check(
    checks: &mut Checks,
    evidence: &Evidence<'_>,
    judge: &Judge<'_>,
) -> Option<TrustedTime> {
    let (Ok(run), Part::Read(stamp)) = (evidence.run, evidence.run_time_stamp) else { return None };
    let judged = match stamp {
        Ok(stamp) => existed(stamp, run, judge.tsa_roots, judge.policy.clock_tolerance),
        Err(why) => {
            let detail = words!("run-time-unreadable", why);
            checks.at(L3).add(DateCheck::Run, Outcome::Fail, false, detail);
            return None;
        }
    };
    let (outcome, detail) = match &judged {
        Ok(time) => (Outcome::Pass, words!("found-run-existed", seen = time.words())),
        Err(error) if error.is_unchecked() => {
            (Outcome::Unchecked, words!("run-time-not-checkable", why = error.problem()))
        }
        Err(error) => (Outcome::Fail, words!("run-time-does-not-hold", why = error.problem())),
    };
    checks.at(L3).add(DateCheck::Run, outcome, false, detail);
    judged.ok()
}
