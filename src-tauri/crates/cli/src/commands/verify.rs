//! `countersign verify`: a report of every check, and an exit code for scripts.

use countersign_problem::{Explain as _, Problem, Reason};
pub mod inputs;
mod pack;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use countersign_admissibility::Verdict;
use countersign_admissibility::check::Outcome;
use countersign_admissibility::inputs::FoundInputs;
use countersign_admissibility::level::Level;
use countersign_app::pack_judgement::JudgedAs;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, TRANSPARENCY_LOG, is_manifest, is_refusals, is_signature,
};
use countersign_problem::visible::visible;
use countersign_store::directory;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};
use countersign_store::reading::{self, directory_of, name_of};

use crate::arguments::policy::PolicyArgs;
use crate::arguments::values;
use crate::commands::status;
use crate::stopped::Stopped;
use crate::ui::{self, style};
use crate::{continuity, report};

const VERIFY_HELP: &str = "\
Exit codes: 0 the wanted level is reached, by every envelope of a directory · 1 it is not · 2 the \
input cannot be used: no such file, not JSON, no sealed run in the directory.

A pack, made by `countersign pack`, is checked against its own SHA256SUMS (exit code 1 if a file is \
missing, added or altered, or if --expect gives another digest) and judged with its own log and \
ledger, by your keyring or the one of --keyring. If you have none, or with --pack-keys, its own \
keyring decides: the word of whoever packed it. The files that its run was made from are compared with \
the run if the pack carries them (inputs/). Nothing in it is changed.

The exit codes of the reference's replay_sealed_run.py are reported here as:
  its 1 inadmissible              1, with the name of the check that fails
  its 2 schema failure            2 if the file is not JSON; else 1 (checks named *.keys)
  its 3 hash mismatch             1 (checks hash.integrity, commit_hash.*)
  its 4 referenced file missing   countersign audit --strict-files DIR; --inputs compares them";

/// Check an envelope, all of a directory, or a pack, against a level
#[derive(Debug, clap::Args)]
#[command(after_help = VERIFY_HELP)]
pub struct VerifyArgs {
    /// A sealed run, or a directory of them; or a pack, as a folder or zip
    pub path: PathBuf,
    /// The wanted level
    #[arg(long, value_name = "Ln", default_value = "L2")]
    pub level: Level,
    /// The digest that the pack must have: 64 hex digits, in groups or not
    #[arg(long, value_name = "DIGEST", value_parser = values::digest)]
    pub expect: Option<Digest>,
    /// The path is a pack, and the keyring that came with it decides whose keys count, even if this
    /// station has a keyring: whose keys they are is then the word of whoever packed it
    #[arg(long, conflicts_with = "keyring")]
    pub pack_keys: bool,
    /// Fail unless there is an authority boundary (`abp_v1.json`) that holds; whether the run lies
    /// inside it is shown, and decides nothing
    #[arg(long)]
    pub require_abp: bool,
    /// Compare the files that the run was made from with those below this directory; one that differs
    /// is a contradiction (exit code 1), one that is not there says nothing. What a pack carries of them is
    /// compared in any case
    #[arg(long, value_name = "DIR")]
    pub inputs: Option<PathBuf>,
    /// One JSON object per line instead of a report
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

impl VerifyArgs {
    /// Whether an envelope is as it is wanted.
    fn is_met_by(&self, verdict: &Verdict) -> bool {
        verdict.level >= Some(self.level) && (!self.require_abp || verdict.is_bounded())
    }
}

/// Why a path is not judged.
#[derive(Debug, Problem)]
enum VerifyError {
    /// A digest is expected of something other than a pack.
    NotAPack { path: PathBuf },
    /// The keys of a pack are to decide, and a signed keyring does.
    PackKeys { version: u64 },
    /// Files are to be compared with those of several runs.
    InputsOfSeveral { path: PathBuf },
    /// A directory without runs.
    NoRuns { path: PathBuf },
    /// A file that is not a sealed run.
    NotARun { path: PathBuf, why: Reason },
    /// A file beside the run that it belongs to.
    PartOfRun { path: PathBuf, what: &'static str },
    /// A log or ledger.
    Log { path: PathBuf, what: &'static str },
    /// Files of a directory that are named like runs.
    Unreadable { unusable: usize, total: usize },
}

/// What a person should know of how a path is judged.
#[derive(Debug, Problem)]
#[problem(area = "verify-notice")]
enum VerifyNotice {
    /// A directory of runs with the files of a pack.
    LooksLikePack { path: PathBuf },
}

/// The judgement of one envelope.
struct Judged {
    text: Vec<u8>,
    reached: bool,
    usable: bool,
}

pub fn run(args: &VerifyArgs) -> Result<bool, Stopped> {
    let memory = args.policy.heads.memory.open_if_any(None);
    match JudgedAs::of(&args.path, args.pack_keys, args.expect.is_some(), memory.as_ref()) {
        JudgedAs::Pack => return pack::verify(args),
        JudgedAs::RunsLikeAPack => {
            ui::warn(&VerifyNotice::LooksLikePack { path: args.path.clone() }.problem());
        }
        JudgedAs::Runs => {}
    }
    if args.expect.is_some() {
        return Err(VerifyError::NotAPack { path: args.path.clone() }.into());
    }
    let root = if args.path.is_dir() { &args.path } else { directory_of(&args.path) };
    let loaded = args.policy.load(root)?;
    let view =
        |path: &Path, files: &EnvelopeFiles, verdict: &Verdict, found: Option<&FoundInputs>| {
            let text = if args.json {
                let run = if args.path.is_dir() { root.join(path) } else { path.to_owned() };
                let weaker = loaded.weaknesses_of(&run, verdict);
                format!("{}\n", report::to_json(path, files, verdict, weaker, found)).into_bytes()
            } else {
                let report = write_report(path, verdict, args);
                [report, found.map(inputs::write).unwrap_or_default()].concat()
            };
            let reached = args.is_met_by(verdict) && inputs::allow(found);
            Judged { text, reached, usable: files.run.is_ok() }
        };
    let mut out = ui::lasting_stdout().in_blocks();
    let (mut reached, mut unusable, mut total) = (0, 0, 0);
    let mut unread = 0;
    let mut done = |judged: Judged| {
        total += 1;
        reached += usize::from(judged.reached);
        unusable += usize::from(!judged.usable);
        out.write_all(&judged.text)
    };
    if args.path.is_dir() {
        if args.inputs.is_some() {
            return Err(VerifyError::InputsOfSeveral { path: args.path.clone() }.into());
        }
        let found = directory::find(&args.path)?;
        status::warn_unreadable(&found);
        unread = found.unreadable.len();
        continuity::warn_of_orphans(&found, root);
        if found.runs.is_empty() {
            return Err(VerifyError::NoRuns { path: args.path.clone() }.into());
        }
        let counter = ui::counter(found.runs.len(), "verified");
        let judge = loaded.judge();
        let all =
            RunsToJudge { root: &args.path, runs: &found.runs, judge: &judge, logs: &loaded.logs };
        let view = |path: &Path, files: &EnvelopeFiles, verdict: &Verdict| {
            view(path, files, verdict, None)
        };
        judgement::judge_all(all, view, |judged| {
            counter.inc(1);
            done(judged)
        })?;
        counter.finish_and_clear();
        if !args.json {
            let bounded = if args.require_abp { " within a boundary that holds" } else { "" };
            writeln!(out, "{reached} of {total} envelopes reach {}{bounded}", args.level)?;
        }
    } else {
        check_is_run(&args.path)?;
        // The judgement reads it again; this is for the error that names file and remedy.
        reading::check(&args.path, root, countersign_envelope::file_name::MAX_BYTES)?;
        let (files, verdict) =
            judgement::judge_file(&args.path, root, &loaded.judge(), &loaded.logs);
        let found = inputs::look_up(args, &files)?;
        done(view(&args.path, &files, &verdict, found.as_ref()))?;
        if let Err(why) = &files.run {
            out.flush()?;
            let (path, why) = (args.path.clone(), why.clone());
            return Err(VerifyError::NotARun { path, why }.into());
        }
    }
    if !args.json {
        loaded.tell_keyring(&mut out)?;
        loaded.tell_weaknesses(&mut out)?;
    }
    out.flush()?;
    continuity::warn_of_rewritten(&loaded.logs);
    if args.path.is_dir() {
        continuity::warn_of_missing(&loaded.logs, root);
    }
    if unusable > 0 {
        return Err(VerifyError::Unreadable { unusable, total }.into());
    }
    status::check_all_read(unread)?;
    Ok(reached == total)
}

/// Refuses other files of an envelope or a directory by their names: judged as a run, such a file would
/// lack everything that a run has.
fn check_is_run(path: &Path) -> Result<(), VerifyError> {
    let (name, path) = (name_of(path), path.to_owned());
    match &*name {
        _ if is_signature(&name) => Err(VerifyError::PartOfRun { path, what: "signature file" }),
        _ if is_refusals(&name) => Err(VerifyError::PartOfRun { path, what: "file of refusals" }),
        _ if is_manifest(&name) => Err(VerifyError::PartOfRun { path, what: "manifest" }),
        TRANSPARENCY_LOG => Err(VerifyError::Log { path, what: "transparency log" }),
        AUTHORITY_LEDGER => Err(VerifyError::Log { path, what: "ledger" }),
        _ => Ok(()),
    }
}

/// A verdict in words, check by check.
fn write_report(path: &Path, verdict: &Verdict, args: &VerifyArgs) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = try_write_report(&mut out, path, verdict, args);
    out
}

fn try_write_report(
    out: &mut Vec<u8>,
    path: &Path,
    verdict: &Verdict,
    args: &VerifyArgs,
) -> std::io::Result<()> {
    let style = style::level(verdict.level);
    let badge = report::badge_with_assurance(verdict);
    writeln!(out, "{style}{badge}{style:#}  {}", visible(&path.to_string_lossy()))?;
    for refusal in report::refusals(verdict) {
        let style = style::outcome(Outcome::Fail);
        writeln!(out, "  {style}refusal{style:#}   {refusal}")?;
    }
    for check in &verdict.checks {
        let style = style::outcome(check.outcome);
        let word = check.outcome.as_str();
        let (level, id) = (check.level, visible(&check.id.as_str()));
        writeln!(
            out,
            "  {style}{word:<9}{style:#} {level}  {id}  {}",
            visible(&check.detail.english())
        )?;
    }
    if let Some(boundary) = &verdict.boundary {
        let style = style::state(boundary.state());
        let sentence = visible(&boundary.sentence().english());
        writeln!(out, "  {style}boundary{style:#}  {sentence}")?;
        for check in &boundary.checks {
            let style = style::outcome(check.outcome);
            let (word, id) = (check.outcome.as_str(), check.id);
            let detail = visible(&check.detail.english());
            writeln!(out, "  {style}{word:<9}{style:#} --  {id}  {detail}")?;
        }
    }
    if args.require_abp && verdict.boundary.is_none() {
        let style = style::outcome(Outcome::Fail);
        writeln!(out, "  {style}boundary{style:#}  There is no authority boundary (abp_v1.json).")?;
    }
    if let Some(companions) = verdict.companions_in_words() {
        writeln!(out, "  {}", visible(&companions.english()))?;
    }
    let names = report::all_names(verdict);
    if !names.is_empty() {
        writeln!(out, "  Names by certificates, which change no level")?;
    }
    for line in names {
        writeln!(out, "    {line}")?;
    }
    let wanted = args.level;
    let verb = if verdict.level >= Some(wanted) { "reached" } else { "not reached" };
    writeln!(
        out,
        "  {wanted} is {verb}. Missing for the next level: {}\n",
        report::missing(verdict)
    )
}
