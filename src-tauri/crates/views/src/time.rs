//! The times of a signature, and whose word each of them is.

use countersign_admissibility::signatures::{JudgedSignature, LabelSource};
use countersign_admissibility::time_stamp::{Ending, TrustedTime};
use countersign_envelope::instant::Instant;
use countersign_problem::{Explain as _, Said, Words};
use serde::Serialize;

use crate::short;

/// A time, and whose word it is. Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimeView {
    /// Of whoever can write the file.
    Claimed {
        /// When, as the file writes it; null if it has no time.
        at: Option<String>,
    },
    /// Of the key of the signature, in its claim.
    Signed {
        /// When.
        at: String,
    },
    /// Of a time-stamping authority that is trusted: the signature was there by then.
    Trusted {
        /// When.
        at: String,
        /// By how many seconds that may be off; 0 if the authority does not say.
        accuracy: u32,
        /// The authority, as its certificate names it.
        authority: String,
    },
}

/// All that is known of when a signature was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TimesView {
    /// Its own time.
    pub own: TimeView,
    /// The time that an authority vouches for.
    pub trusted: Option<TimeView>,
    /// Why time stamps beside it prove nothing, one for each that does not.
    pub unproven: Vec<Said>,
    /// The time stamp to be renewed next.
    pub ending: Option<EndingView>,
}

/// A time stamp by an authority whose certificate ends soon, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct EndingView {
    /// The authority.
    pub authority: String,
    /// The last second of its certificate.
    pub until: String,
    /// Whether that is over: then it can no longer be renewed.
    pub is_over: bool,
}

impl TimeView {
    /// The signature's own time: the key's word, or the file's.
    pub fn own(one: &JudgedSignature) -> Self {
        let claimed = || Self::Claimed { at: one.signed_at.as_deref().map(short) };
        let signed = one.claim.personal().filter(|_| one.is_label_signed());
        let signed = signed.map(|it| Self::Signed { at: it.claim.signed_at.to_string() });
        signed.unwrap_or_else(claimed)
    }

    /// The time that the best word is for: an authority's, the key's, the file's.
    pub fn best(one: &JudgedSignature) -> Self {
        one.trusted_time().map_or_else(|| Self::own(one), Self::trusted)
    }

    /// The time that an authority vouches for.
    pub fn trusted(time: &TrustedTime) -> Self {
        Self::Trusted {
            at: time.at.to_string(),
            accuracy: time.accuracy,
            authority: short(&time.authority),
        }
    }

    /// The time as it is printed.
    pub fn at(&self) -> &str {
        match self {
            Self::Claimed { at } => at.as_deref().unwrap_or("no time"),
            Self::Signed { at } | Self::Trusted { at, .. } => at,
        }
    }

    /// Whose word it is.
    pub fn source(&self) -> String {
        match self {
            Self::Claimed { .. } => LabelSource::Claimed.words().to_owned(),
            Self::Signed { .. } => LabelSource::Signed.words().to_owned(),
            Self::Trusted { accuracy, authority, .. } => {
                let accuracy = match accuracy {
                    0 => String::new(),
                    1 => ", to 1 second".to_owned(),
                    seconds => format!(", to {seconds} seconds"),
                };
                format!("vouched for by {authority}{accuracy}")
            }
        }
    }

    /// Both in one line.
    pub fn words(&self) -> String {
        format!("{}, {}", self.at(), self.source())
    }
}

impl TimesView {
    /// Of a signature that was judged.
    pub fn of(one: &JudgedSignature, now: Instant) -> Self {
        let findings = one.time_stamps.findings.iter();
        let unproven = findings.filter_map(|finding| finding.outcome.as_ref().err());
        Self {
            own: TimeView::own(one),
            trusted: one.trusted_time().map(TimeView::trusted),
            unproven: unproven.map(|error| Words::from(error.problem()).into()).collect(),
            ending: one
                .time_stamps
                .ending(now)
                .min_by_key(|ending| ending.until.unix())
                .map(|ending| EndingView::of(&ending)),
        }
    }

    /// The times that are known, its own first.
    pub fn all(&self) -> impl Iterator<Item = &TimeView> {
        std::iter::once(&self.own).chain(&self.trusted)
    }
}

impl EndingView {
    fn of(ending: &Ending<'_>) -> Self {
        Self {
            authority: short(ending.authority),
            until: ending.until.to_string(),
            is_over: ending.is_over,
        }
    }
}
