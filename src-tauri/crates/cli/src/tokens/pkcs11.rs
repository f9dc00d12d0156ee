//! Keys of tokens behind PKCS#11 modules.

use std::collections::BTreeSet;
use std::path::PathBuf;

use countersign_ceremony::modules as station_modules;
use countersign_ceremony::tokens::{self, ListedToken};
use countersign_envelope::signature::Algorithm;
use countersign_problem::{Explain as _, Problem};
use countersign_signers::error::pkcs11::tell_apart;
use countersign_signers::pkcs11::discovery;
use countersign_signers::pkcs11::module_file::ModuleFile;
use countersign_signers::pkcs11::process::{self, Inspection};
use countersign_signers::pkcs11::signer::Pkcs11Key;
use countersign_signers::pkcs11::token::{Token, TokenKey};
use countersign_signers::pkcs11::uri::Pkcs11Uri;

use crate::arguments::pkcs11::{ModuleStartArgs, Pkcs11Choice};
use crate::arguments::settings::SettingsArgs;
use crate::stopped::Stopped;
use crate::ui;

/// Why there is not one key to use.
#[derive(Debug, Problem)]
#[problem(area = "pkcs11-key")]
enum Pkcs11KeyError {
    /// There is no module on this machine.
    NoModule,
    /// No module can be used; each has been reported.
    NoUsableModule,
    /// No token is there.
    NoToken,
    /// The token that is meant is not there.
    OtherTokens { names: String },
    /// A shared key, which was not asked for.
    Shared,
    /// The key that is meant is not there.
    OtherKeys { names: String },
    /// Several keys that one URI means.
    OneUri { uri: String, remedy: String },
    /// Several keys, which their URIs tell apart.
    Several { uris: String },
}

/// The modules that are named, or else those on this machine, each with how it is started.
pub fn files(
    named: &[PathBuf],
    start: &ModuleStartArgs,
    settings: &SettingsArgs,
) -> Result<Vec<ModuleFile>, Stopped> {
    let (kept, found) = (settings.modules()?, discovery::find());
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

/// The key that is chosen: the only one that matches everything that was given.
pub fn key(
    choice: &Pkcs11Choice,
    settings: &SettingsArgs,
    algorithm: Option<Algorithm>,
) -> Result<Pkcs11Key, Stopped> {
    let wanted = &choice.wanted;
    let named: Vec<_> = wanted.module.iter().cloned().collect();
    let modules = files(&named, &choice.start, settings)?;
    if modules.is_empty() {
        return Err(Pkcs11KeyError::NoModule.into());
    }
    let limit = choice.timeout;
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
            Err(error) => problems.push(error.problem()),
        }
    }
    let there: Vec<_> = inspected
        .iter()
        .flat_map(|(module, inspection)| ListedToken::all_of(module, inspection))
        .collect();
    let tokens: Vec<_> =
        there.iter().filter(|shown| wanted.fits_token(shown.token)).copied().collect();
    let mut keys = tokens::meant(&tokens, wanted, algorithm);
    if let [_] = keys.as_slice() {
        return Ok(Pkcs11Key { limit, ..keys.remove(0) });
    }
    problems.iter().for_each(ui::warn);
    Err(match (keys.as_slice(), tokens.as_slice(), there.as_slice()) {
        ([], [], []) if !problems.is_empty() => Pkcs11KeyError::NoUsableModule,
        ([], [], []) => Pkcs11KeyError::NoToken,
        ([], [], there) => {
            let names = listed(there.iter().map(|shown| shown.token.name()));
            Pkcs11KeyError::OtherTokens { names }
        }
        ([], tokens, _) if is_shared(tokens, wanted, algorithm) => Pkcs11KeyError::Shared,
        ([], tokens, _) => {
            let names = listed(tokens.iter().map(|shown| has(shown.token)));
            Pkcs11KeyError::OtherKeys { names }
        }
        (keys, ..) => {
            let uri = |key: &Pkcs11Key| Pkcs11Uri::of(&key.module.path, &key.token, &key.key);
            let uris: BTreeSet<String> = keys.iter().map(|key| uri(key).to_string()).collect();
            let list = listed(uris.iter().cloned());
            match uris.len() {
                1 => Pkcs11KeyError::OneUri { uri: list, remedy: tell_apart(true).to_string() },
                _ => Pkcs11KeyError::Several { uris: list },
            }
        }
    }
    .into())
}

/// Whether a shared key matches although none was asked for.
fn is_shared(tokens: &[ListedToken<'_>], wanted: &Pkcs11Uri, algorithm: Option<Algorithm>) -> bool {
    let mut keys = tokens.iter().flat_map(|shown| &shown.token.keys);
    algorithm != Some(Algorithm::HmacSha256) && keys.any(|key| key.secret && wanted.fits_key(key))
}

fn has(token: &Token) -> String {
    match (&token.problem, token.keys.is_empty()) {
        (Some(problem), _) => format!("{}: {problem}", token.name()),
        (None, true) => format!("{} shows no key without its PIN", token.name()),
        (None, false) => {
            let keys = listed(token.keys.iter().map(TokenKey::full_name));
            format!("{} has {keys}", token.name())
        }
    }
}

fn listed(names: impl Iterator<Item = impl ToString>) -> String {
    names.map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}
