//! `countersign export` and `countersign import`: envelopes in one file, from station to station.

use std::io::{self, Write};

use countersign_envelope::count::counted;
use countersign_envelope::digest::Digest;
use countersign_envelope::visible::visible;
use countersign_station::carry::{self, ImportReport, NotCarried};
use countersign_station::logs::LogBook;
use serde::Serialize;
use serde_json::json;

use crate::args::{ExportArgs, ImportArgs};
use crate::error::CliError;
use crate::journal;
use crate::log;
use crate::merge::{shown, write_signatures};
use crate::output;
use crate::policy_args;

pub fn export(args: &ExportArgs) -> Result<bool, CliError> {
    let journal = journal::open(&args.journal)?;
    let recorder = journal::recorder(&journal);
    let memory = log::memory(&args.memory, Some(&args.journal));
    let book = LogBook::default().remembering(memory);
    let report = carry::export(&args.sources, &args.out, &book, recorder.as_ref());
    // What is carried is what is there; whether that is what was there is said beside it.
    log::warn_of_rewritten(&book);
    log::note_rewritten(&book, Some(&journal));
    let report = report?;
    let mut out = output::stdout();
    if args.json {
        write_json(&mut out, &report)?;
    } else {
        for one in &report.envelopes {
            writeln!(out, "{}  {} {}", visible(&one.file), one.decision_id, one.title)?;
        }
        write_left_out(&mut out, &report.left_out)?;
        let count = counted(report.envelopes.len(), "envelope");
        writeln!(out, "{count} in {}", shown(&args.out))?;
        write_digest(&mut out, &report.digest)?;
    }
    Ok(report.left_out.is_empty())
}

pub fn import(args: &ImportArgs) -> Result<bool, CliError> {
    #[cfg(unix)]
    crate::terminal::hear_signals();
    let keyring = policy_args::keyring(args.keyring.keyring.as_ref())?;
    let journal = journal::open(&args.journal)?;
    let book = log::book(None, &args.heads, Some(&args.journal)).within(&args.target);
    let recorder = journal::recorder_of_signatures(&journal, book.memory().cloned());
    let (archive, target) = (&args.archive, &args.target);
    let report = carry::import(archive, target, args.expect, &keyring, &book, recorder.as_ref());
    log::note_rewritten(&book, Some(&journal));
    let report = report?;
    let mut out = output::stdout();
    if args.json {
        write_json(&mut out, &report)?;
    } else {
        write_import(&mut out, &report)?;
    }
    out.flush()?;
    if report.envelopes.is_empty() {
        let problem = "nothing of it came in".to_owned();
        return Err(CliError::File { path: args.archive.clone(), problem });
    }
    Ok(report.is_whole())
}

fn write_import(out: &mut impl Write, report: &ImportReport) -> io::Result<()> {
    for one in &report.envelopes {
        let merged = &one.merged;
        let word = match (one.new, merged.written.is_empty() && one.files.is_empty()) {
            (true, _) => "new",
            (false, true) => "there already, nothing was to be written",
            (false, false) => "there already, added to",
        };
        writeln!(out, "{}: {word}", shown(&merged.path))?;
        write_signatures(out, merged)?;
    }
    for log in &report.logs {
        let word = if log.new { "new" } else { "went on from the one that was there" };
        writeln!(out, "{}: {word}", visible(&log.path))?;
    }
    write_left_out(out, &report.left_out)?;
    if !report.not_taken.is_empty() {
        let names: Vec<String> = report.not_taken.iter().map(|name| visible(name)).collect();
        writeln!(out, "not taken, since they belong to no envelope: {}", names.join(", "))?;
    }
    write_digest(out, &report.digest)
}

/// What was not carried, one a line.
fn write_left_out(out: &mut impl Write, left_out: &[NotCarried]) -> io::Result<()> {
    let mut each = left_out.iter();
    each.try_for_each(|one| {
        writeln!(out, "left out  {}: {}", visible(&one.file), visible(&one.why))
    })
}

/// The digest that two people compare.
pub fn write_digest(out: &mut impl Write, hex: &str) -> io::Result<()> {
    let grouped = Digest::parse(&format!("sha256:{hex}")).map(|digest| digest.grouped());
    writeln!(out, "digest  {}", grouped.unwrap_or_default())
}

/// A report as one line of JSON.
pub fn write_json(out: &mut impl Write, report: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", json!(report))
}
