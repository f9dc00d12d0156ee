//! Which key of which token behind which PKCS#11 module.

use std::path::PathBuf;
use std::time::Duration;

use countersign_problem::Problem;
use countersign_signers::pkcs11::module_file::same_file;
use countersign_signers::pkcs11::uri::Pkcs11Uri;

use crate::arguments::values;

/// Which key of which token behind which PKCS#11 module, as the flags say it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "PKCS#11")]
pub struct Pkcs11Args {
    /// Use a token behind a PKCS#11 module; `--pkcs11=URI` chooses the key by an RFC 7512 URI, the
    /// options below by its parts
    #[arg(long, value_name = "URI", num_args = 0..=1, require_equals = true)]
    pub pkcs11: Option<Option<Pkcs11Uri>>,
    /// The module's file [default: the modules of p11-kit and at the usual places]
    #[arg(long, value_name = "FILE", requires = "pkcs11")]
    pub module: Option<PathBuf>,
    #[command(flatten)]
    pub start: ModuleStartArgs,
    /// The token's label
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    pub token: Option<String>,
    /// The key's label
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    pub key_label: Option<String>,
    /// The key's id, in hex
    #[arg(long, value_name = "HEX", requires = "pkcs11")]
    pub key_object_id: Option<String>,
    /// Timeout of the module, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", requires = "pkcs11", value_parser = values::timeout())]
    pub module_timeout: Option<u32>,
}

/// How a module is started, in addition to its settings.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "PKCS#11")]
pub struct ModuleStartArgs {
    /// The name of an environment variable that the module gets; may be repeated
    #[arg(long, value_name = "NAME", requires = "module", value_parser = values::variable_name)]
    pub module_env: Vec<String>,
    /// The text with which the module is initialised, if it takes one, such as NSS; others on this
    /// machine can see it, so do not pass a secret
    #[arg(long, value_name = "TEXT", requires = "module", allow_hyphen_values = true)]
    pub module_init: Option<String>,
}

/// A key of a token.
#[derive(Debug, Clone)]
pub struct Pkcs11Choice {
    /// What is known of module, token and key.
    pub wanted: Pkcs11Uri,
    /// How its module is started.
    pub start: ModuleStartArgs,
    /// How long the module may take for one answer.
    pub timeout: Duration,
}

/// Why flags do not say which key of a token is meant.
#[derive(Debug, Problem)]
pub enum Pkcs11ChoiceError {
    /// An id that is not hex.
    IdNotHex { id: String },
    /// A flag and the URI say different things.
    Contradicts { flag: &'static str },
    /// `--module` and the URI name different files.
    OtherModule,
}

impl Pkcs11Args {
    /// The key that the flags choose; `None` without `--pkcs11`.
    ///
    /// # Errors
    /// [`Pkcs11ChoiceError`] if the URI and the other flags contradict each other.
    pub fn choice(&self) -> Result<Option<Pkcs11Choice>, Pkcs11ChoiceError> {
        let Some(uri) = &self.pkcs11 else { return Ok(None) };
        let mut wanted = uri.clone().unwrap_or_default();
        let id = self.key_object_id.as_ref().map(|id| id.replace(':', "").to_ascii_lowercase());
        if id.as_ref().is_some_and(|id| !is_hex(id)) {
            let id = self.key_object_id.clone().unwrap_or_default();
            return Err(Pkcs11ChoiceError::IdNotHex { id });
        }
        for (said, given, flag) in [
            (&mut wanted.token, &self.token, "--token"),
            (&mut wanted.object, &self.key_label, "--key-label"),
            (&mut wanted.id, &id, "--key-object-id"),
        ] {
            if said.is_some() && given.is_some() && said != given {
                return Err(Pkcs11ChoiceError::Contradicts { flag });
            }
            if given.is_some() {
                said.clone_from(given);
            }
        }
        if let (Some(said), Some(given)) = (&wanted.module, &self.module)
            && !same_file(said, given)
        {
            return Err(Pkcs11ChoiceError::OtherModule);
        }
        if self.module.is_some() {
            wanted.module.clone_from(&self.module);
        }
        let seconds = self.module_timeout.unwrap_or(values::TIMEOUT);
        let timeout = Duration::from_secs(u64::from(seconds));
        Ok(Some(Pkcs11Choice { wanted, start: self.start.clone(), timeout }))
    }
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.chars().all(|digit| digit.is_ascii_hexdigit())
}
