//! Everything said and asked on the terminal: errors, warnings, answers, secrets, progress and colours.

mod output;
mod progress;
pub mod secret;
pub mod style;
#[cfg(unix)]
pub mod terminal;
mod waiting;

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use countersign_envelope::digest::Digest;
use countersign_problem::visible::visible;
use serde::Serialize;
use serde_json::json;

use crate::error::CliError;

pub use output::{Output, stdout};
pub use progress::counter;
pub use waiting::Terminal;

/// Says on standard error what went wrong.
pub fn error(error: &CliError) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let text = visible(&error.to_string());
    // If standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {text}");
}

/// Says something on standard error that does not end the command.
pub fn warn(text: &str) {
    // If standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "warning: {}", visible(text));
}

/// Asks a question that is answered with yes, or anything else for no.
pub fn confirmed(question: &str) -> Result<bool, CliError> {
    Ok(matches!(answer(question)?.as_str(), "y" | "yes"))
}

/// The answer to a question, which is shown as it is typed.
pub fn answer(question: &str) -> Result<String, CliError> {
    let mut out = anstream::stderr();
    write!(out, "{question} ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// Whether a person can be asked.
pub fn has_terminal() -> bool {
    io::stdin().is_terminal()
}

/// A path as a person reads it.
pub fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// Writes a report as one line of JSON.
pub fn write_json(out: &mut impl Write, report: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", json!(report))
}

/// Writes the digest that two people compare.
pub fn write_digest(out: &mut impl Write, hex: &str) -> io::Result<()> {
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
pub fn write_table(out: &mut impl Write, table: &Table) -> io::Result<()> {
    table.lines().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}
