//! `countersign signers`: the signers of this station, in the settings shared with the window.

use std::path::{Path, PathBuf};

use countersign_app::roots::TrustedFor;
use countersign_app::signer_profiles::{self, NewAgentSigner, NewSigner};
use countersign_app::signer_templates::{self, NewTemplateSigner, TemplateFields, TemplateView};
use countersign_app::workspace::Workspace;
use countersign_ceremony::signer_probe::{Part, Report, Variable};
use countersign_ceremony::signer_profile::{SignerProfile, found};
use countersign_ceremony::signer_template::{Template, TemplateError, TemplateId};
use countersign_envelope::signature::Algorithm;
use countersign_problem::visible::visible;
use serde_json::json;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::settings::SettingsArgs;
use crate::arguments::ssh_agent::{SshAgentArgs, SshAgentChoice};
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui::{self, Terminal, shown};

const SIGNERS_HELP: &str = "\
A signer is a key with the name of who signs with it, kept in the settings, which the window shares. Use \
it with `sign --signer-profile NAME`. A signer behind a command or from a template signs only after it \
has passed a probe, and again after each change of it.

A command runs without a shell, in a directory of its own. Its last argument is the path of a file with \
the SHA-256 in hex digits. Of the environment it gets PATH, HOME and the like, those of its template, and \
those that you name. It prints one line: the signature in base64 or base64url, with or without Vault's \
`vault:v1:`; of an EC key DER, or r and s side by side.

Examples:
  countersign signers templates
  countersign signers add kms --template aws-kms --set key-id=alias/signing --set region=eu-central-1 \\
      --key-id ds-kms-2026-11 --signer m.keller
  countersign signers probe kms";

/// The signers of this station: keys behind commands, in cloud services, HSMs and SSH agents
#[derive(Debug, clap::Subcommand)]
#[command(after_help = SIGNERS_HELP)]
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
    /// List the templates of signers: what each asks for, and which variables it passes on
    Templates {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// List the keys in the SSH agent
    AgentKeys {
        /// The agent's socket [default: SSH_AUTH_SOCK]
        #[arg(long, value_name = "PATH")]
        ssh_agent_socket: Option<PathBuf>,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Probe a signer part by part: program, environment, public key, a random digest signed twice, evidence
    Probe {
        /// Its name
        name: String,
        /// The result as one JSON object
        #[arg(long)]
        json: bool,
        /// The directory of sealed runs that it must not change
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
        #[command(flatten)]
        settings: SettingsArgs,
        #[command(flatten)]
        trust: ProbeTrustArgs,
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

/// Add a signer behind a command or from a template, and probe it; or one with a key in an SSH agent
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// The name of the signer on this station
    pub name: String,
    /// The command; it runs without a shell, with the path of the file that holds the digest appended
    #[arg(
        long,
        value_name = "COMMAND",
        required_unless_present_any = ["ssh_agent", "template"],
        conflicts_with_all = ["ssh_agent", "template"]
    )]
    pub command: Option<String>,
    /// The template that makes the commands; `signers templates` lists them
    #[arg(long, value_name = "TEMPLATE", value_parser = values::template, conflicts_with = "ssh_agent")]
    pub template: Option<TemplateId>,
    /// A field of the template; once for each field
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = values::field, requires = "template")]
    pub fields: Vec<(String, String)>,
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
        conflicts_with_all = ["ssh_agent", "template"],
        required_unless_present_any = ["public_key_command", "ssh_agent", "template"]
    )]
    pub public_key: Option<String>,
    /// A command that prints the public key; each probe runs it
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["public_key", "ssh_agent", "template"])]
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
    #[arg(long, value_name = "DIR", conflicts_with_all = ["ssh_agent", "template"])]
    pub working_directory: Option<PathBuf>,
    /// The name of an environment variable that the command gets, never its value; may be repeated
    #[arg(long = "env", value_name = "NAME", conflicts_with = "ssh_agent")]
    pub environment: Vec<String>,
    /// A command that prints the evidence for each signature; it gets the same file
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["ssh_agent", "template"])]
    pub evidence_command: Option<String>,
    /// Save it without a probe; it cannot sign before it has passed one
    #[arg(long, conflicts_with = "ssh_agent")]
    pub no_probe: bool,
    /// The result as one JSON object
    #[arg(long, conflicts_with_all = ["ssh_agent", "no_probe"])]
    pub json: bool,
    #[command(flatten)]
    pub ssh_agent: SshAgentArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub trust: ProbeTrustArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// What evidence may lead to in a probe: as everywhere else.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Trust")]
pub struct ProbeTrustArgs {
    #[command(flatten)]
    keyring: KeyringArgs,
    #[command(flatten)]
    roots: RootsArgs,
}

impl ProbeTrustArgs {
    /// A workspace in which evidence may lead to the roots that the person trusts.
    ///
    /// # Errors
    /// If a trust folder that was named does not exist.
    fn within(&self, workspace: Workspace) -> Result<Workspace, Stopped> {
        self.roots.read(&self.keyring)?;
        let trust_folder = self.roots.folder(TrustedFor::Attestations, &self.keyring);
        Ok(Workspace { trust_folder, ..workspace })
    }
}

pub fn run(command: &SignersCommand) -> Result<bool, Stopped> {
    match command {
        SignersCommand::List { json, settings } => list(settings, *json),
        SignersCommand::Add(args) => add(args),
        SignersCommand::AgentKeys { ssh_agent_socket, json } => {
            agent_keys(ssh_agent_socket.as_deref(), *json)
        }
        SignersCommand::Templates { json } => templates(*json),
        SignersCommand::Probe { name, json, directory, settings, trust, journal } => {
            let workspace = trust.within(settings.workspace(journal)?)?;
            let report = signer_profiles::probe(&workspace, name, directory.as_deref(), &Terminal)?;
            said(name, &format!("{} passed its probe.", visible(name)), report, *json)
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
    let workspace = args.trust.within(args.settings.workspace(&args.journal)?)?;
    let added = format!("Added {}.", visible(&args.name));
    if let Some(SshAgentChoice { key, socket }) = args.ssh_agent.choice() {
        let (name, key_id) = (args.name.clone(), args.key_id.clone());
        let signer_id = args.signer.clone();
        let new = NewAgentSigner { name, key_id, signer_id, socket, key };
        signer_profiles::add(&workspace, new.profile(&Terminal)?)?;
        let means = "It signs with the key in the SSH agent, which counts as software.";
        writeln!(ui::stdout(), "{added} {means}")?;
        return Ok(true);
    }
    let draft = match args.template {
        Some(template) => from_template(template, args)?.draft(&workspace)?,
        None => {
            let command = args.command.as_deref().unwrap_or_default();
            behind(command, args).profile(&Terminal)?.into()
        }
    };
    if args.no_probe {
        let profile = match args.template {
            Some(_) => signer_profiles::unprobed(draft, &Terminal)?,
            None => draft.profile,
        };
        signer_profiles::add(&workspace, profile)?;
        writeln!(ui::stdout(), "{added} It must pass its probe before it can sign.")?;
        return Ok(true);
    }
    let report = signer_profiles::add_probed(&workspace, draft, &Terminal)?;
    said(&args.name, &added, report, args.json)
}

/// What a probe found, and why the signer did not pass if it did not.
fn said(name: &str, passed: &str, report: Report, json: bool) -> Result<bool, Stopped> {
    let mut out = ui::stdout();
    if json {
        writeln!(out, "{}", report_json(name, &report))?;
    } else {
        parts(&report)?;
    }
    let (_, probe) = report.outcome?;
    if !json {
        writeln!(out, "{passed} {}", found(probe))?;
    }
    Ok(true)
}

/// The parts of a probe, one below the other.
fn parts(report: &Report) -> Result<(), Stopped> {
    let mut out = ui::stdout();
    let indent = " ".repeat(26);
    for part in &report.parts {
        let name = part.part.as_str().replace('_', " ");
        let state = part.state.as_str().replace('_', " ");
        let (found, hint) = in_text(part);
        writeln!(out, "{name:<12} {state:<12} {}", visible(&found))?;
        for Variable { name, is_set } in &part.variables {
            let is_set = if *is_set { "set" } else { "not set" };
            writeln!(out, "{indent}{}  {is_set}", visible(name))?;
        }
        if let Some(hint) = hint {
            writeln!(out, "{indent}{}", visible(&hint))?;
        }
    }
    Ok(())
}

/// What was found or went wrong, and what to do.
fn in_text(part: &Part) -> (String, Option<String>) {
    match &part.found {
        Ok(words) => (words.english().into_owned(), None),
        Err(problem) => {
            (problem.sentence(), Some(problem.hint_sentence()).filter(|hint| !hint.is_empty()))
        }
    }
}

fn report_json(name: &str, report: &Report) -> serde_json::Value {
    let part = |part: &Part| {
        let (found, hint) = in_text(part);
        let Part { part, state, variables, .. } = part;
        json!({
            "part": part, "state": state, "found": found, "hint": hint, "variables": variables,
        })
    };
    let parts: Vec<_> = report.parts.iter().map(part).collect();
    let probed = report.outcome.as_ref().ok();
    let signs = probed.map(|(signer, probe)| {
        json!({
            "algorithm": signer.algorithm(),
            "fingerprint": signer.public_key().map(|key| key.fingerprint().hex()),
            "signed_payload": probe.signed_payload,
            "deterministic": probe.deterministic,
        })
    });
    json!({ "name": name, "passed": signs.is_some(), "signs": signs, "parts": parts })
}

/// Lists the templates.
fn templates(json: bool) -> Result<bool, Stopped> {
    let mut out = ui::stdout();
    for template in signer_templates::all() {
        if json {
            writeln!(out, "{}", template_json(&template))?;
            continue;
        }
        writeln!(out, "{}  {}", template.id, template.name)?;
        writeln!(out, "  {}", template.about)?;
        for field in &template.fields {
            let needed = match (&field.default, field.is_required) {
                (Some(default), _) => format!(" [default: {default}]"),
                (None, true) => " (required)".to_owned(),
                (None, false) => String::new(),
            };
            writeln!(out, "  --set {}=…  {}{needed}", field.name, field.label)?;
            if field.choices.is_empty() {
                writeln!(out, "      such as {}", field.example)?;
            } else {
                writeln!(out, "      one of {}", field.choices.join(", "))?;
            }
        }
        for [one, other] in &template.either {
            writeln!(out, "  exactly one of {one} and {other}")?;
        }
        writeln!(out, "  passes on {}", names(&template.environment))?;
        if !template.secrets.is_empty() {
            writeln!(out, "  with --env also {}", names(&template.secrets))?;
        }
    }
    Ok(true)
}

fn names(variables: &[Variable]) -> String {
    variables.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn template_json(template: &TemplateView) -> serde_json::Value {
    let fields = template.fields.iter().map(|field| {
        json!({
            "name": field.name,
            "label": field.label.text,
            "example": field.example,
            "default": field.default,
            "required": field.is_required,
            "choices": field.choices,
        })
    });
    json!({
        "id": template.id,
        "name": template.name.text,
        "about": template.about.text,
        "fields": fields.collect::<Vec<_>>(),
        "either": template.either,
        "environment": template.environment,
        "secrets": template.secrets,
        "packages": template.packages,
        "tools": template.tools,
    })
}

/// A signer from a template.
fn from_template(template: TemplateId, args: &AddArgs) -> Result<NewTemplateSigner, TemplateError> {
    let fields = Template::of(template).by_name(args.fields.iter().cloned())?;
    Ok(NewTemplateSigner {
        name: args.name.clone(),
        key_id: args.key_id.clone(),
        signer_id: args.signer.clone(),
        made_from: TemplateFields { template, fields },
        algorithm: args.algo,
        timeout_seconds: args.timeout,
        environment: args.environment.clone(),
    })
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
