//! `countersign journal`: what was attempted, refused and signed here; and the journal that other
//! commands write to.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::chain::Entry;
use countersign_envelope::count::counted;
use countersign_envelope::json::Value;
use countersign_envelope::visible::visible;
use countersign_station::journal::{self, Event, FILE_NAME, Journal, Page, Recorder, Recording};
use countersign_station::log_memory::LogMemory;
use countersign_station::places;
use countersign_station::view::{JournalDetail, details, sentence};

use crate::args::{JournalArgs, JournalCommand};
use crate::error::CliError;
use crate::output;
use crate::policy_args::now;

pub fn run(command: &JournalCommand) -> Result<bool, CliError> {
    match command {
        JournalCommand::Verify { file } => verify(&named(file.as_deref())?),
        JournalCommand::Show { file, json } => show(&named(file.as_deref())?, *json),
    }
}

/// The journal of a command that writes: the one that is named, or the person's own.
///
/// # Errors
/// [`CliError::NoHome`] if none is named and there is no home directory to keep one in.
pub fn open(args: &JournalArgs) -> Result<Arc<Journal>, CliError> {
    open_if_any(args).ok_or(CliError::NoHome)
}

/// Checks that there is a place for a journal, before a key is opened or a secret asked for.
///
/// # Errors
/// As [`open`].
pub fn check_place(args: &JournalArgs) -> Result<(), CliError> {
    args.journal.clone().or_else(default_path).map(drop).ok_or(CliError::NoHome)
}

/// The journal of a command that writes no attempt to it before it acts: it must take an entry now.
///
/// # Errors
/// As [`open`], and if the journal cannot be written.
pub fn open_to_act(args: &JournalArgs) -> Result<Arc<Journal>, CliError> {
    let path = args.journal.clone().or_else(default_path).ok_or(CliError::NoHome)?;
    let journal = Arc::new(Journal::at(&path, args.journal_bytes));
    journal.start(now()).map_err(CliError::NotJournalled)?;
    tell(&journal);
    Ok(journal)
}

/// The journal of a command that only looks, if there is a place for one.
pub fn open_if_any(args: &JournalArgs) -> Option<Arc<Journal>> {
    let path = args.journal.clone().or_else(default_path)?;
    let journal = Arc::new(Journal::at(&path, args.journal_bytes));
    if let Err(error) = journal.start(now()) {
        // What needs it is refused with the reason; what does not goes on.
        warn(&error.to_string());
    }
    tell(&journal);
    Some(journal)
}

/// What keeps the record of one act.
pub fn recorder(journal: &Arc<Journal>) -> Arc<dyn Recorder> {
    recorder_of_signatures(journal, None)
}

/// What keeps the record of one act, and remembers what the signature files ask for that it writes.
pub fn recorder_of_signatures(
    journal: &Arc<Journal>,
    memory: Option<LogMemory>,
) -> Arc<dyn Recorder> {
    Arc::new(Recording::new(Arc::clone(journal), now).remembering(memory))
}

/// Writes an event that has happened already, whether or not it can be journalled.
pub fn note(journal: Option<&Arc<Journal>>, event: &Event) {
    let Some(journal) = journal else { return };
    if let Err(error) = journal.append(event, now()) {
        warn(&error.to_string());
    }
    tell(journal);
}

/// Says what was found wrong with the journal.
pub fn tell(journal: &Journal) {
    journal.take_notices().iter().for_each(|notice| warn(&notice.to_string()));
}

/// Says something on standard error that does not end the command.
pub fn warn(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "warning: {}", visible(text));
}

fn named(file: Option<&Path>) -> Result<PathBuf, CliError> {
    file.map(Path::to_owned).or_else(default_path).ok_or_else(|| {
        CliError::Usage("there is no place for a journal here; name the file".to_owned())
    })
}

/// The place of the person's own journal.
fn default_path() -> Option<PathBuf> {
    state_file(FILE_NAME)
}

/// The place of something that is kept of the work done here.
pub fn state_file(name: &str) -> Option<PathBuf> {
    Some(places::state(places::NAME)?.join(name))
}

fn verify(path: &Path) -> Result<bool, CliError> {
    let pages = journal::read(path)?;
    let mut out = output::stdout();
    // Old files may be kept elsewhere; what stands in them is not checked then.
    let missing = pages.first().and_then(Page::goes_on_from);
    if let Some(missing) = missing {
        let missing = visible(&path.with_file_name(missing).to_string_lossy());
        writeln!(out, "{missing}: is not here; put it back, for the chain goes on from it")?;
    }
    for page in &pages {
        let (shown, count) = (visible(&page.path.to_string_lossy()), page.entries.len());
        match &page.broken {
            None => writeln!(out, "{shown}: {}, the whole chain holds", counted(count, "entry"))?,
            Some(broken) => {
                writeln!(out, "{shown}: {}, broken: {}", counted(count, "entry"), visible(broken))?
            }
        }
        if page.half_line > 0 {
            let bytes = page.half_line;
            writeln!(
                out,
                "{shown}: a half last line of {bytes} bytes; the next entry keeps it aside"
            )?;
        }
    }
    for name in journal::kept_aside(path) {
        writeln!(
            out,
            "{}: kept aside earlier",
            visible(&path.with_file_name(name).to_string_lossy())
        )?;
    }
    Ok(missing.is_none() && hold(&pages))
}

fn show(path: &Path, json: bool) -> Result<bool, CliError> {
    let pages = journal::read(path)?;
    let mut out = output::stdout();
    for entry in pages.iter().flat_map(|page| &page.entries) {
        match json {
            true => writeln!(out, "{}", Value::Object(entry.object.clone()).to_line())?,
            false => writeln!(out, "{}", said(entry))?,
        }
    }
    for page in &pages {
        if let Some(broken) = &page.broken {
            warn(&format!("{}: broken: {broken}", page.path.display()));
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
