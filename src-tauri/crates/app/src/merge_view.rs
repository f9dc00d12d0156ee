//! The report of a merge, or its preview.

use countersign_envelope::signature::Role;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, Said, words};
use serde::Serialize;

use countersign_envelope::count::count;
use countersign_exchange::merge::{LeftOut, MergeReport, Merged, Reported};
use countersign_index::queue::QueueRow;
use countersign_store::reading::name_of;
use countersign_views::{said, short};

/// The report of a merge, or its preview.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct MergeView {
    /// Every envelope that there are copies of.
    pub envelopes: Vec<MergedView>,
    /// Copies of envelopes that are not in the directory.
    pub strangers: Vec<String>,
    /// What could not be searched, in words.
    pub unreadable: Vec<Said>,
    /// How many signatures come in.
    pub added: u32,
    /// How many files are written.
    pub written: u32,
}

/// The result for one envelope.
#[derive(Debug, Clone, Default, Serialize, specta::Type)]
pub struct MergedView {
    /// Its id in the queue, if it is listed there.
    pub id: Option<u32>,
    /// What was decided, if that is known.
    pub title: Option<String>,
    /// The run's file; empty if it cannot be merged, in which case the failure names it.
    pub file: String,
    /// The refusals that come to it.
    pub refusals: Vec<ReportedView>,
    /// The signatures that come to it.
    pub added: Vec<ReportedView>,
    /// Those of the copies that it has already.
    pub there: Vec<ReportedView>,
    /// What does not come in.
    pub left_out: Vec<LeftOutView>,
    /// Warnings about its state after the merge.
    pub notes: Vec<Said>,
    /// Whether a file of it is written.
    pub changes: bool,
    /// Why nothing of it was merged.
    pub failure: Option<Problem>,
}

/// One signature of a copy.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ReportedView {
    /// The run or manifest that it signs.
    pub file: String,
    /// Who signed, according to the copy.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
    /// With which key, by its id.
    pub key_id: String,
    /// When, according to the copy.
    pub signed_at: Option<String>,
    /// The copy that contains it, and the copy's origin.
    pub from: Said,
    /// A remark about it.
    pub note: Option<Said>,
}

/// Something left out of a copy.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct LeftOutView {
    /// The copy, and how it came to be.
    pub from: Said,
    /// Whose signature; null if it is the whole file or a field of it.
    pub signer_id: Option<String>,
    /// Why.
    pub why: Said,
}

impl MergeView {
    /// Of a report; the queue knows its envelopes by their runs.
    pub fn of(report: &MergeReport, row: impl Fn(&std::path::Path) -> Option<QueueRow>) -> Self {
        let envelopes = report.envelopes.iter().map(|one| match one {
            Ok(merged) => MergedView::of(merged, row(&merged.path)),
            Err(error) => MergedView { failure: Some(error.problem()), ..MergedView::default() },
        });
        let merged = || report.envelopes.iter().flatten();
        Self {
            envelopes: envelopes.collect(),
            strangers: report.strangers.iter().map(|path| displayed(path)).collect(),
            unreadable: report.unreadable.iter().map(Said::from).collect(),
            added: count(merged().map(|one| one.added.len()).sum()),
            written: count(merged().map(|one| one.written.len()).sum()),
        }
    }
}

impl MergedView {
    /// The result of merging the copies of one envelope.
    pub fn of(merged: &Merged, row: Option<QueueRow>) -> Self {
        let stamped = merged.run_time_stamp.then(|| words!("merged-run-time").into());
        let bounded = merged.boundary.then(|| words!("merged-boundary").into());
        Self {
            id: row.as_ref().map(|row| row.id),
            title: row.map(|row| row.title),
            file: visible(&name_of(&merged.path)),
            refusals: merged.refusals.iter().map(ReportedView::of).collect(),
            added: merged.added.iter().map(ReportedView::of).collect(),
            there: merged.there.iter().map(ReportedView::of).collect(),
            left_out: merged.left_out.iter().map(LeftOutView::of).collect(),
            notes: merged.notes.iter().map(said).chain(stamped).chain(bounded).collect(),
            changes: !merged.written.is_empty(),
            failure: None,
        }
    }
}

impl ReportedView {
    fn of(one: &Reported) -> Self {
        Self {
            file: visible(&one.file),
            signer_id: short(&one.signer_id),
            role: one.role,
            key_id: short(&one.key_id),
            signed_at: one.signed_at.as_deref().map(short),
            from: one.origin.described(&one.from).into(),
            note: one.note.as_ref().map(said),
        }
    }
}

impl LeftOutView {
    fn of(one: &LeftOut) -> Self {
        Self {
            from: one.origin.described(&one.from).into(),
            signer_id: one.signer_id.as_deref().map(short),
            why: said(&one.why),
        }
    }
}

fn displayed(path: &std::path::Path) -> String {
    visible(&path.to_string_lossy())
}
