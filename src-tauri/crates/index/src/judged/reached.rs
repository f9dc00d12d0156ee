//! When an envelope reached its levels, as far as its files show: by the times in the run, its
//! signatures and the log. Nothing proves these times.

use countersign_admissibility::Verdict;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_admissibility::signatures::Standing;
use serde::{Deserialize, Serialize};

use super::mark::{JudgedMark, Signed};

/// Times in seconds since 1970-01-01T00:00:00Z, each no earlier than those before it; null if the
/// level is not reached, or a time that it depends on is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Reached {
    /// Sealed: at L1 from then on, or lower if that does not hold.
    pub sealed: Option<i64>,
    /// L2: run and manifest are signed.
    pub signed: Option<i64>,
    /// L3: the run is registered.
    pub registered: Option<i64>,
    /// L4, and L5 with it, whose roots were sealed in: enough people have signed.
    pub cosigned: Option<i64>,
    /// L6, and L7 with it, whose authority was in force at the decision: hardware has signed, as
    /// policy requires it.
    pub vouched: Option<i64>,
}

impl Reached {
    pub fn of(
        verdict: &Verdict,
        policy: &Policy,
        sealed: Option<i64>,
        registered: Option<i64>,
        marks: &[JudgedMark],
    ) -> Self {
        let valid = |on: fn(&Signed) -> Option<Standing>| {
            marks.iter().filter(move |mark| on(&mark.signed) == Some(Standing::Valid))
        };
        let first = |on| valid(on).filter_map(|mark| mark.signed.at).min();
        let run: fn(&Signed) -> Option<Standing> = |signed| signed.run;
        let signed = later(first(run), first(|signed| signed.manifest));
        let by_hardware = verdict.signatures.iter().filter(|one| {
            one.meets_requirement() && one.assurance.is_some_and(|it| it >= policy.assurance)
        });
        let vouched = by_hardware.filter_map(|one| Some(one.time()?.unix())).min();
        let vouched = match &verdict.key_quorum {
            Some(quorum) => later(vouched, quorum.met_at(&verdict.signatures)),
            None => vouched,
        };

        let at = |level, time, before| {
            let reached = verdict.level >= Some(level);
            if reached { later(before, time) } else { None }
        };
        let signed = at(Level::L2, signed, sealed);
        let registered = at(Level::L3, registered, signed);
        let cosigned = at(Level::L4, verdict.quorum.met_at(&verdict.signatures), registered);
        let vouched = at(Level::L6, vouched, cosigned);
        Self { sealed, signed, registered, cosigned, vouched }
    }
}

/// The later of two times, if both are known.
fn later(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    Some(a?.max(b?))
}
