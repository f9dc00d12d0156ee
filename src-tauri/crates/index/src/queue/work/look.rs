//! Looking at one envelope on the disk and judging it.

use std::cmp::Reverse;
use std::path::Path;
use std::time::{Duration, Instant};

use countersign_admissibility::check::{CheckId, DateCheck};
use countersign_admissibility::signatures::JudgedSignature;

use crate::queue::Context;
use crate::queue::row::Judged;
use crate::queue::table::Key;
use countersign_store::envelope_files::{EnvelopeBytes, EnvelopeFiles};
use countersign_store::judgement;
use countersign_store::large;
use countersign_store::reading::directory_of;
use countersign_store::stamp::{EnvelopeStamp, Stamp};

/// How long a file that is no JSON must not have changed before it is taken for damaged rather than
/// for half written.
pub(super) const SETTLED: Duration = Duration::from_secs(1);

/// An envelope to be looked at; the newest come first.
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

/// What was known of an envelope before looking.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// The state of its files when it was last judged.
    pub judged: Option<Stamp>,
    /// The state in which it seemed half written, and since when it has not changed.
    pub waiting: Option<(Stamp, Instant)>,
}

/// What was found.
#[derive(Debug)]
pub(super) enum Look {
    /// There is no such run.
    Absent,
    /// It cannot be told whether there is.
    Unreachable,
    /// A file of it is not whole yet.
    HalfWritten(Stamp),
    /// It was judged.
    Judged {
        /// The state of its files.
        stamp: Stamp,
        /// What came of it.
        judged: Box<Judged>,
        /// The same to be kept, where it stays true.
        kept: Option<Vec<u8>>,
    },
}

/// Looks at the envelope of a run.
pub(super) fn look(run: &Path, key: Key, root: &Path, context: &Context, before: Before) -> Look {
    // Taken before reading: what changes meanwhile is then seen to have changed.
    let now = match EnvelopeStamp::of(run) {
        Ok(None) => return Look::Absent,
        Err(_) => return Look::Unreachable,
        Ok(Some(now)) => now,
    };
    let logs = context.logs.for_directory(directory_of(run));
    let _turn = large::turn(run);
    let bytes = EnvelopeBytes::read(run, root);
    let files = EnvelopeFiles::parse(&bytes);
    if files.may_be_half_written(&bytes) && !before.is_settled(now) {
        return Look::HalfWritten(now.stamp);
    }
    let verdict = judgement::judge_read(run, &files, &context.judge(), &context.logs, &logs);
    let judged = Judged::of(&key.name, &files, &verdict, logs.readable_log(), &context.policy);
    // A signature dated in the future is one until then only; and the attestation of one without a
    // date is held against today.
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
            // A time to come, by another clock, tells nothing.
            (None, None) => {
                let age = now.modified.and_then(|modified| modified.elapsed().ok());
                age.is_some_and(|age| age >= SETTLED)
            }
        }
    }
}
