//! `countersign modules`: whose word on hardware counts, and how modules are started; in the settings
//! that the window has too.

use std::io::Write as _;
use std::path::Path;

use countersign_envelope::visible::visible;
use countersign_signers::pkcs11::module_file::Vouching;
use countersign_station::modules::{self, ModuleOptions};
use countersign_station::settings_file;
use serde_json::json;

use crate::args::{JournalArgs, ModulesCommand, SettingsArg};
use crate::error::CliError;
use crate::journal;
use crate::signers::place;

pub fn run(command: &ModulesCommand) -> Result<bool, CliError> {
    match command {
        ModulesCommand::List { json, settings } => list(settings, *json),
        ModulesCommand::Trust { module, settings, journal } => {
            let (path, sha256) = modules::read(module)?;
            change(settings, journal, |options| {
                modules::of(options, &path).sha256 = Some(sha256.hex());
                Ok(())
            })?;
            let sha256 = sha256.hex();
            said(&format!(
                "Trusted {}\n  SHA-256 {sha256}\n  What it calls hardware is enrolled as hardware, until the file changes.",
                name(module)
            ))
        }
        ModulesCommand::Start { module, module_env, module_init, settings, journal } => {
            let (path, _) = modules::read(module)?;
            change(settings, journal, |options| {
                let kept = modules::of(options, &path);
                kept.variables.clone_from(module_env);
                kept.init.clone_from(module_init);
                Ok(())
            })?;
            said(&format!("{} is started so from now on", name(&path)))
        }
        ModulesCommand::Remove { module, settings, journal } => {
            let path = std::path::absolute(module)?;
            change(settings, journal, |options| Ok(modules::forget(options, &path)?))?;
            said(&format!("Removed what was kept of {}", name(&path)))
        }
    }
}

/// What is kept of modules.
pub fn kept(settings: &SettingsArg) -> Result<Vec<ModuleOptions>, CliError> {
    match place(settings) {
        Ok(path) => Ok(settings_file::modules(&path)?),
        // Without a home directory nothing is kept.
        Err(_) => Ok(Vec::new()),
    }
}

fn change(
    settings: &SettingsArg,
    journal: &JournalArgs,
    change: impl Fn(&mut Vec<ModuleOptions>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let recorder = journal::recorder(&journal::open(journal)?);
    settings_file::change_modules(&place(settings)?, recorder.as_ref(), change)
}

fn list(settings: &SettingsArg, as_json: bool) -> Result<bool, CliError> {
    let mut out = anstream::stdout().lock();
    let kept = settings_file::modules(&place(settings)?)?;
    if kept.is_empty() && !as_json {
        writeln!(
            out,
            "Nothing is kept of any module. Trust one with `countersign modules trust`."
        )?;
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
                "  its file has changed or is gone, so its word does not count; if you know why, trust it again"
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

fn name(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

fn said(text: &str) -> Result<bool, CliError> {
    writeln!(anstream::stdout(), "{text}")?;
    Ok(true)
}
