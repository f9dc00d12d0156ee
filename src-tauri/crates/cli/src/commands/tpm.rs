//! `countersign tpm`: evidence from the TPM of this machine.

use std::path::PathBuf;
use std::time::Duration;

use countersign_envelope::json::Value;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_problem::Problem;
use countersign_signers::SignerError;
use countersign_signers::tpm2_tools::{self, TpmObject};
use countersign_store::evidence;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::safe_write::{self, Access};

use crate::arguments::values;
use crate::stopped::Stopped;
use crate::ui::{self, Terminal, shown};

/// Have the TPM of this machine certify a key that it holds
#[derive(Debug, clap::Subcommand)]
pub enum TpmCommand {
    Certify(CertifyArgs),
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
    }
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
