//! `countersign signers`: the signers of this station, in the settings that the window has too.

use std::io::Write as _;
use std::path::PathBuf;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::visible::visible;
use countersign_signers::SignerError;
use countersign_station::enrolment::{self, Selection};
use countersign_station::places;
use countersign_station::settings_file;
use countersign_station::signer_profile::{KeySource, ProfileError, SignerProfile, found};

use crate::args::{JournalArgs, SettingsArg, SignersAddArgs, SignersCommand};
use crate::error::CliError;
use crate::journal;
use crate::sign::Terminal;

pub fn run(command: &SignersCommand) -> Result<bool, CliError> {
    match command {
        SignersCommand::List { json, settings } => list(settings, *json),
        SignersCommand::Add(args) => add(args),
        SignersCommand::Probe { name, directory, settings, journal } => {
            let signer = find(settings, name)?;
            let (kept, probe) = match signer.clone().probe(directory.as_deref(), &Terminal) {
                Ok((probed, probe)) => (probed, Ok(probe)),
                Err(error) => (signer.unprobed(), Err(error)),
            };
            change(settings, journal, |signers| {
                let place = signers.iter_mut().find(|one| one.name == *name);
                *place.ok_or_else(|| none(name))? = kept.clone();
                Ok(())
            })?;
            let probe = probe?;
            writeln!(anstream::stdout(), "{} passed its probe. {}", visible(name), found(probe))?;
            Ok(true)
        }
        SignersCommand::Remove { name, settings, journal } => {
            change(settings, journal, |signers| {
                let before = signers.len();
                signers.retain(|one| one.name != *name);
                if signers.len() == before { Err(none(name)) } else { Ok(()) }
            })?;
            writeln!(anstream::stdout(), "Removed {}", visible(name))?;
            Ok(true)
        }
    }
}

/// A signer by its name.
pub fn find(settings: &SettingsArg, name: &str) -> Result<SignerProfile, CliError> {
    let signers = settings_file::signers(&place(settings)?)?;
    signers.into_iter().find(|one| one.name == name).ok_or_else(|| none(name))
}

fn none(name: &str) -> CliError {
    CliError::Usage(format!(
        "there is no signer of the name {name:?}; list them with `countersign signers list`"
    ))
}

pub fn place(settings: &SettingsArg) -> Result<PathBuf, CliError> {
    let own = || Some(places::config(places::NAME)?.join("settings.json"));
    settings.settings.clone().or_else(own).ok_or_else(|| {
        CliError::Usage("there is no home directory for settings; name them with --settings".into())
    })
}

fn change(
    settings: &SettingsArg,
    journal: &JournalArgs,
    change: impl Fn(&mut Vec<SignerProfile>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let recorder = journal::recorder(&journal::open(journal)?);
    settings_file::change_signers(&place(settings)?, recorder.as_ref(), change)
}

fn list(settings: &SettingsArg, json: bool) -> Result<bool, CliError> {
    let place = place(settings)?;
    let signers = settings_file::signers(&place)?;
    let mut out = anstream::stdout().lock();
    for signer in &signers {
        if json {
            // Text, numbers and lists always serialise.
            writeln!(out, "{}", serde_json::to_string(signer).unwrap_or_default())?;
            continue;
        }
        let ready = match signer.check_ready() {
            Ok(()) => "may sign".to_owned(),
            Err(error) => error.to_string(),
        };
        writeln!(out, "{}", visible(&signer.name))?;
        writeln!(out, "  key      {} of {}", visible(&signer.key_id), visible(&signer.signer_id))?;
        writeln!(out, "  is       {}, {}", visible(&signer.about()), signer.algorithm())?;
        writeln!(out, "  ready    {}", visible(&ready))?;
    }
    if signers.is_empty() && !json {
        let place = visible(&place.to_string_lossy());
        writeln!(out, "No signer in {place}. Add one with `countersign signers add`.")?;
    }
    Ok(true)
}

fn add(args: &SignersAddArgs) -> Result<bool, CliError> {
    let mut profile = SignerProfile {
        name: args.name.clone(),
        key_id: args.key_id.clone(),
        signer_id: args.signer.clone(),
        source: source(args)?,
    };
    let mut said = "It has yet to pass its probe before it signs.".to_owned();
    if !args.no_probe {
        let (probed, probe) = profile.probe(None, &Terminal)?;
        profile = probed;
        said = found(probe);
    }
    change(&args.settings, &args.journal, |signers| {
        signers.push(profile.clone());
        Ok(())
    })?;
    writeln!(anstream::stdout(), "Added {}. {said}", visible(&args.name))?;
    Ok(true)
}

fn source(args: &SignersAddArgs) -> Result<KeySource, CliError> {
    let text = |path: &PathBuf| std::path::absolute(path).map(|path| path.to_string_lossy().into());
    let mut source = KeySource::External {
        command: args.command.clone(),
        algorithm: args.algo.unwrap_or(Algorithm::Ed25519),
        public_key: args.public_key.clone().unwrap_or_default(),
        public_key_command: args.public_key_command.clone(),
        timeout_seconds: args.timeout,
        working_directory: args.working_directory.as_ref().map(text).transpose()?,
        environment: args.environment.clone(),
        evidence_command: args.evidence_command.clone(),
        signed_payload: None,
        probed_as: None,
    };
    // Read once, here: what a file says later is not what was probed.
    let key = match &args.public_key {
        Some(given) => enrolment::find(given, &Selection::of_key(&args.key_id))?.public_key,
        None => printed(args, source.clone())?,
    };
    let KeySource::External { algorithm, public_key, .. } = &mut source else { return Ok(source) };
    *public_key = key.to_text();
    if args.algo.is_none() {
        let ways: Vec<Algorithm> = key.algorithms().collect();
        let [only] = ways[..] else {
            let ways: Vec<&str> = ways.iter().map(|way| way.as_str()).collect();
            let ways = ways.join(" or ");
            return Err(CliError::Usage(format!(
                "the key signs in several ways: give --algo {ways}"
            )));
        };
        *algorithm = only;
    }
    Ok(source)
}

/// The public key that a command prints.
fn printed(args: &SignersAddArgs, source: KeySource) -> Result<PublicKey, CliError> {
    let (name, key_id, signer_id) = (args.name.clone(), args.key_id.clone(), args.signer.clone());
    let profile = SignerProfile { name: name.clone(), key_id, signer_id, source };
    let program = profile.public_key_program()?.ok_or(ProfileError::NotGiven("public key"))?;
    let failed = |error: SignerError| ProfileError::Probe { name, error: error.into() };
    Ok(program.print_public_key(&Terminal).map_err(failed)?)
}
