//! The reports of an export and an import.

use std::path::Path;

use countersign_problem::visible::visible;
use serde::Serialize;

use crate::merge_view::MergedView;
use countersign_exchange::carry::{
    Arrived, ArrivedLog, Carried, ExportReport, ImportReport, NotCarried,
};
use countersign_index::queue::QueueRow;
use countersign_problem::Said;
use countersign_views::{said, short};

/// The report of an import.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ImportView {
    /// The digest of what was read, 64 hex digits.
    pub digest: String,
    /// The envelopes that came in or were there.
    pub envelopes: Vec<ArrivedView>,
    /// The logs that were added or made longer.
    pub logs: Vec<ArrivedLog>,
    /// What did not come in as a whole.
    pub left_out: Vec<NotCarriedView>,
    /// Files of the archive that belong to no envelope.
    pub not_taken: Vec<String>,
    /// Whether all that was carried is there now.
    pub whole: bool,
}

/// An envelope that came in.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ArrivedView {
    /// Whether it was not there before.
    pub new: bool,
    /// The result for its signatures.
    pub merged: MergedView,
}

/// What was not exported or not imported.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct NotCarriedView {
    /// The file.
    pub file: String,
    /// Why.
    pub why: Said,
}

impl NotCarriedView {
    /// Of a report.
    pub fn of(one: &NotCarried) -> Self {
        Self { file: short(&one.file), why: said(&one.why) }
    }
}

/// The report of an export.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ExportedView {
    /// The digest that two people compare, 64 hex digits.
    pub digest: String,
    /// The envelopes in it.
    pub envelopes: Vec<Carried>,
    /// What was left out.
    pub left_out: Vec<NotCarriedView>,
    /// Logs and ledgers in it that do not go on from what this station remembers of them.
    pub warnings: Vec<Said>,
}

impl ExportedView {
    /// Of a report.
    pub fn of(report: ExportReport) -> Self {
        Self {
            digest: report.digest,
            envelopes: report.envelopes,
            left_out: report.left_out.iter().map(NotCarriedView::of).collect(),
            warnings: report.warnings.iter().map(said).collect(),
        }
    }
}

impl ImportView {
    /// Of a report; the queue knows its envelopes by their runs.
    pub fn of(report: &ImportReport, row: impl Fn(&Path) -> Option<QueueRow>) -> Self {
        let arrived = |one: &Arrived| ArrivedView {
            new: one.new,
            merged: MergedView::of(&one.merged, row(&one.merged.path)),
        };
        let log = |log: &ArrivedLog| ArrivedLog { path: visible(&log.path), new: log.new };
        Self {
            digest: report.digest.clone(),
            envelopes: report.envelopes.iter().map(arrived).collect(),
            logs: report.logs.iter().map(log).collect(),
            left_out: report.left_out.iter().map(NotCarriedView::of).collect(),
            not_taken: report.not_taken.iter().map(|name| short(name)).collect(),
            whole: report.is_whole(),
        }
    }
}
