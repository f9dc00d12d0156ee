//! Everything said and asked on the terminal: errors, warnings, answers, secrets, progress and colours.

use countersign_problem::Problem;
mod output;
mod progress;
pub mod secret;
pub mod style;
#[cfg(unix)]
pub mod terminal;
mod waiting;

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use countersign_envelope::digest::Digest;
use countersign_problem::visible::visible;
use serde::Serialize;
use serde_json::json;

use crate::stopped::Stopped;

pub use output::{Output, lasting_stdout, raw_stdout, stderr, stdout};
pub use progress::{bytes, counter, shows_progress};
pub use waiting::Terminal;

/// Says on standard error what went wrong, and what to do about it.
pub fn error(problem: &Problem) {
    let style = AnsiColor::Red.on_default().bold();
    say(format_args!("{style}error:{style:#}"), problem);
}

/// Says on standard error what does not end the command, and what to do about it.
pub fn warn(problem: &Problem) {
    let style = warning();
    say(format_args!("{style}warning:{style:#}"), problem);
}

/// The same of a warning that the engine has put into words.
pub fn warn_of(text: &str) {
    let style = warning();
    // If standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{style}warning:{style:#} {}", visible(text));
}

fn warning() -> Style {
    AnsiColor::Yellow.on_default().bold()
}

fn say(label: fmt::Arguments<'_>, problem: &Problem) {
    let mut text = format!("{label} {}\n", visible(&problem.message()));
    if let Some(hint) = problem.hint() {
        let style = AnsiColor::Cyan.on_default();
        text.push_str(&format!("{style}hint:{style:#} {}\n", visible(&hint)));
    }
    // If standard error is closed there is nobody to tell.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Asks a question that is answered with yes, or anything else for no.
pub fn confirmed(question: &str) -> Result<bool, Stopped> {
    Ok(matches!(answer(question)?.as_str(), "y" | "yes"))
}

/// The answer to a question, which is shown as it is typed.
pub fn answer(question: &str) -> Result<String, Stopped> {
    let mut out = anstream::stderr();
    write!(out, "{question} ").and_then(|()| out.flush()).map_err(Stopped::output)?;
    read_answer()
}

/// The line that is typed as an answer.
pub fn read_answer() -> Result<String, Stopped> {
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(Stopped::input)?;
    Ok(answer.trim().to_owned())
}

/// Whether a person can be asked: a question is written to standard error, where they must see it, and
/// answered on standard input.
pub fn has_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// A path as a person reads it.
pub fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// Writes a report as one line of JSON.
pub fn write_json(out: &mut Output, report: &impl Serialize) -> Result<(), Stopped> {
    writeln!(out, "{}", json!(report))
}

/// Writes the digest that two people compare.
pub fn write_digest(out: &mut Output, hex: &str) -> Result<(), Stopped> {
    let grouped = Digest::parse(&format!("sha256:{hex}")).map(|digest| digest.grouped());
    writeln!(out, "digest  {}", grouped.unwrap_or_default())
}

/// A table of plain text, without lines.
pub fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    table
}

/// A table that fits the width of the terminal. Columns of `fixed` keep the width of their content;
/// the others are wrapped.
pub fn wrapped_table<const N: usize>(header: [&str; N], fixed: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    if !style::is_coloured() {
        table.force_no_tty();
    }
    for index in fixed {
        if let Some(column) = table.column_mut(*index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// Writes a table without the spaces at the end of its lines.
pub fn write_table(out: &mut Output, table: &Table) -> Result<(), Stopped> {
    table.lines().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}
