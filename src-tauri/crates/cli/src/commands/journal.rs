//! `countersign journal`: what was attempted, refused and signed on this station.

use std::path::{Path, PathBuf};

use countersign_app::places;
use countersign_envelope::chain::Entry;
use countersign_envelope::count::counted;
use countersign_envelope::json::Value;
use countersign_journal::book::{JournalDetail, details};
use countersign_journal::sentence::sentence;
use countersign_journal::{self as journal, Page};
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, Words};

use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// The journal: every attempt, refusal and signature on this station
#[derive(Debug, clap::Subcommand)]
pub enum JournalCommand {
    /// Check the whole chain, through all files of the journal
    Verify {
        /// The journal [default: your own]
        #[arg(value_name = "FILE", env = "COUNTERSIGN_JOURNAL")]
        file: Option<PathBuf>,
    },
    /// Print the entries, the oldest first
    Show {
        /// The journal [default: your own]
        #[arg(value_name = "FILE", env = "COUNTERSIGN_JOURNAL")]
        file: Option<PathBuf>,
        /// One JSON object per line, as in the file
        #[arg(long)]
        json: bool,
    },
}

pub fn run(command: &JournalCommand) -> Result<bool, Stopped> {
    match command {
        JournalCommand::Verify { file } => verify(&named(file.as_deref())?),
        JournalCommand::Show { file, json } => show(&named(file.as_deref())?, *json),
    }
}

/// Why there is no journal to read, or what is wrong with it.
#[derive(Debug, Problem)]
enum NamedJournalError {
    /// None is named, and there is no home directory that could have one.
    NoHome,
    /// Its chain is broken.
    Broken { path: PathBuf, why: Words },
}

fn named(file: Option<&Path>) -> Result<PathBuf, NamedJournalError> {
    let own = || places::journal(places::NAME);
    file.map(Path::to_owned).or_else(own).ok_or(NamedJournalError::NoHome)
}

fn verify(path: &Path) -> Result<bool, Stopped> {
    let pages = journal::read(path)?;
    let mut out = ui::lasting_stdout();
    // Old files may be kept elsewhere; their entries are not checked then.
    let missing = pages.first().and_then(Page::goes_on_from);
    if let Some(missing) = missing {
        let missing = shown(&path.with_file_name(missing));
        writeln!(out, "{missing}: is missing; restore it, since the chain continues from it")?;
    }
    for page in &pages {
        let (shown, count) = (shown(&page.path), page.entries.len());
        match &page.broken {
            None => writeln!(out, "{shown}: {}, the whole chain holds", counted(count, "entry"))?,
            Some(broken) => writeln!(
                out,
                "{shown}: {}, broken: {}",
                counted(count, "entry"),
                visible(&broken.english())
            )?,
        }
        if page.half_line > 0 {
            let bytes = page.half_line;
            writeln!(
                out,
                "{shown}: the last line is incomplete ({bytes} bytes); the next entry keeps it aside"
            )?;
        }
    }
    for name in journal::kept_aside(path) {
        writeln!(out, "{}: kept aside earlier", shown(&path.with_file_name(name)))?;
    }
    Ok(missing.is_none() && hold(&pages))
}

fn show(path: &Path, json: bool) -> Result<bool, Stopped> {
    let pages = journal::read(path)?;
    let mut out = ui::lasting_stdout();
    for entry in pages.iter().flat_map(|page| &page.entries) {
        match json {
            true => writeln!(out, "{}", Value::Object(entry.object.clone()).to_line())?,
            false => writeln!(out, "{}", said(entry))?,
        }
    }
    for page in &pages {
        if let Some(broken) = &page.broken {
            let (path, why) = (page.path.clone(), broken.clone());
            ui::warn(&NamedJournalError::Broken { path, why }.problem());
        }
    }
    Ok(hold(&pages))
}

fn hold(pages: &[Page]) -> bool {
    pages.iter().all(|page| page.broken.is_none())
}

/// An entry as a person reads it: when, and what as a sentence; or what and every detail.
fn said(entry: &Entry) -> String {
    let text = |key| visible(entry.object.text(key).unwrap_or("?"));
    if let Some(sentence) = sentence(entry) {
        return format!("{}  {sentence}", text("observed_at"));
    }
    let mut said = format!("{}  {:<17}", text("observed_at"), text("event"));
    for (index, JournalDetail { name, value }) in details(entry).iter().enumerate() {
        said.push_str(if index == 0 { "  " } else { " · " });
        said.push_str(&format!("{name} {value}"));
    }
    said.trim_end().to_owned()
}
