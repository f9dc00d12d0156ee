//! `countersign merge`: unite copies of envelopes that were signed apart.

use std::io::{self, Write};
use std::path::Path;

use countersign_envelope::visible::visible;
use countersign_station::merge::{self, LeftOut, MergeReport, Merged, Origin, Reported};
use serde_json::json;

use crate::args::MergeArgs;
use crate::error::CliError;
use crate::{journal, log, output, policy_args, report_error};

pub fn run(args: &MergeArgs) -> Result<bool, CliError> {
    let keyring = policy_args::keyring(args.keyring.keyring.as_ref())?;
    let journal = journal::open(&args.journal)?;
    let memory = log::memory_if_any(&args.memory, Some(&args.journal));
    let recorder = journal::recorder_of_signatures(&journal, memory);
    let report = merge::merge(&args.target, &args.sources, &keyring, recorder.as_ref())?;
    for why in &report.unreadable {
        writeln!(anstream::stderr(), "warning: {}", visible(why))?;
    }
    let mut out = output::stdout();
    if report.envelopes.is_empty() && report.strangers.is_empty() {
        if !args.sources.is_empty() {
            return Err(CliError::Usage(
                "no copy of the target's signatures is in the sources; nothing was merged. Name \
                 the file with the signatures itself if it is there"
                    .to_owned(),
            ));
        }
        if !args.json {
            writeln!(out, "No conflict copies beside {}.", shown(&args.target))?;
        }
        return Ok(report.unreadable.is_empty());
    }
    let (mut whole, mut failed) = (report.unreadable.is_empty(), false);
    for merged in &report.envelopes {
        match merged {
            Ok(merged) if args.json => writeln!(out, "{}", json!(merged))?,
            Ok(merged) => write_envelope(&mut out, merged)?,
            Err(error) if args.json => {
                writeln!(out, "{}", json!({ "error": visible(&error.to_string()) }))?;
            }
            Err(_) => {}
        }
        whole &= merged.as_ref().is_ok_and(|merged| merged.left_out.is_empty());
    }
    write_strangers(&mut out, &report, args.json)?;
    out.flush()?;
    drop(out);
    for error in report.envelopes.into_iter().filter_map(Result::err) {
        report_error(&error.into());
        failed = true;
    }
    if failed { Err(CliError::Reported) } else { Ok(whole && report.strangers.is_empty()) }
}

fn write_envelope(out: &mut impl Write, merged: &Merged) -> io::Result<()> {
    let (added, there, left_out) = (merged.added.len(), merged.there.len(), merged.left_out.len());
    writeln!(
        out,
        "{}: {added} added, {there} there already, {left_out} left out{}",
        shown(&merged.path),
        match (&*merged.written, added) {
            ([], _) => "; nothing was to be written",
            (_, 0) => "; written anew, with the terms and in the order that every copy comes to",
            _ => "",
        }
    )?;
    write_signatures(out, merged)
}

/// What came of its signatures, one a line.
pub fn write_signatures(out: &mut impl Write, merged: &Merged) -> io::Result<()> {
    merged.added.iter().try_for_each(|one| write_signature(out, "added", one))?;
    merged.there.iter().try_for_each(|one| write_signature(out, "there", one))?;
    for LeftOut { from, origin, signer_id, why } in &merged.left_out {
        let whose = signer_id.as_ref().map(|id| format!("{}, ", visible(id))).unwrap_or_default();
        let from = place(from, *origin);
        writeln!(out, "  left out  {whose}from {from}: {}", visible(why))?;
    }
    for note in &merged.notes {
        writeln!(out, "  note      {}", visible(note))?;
    }
    Ok(())
}

fn write_signature(out: &mut impl Write, word: &str, one: &Reported) -> io::Result<()> {
    let role = one.role.map_or("no role", |role| role.as_str());
    let (signer, key) = (visible(&one.signer_id), visible(&one.key_id));
    let at = one.signed_at.as_deref().map(|at| format!(", {}", visible(at))).unwrap_or_default();
    let (file, from) = (visible(&one.file), place(&one.from, one.origin));
    let note = one.note.as_deref().map(|note| format!("; {}", visible(note))).unwrap_or_default();
    writeln!(out, "  {word:<9} {signer} ({role}, {key}{at}) on {file}, from {from}{note}")
}

fn write_strangers(out: &mut impl Write, report: &MergeReport, json: bool) -> io::Result<()> {
    let why = "it belongs to an envelope that is not in the target";
    for path in &report.strangers {
        if json {
            writeln!(
                out,
                "{}",
                json!({ "left_out": [{ "from": path.to_string_lossy(), "why": why }] })
            )?;
        } else {
            writeln!(out, "left out    {}: {why}", shown(path))?;
        }
    }
    Ok(())
}

fn place(path: &Path, origin: Origin) -> String {
    format!("{}{}", shown(path), origin.describe())
}

/// A path as a person reads it.
pub fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}
