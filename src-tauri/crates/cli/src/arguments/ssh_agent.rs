//! Which key of an SSH agent, as flags say it.

use std::path::PathBuf;

/// The heading of the flags.
const AGENT: &str = "SSH agent";

/// Which key of an SSH agent.
#[derive(Debug, clap::Args)]
pub struct SshAgentArgs {
    /// Use a key in the SSH agent, by its fingerprint (SHA256:…) or its comment (ssh-add -l) [default:
    /// the only one that signs]. An agent says nothing of what holds a key: it counts as software
    #[arg(
        long,
        help_heading = AGENT,
        value_name = "KEY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub ssh_agent: Option<String>,
    /// The agent's socket [default: SSH_AUTH_SOCK]
    #[arg(long, help_heading = AGENT, value_name = "PATH", requires = "ssh_agent")]
    pub ssh_agent_socket: Option<PathBuf>,
}

/// A key in an SSH agent.
#[derive(Debug)]
pub struct SshAgentChoice {
    /// Its fingerprint or comment; `None` for the only one that signs.
    pub key: Option<String>,
    /// The agent's socket; `None` for the one that the environment names.
    pub socket: Option<PathBuf>,
}

impl SshAgentArgs {
    /// The key that the flags choose, if they choose one.
    pub fn choice(&self) -> Option<SshAgentChoice> {
        let key = self.ssh_agent.as_ref()?;
        let key = Some(key.clone()).filter(|key| !key.is_empty());
        Some(SshAgentChoice { key, socket: self.ssh_agent_socket.clone() })
    }
}
