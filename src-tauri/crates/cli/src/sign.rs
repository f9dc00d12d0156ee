//! `countersign sign`: sign or co-sign, with a software key.

use std::io::Write as _;
use std::path::Path;

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::Terms;
use countersign_envelope::visible::{visible, visible_short};
use countersign_signers::software::HmacSigner;
use countersign_signers::{Signer, key_file};
use countersign_station::ceremony::{self, CeremonyError, Choice, Scope};
use secrecy::SecretString;

use crate::args::{SignArgs, SoftwareAlgorithm};
use crate::error::CliError;
use crate::{policy_args, report_error, secret_input};

/// Where the reference takes its key from.
const KEY_VARIABLE: &str = "DEEPSIGMA_SIGNING_KEY";

pub fn run(args: &SignArgs) -> Result<bool, CliError> {
    if args.external_signer_cmd.is_some() {
        return Err(CliError::Usage(
            "--external-signer-cmd: not built yet; nothing was signed. Sign with a key file, or with the reference".to_owned(),
        ));
    }
    if args.out.is_some() && args.files.len() > 1 {
        return Err(CliError::Usage("--out takes the signatures of one file; name one".to_owned()));
    }
    let keyring = policy_args::keyring(args.keyring.as_ref())?;
    let mut signer = open_key(args)?;
    let mut failed = false;
    for file in args.files.iter().chain(&args.file) {
        match sign_one(args, file, signer.as_mut(), &keyring) {
            Ok(()) => {}
            Err(error) => {
                report_error(&error);
                failed = true;
            }
        }
    }
    if failed { Err(CliError::Reported) } else { Ok(true) }
}

fn sign_one(
    args: &SignArgs,
    file: &Path,
    signer: &mut dyn Signer,
    keyring: &Keyring,
) -> Result<(), CliError> {
    let scope = if args.out.is_some() { Scope::OneFile } else { Scope::RunAndManifest };
    let reading = ceremony::read(file, scope, args.out.as_deref())?;
    let mut required_roles = vec![Role::Operator, Role::Witness];
    required_roles
        .extend(args.require_role.iter().filter(|r| !matches!(r, Role::Operator | Role::Witness)));
    let choice = Choice {
        key_id: args.key_id.clone(),
        signer_id: args.signer.clone().unwrap_or_else(|| args.key_id.clone()),
        role: args.role.unwrap_or(Role::Operator),
        signed_at: policy_args::now(),
        payload: args.signed_payload,
        terms: Terms { threshold: args.threshold.max(2), required_roles },
    };
    let run = reading.run();
    let what = format!(
        "{} {}",
        visible(run.decision_id().unwrap_or("?")),
        visible_short(run.title().unwrap_or(""), 80)
    );
    let digest = grouped(&run.artifact().canonical().digest().hex());
    let with = match (scope, reading.has_manifest()) {
        (Scope::OneFile, _) => "",
        (_, true) => " and its manifest",
        (_, false) => "; it has no manifest beside it, so that L2 stays out of reach",
    };
    let signed = match reading.sign(signer, &choice, keyring) {
        // A script of the reference signs the run and then the manifest; here that is one act.
        Err(CeremonyError::SameKey { path, .. }) if args.file.is_some() => {
            writeln!(anstream::stdout(), "Signed already: {}", visible(&path.to_string_lossy()))?;
            return Ok(());
        }
        other => other?,
    };
    let written = signed.write()?;
    let mut out = anstream::stdout().lock();
    writeln!(out, "Signed {what}{with}, as {} ({})", choice.role, visible(&choice.signer_id))?;
    writeln!(out, "  run     sha256 {digest}")?;
    for path in written {
        writeln!(out, "  wrote   {}", visible(&path.to_string_lossy()))?;
    }
    Ok(())
}

/// A digest in groups of four, so that two people can read it to each other.
fn grouped(hex: &str) -> String {
    let groups: Vec<&str> =
        (0..hex.len()).step_by(4).filter_map(|at| hex.get(at..at + 4)).collect();
    groups.join(" ")
}

fn open_key(args: &SignArgs) -> Result<Box<dyn Signer>, CliError> {
    let (text, from) = key_text(args)?;
    let failed = |error| CliError::Key { from: from.clone(), error };
    if args.algo == SoftwareAlgorithm::Hmac {
        return Ok(Box::new(HmacSigner::from_base64(&text).map_err(failed)?));
    }
    let passphrase = match key_file::is_encrypted(&text) {
        true => Some(secret_input::passphrase(&from, args.passphrase_fd, false)?),
        false => None,
    };
    let signer = key_file::open_ed25519(&text, passphrase.as_ref()).map_err(failed)?;
    Ok(Box::new(signer))
}

fn key_text(args: &SignArgs) -> Result<(SecretString, String), CliError> {
    if let Some(path) = &args.key_file {
        return Ok((secret_input::read_file(path)?, name(path)));
    }
    if let Some(key) = &args.key {
        // The reference has this flag, so scripts use it; whoever lists processes reads the key.
        writeln!(
            anstream::stderr(),
            "warning: --key shows the key to everyone on this machine; rather use --key-file"
        )?;
        return Ok((key.clone(), "--key".to_owned()));
    }
    match std::env::var(KEY_VARIABLE) {
        Ok(key) if !key.is_empty() => Ok((SecretString::from(key), KEY_VARIABLE.to_owned())),
        _ => Err(CliError::Usage(format!(
            "no key: give --key-file FILE (`-` for standard input), or set {KEY_VARIABLE}"
        ))),
    }
}

fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}
