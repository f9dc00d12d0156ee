//! Which key of which token a command means, and what is said of tokens.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use comfy_table::{Table, presets};
use countersign_envelope::signature::Algorithm;
use countersign_envelope::visible::visible;
use countersign_signers::pkcs11::discovery;
use countersign_signers::pkcs11::error::tell_apart;
use countersign_signers::pkcs11::module_file::{ModuleFile, same_file};
use countersign_signers::pkcs11::process::{self, Inspection};
use countersign_signers::pkcs11::signer::Pkcs11Key;
use countersign_signers::pkcs11::token::{Token, TokenKey};
use countersign_signers::pkcs11::uri::Pkcs11Uri;
use countersign_station::modules as station_modules;
use countersign_station::tokens::{self, ModuleTrust, ModuleView, Shown, TokenView};

use crate::args::{ModuleStartArgs, Pkcs11Args, SettingsArg};
use crate::error::CliError;
use crate::modules;

impl Pkcs11Args {
    /// Whether a token was asked for.
    pub fn is_asked(&self) -> bool {
        self.pkcs11.is_some()
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(u64::from(self.module_timeout))
    }

    /// What was said of the key, by the URI and the flags.
    fn wanted(&self) -> Result<Pkcs11Uri, CliError> {
        let mut uri = match &self.pkcs11 {
            Some(Some(text)) => {
                text.parse().map_err(|error| CliError::Usage(format!("--pkcs11: {error}")))?
            }
            _ => Pkcs11Uri::default(),
        };
        let id = self.key_object_id.as_ref().map(|id| id.replace(':', "").to_ascii_lowercase());
        if id.as_ref().is_some_and(|id| !is_hex(id)) {
            let id = visible(self.key_object_id.as_deref().unwrap_or_default());
            return Err(CliError::Usage(format!(
                "--key-object-id {id:?} is not hex; give the id as `countersign devices` shows it"
            )));
        }
        for (said, given, flag) in [
            (&mut uri.token, &self.token, "--token"),
            (&mut uri.object, &self.key_label, "--key-label"),
            (&mut uri.id, &id, "--key-object-id"),
        ] {
            if said.is_some() && given.is_some() && said != given {
                return Err(CliError::Usage(format!(
                    "{flag} says another thing than the URI of --pkcs11; leave one of them out"
                )));
            }
            if given.is_some() {
                said.clone_from(given);
            }
        }
        if let (Some(said), Some(given)) = (&uri.module, &self.module)
            && !same_file(said, given)
        {
            return Err(CliError::Usage(
                "--module names another file than the ?module-path= of --pkcs11; leave one of them out"
                    .to_owned(),
            ));
        }
        if self.module.is_some() {
            uri.module.clone_from(&self.module);
        }
        Ok(uri)
    }
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.chars().all(|digit| digit.is_ascii_hexdigit())
}

/// Modules, each with how it is started: those that are named, or else those on this machine.
pub fn files(
    named: &[PathBuf],
    start: &ModuleStartArgs,
    settings: &SettingsArg,
) -> Result<Vec<ModuleFile>, CliError> {
    let (kept, found) = (modules::kept(settings)?, discovery::find());
    let file = |path: &PathBuf| station_modules::file(path, &kept, &found);
    if named.is_empty() {
        return Ok(found.iter().map(|module| file(&module.path)).collect());
    }
    let mut files: Vec<ModuleFile> = Vec::new();
    for path in named {
        let mut module = file(path);
        module.variables.extend(start.module_env.iter().cloned());
        module.init = start.module_init.clone().or(module.init);
        // A module through a link is the same module.
        if !files.iter().any(|one| one.is_at(path)) {
            files.push(module);
        }
    }
    Ok(files)
}

/// The key that is meant: the only one of which everything is true that was said.
pub fn key(
    args: &Pkcs11Args,
    settings: &SettingsArg,
    algorithm: Option<Algorithm>,
) -> Result<Pkcs11Key, CliError> {
    let wanted = args.wanted()?;
    let named: Vec<_> = wanted.module.iter().cloned().collect();
    let modules = files(&named, &args.start, settings)?;
    if modules.is_empty() {
        return Err(CliError::Usage(
            "no PKCS#11 module is on this machine; install one, or name its file with --module"
                .to_owned(),
        ));
    }
    let limit = args.limit();
    // Each in a process of its own, so that they need not wait for each other.
    let looked: Vec<_> = std::thread::scope(|scope| {
        let looking: Vec<_> = modules
            .iter()
            .map(|module| scope.spawn(move || process::inspect(module, limit)))
            .collect();
        looking.into_iter().filter_map(|looking| looking.join().ok()).collect()
    });
    let mut problems = Vec::new();
    let mut inspected: Vec<(ModuleFile, Inspection)> = Vec::new();
    for (module, looked) in modules.into_iter().zip(looked) {
        match looked {
            Ok(inspection) => inspected.push((module, inspection)),
            Err(error) => problems.push(error.to_string()),
        }
    }
    let there: Vec<_> = inspected
        .iter()
        .flat_map(|(module, inspection)| Shown::all_of(module, inspection))
        .collect();
    let tokens: Vec<_> =
        there.iter().filter(|shown| wanted.fits_token(shown.token)).copied().collect();
    let mut keys = tokens::meant(&tokens, &wanted, algorithm);
    if let [_] = keys.as_slice() {
        return Ok(Pkcs11Key { limit, ..keys.remove(0) });
    }
    // Each module that cannot be used, in a line of its own.
    for problem in &problems {
        let _ = writeln!(anstream::stderr(), "  {}", visible(problem));
    }
    Err(CliError::Usage(match (keys.as_slice(), tokens.as_slice(), there.as_slice()) {
        ([], [], []) if !problems.is_empty() => {
            "no token can be seen, since no module can be used; see the lines above".to_owned()
        }
        ([], [], []) => "no token is there; insert it and try again".to_owned(),
        ([], [], there) => {
            let names = listed(there.iter().map(|shown| shown.token.name()));
            format!("no such token is there, only {names}; name it as it is called")
        }
        ([], tokens, _) if is_shared(tokens, &wanted, algorithm) => {
            "this is a shared key, which signs HMAC: sign with --algo hmac-sha256. The keyring has shared keys by their id alone (countersign keys add without a file)".to_owned()
        }
        ([], tokens, _) => {
            let names = listed(tokens.iter().map(|shown| has(shown.token)));
            format!("no such key is there: {names}; name it as it is called")
        }
        (keys, ..) => {
            let uris: BTreeSet<String> = keys.iter().map(tokens::id).collect();
            let list: String = uris.iter().map(|uri| format!(" {uri}")).collect();
            match uris.len() {
                1 => format!("several keys are{list}: {}", tell_apart(true)),
                _ => format!("several keys are meant; say which:{list}"),
            }
        }
    }))
}

/// Whether a shared key is named where none was asked for.
fn is_shared(tokens: &[Shown<'_>], wanted: &Pkcs11Uri, algorithm: Option<Algorithm>) -> bool {
    let mut keys = tokens.iter().flat_map(|shown| &shown.token.keys);
    algorithm != Some(Algorithm::HmacSha256) && keys.any(|key| key.secret && wanted.fits_key(key))
}

fn has(token: &Token) -> String {
    match (&token.problem, token.keys.is_empty()) {
        (Some(problem), _) => format!("{}: {problem}", token.name()),
        (None, true) => format!("{} shows no key without its PIN", token.name()),
        (None, false) => {
            let keys = listed(token.keys.iter().map(TokenKey::words));
            format!("{} has {keys}", token.name())
        }
    }
}

fn listed(names: impl Iterator<Item = String>) -> String {
    visible(&names.collect::<Vec<_>>().join(", "))
}

/// A module and its tokens as a person reads them.
pub fn said(module: &ModuleView) -> String {
    let mut text = format!("{} · {}\n", module.name, module.path);
    if let Some(problem) = &module.problem {
        text.push_str(&format!("  {}. {}\n", problem.message, problem.hint));
    }
    match module.trust {
        ModuleTrust::Known => text.push_str("  known: what it calls hardware counts as hardware\n"),
        ModuleTrust::Changed => text.push_str(
            "  its file has changed since it was trusted, so its word on hardware does not count; if you know why, trust it again (countersign modules trust)\n",
        ),
        ModuleTrust::Unlisted => {}
    }
    if module.problem.is_none() && module.tokens.is_empty() {
        text.push_str("  no token\n");
    }
    module.tokens.iter().for_each(|token| text.push_str(&token_said(token)));
    text
}

fn token_said(token: &TokenView) -> String {
    let parts = [&token.label, &token.serial, &token.manufacturer, &token.model];
    let mut parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).cloned().collect();
    if token.virtual_token {
        parts.push("virtual".to_owned());
    }
    parts.push(format!("slot {}", token.slot));
    let hardware = if token.hardware_slot { "hardware slot" } else { "software slot" };
    parts.push(hardware.to_owned());
    parts.push(format!("PIN {}", token.pin));
    let mut text = format!("  {}\n", parts.join(" · "));
    if let Some(problem) = &token.problem {
        text.push_str(&format!("    {problem}\n"));
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    for key in &token.keys {
        let mut about = Vec::new();
        if let (Some(id), Some(owner)) = (&key.key_id, &key.owner) {
            about.push(format!("{id} of {owner}"));
        }
        about.extend(key.subject.as_ref().map(|subject| match key.expired {
            true => format!("certificate of {subject}, expired"),
            false => format!("certificate of {subject}"),
        }));
        about.extend(key.same_as.as_ref().map(|other| format!("the same key as {other}")));
        about.extend(key.problem.clone());
        table.add_row([
            format!("    {}", if key.label.is_empty() { "(no label)" } else { &key.label }),
            format!("id {}", if key.id.is_empty() { "none" } else { &key.id }),
            key.key_type.clone(),
            key.kind.to_string(),
            key.origin.clone().unwrap_or_else(|| "origin unknown".to_owned()),
            about.join("; "),
        ]);
    }
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let mut whys: Vec<_> = token.keys.iter().map(|key| (key.kind, &key.kind_why)).collect();
    whys.sort();
    whys.dedup();
    for (kind, why) in whys {
        text.push_str(&format!("    {kind}: {why}\n"));
    }
    for warning in &token.warnings {
        text.push_str(&format!("    warning: {warning}\n"));
    }
    text
}
