//! `countersign verify`: a report of every check, and an exit code for scripts.

use std::io::{BufWriter, Write};
use std::path::Path;

use countersign_admissibility::Verdict;
use countersign_admissibility::level::Level;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, TRANSPARENCY_LOG, is_manifest, is_signature,
};
use countersign_envelope::visible::visible;
use countersign_station::envelope_files::EnvelopeFiles;
use countersign_station::reading::{self, directory_of, name_of};
use countersign_station::{directory, judgement};

use crate::args::VerifyArgs;
use crate::error::CliError;
use crate::{journal, log, output, pack, progress, report, status};

/// What became of one envelope.
struct Judged {
    text: Vec<u8>,
    reached: bool,
    usable: bool,
}

pub fn run(args: &VerifyArgs) -> Result<bool, CliError> {
    if countersign_station::pack::is_pack(&args.path) || args.pack_keys {
        let is_said = args.pack_keys || args.expect.is_some();
        if is_said || !args.path.is_dir() || !is_own_directory(args) {
            return pack::verify(args);
        }
        journal::warn(&format!(
            "{}: has the files of a pack, and this station has seen registered runs or a log there; it is verified as a directory of runs. If it is a pack, pass --pack-keys or --expect",
            args.path.display()
        ));
    }
    if args.expect.is_some() {
        let problem = "is no pack, and --expect is for packs; a run's digest is in its signatures";
        return Err(CliError::File { path: args.path.clone(), problem: problem.to_owned() });
    }
    let root = if args.path.is_dir() { &args.path } else { directory_of(&args.path) };
    let loaded = args.policy.load(root)?;
    let view = |path: &Path, files: &EnvelopeFiles, verdict: &Verdict| {
        let text = if args.json {
            format!("{}\n", report::to_json(path, files, verdict, loaded.judge().policy))
                .into_bytes()
        } else {
            write_report(path, verdict, args.level)
        };
        Judged { text, reached: verdict.level >= Some(args.level), usable: files.run.is_ok() }
    };
    let mut out = BufWriter::new(output::stdout());
    let (mut reached, mut unusable, mut total) = (0, 0, 0);
    let mut unread = 0;
    let mut done = |judged: Judged| {
        total += 1;
        reached += usize::from(judged.reached);
        unusable += usize::from(!judged.usable);
        out.write_all(&judged.text)
    };
    if args.path.is_dir() {
        let found = directory::find(&args.path)?;
        status::warn_unreadable(&found);
        unread = found.unreadable.len();
        log::warn_of_orphans(&found, root);
        if found.runs.is_empty() {
            let problem = "there is no sealed run in this directory".to_owned();
            return Err(CliError::File { path: args.path.clone(), problem });
        }
        let counter = progress::counter(found.runs.len(), "verified");
        let judge = loaded.judge();
        judgement::judge_all(&args.path, &found.runs, &judge, &loaded.logs, view, |judged| {
            counter.inc(1);
            done(judged)
        })?;
        counter.finish_and_clear();
        if !args.json {
            writeln!(out, "{reached} of {total} envelopes reach {}", args.level)?;
        }
    } else {
        check_is_run(&args.path)?;
        // Read once more by the judgement; here for the error that names file and remedy.
        reading::check(&args.path, root, countersign_envelope::file_name::MAX_BYTES)?;
        let (files, verdict) =
            judgement::judge_file(&args.path, root, &loaded.judge(), &loaded.logs);
        done(view(&args.path, &files, &verdict))?;
        if let Err(why) = &files.run {
            out.flush()?;
            let problem = format!("{why}; this is no sealed run that can be judged");
            return Err(CliError::File { path: args.path.clone(), problem });
        }
    }
    if !args.json {
        loaded.tell_weaknesses(&mut out)?;
    }
    out.flush()?;
    log::warn_of_rewritten(&loaded.logs);
    if args.path.is_dir() {
        log::warn_of_missing(&loaded.logs, root);
    }
    if unusable > 0 {
        return Err(CliError::Usage(format!(
            "{unusable} of {total} files are named like sealed runs and cannot be read as such"
        )));
    }
    status::check_all_read(unread)?;
    Ok(reached == total)
}

/// Refuses what is another file of an envelope or a directory by its name: judged as a run, it would
/// be said to lack all that a run has.
fn check_is_run(path: &Path) -> Result<(), CliError> {
    let name = name_of(path);
    let what = match &*name {
        _ if is_signature(&name) => "signature file",
        _ if is_manifest(&name) => "manifest",
        TRANSPARENCY_LOG => "transparency log; check it with countersign log verify",
        AUTHORITY_LEDGER => "ledger; check it with countersign log verify",
        _ => return Ok(()),
    };
    let hint = if what.contains("log verify") { "" } else { "; name the run that it belongs to" };
    let problem = format!("is no sealed run but a {what}{hint}");
    Err(CliError::File { path: path.to_owned(), problem })
}

/// Whether a folder is one that this station has worked in: whoever can write there can add the files
/// of a pack, and would have it judged by another keyring, its log as one of others. A person can say
/// that it is a pack.
fn is_own_directory(args: &VerifyArgs) -> bool {
    log::memory_if_any(&args.policy.heads.memory, None)
        .is_some_and(|memory| memory.has_seen_directory(&args.path))
}

/// A verdict in words, check by check.
pub fn write_report(path: &Path, verdict: &Verdict, wanted: Level) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = try_write_report(&mut out, path, verdict, wanted);
    out
}

fn try_write_report(
    out: &mut Vec<u8>,
    path: &Path,
    verdict: &Verdict,
    wanted: Level,
) -> std::io::Result<()> {
    let style = report::level_style(verdict.level);
    let badge = report::badge_with_assurance(verdict);
    writeln!(out, "{style}{badge}{style:#}  {}", visible(&path.to_string_lossy()))?;
    for check in &verdict.checks {
        let style = report::outcome_style(check.outcome);
        let word = check.outcome.as_str();
        let (level, id) = (check.level, visible(&check.id));
        writeln!(out, "  {style}{word:<9}{style:#} {level}  {id}  {}", visible(&check.detail))?;
    }
    let reached = verdict.level >= Some(wanted);
    let verb = if reached { "reached" } else { "not reached" };
    writeln!(
        out,
        "  {wanted} is {verb}. Missing for the next level: {}\n",
        report::missing(verdict)
    )
}
