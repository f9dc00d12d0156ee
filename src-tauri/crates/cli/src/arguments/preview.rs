//! What a change of trust would change, before it is made.

use std::path::{Path, PathBuf};

use countersign_app::roots::TrustedFor;
use countersign_app::trust_change::{
    Judgement, MovedEnvelope, TrustChange, TrustEffect, TrustPreview, TrustShift,
};
use countersign_app::workspace::Workspace;
use countersign_store::directory;
use serde::Serialize;

use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::memory::MemoryArgs;
use crate::stopped::Stopped;
use crate::ui;

/// Only showing what a change would change.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Preview")]
pub struct PreviewArgs {
    /// Only show which envelopes of this directory would rise and fall; nothing is changed
    #[arg(long, value_name = "DIRECTORY")]
    pub preview: Option<PathBuf>,
    /// The preview as one JSON object
    #[arg(long, requires = "preview")]
    pub json: bool,
    #[command(flatten)]
    pub memory: MemoryArgs,
}

impl PreviewArgs {
    /// Shows what a change would change, if that is asked for. Returns whether it was.
    ///
    /// # Errors
    /// If the change would be refused, or the directory cannot be searched.
    pub fn show(
        &self,
        keyring: &KeyringArgs,
        roots: &RootsArgs,
        change: &TrustChange,
    ) -> Result<bool, Stopped> {
        let Some(root) = &self.preview else { return Ok(false) };
        roots.check_used()?;
        let workspace = Workspace {
            keyring: Some(keyring.place()?),
            trust_folder: roots.folder(TrustedFor::Attestations, keyring),
            tsa_folder: roots.folder(TrustedFor::TimeStamps, keyring),
            name_folder: roots.folder(TrustedFor::Names, keyring),
            crl_folder: roots.crl_folder(keyring),
            memory: self.memory.open_if_any(None),
            ..Workspace::default()
        };
        let preview = TrustPreview::of_directory(&workspace, root)?;
        show(root, self.json, |go_on| preview.effect(&workspace, change, go_on))?;
        Ok(true)
    }
}

/// The JSON of a preview.
#[derive(Serialize)]
struct Report<'a> {
    sentence: String,
    #[serde(flatten)]
    effect: &'a TrustEffect,
}

/// Judges with progress, and writes what would change.
///
/// # Errors
/// As `effect`.
pub fn show<E>(
    root: &Path,
    json: bool,
    effect: impl FnOnce(&mut dyn FnMut(u32, u32) -> bool) -> Result<TrustEffect, E>,
) -> Result<(), Stopped>
where
    Stopped: From<E>,
{
    let counter = ui::counter(directory::find(root)?.runs.len(), "judged");
    let effect = effect(&mut |done, _| {
        counter.set_position(done.into());
        true
    })?;
    counter.finish_and_clear();
    effect.problems.iter().for_each(ui::warn);
    let mut out = ui::stdout();
    if json {
        let sentence = effect.sentence();
        ui::write_json(&mut out, &Report { sentence, effect: &effect })?;
    } else {
        writeln!(out, "{} Nothing was changed.", effect.sentence())?;
        let mut table = ui::plain_table();
        for one in &effect.envelopes {
            table.add_row([
                one.shift.to_string(),
                format!("{} → {}", level(&one.before, one), level(&one.after, one)),
                one.run.trim_end_matches(".json").to_owned(),
                format!("{} {}", one.decision_id, one.title),
            ]);
        }
        ui::write_table(&mut out, &table)?;
        let moved = effect.rise + effect.fall + effect.otherwise;
        let more = moved as usize - effect.envelopes.len();
        if more > 0 {
            writeln!(out, "and {more} more")?;
        }
    }
    crate::commands::status::check_all_read(effect.unread as usize)?;
    Ok(())
}

/// A level with its assurance; if the level stays, with the signatures that count or how it stands.
fn level(judgement: &Judgement, moved: &MovedEnvelope) -> String {
    let level = judgement.level.map_or_else(|| "none".to_owned(), |level| format!("L{level}"));
    let assurance = judgement.assurance.map(|one| format!(" {one}")).unwrap_or_default();
    let counts = |one: &Judgement| (one.counted, one.threshold);
    let other = match moved.shift {
        TrustShift::Falls | TrustShift::Rises => String::new(),
        TrustShift::Otherwise if counts(&moved.before) != counts(&moved.after) => {
            format!(", {} of {} signatures", judgement.counted, judgement.threshold)
        }
        TrustShift::Otherwise => format!(", {}", judgement.state.words()),
    };
    format!("{level}{assurance}{other}")
}
