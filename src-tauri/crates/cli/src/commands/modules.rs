//! `countersign modules`: whose word on hardware counts, and how modules are started; in the settings
//! shared with the window.

use std::path::PathBuf;

use countersign_app::module_options;
use countersign_ceremony::modules::{self, ModuleOptions};
use countersign_problem::visible::visible;
use countersign_signers::pkcs11::module_file::Vouching;
use serde_json::json;

use crate::arguments::journal::JournalArgs;
use crate::arguments::settings::SettingsArgs;
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// PKCS#11 modules: whose word on hardware counts, and how they are started
#[derive(Debug, clap::Subcommand)]
pub enum ModulesCommand {
    /// List the settings of modules: which are trusted, and how they are started
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: SettingsArgs,
    },
    /// Trust a module's word on hardware: keys that it calls hardware are enrolled as hardware. Its
    /// SHA-256 is saved, and if the file changes its word no longer counts
    Trust {
        /// The module's file
        module: PathBuf,
        #[command(flatten)]
        settings: SettingsArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Save how a module is started, in place of what was saved
    Start {
        /// The module's file
        module: PathBuf,
        /// The name of an environment variable that it gets; may be repeated. Values are never saved
        #[arg(long, value_name = "NAME", value_parser = values::variable_name)]
        module_env: Vec<String>,
        /// The text with which it is initialised, if it takes one
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        module_init: Option<String>,
        #[command(flatten)]
        settings: SettingsArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Remove the settings of a module; its file is kept
    Remove {
        /// The module's file
        module: PathBuf,
        #[command(flatten)]
        settings: SettingsArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

pub fn run(command: &ModulesCommand) -> Result<bool, Stopped> {
    match command {
        ModulesCommand::List { json, settings } => list(settings, *json),
        ModulesCommand::Trust { module, settings, journal } => {
            let sha256 = module_options::trust(&settings.workspace(journal)?, module)?.hex();
            said(&format!(
                "Trusted {}\n  SHA-256 {sha256}\n  What it calls hardware is enrolled as hardware, until the file changes.",
                shown(module)
            ))
        }
        ModulesCommand::Start { module, module_env, module_init, settings, journal } => {
            let (workspace, init) = (settings.workspace(journal)?, module_init.as_deref());
            let path = module_options::start(&workspace, module, module_env, init)?;
            said(&format!("Saved how {} is started", shown(&path)))
        }
        ModulesCommand::Remove { module, settings, journal } => {
            let path = module_options::remove(&settings.workspace(journal)?, module)?;
            said(&format!("Removed the settings of {}", shown(&path)))
        }
    }
}

fn list(settings: &SettingsArgs, as_json: bool) -> Result<bool, Stopped> {
    let mut out = ui::stdout();
    let kept = module_options::all(&settings.workspace_to_look())?;
    if kept.is_empty() && !as_json {
        writeln!(out, "No module has settings. Trust one with `countersign modules trust`.")?;
    }
    for one in &kept {
        let trust = match modules::file(&one.path, &kept, &[]).vouching() {
            Vouching::Known => "known",
            Vouching::Unlisted => "unlisted",
            Vouching::Changed => "changed",
        };
        if as_json {
            let ModuleOptions { path, sha256, variables, init } = one;
            let line = json!({
                "path": path, "trust": trust, "sha256": sha256, "variables": variables, "init": init,
            });
            writeln!(out, "{line}")?;
            continue;
        }
        writeln!(out, "{}", visible(&one.path))?;
        match (trust, &one.sha256) {
            ("known", Some(sha256)) => writeln!(out, "  trusted on hardware, SHA-256 {sha256}")?,
            ("changed", _) => writeln!(
                out,
                "  its file has changed or was removed, so its word does not count; if you know why, trust it again"
            )?,
            _ => writeln!(out, "  not trusted on hardware")?,
        }
        if !one.variables.is_empty() {
            writeln!(out, "  gets the variables {}", visible(&one.variables.join(", ")))?;
        }
        if let Some(init) = &one.init {
            writeln!(out, "  is initialised with {}", visible(init))?;
        }
    }
    Ok(true)
}

fn said(text: &str) -> Result<bool, Stopped> {
    writeln!(ui::stdout(), "{text}")?;
    Ok(true)
}
