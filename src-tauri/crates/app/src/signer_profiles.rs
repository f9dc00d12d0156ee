//! The signers of a station: keys behind commands and key files, each with the name of who signs.

use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::AttestationRoots;
use countersign_ceremony::signer_probe::{self, Conditions, Draft, Report};
use countersign_ceremony::signer_profile::{KeySource, ProfileError, SignerProfile};
use countersign_ceremony::signer_program::{self, SignerProgramError};
use countersign_ceremony::signer_template::TemplateError;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_journal::JournalError;
use countersign_problem::Problem;
use countersign_signers::external::shipped::ShippedProgram;
use countersign_signers::ssh_agent::{SshAgent, SshAgentKey};
use countersign_signers::{Attend, SignerError};
use countersign_store::reading::{ReadError, name_of};
use countersign_trust::attestation_roots::{self, TrustError};
use countersign_trust::enrolment::{self, EnrolmentError, Selection};
use serde::Serialize;

use crate::enrol::{self, EnrolError, Enrolled, NewKey};
use crate::passphrase::NewPassphrase;
use crate::settings::{Settings, SettingsError};
use crate::settings_file::{self, SettingsFileError};
use crate::workspace::{Workspace, WorkspaceError};

/// Why a signer is not used, added or changed.
#[derive(Debug, Problem)]
#[problem(area = "named-signer")]
#[non_exhaustive]
pub enum NamedSignerError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// There is none of this name.
    None {
        /// The name.
        name: String,
    },
    /// Its key signs in several ways, and none is chosen.
    SeveralAlgorithms {
        /// The ways.
        ways: String,
    },
    /// A file that it needs cannot be found.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// Its public key cannot be found.
    #[problem(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// It is not complete, or has not passed its probe.
    #[problem(transparent)]
    Profile(#[from] ProfileError),
    /// The fields of its template make no signer.
    #[problem(transparent)]
    Template(#[from] TemplateError),
    /// The program of its template is not in its file.
    #[problem(transparent)]
    Program(#[from] SignerProgramError),
    /// The roots cannot be read that its evidence may lead to.
    #[problem(transparent)]
    Trust(#[from] TrustError),
    /// The settings do not take it.
    #[problem(transparent)]
    Settings(#[from] SettingsFileError),
    /// The change cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
}

/// All signers, as the settings have them.
///
/// # Errors
/// If there is no place for settings, or they cannot be read.
pub fn all(workspace: &Workspace) -> Result<Vec<SignerProfile>, NamedSignerError> {
    Ok(settings_file::signers(workspace.need_settings()?)?)
}

/// A signer by its name.
///
/// # Errors
/// As for [`all`]; [`NamedSignerError::None`] if there is none of that name.
pub fn find(workspace: &Workspace, name: &str) -> Result<SignerProfile, NamedSignerError> {
    all(workspace)?.into_iter().find(|one| one.name == name).ok_or_else(|| none(name))
}

fn none(name: &str) -> NamedSignerError {
    NamedSignerError::None { name: name.to_owned() }
}

/// A signer behind a command, as a person describes it.
#[derive(Debug, Clone)]
pub struct NewSigner {
    /// Its name on this station.
    pub name: String,
    /// The key id that its signatures name.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// The command.
    pub command: String,
    /// How it signs; `None` if as its public key does, if there is only one way.
    pub algorithm: Option<Algorithm>,
    /// The public key: a file with it in any usual form, or its text; `None` if a command prints it.
    pub public_key: Option<String>,
    /// A command that prints the public key.
    pub public_key_command: Option<String>,
    /// How long a command may take, in seconds.
    pub timeout_seconds: u32,
    /// The working directory of the commands; `None` for one of its own.
    pub working_directory: Option<PathBuf>,
    /// The names of environment variables that the commands get.
    pub environment: Vec<String>,
    /// A command that prints the evidence for each signature.
    pub evidence_command: Option<String>,
}

impl NewSigner {
    /// The profile, with the public key in it: it is read once, because what a file says later is
    /// not what is probed.
    ///
    /// # Errors
    /// If the public key cannot be found or printed, or signs in several ways and none is chosen.
    pub fn profile(self, attend: &dyn Attend) -> Result<SignerProfile, NamedSignerError> {
        let working_directory = self.working_directory.map(absolute).transpose()?;
        let mut profile = SignerProfile {
            name: self.name,
            key_id: self.key_id,
            signer_id: self.signer_id,
            source: KeySource::External {
                command: self.command,
                algorithm: self.algorithm.unwrap_or(Algorithm::Ed25519),
                public_key: self.public_key.clone().unwrap_or_default(),
                public_key_command: self.public_key_command,
                timeout_seconds: self.timeout_seconds,
                working_directory,
                environment: self.environment,
                evidence_command: self.evidence_command,
                signed_payload: None,
                probed_as: None,
            },
        };
        let key = match &self.public_key {
            Some(given) => enrolment::find(given, &Selection::of_key(&profile.key_id))?.public_key,
            None => printed(&profile, attend)?,
        };
        let chosen = match self.algorithm {
            Some(algorithm) => algorithm,
            None => only_way(&key)?,
        };
        if let KeySource::External { algorithm, public_key, .. } = &mut profile.source {
            *public_key = key.to_text();
            *algorithm = chosen;
        }
        Ok(profile)
    }
}

/// A signer with a key in an SSH agent, as a person describes it.
#[derive(Debug, Clone)]
pub struct NewAgentSigner {
    /// Its name on this station.
    pub name: String,
    /// The key id that its signatures name.
    pub key_id: String,
    /// Who signs with it.
    pub signer_id: String,
    /// The agent's socket; `None` for the one that the environment names.
    pub socket: Option<PathBuf>,
    /// The key's fingerprint or comment; `None` for the only one that signs.
    pub key: Option<String>,
}

impl NewAgentSigner {
    /// The profile, with the public key that the agent has.
    ///
    /// # Errors
    /// If the agent cannot be asked, or has no such key.
    pub fn profile(self, attend: &dyn Attend) -> Result<SignerProfile, NamedSignerError> {
        let socket = self.socket.map(absolute).transpose()?;
        let name = self.name.clone();
        let failed = |error: SignerError| ProfileError::AgentKey { name, error: error.into() };
        let find = || {
            let agent = SshAgent::at(socket.as_deref().map(Path::new))?;
            agent.find(self.key.as_deref(), attend)
        };
        let key = find().map_err(failed)?;
        let public_key = key.public_key.ok_or(ProfileError::NotGiven("public-key"))?.to_text();
        Ok(SignerProfile {
            name: self.name,
            key_id: self.key_id,
            signer_id: self.signer_id,
            source: KeySource::SshAgent { socket, public_key },
        })
    }
}

/// A key in an SSH agent, as a person chooses one.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct AgentKeyView {
    /// What a person has called it; may be empty.
    pub comment: String,
    /// Its kind, as SSH calls it: `ssh-ed25519`.
    pub kind: String,
    /// Its fingerprint, as SSH's programs show it: `SHA256:…`.
    pub fingerprint: String,
    /// The key that verifies, as text; null if it signs nothing here.
    pub public_key: Option<String>,
}

/// The keys in an SSH agent: the one at a socket, or the one that the environment names.
///
/// # Errors
/// If it cannot be asked, or lists none.
pub fn agent_keys(
    socket: Option<&Path>,
    attend: &dyn Attend,
) -> Result<Vec<AgentKeyView>, SignerError> {
    let view = |key: SshAgentKey| AgentKeyView {
        fingerprint: key.fingerprint(),
        public_key: key.public_key.as_ref().map(PublicKey::to_text),
        comment: key.comment,
        kind: key.kind,
    };
    Ok(SshAgent::at(socket)?.keys(attend)?.into_iter().map(view).collect())
}

fn absolute(path: PathBuf) -> Result<String, ReadError> {
    let absolute = std::path::absolute(&path);
    let absolute = absolute.map_err(|source| ReadError::Io { path, source })?;
    Ok(absolute.to_string_lossy().into_owned())
}

/// The public key that a command prints.
fn printed(profile: &SignerProfile, attend: &dyn Attend) -> Result<PublicKey, ProfileError> {
    let program = profile.public_key_program()?.ok_or(ProfileError::NotGiven("public-key"))?;
    let name = profile.name.clone();
    let failed = |error: SignerError| ProfileError::Probe { name, error: error.into() };
    program.print_public_key(attend).map_err(failed)
}

/// The only way in which a key signs.
fn only_way(key: &PublicKey) -> Result<Algorithm, NamedSignerError> {
    let ways: Vec<Algorithm> = key.algorithms().collect();
    let [only] = ways[..] else {
        let ways: Vec<&str> = ways.iter().map(|way| way.as_str()).collect();
        return Err(NamedSignerError::SeveralAlgorithms { ways: ways.join(" or ") });
    };
    Ok(only)
}

/// Probes a signer that need not be in the settings, and changes nothing there. `watched` is a
/// directory that its commands must leave alone. The journal must take an entry before anything is run
/// that may use the key.
///
/// # Errors
/// If that cannot be journalled, or the roots cannot be read that its evidence may lead to.
pub fn try_out(
    workspace: &Workspace,
    draft: Draft,
    watched: Option<&Path>,
    attend: &dyn Attend,
) -> Result<Report, NamedSignerError> {
    workspace.check_journal()?;
    let roots = match &workspace.trust_folder {
        Some(folder) => attestation_roots::read(folder)?.roots(),
        None => AttestationRoots::default(),
    };
    let conditions = Conditions { watched, roots: &roots, now: (workspace.now)() };
    Ok(signer_probe::probe(draft, conditions, attend))
}

/// Adds a signer to the settings, if it passes a probe.
///
/// # Errors
/// As [`try_out`], or if the settings do not take it, or that cannot be journalled.
pub fn add_probed(
    workspace: &Workspace,
    draft: Draft,
    attend: &dyn Attend,
) -> Result<Report, NamedSignerError> {
    let report = try_out(workspace, draft, None, attend)?;
    if let Ok((probed, _)) = &report.outcome {
        add(workspace, probed.clone())?;
    }
    Ok(report)
}

/// The signer of a draft, with the public key that its command prints, unprobed.
///
/// # Errors
/// If it prints none, or one that signs in several ways and none is chosen.
pub fn unprobed(draft: Draft, attend: &dyn Attend) -> Result<SignerProfile, NamedSignerError> {
    let Draft { mut profile, in_any_way } = draft;
    let key = printed(&profile, attend)?;
    if let KeySource::External { algorithm, public_key, .. } = &mut profile.source {
        *public_key = key.to_text();
        if in_any_way {
            *algorithm = only_way(&key)?;
        }
    }
    Ok(profile)
}

/// Adds a signer to the settings as it is. Without a probe it cannot sign.
///
/// # Errors
/// If the settings do not take it, or that cannot be journalled.
pub fn add(workspace: &Workspace, profile: SignerProfile) -> Result<(), NamedSignerError> {
    settings_file::change_signers(workspace, |signers| {
        signers.push(profile.clone());
        Ok(())
    })
}

/// Probes a signer of the settings, and keeps how it signs; `watched` is a directory that its commands
/// must leave alone. One that does not pass cannot sign until it does. The program of a template is
/// written again if its file is gone.
///
/// # Errors
/// If there is none of that name, or the result cannot be kept or journalled.
pub fn probe(
    workspace: &Workspace,
    name: &str,
    watched: Option<&Path>,
    attend: &dyn Attend,
) -> Result<Report, NamedSignerError> {
    let signer = find(workspace, name)?;
    workspace.check_journal()?;
    if let Some(program) = shipped(&signer) {
        signer_program::restore(&program)?;
    }
    let report = try_out(workspace, signer.clone().into(), watched, attend)?;
    let kept = match &report.outcome {
        Ok((probed, _)) => probed.clone(),
        Err(_) => signer.unprobed(),
    };
    settings_file::change_signers(workspace, |signers| {
        let place = signers.iter_mut().find(|one| one.name == name);
        *place.ok_or_else(|| none(name))? = kept.clone();
        Ok::<_, NamedSignerError>(())
    })?;
    Ok(report)
}

/// The program of a template that a signer runs.
fn shipped(signer: &SignerProfile) -> Option<ShippedProgram> {
    signer.signing_program().ok()?.shipped()
}

/// Removes a signer from the settings; its key is kept.
///
/// # Errors
/// If there is none of that name, or that cannot be written or journalled.
pub fn remove(workspace: &Workspace, name: &str) -> Result<(), NamedSignerError> {
    settings_file::change_signers(workspace, |signers| {
        let before = signers.len();
        signers.retain(|one| one.name != name);
        if signers.len() == before { Err(none(name)) } else { Ok(()) }
    })
}

/// Why no key was made for a new signer.
#[derive(Debug, Problem)]
#[problem(area = "new-signer")]
#[non_exhaustive]
pub enum NewSignerError {
    /// The signer would not be complete.
    #[problem(transparent)]
    Settings(#[from] SettingsError),
    /// The key was not made, or not enrolled.
    #[problem(transparent)]
    Enrol(#[from] EnrolError),
}

/// Makes a software key in an encrypted file, enrols it, and adds a signer for it to the settings,
/// which are returned to be saved. The signer is named after the file. Nothing is made if the
/// settings would not take the signer.
///
/// # Errors
/// If the signer would not be complete, or as [`enrol::create_key`].
pub fn create_key(
    workspace: &Workspace,
    mut settings: Settings,
    key: NewKey,
    passphrase: &NewPassphrase,
) -> Result<(Settings, Enrolled), NewSignerError> {
    let path = key.path.to_string_lossy().into_owned();
    settings.signers.push(SignerProfile {
        name: free_name(&settings.signers, &name_of(&key.path)),
        key_id: key.holder.key_id.clone().unwrap_or_default(),
        signer_id: key.holder.owner.clone().unwrap_or_default(),
        source: KeySource::KeyFile { path },
    });
    settings.check()?;
    let enrolled = enrol::create_key(workspace, key, passphrase)?;
    Ok((settings, enrolled))
}

/// A name that no signer has yet.
fn free_name(signers: &[SignerProfile], wanted: &str) -> String {
    let free = |name: &String| signers.iter().all(|signer| signer.name != *name);
    let names = (2..).map(|n| format!("{wanted} ({n})"));
    std::iter::once(wanted.to_owned()).chain(names).find(free).unwrap_or_default()
}
