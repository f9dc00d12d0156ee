//! `countersign history`: who signed what, when, with which key.

use std::collections::HashSet;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, Table, presets};
use countersign_admissibility::level::Level;
use countersign_admissibility::signatures::Standing;
use countersign_envelope::count::counted;
use countersign_envelope::instant::Instant;
use countersign_envelope::person::Person;
use countersign_envelope::visible::visible_short;
use countersign_station::directory;
use countersign_station::history::{self, History, HistoryFilter, HistoryFormat, Record};
use countersign_station::queue::LevelFilter;

use crate::args::HistoryArgs;
use crate::error::CliError;
use crate::status::warn_unreadable;
use crate::{log, output, progress};

/// The columns that give way where a terminal is narrow.
const GIVE_WAY: [usize; 3] = [1, 3, 6];

/// Longest decision title in the table, in characters.
const TITLE: usize = 44;

pub fn run(args: &HistoryArgs) -> Result<bool, CliError> {
    let loaded = args.policy.load(&args.directory)?;
    let root = &args.directory;
    let found = directory::find(root)?;
    warn_unreadable(&found);
    let counter = progress::counter(found.runs.len(), "judged");
    let judge = loaded.judge();
    let history = History::read(root, &found.runs, &judge, &loaded.logs, || counter.inc(1));
    counter.finish_and_clear();
    log::warn_of_rewritten(&loaded.logs);
    let records = history.records(&filter(args));
    match (args.csv, args.json) {
        (true, _) => history::write(&records, HistoryFormat::Csv, stdout())?,
        (_, true) => history::write(&records, HistoryFormat::Json, stdout())?,
        _ => print(root, &records)?,
    }
    Ok(true)
}

fn stdout() -> BufWriter<output::Output> {
    BufWriter::new(output::stdout())
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
pub fn level(text: &str) -> Result<LevelFilter, String> {
    if text == LevelFilter::None.as_str() {
        return Ok(LevelFilter::None);
    }
    let level: Level = text.parse().map_err(|why| format!("{why}, nor none"))?;
    level.to_string().parse()
}

/// The first second of a day, or a time.
pub fn since(text: &str) -> Result<i64, String> {
    moment(text, "T00:00:00Z")
}

/// The last second of a day, or a time.
pub fn until(text: &str) -> Result<i64, String> {
    moment(text, "T23:59:59Z")
}

fn moment(text: &str, of_day: &str) -> Result<i64, String> {
    let whole = Instant::parse(text).or_else(|| Instant::parse(&format!("{text}{of_day}")));
    whole.map(|at| at.unix()).ok_or_else(|| {
        format!("{text:?} is no day like 2026-05-06, nor a time like 2026-05-06T07:08:09Z")
    })
}

fn print(root: &Path, records: &[Record<'_>]) -> Result<(), CliError> {
    let mut out = stdout();
    if records.is_empty() {
        let directory = root.display();
        writeln!(out, "No signature in {directory} is like that; without filters, all are shown.")?;
        return Ok(());
    }
    let coloured = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    let header = ["SIGNED", "WHO", "ROLE", "KEY", "KIND", "STANDING", "DECISION", "LEVEL"];
    table.set_header(header);
    if !coloured {
        table.force_no_tty();
    }
    for index in (0..header.len()).filter(|index| !GIVE_WAY.contains(index)) {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
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
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
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
