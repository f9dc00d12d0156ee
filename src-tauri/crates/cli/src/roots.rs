//! `countersign roots`: the trust folder, what attestations of hardware keys may lead to.

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use countersign_envelope::visible::visible;
use countersign_station::attestation_roots::{self, RootCandidate};
use countersign_station::journal::Recorder;

use crate::args::{KeyringArg, RootsArg, RootsCommand};
use crate::error::CliError;
use crate::journal;
use crate::policy_args::{now, trust_folder};

pub fn run(command: &RootsCommand) -> Result<bool, CliError> {
    match command {
        RootsCommand::List { roots, keyring, json } => list(&place(roots, keyring)?, *json),
        RootsCommand::Add { file, sha256, roots, keyring, journal } => {
            let recorder = journal::recorder(&journal::open(journal)?);
            add(&place(roots, keyring)?, file, sha256, recorder.as_ref())
        }
        RootsCommand::Remove { sha256, roots, keyring, journal } => {
            let folder = place(roots, keyring)?;
            let recorder = journal::recorder(&journal::open(journal)?);
            attestation_roots::remove(&folder, sha256, recorder.as_ref())?;
            writeln!(anstream::stdout(), "Removed {} from {}", visible(sha256), shown(&folder))?;
            Ok(true)
        }
    }
}

fn place(roots: &RootsArg, keyring: &KeyringArg) -> Result<PathBuf, CliError> {
    trust_folder(roots, keyring).ok_or_else(|| {
        CliError::Usage(
            "there is no home directory for a trust folder; name one with --attestation-roots"
                .to_owned(),
        )
    })
}

fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

fn list(folder: &Path, json: bool) -> Result<bool, CliError> {
    let view = attestation_roots::view(folder, now())?;
    let mut out = anstream::stdout().lock();
    if json {
        // Text, truth values and lists always serialise.
        writeln!(out, "{}", serde_json::to_string(&view).unwrap_or_default())?;
        return Ok(true);
    }
    for root in &view.roots {
        describe(&mut out, &root.certificate)?;
        writeln!(out, "  file     {}", root.file)?;
    }
    if view.roots.is_empty() {
        writeln!(
            out,
            "Nothing is trusted in {}. Trust a root with `countersign roots add FILE`.",
            view.folder
        )?;
    }
    drop(out);
    for problem in &view.problems {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(anstream::stderr(), "warning: {}; {}", problem.message, problem.hint);
    }
    Ok(true)
}

fn add(
    folder: &Path,
    file: &Path,
    confirmed: &[String],
    recorder: &dyn Recorder,
) -> Result<bool, CliError> {
    let confirmed = match confirmed {
        [] => ask(&attestation_roots::look(folder, file, now())?)?,
        given => given.to_vec(),
    };
    if confirmed.is_empty() {
        writeln!(anstream::stdout(), "Nothing was added.")?;
        return Ok(false);
    }
    attestation_roots::add(folder, file, &confirmed, recorder)?;
    writeln!(anstream::stdout(), "Trusting {} more, in {}", confirmed.len(), shown(folder))?;
    Ok(true)
}

/// Shows each certificate and asks whether it is to be trusted.
fn ask(candidates: &[RootCandidate]) -> Result<Vec<String>, CliError> {
    let mut out = anstream::stdout().lock();
    let mut confirmed = Vec::new();
    for one in candidates {
        describe(&mut out, one)?;
        if one.trusted {
            writeln!(out, "  is trusted already")?;
            continue;
        }
        if !std::io::stdin().is_terminal() {
            continue;
        }
        let with = if one.is_key { "what the TPM itself says" } else { "what its maker publishes" };
        write!(out, "Compare the SHA-256 with {with}. Trust it? Type yes: ")?;
        out.flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if answer.trim() == "yes" {
            confirmed.push(one.sha256.clone());
        }
    }
    if !std::io::stdin().is_terminal() && candidates.iter().any(|one| !one.trusted) {
        return Err(CliError::Usage(
            "there is no terminal to confirm at; confirm each certificate with --sha256 HEX"
                .to_owned(),
        ));
    }
    Ok(confirmed)
}

fn describe(out: &mut impl Write, one: &RootCandidate) -> std::io::Result<()> {
    writeln!(out, "{}", one.subject)?;
    writeln!(out, "  SHA-256  {}", one.sha256)?;
    let expired = if one.expired { ", expired" } else { "" };
    if let Some(validity) = &one.validity {
        writeln!(out, "  valid    {} to {}{expired}", validity.from, validity.until)?;
    }
    let kind = match one.is_root {
        _ if one.is_key => {
            return writeln!(out, "  is       a key that a TPM attests with, trusted by itself");
        }
        true => "a root",
        false => "an intermediate, which helps to reach a root and is not trusted by itself",
    };
    match &one.known_as {
        Some(name) => writeln!(out, "  is       {kind}, known here as {name}"),
        None => writeln!(out, "  is       {kind}, not known here by its SHA-256"),
    }
}
