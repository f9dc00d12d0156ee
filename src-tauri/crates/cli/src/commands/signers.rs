//! `countersign signers`: the signers of this station, in the settings shared with the window.

use std::path::{Path, PathBuf};

use countersign_app::signer_profiles::{self, NewAgentSigner, NewSigner};
use countersign_ceremony::signer_profile::{SignerProfile, found};
use countersign_envelope::signature::Algorithm;
use countersign_problem::visible::visible;

use crate::arguments::journal::JournalArgs;
use crate::arguments::settings::SettingsArgs;
use crate::arguments::ssh_agent::{SshAgentArgs, SshAgentChoice};
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
    /// List the keys in the SSH agent
    AgentKeys {
        /// The agent's socket [default: SSH_AUTH_SOCK]
        #[arg(long, value_name = "PATH")]
        ssh_agent_socket: Option<PathBuf>,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
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

/// Add a signer behind a command, and probe it; or one with a key in an SSH agent
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// The name of the signer on this station
    pub name: String,
    /// The command; it runs without a shell, with the path of the file that holds the digest appended
    #[arg(
        long,
        value_name = "COMMAND",
        required_unless_present = "ssh_agent",
        conflicts_with = "ssh_agent"
    )]
    pub command: Option<String>,
    /// The key id that its signatures name
    #[arg(long, value_name = "ID")]
    pub key_id: String,
    /// Who signs with it
    #[arg(long, value_name = "NAME")]
    pub signer: String,
    /// How it signs [default: as its public key does, if there is only one way]
    #[arg(long, value_parser = values::algorithm, conflicts_with = "ssh_agent")]
    pub algo: Option<Algorithm>,
    /// The public key: a file with it in any usual form, or its text
    #[arg(
        long,
        value_name = "KEY",
        allow_hyphen_values = true,
        conflicts_with = "ssh_agent",
        required_unless_present_any = ["public_key_command", "ssh_agent"]
    )]
    pub public_key: Option<String>,
    /// A command that prints the public key; each probe runs it
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["public_key", "ssh_agent"])]
    pub public_key_command: Option<String>,
    /// Timeout in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = values::TIMEOUT,
        conflicts_with = "ssh_agent",
        value_parser = values::timeout()
    )]
    pub timeout: u32,
    /// The working directory of the command [default: a directory of its own]
    #[arg(long, value_name = "DIR", conflicts_with = "ssh_agent")]
    pub working_directory: Option<PathBuf>,
    /// The name of an environment variable that the command gets; may be repeated
    #[arg(long = "env", value_name = "NAME", conflicts_with = "ssh_agent")]
    pub environment: Vec<String>,
    /// A command that prints the evidence for each signature; it gets the same file
    #[arg(long, value_name = "COMMAND", conflicts_with = "ssh_agent")]
    pub evidence_command: Option<String>,
    /// Save it without a probe; it cannot sign before it has passed one
    #[arg(long, conflicts_with = "ssh_agent")]
    pub no_probe: bool,
    #[command(flatten)]
    pub ssh_agent: SshAgentArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

pub fn run(command: &SignersCommand) -> Result<bool, Stopped> {
    match command {
        SignersCommand::List { json, settings } => list(settings, *json),
        SignersCommand::Add(args) => add(args),
        SignersCommand::AgentKeys { ssh_agent_socket, json } => {
            agent_keys(ssh_agent_socket.as_deref(), *json)
        }
        SignersCommand::Probe { name, directory, settings, journal } => {
            let workspace = settings.workspace(journal)?;
            let probe = signer_profiles::probe(&workspace, name, directory.as_deref(), &Terminal)?;
            writeln!(ui::stdout(), "{} passed its probe. {}", visible(name), found(probe))?;
            Ok(true)
        }
        SignersCommand::Remove { name, settings, journal } => {
            signer_profiles::remove(&settings.workspace(journal)?, name)?;
            writeln!(ui::stdout(), "Removed {}", visible(name))?;
            Ok(true)
        }
    }
}

/// A signer by its name.
pub fn find(settings: &SettingsArgs, name: &str) -> Result<SignerProfile, Stopped> {
    Ok(signer_profiles::find(&settings.workspace_to_look(), name)?)
}

fn list(settings: &SettingsArgs, json: bool) -> Result<bool, Stopped> {
    let place = settings.place()?;
    let signers = signer_profiles::all(&settings.workspace_to_look())?;
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
        writeln!(out, "  is       {}, {}", visible(&signer.about().english()), signer.algorithm())?;
        writeln!(out, "  ready    {}", visible(&ready))?;
    }
    if signers.is_empty() && !json {
        writeln!(out, "No signer in {}. Add one with `countersign signers add`.", shown(&place))?;
    }
    Ok(true)
}

fn add(args: &AddArgs) -> Result<bool, Stopped> {
    let workspace = args.settings.workspace(&args.journal)?;
    let said = match (&args.command, args.ssh_agent.choice()) {
        (_, Some(SshAgentChoice { key, socket })) => {
            let (name, key_id) = (args.name.clone(), args.key_id.clone());
            let signer_id = args.signer.clone();
            let new = NewAgentSigner { name, key_id, signer_id, socket, key };
            signer_profiles::add(&workspace, new.profile(&Terminal)?)?;
            "It signs with the key in the SSH agent, which counts as software.".to_owned()
        }
        (command, None) => {
            let profile =
                behind(command.as_deref().unwrap_or_default(), args).profile(&Terminal)?;
            if args.no_probe {
                signer_profiles::add(&workspace, profile)?;
                "It must pass its probe before it can sign.".to_owned()
            } else {
                found(signer_profiles::add_probed(&workspace, profile, &Terminal)?).to_string()
            }
        }
    };
    writeln!(ui::stdout(), "Added {}. {said}", visible(&args.name))?;
    Ok(true)
}

/// A signer behind a command.
fn behind(command: &str, args: &AddArgs) -> NewSigner {
    NewSigner {
        name: args.name.clone(),
        key_id: args.key_id.clone(),
        signer_id: args.signer.clone(),
        command: command.to_owned(),
        algorithm: args.algo,
        public_key: args.public_key.clone(),
        public_key_command: args.public_key_command.clone(),
        timeout_seconds: args.timeout,
        working_directory: args.working_directory.clone(),
        environment: args.environment.clone(),
        evidence_command: args.evidence_command.clone(),
    }
}

/// Lists the keys in an SSH agent.
fn agent_keys(socket: Option<&Path>, json: bool) -> Result<bool, Stopped> {
    let mut out = ui::stdout();
    for key in signer_profiles::agent_keys(socket, &Terminal)? {
        if json {
            // Text always serialises.
            writeln!(out, "{}", serde_json::to_string(&key).unwrap_or_default())?;
            continue;
        }
        let signs = if key.public_key.is_some() { "" } else { "  signs nothing here" };
        writeln!(out, "{}  {}  {}{signs}", key.fingerprint, key.kind, key.comment)?;
    }
    Ok(true)
}
