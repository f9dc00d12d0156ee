//! `countersign tpm`: evidence from the TPM of this machine, and trust in its attestation key.

use std::path::PathBuf;
use std::time::Duration;

use countersign_app::endorse::{self, Endorse};
use countersign_app::roots::TrustedFor;
use countersign_app::workspace::Workspace;
use countersign_envelope::json::Value;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_signers::SignerError;
use countersign_signers::tpm2_tools::{self, TpmObject};
use countersign_store::evidence;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::safe_write::{self, Access};
use countersign_trust::attestation_roots::Anchor;

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::{KeyringArgs, RootsArgs};
use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui::{self, Terminal, shown};

/// Have the TPM of this machine certify a key, or prove which keys it holds
#[derive(Debug, clap::Subcommand)]
pub enum TpmCommand {
    Certify(CertifyArgs),
    Endorse(EndorseArgs),
}

const ENDORSE_HELP: &str = "\
Examples:
  countersign tpm endorse --ek-context ek.ctx --ek-certificate ek.crt --ak-context 0x81010002

The certificate has to lead to a root in the trust folder: that of the TPM's maker. The TPM is given a \
secret that only it can decrypt, and only with both keys in it. TPM2TOOLS_TCTI says which TPM is asked; it \
can be that of another machine.";

/// Trust an attestation key whose TPM proves that it holds an endorsement key that its maker certified
#[derive(Debug, clap::Args)]
#[command(after_help = ENDORSE_HELP)]
pub struct EndorseArgs {
    /// The endorsement key: a context file, or a handle such as 0x81010001
    #[arg(long, value_name = "CONTEXT")]
    pub ek_context: String,
    /// The certificate of the endorsement key, PEM or DER (tpm2_getekcertificate)
    #[arg(long, value_name = "FILE")]
    pub ek_certificate: PathBuf,
    /// The attestation key, in the same way as the endorsement key
    #[arg(long, value_name = "CONTEXT")]
    pub ak_context: String,
    /// A file with the authorisation of the attestation key
    #[arg(long, value_name = "FILE")]
    pub ak_auth_file: Option<PathBuf>,
    /// A file with the authorisation of the endorsement hierarchy
    #[arg(long, value_name = "FILE")]
    pub endorsement_auth_file: Option<PathBuf>,
    /// Timeout of each program, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = values::TIMEOUT,
        value_parser = values::timeout()
    )]
    pub timeout: u32,
    #[command(flatten)]
    pub roots: RootsArgs,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Run tpm2_certify and tpm2_readpublic, and print the evidence for `sign --evidence`
#[derive(Debug, clap::Args)]
pub struct CertifyArgs {
    /// The key that signs: a context file, or a handle such as 0x81000001
    #[arg(long, value_name = "CONTEXT")]
    pub key_context: String,
    /// The attestation key, in the same way
    #[arg(long, value_name = "CONTEXT")]
    pub ak_context: String,
    /// A file with the authorisation of the key
    #[arg(long, value_name = "FILE")]
    pub key_auth_file: Option<PathBuf>,
    /// A file with the authorisation of the attestation key
    #[arg(long, value_name = "FILE")]
    pub ak_auth_file: Option<PathBuf>,
    /// The certificate of the attestation key, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub ak_certificate: Option<PathBuf>,
    /// Write the evidence to this file instead of standard output; only other evidence is replaced
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Timeout of each program, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = values::TIMEOUT,
        value_parser = values::timeout()
    )]
    pub timeout: u32,
    /// The file with the digest, which a signer's evidence command gets; the statement is about the key
    /// alone
    #[arg(value_name = "DIGEST_FILE")]
    pub digest: Option<PathBuf>,
}

/// Why the TPM certified nothing.
#[derive(Debug, Problem)]
struct NotCertified {
    cause: SignerError,
}

pub fn run(command: &TpmCommand) -> Result<bool, Stopped> {
    match command {
        TpmCommand::Certify(args) => certify(args),
        TpmCommand::Endorse(args) => endorse(args),
    }
}

fn endorse(args: &EndorseArgs) -> Result<bool, Stopped> {
    let folder = args.roots.folder(TrustedFor::Attestations, &args.keyring);
    let workspace = Workspace { trust_folder: folder, ..args.journal.workspace()? };
    let object = |context: &str, authorisation: &Option<PathBuf>| TpmObject {
        context: context.to_owned(),
        authorisation: authorisation.clone(),
    };
    let keys = Endorse {
        endorsement_key: &object(&args.ek_context, &args.endorsement_auth_file),
        attestation_key: &object(&args.ak_context, &args.ak_auth_file),
        certificate: &args.ek_certificate,
        timeout: Some(Duration::from_secs(u64::from(args.timeout))),
    };
    let area = endorse::endorse(&workspace, &keys, &Terminal)?;
    let anchor = Anchor::Area(area);
    let mut out = ui::stdout();
    writeln!(out, "{}", visible(&anchor.subject()))?;
    writeln!(out, "  SHA-256  {}", anchor.fingerprint().hex())?;
    writeln!(out, "Trusted now.")?;
    Ok(true)
}

fn certify(args: &CertifyArgs) -> Result<bool, Stopped> {
    if let Some(out) = &args.out {
        overwrite::check(out, FileKind::TpmEvidence)?;
    }
    let key =
        TpmObject { context: args.key_context.clone(), authorisation: args.key_auth_file.clone() };
    let attestation_key =
        TpmObject { context: args.ak_context.clone(), authorisation: args.ak_auth_file.clone() };
    let timeout = Some(Duration::from_secs(u64::from(args.timeout)));
    let certified = tpm2_tools::certify(&key, &attestation_key, timeout, &Terminal);
    let mut certified = certified.map_err(|cause| NotCertified { cause })?;
    let certificate = args.ak_certificate.as_deref();
    certified.ak_certificate = certificate.map(evidence::read_certificate).transpose()?;
    let object = KeyAttestation::Tpm2Certify(certified).to_object();
    let text = Value::Object(object).to_pretty();
    match &args.out {
        Some(path) => {
            safe_write::replace(path, text.as_bytes(), Access::Shared)?;
            writeln!(ui::stdout(), "Wrote {}", shown(path))?;
        }
        None => writeln!(ui::stdout(), "{}", text.trim_end())?,
    }
    Ok(true)
}
