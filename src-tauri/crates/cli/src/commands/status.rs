//! `countersign status`: the envelopes of a directory.

use std::path::{Path, PathBuf};

use comfy_table::{Attribute, Cell, Color};
use countersign_admissibility::Verdict;
use countersign_admissibility::level::Level;
use countersign_admissibility::state::State;
use countersign_problem::Problem;
use countersign_problem::visible::{visible, visible_short};
use countersign_store::directory;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};

use crate::arguments::policy::PolicyArgs;
use crate::stopped::Stopped;
use crate::ui::{self, style};
use crate::{continuity, report};

/// List the envelopes of a directory: level, signatures, what is missing
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// The directory; its sub-directories are searched too
    pub directory: PathBuf,
    /// One JSON object per line, with every check
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// The columns that keep their width.
const RUN: usize = 0;
const LEVEL: usize = 2;
const STATE: usize = 3;
const SIGNATURES: usize = 4;

/// Longest path that is never wrapped, in characters.
const PATH: usize = 48;
/// Longest decision title in the table, in characters.
const TITLE: usize = 44;

pub fn run(args: &StatusArgs) -> Result<bool, Stopped> {
    let root = &args.directory;
    let loaded = args.policy.load(root)?;
    let found = directory::find(root)?;
    warn_unreadable(&found);
    continuity::warn_of_orphans(&found, root);
    let counter = ui::counter(found.runs.len(), "judged");
    let judge = loaded.judge();
    let all = RunsToJudge { root, runs: &found.runs, judge: &judge, logs: &loaded.logs };
    if args.json {
        let mut out = ui::raw_stdout().in_blocks();
        let view = |path: &Path, files: &EnvelopeFiles, verdict: &Verdict| {
            report::to_json(
                path,
                files,
                verdict,
                loaded.weaknesses_of(&root.join(path), verdict),
                None,
            )
        };
        judgement::judge_all(all, view, |line| {
            counter.inc(1);
            writeln!(out, "{line}")
        })?;
        out.flush()?;
    } else {
        let mut lines = Vec::new();
        judgement::judge_all(all, Line::new, |line| {
            counter.inc(1);
            lines.push(line);
            Ok::<(), Stopped>(())
        })?;
        counter.finish_and_clear();
        print(root, &lines)?;
        let mut out = ui::stdout();
        loaded.tell_keyring(&mut out)?;
        loaded.tell_weaknesses(&mut out)?;
    }
    continuity::warn_of_rewritten(&loaded.logs);
    continuity::warn_of_missing(&loaded.logs, root);
    check_all_read(found.unreadable.len())?;
    Ok(true)
}

/// Places that could not be read.
#[derive(Debug, Problem)]
pub struct NotAllRead {
    number: usize,
}

/// Fails if something was not read: it was not judged, and must not seem so.
pub fn check_all_read(unread: usize) -> Result<(), NotAllRead> {
    match unread {
        0 => Ok(()),
        number => Err(NotAllRead { number }),
    }
}

/// Warns of what could not be searched.
pub fn warn_unreadable(found: &directory::Found) {
    for what in &found.unreadable {
        ui::warn_of(&what.english());
    }
}

/// What a row of the table shows.
struct Line {
    path: String,
    decision: String,
    level: Option<Level>,
    badge: String,
    state: State,
    signatures: String,
    missing: String,
    warnings: usize,
}

impl Line {
    fn new(path: &Path, files: &EnvelopeFiles, verdict: &Verdict) -> Self {
        let run = files.run.as_ref().ok();
        let decision = run.map(|run| {
            let id = visible_short(run.decision_id().unwrap_or("?"), 24);
            format!("{id} {}", visible_short(run.title().unwrap_or(""), TITLE))
        });
        Self {
            path: visible(path.to_string_lossy().trim_end_matches(".json")),
            decision: decision.unwrap_or_else(|| "unreadable".to_owned()),
            level: verdict.level,
            badge: report::badge_with_assurance(verdict),
            state: verdict.state(),
            signatures: {
                let quorum = &verdict.quorum;
                format!("{} of {}", quorum.counted.len(), quorum.required.threshold)
            },
            missing: visible_short(&report::lack(verdict), 300),
            warnings: verdict.warnings().count(),
        }
    }
}

fn print(root: &Path, lines: &[Line]) -> Result<(), Stopped> {
    let mut out = ui::stdout();
    if lines.is_empty() {
        writeln!(
            out,
            "No sealed runs in {}. They are named RUN-<8 hex>_<YYYYMMDDTHHMMSSZ>.json.",
            root.display()
        )?;
        return Ok(());
    }
    // What a person copies or compares is not wrapped; sentences are, and paths that would leave no
    // room for them.
    let fits = lines.iter().all(|line| line.path.chars().count() <= PATH);
    let fixed = &[RUN, LEVEL, STATE, SIGNATURES][usize::from(!fits)..];
    let mut table =
        ui::wrapped_table(["RUN", "DECISION", "LEVEL", "STATE", "SIGNATURES", "MISSING"], fixed);
    let coloured = style::is_coloured();
    for line in lines {
        let mut badge = Cell::new(&line.badge);
        if coloured {
            badge = badge.add_attribute(Attribute::Bold).fg(match line.level {
                None => Color::Reset,
                Some(level) if level >= Level::L4 => Color::Green,
                Some(level) if level >= Level::L2 => Color::Cyan,
                Some(_) => Color::Yellow,
            });
        }
        let mut state = Cell::new(line.state.words());
        if coloured && line.state == State::Contradicted {
            state = state.add_attribute(Attribute::Bold).fg(Color::Red);
        }
        let missing = match line.warnings {
            0 => line.missing.clone(),
            1 => format!("{} (1 warning)", line.missing),
            n => format!("{} ({n} warnings)", line.missing),
        };
        table.add_row([
            Cell::new(&line.path),
            Cell::new(&line.decision),
            badge,
            state,
            Cell::new(&line.signatures),
            Cell::new(missing),
        ]);
    }
    ui::write_table(&mut out, &table)?;
    let reach = |level: Level| lines.iter().filter(|line| line.level >= Some(level)).count();
    writeln!(
        out,
        "\n{} envelope{}: {} signed (L2), {} co-signed (L4), {} by hardware or external key (L6), {} not admissible",
        lines.len(),
        if lines.len() == 1 { "" } else { "s" },
        reach(Level::L2),
        reach(Level::L4),
        reach(Level::L6),
        lines.iter().filter(|line| line.level.is_none()).count(),
    )?;
    Ok(())
}
