//! `countersign signers`: the signers of this station, in the settings shared with the window.

use std::path::PathBuf;

use countersign_app::settings_file;
use countersign_ceremony::signer_profile::{KeySource, ProfileError, SignerProfile, found};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_signers::SignerError;
use countersign_store::reading::ReadError;
use countersign_trust::enrolment::{self, Selection};

use crate::arguments::journal::JournalArgs;
use crate::arguments::settings::SettingsArgs;
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui::{self, Terminal, shown};

/// The signers of this station: keys behind commands, and key files
#[derive(Debug, clap::Subcommand)]
pub enum SignersCommand {
    /// List the signers, and whether each may sign
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        settings: SettingsArgs,
    },
    Add(Box<AddArgs>),
    /// Have a signer sign a random digest twice, and find out how it signs
    Probe {
        /// Its name
        name: String,
        /// The directory of sealed runs that it must not change
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
        #[command(flatten)]
        settings: SettingsArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
    /// Remove a signer; its key is kept
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        settings: SettingsArgs,
        #[command(flatten)]
        journal: JournalArgs,
    },
}

/// Add a signer behind a command, and probe it
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// The name of the signer on this station
    pub name: String,
    /// The command; it runs without a shell, with the path of the file that holds the digest appended
    #[arg(long, value_name = "COMMAND")]
    pub command: String,
    /// The key id that its signatures name
    #[arg(long, value_name = "ID")]
    pub key_id: String,
    /// Who signs with it
    #[arg(long, value_name = "NAME")]
    pub signer: String,
    /// How it signs [default: as its public key does, if there is only one way]
    #[arg(long, value_parser = values::algorithm)]
    pub algo: Option<Algorithm>,
    /// The public key: a file with it in any usual form, or its text
    #[arg(
        long,
        value_name = "KEY",
        allow_hyphen_values = true,
        required_unless_present = "public_key_command"
    )]
    pub public_key: Option<String>,
    /// A command that prints the public key; each probe runs it
    #[arg(long, value_name = "COMMAND", conflicts_with = "public_key")]
    pub public_key_command: Option<String>,
    /// Timeout in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = values::TIMEOUT,
        value_parser = values::timeout()
    )]
    pub timeout: u32,
    /// The working directory of the command [default: a directory of its own]
    #[arg(long, value_name = "DIR")]
    pub working_directory: Option<PathBuf>,
    /// The name of an environment variable that the command gets; may be repeated
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
    /// A command that prints the evidence for each signature; it gets the same file
    #[arg(long, value_name = "COMMAND")]
    pub evidence_command: Option<String>,
    /// Save it without a probe; it cannot sign before it has passed one
    #[arg(long)]
    pub no_probe: bool,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(command: &SignersCommand) -> Result<bool, Stopped> {
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
            writeln!(ui::stdout(), "{} passed its probe. {}", visible(name), found(probe))?;
            Ok(true)
        }
        SignersCommand::Remove { name, settings, journal } => {
            change(settings, journal, |signers| {
                let before = signers.len();
                signers.retain(|one| one.name != *name);
                if signers.len() == before { Err(none(name).into()) } else { Ok(()) }
            })?;
            writeln!(ui::stdout(), "Removed {}", visible(name))?;
            Ok(true)
        }
    }
}

/// Why a signer is not used or added.
#[derive(Debug, Problem)]
#[problem(area = "named-signer")]
pub enum NamedSignerError {
    /// There is none of this name.
    None { name: String },
    /// Its key signs in several ways.
    SeveralAlgorithms { ways: String },
}

/// A signer by its name.
pub fn find(settings: &SettingsArgs, name: &str) -> Result<SignerProfile, Stopped> {
    let signers = settings_file::signers(&settings.place()?)?;
    Ok(signers.into_iter().find(|one| one.name == name).ok_or_else(|| none(name))?)
}

fn none(name: &str) -> NamedSignerError {
    NamedSignerError::None { name: name.to_owned() }
}

fn change(
    settings: &SettingsArgs,
    journal: &JournalArgs,
    change: impl Fn(&mut Vec<SignerProfile>) -> Result<(), Problem>,
) -> Result<(), Stopped> {
    let recorder = journal.workspace()?.recorder()?;
    settings_file::change_signers(&settings.place()?, recorder.as_ref(), change)
        .map_err(Stopped::Problem)
}

fn list(settings: &SettingsArgs, json: bool) -> Result<bool, Stopped> {
    let place = settings.place()?;
    let signers = settings_file::signers(&place)?;
    let mut out = ui::stdout();
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
        writeln!(out, "No signer in {}. Add one with `countersign signers add`.", shown(&place))?;
    }
    Ok(true)
}

fn add(args: &AddArgs) -> Result<bool, Stopped> {
    let mut profile = SignerProfile {
        name: args.name.clone(),
        key_id: args.key_id.clone(),
        signer_id: args.signer.clone(),
        source: source(args)?,
    };
    let mut said = "It must pass its probe before it can sign.".to_owned();
    if !args.no_probe {
        let (probed, probe) = profile.probe(None, &Terminal)?;
        profile = probed;
        said = found(probe);
    }
    change(&args.settings, &args.journal, |signers| {
        signers.push(profile.clone());
        Ok(())
    })?;
    writeln!(ui::stdout(), "Added {}. {said}", visible(&args.name))?;
    Ok(true)
}

fn source(args: &AddArgs) -> Result<KeySource, Stopped> {
    let text = |path: &PathBuf| {
        let absolute = std::path::absolute(path);
        let absolute = absolute.map_err(|source| ReadError::Io { path: path.clone(), source })?;
        Ok::<_, ReadError>(absolute.to_string_lossy().into_owned())
    };
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
            return Err(NamedSignerError::SeveralAlgorithms { ways }.into());
        };
        *algorithm = only;
    }
    Ok(source)
}

/// The public key that a command prints.
fn printed(args: &AddArgs, source: KeySource) -> Result<PublicKey, Stopped> {
    let (name, key_id, signer_id) = (args.name.clone(), args.key_id.clone(), args.signer.clone());
    let profile = SignerProfile { name: name.clone(), key_id, signer_id, source };
    let program = profile.public_key_program()?.ok_or(ProfileError::NotGiven("public key"))?;
    let failed = |error: SignerError| ProfileError::Probe { name, error: error.into() };
    Ok(program.print_public_key(&Terminal).map_err(failed)?)
}
