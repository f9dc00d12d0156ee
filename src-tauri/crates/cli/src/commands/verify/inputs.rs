//! The files that a run was made from, looked up below a directory that the person names.

use countersign_admissibility::inputs::{FileStanding, FoundInputs, InputsStanding};
use countersign_problem::visible::visible;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::inputs::{self, Follow};
use indicatif::ProgressBar;
use std::io::Write as _;
use std::sync::OnceLock;

use super::VerifyArgs;
use crate::stopped::Stopped;
use crate::ui::{self, style};

/// Looks them up, if that was asked for and the run can be read.
pub fn look_up(args: &VerifyArgs, files: &EnvelopeFiles) -> Result<Option<FoundInputs>, Stopped> {
    let (Some(directory), Ok(run)) = (&args.inputs, &files.run) else { return Ok(None) };
    let counter = Counter::default();
    let found = inputs::look_up(run, directory, &counter);
    counter.finish();
    Ok(Some(found?))
}

/// Whether nothing that was found contradicts the run.
pub fn allow(found: Option<&FoundInputs>) -> bool {
    found.is_none_or(|found| found.standing() != InputsStanding::Contradicted)
}

/// What was found, with every file that is not as it was.
pub fn write(found: &FoundInputs) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = try_write(&mut out, found);
    out
}

fn try_write(out: &mut Vec<u8>, found: &FoundInputs) -> std::io::Result<()> {
    let style = style::state(found.state());
    let sentence = visible(&found.sentence().english());
    writeln!(out, "  {style}inputs{style:#}    {}: {sentence}", found.standing().words())?;
    for file in found.files.iter().filter(|file| file.standing != FileStanding::Same) {
        let why = file.why.as_ref().map(|why| format!(" ({})", visible(&why.english())));
        let (word, path) = (file.standing.words(), visible(&file.path));
        writeln!(out, "    {word:<9} {}  {path}{}", file.list, why.unwrap_or_default())?;
    }
    for path in &found.additional {
        writeln!(out, "    not named {}", visible(path))?;
    }
    let more = found.additional_total - found.additional.len();
    if more > 0 {
        writeln!(out, "    and {more} more that are not named")?;
    }
    writeln!(out)
}

/// Progress in bytes, on a terminal: elsewhere nobody waits for the total.
#[derive(Default)]
pub struct Counter(OnceLock<ProgressBar>);

impl Counter {
    /// Clears it away.
    pub fn finish(&self) {
        self.0.get().into_iter().for_each(ProgressBar::finish_and_clear);
    }
}

impl Follow for Counter {
    fn begin(&self, total: &dyn Fn() -> u64) {
        if ui::shows_progress() {
            // It begins once.
            let _ = self.0.set(ui::bytes(total(), "read"));
        }
    }

    fn read(&self, bytes: u64) {
        self.0.get().into_iter().for_each(|bar| bar.inc(bytes));
    }
}
