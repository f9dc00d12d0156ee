//! `countersign explain`: the ladder of one envelope, in words.

use std::path::PathBuf;

use countersign_admissibility::check::Outcome;
use countersign_admissibility::level::Level;
use countersign_admissibility::signatures::Standing;
use countersign_problem::visible::{visible, visible_short};
use countersign_problem::{Problem, Reason};
use countersign_store::judgement;
use countersign_store::reading::{self, directory_of, name_of};
use countersign_views::{ManifestView, NamesView, TimesView, sentence};

use crate::arguments::policy::PolicyArgs;
use crate::stopped::Stopped;
use crate::ui::{self, style};
use crate::{continuity, report};

/// Explain in words which level an envelope reaches, and why
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// A sealed run
    pub file: PathBuf,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Why nothing is explained.
#[derive(Debug, Problem)]
enum ExplainError {
    /// The file is not a sealed run.
    NotARun { path: PathBuf, why: Reason },
}

pub fn run(args: &ExplainArgs) -> Result<bool, Stopped> {
    let loaded = args.policy.load(directory_of(&args.file))?;
    let root = directory_of(&args.file);
    reading::check(&args.file, root, countersign_envelope::file_name::MAX_BYTES)?;
    let (files, verdict) = judgement::judge_file(&args.file, root, &loaded.judge(), &loaded.logs);
    continuity::warn_of_rewritten(&loaded.logs);
    let unreadable =
        |why: &Reason| ExplainError::NotARun { path: args.file.clone(), why: why.clone() };
    let run = files.run.as_ref().map_err(unreadable)?;

    let mut out = ui::stdout();
    let title = visible_short(run.title().unwrap_or("without a title"), 120);
    writeln!(out, "{}  {title}", visible(run.decision_id().unwrap_or("?")))?;
    writeln!(
        out,
        "{}, {}\n",
        visible(run.run_id().unwrap_or("?")),
        visible(&args.file.to_string_lossy())
    )?;
    for refusal in report::refusals(&verdict) {
        let style = style::outcome(Outcome::Fail);
        writeln!(out, "{style}refusal:{style:#} {refusal}\n")?;
    }
    if let Some(manifest) = files.manifest() {
        let line = ManifestView::of(manifest, run, &name_of(&args.file)).line();
        writeln!(out, "manifest: {line}\n")?;
    }
    for level in Level::ALL {
        let state = verdict.level_state(level);
        let (style, word) = (style::state(state), state.words());
        writeln!(out, "{level}  {:<38} {style}{word}{style:#}", level.meaning().english())?;
        if let Some(stop) = verdict.stop(level) {
            writeln!(out, "    {}", visible(&stop.detail.english()))?;
        }
    }
    if !verdict.signatures.is_empty() {
        writeln!(out, "\nSignatures on the run")?;
    }
    for (at, signature) in verdict.signatures.iter().enumerate() {
        let mark = match (signature.standing, verdict.quorum.why_not(at)) {
            (Standing::Valid, None) => "counts",
            (Standing::Valid, Some(_)) => "counts for L2 only",
            _ => "does not count",
        };
        let role = signature.role.map_or("no role", |role| role.as_str());
        writeln!(
            out,
            "  {} as {role} ({}), {}, key {}: {mark}; {}",
            visible(&signature.signer_id),
            signature.label_source().words(),
            visible(&signature.algorithm),
            visible(&signature.key_id),
            visible(&signature.detail().english()),
        )?;
        for time in TimesView::of(signature, loaded.judge().now).all() {
            writeln!(out, "    time: {}", visible(&time.words()))?;
        }
        if let Some(finding) = signature.attestation() {
            writeln!(out, "    {}", visible(&finding.words().english()))?;
        }
        if let Some(names) = &signature.names {
            for line in report::names(&NamesView::of(names)) {
                writeln!(out, "    {line}")?;
            }
        }
        if let Some(companion) = signature.companion.words() {
            writeln!(out, "    companion: {}", visible(&companion.english()))?;
        }
    }
    if let Some(boundary) = &verdict.boundary {
        writeln!(out, "\n{}", visible(&boundary.sentence().english()))?;
    }
    if let Some(time) = &verdict.run_time {
        writeln!(out, "\nThe run existed at {}", visible(&time.to_string()))?;
    }
    for check in verdict.warnings() {
        let style = style::outcome(Outcome::Warn);
        writeln!(out, "\n{style}warning:{style:#} {}", visible(&check.detail.english()))?;
    }
    let state = verdict.state();
    let style = style::state(state);
    writeln!(out, "\n{style}{}{style:#}: {}", state.words(), sentence(&verdict))?;
    if verdict.missing.is_some() {
        writeln!(out, "For the next level: {}", report::missing(&verdict))?;
    }
    loaded.tell_weaknesses(&mut out)?;
    Ok(true)
}
