//! `countersign merge`: unite copies of envelopes that were signed apart.

use std::path::{Path, PathBuf};

use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_exchange::merge::{LeftOut, MergeReport, Merged, Origin, Reported};
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use serde_json::json;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::MemoryArgs;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

const MERGE_HELP: &str = "\
Examples:
  countersign merge sealed_runs/ /media/stick/      what a witness signed on another station
  countersign merge RUN-….json jon.sig.json         one signature file that you were sent
  countersign merge sealed_runs/                    conflict copies of Syncthing or git

Adds new signatures that verify over the target's own run and manifest. What the target has is kept: a \
copy that gives a signature another name, role, time or algorithm is left out and named. The higher of \
two thresholds is kept, and every role is required that a copy asks for and someone in the keyring has; \
both come only with a new signature by a key in the keyring, and a threshold is at most the number of \
people there. While the keyring is empty, any key counts. Copies are never changed.

Exit codes: 0 everything was united · 1 something was left out or contradicts · 2 the target cannot \
be used, or the sources have no copy of it.";

/// Unite copies of envelopes that were signed apart
#[derive(Debug, clap::Args)]
#[command(after_help = MERGE_HELP)]
pub struct MergeArgs {
    /// The envelope that gets the signatures, by any of its files; or a directory of envelopes
    pub target: PathBuf,
    /// Copies: signature files, runs with their signatures beside them, or directories [default: the
    /// conflict copies beside the target]
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// One JSON object per envelope and line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Why nothing was merged.
#[derive(Debug, Problem)]
enum MergeSourcesError {
    /// The sources have no copy of the target.
    NoCopy,
}

pub fn run(args: &MergeArgs) -> Result<bool, Stopped> {
    let keyring = args.keyring.read()?;
    let memory = args.memory.open_if_any(Some(&args.journal));
    let workspace = Workspace { memory, ..args.journal.workspace()? };
    let report = countersign_app::merge::merge(
        &workspace,
        &args.target,
        &args.sources,
        &keyring,
        |_, _| {},
    )?;
    for why in &report.unreadable {
        ui::warn_of(&why.english());
    }
    let mut out = ui::lasting_stdout();
    if report.envelopes.is_empty() && report.strangers.is_empty() {
        if !args.sources.is_empty() {
            return Err(MergeSourcesError::NoCopy.into());
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
        ui::error(&error.problem());
        failed = true;
    }
    if failed { Err(Stopped::Reported) } else { Ok(whole && report.strangers.is_empty()) }
}

fn write_envelope(out: &mut Output, merged: &Merged) -> Result<(), Stopped> {
    let (added, there, left_out) = (merged.added.len(), merged.there.len(), merged.left_out.len());
    let refusals = match merged.refusals.len() {
        0 => String::new(),
        number => format!("{} added, ", counted(number, "refusal")),
    };
    let stamp = if merged.run_time_stamp { "time stamp of the run added, " } else { "" };
    let boundary = if merged.boundary { "authority boundary added, " } else { "" };
    let beside = usize::from(merged.run_time_stamp) + usize::from(merged.boundary);
    let came = added + merged.refusals.len() + beside;
    writeln!(
        out,
        "{}: {refusals}{stamp}{boundary}{added} added, {there} already present, {left_out} left out{}",
        shown(&merged.path),
        match (&*merged.written, came) {
            ([], _) => "; nothing to write",
            (_, 0) => "; rewritten with the terms and in the order that every copy arrives at",
            _ => "",
        }
    )?;
    write_signatures(out, merged)
}

/// Its signatures, one per line: added, already present, or left out.
pub fn write_signatures(out: &mut Output, merged: &Merged) -> Result<(), Stopped> {
    merged.refusals.iter().try_for_each(|one| write_signature(out, "refused", one))?;
    merged.added.iter().try_for_each(|one| write_signature(out, "added", one))?;
    merged.there.iter().try_for_each(|one| write_signature(out, "there", one))?;
    for LeftOut { from, origin, signer_id, why } in &merged.left_out {
        let whose = signer_id.as_ref().map(|id| format!("{}, ", visible(id))).unwrap_or_default();
        let from = place(from, *origin);
        writeln!(out, "  left out  {whose}from {from}: {}", visible(&why.english()))?;
    }
    for note in &merged.notes {
        writeln!(out, "  note      {}", visible(&note.english()))?;
    }
    Ok(())
}

fn write_signature(out: &mut Output, word: &str, one: &Reported) -> Result<(), Stopped> {
    let role = one.role.map_or("no role", |role| role.as_str());
    let (signer, key) = (visible(&one.signer_id), visible(&one.key_id));
    let at = one.signed_at.as_deref().map(|at| format!(", {}", visible(at))).unwrap_or_default();
    let (file, from) = (visible(&one.file), place(&one.from, one.origin));
    let note =
        one.note.as_ref().map(|note| format!("; {}", visible(&note.english()))).unwrap_or_default();
    writeln!(out, "  {word:<9} {signer} ({role}, {key}{at}) on {file}, from {from}{note}")
}

fn write_strangers(out: &mut Output, report: &MergeReport, json: bool) -> Result<(), Stopped> {
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
