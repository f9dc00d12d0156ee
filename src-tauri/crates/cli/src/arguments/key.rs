//! With which key a signature is made: the flags, and the one choice that they come to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_problem::Problem;
use secrecy::SecretString;

use crate::arguments::piv::{PivArgs, PivChoice};
use crate::arguments::pkcs11::{Pkcs11Args, Pkcs11Choice, Pkcs11ChoiceError};
use crate::arguments::settings::SettingsArgs;
use crate::arguments::ssh_agent::{SshAgentArgs, SshAgentChoice};
use crate::arguments::values;

/// Where the reference takes its key from.
pub const KEY_VARIABLE: &str = "DEEPSIGMA_SIGNING_KEY";

/// The heading of the flags that the reference has too.
pub const REFERENCE: &str = "As the reference's sign_artifact.py";

/// The heading of the flags of external commands.
const COMMAND: &str = "External command";

/// Why flags do not choose one key.
#[derive(Debug, Problem)]
pub enum KeyChoiceError {
    /// Each of two flags chooses one.
    Several { first: &'static str, second: &'static str },
    /// A secret for a command, which gets none.
    SecretForCommand,
    /// A secret for an SSH agent, which gets none from here.
    SecretForAgent,
    /// An algorithm for a signer that has its own.
    AlgorithmForProfile,
    /// A PIN from a descriptor, for a key whose PIN is kept elsewhere.
    TwoPins,
    /// A public key for a key that shows its own.
    PublicKey,
    /// The parts of a token's key contradict each other.
    #[problem(transparent)]
    Token(#[from] Pkcs11ChoiceError),
}

/// Which key signs, and how, as the flags say it.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// Who signs: the owner of the key in the keyring
    #[arg(
        long,
        alias = "witness",
        value_name = "NAME",
        required_unless_present_any = ["file", "piv", "pkcs11", "ssh_agent", "signer_profile"]
    )]
    pub signer: Option<String>,
    /// The id of the key, such as ds-prod-2026-05
    #[arg(
        long,
        value_name = "ID",
        required_unless_present_any = ["piv", "pkcs11", "ssh_agent", "signer_profile"]
    )]
    pub key_id: Option<String>,
    #[command(flatten)]
    pub piv: PivArgs,
    /// The private key; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Read the passphrase of the key file, or the PIN, from this file descriptor instead of the
    /// terminal
    #[arg(long, visible_alias = "pin-fd", value_name = "N")]
    pub passphrase_fd: Option<i32>,
    /// How the key signs: ed25519 (the default) or hmac; behind a command or on a token also
    /// ecdsa-p256-sha256, ecdsa-p384-sha384, rsa-pkcs1v15-sha256 or rsa-pss-sha256 (on a token, the
    /// default is the first that the key supports)
    #[arg(long, value_parser = values::algorithm)]
    pub algo: Option<Algorithm>,
    /// Sign with a signer of this station, by its name (countersign signers)
    #[arg(long, value_name = "NAME")]
    pub signer_profile: Option<String>,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Which bytes to sign: canonical_json, sha256, sha256_hex or sha256_hex_base64 [default: the
    /// first that the key supports; for a command, what its signature turns out to cover]
    #[arg(long, value_name = "FORM")]
    pub signed_payload: Option<SignedPayload>,
    #[command(flatten)]
    pub pkcs11: Pkcs11Args,
    /// State what holds the key, whatever its token says: software, hardware or external. It counts
    /// as claimed only, and the journal records it
    #[arg(long, value_name = "TYPE", requires = "pkcs11", help_heading = "PKCS#11")]
    pub signer_type: Option<SignerType>,
    #[command(flatten)]
    pub ssh_agent: SshAgentArgs,
    /// Sign with an external command: it gets the path of a file with the hex SHA-256 of the canonical
    /// bytes, and prints the base64 signature
    #[arg(long, help_heading = COMMAND, value_name = "COMMAND")]
    pub external_signer_cmd: Option<String>,
    /// The public key of the external command, or of a token's key that does not show it: a file with
    /// it in any usual form, or its text [default: the keyring's key of this key id]
    #[arg(
        long,
        help_heading = COMMAND,
        value_name = "KEY",
        allow_hyphen_values = true
    )]
    pub public_key: Option<String>,
    /// Timeout of the external command, in seconds [default: 30]
    #[arg(
        long,
        help_heading = COMMAND,
        value_name = "SECONDS",
        requires = "external_signer_cmd",
        value_parser = values::timeout()
    )]
    pub external_timeout: Option<u32>,
    /// The name of an environment variable that the external command gets; may be repeated
    #[arg(long, help_heading = COMMAND, value_name = "NAME", requires = "external_signer_cmd")]
    pub external_env: Vec<String>,
    /// The key itself, base64; others on this machine can see it, so prefer --key-file
    #[arg(long, help_heading = REFERENCE, value_name = "BASE64")]
    pub key: Option<SecretString>,
}

/// The key that signs.
#[derive(Debug)]
pub enum KeyChoice {
    /// A key of a PIV card.
    Piv(PivChoice),
    /// A key of a token behind a PKCS#11 module.
    Pkcs11 {
        /// Which token and key.
        key: Pkcs11Choice,
        /// The public half, if the token does not show it.
        public_key: Option<String>,
        /// What the person claims to hold the key.
        claimed: Option<SignerType>,
    },
    /// A signer of this station, by its name.
    Profile(String),
    /// A key in an SSH agent.
    SshAgent(SshAgentChoice),
    /// A key behind a command.
    External(ExternalChoice),
    /// A file; `-` is standard input.
    KeyFile(PathBuf),
    /// The key itself, on the command line.
    Text(SecretString),
    /// The key in the environment variable [`KEY_VARIABLE`].
    Environment,
}

/// A key behind a command.
#[derive(Debug)]
pub struct ExternalChoice {
    /// The command.
    pub command: String,
    /// The public half; `None` if the keyring has it under the key id.
    pub public_key: Option<String>,
    /// How long the command may run.
    pub timeout: Duration,
    /// The names of the environment variables that it gets.
    pub environment: Vec<String>,
}

impl KeyArgs {
    /// The one key that the flags choose.
    ///
    /// # Errors
    /// [`KeyChoiceError`] if they choose several keys, or if a flag does not belong to the key.
    pub fn choice(&self) -> Result<KeyChoice, KeyChoiceError> {
        self.check_one_key()?;
        let choice = if self.piv.piv.is_some() {
            KeyChoice::Piv(self.piv.choice())
        } else if let Some(key) = self.pkcs11.choice()? {
            let (public_key, claimed) = (self.public_key.clone(), self.signer_type);
            KeyChoice::Pkcs11 { key, public_key, claimed }
        } else if let Some(name) = &self.signer_profile {
            KeyChoice::Profile(name.clone())
        } else if let Some(choice) = self.ssh_agent.choice() {
            KeyChoice::SshAgent(choice)
        } else if let Some(command) = &self.external_signer_cmd {
            let seconds = self.external_timeout.unwrap_or(values::TIMEOUT);
            KeyChoice::External(ExternalChoice {
                command: command.clone(),
                public_key: self.public_key.clone(),
                timeout: Duration::from_secs(u64::from(seconds)),
                environment: self.external_env.clone(),
            })
        } else if let Some(path) = &self.key_file {
            KeyChoice::KeyFile(path.clone())
        } else if let Some(text) = &self.key {
            KeyChoice::Text(text.clone())
        } else {
            KeyChoice::Environment
        };
        self.check_belongs(&choice)?;
        Ok(choice)
    }

    fn check_one_key(&self) -> Result<(), KeyChoiceError> {
        only_one([
            (self.piv.piv.is_some(), "--piv"),
            (self.pkcs11.pkcs11.is_some(), "--pkcs11"),
            (self.signer_profile.is_some(), "--signer-profile"),
            (self.ssh_agent.ssh_agent.is_some(), "--ssh-agent"),
            (self.external_signer_cmd.is_some(), "--external-signer-cmd"),
            (self.key_file.is_some(), "--key-file"),
            (self.key.is_some(), "--key"),
        ])
    }

    /// Refuses what would have no effect on the key that is chosen. What needs a flag beside it, such
    /// as `--slot`, says so in its definition.
    fn check_belongs(&self, choice: &KeyChoice) -> Result<(), KeyChoiceError> {
        use KeyChoice::{External, Pkcs11, Profile, SshAgent};
        match choice {
            External(_) if self.passphrase_fd.is_some() => Err(KeyChoiceError::SecretForCommand),
            SshAgent(_) if self.passphrase_fd.is_some() => Err(KeyChoiceError::SecretForAgent),
            Profile(_) | SshAgent(_) if self.algo.is_some() => {
                Err(KeyChoiceError::AlgorithmForProfile)
            }
            Pkcs11 { key, .. }
                if key.wanted.pin_source.is_some() && self.passphrase_fd.is_some() =>
            {
                Err(KeyChoiceError::TwoPins)
            }
            External(_) | Pkcs11 { .. } => Ok(()),
            _ if self.public_key.is_some() => Err(KeyChoiceError::PublicKey),
            _ => Ok(()),
        }
    }
}

/// Refuses flags that choose several keys.
fn only_one(flags: impl IntoIterator<Item = (bool, &'static str)>) -> Result<(), KeyChoiceError> {
    let mut chosen = flags.into_iter().filter(|(is_chosen, _)| *is_chosen);
    match (chosen.next(), chosen.next()) {
        (Some((_, first)), Some((_, second))) => Err(KeyChoiceError::Several { first, second }),
        _ => Ok(()),
    }
}

/// Which key of a PIV card or a token, as the flags say it.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    #[command(flatten)]
    pub piv: PivArgs,
    #[command(flatten)]
    pub pkcs11: Pkcs11Args,
}

/// A key of a PIV card or a token.
#[derive(Debug)]
pub enum TokenChoice {
    /// A key of a PIV card.
    Piv(PivChoice),
    /// A key of a token behind a PKCS#11 module.
    Pkcs11(Box<Pkcs11Choice>),
}

impl TokenArgs {
    /// The one key that the flags choose; without any, that of the only PIV card.
    ///
    /// # Errors
    /// [`KeyChoiceError`] if they choose several keys, or contradict each other.
    pub fn choice(&self) -> Result<TokenChoice, KeyChoiceError> {
        only_one([(self.piv.piv.is_some(), "--piv"), (self.pkcs11.pkcs11.is_some(), "--pkcs11")])?;
        Ok(match self.pkcs11.choice()? {
            Some(choice) => TokenChoice::Pkcs11(Box::new(choice)),
            None => TokenChoice::Piv(self.piv.choice()),
        })
    }
}

/// The name of a key file, as a person reads it.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        key: KeyArgs,
        #[arg(long)]
        file: Option<PathBuf>,
    }

    fn choice(words: &str) -> Result<KeyChoice, KeyChoiceError> {
        let line = format!("sign --file run --key-id k {words}");
        Line::parse_from(line.split_whitespace()).key.choice()
    }

    #[test]
    fn each_way_to_choose_a_key_is_one_choice() {
        let Ok(KeyChoice::Piv(piv)) = choice("--piv=12345678 --slot 9C") else { panic!() };
        assert_eq!(piv, PivChoice { card: Some(12_345_678.into()), slot: Some(0x9c) });
        let Ok(KeyChoice::Piv(piv)) = choice("--piv") else { panic!() };
        assert_eq!(piv, PivChoice { card: None, slot: None });
        let uri = "--pkcs11=pkcs11:token=hsm --key-label one --module-timeout 5";
        let Ok(KeyChoice::Pkcs11 { key, .. }) = choice(uri) else { panic!() };
        assert_eq!(key.wanted.token.as_deref(), Some("hsm"));
        assert_eq!(key.wanted.object.as_deref(), Some("one"));
        assert_eq!(key.timeout, Duration::from_secs(5));
        let command = choice("--external-signer-cmd ./sign --external-env HOME");
        let Ok(KeyChoice::External(external)) = command else { panic!() };
        assert_eq!(external.timeout, Duration::from_secs(30));
        assert_eq!(external.environment, ["HOME"]);
        let agent = choice("--ssh-agent=SHA256:abc --ssh-agent-socket /run/agent");
        let Ok(KeyChoice::SshAgent(SshAgentChoice { key, socket })) = agent else { panic!() };
        assert_eq!(key.as_deref(), Some("SHA256:abc"));
        assert_eq!(socket.as_deref(), Some(Path::new("/run/agent")));
        let Ok(KeyChoice::SshAgent(only)) = choice("--ssh-agent") else { panic!() };
        assert_eq!(only.key, None);
        assert!(
            matches!(choice("--signer-profile kms"), Ok(KeyChoice::Profile(name)) if name == "kms")
        );
        assert!(
            matches!(choice("--key-file -"), Ok(KeyChoice::KeyFile(path)) if path == Path::new("-"))
        );
        assert!(matches!(choice("--key AQEB"), Ok(KeyChoice::Text(_))));
        assert!(matches!(choice(""), Ok(KeyChoice::Environment)));
    }

    #[test]
    fn two_ways_to_choose_a_key_are_refused() {
        let ways = [
            "--piv",
            "--pkcs11",
            "--signer-profile=p",
            "--ssh-agent",
            "--external-signer-cmd=c",
            "--key-file=f",
            "--key=k",
        ];
        for (at, one) in ways.iter().enumerate() {
            for other in &ways[at + 1..] {
                let refused = choice(&format!("{one} {other}"));
                assert!(matches!(refused, Err(KeyChoiceError::Several { .. })), "{one} {other}");
            }
        }
    }
}
