//! The history as a file for other programs: CSV for spreadsheets, or JSON, one object a line.

use countersign_problem::{Problem, words};
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use countersign_envelope::vocabulary;

use super::Record;
use countersign_store::overwrite::{FileKind, OverwriteError};
use countersign_store::safe_write::WriteError;

vocabulary! {
    /// How the history is written.
    HistoryFormat {
        /// Comma-separated, with a line of names; what a spreadsheet would take for a formula has an
        /// apostrophe before it.
        Csv = "csv",
        /// One JSON object a line.
        Json = "json",
    }
}

/// Why a history was not written to a file.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ExportError {
    /// It could not be converted to the requested form.
    Form {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// The file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The existing file is not a history.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
}

const COLUMNS: [&str; 21] = [
    "signed_at",
    "signer_id",
    "role",
    "key_id",
    "fingerprint",
    "kind",
    "assurance",
    "standing",
    "counts",
    "reason",
    "signed",
    "decision_id",
    "title",
    "run_id",
    "level",
    "registered_at",
    "file",
    "labels",
    "time",
    "trusted_at",
    "authority",
];

/// The columns by which a history of any version is known.
fn known() -> &'static [&'static str] {
    &COLUMNS[..4]
}

impl HistoryFormat {
    /// A file that may be overwritten by a history in this form.
    pub const fn file_kind(self) -> FileKind {
        match self {
            Self::Csv => FileKind::Lines {
                words: || words!("file-kind-history-csv"),
                is: |line| line.starts_with(known().join(",").as_bytes()),
            },
            Self::Json => FileKind::Lines {
                words: || words!("file-kind-history-json"),
                is: |line| {
                    let record =
                        serde_json::from_slice::<serde_json::Map<_, serde_json::Value>>(line);
                    record.is_ok_and(|record| known().iter().all(|name| record.contains_key(*name)))
                },
            },
        }
    }
}

/// Writes records.
///
/// # Errors
/// The result of writing.
pub fn write(records: &[Record<'_>], format: HistoryFormat, out: impl Write) -> io::Result<()> {
    match format {
        HistoryFormat::Csv => csv(records, out),
        HistoryFormat::Json => json(records, out),
    }
}

fn json(records: &[Record<'_>], mut out: impl Write) -> io::Result<()> {
    for record in records {
        serde_json::to_writer(&mut out, record)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn csv(records: &[Record<'_>], out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    for record in records {
        let level = match record.level {
            -1 => "none".to_owned(),
            level => format!("L{level}"),
        };
        let fields: [Cow<'_, str>; COLUMNS.len()] = [
            record.signed_at.as_deref().unwrap_or("").into(),
            plain(record.signer_id),
            record.role.map_or("", |role| role.as_str()).into(),
            plain(record.key_id),
            record.fingerprint.as_deref().unwrap_or("").into(),
            record.kind.as_str().into(),
            record.assurance.map_or("", |assurance| assurance.as_str()).into(),
            record.standing.as_str().into(),
            if record.counts { "true" } else { "false" }.into(),
            plain(record.reason),
            record.signed.as_str().into(),
            plain(record.decision_id),
            plain(record.title),
            plain(record.run_id),
            level.as_str().into(),
            record.registered_at.as_deref().unwrap_or("").into(),
            plain(&record.file),
            record.labels.as_str().into(),
            record.time.as_str().into(),
            record.trusted_at.as_deref().unwrap_or("").into(),
            plain(record.authority.unwrap_or("")),
        ];
        table.write_record(fields.iter().map(|field| field.as_bytes()))?;
    }
    table.flush()
}

/// A text from a file, which no spreadsheet then takes for a formula.
fn plain(text: &str) -> Cow<'_, str> {
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\'');
    match text.starts_with(starts) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_is_a_formula_to_a_spreadsheet() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"] {
            assert_eq!(plain(text), format!("'{text}"));
        }
        // An original apostrophe is distinguished from one that was added.
        assert_eq!(plain("'=1"), "''=1");
        assert_eq!(plain("mira.k"), "mira.k");
    }
}
