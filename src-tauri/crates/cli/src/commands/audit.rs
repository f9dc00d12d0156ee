//! `countersign audit`: whether runs can be made again.

use std::path::{Path, PathBuf};

use countersign_admissibility::check::{NamedCheck, Outcome};
use countersign_admissibility::determinism::{self, Audit, DeterminismCheck};
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::visible::visible;
use countersign_problem::{Problem, Reason, Words};
use countersign_store::reading::{self, directory_of};
use countersign_store::{directory, inputs};
use serde::Serialize;

use crate::commands::status;
use crate::report::NamedCheckRow;
use crate::stopped::Stopped;
use crate::ui::{self, style};

const AUDIT_HELP: &str = "\
The checks are those of the reference's determinism_audit.py, in its order; with --strict-files \
also that of its replay_sealed_run.py. The levels that `verify` judges include them, but for \
ids.no_uuid, timestamps.committed_at_matches_clock and strict.file[…].

Exit codes: 0 no check fails, in any run · 1 one does · 2 a run cannot be read, or there is none.";

/// Audit whether runs are deterministic: fixed clock, derived id, nothing random
#[derive(Debug, clap::Args)]
#[command(after_help = AUDIT_HELP)]
pub struct AuditArgs {
    /// Sealed runs, or directories of them
    #[arg(required = true, value_name = "RUN")]
    pub paths: Vec<PathBuf>,
    /// Fail, instead of warning, if the clock is not set, the run was not deterministic, or it has no
    /// input commitments
    #[arg(long)]
    pub strict: bool,
    /// Also look for each input file that a run refers to in this directory (checks strict.file[…]);
    /// what is in it is not compared
    #[arg(long, value_name = "DIR")]
    pub strict_files: Option<PathBuf>,
    /// One JSON object per run instead of a report
    #[arg(long)]
    pub json: bool,
}

/// Why something is not audited.
#[derive(Debug, Problem)]
enum AuditError {
    /// A directory without runs.
    NoRuns { path: PathBuf },
    /// Files that are named like runs, or were named, and are none.
    Unreadable { unusable: usize, total: usize },
}

/// The JSON of one run.
#[derive(Serialize)]
struct Row<'a> {
    path: String,
    /// `pass`, `warn` or `fail`; null if it cannot be read.
    result: Option<Outcome>,
    /// Why it cannot be read.
    error: Option<Words>,
    checks: Vec<NamedCheckRow<'a, DeterminismCheck>>,
    /// The input files that were looked for.
    files: Vec<NamedCheckRow<'a, String>>,
}

/// What was found of one run.
struct Audited {
    audit: Audit,
    files: Vec<NamedCheck<String>>,
}

impl Audited {
    fn of(run: &SealedRun, args: &AuditArgs) -> Self {
        let files = args.strict_files.as_deref().map(|directory| {
            determinism::judge_files(run, |path| inputs::is_there(path, directory))
        });
        let audit = determinism::audit(run, args.strict);
        Self { audit, files: files.unwrap_or_default() }
    }

    fn outcome(&self) -> Outcome {
        match self.files.iter().all(|file| file.outcome == Outcome::Pass) {
            true => self.audit.outcome(),
            false => Outcome::Fail,
        }
    }
}

pub fn run(args: &AuditArgs) -> Result<bool, Stopped> {
    let mut out = ui::lasting_stdout().in_blocks();
    let (mut total, mut unusable, mut unread, mut passes) = (0, 0, 0, true);
    for path in &args.paths {
        let (root, runs) = match path.is_dir() {
            true => {
                let found = directory::find(path)?;
                status::warn_unreadable(&found);
                unread += found.unreadable.len();
                if found.runs.is_empty() {
                    return Err(AuditError::NoRuns { path: path.clone() }.into());
                }
                (path.as_path(), found.runs.iter().map(|run| path.join(run)).collect())
            }
            false => (directory_of(path), vec![path.clone()]),
        };
        for run in runs {
            let audit = read(&run, root).map(|run| Audited::of(&run, args));
            total += 1;
            match &audit {
                Ok(audited) => passes &= audited.outcome() != Outcome::Fail,
                Err(_) => unusable += 1,
            }
            let text = if args.json { to_json(&run, &audit) } else { to_text(&run, &audit) };
            out.write_all(text.as_bytes())?;
        }
    }
    out.flush()?;
    if unusable > 0 {
        return Err(AuditError::Unreadable { unusable, total }.into());
    }
    status::check_all_read(unread)?;
    Ok(passes)
}

fn read(run: &Path, root: &Path) -> Result<SealedRun, Reason> {
    let bytes =
        reading::read(run, root, MAX_BYTES).map_err(|error| Reason::from(error.reason()))?;
    SealedRun::read(bytes.into()).map_err(Reason::from)
}

fn to_json(run: &Path, audited: &Result<Audited, Reason>) -> String {
    let row = Row {
        path: run.to_string_lossy().into_owned(),
        result: audited.as_ref().ok().map(Audited::outcome),
        error: audited.as_ref().err().map(Words::from),
        checks: audited.iter().flat_map(|it| &it.audit.checks).map(NamedCheckRow::of).collect(),
        files: audited.iter().flat_map(|it| &it.files).map(NamedCheckRow::of).collect(),
    };
    // Text and lists always serialise.
    serde_json::to_string(&row).unwrap_or_default() + "\n"
}

fn to_text(run: &Path, audited: &Result<Audited, Reason>) -> String {
    let path = visible(&run.to_string_lossy());
    let line = |outcome: Outcome, text: &str| {
        let style = style::outcome(outcome);
        format!("{style}{:<9}{style:#} {text}\n", outcome.as_str())
    };
    match audited {
        Err(why) => {
            line(Outcome::Unchecked, &format!("{path}  {}", visible(&why.problem().message())))
        }
        Ok(audited) => {
            let checks = audited.audit.checks.iter();
            let checks = checks.map(|check| (check.outcome, check.id.to_string(), &check.detail));
            let files = audited.files.iter();
            let files = files.map(|check| (check.outcome, visible(&check.id), &check.detail));
            let checks = checks.chain(files).map(|(outcome, id, detail)| {
                format!("  {}", line(outcome, &format!("{id}  {}", visible(&detail.english()))))
            });
            line(audited.outcome(), &path) + &checks.collect::<String>() + "\n"
        }
    }
}
