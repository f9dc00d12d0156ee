//! A query to the queue: which rows, in which order.

use countersign_admissibility::need::Need;
use countersign_envelope::signature::Role;
use countersign_envelope::vocabulary;
use serde::{Deserialize, Serialize};

use super::own::OwnAct;
use super::row::QueueRow;
use crate::history::LevelFilter;
use crate::judged::Facts;

vocabulary! {
    /// Which rows are shown.
    QueueShow {
        /// Those that a person can do something about now, with the keys at hand, grouped by that.
        ForYou = "for_you",
        /// All.
        All = "all",
        /// Those that someone has to sign, or whose signatures wait for a key.
        Pending = "pending",
        /// Those that need nothing any more.
        Complete = "complete",
        /// Those that no signature mends: unreadable, changed, not reproducible, or with a signature
        /// that does not verify.
        Trouble = "trouble",
    }
}

vocabulary! {
    /// In which order.
    QueueSort {
        /// What needs a signature first, the newest first in each.
        Need = "need",
        /// The newest first.
        Newest = "newest",
        /// The oldest first.
        Oldest = "oldest",
        /// By title.
        Title = "title",
        /// By level, the lowest first.
        Level = "level",
    }
}

/// The revision at which a row last changed for each reason; 0 if it never did. A judgement that
/// changes nothing is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, specta::Type)]
pub struct Changes {
    /// Its files changed on disk, and not by this station.
    pub disk: u32,
    /// This station wrote its files, or registered it.
    pub own: u32,
    /// Keys, policy, roots or logs changed, and the row with them.
    pub rules: u32,
}

/// A query to the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct QueueQuery {
    /// Words that all have to be found, in any case, in title, decision id, run id, path, signer or
    /// key id.
    pub text: String,
    /// Which rows.
    pub show: QueueShow,
    /// Of which level.
    pub level: LevelFilter,
    /// Of what can be done with the keys at hand, only what this person can do; null for everybody
    /// whose key is at hand.
    pub you: Option<String>,
    /// Those in which nobody has signed in this role yet and somebody has to; null for any.
    pub role: Option<Role>,
    /// Those that need this next; null for any.
    pub need: Option<Need>,
    /// Those that this person has signed, by the name that is shown; null for anybody.
    pub person: Option<String>,
    /// In which order.
    pub sort: QueueSort,
}

/// Rows about which the same can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct QueueGroup {
    /// What.
    pub act: OwnAct,
    /// The place of the first of them among the rows that match.
    pub first: u32,
    /// How many there are.
    pub count: u32,
}

impl Default for QueueQuery {
    /// Everything, what needs a signature first.
    fn default() -> Self {
        Self {
            text: String::new(),
            show: QueueShow::All,
            level: LevelFilter::Any,
            you: None,
            role: None,
            need: None,
            person: None,
            sort: QueueSort::Need,
        }
    }
}

/// Some rows of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct QueueWindow {
    /// The queue's state; another number whenever a row came, went or changed.
    pub revision: u32,
    /// How many rows match.
    pub total: u32,
    /// How many envelopes there are.
    pub all: u32,
    /// How many of them someone has to sign.
    pub pending: u32,
    /// How many of them a person can do something about now, with the keys at hand; null where
    /// nothing may be done, as in a review.
    pub for_you: Option<u32>,
    /// Where each group begins; none unless the rows are those [`QueueShow::ForYou`].
    pub groups: Vec<QueueGroup>,
    /// The place of the first of these rows among those that match.
    pub first: u32,
    /// The rows.
    pub rows: Vec<QueueRow>,
    /// The position of the anchor among the matching rows.
    pub anchor_index: Option<u32>,
    /// The anchor's own revision.
    pub anchor_revision: Option<u32>,
    /// Why it changed, and when.
    pub anchor_changes: Option<Changes>,
}

impl QueueShow {
    /// Whether an envelope is one of these, about which a person can do something or not.
    pub(super) fn has(self, facts: &Facts, act: Option<OwnAct>) -> bool {
        match self {
            Self::ForYou => act.is_some(),
            Self::All => true,
            Self::Pending => facts.is_pending(),
            Self::Complete => facts.need == Need::Nothing,
            Self::Trouble => facts.is_trouble(),
        }
    }
}
