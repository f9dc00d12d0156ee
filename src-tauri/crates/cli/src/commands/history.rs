//! `countersign history`: who signed what, when, with which key.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use comfy_table::{Attribute, Cell, Color};
use countersign_admissibility::check::Outcome;
use countersign_admissibility::level::Level;
use countersign_admissibility::signatures::Standing;
use countersign_envelope::count::counted;
use countersign_envelope::instant::Instant;
use countersign_envelope::person::Person;
use countersign_envelope::signature::{Role, SignerType};
use countersign_index::history::{self, History, HistoryFilter, HistoryFormat, Record};
use countersign_index::queue::LevelFilter;
use countersign_problem::visible::visible_short;
use countersign_store::directory;

use crate::arguments::policy::PolicyArgs;
use crate::commands::status::warn_unreadable;
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui::{self, style};

const HISTORY_HELP: &str = "\
A signature on a run and the same person's on its manifest are one. The oldest comes first. Times are \
as the files claim; nothing proves them.

Several values of one filter select what matches any of them; several filters, what matches all.";

/// List every signature of a directory: who signed what, when, with which key
#[derive(Debug, clap::Args)]
#[command(after_help = HISTORY_HELP)]
pub struct HistoryArgs {
    /// The directory; its sub-directories are searched too
    #[arg(default_value = ".")]
    pub directory: PathBuf,
    /// By this person, the whole name
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub person: Vec<String>,
    /// In this role
    #[arg(long, value_name = "ROLE", help_heading = "Filters")]
    pub role: Vec<Role>,
    /// With this key: its id, or a fingerprint, or at least the first 8 digits of one
    #[arg(long, value_name = "KEY", help_heading = "Filters")]
    pub key: Vec<String>,
    /// By a key of this kind: software, hardware or external
    #[arg(long, value_name = "KIND", help_heading = "Filters")]
    pub kind: Vec<SignerType>,
    /// Of this standing: valid, not_accepted, unchecked or invalid
    #[arg(long, value_name = "STANDING", help_heading = "Filters")]
    pub standing: Vec<Standing>,
    /// On envelopes that are at this level now: none, or L0 to L7
    #[arg(long, value_name = "Ln", help_heading = "Filters", value_parser = level)]
    pub level: Vec<LevelFilter>,
    /// On or after this day or time: 2026-05-06 or 2026-05-06T07:08:09Z
    #[arg(long, value_name = "TIME", help_heading = "Filters", value_parser = since)]
    pub since: Option<i64>,
    /// On or before this day or time
    #[arg(long, value_name = "TIME", help_heading = "Filters", value_parser = until)]
    pub until: Option<i64>,
    /// CSV, for spreadsheets
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// The columns that are not wrapped if a terminal is narrow: all but person, key and decision.
const FIXED: [usize; 5] = [0, 2, 4, 5, 7];

/// Longest decision title in the table, in characters.
const TITLE: usize = 44;

pub fn run(args: &HistoryArgs) -> Result<bool, Stopped> {
    let loaded = args.policy.load(&args.directory)?;
    let root = &args.directory;
    let found = directory::find(root)?;
    warn_unreadable(&found);
    let counter = ui::counter(found.runs.len(), "judged");
    let judge = loaded.judge();
    let history = History::read(root, &found.runs, &judge, &loaded.logs, || counter.inc(1));
    counter.finish_and_clear();
    continuity::warn_of_rewritten(&loaded.logs);
    let records = history.records(&filter(args));
    match (args.csv, args.json) {
        (true, _) => write(&records, HistoryFormat::Csv)?,
        (_, true) => write(&records, HistoryFormat::Json)?,
        _ => print(root, &records, &history)?,
    }
    Ok(true)
}

fn write(records: &[Record<'_>], format: HistoryFormat) -> Result<(), Stopped> {
    let mut out = ui::lasting_stdout().in_blocks();
    out.write_with(|out| history::write(records, format, out))
}

fn filter(args: &HistoryArgs) -> HistoryFilter {
    HistoryFilter {
        people: args.person.clone(),
        roles: args.role.clone(),
        keys: args.key.clone(),
        kinds: args.kind.clone(),
        standings: args.standing.clone(),
        levels: args.level.clone(),
        since: args.since,
        until: args.until,
    }
}

/// A level, or `none`.
fn level(text: &str) -> Result<LevelFilter, String> {
    if text == LevelFilter::None.as_str() {
        return Ok(LevelFilter::None);
    }
    let level: Level = text.parse().map_err(|why| format!("{why}, nor none"))?;
    level.to_string().parse()
}

/// The first second of a day, or a time.
fn since(text: &str) -> Result<i64, String> {
    moment(text, "T00:00:00Z")
}

/// The last second of a day, or a time.
fn until(text: &str) -> Result<i64, String> {
    moment(text, "T23:59:59Z")
}

fn moment(text: &str, of_day: &str) -> Result<i64, String> {
    let whole = Instant::parse(text).or_else(|| Instant::parse(&format!("{text}{of_day}")));
    whole.map(|at| at.unix()).ok_or_else(|| {
        format!("{text:?} is neither a day like 2026-05-06 nor a time like 2026-05-06T07:08:09Z")
    })
}

fn print(root: &Path, records: &[Record<'_>], history: &History) -> Result<(), Stopped> {
    let mut out = ui::lasting_stdout().in_blocks();
    for (file, refusal) in history.refusals() {
        let style = style::outcome(Outcome::Fail);
        writeln!(out, "{style}refusal:{style:#} {refusal} ({file})")?;
    }
    if records.is_empty() {
        let directory = root.display();
        writeln!(out, "No signature in {directory} matches; without filters, all are listed.")?;
        return Ok(());
    }
    let coloured = style::is_coloured();
    let header = ["SIGNED", "WHO", "ROLE", "KEY", "KIND", "STANDING", "DECISION", "LEVEL"];
    let mut table = ui::wrapped_table(header, &FIXED);
    for record in records {
        let said = match record.standing {
            Standing::Valid if !record.counts => "does not count",
            other => said(other),
        };
        let mut standing = Cell::new(said);
        if coloured {
            standing = match record.standing {
                Standing::Valid if record.counts => standing,
                Standing::Valid => standing.fg(Color::Yellow),
                Standing::NotAccepted | Standing::Unchecked => standing.fg(Color::Yellow),
                Standing::Invalid => standing.fg(Color::Red).add_attribute(Attribute::Bold),
            };
        }
        let kind = match record.assurance {
            Some(assurance) => format!("{} {assurance}", record.kind),
            None => record.kind.to_string(),
        };
        let level = match record.level {
            -1 => "none".to_owned(),
            level => format!("L{level}"),
        };
        let decision = format!("{} {}", record.decision_id, visible_short(record.title, TITLE));
        table.add_row([
            Cell::new(record.signed_at.as_deref().unwrap_or("no time")),
            Cell::new(record.signer_id),
            Cell::new(record.role.map_or("none", |role| role.as_str())),
            Cell::new(record.key_id),
            Cell::new(kind),
            standing,
            Cell::new(decision.trim()),
            Cell::new(level),
        ]);
    }
    ui::write_table(&mut out, &table)?;
    let distinct = |of: fn(&Record<'_>) -> String| records.iter().map(of).collect::<HashSet<_>>();
    let people: HashSet<_> = records.iter().map(|record| Person::of(record.signer_id)).collect();
    let people = people.len();
    let envelopes = distinct(|record| record.file.clone()).len();
    let others = records.iter().filter(|record| !record.counts).count();
    writeln!(
        out,
        "\n{} by {} on {}; {}. Times are as the files claim",
        counted(records.len(), "signature"),
        if people == 1 { "1 person".to_owned() } else { format!("{people} people") },
        counted(envelopes, "envelope"),
        match others {
            0 => "all count".to_owned(),
            1 => "1 does not count".to_owned(),
            n => format!("{n} do not count"),
        },
    )?;
    out.flush()?;
    Ok(())
}

fn said(standing: Standing) -> &'static str {
    match standing {
        Standing::Valid => "valid",
        Standing::NotAccepted => "not accepted",
        Standing::Unchecked => "unchecked",
        Standing::Invalid => "invalid",
    }
}
