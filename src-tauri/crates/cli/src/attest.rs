//! `countersign attest`: evidence beside a signature that stands already. `countersign tpm`: where
//! some of it comes from.

use std::io::Write as _;
use std::time::Duration;

use countersign_envelope::json::Value;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::visible::visible;
use countersign_signers::tpm2_tools::{self, TpmObject};
use countersign_station::evidence;
use countersign_station::journal::Event;
use countersign_station::overwrite::{self, FileKind};
use countersign_station::safe_write::{self, Access};

use crate::args::{AttestArgs, TpmCertifyArgs, TpmCommand};
use crate::error::CliError;
use crate::journal;
use crate::sign::Terminal;

pub fn run(args: &AttestArgs) -> Result<bool, CliError> {
    // All of it is read before any of it is written.
    let brought = evidence::read_all(&args.evidence)?;
    if let Some(error) = brought.unreadable.into_iter().next() {
        return Err(error.into());
    }
    let all: Vec<KeyAttestation> = brought.evidence;
    let journal = journal::open_to_act(&args.journal)?;
    for one in &all {
        let attached = evidence::attach(&args.run, one)?;
        let files: Vec<String> =
            attached.files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let lines = files.iter().map(|file| format!("  wrote   {}\n", visible(file)));
        let lines: String = lines.collect();
        let evidence = one.type_name().to_owned();
        let said = format!("Attached {} to {}\n{lines}", visible(&evidence), shown(args));
        journal::note(Some(&journal), &Event::EvidenceAttached { evidence, files });
        anstream::stdout().lock().write_all(said.as_bytes()).map_err(CliError::Unsaid)?;
        if let Some(why) = attached.not_judged {
            journal::warn(&format!("it proves nothing here: {}", visible(&why.to_string())));
        }
    }
    Ok(true)
}

fn shown(args: &AttestArgs) -> String {
    visible(&args.run.to_string_lossy())
}

pub fn tpm(command: &TpmCommand) -> Result<bool, CliError> {
    let TpmCommand::Certify(args) = command;
    certify(args)
}

fn certify(args: &TpmCertifyArgs) -> Result<bool, CliError> {
    if let Some(out) = &args.out {
        overwrite::check(out, FileKind::TpmEvidence)?;
    }
    let key =
        TpmObject { context: args.key_context.clone(), authorisation: args.key_auth_file.clone() };
    let attestation_key =
        TpmObject { context: args.ak_context.clone(), authorisation: args.ak_auth_file.clone() };
    let timeout = Some(Duration::from_secs(u64::from(args.timeout)));
    let certified = tpm2_tools::certify(&key, &attestation_key, timeout, &Terminal);
    let mut certified =
        certified.map_err(|error| CliError::Key { from: "the TPM".to_owned(), error })?;
    let certificate = args.ak_certificate.as_deref();
    certified.ak_certificate = certificate.map(evidence::read_certificate).transpose()?;
    let object = KeyAttestation::Tpm2Certify(certified).to_object();
    let text = Value::Object(object).to_pretty();
    match &args.out {
        Some(path) => {
            safe_write::replace(path, text.as_bytes(), Access::Shared)?;
            writeln!(anstream::stdout(), "Wrote {}", visible(&path.to_string_lossy()))?;
        }
        None => writeln!(anstream::stdout(), "{}", text.trim_end())?,
    }
    Ok(true)
}
