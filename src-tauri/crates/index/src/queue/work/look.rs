//! Looking at one envelope on the disk and judging it.

use std::cmp::Reverse;
use std::path::Path;
use std::time::{Duration, Instant};

use countersign_admissibility::check::{CheckId, DateCheck};
use countersign_admissibility::signatures::JudgedSignature;

use crate::judged::Judged;
use crate::queue::rules::Context;
use crate::queue::table::Key;
use countersign_store::envelope_files::{EnvelopeBytes, EnvelopeFiles};
use countersign_store::judgement;
use countersign_store::large;
use countersign_store::reading::directory_of;
use countersign_store::stamp::{EnvelopeStamp, Stamp};

/// How long a file that is not JSON must be unchanged before it counts as damaged rather than as
/// half written.
pub(super) const SETTLED: Duration = Duration::from_secs(1);

/// An envelope to be checked; the newest come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket {
    newest: Reverse<[u8; 16]>,
    pub key: Key,
}

impl Ticket {
    pub fn new(key: Key) -> Self {
        Self { newest: Reverse(key.name.time()), key }
    }
}

/// The known state of an envelope before the check.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// The state of its files when it was last judged.
    pub judged: Option<Stamp>,
    /// The state in which it seemed half written, and since when it has not changed.
    pub waiting: Option<(Stamp, Instant)>,
}

/// The result.
#[derive(Debug)]
pub(super) enum Look {
    /// The run does not exist.
    Absent,
    /// It is not known whether the run exists.
    Unreachable,
    /// A file of it is not whole yet.
    HalfWritten(Stamp),
    /// It was judged.
    Judged {
        /// The state of its files.
        stamp: Stamp,
        /// The verdict.
        judged: Box<Judged>,
        /// Its stored form, unless it will become untrue by itself.
        kept: Option<Vec<u8>>,
    },
}

/// Looks at the envelope of a run.
pub(super) fn look(run: &Path, key: Key, root: &Path, context: &Context, before: Before) -> Look {
    // Taken before reading: later changes are then noticed.
    let now = match EnvelopeStamp::of(run) {
        Ok(None) => return Look::Absent,
        Err(_) => return Look::Unreachable,
        Ok(Some(now)) => now,
    };
    let logs = context.logs.for_directory(directory_of(run));
    let _turn = large::turn(run);
    let bytes = EnvelopeBytes::read(run, root, &logs);
    let files = EnvelopeFiles::parse(&bytes);
    if files.may_be_half_written(&bytes) && !before.is_settled(now) {
        return Look::HalfWritten(now.stamp);
    }
    let verdict = judgement::judge_read(run, &files, &context.judge(), &context.logs, &logs);
    let judged = Judged::of(&key.name, &files, &verdict, logs.readable_log(), &context.policy);
    // A signature dated in the future is only in the future until then; and the attestation of one
    // without a date is compared with today.
    let is_undated = |one: &JudgedSignature| {
        let at = one.signed_at.as_deref().and_then(countersign_envelope::instant::Instant::parse);
        !one.attestations.is_empty() && at.is_none()
    };
    let stays = !verdict.checks.iter().any(|check| check.id == CheckId::Date(DateCheck::Future))
        && !verdict.signatures.iter().any(is_undated);
    let kept = stays.then(|| serde_json::to_vec(&judged).ok()).flatten();
    Look::Judged { stamp: now.stamp, judged: Box::new(judged), kept }
}

impl Before {
    fn is_settled(self, now: EnvelopeStamp) -> bool {
        match (self.waiting, self.judged) {
            (Some((stamp, since)), _) => stamp == now.stamp && since.elapsed() >= SETTLED,
            (None, Some(stamp)) => stamp == now.stamp,
            // A future time, from another clock, proves nothing.
            (None, None) => {
                let age = now.modified.and_then(|modified| modified.elapsed().ok());
                age.is_some_and(|age| age >= SETTLED)
            }
        }
    }
}
