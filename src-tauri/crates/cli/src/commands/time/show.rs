//! `countersign time show`.

use std::path::{Path, PathBuf};

use countersign_admissibility::Verdict;
use countersign_admissibility::check::{CheckId, DateCheck};
use countersign_admissibility::signatures::JudgedSignature;
use countersign_admissibility::time_stamp::{TimeStampFinding, TrustedTime};
use countersign_envelope::signature::PayloadType;
use countersign_problem::visible::visible;
use countersign_store::directory;
use countersign_store::judgement;
use countersign_store::reading::directory_of;
use serde_json::json;

use crate::arguments::policy::PolicyArgs;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

/// Show the times of signatures: claimed by the file, signed by the key, and vouched for by a
/// time-stamping authority; and since when the run itself has existed
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// A sealed run, or a directory of them
    pub path: PathBuf,
    /// One JSON object per signature and line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

pub fn run(args: &ShowArgs) -> Result<bool, Stopped> {
    let (root, runs) = match args.path.is_dir() {
        true => (args.path.as_path(), directory::find(&args.path)?.runs),
        false => (directory_of(&args.path), vec![args.path.clone()]),
    };
    let loaded = args.policy.load(root)?;
    let judge = loaded.judge();
    let mut out = ui::stdout();
    for run in runs {
        let path = if args.path.is_dir() { root.join(&run) } else { run };
        let (_, verdict) = judgement::judge_file(&path, root, &judge, &loaded.logs);
        if !args.json {
            writeln!(out, "{}", shown(&path))?;
        }
        write_run_time(&mut out, &path, &verdict, args.json)?;
        let both = [
            (PayloadType::SealedRun, &verdict.signatures),
            (PayloadType::Manifest, &verdict.manifest_signatures),
        ];
        for (on, signatures) in both {
            for one in signatures {
                write(&mut out, &path, (on, one), args.json)?;
            }
        }
    }
    if !args.json {
        loaded.tell_weaknesses(&mut out)?;
    }
    Ok(true)
}

/// Writes since when the run itself has existed, if it has a time stamp of its own.
fn write_run_time(
    out: &mut Output,
    run: &Path,
    verdict: &Verdict,
    as_json: bool,
) -> Result<(), Stopped> {
    let id = CheckId::Date(DateCheck::Run);
    let Some(check) = verdict.checks.iter().find(|check| check.id == id) else { return Ok(()) };
    if as_json {
        let line = json!({
            "run": run.to_string_lossy(),
            "on": "run_itself",
            "result": check.outcome,
            "detail": check.detail,
            "existed": verdict.run_time.as_ref().map(trusted),
        });
        return writeln!(out, "{line}");
    }
    writeln!(out, "  the run itself, whoever signed it")?;
    match &verdict.run_time {
        Some(time) => writeln!(out, "    existed  {}", visible(&time.to_string())),
        None => writeln!(out, "    note     {}", visible(&check.detail.english())),
    }
}

fn write(
    out: &mut Output,
    run: &Path,
    (on, one): (PayloadType, &JudgedSignature),
    as_json: bool,
) -> Result<(), Stopped> {
    let claim = one.claim.personal().map(|holding| holding.claim.signed_at);
    if as_json {
        let stamps: Vec<_> = one.time_stamps.findings.iter().map(stamp).collect();
        let line = json!({
            "run": run.to_string_lossy(),
            "on": on.as_str(),
            "signer_id": one.signer_id,
            "kind": one.time_kind().as_str(),
            "claimed": one.signed_at,
            "signed": claim.map(|at| at.to_string()),
            "trusted": one.trusted_time().map(trusted),
            "timestamps": stamps,
        });
        return writeln!(out, "{line}");
    }
    let on = if on == PayloadType::Manifest { "manifest" } else { "run" };
    writeln!(out, "  {} on the {on}", visible(&one.signer_id))?;
    let claimed = one.signed_at.as_deref().map_or_else(|| "no time".to_owned(), visible);
    writeln!(out, "    claimed  {claimed}, by the file")?;
    match claim {
        Some(at) => writeln!(out, "    signed   {at}, by its key")?,
        None => writeln!(out, "    signed   no: it has no claim that holds")?,
    }
    match one.trusted_time() {
        Some(time) => writeln!(out, "    trusted  {}", visible(&time.to_string()))?,
        None => writeln!(out, "    trusted  no")?,
    }
    for finding in &one.time_stamps.findings {
        if let Err(why) = &finding.outcome {
            writeln!(out, "    note     {}", visible(&why.to_string()))?;
        }
    }
    Ok(())
}

fn trusted(time: &TrustedTime) -> serde_json::Value {
    json!({
        "at": time.at.to_string(),
        "accuracy_seconds": time.accuracy,
        "authority": time.authority,
        "root": time.root,
        "authority_ends": time.authority_ends.to_string(),
    })
}

fn stamp(finding: &TimeStampFinding) -> serde_json::Value {
    json!({
        "covers": finding.covers.as_ref().map(|covers| covers.as_str()),
        "sha256": finding.token.map(|token| token.hex()),
        "renewed": finding.is_renewed,
        "time": finding.outcome.as_ref().ok().map(trusted),
        "problem": finding.outcome.as_ref().err().map(ToString::to_string),
    })
}
